"""How fast an import reads, plans and applies, how much memory each step takes, and how both grow.

`python -m benchmarks.imports` measures 1,000 and 10,000 entries on SQLite; `--counts 100000
1000000` others; `--postgresql` also on a throw-away PostgreSQL; `--json FILE` keeps the figures,
`--read FILE` takes those that were kept, and `--results` writes them into RESULTS.md;
`--budget SECONDS` leaves out counts that would take longer together, on each database. Each import
is a process of its own over an invented listing: once new, once again unchanged; with `--keyed` a
third time as the archive itself writes it, each entry with its permanent key.

Rates are entries in a second of the clock, and in a second of processor time, that of PostgreSQL's
process for this connection included: on a busy machine only the second means anything. The memory
of a step is the most that the process held during it. Nothing here fails on a slow machine: read
the columns against each other, and growth down a column.
"""

import argparse
import contextlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.databases import printed

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
#: The imports of one listing, in their order.
IMPORTS = ("new", "again", "keyed")


def entries(count: int, seed: int = SEED) -> Iterator[str]:
    """Yield *count* invented entries as text, newest first. No word of one stands twice in a row:
    that would be a finding."""
    random_ = random.Random(seed)
    day = 365 * 120 + 28
    for number in range(count):
        if number % PER_DAY == 0:
            day -= 1
        year, rest = 1900 + day // 336, day % 336
        words = random_.sample(WORDS, k=random_.randrange(3, 8))
        head = " ".join(words).capitalize() + f" {number}"
        authors = " and ".join(
            f"{random_.choice(FIRST)} {random_.choice(LAST)}"
            for _ in range(random_.choice((1, 1, 2)))
        )
        lines = [random_.choice(KICKERS)] if random_.random() < 0.2 else []
        lines += [head, f"By {authors}, {rest % 28 + 1} {MONTHS[rest // 28]} {year}"]
        if random_.random() < 0.9:
            prose = " ".join(random_.sample(WORDS, k=random_.randrange(12, 30)))
            lines.append(f"An account of the {prose}, told by those who saw it.")
        yield "\n".join(lines) + "\n"


def write_listing(path: Path, count: int) -> None:
    """Write the invented listing of *count* entries to *path*."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Benchmark of imports\n\n")
        for text in entries(count):
            file.write(text + "\n")


class Stages:
    """What each step took: seconds of the clock and of the processor, and the peak in MiB."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, float]] = {}
        self.server = server_process()
        self.begin()

    def begin(self) -> None:
        """Start measuring the next step."""
        with contextlib.suppress(OSError):
            # Linux: forget the peak so far (proc(5), clear_refs).
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        self.wall, self.cpu = time.perf_counter(), self.processor_time()

    def end(self, name: str) -> None:
        """Note what has happened since the last step as step *name*."""
        self.found[name] = {
            "wall": time.perf_counter() - self.wall,
            "cpu": self.processor_time() - self.cpu,
            "peak": peak(),
        }
        self.begin()

    def processor_time(self) -> float:
        """Return the seconds of processor time of this process and of the one that serves it."""
        return time.process_time() + (seconds_of(self.server) if self.server else 0)


def server_process() -> int | None:
    """Return the id of the PostgreSQL process that serves this one on this machine, if one does."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def seconds_of(process: int) -> float:
    """Return the processor time of a *process* so far (proc(5), stat: utime and stime)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak() -> float:
    """Return the most memory that this process has held since it was last asked to forget, MiB."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: Path) -> dict[str, Any]:
    """Import *path* into DATABASE_URL; return the figures of each step."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from articles.importing.apply import run_import
    from articles.importing.collector import rare_collections
    from articles.importing.reading import read_listing
    from articles.importing.records import Options

    stages = Stages()
    with rare_collections():
        listing = read_listing(path)
        stages.end("read")
        plan, _ = run_import(
            listing,
            "Benchmark of imports",
            Options(status="published"),
            check=lambda _plan: stages.end("plan"),
        )
        stages.end("apply")
    totals = plan.totals()
    return {**stages.found, "create": totals["create"], "unchanged": totals["unchanged"]}


def figures_of(
    environment: dict[str, str], count: int, database: str, *, is_keyed: bool = False
) -> dict[str, Any]:
    """Import *count* entries twice, each time in a process of its own, and once more as the archive
    writes them if *is_keyed*; return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "listing.txt"
        write_listing(path, count)
        here = dict(environment)
        if database == "SQLite":
            here["DATABASE_URL"] = f"sqlite:///{folder}/archive.sqlite3"
        printed(here, "manage.py", "migrate", "--verbosity", "0")
        if database != "SQLite":
            # The count before left its articles there.
            printed(here, "manage.py", "flush", "--no-input", "--verbosity", "0")
        this = ("-m", "benchmarks.imports", "--measure", str(path))
        found = {name: json.loads(printed(here, *this)) for name in ("new", "again")}
        if is_keyed:
            printed(here, "manage.py", "export_listing", "--output", str(path))
            found["keyed"] = json.loads(printed(here, *this))
    created, *others = found["new"]["create"], *(one["unchanged"] for one in found.values())
    if created != count or others[1:] != [count] * (len(found) - 1):
        raise SystemExit(f"{created} created, {others[1:]} unchanged of {count}")
    return {"database": database, "entries": count, **found}


def measured(
    environment: dict[str, str],
    counts: list[int],
    database: str,
    budget: float,
    *,
    is_keyed: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield the figures of each of *counts*, as many as fit into *budget* seconds."""
    started = time.perf_counter()
    pace = 0.0
    for count in sorted(counts):
        begun = time.perf_counter()
        if begun - started + pace * count > budget:
            print(f"\n{database}, {count:,} entries: left out, it would take too long.")
            return
        found = figures_of(environment, count, database, is_keyed=is_keyed)
        pace = (time.perf_counter() - begun) / count
        yield found


