"""Why an entry is read as it is, in words; and the same at the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

from articles.listing import rules
from articles.listing.parser import dialect_names, explain
from articles.listing.shapes import shape_of
from tests.conftest import ROOT
from tests.listing.helpers import STANDFIRST, entries_of, listing

FOLDER = Path(__file__).parent / "dialects"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "articles.listing", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_each_line_is_named_with_its_role_and_rules() -> None:
    lines = listing(
        f"""Harbours
        Obituary
        Hanne Lund, 1950–2024
        By Orla Quill, 9 May 2030
        {STANDFIRST}"""
    )
    (entry,) = entries_of(lines)
    told = explain(entry)
    assert told[0].startswith("Entry 1, lines 3 to 9: dialect classic, confidence ")
    text = "\n".join(told)
    assert "line 3: kicker (0.97): “Obituary”: very short -1.4" in text
    assert "kicker over headline: upper is a bare rubric +3.0" in text
    assert "line 7: byline: “Orla Quill”" in text
    assert "line 7: date: “9 May 2030”: day 2030-05-09, in words" in text
    assert "line 9: standfirst (0.95): “The board met twice" in text


def test_doubts_are_told_with_the_other_reading() -> None:
    lines = listing(
        f"""Harbours
        The long winter
        Ferries and ice in the north
        By Orla Quill, 9 May 2030
        {STANDFIRST}"""
    )
    (entry,) = entries_of(lines)
    doubts = [line for line in explain(entry) if "doubt: line 3, kicker-or-subtitle" in line]
    assert len(doubts) == 1
    assert "Otherwise: " in doubts[0]


def test_every_sample_can_be_explained() -> None:
    for path in FOLDER.glob("*.txt"):
        for entry in entries_of(path.read_text(encoding="utf-8").split("\n")):
            told = explain(entry)
            assert entry.dialect in told[0]
            assert any(f"line {entry.first_line}: " in line for line in told)


def test_the_quick_sum_of_the_rules_for_prose_is_that_of_the_table() -> None:
    for path in FOLDER.glob("*.txt"):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                table = sum(r.weight for r in rules.PROSE if r.holds(shape_of(line)))
                assert rules.prose_weight(shape_of(line)) == pytest.approx(table)


def test_command_line() -> None:
    path = str(FOLDER / "04-date-first.txt")
    result = _run(path, "--explain")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Dialect: date-first. Topic: Notes from the observatory.")
    assert "Entry 8, lines " in result.stdout
    forced = _run(path, "--explain", "--dialect", "classic")
    assert forced.stdout.startswith("Dialect: classic.")
    assert _run(path, "--dialect", "date-first").stdout == _run(path).stdout


def test_a_dialect_that_is_none_is_refused_with_those_that_are() -> None:
    result = _run(str(FOLDER / "04-date-first.txt"), "--dialect", "klingon")
    assert result.returncode == 2
    assert all(name in result.stderr for name in dialect_names())
