"""Every page of the admin in Chromium, in light and dark, wide and on a phone.

The addresses come from the resolver: whatever answers with a page to somebody with all rights is
looked at, and whatever does not must say here why, or how its page is reached. Each page is opened
once and looked at from all sides in place: what axe finds (WCAG 2.2 AA), what the content policy
refuses, what is wider than the window or cut off. Pictures of each are left in the folder that
``ARCHIVE_PICTURES`` names, if it does.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from archive_site import sessions
from articles.models import Article, Finding
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.admin import matrix
from tests.browser.test_admin import CUT, LIST
from tests.browser.test_site import LONG, WORD
from tests.browser.waiting import follow, settled
from tests.factories import make_article, make_articles, make_author, make_series, make_tag
from tools.pictures import leave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Routes that answer somebody with all rights with no page of their own, and why.
NO_PAGES = {
    "admin/logout/": "is sent to; see `signed out`",
    "admin/autocomplete/": "answers the selects of forms with JSON",
    "admin/jsi18n/": "is a script",
    "admin/r/<path:content_type_id>/<path:object_id>/": "leads on to a site of its own",
    "admin/figures/<slug:name>.csv": "is a file",
    "admin/articles/article/bulk/<int:pk>/undo/": "is sent to",
    "admin/articles/article/picture/": "is sent to",
    "admin/articles/article/new/<slug:kind>/": "answers a script",
    "admin/articles/article/<path:object_id>/quick/": "is put into a row of the list by a script",
    "admin/articles/article/views/add/": "is sent to",
    "admin/articles/article/views/<int:pk>/delete/": "is sent to",
    "admin/articles/article/sheet/<int:pk>/": "shows a sheet to who gave it; see test_people",
    "admin/articles/upload/<int:pk>/progress.json": "is read by a script",
    "admin/articles/upload/<int:pk>/plan.json": "is read by a script",
    "admin/articles/finding/merge/": "needs two articles; see `two articles`",
    "admin/articles/finding/<int:pk>/apply/": "is sent to",
    "admin/articles/finding/<int:pk>/confirm/": "is sent to",
    "admin/articles/finding/<int:pk>/decide/": "is sent to",
    "admin/articles/finding/<int:pk>/choose/": "is sent to",
    "admin/articles/finding/<int:pk>/settle/": "is sent to",
    "admin/articles/finding/<int:pk>/together/": "is sent to",
    "admin/auth/user/<int:pk>/link/": "is sent to; see `a link for a colleague`",
    "admin/auth/user/<int:pk>/factor/": "is sent to",
    "admin/nowhere": "is not there",
}
#: What needs no reason: leads on, is refused to everybody, or is not there, as the last part says.
_LEADS_ON, _REFUSED, _NOT_THERE = {301, 302}, {403}, {404}
_NEVER = ("add/", "delete/")

OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: The style sheets are read once for a page, for the one rule that asks them.
AXE = """([runOnly, preload]) => axe.run(document, {
    runOnly, resultTypes: ["violations"], iframes: false, preload,
}).then(found => found.violations.flatMap(
    wrong => wrong.nodes.map(node => `${wrong.id}: ${node.html.slice(0, 200)}`)))"""
#: On a phone the content has all of the width, and what stayed in sight while a form is scrolled
#: would cover its fields.
COVERED = """() => {
    const wrong = [];
    for (const row of document.querySelectorAll(".submit-row")) {
        const { position } = getComputedStyle(row);
        if (position !== "static") wrong.push("a row of buttons stays in sight");
    }
    const box = document.getElementById("content").getBoundingClientRect();
    if (!document.body.matches(".login") && (box.x !== 0 || box.width !== innerWidth)) {
        wrong.push(`the content goes from ${box.x}, ${box.width} wide`);
    }
    return wrong;
}"""
EVERY_RULE = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


@pytest.fixture
def rows(tmp_path: Any, settings: Any) -> dict[str, Any]:
    """A row of every kind, among articles that are hard to set."""
    settings.MEDIA_ROOT = tmp_path
    rows = matrix.objects()
    author = make_author(WORD, aliases=[f"{WORD} {number}" for number in range(5)])
    column = make_series(LONG[:300], kind="column")
    for number in range(4):
        make_article(
            f"{LONG} {number}"[-400:], kicker=WORD, byline=WORD, authors=[author, "Ana Brandt"],
            series=[(column, number + 1)], tags=[WORD, "Sea"], published_on=f"19{number}9-02",
            standfirst=LONG, body=f"<p>{LONG}</p>",
        )  # fmt: skip
    # As many years as stand in several lines of links.
    make_articles(
        *(
            {"headline": f"The tide of {year}", "published_on": f"{year}", "status": "withdrawn"}
            for year in range(1940, 1970)
        )
    )
    make_article("الجرس", kicker="المد", language="ar", authors=["ليلى المرسى"], status="draft")
    return rows


@pytest.fixture
def everybody(site_browser: Any, live_server: Any) -> Page:
    """A page of somebody with all rights, who is signed in."""
    user = User.objects.create_superuser("clara", password="a password for tests")
    client = Client()
    client.force_login(user)
    session = client.session
    session[sessions.FACTOR] = sessions.WITHOUT
    session.save()
    page: Page = site_browser(viewport={"width": 1280, "height": 900})
    cookie = {"name": "sessionid", "value": session.session_key, "url": live_server.url}
    page.context.add_cookies([cookie])
    return page


def pages(rows: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the route and the address of everything that answers with a page; fail if something
    does not and nothing says why."""
    client = Client()
    client.force_login(User.objects.get(username="clara"))
    unknown = []
    for route in matrix.routes():
        if not route.startswith("admin/") or route in NO_PAGES:
            continue
        address = matrix.address(route, rows) + ("?from=0" if route.endswith("/versions/") else "")
        response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            yield route, address
            continue
        status = response.status_code
        is_plain = status in _LEADS_ON or (
            status in _REFUSED and route.endswith(_NEVER)
        ) or (status in _NOT_THERE and route.endswith("/history/"))  # fmt: skip
        if not is_plain:
            unknown.append(f"{route} answered {status}: why, or how is its page reached?")
    assert unknown == [], "\n".join(unknown)


