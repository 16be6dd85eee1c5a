"""Columns given by hand: in the command, its plan files and reports, and in the next import."""

import json
from pathlib import Path
from typing import Any

import pytest

from articles.models import Article, ImportRun, SourceEntry
from tests.importing.listings import import_json, run

pytestmark = pytest.mark.django_db

ROWS = "Titel;Ersch.-Tag;Autor;Notiz\nThe bell;2021-02-19;Mira Oldcastle;dull\nThe map;p. 3;;\n"
BY_HAND = ("--column", "Ersch.-Tag=date", "--column", "Notiz=")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "bells.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def columns(report: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    told = report["listings"][0]["columns"]
    return {column["header"]: (column["field"], column["how"]) for column in told}


def newer(table: Path, more: str = "The quay;2021-03-01;;\n") -> Path:
    table.write_text(ROWS + more, encoding="utf-8")
    return table


def test_an_import_by_hand_says_so_everywhere_and_keeps_its_lines(table: Path) -> None:
    code, out, err = run("import_listing", table, *BY_HAND)
    assert code == 1, err  # the second row has no date
    assert (
        "  columns: “Titel” as headline (by name), “Ersch.-Tag” as date (by hand), “Autor” as"
        " byline (by name), “Notiz” left out (by hand)"
    ) in out
    article = Article.objects.get()
    assert article.published_on.isoformat() == "2021-02-19"
    entry = SourceEntry.objects.get(article=article)
    assert (entry.first_line, entry.text) == (2, "The bell;2021-02-19;Mira Oldcastle;dull")
    made = ImportRun.objects.get()
    assert made.options["columns"] == {"Ersch.-Tag": "published_on", "Notiz": ""}
    assert "columns Ersch.-Tag=date, Notiz=" in run("imports", "show", str(made.pk))[1]


def test_the_source_remembers_until_something_else_is_given(table: Path) -> None:
    import_json(table, *BY_HAND)
    report = import_json(newer(table))
    assert columns(report)["Ersch.-Tag"] == ("published_on", "remembered")
    assert columns(report)["Notiz"] == (None, "remembered")
    assert report["listings"][0]["options"]["columns"] == {
        "Ersch.-Tag": "published_on", "Notiz": "",
    }  # fmt: skip
    assert report["totals"]["create"] == 1
    # Another source knows nothing of it.
    other = import_json(table, "--source", "Other bells", "--dry-run")
    assert columns(other)["Ersch.-Tag"] == (None, None)
    # And what is given now is what is remembered from then on.
    report = import_json(newer(table, "x;;;Hills\n"), "--column", "Notiz=tags")
    assert columns(report)["Notiz"] == ("tags", "hand")
    assert columns(import_json(newer(table)))["Notiz"] == ("tags", "remembered")


def test_an_undone_run_says_nothing_of_columns_until_it_is_brought_back(table: Path) -> None:
    import_json(table, *BY_HAND)
    pk = ImportRun.objects.get().pk
    run("undo_import", pk, "--yes")
    assert columns(import_json(table, "--dry-run"))["Ersch.-Tag"] == (None, None)
    run("undo_import", pk, "--redo", "--yes")
    report = import_json(table, "--dry-run")
    assert columns(report)["Ersch.-Tag"] == ("published_on", "remembered")


def test_a_plan_file_carries_the_columns(table: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    run("import_listing", table, *BY_HAND, "--dry-run", "--format", "json", "--output", plan)
    code, _, err = run("import_listing", "--apply", plan, "--column", "Notiz=tags")
    assert (code, "--column is not what the plan was made with" in err) == (2, True), err
    code, _, err = run("import_listing", "--apply", plan, "--column", "Notiz=")
    assert code == 1, err
    assert Article.objects.get().headline == "The bell"
    assert ImportRun.objects.get().options["columns"]["Ersch.-Tag"] == "published_on"


def test_a_plan_of_remembered_columns_is_applied_although_the_memory_is_gone(
    table: Path, tmp_path: Path
) -> None:
    import_json(table, *BY_HAND)
    plan = tmp_path / "plan.json"
    newer(table)
    run("import_listing", table, "--dry-run", "--format", "json", "--output", plan)
    ImportRun.objects.update(options={"status": "published", "tags": []})
    assert run("import_listing", "--apply", plan)[0] == 1
    assert Article.objects.filter(headline="The quay").exists()


def test_a_plan_whose_columns_are_none_is_refused(table: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    run("import_listing", table, *BY_HAND, "--dry-run", "--format", "json", "--output", plan)
    told = json.loads(plan.read_text())
    from articles.importing.report import digest

    told["listings"][0]["options"]["columns"] = {"Notiz": 3}
    told["listings"][0]["digest"] = digest(told["listings"][0])
    plan.write_text(json.dumps(told))
    code, _, err = run("import_listing", "--apply", plan)
    assert (code, "its columns are not texts by header" in err) == (2, True), err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Day=date", "no column is called “Day”; there are “Titel”, “Ersch.-Tag”"),
        ("Notiz=remark", "no field is called “remark”; there are headline, kicker"),
        ("Notiz", "HEADER=FIELD"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_written(
    table: Path, given: str, said: str
) -> None:
    code, _, err = run("import_listing", table, "--column", given)
    assert (code, said in err) == (2, True), err
    assert not ImportRun.objects.exists()


def test_a_text_has_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "tides.txt"
    path.write_text("Tides\n\nThe bell\n\n19 February 2021\n")
    code, _, err = run("import_listing", path, "--column", "Day=date")
    assert (code, "only csv, tsv, xlsx, json, jsonl have columns" in err) == (2, True), err
