"""From a contributor's draft to a tombstone, and two names that become one and two again."""

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page

from articles import clock
from articles.models import Article, Contribution
from authors.models import Author
from tests.browser.test_admin import LIST
from tests.browser.waiting import follow
from tests.factories import make_article, make_author

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def as_role(site_browser: Any, live_server: Any) -> Any:
    """Give a function that opens a page as a new account of a role, who is signed in."""

    def open_page(role: str, **options: Any) -> Page:
        user = User.objects.create_user(role.lower(), is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        value = client.cookies["sessionid"].value
        page: Page = site_browser(**options)
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        return page

    return open_page


def save(page: Page) -> None:
    follow(page.get_by_role("button", name="Save", exact=True))
    assert page.url.split("?")[0].endswith(LIST)


@pytest.mark.both_databases
def test_a_draft_is_reviewed_scheduled_published_and_withdrawn(
    as_role: Any, site_browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer, editor, reader = as_role("Contributor"), as_role("Editor"), site_browser()
    writer.goto(f"{LIST}add/")
    writer.locator("#id_headline").fill("The harbour at night")
    writer.locator("#id_published_on").fill("1938-04-17")
    # Who may not publish is not offered it.
    assert writer.locator("#id_status option").all_inner_texts() == ["draft", "in review"]
    writer.locator("#id_status").select_option("in_review")
    save(writer)
    article = Article.objects.get()
    address = article.get_absolute_url()

    editor.goto("/admin/")
    follow(editor.get_by_role("link", name="In review"))
    follow(editor.get_by_role("link", name="The harbour at night"))
    editor.locator("#id_status").select_option("published")
    tomorrow = clock.now().date() + datetime.timedelta(days=1)
    editor.locator("#id_visible_from_0").fill(tomorrow.isoformat())
    editor.locator("#id_visible_from_1").fill("10:00:00")
    save(editor)
    editor.goto(f"{LIST}?status=scheduled")
    assert editor.locator("#result_list .status").all_inner_texts() == ["scheduled"]
    assert reader.goto(address).status == 404
    # What readers will see is out of a contributor's hands.
    writer.goto(f"{LIST}{article.pk}/change/")
    assert writer.locator("#id_headline").count() == 0

    # By the clock alone.
    article.refresh_from_db()
    monkeypatch.setattr(clock, "now", lambda: article.visible_from)
    assert reader.goto(address).status == 200
    assert reader.get_by_role("heading", name="The harbour at night").is_visible()
    monkeypatch.undo()

    editor.goto(f"{LIST}{article.pk}/change/")
    editor.locator("#id_visible_from_0").fill("2020-01-01")
    save(editor)
    editor.goto(LIST)
    editor.locator("#action-toggle").check()
    editor.locator("select[name=action]").select_option("withdraw")
    follow(editor.locator("button[name=index]"))
    editor.get_by_label("Reason").fill("The photograph was of another harbour.")
    follow(editor.get_by_role("button", name="Withdraw"))
    assert editor.locator(".messagelist").is_visible()
    assert reader.goto(address).status == 410
    assert reader.get_by_text("The photograph was of another harbour.").is_visible()
    editor.goto(f"{LIST}{article.pk}/history/")
    assert editor.locator("ins", has_text="withdrawn").count() == 1


@pytest.mark.both_databases
def test_two_names_are_merged_and_parted_again(as_role: Any, site_browser: Any) -> None:
    ana, other = make_author("Ana Brandt"), make_author("Anna Brandt")
    make_article("One", authors=[ana])
    make_article("Two", authors=[other])
    page, reader = as_role("Editor"), site_browser()
    page.goto("/admin/authors/author/?q=brandt")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("merge")
    follow(page.locator("button[name=index]"))
    page.get_by_role("radio", name="Ana Brandt", exact=True).check()
    follow(page.get_by_role("button", name="Show what would change"))
    assert page.get_by_text("1 article moves to Ana Brandt").is_visible()
    follow(page.get_by_role("button", name="Merge", exact=True))
    assert page.locator(".messagelist").is_visible()
    assert Author.objects.get() == ana
    assert Contribution.objects.filter(author=ana).count() == 2
    assert set(ana.aliases.values_list("name", flat=True)) >= {"Anna Brandt"}
    reader.goto("/authors/anna-brandt/")
    assert reader.url.endswith("/authors/ana-brandt/")

    page.goto(f"/admin/authors/author/{ana.pk}/history/")
    follow(page.get_by_role("link", name="Take it back …"))
    follow(page.get_by_role("button", name="Take it back"))
    assert page.locator(".messagelist").is_visible()
    assert sorted(Author.objects.values_list("name", flat=True)) == ["Ana Brandt", "Anna Brandt"]
    assert reader.goto("/authors/anna-brandt/").status == 200
    assert reader.url.endswith("/authors/anna-brandt/")
