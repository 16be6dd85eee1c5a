"""A program on SQLite and, in full, on a throw-away PostgreSQL: each run a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def printed(environment: dict[str, str], *arguments: str) -> str:
    """Run a program of the project, or manage.py, in *environment*; return what it printed."""
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return result.stdout


def figures_of(articles: int, at: str, module: str, *arguments: str) -> dict[str, Any]:
    """Return the figures that *module* wrote, asked to measure ``--here FILE``, in a process of its
    own: of an archive of *articles* on SQLite, built for this, or of the one *at* a URL."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "ARCHIVE_ENV": "local",
            "VAR_DIR": folder,
            "DATABASE_URL": at or f"sqlite:///{folder}/archive.sqlite3",
            "CACHE_MB": "0",
        }
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        if not at:
            printed(environment, "manage.py", "migrate", "--verbosity", "0")
            printed(environment, "-m", "benchmarks.corpus", str(articles))
        here = f"{folder}/figures.json"
        printed(environment, "-m", module, "--here", here, *arguments)
        found: dict[str, Any] = json.loads(Path(here).read_text(encoding="utf-8"))
        return found


def printed_on_each(
    module: str, *arguments: str, with_postgresql: bool
) -> Iterator[tuple[str, bool, list[str]]]:
    """Run *module* with *arguments* on an empty database of each kind.

    Yield the name of the database, whether the program failed, and the lines that it printed.
    """
    this = [sys.executable, "-m", module, *arguments]
    databases = {"SQLite": this}
    if with_postgresql:
        databases["PostgreSQL"] = [sys.executable, "tools/with_postgres.py", *this]
    with tempfile.TemporaryDirectory() as folder:
        local = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder, "PYTHONPATH": str(ROOT)}
        local.pop("DATABASE_URL", None)
        for name, command in databases.items():
            result = subprocess.run(
                command, cwd=ROOT, env=local, stdout=subprocess.PIPE, text=True, check=False
            )
            # Where the throw-away server listens is no result.
            lines = [line for line in result.stdout.splitlines() if "on a socket of" not in line]
            yield name, result.returncode != 0, lines


def sentence(name: str, lines: list[str], seed: int, verdict: str) -> str:
    """Return what is told of a run: the first line that it printed, and the *verdict*."""
    return f"- {name}: {lines[0] if lines else 'no result'} (seed {seed}); {verdict}."
