"""Imports that are killed at a random moment: all or nothing, and a rerun ends as if undisturbed.

`python -m benchmarks.proof_kill` kills 10 imports on SQLite; `--full` kills 25 on SQLite and 25
on PostgreSQL. Each import has 2,000 entries (or `--entries`) and gets SIGKILL at a random moment of
its run.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENTRIES = 2_000
COUNT = """
from articles.models import Article, ImportRun, SourceEntry
print(Article.objects.count(), SourceEntry.objects.count(), ImportRun.objects.count())
"""


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def listing(folder: Path, entries: int) -> Path:
    """Write a listing of so many invented *entries*."""
    lines = ["Killed imports"]
    for number in range(entries):
        lines += [
            f"Headline number {number} of many",
            "By Ana Brandt, 11 January 2021",
            f"What entry {number} says in a sentence.",
        ]
    path = folder / "listing.txt"
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return path


def counts(environment: dict[str, str]) -> list[int]:
    """Return the numbers of articles, source entries and runs in the archive."""
    result = manage(environment, "shell", "--no-imports", "-c", COUNT)
    return [int(number) for number in result.stdout.split()]


WAIT = """
import time
from articles.importing.lock import LockHeld, import_lock
for _ in range(600):
    try:
        with import_lock():
            break
    except LockHeld:
        time.sleep(0.05)
"""


def wait_for_the_lock(environment: dict[str, str]) -> None:
    """Wait until the server has ended the killed client's session, 30 seconds at most."""
    manage(environment, "shell", "--no-imports", "-c", WAIT)


def one_round(
    environment: dict[str, str], path: Path, entries: int, seconds: float
) -> tuple[bool, str | None]:
    """Kill one import of *entries* after *seconds*; return whether the kill came in time, and a
    problem."""
    manage(environment, "flush", "--no-input")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_listing", str(path), "--yes"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.kill()
    was_killed = process.wait() == -signal.SIGKILL
    wait_for_the_lock(environment)
    found = counts(environment)
    if found not in ([0, 0, 0], [entries, entries, 1]):
        return was_killed, f"after {seconds:.2f} s the archive holds {found}"
    rerun = manage(environment, "import_listing", str(path), "--yes")
    if rerun.returncode:
        return was_killed, f"the rerun failed: {rerun.stderr}"
    if counts(environment)[:2] != [entries, entries]:
        return was_killed, f"the rerun ended with {counts(environment)}"
    check = manage(environment, "check_archive")
    return was_killed, check.stdout if check.returncode else None


def rounds(
    environment: dict[str, str], number: int, entries: int, seed: int
) -> tuple[int, list[str]]:
    """Kill *number* imports of *entries*; return how many were hit while running, and the
    problems."""
    random_ = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = listing(Path(folder), entries)
        manage(environment, "migrate", "--verbosity", "0")
        started = time.perf_counter()
        manage(environment, "import_listing", str(path), "--yes")
        duration = time.perf_counter() - started
        killed, problems = 0, []
        for _ in range(number):
            seconds = random_.uniform(0.2, duration)
            was_killed, problem = one_round(environment, path, entries, seconds)
            killed += was_killed
            if problem:
                problems.append(problem)
    return killed, problems


def main() -> int:
    """Run and print Markdown; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="25 kills on each database")
    parser.add_argument("--seed", type=int, default=1917)
    parser.add_argument("--here", type=int, metavar="N", help="N kills on DATABASE_URL")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    options = parser.parse_args()
    if options.here:
        killed, problems = rounds(dict(os.environ), options.here, options.entries, options.seed)
        print(f"{options.here} {killed}", *problems, sep="\n")
        return 1 if problems else 0
    number = 25 if options.full else 10
    this = [
        sys.executable, __file__, "--here", str(number), "--seed", str(options.seed),
        "--entries", str(options.entries),
    ]  # fmt: skip
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        local = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder, "PYTHONPATH": str(ROOT)}
        local.pop("DATABASE_URL", None)
        databases = {"SQLite": this}
        if options.full:
            databases["PostgreSQL"] = [sys.executable, "tools/with_postgres.py", *this]
        for name, command in databases.items():
            result = subprocess.run(
                command, cwd=ROOT, env=local, stdout=subprocess.PIPE, text=True, check=False
            )
            lines = result.stdout.splitlines()
            failed += result.returncode != 0
            killed = lines[-1 if not result.returncode else 0].split()[-1] if lines else "?"
            print(
                f"- {name}: {number} imports of {options.entries:,} entries, SIGKILL at a random"
                f" moment (seed {options.seed}); {killed} were hit while running."
                + (
                    "\n```\n" + result.stdout + "```"
                    if result.returncode
                    else " Each left all or nothing, and each rerun ended as if undisturbed,"
                    " index and totals in step."
                )
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
