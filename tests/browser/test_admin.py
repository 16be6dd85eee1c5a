"""The admin in Chromium: its content policy, its accessibility, and work by keyboard alone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page

from articles.choices import FindingState
from articles.models import Article, Finding
from tests.admin.test_article_pages import imported
from tests.factories import make_article, make_author, make_series

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/articles/article/"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def editor(site_browser: Any, live_server: Any) -> Any:
    """Give a function that opens pages as a chief editor who is signed in."""
    user = User.objects.create_user(
        "clara", password="a password for tests", is_staff=True, first_name="Clara"
    )
    user.groups.add(Group.objects.get(name="Chief editor"))
    client = Client()
    client.force_login(user)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }

    def open_page(**options: Any) -> Page:
        page: Page = site_browser(**options)
        page.context.add_cookies([cookie])
        return page

    return open_page


@pytest.fixture
def article() -> Article:
    """Return an imported article with all that its form shows."""
    article, entry = imported()
    make_article("Draft", status="draft", authors=["A One"], series=[make_series("Serial")])
    Finding.objects.create(
        code="stray-line", message="A stray line", article=article, source_entry=entry,
        import_run=entry.run, evidence={"line": 1}, fingerprint="1", state=FindingState.OPEN,
    )  # fmt: skip
    return article


def addresses(article: Article) -> list[str]:
    run = article.source_entries.get().run_id
    finding = article.findings.get().pk
    author = make_author("B Two", aliases=["Bee Two"]).pk
    return [
        "/admin/", LIST, f"{LIST}?_facets=True", f"{LIST}add/", f"{LIST}{article.pk}/change/",
        f"{LIST}{article.pk}/history/", "/admin/articles/finding/",
        f"/admin/articles/finding/{finding}/change/", "/admin/articles/importrun/",
        f"/admin/articles/importrun/{run}/change/", "/admin/articles/operation/",
        "/admin/articles/operation/1/change/", "/admin/authors/author/",
        f"/admin/authors/author/{author}/change/", f"/admin/authors/author/{author}/delete/",
        "/admin/articles/series/add/", "/admin/articles/tag/", "/admin/password_change/",
        "/admin/authors/author/add/?_popup=1&_to_field=id",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_its_content_policy(editor: Any, article: Article, scheme: str) -> None:
    # The fixture fails the test on any complaint of the browser.
    page = editor(color_scheme=scheme)
    for address in addresses(article):
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
    # The widgets with scripts of their own: autocomplete, calendar, clock, add another row.
    page.goto(f"{LIST}{article.pk}/change/")
    page.locator("#contributions-group .add-row a").click()
    page.locator("#contributions-group .select2-selection").first.click()
    page.get_by_role("option", name="A One").click()
    page.locator(".field-tags .select2-selection").click()
    page.keyboard.press("Escape")
    page.locator(".date-icon").click()
    page.keyboard.press("Escape")
    page.locator(".clock-icon").click()
    page.keyboard.press("Escape")
    page.locator(".theme-toggle").first.click()


def test_the_check_above_sees_an_inline_script(site_browser: Any, editor: Any) -> None:
    page = editor()
    page.goto("/admin/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in said for said in site_browser.complaints)
    site_browser.complaints.clear()


def faults(page: Page) -> list[tuple[str, str, str]]:
    found = []
    for violation in Axe().run(page, options=RULES).response["violations"]:
        for node in violation["nodes"]:
            target = " ".join(map(str, node["target"]))
            found.append((violation["id"], target, node["html"][:120]))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(
    site_browser: Any, editor: Any, article: Article, scheme: str
) -> None:
    page = editor(color_scheme=scheme)
    for address in addresses(article):
        page.goto(address)
        # Colours fade in for 0.15 seconds.
        page.wait_for_timeout(250)
        assert faults(page) == [], address
    # axe itself writes styles into the page while it measures.
    site_browser.complaints.clear()


@pytest.mark.both_databases
def test_an_article_is_entered_and_saved_by_keyboard(editor: Any) -> None:
    make_author("Clara Weiss")
    page = editor()
    page.goto(f"{LIST}add/")
    page.locator("#id_headline").focus()
    page.keyboard.type("Typed by keyboard")
    page.locator("#contributions-0 .select2-selection").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("weiss")
    page.get_by_role("option", name="Clara Weiss").wait_for()
    page.keyboard.press("Enter")
    page.locator("#id_published_on").focus()
    page.keyboard.type("2021-02")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LIST}")
    article = Article.objects.get()
    assert (article.headline, article.credit) == ("Typed by keyboard", "Clara Weiss")
    assert article.published_text() == "2021-02"
    assert "was added successfully" in page.locator(".messagelist").inner_text()


def test_the_list_is_filtered_by_an_author_found_by_typing(editor: Any, article: Article) -> None:
    page = editor()
    page.goto(LIST)
    page.locator("#filter-author + .select2 .select2-selection").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("one")
    page.get_by_role("option", name="A One").wait_for()
    page.keyboard.press("Enter")
    page.locator("form:has(#filter-author) button").press("Enter")
    page.wait_for_url("**author=*")
    assert page.locator("#result_list .headline").all_inner_texts() == ["Draft"]


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_nothing_makes_the_page_scroll_sideways(editor: Any, article: Article, width: int) -> None:
    page = editor(viewport={"width": width, "height": 800})
    for address in addresses(article):
        page.goto(address)
        overhang = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overhang <= 0, address


#: What of a page ends beyond the window's edge, or a control beyond the edge of what clips it,
#: and cannot be scrolled to.
CUT = """
() => {
    const room = (one) => {
        let edge = document.documentElement.clientWidth;
        const isControl = one.matches("input, select, textarea, button, a.button, .help");
        for (let box = one.parentElement; box.id !== "content"; box = box.parentElement) {
            const { overflowX: overflow, textOverflow } = getComputedStyle(box);
            // What ends in three dots.
            if (textOverflow === "ellipsis") return Infinity;
            // What scrolls, and what only listeners are told.
            if (["auto", "scroll"].includes(overflow) || box.clientWidth === 1) return Infinity;
            if (overflow !== "visible" && isControl) {
                edge = Math.min(edge, box.getBoundingClientRect().right);
            }
        }
        return edge;
    };
    const cut = [];
    for (const one of document.querySelectorAll("#content *")) {
        const box = one.getBoundingClientRect();
        const style = getComputedStyle(one);
        const isShown = box.width > 1 && box.height > 1 && style.visibility === "visible";
        if (isShown && box.right > room(one) + 0.5) {
            cut.push(`${one.tagName} ${one.className} #${one.id} ends at ${Math.round(box.right)}`);
        }
    }
    return cut;
}
"""


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.slow
def test_nothing_is_cut_off_on_a_phone(editor: Any, article: Article, width: int) -> None:
    User.objects.get(username="clara").groups.add(Group.objects.get(name="Importer"))
    page = editor(viewport={"width": width, "height": 800})
    for address in [*addresses(article), "/admin/articles/upload/add/"]:
        page.goto(address)
        assert page.evaluate(CUT) == [], address
        main = page.locator("#content").bounding_box()
        assert (main["x"], main["width"]) == (0, width), address
        # What stays in sight while a form is scrolled would cover its fields.
        for row in page.locator(".submit-row").all():
            assert row.evaluate("row => getComputedStyle(row).position") == "static", address
