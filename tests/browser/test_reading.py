"""Reading, citing and keeping in Chromium, with and without scripts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SiteBrowser
from tests.browser.test_site import archive
from tests.browser.waiting import follow, until
from tests.factories import make_article, make_author, make_series

pytestmark = pytest.mark.browser

__all__ = ["archive"]

ARTICLE = "/articles/2021/06/08/the-harbour-clock/"


@pytest.fixture
def reading(archive: None) -> None:
    """An article that has all that can stand on its page, beside the others of the archive."""
    maud = make_author("Maud Oake", aliases=["M. Oake", "Maud Oake-Reed"], born="1941")
    series = make_series("Tides", kind="serial")
    long = "The lens was timed without notice from the sea and was never found to be out. " * 8
    make_article(
        "The harbour clock", key="cccc0000", published_on="2021-06-08", authors=[maud, "Ada Moss"],
        kicker="100 years since", standfirst="It stopped on 8 June 1921.", tags=["Sea", "Clocks"],
        body=f"<p>The first paragraph. {long}</p><p>The second paragraph. {long}</p>"
        f"<h2>Then</h2><p>The third paragraph. {long}</p>" + f"<p>More. {long}</p>" * 6,
        series=[(series, 2)], publication="Tidewater", volume="3", issue="2", pages="4-9",
        correction_note="It was the 8th.",
    )  # fmt: skip
    make_article(
        "A bell again", key="bbbb0000", published_on="2021-06-09", authors=[maud],
        tags=["Clocks"], series=[(series, 1)], part_label="Part 1: A label",
    )  # fmt: skip
    make_article("Leap", published_on="2020-02-29")


def top_of(page: Page, selector: str) -> float:
    """Return how far below the top of the window an element begins."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["y"]