def look(page: Page, name: str) -> list[str]:
    """Return what is wrong with how the page looks; leave it wide, in the light."""
    settled(page)
    page.evaluate(AXE_SCRIPT)
    wrong: list[str] = []

    def ask(side: str, rules: Any) -> None:
        # Colours fade in when the scheme changes.
        settled(page)
        wrong.extend(f"{side}: {said}" for said in page.evaluate(AXE, [rules, side == "wide"]))
        if (over := page.evaluate(OVER)) > 0:
            wrong.append(f"{side}: {over} pixels too wide")

    for summary in page.locator("#content-main details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    ask("wide", EVERY_RULE)
    leave(page, f"admin-{name}-wide")
    page.emulate_media(color_scheme="dark")
    ask("wide, dark", COLOURS)
    page.set_viewport_size({"width": 390, "height": 844})
    ask("phone, dark", EVERY_RULE)
    wrong.extend(f"phone: {said}" for said in page.evaluate(CUT))
    leave(page, f"admin-{name}-phone")
    page.set_viewport_size({"width": 320, "height": 800})
    wrong.extend(f"small phone: {said}" for said in page.evaluate(CUT))
    wrong.extend(f"small phone: {said}" for said in page.evaluate(COVERED))
    if (over := page.evaluate(OVER)) > 0:
        wrong.append(f"small phone: {over} pixels too wide")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    return wrong


def test_every_page_from_all_sides(
    site_browser: Any, everybody: Page, rows: dict[str, Any]
) -> None:
    page, wrong = everybody, {}
    for route, address in pages(rows):
        page.goto(address, wait_until="load")
        # axe itself writes styles into the page while it measures: the policy is looked at before.
        found = [*site_browser.complaints, *look(page, _named(route))]
        site_browser.complaints.clear()
        if found:
            wrong[route] = found
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)


def _named(route: str) -> str:
    parts = [part.strip("<>").split(":")[-1] for part in route.strip("/").split("/")[1:]]
    return "-".join(parts) or "start"


