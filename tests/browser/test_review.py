"""The review queue in Chromium: its looks, its keys, and that all of it works without a script."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page, expect

from articles.choices import FindingState
from articles.models import Article, Finding
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.browser.test_admin_pages import look
from tests.browser.waiting import follow, leads_on
from tests.factories import make_article, make_author
from tests.importing.listings import OLDEST, import_json, run, write_listing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUEUE = "/admin/articles/finding/"


@pytest.fixture
def user() -> User:
    user = User.objects.create_user("clara", password="a password for tests", is_staff=True)
    user.groups.add(Group.objects.get(name="Chief editor"))
    return user


@pytest.fixture
def editor(site_browser: Any, live_server: Any, user: User) -> Any:
    """Give a function that opens pages as a chief editor who is signed in."""
    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value

    def open_page(**options: Any) -> Page:
        page: Page = site_browser(**options)
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        return page

    return open_page


@pytest.fixture
def queue(user: User, tmp_path: Path) -> list[Finding]:
    """Return findings of every shape, the newest last."""
    one = ("The fog over the harbour in May", "By Ana Brandt, 5 May 2021", "Fog one.")
    two = ("The fog over the harbour in June", "By Ana Brandt, 5 May 2021", "Fog two.")
    new = ("The fog over the harbour in Jule", "By Ana Brandt, 5 May 2021", "Fog three.")
    run("import_listing", write_listing(tmp_path, one, two, OLDEST), "--yes")
    make_author("Mira Quill")
    make_author("Mira Quill")
    quill = ("The quill", "By Mira Quill, 1 May 2021", "A quill in the fog.")
    import_json(write_listing(tmp_path, quill, OLDEST, new))
    for headline in ("The lamp", "The bell"):
        save_article(
            ArticleChange(
                article=make_article(headline), fields={"standfirst": f"{headline} is the the one."}
            ),
            actor=user,
        )
    article = make_article("Ours", standfirst="Our standfirst, longer than theirs.", kicker="Ours")
    Finding.objects.create(
        code="conflict", message="The listing and an editor both changed it.", article=article,
        fingerprint="1", evidence={"fields": {
            "standfirst": {"imported": "Old.", "source": "Their standfirst.", "archive": "x"},
            "authors": {"imported": [], "source": [{"name": "Ana Brandt"}], "archive": []},
        }},
    )  # fmt: skip
    Finding.objects.create(
        code="kicker-or-subtitle", message="Two heading lines.", article=article, fingerprint="2",
        suggestion={"choices": [
            {"fields": {"kicker": name}, "was": {"kicker": "Ours"}} for name in ("One", "Two")
        ]},
    )  # fmt: skip
    assert Finding.objects.filter(state="open", code="similar-headline").exists()
    return list(Finding.objects.order_by("pk"))


def addresses(queue: list[Finding]) -> list[str]:
    pair = next(finding for finding in queue if finding.code == "similar-headline")
    merge = f"{QUEUE}merge/?survivor={pair.other_article_id}&copy={pair.article_id}"
    pages = [f"{QUEUE}{finding.pk}/change/" for finding in queue]
    return ["/admin/", QUEUE, f"{QUEUE}?state=all&code=conflict", *pages, merge]


@pytest.mark.slow
def test_every_page_of_the_queue_from_all_sides(
    site_browser: Any, editor: Any, queue: list[Finding]
) -> None:
    page, wrong = editor(viewport={"width": 1280, "height": 900}), {}
    for number, address in enumerate(addresses(queue)):
        page.goto(address)
        # axe writes styles into the page while it measures; the policy is looked at before.
        found = [*site_browser.complaints, *look(page, f"queue-{number}")]
        site_browser.complaints.clear()
        if found:
            wrong[address] = found
    assert wrong == {}


def states() -> dict[str, str]:
    return dict(Finding.objects.values_list("message", "state"))


@pytest.mark.both_databases
def test_the_queue_is_worked_through_by_keys(editor: Any, queue: list[Finding]) -> None:
    page = editor()
    page.goto(f"{QUEUE}?code=doubled-word")
    rows = page.locator("#result_list tbody tr")
    expect(rows).to_have_count(2)
    page.keyboard.press("j")
    expect(rows.nth(0)).to_have_class("current")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(rows.nth(0).locator("input.action-select")).to_be_checked()
    page.keyboard.press("x")
    leads_on(page, lambda: page.keyboard.press("a"))
    expect(page.locator(".messagelist")).to_contain_text("Applied to")
    expect(rows).to_have_count(1)
    page.keyboard.press("j")
    leads_on(page, lambda: page.keyboard.press("d"))
    expect(page.locator(".messagelist")).to_contain_text("not a problem")
    assert sorted(Finding.objects.filter(code="doubled-word").values_list("state", flat=True)) == [
        "dismissed",
        "resolved",
    ]
    bell = Article.objects.get(headline="The bell")
    assert bell.standfirst == "The bell is the one."
    page.goto(f"{QUEUE}?code=kicker-or-subtitle")
    page.keyboard.press("j")
    leads_on(page, lambda: page.keyboard.press("o"))
    assert page.url.endswith("/change/")
    leads_on(page, lambda: page.keyboard.press("2"))
    expect(page.locator(".messagelist")).to_contain_text("Applied to")
    assert Article.objects.get(headline="Ours").kicker == "Two"


def test_keys_can_be_turned_off_and_do_not_disturb_typing(
    editor: Any, queue: list[Finding]
) -> None:
    page = editor()
    page.goto(f"{QUEUE}?code=doubled-word")
    page.locator("#searchbar").fill("")
    page.locator("#searchbar").press_sequentially("ajd")
    assert page.locator("tr.current").count() == 0
    page.locator(".keys summary").click()
    page.locator("#keys-on").uncheck()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("d")
    assert page.locator("tr.current").count() == 0
    assert not Finding.objects.filter(state=FindingState.DISMISSED).exists()


def test_everything_works_without_a_script(editor: Any, queue: list[Finding]) -> None:
    page = editor(java_script_enabled=False)
    page.goto(f"{QUEUE}?code=doubled-word")
    follow(page.get_by_role("button", name="Apply: ").first)
    expect(page.locator(".messagelist")).to_contain_text("Applied to")
    finding = next(one for one in queue if one.code == "conflict")
    page.goto(f"{QUEUE}{finding.pk}/change/")
    follow(page.get_by_role("button", name="Take the listing’s standfirst"))
    expect(page.locator(".messagelist")).to_contain_text("taken")
    follow(page.get_by_role("button", name="Keep our credits"))
    finding.refresh_from_db()
    assert finding.state == FindingState.RESOLVED
    pair = next(one for one in queue if one.code == "similar-headline")
    page.goto(f"{QUEUE}{pair.pk}/change/")
    follow(page.get_by_role("link", name="Compare side by side"))
    follow(page.get_by_role("button", name="Merge"))
    expect(page.locator(".messagelist")).to_contain_text("leads to")
    follow(page.get_by_role("button", name="Take the merge back"))
    expect(page.locator(".messagelist")).to_contain_text("stands on its own again")
