"""The memory of an import grows by little with its file, whatever the step and the format."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks.imports import entries

pytestmark = pytest.mark.slow
ROOT = Path(settings.BASE_DIR)
SMALL, LARGE = 1_000, 6_000
#: Bytes that a further entry may take at the peak of a step. Held whole, entries would take 2,500
#: as read from plain text, 5,000 with their plan, 3,000 and more as read from these files of data.
MOST = {"text": 1_200, "csv": 700, "jsonl": 700, "wordpress": 700, "plan": 700, "apply": 1_500}
PROGRAM = """
import gc, json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
import django
django.setup()
from pathlib import Path
from django.db import connection
from articles.importing import report
from articles.importing.apply import run_import
from articles.importing.plan import make_plan
from articles.importing.reading import read_listing
from articles.importing.records import Options
from articles.importing.snapshot import Snapshot
from benchmarks.imports import Stages

def written(plan):
    for pieces in (report.json_pieces([plan]), report.csv_pieces([plan])):
        sum(map(len, pieces))

with connection.cursor() as cursor:
    cursor.execute("PRAGMA cache_size = -1000")  # the database's own memory is not looked at
folder, stages, options = Path(sys.argv[1]), Stages(), Options(status="published")
sizes = [folder / size for size in ("small", "large")]
# What takes least comes first: memory that a step before has freed would hide what one takes.
for name in ("listing.csv", "listing.jsonl", "listing.xml", "listing.txt"):
    for place in sizes:
        gc.collect()
        stages.begin()
        listing = read_listing(place / name)
        stages.end(f"{place.name} {listing.input_format}")
        del listing
listings = [read_listing(place / "listing.txt") for place in sizes]
for place, listing in zip(sizes, listings):
    stages.begin()
    written(make_plan(listing, place.name, options, Snapshot()))
    stages.end(f"{place.name} plan")
for place, listing in zip(sizes, listings):
    stages.begin()
    plan, _ = run_import(listing, place.name, options)
    written(plan)
    stages.end(f"{place.name} apply")
    assert plan.totals()["create"] == len(listing.entries)
print(json.dumps({name: step["peak"] * 2**20 for name, step in stages.found.items()}))
"""
_WXR = (
    '<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Tides</title>'
)


def write_text(path: Path, count: int) -> None:
    texts = (f"{text}\n" for text in entries(count, seed=count))  # no two have an article in common
    path.write_text("Rows of lamps\n\n" + "".join(texts), encoding="utf-8")


def write_csv(path: Path, count: int) -> None:
    rows = (f"Lamp {number},2019-05-04,Ana Brandt,{_words(number)}\n" for number in range(count))
    path.write_text("headline,date,author,summary\n" + "".join(rows), encoding="utf-8")


def write_json_lines(path: Path, count: int) -> None:
    rows = (
        {"title": f"Lamp {number}", "date": "2019-05-04", "summary": _words(number)}
        for number in range(count)
    )
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_wordpress(path: Path, count: int) -> None:
    items = (
        f"<item><title>Lamp {number}</title><dc:creator>ana</dc:creator>"
        f"<content:encoded><![CDATA[<p>{_words(number)}</p>]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date>2019-05-04 10:00:00</wp:post_date>"
        "<wp:status>publish</wp:status></item>\n"
        for number in range(count)
    )
    path.write_text(f"{_WXR}{''.join(items)}</channel></rss>", encoding="utf-8")


def _words(number: int) -> str:
    return f"Number {number} of a long row of lamps that stand along the quay. " * 12


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "listing.csv": write_csv,
    "listing.jsonl": write_json_lines,
    "listing.xml": write_wordpress,
    "listing.txt": write_text,
}


@pytest.fixture(scope="module")
def peaks(empty_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """The most memory, in bytes, that each step held, for a small file and then for a large one."""
    folder = tmp_path_factory.mktemp("growth")
    shutil.copy(empty_archive, folder / "archive.sqlite3")
    for size, count in (("small", SMALL), ("large", LARGE)):
        (folder / size).mkdir()
        for name, write in WRITERS.items():
            write(folder / size / name, count)
    environment = {
        **os.environ,
        "ARCHIVE_ENV": "local",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/archive.sqlite3",
    }
    # In a process of its own: what this one frees would hide what the steps take.
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found: dict[str, float] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("step", MOST)
def test_a_longer_file_takes_little_more_memory(step: str, peaks: dict[str, float]) -> None:
    more = peaks[f"large {step}"] - peaks[f"small {step}"]
    assert more < MOST[step] * (LARGE - SMALL), f"{more / (LARGE - SMALL):,.0f} bytes an entry"
