"""A program on SQLite and, in full, on a throw-away PostgreSQL: each run a process of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

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
