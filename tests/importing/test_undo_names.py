"""What an undo does to authors, series, tags and findings, and to fixtures."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from articles.choices import FindingState
from articles.importing.fixtures.archive import export_fixture
from articles.importing.undoing.plan import (
    BLOCKED,
    KEPT,
    REMOVED,
)
from articles.models import (
    Article,
    Finding,
    ImportRun,
    Series,
)
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from articles.writing.findings import settle_findings
from articles.writing.names import aliases_of, save_named
from authors.models import Author
from tests.factories import make_article
from tests.importing import listings
from tests.importing.listings import run as run_command
from tests.importing.test_fixtures import minimal
from tests.importing.undoing import edit, import_entries, redo, undo

pytestmark = pytest.mark.django_db


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
