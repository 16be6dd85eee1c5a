"""Plain text: the listing parser over lines, and what it finds as records of the import."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from articles.cleaning import clean_block, clean_line
from articles.importing.files import Content, UnreadableFile
from articles.importing.formats.context import Context, text_remarks
from articles.importing.lines import Lines, lines_of
from articles.importing.packing import parsed_entries
from articles.importing.records import ParsedEntry, ParsedListing, Values
from articles.importing.spool import Spool
from articles.importing.stated import clean_stated
from articles.listing.explaining import explain, explain_remarks
from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Diagnostic, Entry, Topic, Unclaimed

_LINES = ("kicker", "headline", "subtitle", "part_label", "byline")


@dataclass(slots=True)
class Parsed:
    """What the listing parser found in lines of text."""

    newest_first: bool
    topic: str | None = None
    entries: Spool[ParsedEntry] = field(default_factory=parsed_entries)
    unclaimed_lines: "array[int]" = field(default_factory=lambda: array("L"))
    remarks: list[Values] = field(default_factory=list)


def read(content: Content, context: Context, dialect: str | None = None) -> ParsedListing:
    """Return a plain-text listing, parsed. Raises `UnreadableFile`."""
    lines = lines_of(content)
    found = parse_lines(lines, content.path, dialect, context.tell, context.explained)
    return ParsedListing(
        path=content.path,
        sha256=lines.sha256,
        size=lines.size,
        encoding=lines.encoding,
        input_format="text",
        topic=found.topic,
        line_count=len(lines),
        newest_first=found.newest_first,
        entries=found.entries,
        unclaimed_lines=array("L", sorted(set(found.unclaimed_lines))),
        diagnostics=[*found.remarks, *text_remarks(lines)],
    )


def parse_lines(
    lines: Sequence[str] | Lines,
    path: str,
    dialect: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    explained: Callable[[Sequence[str]], None] | None = None,
) -> Parsed:
    """Return what stands in *lines*; *progress* is told (lines done, lines in all).

    *explained* is told, for each entry, why it is read as it is. Raises `UnreadableFile`, naming
    *path*, for a dialect that does not exist.
    """
    try:
        knowledge = survey(lines, dialect)
    except ValueError as error:
        raise UnreadableFile(f"{path}: {error}") from error
    found = Parsed(knowledge.order == "newest-first")
    if explained and knowledge.diagnostics:
        explained(explain_remarks(knowledge.diagnostics))
    for item in parse(lines, knowledge):
        if isinstance(item, Topic):
            found.topic = clean_line(item.text, 500)
        elif isinstance(item, Entry):
            found.entries.append(_entry(item))
            if explained:
                explained(explain(item))
            if progress:
                progress(item.last_line, len(lines))
        elif isinstance(item, Unclaimed) and item.span.role == "unclaimed":
            found.unclaimed_lines.append(item.line)
    found.remarks = [_diagnostic(remark) for remark in knowledge.diagnostics]
    return found


def _entry(entry: Entry) -> ParsedEntry:
    values: Values = entry_as_json(entry)
    for name in ("lines", "confidence", "diagnostics"):
        values.pop(name, None)
    for name in _LINES:
        values[name] = clean_line(values[name] or "") or None
    values["standfirst"] = clean_block(values["standfirst"] or "") or None
    clean_stated(values)
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
