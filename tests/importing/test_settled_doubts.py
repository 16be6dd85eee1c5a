"""A plan tells apart what an editor settled before: it is no open doubt, and nobody is asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from articles.choices import FindingState
from articles.models import Finding
from articles.writing.findings import settle_findings
from tests.importing.listings import CHARTS, OLDEST, run, write_listing

pytestmark = pytest.mark.django_db

#: Of the parser (a name in two spellings is none) and of a check that the parser has, too.
TANGLED = ("The fog bell", "By Ana Brandt, 6 May 2021", "It rang the the nightOn Monday “all.")


def remarks(path: Path) -> dict[str, bool]:
    """Return the codes of the doubts in the plan of *path*, and whether they were settled."""
    _code, out, _err = run("import_listing", path, "--dry-run", "--format", "json")
    (listing,) = json.loads(out)["listings"]
    found: list[Any] = [*listing["diagnostics"]]
    for entry in listing["entries"]:
        found += entry["diagnostics"]
    return {remark["code"]: "settled" in remark for remark in found}


@pytest.mark.parametrize("state", [FindingState.DISMISSED, FindingState.RESOLVED])
def test_settled_doubts_are_told_apart(tmp_path: Path, state: FindingState) -> None:
    path = write_listing(tmp_path, TANGLED, CHARTS, OLDEST)
    before = remarks(path)
    assert before
    assert not any(before.values())
    run("import_listing", path, "--yes")
    assert remarks(path) == before
    one = Finding.objects.filter(code__in=before).order_by("id")[0]
    settle_findings([one.pk], state, actor=None)
    assert remarks(path) == before | {one.code: True}
    _code, out, _err = run("import_listing", path, "--dry-run", "-v", "2")
    assert "1 doubt was settled before; nobody is asked again" in out
    settle_findings(Finding.objects.values_list("pk", flat=True), state, actor=None)
    assert all(remarks(path).values())
    settle_findings(Finding.objects.values_list("pk", flat=True), FindingState.OPEN, actor=None)
    assert remarks(path) == before


def test_a_doubt_about_several_entries_is_settled_too(tmp_path: Path) -> None:
    entries = [
        ("From the lamp room", f"The {name} of the lamp", f"By Ana Brandt, {day} May 2021",
         f"The {name} has no other use.")
        for day, name in ((9, "oil"), (8, "glass"))
    ]  # fmt: skip
    path = write_listing(tmp_path, *entries, OLDEST)
    run("import_listing", path, "--yes")
    about = Finding.objects.get(code="series-proposal")
    settle_findings([about.pk], FindingState.DISMISSED, actor=None)
    assert remarks(path)["series-proposal"]
    assert sum(remarks(path).values()) == 1


def test_the_same_entry_twice_is_said_before_it_is_two_articles(tmp_path: Path) -> None:
    other = (*CHARTS[:-1], f"{CHARTS[-1]} Told otherwise, at some more length than it was before.")
    path = write_listing(tmp_path, CHARTS, OLDEST, CHARTS, other)
    _code, out, _err = run("import_listing", path, "--dry-run", "--format", "json")
    (listing,) = json.loads(out)["listings"]
    said = [
        (one["lines"], remark["message"])
        for one in listing["entries"]
        for remark in one["diagnostics"]
        if remark["code"] == "similar-headline"
    ]
    first, last = listing["entries"][0]["lines"]
    third = listing["entries"][2]
    assert third["headline"] == listing["entries"][0]["headline"]
    assert said == [(third["lines"], f"The same entry stands on lines {first}–{last}, too.")]
    run("import_listing", path, "--yes")
    # The check asks of the two, once each; the plan's own remark is no second finding.
    asked = Finding.objects.filter(code="similar-headline")
    pairs = set(asked.values_list("article", "other_article"))
    assert len(pairs) == asked.count()
    assert None not in {one for pair in pairs for one in pair}
    assert not remarks(path)["similar-headline"]
    settle_findings(asked.values_list("pk", flat=True), FindingState.DISMISSED, actor=None)
    assert remarks(path)["similar-headline"]


def test_two_that_are_equal_are_asked_about_once(tmp_path: Path) -> None:
    path = write_listing(tmp_path, CHARTS, OLDEST, CHARTS)
    run("import_listing", path, "--yes")
    finding = Finding.objects.get(code="similar-headline")
    assert finding.other_article is not None
    # It is the finding of the one, and the plan says it of the other.
    settle_findings([finding.pk], FindingState.DISMISSED, actor=None)
    assert remarks(path)["similar-headline"]
