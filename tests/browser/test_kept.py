"""What is typed outlives the session in which it was typed."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from tests.browser.test_admin import LIST
from tests.browser.test_admin_pages import look
from tests.browser.waiting import follow, leads_on, until
from tests.factories import make_article, make_author, make_tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFER = ".kept-offer"


@pytest.fixture
def desk(site_browser: Any, live_server: Any) -> Any:
    """Give a function that opens a page, signed in as the editor of that name."""

    def open_page(name: str = "ana", page: Page | None = None, **options: Any) -> Page:
        user, is_new = User.objects.get_or_create(username=name, is_staff=True)
        if is_new:
            user.groups.add(Group.objects.get(name="Editor"))
        client = Client()
        client.force_login(user)
        value = client.cookies["sessionid"].value
        found: Page = page or site_browser(**options)
        found.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        return found

    return open_page


def kept(page: Page) -> int:
    """Return how many forms the browser keeps."""
    count: int = page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('kept:')).length"
    )
    return count


def form_of(page: Page, article: Article) -> None:
    page.goto(f"{LIST}{article.pk}/change/")


def typed(page: Page, kicker: str) -> None:
    """Type a kicker, and wait until the browser keeps it."""
    page.locator("#id_kicker").fill(kicker)
    until(page, lambda: kept(page) == 1)


@pytest.mark.both_databases
def test_what_was_typed_when_the_session_ended_is_brought_back(desk: Any) -> None:
    author, tag = make_author("Ada Quill"), make_tag("Harbours")
    article = make_article("The harbour clock", standfirst="Slow.", authors=[author], tags=[tag])
    page = desk()
    form_of(page, article)
    expect(page.locator(OFFER)).to_have_count(0)
    page.locator("#id_kicker").fill("An hour of typing")
    page.locator("#id_standfirst").fill("It was slow. It is mended.")
    Session.objects.all().delete()
    follow(page.locator("[name=_continue]"))
    assert "/login/" in page.url
    expect(page.locator(".kept-note")).to_be_visible()
    # Somebody else saves meanwhile.
    change = ArticleChange(article=article, fields={"standfirst": "Slow, by eleven minutes."})
    save_article(change, actor=None)
    desk(page=page)
    form_of(page, article)
    expect(page.locator(OFFER)).to_contain_text("was not saved")
    assert page.locator("#id_kicker").input_value() == ""
    follow(page.get_by_role("button", name="Bring it back"))
    expect(page.locator(".errorlist.nonfield")).to_contain_text("Nothing of it is saved yet.")
    assert page.locator("#id_kicker").input_value() == "An hour of typing"
    assert page.locator("#id_tags option:checked").all_inner_texts() == ["Harbours"]
    assert page.locator("#id_contributions-0-author option:checked").inner_text() == "Ada Quill"
    # It goes with the version on which it was typed: both are laid side by side.
    follow(page.locator("[name=_continue]"))
    expect(page.locator(".three-way")).to_contain_text("Slow, by eleven minutes.")
    expect(page.locator(".three-way")).to_contain_text("It is mended.")
    follow(page.locator("[name=_continue]"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert article.kicker == "An hour of typing"
    assert [row.author for row in article.contributions.all()] == [author]
    assert kept(page) == 0


def test_the_offer_looks_right_from_all_sides(desk: Any, site_browser: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    form_of(page, article)
    typed(page, "An hour of typing")
    form_of(page, article)
    expect(page.locator(OFFER)).to_be_visible()
    assert site_browser.complaints == []
    assert look(page, "kept") == []
    # axe itself writes styles into the page while it measures.
    site_browser.complaints.clear()


def test_what_was_saved_or_thrown_away_is_not_offered(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    form_of(page, article)
    typed(page, "  Saved  ")
    follow(page.get_by_role("button", name="Save", exact=True))
    assert kept(page) == 0
    form_of(page, article)
    expect(page.locator(OFFER)).to_have_count(0)
    typed(page, "Not saved")
    page.goto("/admin/")
    form_of(page, article)
    page.get_by_role("button", name="Throw it away").click()
    expect(page.locator(OFFER)).to_have_count(0)
    assert kept(page) == 0
    # What is typed back to what it was is nothing to be kept.
    typed(page, "Once more")
    page.locator("#id_kicker").fill("Saved")
    until(page, lambda: kept(page) == 0)


def test_what_another_tab_let_go_is_kept_when_it_is_sent(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    form_of(page, article)
    typed(page, "In this tab")
    # Another tab of the same form was saved meanwhile, and the session ends.
    page.evaluate("localStorage.clear()")
    Session.objects.all().delete()
    follow(page.locator("[name=_continue]"))
    assert "/login/" in page.url
    assert kept(page) == 1


def test_another_account_is_offered_nothing_and_signing_out_lets_it_go(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    form_of(page, article)
    typed(page, "Of Ana")
    page.goto("/admin/")
    desk("ben", page=page)
    form_of(page, article)
    expect(page.locator("#id_kicker")).to_be_visible()
    expect(page.locator(OFFER)).to_have_count(0)
    desk(page=page)
    form_of(page, article)
    expect(page.locator(OFFER)).to_be_visible()
    follow(page.locator("#logout-form button"))
    assert kept(page) == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_a_new_article_is_kept_and_offered_by_keyboard(
    desk: Any, width: int, tmp_path: Any
) -> None:
    page = desk(viewport={"width": width, "height": 900})
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{LIST}add/")
    page.locator("#id_headline").fill("Half a headline")
    until(page, lambda: kept(page) == 1)
    page.goto("/admin/")
    page.goto(f"{LIST}add/")
    button = page.get_by_role("button", name="Bring it back")
    expect(button).to_be_visible()
    page.screenshot(path=str(tmp_path / f"kept-{width}.png"))
    button.focus()
    leads_on(page, lambda: page.keyboard.press("Enter"))
    assert page.locator("#id_headline").input_value() == "Half a headline"
    assert not Article.objects.exists()
