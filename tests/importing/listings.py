"""Invented listings in the shape of a plain-text topic page, and helpers to import them."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

TOPIC = "Tides of Ostrany"

NEW = (
    "The harbour chain is raised",
    "By Mira Oldcastle, 5 May 2021",
    "The chain was last seen in the year of the long fog.",
)
CHARTS = (
    "Charts that lie",
    "By Mira Oldcastle and Tomasz Łęk, 2 May 2021",
    "Three charts of the same bay disagree about its depth.",
)
DIARY_3 = (
    "The keeper’s diary: March",
    "1 April 2021",
    "In March the lamp was out twice.",
)
DIARY_2 = (
    "The keeper’s diary: February",
    "1 March 2021",
    "In February the stairs were painted.",
)
PART_2 = (
    "A history of the bell buoy",
    "Part 2: Silence",
    "By our correspondents, 20 February 2021",
    "The bell stops ringing and nobody asks why.",
)
PART_1 = (
    "A history of the bell buoy",
    "By our correspondents, 19 February 2021",
    "The bell is hung by a company that no longer exists.",
)
DIARY_1 = (
    "The keeper’s diary: January",
    "1 February 2021",
    "In January the first letters arrived.",
)
STUB = ("310 Bell buoy draft", "18 January 2021")
OLDEST = (
    "Why the map room is locked",
    "By Ana Brandt, 11 January 2021",
    "The key is kept by somebody who has never been inside.",
)
FIRST = (CHARTS, DIARY_3, DIARY_2, PART_2, PART_1, DIARY_1, STUB, OLDEST)


def listing_text(*entries: tuple[str, ...], topic: str = TOPIC) -> str:
    """Return a topic page: every line followed by a blank one, nothing between entries."""
    lines = [topic, *(line for entry in entries for line in entry)]
    return "\n\n".join(lines) + "\n"


def write_listing(folder: Path, *entries: tuple[str, ...], name: str = "tides.txt") -> Path:
    """Write a listing to *folder*; return its path."""
    path = folder / name
    path.write_text(listing_text(*entries), encoding="utf-8")
    return path


def run(command: str, *arguments: Any, **options: Any) -> tuple[int, str, str]:
    """Run a management command; return exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(
            command, *map(str, arguments), stdout=out, stderr=err, no_color=True, **options
        )
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return code, out.getvalue(), err.getvalue()


def import_json(path: Path, *arguments: Any) -> dict[str, Any]:
    """Import a listing; return its JSON report."""
    _, out, err = run("import_listing", path, "--yes", "--format", "json", *arguments)
    assert out, err
    report: dict[str, Any] = json.loads(out)
    return report
