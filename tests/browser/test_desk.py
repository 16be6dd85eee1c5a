"""History, two editors on one article, and the start page, in Chromium."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from articles.models import Article, Operation
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, Credit
from tests.browser.test_admin import CUT, LIST, editor, faults  # noqa: F401
from tests.browser.waiting import follow, leads_on, settled, until
from tests.factories import make_article, make_author, make_tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def save(article: Article, **change: Any) -> Operation:
    credits = change.pop("credits", None)
    save_article(ArticleChange(article=article, fields=change, credits=credits), actor=None)
    return Operation.objects.order_by("-id")[0]


def look_at(page: Any, site_browser: Any) -> None:
    """Fail if the page has faults, or if something of it is cut off on a phone."""
    settled(page)
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    settled(page)
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    # axe itself writes styles into the page while it measures.
    site_browser.complaints.clear()


@pytest.mark.both_databases
def test_a_version_is_compared_and_restored(site_browser: Any, editor: Any) -> None:  # noqa: F811
    article = make_article("The long road", kicker="One", authors=["A One"])
    save(article, headline="The winding road", credits=[])
    save(article, kicker="Two")
    page = editor(color_scheme="dark")
    page.goto(f"{LIST}{article.pk}/history/")
    look_at(page, site_browser)
    page.get_by_role("radio", name="older").nth(2).check()
    follow(page.get_by_role("button", name="Compare the two chosen versions"))
    assert page.locator("ins").all_inner_texts() == ["winding", "Two"]
    look_at(page, site_browser)
    page.get_by_role("checkbox", name="Restore: kicker").uncheck()
    page.get_by_label("Reason").fill("As printed")
    follow(page.get_by_role("button", name="Restore what is ticked"))
    assert page.url.endswith("/history/")
    assert "Restored: headline, credits." in page.locator(".messagelist").inner_text()
    article.refresh_from_db()
    assert (article.headline, article.kicker, article.credit) == ("The long road", "Two", "A One")


@pytest.mark.both_databases
def test_the_second_editor_merges(site_browser: Any, editor: Any) -> None:  # noqa: F811
    other = make_author("B Two")
    article = make_article("One", kicker="K", standfirst="A. B. C. D.")
    page = editor()
    page.goto(f"{LIST}{article.pk}/change/")
    page.locator("#id_headline").fill("Mine")
    page.locator("#id_standfirst").fill("A. B. C. Mine.")
    save(article, headline="Theirs", standfirst="Theirs. B. C. D.", kicker="New",
         credits=[Credit(other.pk)])  # fmt: skip
    follow(page.get_by_role("button", name="Save", exact=True))
    assert page.locator("#merge-heading").is_visible()
    look_at(page, site_browser)
    assert page.locator("#id_standfirst").input_value() == "Theirs. B. C. Mine."
    assert page.locator("#id_headline").input_value() == "Mine"
    page.get_by_role("button", name="Take theirs").first.click()
    expect(page.locator("#id_headline")).to_have_value("Theirs")
    page.get_by_role("button", name="Take yours").first.click()
    expect(page.locator("#id_headline")).to_have_value("Mine")
    follow(page.get_by_role("button", name="Save", exact=True))
    assert page.url.endswith(LIST)
    article.refresh_from_db()
    assert (article.headline, article.kicker) == ("Mine", "New")
    assert (article.standfirst, article.credit) == ("Theirs. B. C. Mine.", "B Two")


def test_a_filter_is_kept_and_leads_back(site_browser: Any, editor: Any) -> None:  # noqa: F811
    make_article("A draft", status="draft")
    make_article("Published")
    # Who is alone has nobody to keep it for.
    User.objects.create_user("colleague", is_staff=True)
    page = editor(color_scheme="dark")
    page.goto(LIST)
    follow(page.get_by_role("link", name="draft", exact=True))
    page.get_by_text("Keep this filter …").click()
    page.get_by_label("Name", exact=True).fill("What I write")
    page.get_by_label("for all editors").check()
    look_at(page, site_browser)
    follow(page.get_by_role("button", name="Keep", exact=True))
    page.goto("/admin/")
    look_at(page, site_browser)
    follow(page.get_by_role("link", name="What I write"))
    assert page.url.endswith("?status=draft")
    assert page.locator("#result_list .headline").all_inner_texts() == ["A draft"]
    page.goto("/admin/")
    follow(page.get_by_role("button", name="Delete “What I write”"))
    assert page.get_by_text("is deleted").is_visible()
    assert page.get_by_role("link", name="What I write").count() == 0


@pytest.mark.both_databases
def test_words_are_replaced_in_many_articles(site_browser: Any, editor: Any) -> None:  # noqa: F811
    for number in range(3):
        make_article(f"A lamp {number}", body="<p>The lamp</p>")
    page = editor(color_scheme="dark")
    page.goto(LIST)
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("choose")
    follow(page.locator("button[name=index]"))
    # Only what belongs to the act is shown.
    assert page.locator("#id_text").is_visible()
    assert not page.locator("#id_value").is_visible()
    page.get_by_label("headline").check()
    page.get_by_label("body").check()
    page.get_by_label("Find", exact=False).first.fill("lamp")
    page.locator("#id_replacement").fill("lantern")
    follow(page.get_by_role("button", name="Look at it"))
    assert page.locator("#preview-heading").is_visible()
    look_at(page, site_browser)
    page.get_by_role("button", name="Change them").click()
    # The page that carries it out loads itself anew at the end.
    page.get_by_text("3 articles were changed").wait_for()
    look_at(page, site_browser)
    assert set(Article.objects.values_list("body", flat=True)) == {"<p>The lantern</p>"}
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back on 3 articles").wait_for()
    assert set(Article.objects.values_list("body", flat=True)) == {"<p>The lamp</p>"}


def test_a_bulk_change_of_tags_by_autocomplete(site_browser: Any, editor: Any) -> None:  # noqa: F811
    article = make_article("One")
    make_tag("Left Opposition")
    page = editor()
    page.goto(f"{LIST}bulk/?of=status%3Dpublished")
    page.locator("#id_do").select_option("tag-add")
    page.locator(".bulk-tag .select2-selection").click()
    page.keyboard.insert_text("left")
    page.get_by_role("option", name="Left Opposition").click()
    follow(page.get_by_role("button", name="Look at it"))
    page.get_by_role("button", name="Change them").click()
    page.get_by_text("1 article was changed").wait_for()
    assert article.tagged_articles.get().tag.name == "Left Opposition"


def test_a_field_is_set_and_heads_are_split_in_bulk(site_browser: Any, editor: Any) -> None:  # noqa: F811
    article = make_article("The long road: a memoir in letters", status="draft")
    page = editor()
    for act, field, value in (("split", "", ""), ("set", "published_on", "1938-04")):
        page.goto(f"{LIST}bulk/?of=ids%3D{article.pk}")
        page.locator("#id_do").select_option(act)
        if field:
            page.locator("#id_field").select_option(field)
            page.locator("#id_value").fill(value)
        follow(page.get_by_role("button", name="Look at it"))
        page.get_by_role("button", name="Change them").click()
        page.get_by_text("1 article was changed").wait_for()
    article.refresh_from_db()
    assert (article.headline, article.subtitle) == ("The long road", "a memoir in letters")
    assert (f"{article.published_on}", article.date_precision) == ("1938-04-01", "month")


@pytest.mark.both_databases
def test_many_are_published_and_that_is_taken_back(site_browser: Any, editor: Any) -> None:  # noqa: F811
    article = make_article("One", status="draft")
    page = editor()
    page.goto(f"{LIST}bulk/?of=status%3Ddraft")
    page.locator("#id_do").select_option("publish")
    follow(page.get_by_role("button", name="Look at it"))
    page.get_by_role("button", name="Change them").click()
    page.get_by_text("1 article was changed").wait_for()
    article.refresh_from_db()
    assert article.status == "published"
    # What it does to what readers could see is said before.
    expect(page.get_by_text("What readers could have seen meanwhile is withdrawn")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back on 1 article").wait_for()
    article.refresh_from_db()
    assert article.status == "withdrawn"


def test_a_link_shows_a_draft_to_somebody_outside(site_browser: Any, editor: Any) -> None:  # noqa: F811
    article = make_article("Not yet", status="draft", body="<p>Text</p>")
    page = editor()
    page.goto(f"{LIST}{article.pk}/change/")
    follow(page.get_by_role("link", name="Link for a preview…"))
    look_at(page, site_browser)
    follow(page.get_by_role("button", name="Make a link"))
    look_at(page, site_browser)
    outside = site_browser()
    outside.goto(page.locator("#preview-link").input_value())
    assert outside.get_by_role("heading", name="Not yet").is_visible()
    look_at(outside, site_browser)


def test_nothing_typed_is_lost_by_leaving(site_browser: Any, editor: Any) -> None:  # noqa: F811
    article = make_article("One", slug="one", published_on="1938-04")
    page = editor()
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{LIST}{article.pk}/change/")
    address = page.locator("output.address")
    assert address.inner_text() == "/articles/1938/04/one/"
    follow(page.get_by_role("link", name="History"))
    assert page.url.endswith("/history/")
    assert asked == []
    page.go_back()
    page.locator("#id_slug").fill("Two Words")
    expect(address).to_have_text("/articles/1938/04/two-words/")
    page.get_by_role("link", name="History").click(no_wait_after=True)
    until(page, lambda: asked)
    assert asked == ["beforeunload"]
    assert page.locator("#id_slug").input_value() == "Two Words"
    leads_on(page, lambda: page.keyboard.press("Control+s"))
    assert page.get_by_text("You may edit it again below").is_visible()
    article.refresh_from_db()
    assert article.get_absolute_url() == "/articles/1938/04/two-words/"
    follow(page.get_by_role("link", name="History"))
    assert page.url.endswith("/history/")
    assert asked == ["beforeunload"]
