"""`imports` lists runs and shows one; `undo_import` takes one back, with its exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management.base import CommandError

from articles.importing.undoing.undo import take_back
from articles.models import Article, ImportRun, Operation
from tests.importing import listings
from tests.importing.listings import run, write_listing
from tests.importing.undoing import archive_rows, edit, import_entries

pytestmark = pytest.mark.django_db


# undo_import


def test_undo_and_redo_by_command(tmp_path: Path) -> None:
    imported = import_entries(tmp_path, *listings.FIRST, status="draft")
    rows = archive_rows()
    code, out, err = run("undo_import", imported.pk, "--yes", "--reason", "A wrong file")
    assert (code, err) == (0, f"Undoing run {imported.pk} ...\n")
    assert out.startswith(f"Import run {imported.pk} ({imported.file_name}) was undone: 8 articles")
    assert not Article.objects.exists()
    assert Operation.objects.latest("id").reason == "A wrong file"
    code, out, _ = run("undo_import", imported.pk, "--redo", "--yes")
    assert code == 0
    assert "is back: 8 articles brought back" in out
    assert archive_rows() == rows


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    imported = import_entries(tmp_path, *listings.FIRST[:3])
    article = Article.objects.get(headline="Charts that lie")
    edit(article, kicker="Mine")
    rows, operations = archive_rows(), Operation.objects.count()
    code, told, _ = run("undo_import", imported.pk, "--dry-run")
    assert code == 1  # something would stay
    assert (archive_rows(), Operation.objects.count()) == (rows, operations)
    assert "would be undone: 2 articles withdrawn, 1 article kept" in told
    assert f"kept         2021-05-02  Charts that lie [{article.public_key.key}]: edited by" in told
    # Which articles go is what a person looks for before they agree.
    assert told.count("  withdrawn    2021-") == 2
    code, done, _ = run("undo_import", imported.pk, "--yes", "-v", "2")
    assert code == 1
    assert done == told.replace("would be undone", "was undone")


def test_the_json_report(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS)
    imported = import_entries(tmp_path, listings.NEW, (*listings.CHARTS[:2], "Other."))
    path = tmp_path / "undo.json"
    code, out, _ = run(
        "undo_import", imported.pk, "--yes", "--format", "json", "--output", str(path)
    )
    assert (code, out) == (0, "")
    report = json.loads(path.read_text(encoding="utf-8"))
    assert (report["run"], report["action"], report["applied"]) == (imported.pk, "undo", True)
    assert report["operation"] == Operation.objects.latest("id").pk
    assert report["totals"]["withdrawn"] == report["totals"]["fields_restored"] == 1
    updated = next(row for row in report["articles"] if row["fields"])
    assert updated == {
        "kind": "article",
        "outcome": "restored",
        "reason": None,
        "article": Article.objects.get(headline="Charts that lie").public_key.key,
        "headline": "Charts that lie",
        "published_on": "2021-05-02",
        "fields": [
            {
                "field": "standfirst",
                "outcome": "restored",
                "now": "Other.",
                "then": listings.CHARTS[2],
                "reason": None,
            }
        ],
    }
    _, out, _ = run("undo_import", imported.pk, "--redo", "--dry-run", "--format", "json")
    report = json.loads(out)
    assert (report["action"], report["applied"], report["operation"]) == ("redo", False, None)


@pytest.mark.parametrize("number", [0, -1, 999, 2**70])
def test_an_unknown_run_is_a_clear_error(number: int) -> None:
    code, out, err = run("undo_import", "--format=json", "--", number)
    assert (code, out) == (2, "")
    assert err == f"There is no import run {number}. `manage.py imports` lists them.\n"


def test_twice_is_a_clear_error(tmp_path: Path) -> None:
    imported = import_entries(tmp_path, listings.CHARTS)
    code, _, err = run("undo_import", imported.pk, "--redo")
    assert (code, err[:20]) == (2, f"Bringing back run {imported.pk} ..."[:20])
    assert f"Run {imported.pk} is not undone." in err
    plan = take_back(imported)
    code, _, err = run("undo_import", imported.pk)
    assert code == 2
    assert f"Run {imported.pk} is already undone (operation {plan.operation}, 20" in err


def test_a_file_that_cannot_be_written_stops_it_before(tmp_path: Path) -> None:
    imported = import_entries(tmp_path, listings.CHARTS)
    code, _, err = run("undo_import", imported.pk, "--output", str(tmp_path / "none" / "x.json"))
    assert code == 2
    assert "No such file" in err
    imported.refresh_from_db()
    assert imported.undone is None


# imports


@pytest.fixture
def three(tmp_path: Path) -> list[ImportRun]:
    first = import_entries(tmp_path, *listings.FIRST)
    second = import_entries(
        tmp_path, listings.NEW, (*listings.CHARTS[:2], "Other."), options=["--tag", "Extra"]
    )
    third = import_entries(tmp_path, listings.OLDEST, options=["--source", "Another source"])
    return [first, second, third]


def test_runs_are_listed_newest_first(three: list[ImportRun]) -> None:
    user = User.objects.create_user("editor", first_name="Edda", last_name="Rask")
    take_back(three[1], actor=user, reason="A wrong file")
    _, out, _ = run("imports")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines if line[4].isdigit()] == [
        str(found.pk) for found in reversed(three)
    ]
    assert "8 create, 7 became public" in out
    (undone,) = [line for line in lines if "undone" in line]
    assert "by Edda Rask (operation" in undone
    assert undone.endswith(": A wrong file")
    _, out, _ = run("imports", "--limit", "1", "--format", "json")
    (listed,) = json.loads(out)["runs"]
    assert (listed["run"], listed["source"], listed["undone"]) == (
        three[2].pk, "Another source", None,
    )  # fmt: skip
    _, out, _ = run("imports", "--source", "TIDES of Ostrany", "--format", "json")
    found = json.loads(out)["runs"]
    assert [one["run"] for one in found] == [three[1].pk, three[0].pk]
    assert found[0]["undone"]["by"] == "Edda Rask"
    assert found[0]["undone"]["reason"] == "A wrong file"
    _, out, _ = run("imports", "--source", "None such")
    assert out == "There are no import runs of the source “None such”.\n"


def test_listing_takes_the_same_queries_for_any_number(
    three: list[ImportRun], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        run("imports")


def test_a_run_is_shown_in_full(three: list[ImportRun]) -> None:
    key = Article.objects.get(headline="Charts that lie").public_key.key
    _, out, _ = run("imports", "show", three[1].pk)
    assert f"Import run {three[1].pk}: {three[1].file_name} (Tides of Ostrany)" in out
    assert "options: status published, tags Extra" in out
    assert f"  2021-05-02  Charts that lie [{key}]\n" in out
    assert f"            standfirst: “{listings.CHARTS[2]}” -> “Other.”\n" in out
    assert "CREATE    lines 3-7  2021-05-05  The harbour chain is raised" in out
    _, out, _ = run("imports", "show", three[0].pk)
    assert "internal-slug (open): " in out


def test_a_run_is_shown_as_json(three: list[ImportRun]) -> None:
    take_back(three[1])
    _, out, _ = run("imports", "show", three[1].pk, "--format", "json")
    shown = json.loads(out)
    assert (shown["version"], shown["run"], shown["file"]) == (1, three[1].pk, three[1].file_name)
    assert shown["options"]["tags"] == ["Extra"]
    assert shown["totals"]["create"] == 1
    assert shown["undone"]["by"] is None
    entries = {entry["headline"]: entry for entry in shown["entries"]}
    assert entries["The harbour chain is raised"]["change"] == "CREATE"
    assert entries["The harbour chain is raised"]["article"] is None  # the undo cut the link
    changed = entries["Charts that lie"]
    assert changed["change"] == "UPDATE"
    assert changed["fields"]["standfirst"] == [listings.CHARTS[2], "Other."]
    assert set(changed["fields"]) == {"standfirst", "tags"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show"], "Which run"),
        (["show", "999"], "There is no import run 999"),
        (["show", str(2**70)], "There is no import run"),
        (["--limit", "0"], "--limit"),
        (["nonsense"], "invalid choice"),
        (["show", "x"], "invalid int"),
    ],
)
def test_wrong_usage_is_a_clear_error(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run("imports", *arguments)


def test_no_runs_at_all() -> None:
    assert run("imports")[1] == "There are no import runs.\n"


def test_a_listing_imported_twice_shows_that_it_stored_nothing(tmp_path: Path) -> None:
    import_entries(tmp_path, listings.CHARTS)
    path = write_listing(tmp_path, listings.CHARTS)
    run("import_listing", path, "--yes")
    _, out, _ = run("imports", "show", ImportRun.objects.latest("id").pk)
    assert "1 entries: 1 unchanged" in out
