"""Fast by hand: new names where they are missing, keys, the next article, a row edited in place,
and parts put in order. In Chromium, under the admin's content policy."""

from typing import Any

import pytest
from playwright.sync_api import expect

from articles.models import Article, Operation, Part, Series, Tag
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from authors.models import Author
from tests.browser.test_admin import LIST, editor  # noqa: F401
from tests.browser.test_desk import look_at
from tests.browser.waiting import follow, leads_on
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def focused(page: Any) -> str:
    """Return the text or the label of what has the focus."""
    text: str = page.evaluate(
        "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent)"
    )
    return text.strip()


def seek(page: Any, row: str, name: str) -> None:
    """Look for a name in the select of a row."""
    page.locator(f"{row} .select2-selection").click()
    page.locator(".select2-dropdown .select2-search__field").fill(name)


@pytest.mark.both_databases
def test_a_tag_is_created_by_keyboard(site_browser: Any, editor: Any) -> None:  # noqa: F811
    article = make_article("One", status="draft")
    page = editor()
    page.goto(f"{LIST}{article.pk}/change/")
    page.locator(".field-tags .select2-search__field").focus()
    page.keyboard.insert_text("Harbour  lamps")
    page.get_by_role("option", name="Create “Harbour lamps” …").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="A new tag: “Harbour lamps”").wait_for()
    look_at(page, site_browser)
    assert focused(page) == "Create it"
    assert not Tag.objects.exists()
    page.keyboard.press("Enter")
    page.get_by_text("“Harbour lamps” was created and chosen.").wait_for(state="attached")
    expect(page.locator(".field-tags :focus")).to_have_count(1)
    leads_on(page, lambda: page.keyboard.press("Control+s"))
    assert page.get_by_text("You may edit it again below").is_visible()
    assert article.tagged_articles.get().tag == Tag.objects.get(name="Harbour lamps")


def test_what_is_alike_is_taken_instead(site_browser: Any, editor: Any) -> None:  # noqa: F811
    author = make_author("Clara Weiss", aliases=["Kassandra"])
    make_tag("Trade unions")
    article = make_article("One", status="draft", authors=[author])
    page = editor(color_scheme="dark")
    page.goto(f"{LIST}{article.pk}/change/")
    page.get_by_role("button", name="Add another Credit").click()
    seek(page, "#contributions-1", "Klara Weiss")
    page.get_by_role("option", name="Create “Klara Weiss” …").click()
    page.get_by_role("dialog", name="A new author: “Klara Weiss”").wait_for()
    assert focused(page) == "Clara Weiss"
    look_at(page, site_browser)
    page.keyboard.press("Escape")
    expect(page.locator("#id_contributions-1-author")).to_have_value("")
    seek(page, "#contributions-1", "Klara Weiss")
    page.get_by_role("option", name="Create “Klara Weiss” …").click()
    page.get_by_role("button", name="Clara Weiss").click()
    expect(page.locator("#id_contributions-1-author")).to_have_value(str(author.pk))
    # Or made all the same, as what it is: a body, not a person.
    seek(page, "#contributions-0", "Harbour Institute")
    page.get_by_role("option", name="Create “Harbour Institute” …").click()
    expect(page.get_by_label("Kind:")).to_have_value("organisation")
    page.get_by_role("button", name="Create it").click()
    page.get_by_text("“Harbour Institute” was created").wait_for(state="attached")
    made = Author.objects.get(name="Harbour Institute")
    assert made.kind == "organisation"
    leads_on(page, lambda: page.keyboard.press("Control+s"))
    assert page.get_by_text("You may edit it again below").is_visible()
    assert {row.author_id for row in article.contributions.all()} == {author.pk, made.pk}
    assert Operation.objects.filter(actor__isnull=False).count() == 2


def test_a_tag_that_is_there_is_never_made_twice(site_browser: Any, editor: Any) -> None:  # noqa: F811
    tag = make_tag("Left Opposition", aliases=["LO"])
    article = make_article("One", status="draft")
    page = editor()
    page.goto(f"{LIST}{article.pk}/change/")
    page.locator(".field-tags .select2-search__field").focus()
    page.keyboard.insert_text("left-opposition")
    page.get_by_role("option", name="Create “left-opposition” …").click()
    page.get_by_role("button", name="Left Opposition").click()
    expect(page.locator("#id_tags")).to_have_values([str(tag.pk)])
    page.locator(".field-tags .select2-search__field").focus()
    page.keyboard.insert_text("lo")
    page.get_by_role("option", name="Left Opposition", exact=True).wait_for()
    assert Tag.objects.count() == 1


@pytest.mark.both_databases
def test_one_goes_through_a_filtered_list_by_keys(site_browser: Any, editor: Any) -> None:  # noqa: F811
    for number in range(3):
        make_article(f"Draft {number}", status="draft", published_on=f"202{number}-01-01")
    make_article("Public")
    page = editor()
    page.goto(f"{LIST}?status=draft")
    look_at(page, site_browser)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == "Draft 1"
    page.keyboard.press("x")
    assert page.locator(".action-select:checked").count() == 1
    page.keyboard.press("k")
    leads_on(page, lambda: page.keyboard.press("o"))
    assert page.url.endswith("/change/?_changelist_filters=status%3Ddraft")
    look_at(page, site_browser)
    assert page.get_by_role("link", name="Next: Draft 1").is_visible()
    assert page.locator("a[rel=prev]").count() == 0
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    look_at(page, site_browser)
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    # Letters are letters while one types.
    page.locator("#id_kicker").focus()
    page.keyboard.type("jk?")
    assert page.locator("#id_kicker").input_value() == "jk?"
    leads_on(page, lambda: page.keyboard.press("Control+Enter"))
    expect(page.locator("#id_headline")).to_have_value("Draft 1")
    assert "“Draft 2” is saved" in page.locator(".messagelist").inner_text()
    assert Article.objects.get(headline="Draft 2").kicker == "jk?"
    leads_on(page, lambda: page.keyboard.press("j"))
    expect(page.locator("#id_headline")).to_have_value("Draft 0")
    assert page.locator("a[rel=next], button[name=_next]").count() == 0
    leads_on(page, lambda: page.keyboard.press("k"))
    expect(page.locator("#id_headline")).to_have_value("Draft 1")
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    page.locator("#content h1").click()
    page.keyboard.press("j")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert page.locator("#id_headline").input_value() == "Draft 1"
    assert not dialog.is_visible()


