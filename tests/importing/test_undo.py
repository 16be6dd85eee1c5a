"""An import can be taken back, and the taking back too: what goes, what stays, and why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.choices import FindingState, OperationKind, Status
from articles.importing.undoing.plan import (
    BROUGHT_BACK,
    KEPT,
    RESTORED,
)
from articles.importing.undoing.undo import REDO, UNDO, PlanMoved, make_plan, take_back
from articles.models import (
    Article,
    Finding,
    Operation,
    PublicKey,
    SourceEntry,
)
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from articles.writing.index import BATCH
from tests.factories import make_article, make_tag
from tests.importing import listings
from tests.importing.undoing import archive_rows, edit, entry, import_entries, outcomes, redo, undo

pytestmark = pytest.mark.django_db


#: What moves on with every write: for optimistic locking, and for "changed" in lists.
MOVES = ("version", "updated")


# Whole imports


def test_drafts_that_nobody_touched_are_gone_as_if_never_imported(tmp_path: Path) -> None:
    make_article("Here before", authors=["Ana Brandt"], tags=["Harbours"])
    before = archive_rows(keys=False)
    run = import_entries(tmp_path, *listings.FIRST, status="draft", options=["--tag", "Extra"])
    keys = set(PublicKey.objects.values_list("key", flat=True))
    assert archive_rows(keys=False) != before
    plan = undo(run)
    assert archive_rows(keys=False) == before
    assert run.undone is not None
    assert plan.operation == Operation.objects.latest("id").pk
    assert outcomes(plan) | {"findings": 0} == {
        "articles": 8, "removed": 8, "names_removed": len(plan.named), "findings": 0,
    }  # fmt: skip
    # Keys stay reserved, entries lead nowhere, findings wait for nobody.
    assert set(PublicKey.objects.values_list("key", flat=True)) == keys
    assert PublicKey.objects.filter(article=None).count() == 8
    assert not SourceEntry.objects.exclude(article=None).exists()
    assert not Finding.objects.filter(state=FindingState.OPEN).exists()


def test_updates_go_back_to_the_bytes_that_were_before(tmp_path: Path) -> None:
    numbers = range(30)
    import_entries(tmp_path, *map(entry, numbers))
    ids = ("contribution.id", "taggedarticle.id", "part.id", *MOVES)
    before = archive_rows(*ids)
    reworded = [entry(n, "Another text", "By Ana Brandt and Tomasz Łęk") for n in numbers]
    run = import_entries(tmp_path, *reworded, options=["--tag", "Second thoughts"])
    assert run.totals["update"] == 30
    plan = undo(run)
    assert {row.outcome for row in plan.articles} == {RESTORED}
    after = archive_rows(*ids)
    # The links of the undone run's own entries stay: they say where the words came from.
    before.pop("SourceEntry"), after.pop("SourceEntry")
    # Readers saw the new author and the new tag: these stay, on no article.
    for name in ("Author", "AuthorAlias", "Tag", "TagAlias"):
        assert set(before.pop(name)) < set(after.pop(name))
    assert after == before
    assert {row.label for row in plan.named if row.outcome == KEPT} == {
        "Tomasz Łęk", "Second thoughts",
    }  # fmt: skip


@pytest.mark.parametrize("status", ["draft", "published"])
def test_undone_and_brought_back_it_is_as_after_the_import(tmp_path: Path, status: str) -> None:
    import_entries(tmp_path, *listings.FIRST[4:], status=status)
    run = import_entries(
        tmp_path, listings.NEW, *listings.FIRST, status=status, options=["--tag", "Extra"]
    )
    entries = SourceEntry.objects.filter(run=run, change="CREATE")
    created = set(entries.values_list("article", flat=True))
    imported = archive_rows(
        *MOVES, "withdrawn_at", "contribution.id", "taggedarticle.id", "part.id"
    )
    exact = list(Article.objects.filter(pk__in=created).order_by("pk").values())
    undo(run)
    redo(run)
    assert run.undone is None
    assert (
        archive_rows(*MOVES, "withdrawn_at", "contribution.id", "taggedarticle.id", "part.id")
        == imported
    )
    if status == "draft":
        # Byte for byte, versions and moments too.
        assert list(Article.objects.filter(pk__in=created).order_by("pk").values()) == exact
    undo(run)
    redo(run)
    assert (
        archive_rows(*MOVES, "withdrawn_at", "contribution.id", "taggedarticle.id", "part.id")
        == imported
    )


def test_rows_that_come_back_have_the_ids_they_had(tmp_path: Path) -> None:
    run = import_entries(tmp_path, *listings.FIRST, status="draft")
    imported = archive_rows()
    found = {row["id"]: row for row in Finding.objects.values()}
    undo(run)
    plan = redo(run)
    assert archive_rows() == imported
    assert {row["id"]: row for row in Finding.objects.values()} == found
    assert {row.outcome for row in (*plan.articles, *plan.named)} == {BROUGHT_BACK}


def test_public_articles_become_tombstones(tmp_path: Path, client: Client) -> None:
    run = import_entries(tmp_path, listings.CHARTS, listings.OLDEST)
    article = Article.objects.get(headline="Charts that lie")
    key = article.public_key.key
    plan = undo(run)
    assert outcomes(plan) == {"articles": 2, "withdrawn": 2, "names_kept": 4}
    response = client.get(article.get_absolute_url())
    assert response.status_code == 410
    assert "import undone" in response.content.decode()
    assert client.get(f"/a/{key}/").status_code in (410, 404)
    redo(run)
    assert client.get(article.get_absolute_url()).status_code == 200
    article.refresh_from_db()
    assert (article.status, article.withdrawn_reason) == (Status.PUBLISHED, "")
    assert article.public_key.key == key


def test_what_was_due_and_not_admitted_leaves_a_tombstone(tmp_path: Path, client: Client) -> None:
    run = import_entries(tmp_path, listings.CHARTS)
    Article.objects.update(first_public_at=None)  # as if it had fallen due this moment
    assert outcomes(undo(run))["withdrawn"] == 1
    assert client.get(Article.objects.get().get_absolute_url()).status_code == 410


# F6


def test_f6_of_a_hundred_three_edited_stay_and_are_listed(tmp_path: Path, editor: User) -> None:
    run = import_entries(tmp_path, *map(entry, range(100)), status="draft")
    edited = list(Article.objects.order_by("pk")[10:13])
    for article in edited:
        edit(article, actor=editor, kicker="Mine")
    plan = undo(run)
    found = outcomes(plan)
    assert (found["articles"], found["removed"], found["articles_kept"]) == (100, 97, 3)
    kept = [row for row in plan.articles if row.outcome == KEPT]
    assert {row.id for row in kept} == {article.pk for article in edited}
    assert all("edited by Edda Rask on 20" in row.reason for row in kept)
    assert set(Article.objects.values_list("kicker", flat=True)) == {"Mine"}
    # Their author and their tag stay with them.
    assert {row.label for row in plan.named} == {"Ana Brandt", listings.TOPIC}
    assert all(row.outcome == KEPT for row in plan.named)


def test_f6_of_a_hundred_updated_three_edited_stay_and_are_listed(
    tmp_path: Path, editor: User
) -> None:
    import_entries(tmp_path, *map(entry, range(100)))
    run = import_entries(tmp_path, *(entry(n, "Other text") for n in range(100)))
    edited = list(Article.objects.order_by("pk")[:3])
    for article in edited:
        edit(article, actor=editor, standfirst="Mine", kicker="Also mine")
    plan = undo(run)
    assert outcomes(plan) == {"articles": 100, "fields_restored": 97, "fields_kept": 3}
    kept = [(row, step) for row in plan.articles for step in row.fields if step.outcome == KEPT]
    assert {row.id for row, _ in kept} == {article.pk for article in edited}
    assert all("edited by Edda Rask" in step.reason for _, step in kept)
    texts = set(Article.objects.values_list("standfirst", flat=True))
    assert texts == {entry(n)[2] for n in range(3, 100)} | {"Mine"} or len(texts) == 98
    assert not Article.objects.filter(standfirst__startswith="Other").exists()


# Single fields


def test_only_the_edited_field_stays(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS)
    reworded = (listings.CHARTS[0], "By Ana Brandt, 2 May 2021", "A new standfirst.")
    run = import_entries(tmp_path, reworded)
    article = Article.objects.get()
    edit(article, standfirst="An editor's.")
    plan = undo(run)
    article.refresh_from_db()
    assert (article.byline, article.standfirst) == ("Mira Oldcastle and Tomasz Łęk", "An editor's.")
    assert article.credit == "Mira Oldcastle and Tomasz Łęk"
    (row,) = plan.articles
    assert {step.field: step.outcome for step in row.fields} == {
        "byline": RESTORED, "credits": RESTORED, "standfirst": KEPT,
    }  # fmt: skip


def test_tags_go_back_one_by_one(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS)
    run = import_entries(tmp_path, listings.CHARTS, options=["--tag", "Extra"])
    article = Article.objects.get()
    mine = make_tag("Mine")
    tags = [*article.tagged_articles.values_list("tag", flat=True), mine.pk]
    save_article(ArticleChange(article=article, tags=tags), actor=None)
    undo(run)
    names = set(article.tagged_articles.values_list("tag__name", flat=True))
    assert names == {listings.TOPIC, "Mine"}
    redo(run)
    names = set(article.tagged_articles.values_list("tag__name", flat=True))
    assert names == {listings.TOPIC, "Mine", "Extra"}


def test_a_plan_that_moved_is_not_carried_out(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.CHARTS, status="draft")
    plan = make_plan(run, UNDO)
    edit(Article.objects.get(), kicker="Mine")
    with pytest.raises(PlanMoved):
        take_back(run, UNDO, agreed=plan.digest())
    run.refresh_from_db()
    assert run.undone is None
    take_back(run, UNDO, agreed=make_plan(run, UNDO).digest())


def test_the_plan_is_what_is_done(tmp_path: Path) -> None:
    import_entries(tmp_path, *listings.FIRST[4:])
    run = import_entries(tmp_path, listings.NEW, *listings.FIRST)
    for action in (UNDO, REDO):
        plan = make_plan(run, action)
        rows, operations = archive_rows(), Operation.objects.count()
        assert (archive_rows(), Operation.objects.count()) == (rows, operations)
        assert take_back(run, action).digest() == plan.digest()
        run.refresh_from_db()


def test_the_undo_is_one_operation_of_its_actor(tmp_path: Path, editor: User) -> None:
    run = import_entries(tmp_path, listings.CHARTS, status="draft")
    plan = undo(run, actor=editor, reason="A wrong file")
    operation = Operation.objects.get(pk=plan.operation)
    assert (operation.kind, operation.actor, operation.reason, operation.import_run) == (
        OperationKind.UNDO, editor, "A wrong file", run,
    )  # fmt: skip
    assert operation.parent == Operation.objects.get(import_run=run, kind=OperationKind.IMPORT)
    fields = set(operation.changes.values_list("subject_type", "field"))
    assert {("article", "row"), ("entry", "article"), ("author", "row")} <= fields
    again = Operation.objects.get(pk=redo(run, actor=editor).operation)
    assert (again.kind, again.parent) == (OperationKind.RESTORE, operation)


@pytest.fixture
def counted(django_assert_max_num_queries: Any) -> Callable[[int], Any]:
    return django_assert_max_num_queries  # type: ignore[no-any-return]


@pytest.mark.parametrize("status", ["draft", "published"])
def test_queries_do_not_grow_with_the_articles(
    tmp_path: Path, counted: Callable[[int], Any], status: str
) -> None:
    run = import_entries(tmp_path, *map(entry, range(200)), status=status)
    with counted(60):
        make_plan(run, UNDO)
    with counted(160):
        take_back(run, UNDO)
    run.refresh_from_db()
    with counted(160):
        take_back(run, REDO)


@pytest.mark.slow
def test_a_plan_of_more_than_a_statement_names_takes_the_same_queries(tmp_path: Path) -> None:
    import_entries(tmp_path, entry(0), status="draft")  # what all are credited to
    few = import_entries(tmp_path, *map(entry, range(1, 3)), status="draft")
    many = import_entries(tmp_path, *map(entry, range(3, BATCH + 100)), status="draft")
    made = []
    for run in (few, many):
        with CaptureQueriesContext(connection) as asked:
            plan = make_plan(run, UNDO)
        made.append(({row.outcome for row in plan.articles}, len(asked)))
    assert made[0] == made[1]
    assert len(plan.articles) > BATCH
