"""Readers who set the colours themselves, and readers from right to left."""

import pytest
from django.test import override_settings
from playwright.sync_api import Page

from tests.browser.conftest import SiteBrowser
from tests.browser.test_reading import ARTICLE, reading
from tests.browser.test_site import archive
from tests.browser.waiting import settled

pytestmark = pytest.mark.browser

__all__ = ["archive", "reading"]

LIST = "/articles/?tag=sea&not_tag=clocks&sort=oldest"
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Which of what stands in a row is told apart from the others of its row, and how.
APART = """([chosen, others]) => {
    const looks = one => {
        const style = getComputedStyle(one);
        return JSON.stringify([style.textDecorationLine, style.outlineStyle, style.fontWeight,
            style.color, style.backgroundColor, style.borderBlockEndStyle, one.innerText.trim()[0],
            style.borderBlockEndWidth, getComputedStyle(one, "::before").content,
            [...one.querySelectorAll("svg")].map(drawn => getComputedStyle(drawn).fill)]);
    };
    const one = document.querySelector(chosen), other = document.querySelector(others);
    if (!one || !other) return `missing: ${one ? others : chosen}`;
    return looks(one) === looks(other) ? `alike: ${chosen} and ${others}` : "";
}"""
#: What a bar of the timeline is drawn in, and what is behind it.
BARS = """() => [...document.querySelectorAll(".timeline svg")].every(drawn =>
    getComputedStyle(drawn).fill !== getComputedStyle(document.body).backgroundColor)"""
#: Whether what has the focus is ringed, by itself or by the field that holds it.
RING = """() => {
    const stop = document.activeElement, room = stop.closest(".search-row, .find-row, .search");
    return [stop, ...(room ? [room] : [])].some(one => {
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
}"""


def stops_without_ring(page: Page, most: int = 40) -> list[str]:
    """Return what of the first stops of the keyboard shows no ring."""
    found = []
    for _stop in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        if not page.evaluate(RING):
            found.append(str(page.evaluate("document.activeElement.outerHTML")))
    return found


def test_with_forced_colours_states_are_seen(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser(
        forced_colors="active", reduced_motion="reduce", viewport={"width": 1280, "height": 900}
    )
    page.goto(LIST)
    settled(page)
    for chosen, other in (
        (".site-nav [aria-current]", ".site-nav a:not([aria-current])"),
        (".orders [aria-current]", ".orders a:not([aria-current])"),
        ("[data-facet=tags] a[aria-current]", "[data-facet=tags] a:not([aria-current], .leave)"),
        (".chips li:not(.out) a", ".chips li.out a"),
    ):
        assert page.evaluate(APART, [chosen, other]) == ""
    chip = "getComputedStyle(document.querySelector('.chips a')).borderBlockStartStyle"
    assert page.evaluate(chip) == "solid"
    page.goto("/articles/?year=2020")
    settled(page)
    bars = [".timeline a[aria-current]", ".timeline a:not([aria-current])"]
    assert page.evaluate(APART, bars) == ""
    assert page.evaluate(BARS)
    for address in (LIST, ARTICLE):
        page.goto(address)
        settled(page)
        assert stops_without_ring(page) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_a_site_from_right_to_left(site_browser: SiteBrowser, reading: None, width: int) -> None:
    page = site_browser(viewport={"width": width, "height": 900})
    with override_settings(LANGUAGE_CODE="ar"):
        for address in ("/", LIST, ARTICLE, "/authors/", "/articles/2020/"):
            page.goto(address)
            settled(page)
            assert page.evaluate("document.documentElement.dir") == "rtl"
            assert page.evaluate(OVER) <= 0, address
            # It begins at the right: the name of the site, and whatever is above the list.
            begins = "document.querySelector('.site-name a').getBoundingClientRect()"
            assert width - page.evaluate(f"{begins}.right") < 40, address
            # A text keeps its own direction.
            for text in page.locator("[lang][dir=ltr]:visible").all()[:3]:
                assert text.evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_a_text_from_right_to_left_on_a_site_from_left_to_right(
    site_browser: SiteBrowser, reading: None
) -> None:
    page = site_browser(viewport={"width": 390, "height": 844})
    page.goto("/articles/2020/الجرس/")
    settled(page)
    assert page.evaluate("document.documentElement.dir") == "ltr"
    headline = page.locator("article h1")
    assert headline.evaluate("one => getComputedStyle(one).direction") == "rtl"
    # Set apart, its letters would not join.
    assert headline.evaluate("one => parseFloat(getComputedStyle(one).letterSpacing) || 0") == 0
    right = headline.evaluate(
        "one => { const line = document.createRange(); line.selectNodeContents(one);"
        " return innerWidth - line.getBoundingClientRect().right; }"
    )
    assert right < 40
    assert page.evaluate(OVER) <= 0
