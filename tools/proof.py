"""Run the robustness programs at full size and write what they found to docs/proof.md.

A program is `benchmarks/proof_<name>.py`. Run with `--full` it prints Markdown and exits 0 if what
it sets out to show holds. ``python tools/proof.py NAME …`` runs these alone, and leaves the other
sections of the page as they are.
"""

import datetime
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "proof.md"
INTRODUCTION = """\
# What was proven, and how

Written by `make proof`; do not edit. Each section is what a program under `benchmarks/` printed at
full size, on the machine and the versions named here.
"""


def surroundings() -> str:
    """Say where and when the programs ran."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return (
        f"{today:%-d %B %Y} · Python {platform.python_version()} · {platform.system()}"
        f" {platform.machine()} · {os.cpu_count()} cores\n"
    )


def run(program: Path) -> tuple[str, bool]:
    """Run one program; return its section and whether it held."""
    print(f"{program.name} …", flush=True)
    started = time.monotonic()
    result = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{program.stem}", "--full"],
        cwd=ROOT,
        env={**os.environ, "ARCHIVE_ENV": "local"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - started
    held = result.returncode == 0
    verdict = "held" if held else f"**did not hold** (exit {result.returncode})"
    print(f"  {verdict} after {seconds:.0f} s", flush=True)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    ending = f"It {verdict}, in {seconds:.0f} s, on {today:%-d %B %Y}."
    return f"\n## {_title(program)}\n\n{result.stdout.strip()}\n\n{ending}\n", held


def _title(program: Path) -> str:
    return program.stem.removeprefix("proof_").replace("_", " ").capitalize()


def replaced(page: str, sections: Mapping[str, str]) -> str:
    """Return *page* with the sections of these titles in place of its own, in order of titles."""
    _, *old = re.split(r"(?m)^(?=## )", page)
    found = {part.split("\n", 1)[0].removeprefix("## "): f"\n{part.strip()}\n" for part in old}
    found |= sections
    return INTRODUCTION + "\n" + surroundings() + "".join(found[title] for title in sorted(found))


def main() -> None:
    """Run every program, or those named, write the page, and fail if one did not hold."""
    programs = {_title(path): path for path in sorted((ROOT / "benchmarks").glob("proof_*.py"))}
    names = [name.capitalize() for name in sys.argv[1:]]
    if unknown := [name for name in names if name not in programs]:
        sys.exit(f"There is no program called {unknown[0].lower()}: {', '.join(programs).lower()}.")
    results = {name: run(programs[name]) for name in names or programs}
    page = PAGE.read_text(encoding="utf-8") if names and PAGE.exists() else ""
    text = replaced(page, {name: section for name, (section, _) in results.items()})
    PAGE.write_text(text, encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    sys.exit(0 if all(held for _, held in results.values()) else 1)


if __name__ == "__main__":
    main()
