"""The programs behind docs/proof.md work: a short run of each."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from benchmarks import proof_parser
from tools import proof

ROOT = Path(settings.BASE_DIR)
PROGRAMS = {
    "proof_copy": ["--articles", "60"],
    "proof_outage": ["--seconds", "1"],
    "proof_parser": ["--documents", "60"],
    "proof_properties": ["--only", "tests/search/test_highlight.py"],
    "proof_search": ["--here", "100"],
    "proof_kill": ["--here", "1", "--entries", "300"],
    "proof_merging": ["--here", "1"],
    "proof_sequences": ["--sequences", "1"],
}


def test_every_program_is_tried() -> None:
    assert {path.stem for path in (ROOT / "benchmarks").glob("proof_*.py")} == set(PROGRAMS)


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_short_run_holds(name: str, tmp_path: Path, empty_archive: Path) -> None:
    # Programs that work "here" find an archive that is set up; others make theirs.
    shutil.copy(empty_archive, tmp_path / "archive.sqlite3")
    environment = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": str(tmp_path)}
    environment.pop("DATABASE_URL", None)
    result = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *PROGRAMS[name]],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.strip()


def test_sections_that_were_not_run_again_stay() -> None:
    page = "# What was proven\n\nOld.\n\n## Copy\n\nOne.\n\nIt held.\n\n## Search\n\nTwo.\n"
    text = proof.replaced(
        page, {"Kill": "\n## Kill\n\nNew.\n", "Search": "\n## Search\n\nThree.\n"}
    )
    assert text.startswith(proof.INTRODUCTION)
    sections = text.split("\n## ")[1:]
    assert sections == ["Copy\n\nOne.\n\nIt held.\n", "Kill\n\nNew.\n", "Search\n\nThree.\n"]


def test_a_program_that_is_none_is_refused() -> None:
    command = [sys.executable, "tools/proof.py", "flight"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "There is no program called flight: copy, kill" in result.stderr


@pytest.mark.slow
def test_a_full_run_goes_on_where_it_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof_parser, "BATCH", 10)
    file = tmp_path / "var" / "proof-parser.jsonl"
    first = list(proof_parser.tried(7, 20, file))
    assert [(row["batch"], row["documents"]) for row in sorted(first, key=_batch)] == [
        (0, 10), (1, 10),
    ]  # fmt: skip
    whole = list(proof_parser.tried(7, 25, file))
    assert sorted(whole, key=_batch)[:2] == sorted(first, key=_batch)
    assert sum(row["documents"] for row in whole) == 25
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3
    assert list(proof_parser.tried(7, 0, file)) == whole
    # Another seed and another parser have done nothing.
    assert list(proof_parser.tried(8, 0, file)) == []
    monkeypatch.setattr(proof_parser, "version", lambda: "another")
    assert list(proof_parser.tried(7, 0, file)) == []


def _batch(row: dict[str, Any]) -> int:
    return int(row["batch"])
