"""Run the robustness programs at full size and write what they found to docs/proof.md.

A program is `benchmarks/proof_<name>.py`. Run with `--full` it prints Markdown and exits 0 if what
it sets out to show holds.
"""

import datetime
import os
import platform
import subprocess
import sys
import time
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
    title = program.stem.removeprefix("proof_").replace("_", " ").capitalize()
    held = result.returncode == 0
    verdict = "held" if held else f"**did not hold** (exit {result.returncode})"
    print(f"  {verdict} after {seconds:.0f} s", flush=True)
    return f"\n## {title}\n\n{result.stdout.strip()}\n\nIt {verdict}, in {seconds:.0f} s.\n", held


def main() -> None:
    """Run every program, write the page, and fail if one did not hold."""
    programs = sorted((ROOT / "benchmarks").glob("proof_*.py"))
    if not programs:
        sys.exit("There is no program benchmarks/proof_*.py yet: nothing was proven or written.")
    sections = [run(program) for program in programs]
    PAGE.parent.mkdir(exist_ok=True)
    text = INTRODUCTION + "\n" + surroundings() + "".join(section for section, _ in sections)
    PAGE.write_text(text, encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    sys.exit(0 if all(held for _, held in sections) else 1)


if __name__ == "__main__":
    main()
