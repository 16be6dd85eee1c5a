"""How fast an import parses, plans and applies, and how much memory it takes at its peak.

`python -m benchmarks.imports` measures 1,000 and 10,000 entries on SQLite; `--counts 100000
1000000` others; `--postgresql` also on a throw-away PostgreSQL. Each import is a process of its
own over an invented listing: once new, once again unchanged. Rates are entries in a second; memory
is the most that the process ever held (ru_maxrss). Nothing here fails on a slow machine: read the
columns against each other, and growth down a column.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SEED = 1851
FIRST = ("Mira", "Tomas", "Ilse", "Bruno", "Wanda", "Oskar", "Lena", "Petr", "Salka", "Juno")
LAST = (
    "Oldcastle", "Brandt", "Ferrow", "Hale", "Lindqvist", "Marek", "Nord", "Ostrany", "Pell",
    "Quist", "Rowan", "Stark", "Teal", "Ulm", "Varga", "Wick", "Yarrow", "Zell", "Ashdown", "Bell",
)  # fmt: skip
WORDS = (
    "harbour", "tide", "lantern", "ferry", "council", "strike", "archive", "letter", "bridge",
    "market", "winter", "storm", "school", "island", "railway", "orchard", "printer", "mill",
    "river", "border", "voice", "song", "map", "garden", "clock", "engine", "coast", "quarry",
    "theatre", "mayor", "treaty", "census", "flood", "chapel", "library", "tram", "glass",
    "copper", "salt", "wool", "paper",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
KICKERS = ("From the harbour archive", "Letters from the islands", "This week in the mill towns")
PER_DAY = 3


def entries(count: int, seed: int = SEED) -> Iterator[str]:
    """Yield *count* invented entries as text, newest first."""
    random_ = random.Random(seed)
    day = 365 * 120 + 28
    for number in range(count):
        if number % PER_DAY == 0:
            day -= 1
        year, rest = 1900 + day // 336, day % 336
        words = random_.choices(WORDS, k=random_.randrange(3, 8))
        head = " ".join(words).capitalize() + f" {number}"
        authors = " and ".join(
            f"{random_.choice(FIRST)} {random_.choice(LAST)}"
            for _ in range(random_.choice((1, 1, 2)))
        )
        lines = [random_.choice(KICKERS)] if random_.random() < 0.2 else []
        lines += [head, f"By {authors}, {rest % 28 + 1} {MONTHS[rest // 28]} {year}"]
        if random_.random() < 0.9:
            prose = " ".join(random_.choices(WORDS, k=random_.randrange(12, 30)))
            lines.append(f"An account of the {prose}, told by those who saw it.")
        yield "\n".join(lines) + "\n"


def write_listing(path: Path, count: int) -> None:
    """Write the invented listing of *count* entries to *path*."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Benchmark of imports\n\n")
        for text in entries(count):
            file.write(text + "\n")


def measure(path: Path) -> str:
    """Import *path* into DATABASE_URL; return the figures as words ``name=value``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from articles.importing.apply import run_import
    from articles.importing.plan import make_plan
    from articles.importing.reading import read_listing
    from articles.importing.records import Options
    from articles.importing.snapshot import Snapshot

    figures: dict[str, Any] = {}
    started = time.perf_counter()
    listing = read_listing(path)
    figures["parse"] = time.perf_counter() - started
    options = Options(status="published")
    started = time.perf_counter()
    plan = make_plan(listing, "Benchmark of imports", options, Snapshot())
    figures["plan"] = time.perf_counter() - started
    figures["entries"] = len(plan.entries)
    del plan
    started = time.perf_counter()
    plan, _ = run_import(listing, "Benchmark of imports", options)
    figures["run"] = time.perf_counter() - started
    figures |= {name: plan.totals()[name] for name in ("create", "unchanged")}
    figures["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return " ".join(f"{name}={value}" for name, value in figures.items())


def child(environment: dict[str, str], *arguments: str) -> str:
    """Run this program, or manage.py, in *environment*; return what it printed."""
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return result.stdout


def figures_of(environment: dict[str, str], path: Path) -> dict[str, float]:
    """Import *path* in a process of its own; return its figures."""
    text = child(environment, "-m", "benchmarks.imports", "--measure", str(path))
    return {name: float(value) for name, value in (word.split("=") for word in text.split())}


def rows(environment: dict[str, str], counts: list[int], name: str) -> Iterator[str]:
    """Yield a row of the table for each of *counts*, measured on the database of *environment*."""
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "listing.txt"
            write_listing(path, count)
            here = dict(environment)
            if name == "SQLite":
                here["DATABASE_URL"] = f"sqlite:///{folder}/archive.sqlite3"
            child(here, "manage.py", "migrate", "--verbosity", "0")
            child(here, "manage.py", "flush", "--no-input", "--verbosity", "0")
            new = figures_of(here, path)
            again = figures_of(here, path)
        problems = ""
        if new["create"] != count or again["unchanged"] != count:
            problems = f" **{new['create']:.0f} created, {again['unchanged']:.0f} unchanged**"
        yield (
            f"| {name} | {count:,} | {count / new['parse']:,.0f} | {count / new['plan']:,.0f}"
            f" | {count / max(new['run'] - new['plan'], 1e-9):,.0f} | {count / new['run']:,.0f}"
            f" | {count / again['run']:,.0f} | {new['peak']:.0f} | {again['peak']:.0f} |{problems}"
        )


HEAD = (
    "| database | entries | parse | plan | apply | plan and apply | unchanged again"
    " | peak MiB | peak MiB again |\n|---|---|---|---|---|---|---|---|---|"
)


def main() -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000], metavar="N")
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too")
    parser.add_argument("--measure", metavar="FILE", help="import FILE into DATABASE_URL")
    parser.add_argument("--here", metavar="NAME", help="measure on DATABASE_URL, called NAME")
    options = parser.parse_args()
    if options.measure:
        print(measure(Path(options.measure)))
        return 0
    if options.here:
        for row in rows(dict(os.environ), options.counts, options.here):
            print(row, flush=True)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        local = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder}
        local.pop("DATABASE_URL", None)
        print(HEAD, flush=True)
        for row in rows(local, options.counts, "SQLite"):
            print(row, flush=True)
        if options.postgresql:
            counts = [str(count) for count in options.counts]
            this = ["-m", "benchmarks.imports", "--here", "PostgreSQL", "--counts", *counts]
            subprocess.run(
                [sys.executable, "tools/with_postgres.py", sys.executable, *this],
                cwd=ROOT,
                env=local,
                check=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
