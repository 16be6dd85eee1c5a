"""The admin in Chromium: its content policy, its accessibility, and work by keyboard alone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from articles.choices import FindingState
from articles.models import Article, Finding
from tests.admin.test_article_pages import imported
from tests.browser.waiting import leads_on
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


def test_the_widgets_keep_to_the_content_policy(editor: Any, article: Article) -> None:
    # The fixture fails the test on any complaint of the browser. Those that have scripts of their
    # own: autocomplete, calendar, clock, add another row; pages by themselves: test_admin_pages.
    page = editor()
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
    with page.expect_event("console"):
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
        )
    assert any("Content Security Policy" in said for said in site_browser.complaints)
    site_browser.complaints.clear()


def faults(page: Page) -> list[tuple[str, str, str]]:
    found = []
    for violation in Axe().run(page, options=RULES).response["violations"]:
        for node in violation["nodes"]:
            target = " ".join(map(str, node["target"]))
            found.append((violation["id"], target, node["html"][:120]))
    return found


def choose_by_typing(page: Page, box: Locator, text: str, *offered: str) -> None:
    """Open a select by keyboard, look for *text* in it, and take the first of what is *offered*."""
    box.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".select2-container--open .select2-search__field")).to_be_focused()
    page.keyboard.insert_text(text)
    # What was offered before it was looked for stands there until the answer has come.
    expect(page.locator(".select2-results__option")).to_have_text(offered)
    page.keyboard.press("Enter")
    expect(page.locator(".select2-container--open")).to_have_count(0)


@pytest.mark.both_databases
def test_an_article_is_entered_and_saved_by_keyboard(editor: Any) -> None:
    make_author("Clara Weiss")
    make_author("Ana Brandt")
    page = editor()
    page.goto(f"{LIST}add/")
    page.locator("#id_headline").focus()
    page.keyboard.type("Typed by keyboard")
    credit = page.locator("#contributions-0 .select2-selection")
    choose_by_typing(page, credit, "weiss", "Clara Weiss", "Create “weiss” …")
    page.locator("#id_published_on").focus()
    page.keyboard.type("2021-02")
    leads_on(page, lambda: page.keyboard.press("Enter"))
    article = Article.objects.get()
    assert (article.headline, article.credit) == ("Typed by keyboard", "Clara Weiss")
    assert article.published_text() == "2021-02"
    assert "was added successfully" in page.locator(".messagelist").inner_text()


def test_the_list_is_filtered_by_an_author_found_by_typing(editor: Any, article: Article) -> None:
    page = editor()
    page.goto(LIST)
    box = page.locator("#filter-author + .select2 .select2-selection")
    choose_by_typing(page, box, "one", "A One")
    leads_on(page, lambda: page.locator("form:has(#filter-author) button").press("Enter"))
    assert "author=" in page.url
    assert page.locator("#result_list .headline").all_inner_texts() == ["Draft"]


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
