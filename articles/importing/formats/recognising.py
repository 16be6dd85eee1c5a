"""Which format a file is in: told from its content first, from its name where that leaves a doubt.

A name never outweighs what is plainly something else: a page saved as ``.txt`` is a page.
"""

import re
from collections.abc import Callable

from articles.importing.files import Content, UnreadableFile, read_content, text_of
from articles.importing.formats import (
    archives,
    delimited,
    feeds,
    ghost,
    html_pages,
    json_files,
    plain,
    wordpress,
    workbook,
)
from articles.importing.formats.columns import NOTHING, BadColumns, Told
from articles.importing.formats.context import Context
from articles.importing.formats.json_text import BadJson, decode
from articles.importing.lines import Beginning
from articles.importing.records import ParsedListing

Reader = Callable[[Content, Context, str | None], ParsedListing]


def _without_dialect(read: Callable[[Content, Context], ParsedListing]) -> Reader:
    return lambda content, context, dialect: read(content, context)


#: The formats by the names that people give them.
READERS: dict[str, Reader] = {
    "text": plain.read,
    "html": html_pages.read,
    "csv": _without_dialect(delimited.read),
    "tsv": _without_dialect(delimited.read),
    "xlsx": _without_dialect(workbook.read),
    "json": _without_dialect(json_files.read),
    "jsonl": _without_dialect(json_files.read_lines),
    "feed": _without_dialect(feeds.read),
    "jsonfeed": _without_dialect(feeds.read_json),
    "wordpress": _without_dialect(wordpress.read),
    "ghost": _without_dialect(ghost.read),
}
#: Formats that bring a whole site, whose pictures may be beside it.
OF_SITES = frozenset({"wordpress", "ghost"})
#: Formats that are read from disk as they go, and never held whole.
STREAMED = frozenset({"text", "csv", "tsv", "jsonl", "wordpress"})
#: Formats in which lines are written in some dialect.
OF_LINES = frozenset({"text", "html"})
#: Formats that have columns, or members of objects instead, which can be given a field by hand.
OF_COLUMNS = ("csv", "tsv", "xlsx", "json", "jsonl")
_BY_SUFFIX = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".csv": "csv", ".tsv": "tsv",
    ".xlsx": "xlsx", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xml": "xml",
    ".rss": "feed", ".atom": "feed",
}  # fmt: skip
_START = 100_000
_ROOT = re.compile(r"<([A-Za-z_][\w:.-]{0,60})[\s>/]")
_NO_ROOT = re.compile(r"\s+|<\?[^<>]*>|<!--(?:(?!-->)[\s\S]){0,20000}-->|<!DOCTYPE[^<>\[]*>", re.I)
_HTML_START = re.compile(
    r"\s*(?:<!--(?:(?!-->)[\s\S]){0,20000}-->\s*)?"
    r"<(?:!doctype\s+html|html|head|body|article|main|div|section|ul|ol|table|h[1-6])\b",
    re.IGNORECASE,
)


def names() -> tuple[str, ...]:
    """Return the names of the formats that can be asked for."""
    return tuple(READERS)


