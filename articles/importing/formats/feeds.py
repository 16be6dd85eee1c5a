"""Feeds: RSS 0.9x, 1.0 and 2.0, Atom (RFC 4287) and JSON Feed 1.x.

The document is first read as XML, which bounds it and tells where its items stand; feedparser,
given only what passed, then tells what the many dialects of feeds mean. It is never given an
address or a file name, cleans no HTML (the archive's cleaner does) and never has to guess at
broken markup, which is where its other, slow reader would come in.
"""

import calendar
import datetime
import io
import time
from typing import Any

import feedparser

from articles.importing.files import Content, UnreadableFile, text_of
from articles.importing.formats import markup, tables
from articles.importing.formats.context import Context, listing_of, remark, text_remarks
from articles.importing.formats.dates import moment
from articles.importing.formats.json_text import BadJson, Lines, decode, members
from articles.importing.formats.tables import Cells
from articles.importing.formats.xml_text import document, elements
from articles.importing.records import ParsedListing, Values

_ITEMS = frozenset({"item", "entry"})
_ROOTS = frozenset({"rss", "feed", "RDF"})
#: A description of more characters than this is the article rather than its summary.
_SUMMARY = 1500


def read(content: Content, context: Context) -> ParsedListing:
    """Return an RSS or Atom feed as a listing. Raises `UnreadableFile`."""
    found = document(content)
    items = list(elements(found, _ITEMS, anywhere=True))
    parsed = feedparser.parse(
        io.BytesIO(b"".join(found.data())[found.root :]),
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version"):
        raise UnreadableFile(f"{content.path}: this is no feed that is known (RSS, Atom)")
    if not items:
        raise UnreadableFile(f"{content.path}: the feed has no items")
    if len(items) != len(parsed.entries):
        raise UnreadableFile(
            f"{content.path}: {len(items)} items stand in the feed but {len(parsed.entries)} can be"
            " read; it nests items or is damaged"
        )
    language = str(parsed.feed.get("language") or "")
    rows = tables.rows_found()
    for node, entry in zip(items, parsed.entries, strict=True):
        cells = Cells((), node.first_line, node.last_line, node.source)
        rows.append((cells, _raw(entry, language, context)))
    entries, remarks = tables.entries_of(rows, context)
    return listing_of(
        content,
        "feed",
        entries,
        encoding=found.file.encoding,
        line_count=len(found.file),
        title=markup.line_text(str(parsed.feed.get("title") or "")),
        diagnostics=[*text_remarks(found.file), *remarks],
    )


def _raw(entry: Any, language: str, context: Context) -> dict[str, Any]:
    raw: dict[str, Any] = {
        "headline": entry.get("title", ""),
        "source_url": entry.get("link") or "",
        "published_on": _date(entry, context),
        "language": language,
    }
    bodies = [str(part.get("value") or "") for part in entry.get("content") or []]
    body = max(bodies, key=len, default="")
    summary = str(entry.get("summary") or "")
    if summary and summary not in bodies:
        if not body and len(markup.block_text(summary)) > _SUMMARY:
            body = summary
        else:
            raw["standfirst"] = summary
    if body:
        raw["body"] = body
    names = [str(person.get("name") or "") for person in entry.get("authors") or [] if person]
    if not any(names):
        names = [str(entry.get("author") or "")]
    if names := [name for name in names if name.strip()]:
        raw["byline"] = list(dict.fromkeys(names))
    raw["tags"] = [
        str(tag.get("label") or tag.get("term") or "") for tag in entry.get("tags") or []
    ]
    return {name: value for name, value in raw.items() if value}


def _date(entry: Any, context: Context) -> object:
    """Return when an item was published: as it says it, else as feedparser understood it."""
    for name in ("published", "updated", "created"):
        text = str(entry.get(name) or "").strip()
        if not text:
            continue
        parsed: time.struct_time | None = entry.get(f"{name}_parsed")
        if moment(text) is None and len(text) > 10 and parsed is not None:
            try:
                return datetime.datetime.fromtimestamp(calendar.timegm(parsed), datetime.UTC)
            except (ValueError, OverflowError, OSError):
                return text
        return text
    return None


def read_json(content: Content, context: Context) -> ParsedListing:
    """Return a JSON Feed (jsonfeed.org, version 1.1) as a listing. Raises `UnreadableFile`."""
    file = text_of(content)
    text = "\n".join(file.lines)
    try:
        feed = decode(text)
    except BadJson as error:
        raise UnreadableFile(f"{content.path}: {error}") from error
    if not is_json_feed(feed):
        raise UnreadableFile(f"{content.path}: this is no JSON Feed")
    lines = Lines(text)
    rows = []
    lost: list[Values] = []
    for item, start, end in members(text, ("items",)):
        cells = Cells((), lines.of(start), lines.of(end - 1), text[start:end])
        if isinstance(item, dict):
            rows.append((cells, _json_raw(item, feed)))
        else:
            lost.append(remark("item-unreadable", "An item is no object.", cells.first_line))
    if not rows:
        raise UnreadableFile(f"{content.path}: the feed has no items")
    entries, remarks = tables.entries_of(rows, context)
    return listing_of(
        content,
        "jsonfeed",
        entries,
        title=_text(feed.get("title")),
        encoding=file.encoding,
        line_count=len(file.lines),
        diagnostics=[*text_remarks(file), *lost, *remarks],
    )


def is_json_feed(value: Any) -> bool:
    """Whether a JSON value says that it is a JSON Feed."""
    return (
        isinstance(value, dict)
        and "jsonfeed.org/version/" in str(value.get("version") or "")
        and isinstance(value.get("items"), list)
    )


def _json_raw(item: dict[str, Any], feed: dict[str, Any]) -> dict[str, Any]:
    authors = item.get("authors") or item.get("author") or feed.get("authors") or []
    people = authors if isinstance(authors, list) else [authors]
    names = [
        str(person["name"]) for person in people if isinstance(person, dict) and person.get("name")
    ]
    html, text = item.get("content_html"), item.get("content_text")
    tags = item.get("tags")
    raw: dict[str, Any] = {
        "headline": _text(item.get("title")),
        "source_url": _text(item.get("url") or item.get("external_url")),
        "published_on": _text(item.get("date_published") or item.get("date_modified")),
        "standfirst": _text(item.get("summary")),
        "body": _text(html) or markup.paragraphs(_text(text)),
        "byline": names,
        "tags": [_text(tag) for tag in tags] if isinstance(tags, list) else [],
        "language": _text(item.get("language") or feed.get("language")),
    }
    return {name: value for name, value in raw.items() if value}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def is_feed_root(name: str) -> bool:
    """Whether an element called *name*, whatever its prefix, is that of a feed."""
    return name.rpartition(":")[2] in _ROOTS
