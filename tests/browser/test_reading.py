"""Reading, citing and keeping in Chromium, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SiteBrowser
from tests.browser.test_site import archive
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


def test_paragraphs_are_led_to_and_marked(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser(viewport={"width": 1280, "height": 700})
    page.goto("/a/cccc0000/#p3")
    page.wait_for_url(f"**{ARTICLE}#p3")
    third = page.locator(".body p", has_text="The third paragraph")
    name = third.get_attribute("id")
    assert name is not None
    assert 0 <= top_of(page, f"#{name}") < 400
    page.goto(f"/a/cccc0000/#{name}")
    page.wait_for_url(f"**{ARTICLE}#{name}")
    assert 0 <= top_of(page, f"#{name}") < 400
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
    assert page.url.endswith(f"#{first.get_attribute('id')}")


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
    button.click()
    expect(button).to_have_text("Copied")
    expect(page.locator(".cite [role=status]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".citation-text").first.inner_text()


def test_a_list_without_scripts(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser(java_script_enabled=False)
    page.goto(ARTICLE)
    page.get_by_role("link", name="Put on a reading list").click()
    page.wait_for_url("**/list/?keys=cccc0000")
    page.locator(".picks .headline a").click()
    page.wait_for_url(f"**{ARTICLE}?list=cccc0000")
    page.locator(".series-box.at-end [rel=prev]").click()
    page.get_by_role("link", name="Add to your reading list (1)").click()
    page.wait_for_url("**/list/?keys=cccc0000,bbbb0000")
    page.locator(".pick-ways a", has_text="Move up: A bell again").click()
    page.wait_for_url("**/list/?keys=bbbb0000,cccc0000")
    page.locator(".pick-ways a", has_text="Take off: A bell again").click()
    page.wait_for_url("**/list/?keys=cccc0000")
    page.fill("#add", "http://127.0.0.1/a/bbbb0000/")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/list/?keys=cccc0000,bbbb0000")
    with page.expect_download() as download:
        page.get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename == "reading-list.bib"


def test_a_browser_remembers_its_own_list(site_browser: SiteBrowser, reading: None) -> None:
    page = site_browser()
    page.goto("/list/?keys=bbbb0000")
    page.goto(ARTICLE)
    assert page.locator("[data-list-add]").inner_text() == "Put on a reading list"
    page.locator("[data-list-add]").click()
    page.wait_for_url("**/list/?keys=cccc0000")
    page.goto("/articles/2021/06/09/a-bell-again/")
    link = page.locator("[data-list-add]")
    assert link.inner_text() == "Add to your reading list (1)"
    link.click()
    page.wait_for_url("**/list/?keys=cccc0000,bbbb0000")
    page.goto(ARTICLE)
    assert page.locator("[data-list-add]").inner_text() == "On your reading list (2)"
    assert page.context.cookies() == []


def test_print_has_the_text_and_the_citation(site_browser: SiteBrowser, reading: None) -> None:
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
        ".masthead .search",
    ):
        assert not page.locator(hidden).is_visible(), hidden
    page.goto("/list/?keys=cccc0000,bbbb0000")
    page.emulate_media(media="print")
    assert re.search(r"/list/\?keys=cccc0000,bbbb0000$", page.locator(".list-address").inner_text())
    assert not page.locator(".add-pick").is_visible()


def test_the_calendar_is_open_where_there_is_room(site_browser: SiteBrowser, reading: None) -> None:
    wide = site_browser(viewport={"width": 1280, "height": 900})
    wide.goto("/articles/2021/")
    wide.locator(".calendar a", has_text="8").first.click()
    wide.wait_for_url("**/articles/2021/06/08/")
    narrow = site_browser(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    narrow.goto("/articles/2021/")
    assert not narrow.locator(".calendar").is_visible()
    narrow.locator(".calendars > summary").click()
    assert narrow.locator(".calendar").is_visible()
