"""What must hold for anything at all: the tests that draw their cases by lot, at full size.

`python -m benchmarks.proof_properties` runs the tests marked `thorough` on SQLite, five times as
often as `make test` does; `--full` on SQLite and on PostgreSQL. `--only` runs those of one file.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.thorough import THOROUGH

ROOT = Path(__file__).resolve().parent.parent


def run(database: str, where: str) -> tuple[str, bool]:
    """Run the tests on *database*; return what there is to say, and whether all passed."""
    pytest = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "-m", "thorough", where]
    launcher = [sys.executable, "tools/with_postgres.py"] if database == "PostgreSQL" else []
    announced = {"ARCHIVE_TEST_DATABASE": database.lower(), THOROUGH: "1"}
    result = subprocess.run(
        [*launcher, *pytest],
        cwd=ROOT,
        env={**os.environ, **announced},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    passed = re.search(r"^(?:=+ )?(\d+) passed\b(?!.*failed)", result.stdout, re.MULTILINE)
    if result.returncode or passed is None:
        return f"- {database}: **failed**\n```\n{result.stdout[-4000:]}\n```", False
    return f"- {database}: {passed[1]} tests passed, each as often as it can be.", True


def main() -> int:
    """Run and print Markdown; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="on each database")
    parser.add_argument("--only", default="tests", metavar="FILE", help="the tests of one file")
    options = parser.parse_args()
    has_failed = False
    for database in ("SQLite", "PostgreSQL") if options.full else ("SQLite",):
        told, has_held = run(database, options.only)
        print(told)
        has_failed |= not has_held
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main())
