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
    expect(page.locator(".kept-back")).to_contain_text("Nothing of it is saved yet.")
    expect(page.locator(".errornote:not([hidden])")).to_have_count(0)
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


def beside(page: Page) -> Page:
    """Open another window of the same browser. What one of them keeps the other sees a little
    later: it is waited for."""
    other: Page = page.context.new_page()
    for one in (page, other):
        one.on("dialog", lambda dialog: dialog.accept())
    return other


@pytest.mark.both_databases
def test_two_windows_of_one_form_keep_each_its_own(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    other = beside(page)
    form_of(page, article)
    form_of(other, article)
    other.locator("#id_kicker").fill("Typed in the other")
    until(other, lambda: kept(other) == 1)
    page.locator("#id_standfirst").fill("Typed in the one")
    until(page, lambda: kept(page) == 2)
    # What the one saves lets go its own.
    follow(page.locator("[name=_continue]"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    until(page, lambda: kept(page) == 1)
    # It may be thrown away there while it still stands in its window: so it is kept again.
    form_of(page, article)
    page.get_by_role("button", name="Throw it away").click()
    until(page, lambda: kept(page) == 1)
    Session.objects.all().delete()
    follow(other.locator("[name=_continue]"))
    expect(other.locator(".kept-note")).to_be_visible()
    desk(page=other)
    form_of(other, article)
    follow(other.get_by_role("button", name="Bring it back"))
    assert other.locator("#id_kicker").input_value() == "Typed in the other"
    until(other, lambda: kept(other) == 1)
    follow(other.locator("[name=_continue]"))
    follow(other.locator("[name=_continue]"))
    expect(other.locator(".messagelist .success")).to_be_visible()
    article.refresh_from_db()
    assert (article.kicker, article.standfirst) == ("Typed in the other", "Typed in the one")
    until(other, lambda: kept(other) == 0)


def test_what_is_typed_beside_an_offer_leaves_it_as_it_is(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    form_of(page, article)
    typed(page, "An hour of typing")
    form_of(page, article)
    expect(page.locator(OFFER)).to_be_visible()
    page.locator("#id_standfirst").fill("Something little")
    until(page, lambda: kept(page) == 2)
    follow(page.get_by_role("button", name="Bring it back"))
    assert page.locator("#id_kicker").input_value() == "An hour of typing"
    assert page.locator("#id_standfirst").input_value() == ""
    # Not saved yet, it stands beside the other: the newest is offered first.
    assert kept(page) == 2
    form_of(page, article)
    page.get_by_role("button", name="Throw it away").click()
    assert kept(page) == 1
    expect(page.get_by_role("button", name="Bring it back")).to_be_focused()
    follow(page.get_by_role("button", name="Bring it back"))
    assert page.locator("#id_standfirst").input_value() == "Something little"
    # What is refused is kept once, as it stands now.
    page.locator("#id_headline").fill("")
    follow(page.locator("[name=_continue]"))
    expect(page.locator(".errornote:not([hidden])")).to_be_visible()
    page.locator("#id_headline").fill("The harbour clocks")
    assert kept(page) == 1
    follow(page.locator("[name=_continue]"))
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert kept(page) == 0


def test_signing_out_in_one_window_lets_go_what_another_shows(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    other = beside(page)
    form_of(page, article)
    typed(page, "Of Ana")
    other.goto("/admin/")
    until(other, lambda: kept(other) == 1)
    follow(other.locator("#logout-form button"))
    for one in (other, page):
        until(one, lambda one=one: kept(one) == 0)
    # Nothing is kept, so nothing is said of it.
    other.goto(f"/admin/login/?next={LIST}{article.pk}/change/")
    expect(other.locator(".kept-note")).to_be_hidden()
    # Not by itself: as often as it is looked at, it stays away.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert kept(page) == 0
    # It is kept again when somebody goes on with it.
    follow(page.locator("[name=_continue]"))
    assert "/login/" in page.url
    expect(page.locator(".kept-note")).to_be_visible()
    other.goto(f"/admin/login/?next={LIST}add/")
    expect(other.locator(".kept-note")).to_be_hidden()


def test_a_form_without_its_token_says_that_its_words_are_kept(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    form_of(page, article)
    typed(page, "Typed")
    page.context.clear_cookies()
    follow(page.locator("[name=_continue]"))
    expect(page.locator(".kept-note")).to_be_visible()
    page.evaluate("localStorage.clear()")
    page.goto("/admin/login/")
    expect(page.locator(".kept-note")).to_be_hidden()


def test_what_was_typed_long_ago_is_let_go(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    page.on("dialog", lambda dialog: dialog.accept())
    form_of(page, article)
    typed(page, "Typed long ago")
    page.goto("/admin/login/")
    page.evaluate(
        """() => Object.entries(localStorage).forEach(([key, value]) =>
            localStorage.setItem(key, value.replace(/"until":\\d+/, `"until":${Date.now()}`)))"""
    )
    page.context.clear_cookies()
    page.goto(f"/admin/login/?next={LIST}{article.pk}/change/")
    assert kept(page) == 1
    expect(page.locator(".kept-note")).to_be_hidden()
    desk(page=page)
    form_of(page, article)
    expect(page.locator(OFFER)).to_have_count(0)
    assert kept(page) == 0


def test_staying_with_a_form_keeps_what_is_typed_after_that(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    answers = ["dismiss"]
    page.on("dialog", lambda dialog: dialog.dismiss() if answers else dialog.accept())
    form_of(page, article)
    typed(page, "An hour of typing")
    answers.clear()
    form_of(page, article)
    answers.append("dismiss")
    page.locator("#id_standfirst").fill("Beside it")
    until(page, lambda: kept(page) == 2)
    # It is not brought back: what stands in the form would be left.
    with page.expect_event("dialog"):
        page.get_by_role("button", name="Bring it back").click(no_wait_after=True)
    page.locator("#id_standfirst").fill("Beside it, and more")
    more = "Object.values(localStorage).some((value) => value.includes('and more'))"
    until(page, lambda: page.evaluate(more))
    answers.clear()


def test_only_so_much_is_kept(desk: Any) -> None:
    article = make_article("The harbour clock")
    page = desk()
    form_of(page, article)
    page.evaluate(
        """key => { for (let at = 1; at < 30; at++)
            localStorage.setItem(`${key}#${at}`, JSON.stringify({ at, until: 1e14 })) }""",
        f"kept:{User.objects.get(username='ana').pk}:{LIST}add/",
    )
    page.locator("#id_kicker").fill("The newest")
    until(page, lambda: kept(page) == 20)
    newest = "Object.values(localStorage).some((value) => value.includes('The newest'))"
    assert page.evaluate(newest)


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
    # Nobody tried to save half an article: nothing is said of what it misses until somebody does.
    wrong = page.locator(".errornote:not([hidden]), .errorlist")
    expect(wrong).to_have_count(0)
    page.locator("#id_headline").fill("")
    follow(page.get_by_role("button", name="Save", exact=True))
    assert wrong.count() > 1
    assert not Article.objects.exists()