@pytest.mark.both_databases
def test_a_row_is_edited_in_place(site_browser: Any, editor: Any) -> None:  # noqa: F811
    tag = make_tag("Docks")
    article = make_article("One", status="draft", published_on="1938", kicker="K")
    make_article("Two", status="draft", published_on="1937")
    page = editor()
    page.goto(f"{LIST}?status=draft")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.get_by_role("group", name="Edit “One”").wait_for()
    look_at(page, site_browser)
    page.get_by_label("Headline:").fill("Mine")
    page.get_by_label("Date of publication:").fill("1938-04")
    page.locator(".quick-tags .select2-search__field").focus()
    page.keyboard.insert_text("dock")
    page.get_by_role("option", name="Docks").click()
    # Somebody else was first: both are shown, and nothing is saved.
    save_article(ArticleChange(article=article, fields={"headline": "Theirs", "kicker": "New"}),
                 actor=None)  # fmt: skip
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Nothing is saved yet").wait_for()
    look_at(page, site_browser)
    assert (
        "OneTheirs\tOneMine\tBoth changed it: decide." in page.locator(".quick-merge").inner_text()
    )
    assert page.get_by_label("Headline:").input_value() == "Mine"
    page.get_by_label("Headline:").press("Enter")
    page.get_by_text("“Mine” is saved.").wait_for()
    article.refresh_from_db()
    assert (article.headline, article.kicker, article.published_text()) == (
        "Mine",
        "New",
        "1938-04",
    )
    assert article.tagged_articles.get().tag == tag
    row = page.locator("#result_list tbody tr").first
    expect(row).to_contain_text("Mine")
    expect(row).to_contain_text("1938-04")
    # Published, it leaves the filter, and the row says so.
    row.get_by_role("button", name="Edit here").click()
    page.get_by_label("Status:").select_option("published")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("no longer in this list").wait_for()
    article.refresh_from_db()
    assert article.is_public
    look_at(page, site_browser)


def test_a_row_that_is_left_as_it_was(site_browser: Any, editor: Any) -> None:  # noqa: F811
    make_article("One", status="draft", published_on="1938")
    page = editor(color_scheme="dark", viewport={"width": 768, "height": 1024}, has_touch=True)
    page.goto(LIST)
    page.get_by_role("button", name="Edit here: One").tap()
    page.get_by_label("Date of publication:").fill("soon")
    page.get_by_role("button", name="Save").tap()
    page.get_by_text("Enter a date").wait_for()
    page.get_by_label("Date of publication:").press("Escape")
    expect(page.locator(".quick-row")).to_have_count(0)
    assert focused(page) == "Edit here: One"
    assert Article.objects.get().version == 1


@pytest.mark.both_databases
def test_parts_are_put_in_order(site_browser: Any, editor: Any) -> None:  # noqa: F811
    series = make_series("The long road")
    for place, number in enumerate((1, 2, 4, None)):
        make_article(
            f"Part {place}", series=[(series, number)], published_on=f"2020-01-0{place + 1}"
        )
    page = editor()
    page.goto(f"/admin/articles/series/{series.pk}/change/")
    follow(page.get_by_role("link", name="Number the parts"))
    look_at(page, site_browser)

    def numbered(*numbers: str) -> None:
        for place, number in enumerate(numbers):  # in the order of the articles
            expect(page.get_by_label(f"Number of “Part {place}”")).to_have_value(number)

    # Down by the button: the gap stays where it is, and the focus on the button.
    page.get_by_role("button", name="Move down: “Part 1”").click()
    numbered("1", "4", "2", "")
    assert focused(page).startswith("Move down: “Part 1”")
    expect(page.locator("#part-said")).to_contain_text("“Part 1” has the number 4 now.")
    # Dragged to the top, the one without a number gets one.
    handles = page.locator("#part-order .handle")
    start, end = handles.nth(3).bounding_box(), handles.nth(0).bounding_box()
    page.mouse.move(start["x"] + 10, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(end["x"] + 10, end["y"] - 20, steps=10)
    page.mouse.up()
    numbered("2", "5", "4", "1")
    page.get_by_role("button", name="Number from 1, without gaps").click()
    numbered("2", "4", "3", "1")
    look_at(page, site_browser)
    follow(page.get_by_role("button", name="Save the numbers"))
    assert page.get_by_text("4 parts have a new number.").is_visible()
    stored = dict(
        Part.objects.filter(series=series).values_list("article__headline", "part_number")
    )
    assert stored == {"Part 0": 2, "Part 1": 4, "Part 2": 3, "Part 3": 1}
    follow(page.get_by_role("link", name="Look at it, or take it back"))
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back on 4 articles").wait_for()
    rows = Part.objects.filter(series=Series.objects.get()).order_by("article_id")
    assert list(rows.values_list("part_number", flat=True)) == [1, 2, 4, None]
