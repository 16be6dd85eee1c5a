"""From a file to parsed entries: the one place that joins files and parser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from articles.cleaning import clean_block, clean_line
from articles.importing import files
from articles.importing.records import ParsedEntry, ParsedListing, Values
from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Diagnostic, Entry, Topic, Unclaimed

_LINES = ("kicker", "headline", "subtitle", "part_label", "byline")


def read_listing(path: Path, progress: Callable[[int, int], None] | None = None) -> ParsedListing:
    """Return a plain-text listing, parsed. *progress* is told (lines done, lines in all).

    Raises `files.UnreadableFile`.
    """
    file = files.read_text(path)
    found = survey(file.lines)
    topic: str | None = None
    entries: list[ParsedEntry] = []
    unclaimed: list[int] = []
    for item in parse(file.lines, found):
        if isinstance(item, Topic):
            topic = clean_line(item.text, 500)
        elif isinstance(item, Entry):
            entries.append(_entry(item))
            if progress:
                progress(item.last_line, len(file.lines))
        elif isinstance(item, Unclaimed) and item.span.role == "unclaimed":
            unclaimed.append(item.line)
    diagnostics = [_diagnostic(remark) for remark in found.diagnostics]
    if file.encoding == "cp1252":
        diagnostics.append(_remark("encoding", "The file is not UTF-8; read as Windows-1252."))
    if file.cleaned_lines:
        shown = ", ".join(str(number) for number in file.cleaned_lines[:10])
        diagnostics.append(
            _remark(
                "control-characters",
                f"Control characters were left out on line {shown}"
                + (" and others." if len(file.cleaned_lines) > 10 else "."),
                file.cleaned_lines[0],
            )
        )
    return ParsedListing(
        path=file.path,
        sha256=file.sha256,
        size=file.size,
        encoding=file.encoding,
        input_format="text",
        topic=topic,
        line_count=len(file.lines),
        newest_first=found.order == "newest-first",
        entries=entries,
        unclaimed_lines=sorted(unclaimed),
        diagnostics=diagnostics,
    )


def _entry(entry: Entry) -> ParsedEntry:
    values: Values = entry_as_json(entry)
    for name in ("lines", "confidence", "diagnostics"):
        values.pop(name, None)
    for name in _LINES:
        values[name] = clean_line(values[name] or "") or None
    values["standfirst"] = clean_block(values["standfirst"] or "") or None
    values["authors"] = [
        {**credit, "name": name}
        for credit in values["authors"]
        if (name := clean_line(credit["name"], 200))
    ]
    return ParsedEntry(
        ordinal=entry.ordinal,
        first_line=entry.first_line,
        last_line=entry.last_line,
        text=entry.text,
        values=values,
        confidence=entry.confidence,
        diagnostics=tuple(_diagnostic(remark) for remark in entry.diagnostics),
    )


def _diagnostic(remark: Diagnostic) -> Values:
    return {
        "code": remark.code,
        "line": remark.line,
        "message": remark.message,
        "alternatives": [dict(reading) for reading in remark.alternatives],
    }


def _remark(code: str, message: str, line: int = 1) -> dict[str, Any]:
    return {"code": code, "line": line, "message": message, "alternatives": []}
