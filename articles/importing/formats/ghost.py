"""The JSON export of a Ghost site: its posts and pages as a listing.

One object ``db`` with ``data``, whose lists are the tables of the site: posts, users, tags, and
what joins them (ghost.org/docs/migration/ghost describes it).
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from articles.importing.files import Content, UnreadableFile
from articles.importing.formats import bodies, dates, fields, markup, sites
from articles.importing.formats.bodies import Body
from articles.importing.formats.context import Context, listing_of, remark, text_remarks
from articles.importing.formats.fields import Row
from articles.importing.formats.json_text import BadJson, Lines, decode, members
from articles.importing.lines import lines_of
from articles.importing.packing import parsed_entries
from articles.importing.records import ParsedEntry, ParsedListing, Values

#: What stands for the site's own address in an export.
_OWN = "__GHOST_URL__"
_STATED = frozenset({"standfirst", "byline", "tags"})
_STATUS = {"published": "published", "scheduled": "published"}


def is_ghost(value: Any) -> bool:
    """Whether a JSON value is a Ghost export."""
    return bool(_path(value))


def _path(value: Any) -> tuple[str | int, ...]:
    if not isinstance(value, dict):
        return ()
    found = value.get("db")
    if isinstance(found, list) and found and isinstance(found[0], dict):
        data = found[0].get("data")
        return ("db", 0, "data") if isinstance(data, dict) and "posts" in data else ()
    data = value.get("data")
    ours = isinstance(data, dict) and "posts" in data and "posts_authors" in data
    return ("data",) if ours else ()


class _Site:
    """The tables of an export, joined."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.people = _names(data, "users", "name")
        self.tags = _names(data, "tags", "name")
        self.authors_of = _joined(data, "posts_authors", "author_id")
        self.tags_of = _joined(data, "posts_tags", "tag_id")
        settings = {str(row.get("key")): row.get("value") for row in _rows(data, "settings")}
        self.language = str(settings.get("lang") or settings.get("locale") or "")
        self.title = str(settings.get("title") or "")
        self.base = str(settings.get("url") or "")


def _rows(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = data.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _names(data: dict[str, Any], table: str, column: str) -> dict[str, str]:
    return {str(row.get("id")): str(row.get(column) or "") for row in _rows(data, table)}


def _joined(data: dict[str, Any], table: str, column: str) -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in _rows(data, table):
        order = row.get("sort_order")
        place = order if isinstance(order, int) else 0
        found[str(row.get("post_id"))].append((place, str(row.get(column))))
    return {
        post: [item for _, item in sorted(items, key=lambda pair: pair[0])]
        for post, items in found.items()
    }


def read(content: Content, context: Context) -> ParsedListing:
    """Return an export as a listing. Raises `UnreadableFile`."""
    file = lines_of(content)
    text = "\n".join(file)
    try:
        value = decode(text)
    except BadJson as error:
        raise UnreadableFile(f"{content.path}: {error}") from error
    path = _path(value)
    if not path:
        raise UnreadableFile(f"{content.path}: this is no Ghost export")
    data = value
    for step in path:
        data = data[step]
    site = _Site(data)
    count = len(_rows(data, "posts"))
    del value, data  # the posts are read again, one by one
    lines = Lines(text)
    entries = parsed_entries()
    remarks: list[Values] = []
    for post, start, end in members(text, (*path, "posts")):
        first, last = lines.of(start), lines.of(end - 1)
        if not isinstance(post, dict):
            remarks.append(remark("item-unreadable", "A post is no object.", first))
            continue
        entries.append(_entry(site, post, (first, last), text[start:end], len(entries), context))
        context.tell(len(entries), count)
    if not entries:
        raise UnreadableFile(f"{content.path}: the export has no posts and no pages")
    return listing_of(
        file,
        "ghost",
        entries,
        encoding=file.encoding,
        line_count=len(file),
        diagnostics=[*text_remarks(file), *remarks],
        title=site.title,
        media=context.media,
        hosts=sites.hosts_of([site.base]) or ("ghost",),
    )


def _entry(
    site: _Site,
    post: dict[str, Any],
    lines: tuple[int, int],
    text: str,
    ordinal: int,
    context: Context,
) -> ParsedEntry:
    number = str(post.get("id"))
    raw = {
        "headline": _text(post, "title"),
        "standfirst": _text(post, "custom_excerpt"),
        "tags": [
            name
            for tag in site.tags_of.get(number, [])
            if (name := site.tags.get(tag, "")) and not name.startswith("#")
        ],
        "language": _text(post, "locale") or site.language,
        "slug": _text(post, "slug"),
        "source_url": _text(post, "canonical_url"),
    }
    row = Row(lines[0], {name: value for name, value in raw.items() if value})
    fields.fill(row, _STATED)
    writers = site.authors_of.get(number) or [str(post.get("author_id") or "")]
    fields.set_credits(row, [site.people.get(writer, "") for writer in writers])
    _set_dates(row, post, context)
    html = _html(post, row).replace(_OWN, site.base.rstrip("/"))
    body = Body(html, site.base, media=context.media)
    bodies.plain_markup(body)
    sites.finish_body(row, body, _text(post, "feature_image"))
    old_paths = sites.remember(row, _paths(post))
    return ParsedEntry(
        ordinal=ordinal,
        first_line=lines[0],
        last_line=lines[1],
        text=text,
        values=row.values,
        diagnostics=tuple(row.remarks),
        old_paths=old_paths,
    )


def _text(post: dict[str, Any], name: str) -> str:
    value = post.get(name)
    return value if isinstance(value, str) else ""


def _html(post: dict[str, Any], row: Row) -> str:
    if html := _text(post, "html"):
        return html
    if words := _text(post, "plaintext"):
        row.remark("markup-left-out", "The export has the body as plain text only.")
        return markup.paragraphs(words)
    if _text(post, "lexical") or _text(post, "mobiledoc"):
        row.remark("body-left-out", "The export has the body in the editor's own form only.")
    return ""


def _set_dates(row: Row, post: dict[str, Any], context: Context) -> None:
    status = _text(post, "status") or "draft"
    found = dates.moment(_text(post, "published_at")) or dates.moment(_text(post, "created_at"))
    row.values["published_on"] = None if found is None else dates.day_of(found, context.zone)
    if found is None:
        row.remark("date-unreadable", "The export gives no date of publication.")
    row.values["status"] = _STATUS.get(status, "draft")
    visibility = _text(post, "visibility") or "public"
    if status == "sent":
        row.remark("status-changed", "It was only sent by mail from the old site: a draft.")
    if visibility != "public" and row.values["status"] == "published":
        row.values["status"] = "draft"
        row.remark("status-changed", "Only members could read it on the old site: a draft.")
    if status == "scheduled" and found is not None and found.tzinfo and found > context.now:
        row.values["visible_from"] = dates.utc_text(found)


def _paths(post: dict[str, Any]) -> Iterator[str]:
    if slug := _text(post, "slug"):
        yield f"{slug}/"
        yield f"p/{_text(post, 'uuid')}/" if _text(post, "uuid") else ""
