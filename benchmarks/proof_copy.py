"""A whole archive from SQLite to PostgreSQL and back: every row arrives, both ways.

``python -m benchmarks.proof_copy`` copies an invented archive of 1,000 articles, ``--full`` one of
100,000; ``--articles`` any other. Both copies must name the same hash for every table, and
``check_archive`` must find nothing wrong in either.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.databases import printed

ROOT = Path(__file__).resolve().parent.parent

#: Rows and hash by table.
Digests = dict[str, tuple[int, str]]


def run(url: str, folder: str, *command: str) -> str:
    """Run one of the project's programs on the database at *url*; return what it printed."""
    environment = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder, "DATABASE_URL": url}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return printed(environment, *command)


def copied(url: str, to: str, folder: str) -> tuple[Digests, float]:
    """Copy the archive at *url* *to* another place; return what was copied, and how long it took,
    in seconds."""
    started = time.perf_counter()
    text = run(url, folder, "manage.py", "copy_archive", "--to", to)
    seconds = time.perf_counter() - started
    lines = re.findall(r"^ *(\d+)  (\w+) +([0-9a-f]{32})$", text, re.MULTILINE)
    run(to, folder, "manage.py", "check_archive")
    return {table: (int(rows), digest) for rows, table, digest in lines}, seconds


def prove(articles: int, there: str) -> bool:
    """Copy an archive of *articles* to the empty PostgreSQL *there* and back; print Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        first, last = (f"sqlite:///{folder}/{name}.sqlite3" for name in ("first", "last"))
        run(first, folder, "manage.py", "migrate", "--verbosity", "0")
        run(first, folder, "-m", "benchmarks.corpus", str(articles))
        out, out_seconds = copied(first, there, folder)
        back, back_seconds = copied(there, last, folder)
    rows = sum(rows for rows, _digest in out.values())
    is_same = out == back and out["articles_article"][0] == articles
    print(
        f"An archive of {articles:,} articles, {rows:,} rows in {len(out)} tables, went from SQLite"
        f" to PostgreSQL in {out_seconds:.0f} s and back in {back_seconds:.0f} s. Every table has"
        f" {'the same' if is_same else '**not the same**'} number and hash of rows in all three,"
        " and check_archive finds nothing wrong in either copy."
    )
    return is_same


def main() -> int:
    """Start a PostgreSQL, copy there and back, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="100,000 articles")
    parser.add_argument("--articles", type=int, default=1_000)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    articles = 100_000 if options.full else options.articles
    if options.inside:
        return 0 if prove(articles, os.environ["DATABASE_URL"]) else 1
    inside = ["-m", "benchmarks.proof_copy", "--inside", "--articles", str(articles)]
    command = [sys.executable, "tools/with_postgres.py", sys.executable, *inside]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
