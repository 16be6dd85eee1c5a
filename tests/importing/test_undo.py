"""An import can be taken back, and the taking back too: what goes, what stays, and why."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.choices import FindingState, OperationKind, Status
from articles.importing.fixtures.archive import export_fixture
from articles.importing.undoing.plan import (
    BLOCKED,
    BROUGHT_BACK,
    KEPT,
    REMOVED,
    RESTORED,
    WITHDRAWN,
)
from articles.importing.undoing.undo import REDO, UNDO, NotPossible, PlanMoved, make_plan, take_back
from articles.models import (
    Article,
    FieldChange,
    Finding,
    ImportRun,
    Operation,
    PublicKey,
    Series,
    SourceEntry,
    Tag,
)
from articles.writing.articles import delete_articles, save_article, set_status, write_articles
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.findings import settle_findings
from articles.writing.names import aliases_of, delete_named, save_named
from authors.models import Author
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing import listings
from tests.importing.listings import import_json, write_listing
from tests.importing.listings import run as run_command
from tests.importing.test_fixtures import minimal
from tests.importing.undoing import archive_rows, edit, entry, import_entries, redo, undo

pytestmark = pytest.mark.django_db

#: What moves on with every write: for optimistic locking, and for "changed" in lists.
MOVES = ("version", "updated")
#: What names rows by number, and so differs between rows that are otherwise the same.
ROW_IDS = (
    "id", "article_id", "author_id", "tag_id", "series_id", "content_object_id", "sort_key",
    "created", "facettotal.term",
)  # fmt: skip


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor", first_name="Edda", last_name="Rask")


def outcomes(plan: Any) -> dict[str, int]:
    return {name: number for name, number in plan.totals().items() if number}


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


# Several runs


def test_a_field_that_a_later_run_changed_is_kept(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS)
    second = import_entries(tmp_path, (*listings.CHARTS[:2], "Second text."))
    third = import_entries(tmp_path, (*listings.CHARTS[:2], "Third text."))
    plan = undo(second)
    (step,) = plan.articles[0].fields
    assert step.outcome == KEPT
    assert step.reason.startswith(f"changed by run {third.pk} on ")
    assert Article.objects.get().standfirst == "Third text."


def test_articles_that_a_later_run_brings_too_are_kept(tmp_path: Path) -> None:
    first = import_entries(tmp_path, listings.CHARTS, listings.OLDEST, status="draft")
    second = import_entries(tmp_path, listings.NEW, listings.CHARTS, status="draft")
    plan = undo(first)
    fates = {row.label: (row.outcome, row.reason) for row in plan.articles}
    assert fates["Charts that lie"] == (KEPT, f"brought by run {second.pk} too")
    assert fates["Why the map room is locked"] == (REMOVED, "")


def test_undone_newest_first_nothing_is_left(tmp_path: Path) -> None:
    first = import_entries(tmp_path, listings.CHARTS, listings.OLDEST, status="draft")
    second = import_entries(
        tmp_path, listings.NEW, (*listings.CHARTS[:2], "Other."), status="draft"
    )
    undo(second)
    assert Article.objects.get(headline="Charts that lie").standfirst == listings.CHARTS[2]
    undo(first)
    assert not Article.objects.exists()
    assert not Author.objects.exists()
    assert not Tag.objects.exists()


# Twice, never, and in between


def test_a_second_undo_says_since_when(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.CHARTS)
    with pytest.raises(NotPossible, match=f"Run {run.pk} is not undone"):
        take_back(run, REDO)
    plan = undo(run)
    with pytest.raises(NotPossible, match=rf"already undone \(operation {plan.operation}, 20"):
        take_back(run, UNDO)
    assert Operation.objects.filter(kind=OperationKind.UNDO).count() == 1
    redo(run)
    with pytest.raises(NotPossible, match=r"is not undone \(operation"):
        take_back(run, REDO)


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


# Importing again


def test_importing_again_creates_anew_what_was_removed(tmp_path: Path) -> None:
    run = import_entries(tmp_path, *listings.FIRST, status="draft")
    before = archive_rows(*ROW_IDS, *MOVES, keys=False)
    keys = set(PublicKey.objects.values_list("key", flat=True))
    findings = sorted(Finding.objects.values_list("code", flat=True))
    undo(run)
    again = import_entries(tmp_path, *listings.FIRST, status="draft")
    assert again.totals["create"] == 8
    after = archive_rows(*ROW_IDS, *MOVES, keys=False)
    assert after == before
    assert not keys & set(Article.objects.values_list("public_key__key", flat=True))
    still_open = Finding.objects.filter(state=FindingState.OPEN)
    assert sorted(still_open.values_list("code", flat=True)) == findings
    plan = undo(again)
    assert outcomes(plan)["removed"] == 8


def test_importing_again_brings_back_what_the_undo_withdrew(tmp_path: Path, client: Client) -> None:
    run = import_entries(tmp_path, listings.CHARTS, listings.OLDEST)
    article = Article.objects.get(headline="Charts that lie")
    key, address = article.public_key.key, article.get_absolute_url()
    undo(run)
    path = write_listing(tmp_path, (*listings.CHARTS[:2], "A new standfirst."), listings.OLDEST)
    code, out, _ = run_command("import_listing", path, "--dry-run")
    assert code == 0
    assert "2 update" in out
    assert "2 articles would become public" in out
    assert "status: “withdrawn” -> “published”" in out
    report = import_json(path)
    assert report["totals"]["update"] == 2
    article.refresh_from_db()
    assert Article.objects.count() == 2
    assert (article.public_key.key, article.get_absolute_url()) == (key, address)
    assert (article.status, article.withdrawn_reason) == (Status.PUBLISHED, "")
    assert article.standfirst == "A new standfirst."
    assert client.get(address).status_code == 200
    # And that can be taken back, and the next import knows what to compare with.
    again = SourceEntry.objects.filter(article=article).latest("id").run
    undo(again)
    assert client.get(address).status_code == 410
    redo(again)
    assert import_json(path)["totals"]["unchanged"] == 2


def test_as_a_draft_it_stays_withdrawn_and_the_plan_says_so(tmp_path: Path) -> None:
    undo(import_entries(tmp_path, listings.CHARTS))
    path = write_listing(tmp_path, listings.CHARTS)
    report = import_json(path, "--status", "draft")
    (planned,) = report["listings"][0]["entries"]
    assert planned["change"] == "UNCHANGED"
    assert [remark["code"] for remark in planned["diagnostics"]] == ["stays-withdrawn"]
    assert Article.objects.get().status == Status.WITHDRAWN


def test_what_an_editor_withdrew_or_deleted_stays_so(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.CHARTS, listings.OLDEST)
    withdrawn = Article.objects.get(headline="Charts that lie")
    set_status([withdrawn.pk], Status.WITHDRAWN, actor=None, reason="Doubts")
    plan = undo(run)
    assert {row.label: row.outcome for row in plan.articles} == {
        "Charts that lie": KEPT, "Why the map room is locked": WITHDRAWN,
    }  # fmt: skip
    report = import_json(write_listing(tmp_path, listings.CHARTS, listings.OLDEST))
    assert [planned["change"] for planned in report["listings"][0]["entries"]] == [
        "UNCHANGED", "UPDATE",
    ]  # fmt: skip
    withdrawn.refresh_from_db()
    assert (withdrawn.status, withdrawn.withdrawn_reason) == (Status.WITHDRAWN, "Doubts")


def test_what_an_editor_withdrew_after_the_undo_stays_so(tmp_path: Path) -> None:
    undo(import_entries(tmp_path, listings.CHARTS))
    article = Article.objects.get()
    set_status([article.pk], Status.PUBLISHED, actor=None)
    set_status([article.pk], Status.WITHDRAWN, actor=None, reason="Doubts")
    report = import_json(write_listing(tmp_path, listings.CHARTS))
    assert report["totals"]["unchanged"] == 1
    article.refresh_from_db()
    assert (article.status, article.withdrawn_reason) == (Status.WITHDRAWN, "Doubts")


def test_a_draft_that_an_editor_deleted_before_the_undo_stays_deleted(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.CHARTS, listings.OLDEST, status="draft")
    delete_articles([Article.objects.get(headline="Charts that lie").pk], actor=None)
    plan = undo(run)
    assert {row.label: (row.outcome, row.reason) for row in plan.articles} == {
        "Charts that lie": (KEPT, "deleted since; stays deleted"),
        "Why the map room is locked": (REMOVED, ""),
    }
    report = import_json(write_listing(tmp_path, listings.CHARTS, listings.OLDEST))
    assert [planned["change"] for planned in report["listings"][0]["entries"]] == [
        "UNCHANGED", "CREATE",
    ]  # fmt: skip


def test_an_edited_article_is_not_duplicated_by_the_next_import(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.CHARTS)
    article = edit(Article.objects.get(), headline="Charts that lied")
    undo(run)
    report = import_json(write_listing(tmp_path, listings.CHARTS))
    assert report["totals"]["unchanged"] == 1
    assert Article.objects.get() == article


def test_base_values_come_from_the_runs_that_stand(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS)
    second = import_entries(tmp_path, (*listings.CHARTS[:2], "Second text."))
    undo(second)
    article = Article.objects.get()
    edit(article, standfirst="Mine")
    # The first file again: nothing new in it. The second again: a conflict with the editor.
    first = import_json(write_listing(tmp_path, listings.CHARTS))
    assert first["totals"]["unchanged"] == 1
    again = import_json(write_listing(tmp_path, (*listings.CHARTS[:2], "Second text.")))
    assert again["totals"]["conflict"] == 1
    article.refresh_from_db()
    assert article.standfirst == "Mine"


def test_a_newer_version_again_after_its_undo_is_the_newest(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS, listings.OLDEST)
    newer = (listings.NEW, (*listings.CHARTS[:2], "Second text."), listings.OLDEST)
    undo(import_entries(tmp_path, *newer))
    again = import_json(write_listing(tmp_path, *newer))
    assert (again["totals"]["update"], again["totals"]["unchanged"]) == (2, 1)
    # The file counts as new: all of its entries are stored, the unchanged one too.
    assert SourceEntry.objects.filter(run=ImportRun.objects.latest("id")).count() == 3
    # A reworded entry is still found, though its file was read before the undo.
    reworded = ("Why the map room is bolted", *listings.OLDEST[1:])
    last = import_json(write_listing(tmp_path, listings.NEW, newer[1], reworded))
    assert (last["totals"]["create"], last["totals"]["update"]) == (0, 1)


# Names, findings


def test_an_author_that_an_editor_completed_stays(tmp_path: Path, editor: User) -> None:
    run = import_entries(tmp_path, listings.OLDEST, status="draft")
    author = Author.objects.get(name="Ana Brandt")
    author.bio = "Keeper of maps."
    save_named(author, actor=editor)
    plan = undo(run)
    fates = {row.label: row for row in plan.named}
    assert fates["Ana Brandt"].outcome == KEPT
    assert fates["Ana Brandt"].reason.startswith("edited by Edda Rask")
    assert fates[listings.TOPIC].outcome == REMOVED


def test_an_author_that_stood_on_a_public_article_stays(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.OLDEST, status="draft")
    author = Author.objects.get(name="Ana Brandt")
    public = make_article("Public", authors=[author])
    save_article(ArticleChange(article=public, credits=[]), actor=None)
    plan = undo(run)
    fates = {row.label: row for row in plan.named}
    assert (fates["Ana Brandt"].outcome, fates["Ana Brandt"].reason) == (
        KEPT, "readers saw it on an article",
    )  # fmt: skip


def test_an_author_that_another_article_has_stays(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.OLDEST, status="draft")
    make_article("Mine", authors=[Author.objects.get(name="Ana Brandt")], status="draft")
    plan = undo(run)
    assert {row.label: row.outcome for row in plan.named} == {
        "Ana Brandt": KEPT, listings.TOPIC: REMOVED,
    }  # fmt: skip


def test_series_of_the_run_go_and_come_back(tmp_path: Path) -> None:
    run = import_entries(tmp_path, *listings.FIRST, status="draft")
    series = list(Series.objects.order_by("pk").values())
    assert series
    undo(run)
    assert not Series.objects.exists()
    redo(run)
    assert list(Series.objects.order_by("pk").values()) == series


def test_what_an_editor_settled_is_remembered(tmp_path: Path, editor: User) -> None:
    run = import_entries(tmp_path, listings.STUB, status="draft")
    finding = Finding.objects.get(code="internal-slug")
    settle_findings([finding.pk], FindingState.DISMISSED, actor=editor)
    undo(run)
    finding.refresh_from_db()
    assert (finding.state, finding.article) == (FindingState.DISMISSED, None)
    redo(run)
    finding.refresh_from_db()
    assert (finding.state, finding.article) == (FindingState.DISMISSED, Article.objects.get())


def test_findings_of_articles_that_stay_wait_on(tmp_path: Path) -> None:
    run = import_entries(tmp_path, listings.STUB, status="draft")
    edit(Article.objects.get(), kicker="Mine")
    undo(run)
    assert Finding.objects.get(code="internal-slug").state == FindingState.OPEN


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


# Fixtures


def _import_fixture(folder: Path, content: dict[str, Any]) -> dict[str, Any]:
    path = folder / "archive.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    _, out, err = run_command("import_fixture", path, "--yes", "--format", "json")
    assert out, err
    totals: dict[str, Any] = json.loads(out)["totals"]
    return totals


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_fixture_can_be_taken_back_and_imported_again(tmp_path: Path, status: str) -> None:
    content = minimal()
    content["articles"][0]["status"] = status
    if status == "published":
        content["articles"][0] |= {
            "published_on": "2021-05-02", "visible_from": "2021-05-02T00:00:00Z",
        }  # fmt: skip
    _import_fixture(tmp_path, content)
    imported = export_fixture()
    run = ImportRun.objects.latest("id")
    undo(run)
    assert Article.objects.published().count() == 0
    assert Article.objects.count() == (1 if status == "published" else 0)
    totals = _import_fixture(tmp_path, content)
    assert totals["reject"] == totals["conflict"] == 0
    assert export_fixture() == imported
    # The first run cannot come back whole now: its key is in use again.
    plan = redo(run)
    assert export_fixture() == imported
    if status == "draft":
        assert plan.articles[0].outcome == BLOCKED
    undo(ImportRun.objects.latest("id"))


def test_names_that_a_fixture_changed_go_back(tmp_path: Path) -> None:
    author = {
        "slug": "ann", "name": "Ann", "kind": "person", "sort_name": "Ann", "bio": "",
        "born": "", "died": "", "external_ids": {}, "aliases": ["A."],
    }  # fmt: skip
    content = {"version": 1, "authors": [author], "series": [], "tags": [], "articles": []}
    _import_fixture(tmp_path, content)
    content["authors"] = [author | {"name": "Anne", "bio": "Keeper.", "aliases": ["A.", "B."]}]
    _import_fixture(tmp_path, content)
    run = ImportRun.objects.latest("id")
    plan = undo(run)
    assert not plan.leaves_something
    found = Author.objects.get()
    assert (found.name, found.bio) == ("Ann", "")
    assert "B." not in aliases_of(found)
    redo(run)
    found.refresh_from_db()
    assert (found.name, found.bio) == ("Anne", "Keeper.")
    undo(run)
    _import_fixture(tmp_path, content)
    found.refresh_from_db()
    assert (found.name, found.bio) == ("Anne", "Keeper.")


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