def test_a_page_without_a_reason_is_noticed(
    everybody: Page, rows: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(NO_PAGES, "admin/articles/finding/merge/")
    with pytest.raises(AssertionError, match="finding/merge/ answered 404: why"):
        list(pages(rows))


# What stands behind a button


def _two_articles(page: Page, rows: dict[str, Any]) -> None:
    first, second = Article.objects.published().order_by("pk")[:2]
    page.goto(f"/admin/articles/finding/merge/?survivor={first.pk}&copy={second.pk}")


def _ticked(page: Page, address: str, action: str, count: int = 2) -> None:
    page.goto(address)
    for box in page.locator("input.action-select").all()[:count]:
        box.check()
    page.locator("select[name=action]").select_option(action)
    follow(page.locator("button[name=index]"))


def _names(page: Page, rows: dict[str, Any]) -> None:
    make_author("Ana Brand")
    _ticked(page, "/admin/authors/author/?q=ana", "merge")


def _names_that_become_one(page: Page, rows: dict[str, Any]) -> None:
    _names(page, rows)
    page.get_by_role("radio").first.check()
    follow(page.get_by_role("button", name="Show what would change"))
    assert page.locator("button[name=apply]").is_visible()


def _with_errors(page: Page, rows: dict[str, Any]) -> None:
    page.goto(f"{LIST}add/")
    page.locator("#id_published_on").fill("yesterday")
    follow(page.get_by_role("button", name="Save", exact=True))
    assert page.get_by_text("Please correct the error").is_visible()


def _second_editor(page: Page, rows: dict[str, Any]) -> None:
    article = Article.objects.published().order_by("pk")[0]
    page.goto(f"{LIST}{article.pk}/change/")
    page.locator("#id_headline").fill("Mine")
    save_article(ArticleChange(article=article, fields={"headline": "Theirs"}), actor=None)
    follow(page.get_by_role("button", name="Save", exact=True))
    assert page.locator("#merge-heading").is_visible()


def _gone_meanwhile(page: Page, rows: dict[str, Any]) -> None:
    tag = make_tag("Short-lived")
    page.goto(f"/admin/articles/tag/{tag.pk}/change/")
    page.locator("#id_description").fill("Typed")
    tag.delete()
    follow(page.get_by_role("button", name="Save", exact=True))


def _found_nothing(page: Page, rows: dict[str, Any]) -> None:
    page.goto(f"{LIST}?q=zzzz&status=draft&_facets=True")


def _bulk_preview(page: Page, rows: dict[str, Any]) -> None:
    page.goto(f"{LIST}bulk/?of=status%3Dpublished")
    page.locator("#id_do").select_option("find")
    page.get_by_label("headline").check()
    page.locator("#id_text").fill("e")
    page.locator("#id_replacement").fill("E")
    follow(page.get_by_role("button", name="Look at it"))
    assert page.locator("#preview-heading").is_visible()


def _signed_out(page: Page, rows: dict[str, Any]) -> None:
    page.goto("/admin/")
    follow(page.get_by_role("button", name="Log out"))


def _link_for_a_colleague(page: Page, rows: dict[str, Any]) -> None:
    page.goto(f"/admin/auth/user/{rows['auth/user'].pk}/change/")
    follow(page.get_by_role("button", name="A link to choose a password"))


def _imported_article(page: Page, rows: dict[str, Any]) -> None:
    entry = rows["articles/importrun"].entries.get()
    Finding.objects.create(
        code="stray-line", message="A stray line", article=entry.article, source_entry=entry,
        import_run=entry.run, evidence={"line": 1}, fingerprint="9",
    )  # fmt: skip
    page.goto(f"{LIST}{entry.article_id}/change/")


STATES: dict[str, Callable[[Page, dict[str, Any]], object]] = {
    "two articles": _two_articles,
    "articles that become one": lambda page, rows: _ticked(
        page, f"{LIST}?status=published", "merge"
    ),
    "names to choose from": _names,
    "names that become one": _names_that_become_one,
    "a withdrawal": lambda page, rows: _ticked(page, f"{LIST}?status=published", "withdraw"),
    "a deletion": lambda page, rows: _ticked(page, f"{LIST}?status=draft", "delete"),
    "a form with errors": _with_errors,
    "the second editor": _second_editor,
    "gone meanwhile": _gone_meanwhile,
    "a list that found nothing": _found_nothing,
    "a list with numbers": lambda page, rows: page.goto(f"{LIST}?_facets=True"),
    "an imported article": _imported_article,
    "a window of its own": lambda page, rows: page.goto(
        "/admin/authors/author/add/?_popup=1&_to_field=id"
    ),
    "a bulk change": _bulk_preview,
    "a link for a colleague": _link_for_a_colleague,
    "signed out": _signed_out,
    "the sign-in": lambda page, rows: page.goto("/admin/login/"),
}


def test_what_stands_behind_buttons_from_all_sides(
    site_browser: Any, everybody: Page, rows: dict[str, Any]
) -> None:
    page, wrong = everybody, {}
    for name, reach in STATES.items():
        reach(page, rows)
        found = [*site_browser.complaints, *look(page, f"state-{name.replace(' ', '-')}")]
        site_browser.complaints.clear()
        if found:
            wrong[name] = found
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)


