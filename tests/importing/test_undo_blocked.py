"""What cannot go back, or not as it was: another has the address, the number or the name."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.choices import Status
from articles.importing.undoing.plan import (
    BLOCKED,
    BROUGHT_BACK,
    KEPT,
    RESTORED,
)
from articles.models import (
    Article,
    FieldChange,
    Operation,
    SourceEntry,
)
from articles.writing.articles import delete_articles, save_article, set_status, write_articles
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.names import delete_named
from authors.models import Author
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing import listings
from tests.importing.undoing import edit, import_entries, outcomes, redo, undo

pytestmark = pytest.mark.django_db


def test_a_moved_address_goes_back_and_the_other_still_leads_there(
    tmp_path: Path, client: Client
) -> None:
    import_entries(tmp_path, listings.CHARTS)
    article = Article.objects.get()
    first = article.get_absolute_url()
    moved = (listings.CHARTS[0], "By Mira Oldcastle and Tomasz Łęk, 3 May 2021", listings.CHARTS[2])
    run = import_entries(tmp_path, moved)
    second = Article.objects.get().get_absolute_url()
    assert second != first
    undo(run)
    assert Article.objects.get().get_absolute_url() == first
    assert client.get(first).status_code == 200
    response = client.get(second)
    assert (response.status_code, response["Location"]) == (301, first)


# Blocked


def _moved(tmp_path: Path) -> Any:
    import_entries(tmp_path, listings.CHARTS)
    moved = (listings.CHARTS[0], "By Mira Oldcastle and Tomasz Łęk, 3 May 2021", listings.CHARTS[2])
    return import_entries(tmp_path, moved)


def test_a_taken_address_blocks_the_date(tmp_path: Path) -> None:
    run = _moved(tmp_path)
    make_article(
        "Charts that lie", published_on="2021-05-02", slug="charts-that-lie", status="draft"
    )
    plan = undo(run)
    (row,) = plan.articles
    assert row.outcome == BLOCKED
    assert row.fields[0].reason == "its address is taken by “Charts that lie”"
    assert Article.objects.get(pk=row.id).published_text() == "2021-05-03"


def test_a_taken_part_number_blocks_the_part(tmp_path: Path) -> None:
    series = make_series("A history of the bell buoy")
    import_entries(tmp_path, listings.PART_2)
    article = Article.objects.get()
    save_article(ArticleChange(article=article, parts=[Place(series.pk, 2)]), actor=None)
    renumbered = (listings.PART_2[0], "Part 3: Silence", *listings.PART_2[2:])
    run = import_entries(tmp_path, renumbered)
    make_article("Another part", series=[(series, 2)])
    plan = undo(run)
    steps = {step.field: step for step in plan.articles[0].fields}
    assert steps["parts"].outcome == BLOCKED
    assert "Another part" in steps["parts"].reason


def test_a_deleted_author_blocks_the_credits(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.OLDEST)
    run = import_entries(
        tmp_path, (listings.OLDEST[0], "By Mira Oldcastle, 11 January 2021", listings.OLDEST[2])
    )
    delete_named(Author.objects.get(name="Ana Brandt"), actor=None)
    plan = undo(run)
    steps = {step.field: step for step in plan.articles[0].fields}
    assert steps["byline"].outcome == RESTORED
    assert (steps["credits"].outcome, steps["credits"].reason) == (
        BLOCKED, "author “Ana Brandt” is gone",
    )  # fmt: skip


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_what_was_withdrawn_or_deleted_since_is_blocked(
    tmp_path: Path, how: str, editor: User
) -> None:
    status = "published" if how == "withdrawn" else "draft"
    import_entries(tmp_path, listings.CHARTS, status=status)
    run = import_entries(tmp_path, (*listings.CHARTS[:2], "Another text."), status=status)
    article = Article.objects.get()
    if how == "withdrawn":
        set_status([article.pk], Status.WITHDRAWN, actor=editor, reason="Doubts")
    else:
        delete_articles([article.pk], actor=editor)
    plan = undo(run)
    (row,) = plan.articles
    assert row.outcome == BLOCKED
    assert f"{how} since" in row.fields[0].reason
    if how == "withdrawn":
        assert "by Edda Rask" in row.fields[0].reason
        article.refresh_from_db()
        assert (article.status, article.standfirst) == (Status.WITHDRAWN, "Another text.")


def test_a_public_article_does_not_lose_its_date(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS)
    article = Article.objects.get()
    run = import_entries(tmp_path, (*listings.CHARTS[:2], "Another text."))
    # As a source would that gives a date to what had none.
    operation = Operation.objects.get(import_run=run)
    FieldChange.objects.create(
        operation=operation, subject_type="article", subject_id=article.pk, field="published_on",
        old=None, new="2021-05-02",
    )  # fmt: skip
    FieldChange.objects.create(
        operation=operation, subject_type="article", subject_id=article.pk, field="status",
        old="draft", new="published",
    )  # fmt: skip
    plan = undo(run)
    steps = {step.field: step for step in plan.articles[0].fields}
    assert steps["standfirst"].outcome == RESTORED
    assert steps["published_on"].outcome == steps["status"].outcome == BLOCKED
    assert "was public" in steps["status"].reason or "date" in steps["status"].reason


def test_an_original_stays_while_its_translation_does(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.CHARTS, listings.OLDEST, status="draft")
    original = Article.objects.get(headline="Charts that lie")
    make_article("Mapy", translation_of=original.pk, status="draft")
    plan = undo(run)
    kept = [row for row in plan.articles if row.outcome == KEPT]
    assert [row.id for row in kept] == [original.pk]
    assert "refers to it" in kept[0].reason


# The way back, when the archive moved on


def test_an_address_taken_meanwhile_blocks_the_article(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.CHARTS, listings.OLDEST, status="draft")
    undo(run)
    make_article("In its place", published_on="2021-05-02", slug="charts-that-lie", status="draft")
    plan = redo(run)
    fates = {row.label: row for row in plan.articles}
    assert fates["Charts that lie"].outcome == BLOCKED
    assert fates["Charts that lie"].reason == "its address is taken by “In its place”"
    assert fates["Why the map room is locked"].outcome == BROUGHT_BACK


def test_a_name_taken_meanwhile_blocks_it_and_its_articles(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.OLDEST, listings.STUB, status="draft")
    undo(run)
    make_author("Ana Brandt")
    make_tag(listings.TOPIC)
    plan = redo(run)
    assert {row.label: row.outcome for row in plan.named} == {
        "Ana Brandt": BLOCKED, listings.TOPIC: BLOCKED,
    }  # fmt: skip
    assert {row.outcome for row in plan.articles} == {BLOCKED}
    assert all(row.reason.endswith("is gone") for row in plan.articles)


def test_a_withdrawn_article_that_an_editor_published_again_is_its_own(
    tmp_path: Path, editor: User
) -> None:
    run = import_entries(tmp_path, listings.CHARTS)
    article = Article.objects.get()
    undo(run)
    edit(article, actor=editor, status="published")
    plan = redo(run)
    assert not plan.leaves_something
    article.refresh_from_db()
    assert (article.status, article.withdrawn_reason) == (Status.PUBLISHED, "")
    assert SourceEntry.objects.get().article == article


def test_two_parts_that_changed_places_change_back(tmp_path: Path) -> None:
    series = make_series("Bells")
    one = make_article("First bell", series=[(series, 1)])
    two = make_article("Second bell", series=[(series, 2)])
    run = import_entries(tmp_path, listings.OLDEST, status="draft")
    operation = Operation.objects.get(import_run=run)
    write_articles(
        [
            ArticleChange(article=one, parts=[Place(series.pk, 2)]),
            ArticleChange(article=two, parts=[Place(series.pk, 1)]),
        ],
        operation,
    )
    plan = undo(run)
    assert outcomes(plan)["fields_restored"] == 2
    assert one.parts.get().part_number == 1
    assert two.parts.get().part_number == 2


@pytest.mark.parametrize("is_reversed", [False, True])
def test_two_addresses_that_passed_on_pass_back(tmp_path: Path, is_reversed: bool) -> None:
    dates = ["2021-05-02", "2021-05-03"]
    made = [
        make_article("Bell", published_on=date, slug="bell", status="draft")
        for date in (reversed(dates) if is_reversed else dates)
    ]
    one, two = reversed(made) if is_reversed else made
    run = import_entries(tmp_path, listings.OLDEST, status="draft")
    operation = Operation.objects.get(import_run=run)
    for article, date in ((two, "2021-05-04"), (one, "2021-05-03")):
        fields = {"published_on": date, "slug": "bell"}
        write_articles([ArticleChange(article=article, fields=fields)], operation)
    plan = undo(run)
    assert not plan.leaves_something
    for article, date in zip((one, two), dates, strict=True):
        article.refresh_from_db()
        assert (article.published_text(), article.slug) == (date, "bell")


def test_credits_of_an_edited_article_stay_in_order(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS)
    run = import_entries(
        tmp_path, (listings.CHARTS[0], "By Ana Brandt, 2 May 2021", listings.CHARTS[2])
    )
    article = Article.objects.get()
    ana, mira = Author.objects.get(name="Ana Brandt"), Author.objects.get(name="Mira Oldcastle")
    credits = [Credit(ana.pk), Credit(mira.pk)]
    save_article(ArticleChange(article=article, credits=credits), actor=None)
    plan = undo(run)
    steps = {step.field: step.outcome for step in plan.articles[0].fields}
    assert steps["credits"] == KEPT
    assert article.contributions.count() == 2