def read(
    content: Content, context: Context, wanted: str | None, dialect: str | None
) -> ParsedListing:
    """Return *content* read in the format *wanted*, else in the one that it is in.

    Of a `lines.Beginning` the whole file is read: what is `STREAMED` piece by piece, all else at
    once.
    Raises `UnreadableFile`; where a format was asked for, its message says so.
    """
    if wanted is not None and wanted not in READERS:
        known = ", ".join(READERS)
        raise UnreadableFile(f"{content.path}: no format is called {wanted!r}; known are {known}")
    name = wanted or recognise(content, context.columns)
    if dialect is not None and name not in OF_LINES:
        raise UnreadableFile(
            f"{content.path}: a dialect is how plain text is written; this is read as {name}"
        )
    if context.media is not None and name not in OF_SITES:
        raise UnreadableFile(
            f"{content.path}: pictures come with the export of a site; this is read as {name}"
        )
    if context.columns.given and name not in OF_COLUMNS:
        raise UnreadableFile(
            f"{content.path}: only {', '.join(OF_COLUMNS)} have columns to be given a field; this"
            f" is read as {name}"
        )
    if isinstance(content, Beginning) and name not in STREAMED:
        content = read_content(content.file)
        # Of JSON only the whole tells which it is.
        name = wanted or recognise(content, context.columns)
    try:
        return READERS[name](content, context, dialect)
    except BadColumns as error:
        raise UnreadableFile(f"{content.path}: {error}") from error
    except UnreadableFile as error:
        if wanted is None:
            raise
        raise UnreadableFile(f"{error} (read as {name}, as asked)") from error


def recognise(content: Content, told: Told = NOTHING) -> str:
    """Return the format of *content*. Raises `UnreadableFile` if it is no text and no workbook."""
    if content.data.startswith(b"PK"):
        if archives.is_workbook(content.data):
            return "xlsx"
        raise UnreadableFile(f"{content.path}: this is an office document, but no XLSX workbook")
    by_suffix = _BY_SUFFIX.get(content.suffix, "")
    if by_suffix == "xlsx":
        raise UnreadableFile(f"{content.path}: this is no XLSX workbook, whatever its name says")
    file = text_of(content)
    start = "\n".join(file.lines[:2000])[:_START]
    if start.lstrip()[:1] in ("{", "[") and (found := _json(file.lines, by_suffix)):
        return found
    if start.lstrip()[:1] == "<" and (found := _markup(start, by_suffix)):
        return found
    if by_suffix in {"csv", "tsv", "html", "json", "jsonl"}:
        return by_suffix
    if by_suffix in {"xml", "feed"}:
        return "feed"
    return "csv" if _is_table(content, told) else "text"


def _json(lines: list[str], by_suffix: str) -> str | None:
    """Return which JSON it is; None for text that only begins like it and is not named so."""
    full = [line for line in lines if line.strip()]
    if by_suffix == "jsonl" or (len(full) > 1 and _is_object(full[0]) and _is_object(full[1])):
        return "jsonl"
    try:
        value = decode("\n".join(lines))
    except BadJson:
        return "json" if by_suffix == "json" or full[0].lstrip()[:2] in ('{"', "[{") else None
    if ghost.is_ghost(value):
        return "ghost"
    if feeds.is_json_feed(value):
        return "jsonfeed"
    return "json" if isinstance(value, dict | list) else None


def _is_object(line: str) -> bool:
    try:
        return isinstance(decode(line), dict)
    except BadJson:
        return False


def _markup(start: str, by_suffix: str) -> str | None:
    """Return which markup it is, by its first element; None for text that begins with a "<"."""
    position = 0
    while match := _NO_ROOT.match(start, position):
        position = match.end()
    root = _ROOT.match(start, position)
    name = root[1] if root else ""
    if feeds.is_feed_root(name):
        is_export = name.lower() == "rss" and "http://wordpress.org/export/" in start
        return "wordpress" if is_export else "feed"
    if by_suffix == "html" or _HTML_START.match(start) or name.lower() == "html":
        return "html"
    return "feed" if start.lstrip().startswith("<?xml") and by_suffix != "html" else None


def _is_table(content: Content, told: Told) -> bool:
    """Whether text without a telling name is a table: its first line names columns, and the next
    rows have as many cells."""
    file = text_of(content)
    delimiter = delimited.delimiter_of(file.lines, told)
    if delimiter is None:
        return False
    full = [line for line in file.lines[:50] if line.strip()]
    header = full[0].count(delimiter)
    fits = sum(line.count(delimiter) >= header for line in full[1:])
    return header > 0 and len(full) > 1 and fits * 2 >= len(full) - 1