def listened(page: Page) -> Callable[[], list[str]]:
    """Listen to what the citations have to say, which they take back soon; give a function that
    returns all that was said."""
    page.evaluate(
        """() => {
            const status = document.querySelector(".cite [role=status]");
            window.said = [];
            new MutationObserver(() => window.said.push(status.textContent)).observe(
                status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    return lambda: list(page.evaluate("window.said"))


def test_paragraphs_are_led_to_and_marked(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser(viewport={"width": 1280, "height": 700})
    page.goto("/a/cccc0000/#p3")
    page.wait_for_url(f"**{ARTICLE}#p3")
    third = page.locator(".body p", has_text="The third paragraph")
    name = third.get_attribute("id")
    assert name is not None
    until(page, lambda: 0 <= top_of(page, f"#{name}") < 400)
    page.goto(f"/a/cccc0000/#{name}")
    page.wait_for_url(f"**{ARTICLE}#{name}")
    until(page, lambda: 0 <= top_of(page, f"#{name}") < 400)
    expect(third.locator(".anchor")).to_have_css("opacity", "1")
    first = page.locator(".body p").first
    expect(first.locator(".anchor")).to_have_css("opacity", "0")
    first.hover()
    expect(first.locator(".anchor")).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    first.locator(".anchor").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(first.locator(".anchor")).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"#{first.get_attribute('id')}$"))


def test_a_click_selects_a_citation_and_the_mark_is_not_in_copied_text(
    site_browser: SiteBrowser, reading: None
) -> None:
    page = site_browser(java_script_enabled=False)
    page.goto(ARTICLE)
    assert page.locator(".copy").count() == 0
    text = page.locator(".citation-text").first
    expect(text).to_have_css("user-select", "all")
    expect(page.locator(".anchor").first).to_have_css("user-select", "none")
    assert text.inner_text().startswith("Oake, Maud, and Ada Moss. “The harbour clock.”")


def test_the_button_copies(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser(permissions=["clipboard-read", "clipboard-write"])
    page.goto(ARTICLE)
    button = page.get_by_role("button", name="Copy: Chicago")
    said = listened(page)
    with page.expect_event("console", predicate=lambda one: one.text == "button: Copied"):
        button.evaluate(
            """button => new MutationObserver(() => console.log(`button: ${button.textContent}`))
                .observe(button, { childList: true })"""
        )
        button.click()
    until(page, lambda: "Copied" in said())
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".citation-text").first.inner_text()


def test_a_list_without_scripts(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser(java_script_enabled=False)
    page.goto(ARTICLE)
    follow(page.get_by_role("link", name="Put on a reading list"))
    assert page.url.endswith("/list/?keys=cccc0000")
    follow(page.locator(".picks .headline a"))
    assert page.url.endswith(f"{ARTICLE}?list=cccc0000")
    follow(page.locator(".series-box.at-end [rel=prev]"))
    follow(page.get_by_role("link", name="Add to your reading list (1)"))
    assert page.url.endswith("/list/?keys=cccc0000,bbbb0000")
    follow(page.locator(".pick-ways a", has_text="Move up: A bell again"))
    assert page.url.endswith("/list/?keys=bbbb0000,cccc0000")
    follow(page.locator(".pick-ways a", has_text="Take off: A bell again"))
    assert page.url.endswith("/list/?keys=cccc0000")
    page.fill("#add", "http://127.0.0.1/a/bbbb0000/")
    follow(page.get_by_role("button", name="Add"))
    assert page.url.endswith("/list/?keys=cccc0000,bbbb0000")
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename == "reading-list.bib"


def test_a_browser_remembers_its_own_list(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser()
    page.goto("/list/?keys=bbbb0000")
    page.goto(ARTICLE)
    assert page.locator("[data-list-add]").inner_text() == "Put on a reading list"
    follow(page.locator("[data-list-add]"))
    assert page.url.endswith("/list/?keys=cccc0000")
    page.goto("/articles/2021/06/09/a-bell-again/")
    link = page.locator("[data-list-add]")
    assert link.inner_text() == "Add to your reading list (1)"
    follow(link)
    assert page.url.endswith("/list/?keys=cccc0000,bbbb0000")
    page.goto(ARTICLE)
    assert page.locator("[data-list-add]").inner_text() == "On your reading list (2)"
    assert page.context.cookies() == []


def test_print_has_the_text_and_the_citation(
    site_browser: SiteBrowser, reading: None, settings: Any
) -> None:
    settings.CORRECTIONS_EMAIL = "desk@example.org"
    page = site_browser()
    page.goto(ARTICLE)
    page.emulate_media(media="print")
    for shown in (".article h1", ".body", ".citation-text >> nth=0", ".colophon"):
        assert page.locator(shown).is_visible(), shown
    for hidden in (
        ".copy >> nth=0",
        ".anchor >> nth=0",
        ".related",
        ".to-list",
        ".colophon .wrong",
        ".masthead .search",
    ):
        assert not page.locator(hidden).is_visible(), hidden
    page.goto("/list/?keys=cccc0000,bbbb0000")
    page.emulate_media(media="print")
    assert re.search(r"/list/\?keys=cccc0000,bbbb0000$", page.locator(".list-address").inner_text())
    assert not page.locator(".add-pick").is_visible()
    page.goto("/articles/?q=bell&since=1900")
    assert page.locator(".chips .dimension >> nth=0").is_visible()
    assert not page.locator(".chips .cross >> nth=0").is_visible()
    assert not page.locator(".chips .clear").is_visible()


def test_the_calendar_is_open_where_there_is_room(site_browser: SiteBrowser, reading: None) -> None:
    wide = site_browser(viewport={"width": 1280, "height": 900})
    wide.goto("/articles/2021/")
    follow(wide.locator(".calendar a", has_text="8").first)
    assert wide.url.endswith("/articles/2021/06/08/")
    narrow = site_browser(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    narrow.goto("/articles/2021/")
    assert not narrow.locator(".calendar").is_visible()
    narrow.locator(".calendars > summary").click()
    expect(narrow.locator(".calendar")).to_be_visible()
