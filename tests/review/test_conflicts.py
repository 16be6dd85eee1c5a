"""A conflict is open as long as listing and editor disagree, once, and says what is so now."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils.translation import override

from articles.choices import FindingState, Status
from articles.importing.undoing.undo import REDO, UNDO, take_back
from articles.models import Article, FieldChange, Finding, ImportRun
from articles.review.sentences import said
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from articles.writing.findings import settle_findings
from articles.writing.suggestions import CannotApply, decide_conflict
from tests.factories import make_article
from tests.importing.listings import CHARTS, OLDEST, import_json, run, write_listing

pytestmark = pytest.mark.django_db

OURS, FIRST, SECOND = "Ours.", CHARTS[2], "Theirs, and newer."


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ed", is_staff=True)


def listed(folder: Path, standfirst: str, *more: str, byline: str = CHARTS[1]) -> dict[str, Any]:
    """Import the listing with this standfirst; return the totals."""
    entry = (CHARTS[0], byline, standfirst)
    report = import_json(write_listing(folder, entry, OLDEST), *more)
    totals: dict[str, Any] = report["totals"]
    return totals


def edited(editor: User, **fields: Any) -> Article:
    article = Article.objects.get(headline=CHARTS[0])
    return save_article(ArticleChange(article=article, fields=fields), actor=editor)


def open_ones() -> list[dict[str, Any]]:
    """Return what waits in each open conflict: field to the value of the listing."""
    rows = Finding.objects.filter(code="conflict", state=FindingState.OPEN).order_by("pk")
    return [
        {
            name: sides["source"]
            for name, sides in row.evidence["fields"].items()
            if name not in row.evidence.get("decided", {})
        }
        for row in rows
    ]


@pytest.fixture
def conflict(tmp_path: Path, editor: User) -> Finding:
    run("import_listing", write_listing(tmp_path, CHARTS, OLDEST), "--yes")
    edited(editor, standfirst=OURS)
    assert listed(tmp_path, SECOND)["conflict"] == 1
    assert open_ones() == [{"standfirst": SECOND}]
    return Finding.objects.get(code="conflict")


def ended(finding: Finding) -> bool:
    finding.refresh_from_db()
    return (finding.state, finding.settled_by) == (FindingState.RESOLVED, None)


def test_a_newer_value_takes_the_place_of_the_one_asked_about(
    conflict: Finding, tmp_path: Path, editor: User
) -> None:
    assert listed(tmp_path, "Theirs, and newest.")["conflict"] == 1
    assert open_ones() == [{"standfirst": "Theirs, and newest."}]
    assert ended(conflict)
    change = FieldChange.objects.get(subject_type="finding", subject_id=conflict.pk, field="state")
    assert change.operation.kind == "import"
    with pytest.raises(CannotApply, match="something else by now"):
        decide_conflict(conflict.pk, {"standfirst": "take"}, actor=editor)
    assert Article.objects.get(headline=CHARTS[0]).standfirst == OURS


def test_the_old_value_again_ends_it(conflict: Finding, tmp_path: Path) -> None:
    totals = listed(tmp_path, FIRST)
    assert (totals["conflict"], totals["unchanged"]) == (0, 2)
    assert open_ones() == []
    assert ended(conflict)


def test_our_value_ends_it(conflict: Finding, tmp_path: Path) -> None:
    assert listed(tmp_path, OURS)["conflict"] == 0
    assert open_ones() == []
    assert ended(conflict)


def test_the_same_file_again_changes_nothing(conflict: Finding, tmp_path: Path) -> None:
    assert listed(tmp_path, SECOND)["unchanged"] == 2
    assert open_ones() == [{"standfirst": SECOND}]


def test_what_comes_back_is_asked_again(conflict: Finding, tmp_path: Path) -> None:
    for text in (FIRST, SECOND):
        listed(tmp_path, text)
    assert open_ones() == [{"standfirst": SECOND}]
    conflict.refresh_from_db()
    assert conflict.state == FindingState.OPEN


def test_undoing_the_import_that_ended_it_asks_again(conflict: Finding, tmp_path: Path) -> None:
    listed(tmp_path, "Theirs, and newest.")
    last = ImportRun.objects.order_by("pk").last()
    assert last is not None
    assert open_ones() == [{"standfirst": "Theirs, and newest."}]
    take_back(last, UNDO)
    assert open_ones() == [{"standfirst": SECOND}]
    last.refresh_from_db()
    take_back(last, REDO)
    assert open_ones() == [{"standfirst": "Theirs, and newest."}]


def test_typing_what_the_listing_says_ends_it(conflict: Finding, editor: User) -> None:
    edited(editor, standfirst=SECOND)
    assert open_ones() == []
    assert ended(conflict)
    with pytest.raises(CannotApply, match="something else by now"):
        decide_conflict(conflict.pk, {"standfirst": "take"}, actor=editor)


def test_one_field_may_be_over_while_another_waits(
    conflict: Finding, tmp_path: Path, editor: User
) -> None:
    edited(editor, byline="By M. Oldcastle")
    byline = "By Mira Oldcastle, Tomasz Łęk and Ana Brandt, 2 May 2021"
    listed(tmp_path, SECOND, byline=byline)
    assert sorted(name for row in open_ones() for name in row) == ["byline", "standfirst"]
    both = Finding.objects.filter(code="conflict", state="open").latest("pk")
    listed(tmp_path, "Third.", byline=byline)
    assert {name: text for row in open_ones() for name, text in row.items()} == {
        "byline": "Mira Oldcastle, Tomasz Łęk and Ana Brandt", "standfirst": "Third.",
    }  # fmt: skip
    both.refresh_from_db()
    assert both.state == FindingState.OPEN
    assert ended(conflict)


def test_another_source_ends_nothing(conflict: Finding, tmp_path: Path) -> None:
    listed(tmp_path, FIRST, "--source", "Another page")
    assert {"standfirst": SECOND} in open_ones()


def test_another_source_that_brings_the_value_ends_it(conflict: Finding, tmp_path: Path) -> None:
    assert listed(tmp_path, OURS, "--source", "Another page")["create"] == 0
    assert listed(tmp_path, SECOND, "--source", "Another page")["update"] == 1
    assert open_ones() == []
    assert ended(conflict)


def test_a_dry_run_ends_nothing(conflict: Finding, tmp_path: Path) -> None:
    run("import_listing", write_listing(tmp_path, CHARTS, OLDEST), "--dry-run")
    assert open_ones() == [{"standfirst": SECOND}]


def test_a_refused_value_is_no_conflict_in_the_report(
    conflict: Finding, tmp_path: Path, editor: User
) -> None:
    decide_conflict(conflict.pk, {"standfirst": "keep"}, actor=editor)
    assert listed(tmp_path, "Something else.")["conflict"] == 1
    totals = listed(tmp_path, SECOND)
    assert (totals["conflict"], totals["unchanged"]) == (0, 2)
    path = write_listing(tmp_path, (*CHARTS[:2], SECOND), OLDEST)
    assert run("import_listing", path, "--dry-run")[0] == 0
    assert open_ones() == []


def test_what_is_opened_again_is_decided_anew(conflict: Finding, editor: User) -> None:
    decide_conflict(conflict.pk, {"standfirst": "keep"}, actor=editor)
    settle_findings([conflict.pk], FindingState.OPEN, actor=editor)
    assert open_ones() == [{"standfirst": SECOND}]
    decide_conflict(conflict.pk, {"standfirst": "take"}, actor=editor)
    assert Article.objects.get(headline=CHARTS[0]).standfirst == SECOND


@pytest.mark.parametrize("field", ["status", "owner", "translation_of", "visible_from"])
def test_no_click_takes_what_is_no_word_of_a_listing(editor: User, field: str) -> None:
    article = make_article("Ours", status="draft")
    finding = Finding.objects.create(
        code="conflict", message="x", article=article, fingerprint="1",
        evidence={"fields": {field: {"source": "published", "archive": "draft"}}},
    )  # fmt: skip
    with pytest.raises(CannotApply, match="by hand"):
        decide_conflict(finding.pk, {field: "take"}, actor=editor)
    article.refresh_from_db()
    assert article.status == Status.DRAFT


PAGE = "Tides\n\nHow bells are cast\n4 May 2021\nBronze is poured at night, as the wind sleeps.\n"


def test_a_working_title_takes_no_public_headline(tmp_path: Path, client: Client) -> None:
    """What readers see does not become a working title: an editor is asked."""
    other = "\nThe lamp goes out\n3 May 2021\nNobody knows who paid for the oil of that winter.\n"
    path = tmp_path / "page.txt"
    path.write_text(PAGE + other, encoding="utf-8")
    run("import_listing", path, "--yes")
    path.write_text(PAGE.replace("How bells are cast", "230 Smithers") + other, encoding="utf-8")
    _, report, _ = run("import_listing", path, "--yes", "--format", "json")
    entry = json.loads(report)["listings"][0]["entries"][0]
    assert (entry["change"], list(entry["conflicts"])) == ("CONFLICT", ["headline"])
    article = Article.objects.get(published_on="2021-05-04")
    assert article.headline == "How bells are cast"
    assert "Smithers" not in client.get("/").content.decode()
    finding = Finding.objects.get(code="conflict")
    assert finding.evidence["fields"]["headline"]["source"] == "230 Smithers"
    # The same page again asks nothing new, and a draft takes it: nobody sees it there.
    _, report, _ = run("import_listing", path, "--yes", "--format", "json")
    assert json.loads(report)["totals"]["conflict"] == 0
    assert Finding.objects.filter(code="conflict").count() == 1


def test_a_draft_takes_a_working_title_and_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    run("import_listing", path, "--yes", "--status", "draft")
    path.write_text(PAGE.replace("How bells are cast", "230 Smithers"), encoding="utf-8")
    run("import_listing", path, "--yes", "--status", "published")
    article = Article.objects.get()
    assert (article.headline, article.status) == ("230 Smithers", "draft")
    assert Finding.objects.filter(code="internal-slug", state="open").exists()


def test_a_conflict_names_fields_as_forms_do() -> None:
    text = "The listing and an editor both changed byline, published_on; the editor's value stands."
    assert "byline, date of publication;" in said(text)
    with override("de"):
        assert "Erscheinungsdatum" in said(text)
