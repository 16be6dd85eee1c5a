"""After an undo: what another run brings too, and what the next import makes anew."""

from pathlib import Path

import pytest
from django.test import Client

from articles.choices import FindingState, OperationKind, Status
from articles.importing.undoing.plan import (
    KEPT,
    REMOVED,
    WITHDRAWN,
)
from articles.importing.undoing.undo import REDO, UNDO, NotPossible, take_back
from articles.models import (
    Article,
    Finding,
    ImportRun,
    Operation,
    PublicKey,
    SourceEntry,
    Tag,
)
from articles.writing.articles import delete_articles, set_status
from authors.models import Author
from tests.importing import listings
from tests.importing.listings import import_json, write_listing
from tests.importing.listings import run as run_command
from tests.importing.undoing import archive_rows, edit, import_entries, outcomes, redo, undo

pytestmark = pytest.mark.django_db


#: What moves on with every write: for optimistic locking, and for "changed" in lists.
MOVES = ("version", "updated")


#: What names rows by number, and so differs between rows that are otherwise the same.
ROW_IDS = (
    "id", "article_id", "author_id", "tag_id", "series_id", "content_object_id", "sort_key",
    "created", "facettotal.term",
)  # fmt: skip


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
