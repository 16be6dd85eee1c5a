"""From the first page to a reading list and back by keys alone, each stop seen and large enough."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SiteBrowser
from tests.browser.test_reading import ARTICLE, listened, reading
from tests.browser.test_site import archive
from tests.browser.waiting import leads_on, until

pytestmark = pytest.mark.browser

__all__ = ["archive", "reading"]

#: What has the focus: its name, its box, and what is wrong with it as a stop. Links within a
#: sentence are as high as its lines (WCAG 2.2, 2.5.8).
STOP = """() => {
    const stop = document.activeElement;
    /* After the last stop comes the window itself. */
    if (stop === document.body) return { name: "", id: "", wrong: [], path: "" };
    const style = getComputedStyle(stop);
    const box = stop.getBoundingClientRect(), wrong = [];
    const room = stop.closest(".search-row, .find-row");
    const ring = [stop, ...(room ? [room] : [])].some(one => {
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    if (!ring) wrong.push("no ring");
    const inSentence = style.display === "inline" && stop.closest("p, dd, td");
    const isTarget = stop.matches("a, button, input, summary") && !inSentence;
    if (isTarget && (box.width < 24 || box.height < 24)) {
        wrong.push(`${Math.round(box.width)} by ${Math.round(box.height)}`);
    }
    const x = (Math.max(0, box.left) + Math.min(innerWidth, box.right)) / 2;
    const y = (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2;
    const top = document.elementFromPoint(x, y);
    if (!top || !(stop.contains(top) || top.contains(stop))) wrong.push("hidden");
    const name = stop.getAttribute("aria-label") || stop.labels?.[0]?.textContent
        || stop.innerText || stop.tagName;
    return { name: name.trim().split(/\\s+/).join(" "), id: stop.id, wrong, path: stop.href || "" };
}"""


class Walk:
    """Goes from stop to stop and keeps those that are not as they should be."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []

    def step(self, key: str = "Tab") -> dict[str, Any]:
        """Go on by *key*; return where that leads."""
        self.page.keyboard.press(key)
        stop: dict[str, Any] = self.page.evaluate(STOP)
        self.wrong += [f"{self.page.url}: {stop['name'][:40]!r}: {said}" for said in stop["wrong"]]
        return stop

    def to(self, name: str = "", *, path: str = "", key: str = "Tab") -> dict[str, Any]:
        """Go on until a stop whose name, or id, is *name*, or that leads to *path*."""
        seen = []
        for _step in range(200):
            stop = self.step(key)
            seen.append(stop["name"])
            if (name and name in (stop["name"], stop["id"])) or (path and path in stop["path"]):
                return stop
        raise AssertionError(f"{name or path} is not among {seen}")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_journey_by_keys(site_browser: SiteBrowser, reading: None, width: int) -> None:
    page = site_browser(
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    walk = Walk(page)
    page.goto("/")
    assert walk.step()["name"] == "Skip to content"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    assert walk.step()["id"] == "q"
    # At once: a later answer to fewer letters would take back what the arrow has chosen.
    page.keyboard.insert_text("maud")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", "suggestion-0")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.type("clock OR bell")
    page.keyboard.press("Control+a")
    page.keyboard.type("bell")
    leads_on(page, lambda: page.keyboard.press("Enter"))
    assert page.url.endswith("/articles/?q=bell")

    # Every way from the top of a list to its first entry.
    walk.to("Skip to content")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#main$"))
    walk.to("since")
    page.keyboard.press("Control+a")
    page.keyboard.type("2020")
    page.keyboard.press("Enter")
    page.wait_for_url("**since=2020**")
    if width < 960:
        walk.to("Filters (2)")
        page.keyboard.press("Enter")
    walk.to(path="tag=clocks")
    page.keyboard.press("Enter")
    page.wait_for_url("**tag=clocks**")
    # Where the keyboard was, it stays: the way in has become the way out.
    assert page.evaluate(STOP)["name"] == "Clocks 1 – 1 article, chosen; remove"
    walk.to(path="/a-bell-again/")
    walk.to("Remove Tag Clocks ×", key="Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "clocks" not in url)
    page.go_back()
    page.wait_for_url("**tag=clocks**")
    # The list follows the address, and takes the focus along.
    expect(page.get_by_role("link", name="Remove Tag Clocks")).to_have_count(1)
    walk.to(path="/a-bell-again/")
    leads_on(page, lambda: page.keyboard.press("Enter"))
    assert page.url.endswith("/a-bell-again/")

    # An article, all the way down: its serial, what is related, its citation, a reading list.
    walk.to(path=ARTICLE)
    leads_on(page, lambda: page.keyboard.press("Enter"))
    assert ARTICLE in page.url
    walk.to("Copy: Chicago")
    said = listened(page)
    page.keyboard.press("Space")
    until(page, lambda: "Copied" in said())
    walk.to("Put on a reading list", key="Shift+Tab")
    leads_on(page, lambda: page.keyboard.press("Enter"))
    assert page.url.endswith("/list/?keys=cccc0000")
    walk.to("A random article")
    page.go_back()
    page.wait_for_url(f"**{ARTICLE}")
    assert not walk.wrong, "\n".join(walk.wrong)