#: Of a list: by how much it is wider than its place, how wide the field of the search is, and
#: whether the links and the button above look alike.
LISTED = """() => {
    const results = document.querySelector("#changelist .results");
    if (!results) return null;
    const weight = one => getComputedStyle(document.querySelector(`#user-tools ${one}`)).fontWeight;
    return {
        over: results.scrollWidth - results.clientWidth,
        search: document.getElementById("searchbar")?.offsetWidth ?? null,
        isAlike: weight("a") === weight("button"),
    };
}"""


def _lists() -> list[str]:
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]


def test_lists_have_room_for_what_they_say(everybody: Page, rows: dict[str, Any]) -> None:
    page, found = everybody, {}
    for address in _lists():
        page.goto(address)
        for width in (390, 768, 1024, 1120):
            page.set_viewport_size({"width": width, "height": 900})
            settled(page)
            if (said := page.evaluate(LISTED)) is not None:
                found[f"{address} {width}"] = said
    for address in (LIST, "/admin/auth/user/", "/admin/articles/finding/"):
        assert f"{address} 390" in found
    wrong = {
        address: said
        for address, said in found.items()
        if said["over"] > 0
        or not said["isAlike"]
        or (said["search"] is not None and said["search"] < 140)
    }
    assert wrong == {}, json.dumps(wrong, indent=1)


def test_the_list_of_articles_says_the_state_in_words(
    everybody: Page, rows: dict[str, Any]
) -> None:
    page = everybody
    page.goto(LIST)
    for width in (390, 768):
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        state_is_in_words(page)


def state_is_in_words(page: Page) -> None:
    status = page.locator("#result_list .status").first
    place = status.bounding_box()
    assert place is not None
    assert place["width"] > 40
    # The band of the headings reaches from edge to edge, and ends where the rows begin.
    head = page.locator("#result_list thead tr").bounding_box()
    first = page.locator("#result_list tbody tr").first.bounding_box()
    assert head is not None
    assert first is not None
    assert head["y"] + head["height"] <= first["y"] + 1
    assert head["width"] == first["width"]


#: By how much the row of buttons covers what has the focus, of what is tall its first line; null
#: when the focus has come to it.
COVERED_FOCUS = """() => {
    const row = document.querySelector(".submit-row");
    const now = document.activeElement;
    if (row.contains(now)) return null;
    const { top, height } = now.getBoundingClientRect();
    return top + Math.min(height, 44) - row.getBoundingClientRect().top;
}"""


@pytest.mark.parametrize("width", [768, 1280])
def test_the_buttons_of_a_form_stay_in_sight_where_there_is_room(
    everybody: Page, rows: dict[str, Any], width: int
) -> None:
    page = everybody
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{LIST}{Article.objects.published().first().pk}/change/")  # type: ignore[union-attr]
    settled(page)
    row = page.locator(".submit-row")
    end = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert end > 1400
    for top in (0, end // 2, end):
        page.evaluate("top => scrollTo({ top, behavior: 'instant' })", top)
        box = row.bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= 700 - box["height"], top
    # Nor does it cover what one comes to with the keyboard.
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    page.locator("#id_kicker").focus()
    covered, count = page.evaluate(COVERED_FOCUS), 0
    while covered is not None:
        assert covered <= 0, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        count += 1
        page.keyboard.press("Tab")
        covered = page.evaluate(COVERED_FOCUS)
    assert count > 15


def test_what_is_wrong_is_seen(site_browser: Any, everybody: Page) -> None:
    page = everybody
    page.goto("/admin/")
    assert look(page, "seen") == []
    page.evaluate("document.querySelector('#content h1').style.color = '#ddd'")
    page.evaluate("document.querySelector('#content-main').style.minInlineSize = '80rem'")
    found = " ".join(look(page, "seen"))
    assert "wide: color-contrast" in found
    assert "phone, dark: " in found
    site_browser.complaints.clear()
