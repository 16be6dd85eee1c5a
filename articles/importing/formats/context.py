"""What every reader of a format is told, and what readers of all formats hand back."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from articles.cleaning import clean_line
from articles.importing.files import Content, TextFile
from articles.importing.formats import columns as table_columns
from articles.importing.formats.columns import Told
from articles.importing.formats.media import Media
from articles.importing.lines import Lines
from articles.importing.records import ParsedEntry, ParsedListing, Values


@dataclass(frozen=True, slots=True)
class Context:
    """The site's time zone, the present moment, and who wants to know of the progress, or why each
    entry of plain text is read as it is; ``media`` is a copy of a site's uploads, ``columns`` what
    a person says of those of a table."""

    zone: datetime.tzinfo
    now: datetime.datetime
    progress: Callable[[int, int], None] | None = None
    explained: Callable[[Sequence[str]], None] | None = None
    media: Media | None = None
    columns: Told = table_columns.NOTHING

    def tell(self, done: int, total: int) -> None:
        """Report that *done* of *total* are read."""
        if self.progress:
            self.progress(done, total)


def remark(code: str, message: str, line: int = 1, alternatives: Sequence[Values] = ()) -> Values:
    """Return a diagnostic as records hold it."""
    return {"code": code, "line": line, "message": message, "alternatives": list(alternatives)}


def text_remarks(file: TextFile | Lines) -> list[Values]:
    """Return what is to be said of how a text file was decoded."""
    found = []
    if file.encoding == "cp1252":
        found.append(remark("encoding", "The file is not UTF-8; read as Windows-1252."))
    if file.cleaned_lines:
        shown = ", ".join(str(number) for number in file.cleaned_lines[:10])
        more = " and others." if len(file.cleaned_lines) > 10 else "."
        message = f"Control characters were left out on line {shown}{more}"
        found.append(remark("control-characters", message, file.cleaned_lines[0]))
    return found


def is_newest_first(entries: Iterable[ParsedEntry]) -> bool:
    """Whether dates fall down the file more often than they rise; without dates, yes."""
    rises = falls = 0
    dates = (str(found) for entry in entries if (found := entry.values.get("published_on")))
    for first, second in pairwise(dates):
        rises += first < second
        falls += first > second
    return rises <= falls


def listing_of(
    content: Content | Lines,
    input_format: str,
    entries: Sequence[ParsedEntry],
    *,
    encoding: str,
    line_count: int,
    topic: str | None = None,
    title: str = "",
    unclaimed_lines: Sequence[int] = (),
    diagnostics: Sequence[Values] = (),
    hosts: Sequence[str] = (),
    media: Media | None = None,
    columns: Iterable[Values] = (),
) -> ParsedListing:
    """Return a whole file as read."""
    return ParsedListing(
        path=content.path,
        sha256=content.sha256,
        size=content.size,
        encoding=encoding,
        input_format=input_format,
        topic=topic,
        line_count=line_count,
        newest_first=is_newest_first(entries),
        entries=entries,
        unclaimed_lines=sorted(unclaimed_lines),
        diagnostics=diagnostics,
        title=clean_line(title, 300) or None,
        hosts=tuple(hosts),
        pictures=tuple(sorted(media.found.items(), key=itemgetter(0))) if media else (),
        columns=table_columns.shown(columns),
    )