HEAD = (
    "| database | entries | | read | plan | apply | plan and apply | MiB: read | plan | apply |"
    "\n|---|---|---|---|---|---|---|---|---|---|"
)


def rows(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the rows of the table for one count: each import by the clock and by processor."""
    count = figures["entries"]
    for name in IMPORTS:
        if (stages := figures.get(name)) is None:
            continue
        for kind, words in (("wall", "by the clock"), ("cpu", "by processor time")):
            seconds = {stage: stages[stage][kind] for stage in ("read", "plan", "apply")}
            both = seconds["plan"] + seconds["apply"]
            rates = [f"{count / max(one, 1e-9):,.0f}" for one in (*seconds.values(), both)]
            peaks = [f"{stages[stage]['peak']:.0f}" for stage in seconds]
            cells = [figures["database"], f"{count:,}", f"{name}, {words}", *rates, *peaks]
            yield f"| {' | '.join(cells)} |"


def growth(all_figures: list[dict[str, Any]]) -> Iterator[str]:
    """Yield how much more each larger count took than the one before it, for each entry."""
    for before, after in pairwise(all_figures):
        if before["database"] != after["database"]:
            continue
        more = after["entries"] - before["entries"]
        for name in IMPORTS:
            if name not in before or name not in after:
                continue
            old, new = before[name], after[name]
            costs = [
                sum(stages[stage]["cpu"] for stage in ("read", "plan", "apply")) / entries
                for stages, entries in ((old, before["entries"]), (new, after["entries"]))
            ]
            highest = [max(stages[stage]["peak"] for stage in ("read", "plan", "apply"))
                       for stages in (old, new)]  # fmt: skip
            memory = (highest[1] - highest[0]) * 2**20 / more
            yield (
                f"| {after['database']} | {before['entries']:,} to {after['entries']:,} | {name}"
                f" | {costs[1] / costs[0]:.2f} | {memory:,.0f} |"
            )


GROWTH = (
    "\n| database | entries | | time an entry, times that before | bytes for a further entry |"
    "\n|---|---|---|---|---|"
)


def report(all_figures: list[dict[str, Any]]) -> None:
    """Print how the figures grow, if there is anything to compare."""
    lines = list(growth(all_figures))
    if lines:
        print("\n".join([GROWTH, *lines]), flush=True)


NOTE = """
Entries in a second, and the most memory of each step, for an invented listing that is new and then
comes again unchanged: each a process of its own, through its commit. The processor time is that of
the process, and of PostgreSQL's beside it; by the clock it counts what else the machine did.
"""


def write_results(all_figures: list[dict[str, Any]], file: Path = results.FILE) -> None:
    """Write a section of RESULTS.md, or of another *file*, for each database."""
    for database in dict.fromkeys(figures["database"] for figures in all_figures):
        own = [figures for figures in all_figures if figures["database"] == database]
        lines = [NOTE, HEAD, *(row for figures in own for row in rows(figures))]
        results.write(f"Imports: {database}", "\n".join([*lines, GROWTH, *growth(own)]), file)


def main() -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000], metavar="N")
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL too")
    parser.add_argument("--json", metavar="FILE", help="write the figures there too")
    parser.add_argument("--keyed", action="store_true", help="import what was exported, too")
    parser.add_argument("--budget", type=float, default=float("inf"), metavar="SECONDS")
    parser.add_argument("--measure", metavar="FILE", help="import FILE into DATABASE_URL")
    parser.add_argument("--here", metavar="NAME", help="measure on DATABASE_URL, called NAME")
    parser.add_argument("--read", metavar="FILE", nargs="+", help="figures that were kept")
    parser.add_argument("--results", action="store_true", help="write them into RESULTS.md")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(Path(options.measure))))
        return 0
    found: list[dict[str, Any]] = []
    if options.read:
        for name in options.read:
            found += json.loads(Path(name).read_text(encoding="utf-8"))
        print("\n".join([HEAD, *(row for figures in found for row in rows(figures))]))
        finish(options, found)
        return 0

    def run(environment: dict[str, str], database: str) -> None:
        for figures in measured(
            environment, options.counts, database, options.budget, is_keyed=options.keyed
        ):
            found.append(figures)
            keep(options.json, found)  # a run may be ended before its largest count is through
            print("\n".join(rows(figures)), flush=True)

    if options.here:
        run(dict(os.environ), options.here)
        keep(options.json, found)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        local = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder}
        local.pop("DATABASE_URL", None)
        print(HEAD, flush=True)
        run(local, "SQLite")
        if options.postgresql:
            aside = Path(folder) / "postgresql.json"
            counts = [str(count) for count in options.counts]
            this = ["-m", "benchmarks.imports", "--here", "PostgreSQL", "--json", str(aside)]
            this += ["--keyed"] * options.keyed
            this += ["--budget", str(options.budget), "--counts", *counts]
            subprocess.run(
                [sys.executable, "tools/with_postgres.py", sys.executable, *this],
                cwd=ROOT,
                env=local,
                check=True,
            )
            found += json.loads(aside.read_text(encoding="utf-8"))
    finish(options, found)
    return 0


def finish(options: argparse.Namespace, found: list[dict[str, Any]]) -> None:
    """Print how the figures grow, and put them where they are wanted."""
    report(found)
    keep(options.json, found)
    if options.results:
        write_results(found)


def keep(name: str | None, figures: list[dict[str, Any]]) -> None:
    """Write *figures* to the file *name*, if there is one."""
    if name:
        Path(name).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
