"""The memory of an import grows by little with its file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks.imports import write_listing

ROOT = Path(settings.BASE_DIR)
SMALL, LARGE = 1_500, 12_000
#: Bytes that a further entry may take at the peak. An entry and its plan, held whole, take 5,000.
MOST = 1_500
#: What a first import fills whatever its length: caches of words and of the database.
CACHES = 12 * 2**20
PROGRAM = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
import django
django.setup()
from pathlib import Path
from articles.importing import report
from articles.importing.apply import run_import
from articles.importing.plan import make_plan
from articles.importing.reading import read_listing
from articles.importing.records import Options
from articles.importing.snapshot import Snapshot
from benchmarks.imports import peak
listing, options = read_listing(Path(sys.argv[1])), Options(status="published")
if sys.argv[2] == "plan":
    plan = make_plan(listing, "Growth", options, Snapshot())
else:
    plan, _ = run_import(listing, "Growth", options)
for pieces in (report.json_pieces([plan]), report.csv_pieces([plan])):
    sum(map(len, pieces))
assert plan.totals()["create"] == len(listing.entries)
print(peak() * 2**20)
"""


def peak_of(folder: Path, count: int, step: str) -> float:
    """Return the most memory, in bytes, that planning or importing *count* entries takes."""
    folder.mkdir()
    path = folder / "listing.txt"
    write_listing(path, count)
    environment = {
        **os.environ,
        "ARCHIVE_ENV": "local",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/archive.sqlite3",
    }
    peak = 0.0
    for arguments in (
        ["manage.py", "migrate", "--verbosity", "0"],
        ["-c", PROGRAM, str(path), step],
    ):
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        peak = float(result.stdout or 0)
    return peak


@pytest.mark.parametrize("step", ["plan", pytest.param("apply", marks=pytest.mark.slow)])
def test_a_longer_file_takes_little_more_memory(step: str, tmp_path: Path) -> None:
    small = peak_of(tmp_path / "small", SMALL, step)
    large = peak_of(tmp_path / "large", LARGE, step)
    assert large - small < CACHES * (1 + 3 * (step == "apply")) + MOST * (LARGE - SMALL)
