"""RESULTS.md: one section for each program and database, written by the programs."""

from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "RESULTS.md"
HEAD = """# Results

What the archive was measured at. Every section is written by the program that measured it
(`docs/performance.md` has the commands); no figure here was typed.
"""


def write(title: str, text: str, file: Path = FILE) -> None:
    """Put *text* under the heading *title*, instead of what stands there; sections by title."""
    old = file.read_text(encoding="utf-8") if file.exists() else HEAD
    head, *parts = old.split("\n## ")
    sections = dict(part.split("\n", 1) for part in parts)
    sections[title] = f"\n{text.strip()}\n"
    body = "".join(f"\n## {name}\n{sections[name]}" for name in sorted(sections, key=_order))
    file.write_text(head.rstrip("\n") + "\n" + body, encoding="utf-8")


def _order(title: str) -> tuple[str, int, str]:
    """By subject, then by size, so that 100,000 comes after 10,000."""
    subject, _, rest = title.partition(":")
    digits = "".join(sign for sign in rest.partition(" articles")[0] if sign.isdigit())
    return subject, int(digits or 0), rest
