"""docs/importing.md: every command runs as it stands, and every example is what comes out."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from articles.models import Article, ImportRun
from tests.conftest import ROOT
from tests.importing import listings
from tests.importing.listings import run, write_listing

pytestmark = pytest.mark.django_db

PAGE = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^\.venv/bin/python (manage\.py .+|-m .+)$|`\.venv/bin/python (manage\.py [^`]+)`", re.M)  # fmt: skip  # noqa: E501


@pytest.fixture
def listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the listing that the page speaks of; work beside it."""
    monkeypatch.chdir(tmp_path)
    return write_listing(tmp_path, *listings.FIRST, name="listing.txt")


def block(language: str, number: int = 0) -> str:
    return PAGE.split(f"```{language}\n")[number + 1].split("```")[0]


def documented() -> list[list[str]]:
    """Return the commands of the page as words, in its order."""
    found = [(match[1] or match[2]).replace("\n", " ") for match in COMMAND.finditer(PAGE)]
    return [shlex.split(line, comments=True) for line in found]


def test_the_page_has_the_commands_of_the_importer() -> None:
    names = {words[1] for words in documented() if words[0] == "manage.py"}
    assert {"import_listing", "export_listing", "check_archive", "remove_sample"} <= names
    assert len(documented()) > 12


def test_every_command_does_what_the_page_says(listing: Path) -> None:
    # What is no command of manage.py is run by test_commands.py.
    for words in documented():
        line = " ".join(words)
        if words[0] != "manage.py":
            continue
        # A run has the number that the archive gave it.
        newest = ImportRun.objects.order_by("-id").values_list("id", flat=True).first() or 0
        given = [str(newest) if word.isdigit() else word for word in words[1:]]
        try:
            code, _, err = run(*given)
        except CommandError as error:
            code, err = error.returncode, str(error)
        assert code in {0, 1}, f"{line}: exit {code}: {err}"
        assert "Traceback" not in err


def test_what_the_page_says_of_each_step(listing: Path) -> None:
    _, out, _ = run("import_listing", listing, "--dry-run")
    assert out.startswith("7 articles would become public.")
    assert not Article.objects.exists()
    run("import_listing", listing)
    assert Article.objects.count() == 8
    run("export_listing", "--output", "export.txt")
    _, out, _ = run("import_listing", "export.txt", "--dry-run", "--format", "json")
    assert json.loads(out)["totals"]["unchanged"] == 7


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items() if name != "alternatives"}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


def test_the_json_report_has_the_documented_shape(listing: Path) -> None:
    _, out, _ = run("import_listing", listing, "--dry-run", "--format", "json")
    report, example = json.loads(out), json.loads(block("json"))
    entry, shown = report["listings"][0]["entries"][3], example["listings"][0]["entries"][0]
    assert report["version"] == example["version"]
    assert list(report) == list(example)
    assert list(report["listings"][0]) == list(example["listings"][0])
    assert list(report["listings"][0]["options"]) == list(example["listings"][0]["options"])
    assert list(report["totals"]) == list(example["totals"])
    assert list(entry) == list(shown)
    assert shape(entry["authors"]) == shape(shown["authors"])
    assert shape(entry["series"]) == shape(shown["series"])
    remarks = [remark for row in report["listings"][0]["entries"] for remark in row["diagnostics"]]
    assert set(remarks[0]) == set(shown["diagnostics"][0])


def test_a_plan_that_moved_is_refused_in_the_documented_words(listing: Path) -> None:
    run("import_listing", listing, "--dry-run", "--format", "json", "--output", "plan.json")
    run("import_listing", listing)
    code, _, err = run("import_listing", "--apply", "plan.json")
    assert code == 2
    said = [line for line in err.split("\n") if not line.startswith(("Reading", "Importing"))]
    first, second = block("text").split("\n")[:2]
    assert said[0] == first
    form = r"  \S+: entry lines \d+-\d+: was [A-Z]+, would now be [A-Z]+( of \w+)?: .+"
    assert re.fullmatch(form, second)
    assert re.fullmatch(form, said[1].replace(str(listing), "listing.txt"))


def test_an_export_looks_as_the_page_shows_it(listing: Path) -> None:
    run("import_listing", listing)
    _, out, _ = run("export_listing", "--source", listings.TOPIC)
    key = Article.objects.get(headline="Charts that lie").public_key.key
    shown = block("text", 1).replace("7k2m9x4q", key).strip()
    assert "\n\n".join(out.split("\n\n")[:2]) == shown


def test_the_json_of_an_undo_has_the_documented_shape(listing: Path) -> None:
    run("import_listing", listing)
    run_id = ImportRun.objects.get().pk
    _, out, _ = run("undo_import", run_id, "--dry-run", "--format", "json")
    report, example = json.loads(out), json.loads(block("json", 1))
    assert list(report) == list(example)
    assert list(report["totals"]) == list(example["totals"])
    assert set(report["articles"][0]) <= set(example["articles"][0])
    assert set(report["names"][0]) == set(example["names"][0])
