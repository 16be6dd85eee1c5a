"""The search field in Chromium: suggestions by key and by pointer, and the form without them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SiteBrowser
from tests.browser.test_site import violations
from tests.browser.waiting import follow, leads_on
from tests.factories import make_article, make_author, make_tag

pytestmark = pytest.mark.browser


@pytest.fixture
def archive(live_server: object, transactional_db: None) -> None:
    """An author, a tag and an article whose names begin alike."""
    make_article(
        "Tide tables", authors=[make_author("Tilda Moss")], tags=[make_tag("Tin")],
        published_on="2020-01-02",
    )  # fmt: skip


def typed(page: Page, text: str) -> None:
    """Put *text* into the search field by keyboard, all at once: the answer to fewer letters, if it
    came later, would take back what is chosen meanwhile."""
    page.get_by_role("combobox").focus()
    page.keyboard.insert_text(text)


@pytest.mark.parametrize("address", ["/", "/tags/"])
def test_by_keys(site_browser: SiteBrowser, archive: None, address: str) -> None:
    page = site_browser()
    page.goto(address)
    field = page.get_by_role("combobox")
    typed(page, "ti")
    options = page.get_by_role("option")
    expect(options).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").last).to_contain_text("Suggestions: 2")
    assert violations(page) == []
    field.press("ArrowDown")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
    field.press("ArrowUp")
    expect(field).not_to_have_attribute("aria-activedescendant", "suggestion-0")
    field.press("ArrowUp")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("ti")
    typed(page, "l")
    expect(options).to_have_count(1)
    field.press("ArrowDown")
    leads_on(page, lambda: field.press("Enter"))
    assert page.url.endswith("/authors/tilda-moss/")


def test_by_pointer(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(viewport={"width": 390, "height": 800})
    page.goto("/articles/")
    typed(page, "tide")
    follow(page.get_by_role("option", name="Tide tables"))
    assert page.url.endswith("/tide-tables/")


def test_enter_without_a_choice_searches(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser()
    page.goto("/authors/")
    typed(page, "tide")
    expect(page.get_by_role("option")).to_have_count(1)
    leads_on(page, lambda: page.get_by_role("combobox").press("Enter"))
    assert page.url.endswith("/articles/?q=tide")
    page.go_back()
    page.wait_for_url("**/authors/")


def test_nothing_found_is_said(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser()
    page.goto("/authors/")
    typed(page, "zz")
    expect(page.get_by_text("No suggestions")).to_be_attached()
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_without_javascript_the_field_is_a_form(site_browser: SiteBrowser, archive: None) -> None:
    page = site_browser(java_script_enabled=False)
    page.goto("/authors/")
    page.get_by_role("searchbox").fill("tide")
    follow(page.get_by_role("button", name="Search"))
    assert page.url.endswith("/articles/?q=tide")
    expect(page.get_by_role("link", name="Tide tables")).to_be_visible()
