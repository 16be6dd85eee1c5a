"""WordPress eXtended RSS, the export of a WordPress site: its posts and pages as a listing.

The format is described by the program that writes it (wp-admin/includes/export.php of WordPress;
versions 1.0 to 1.2 differ in the namespace alone).
"""

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from articles.cleaning import clean_line
from articles.importing import links
from articles.importing.files import Content, UnreadableFile
from articles.importing.formats import bodies, fields, markup, sites
from articles.importing.formats.bodies import Body
from articles.importing.formats.context import Context, listing_of, remark, text_remarks
from articles.importing.formats.dates import utc_text
from articles.importing.formats.fields import Row
from articles.importing.formats.xml_text import Node, document, elements
from articles.importing.packing import parsed_entries
from articles.importing.records import ParsedEntry, ParsedListing, Values

_WP = re.compile(r"\{http://wordpress\.org/export/[0-9.]+/\}")
_EXCERPT = re.compile(r"\{http://wordpress\.org/export/[0-9.]+/excerpt/\}")
_NAMES = (
    (_EXCERPT, "excerpt:"),
    (_WP, "wp:"),
    (re.compile(r"\{http://purl\.org/rss/1\.0/modules/content/\}"), "content:"),
    (re.compile(r"\{http://purl\.org/dc/elements/1\.1/\}"), "dc:"),
)
_WANTED = frozenset(
    {"item", "author", "base_site_url", "base_blog_url", "language", "link", "title"}
)
_ITEMS = frozenset({"item"})
_ARTICLES = frozenset({"post", "page"})
_STATED = frozenset({"standfirst", "byline", "tags"})
_STATUS = {"publish": "published", "future": "published"}
#: Kept by the program for itself: no loss if they stay behind.
_INTERNAL = frozenset({
    "attachment", "nav_menu_item", "revision", "custom_css", "customize_changeset",
    "oembed_cache", "wp_global_styles", "wp_navigation", "wp_template", "wp_template_part",
    "wp_font_family", "wp_font_face", "user_request",
})  # fmt: skip
_DEFAULT_CATEGORIES = frozenset({"uncategorized", "uncategorised"})


@dataclass(slots=True)
class _Site:
    """What the export says of the site as a whole; ``count`` is how many posts and pages it has."""

    addresses: list[str] = field(default_factory=list)
    language: str = ""
    title: str = ""
    people: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    count: int = 0

    @property
    def base(self) -> str:
        return self.addresses[0] if self.addresses else ""


def read(content: Content, context: Context) -> ParsedListing:
    """Return an export as a listing. Raises `UnreadableFile`.

    It is gone through twice: people and files stand anywhere in it, and articles need them.
    """
    found = document(content)
    site = _Site()
    left: Counter[str] = Counter()
    for node in elements(found, _WANTED, anywhere=True):
        _take(site, node, left)
    remarks = [
        remark(
            "kind-left-out", f"{count} items of the kind “{clean_line(kind, 40)}” are not imported."
        )
        for kind, count in left.items()
        if kind not in _INTERNAL
    ]
    entries = parsed_entries()
    for node in elements(found, _ITEMS, anywhere=True):
        _rename(node)
        if _kind(node) not in _ARTICLES:
            continue
        entry = _entry(site, node, len(entries), context)
        if entry is None:
            title = markup.line_text(node.text_of("title"))
            message = f"“{title}” is in the bin of the old site; it is left out."
            remarks.append(remark("in-the-bin", message, node.first_line))
            continue
        entries.append(entry)
        context.tell(len(entries), site.count)
    if not entries:
        raise UnreadableFile(f"{content.path}: the export has no posts and no pages")
    return listing_of(
        found.given,
        "wordpress",
        entries,
        encoding=found.file.encoding,
        line_count=len(found.file),
        diagnostics=[*text_remarks(found.file), *remarks],
        title=site.title,
        media=context.media,
        hosts=sites.hosts_of(site.addresses),
    )


def _kind(node: Node) -> str:
    return node.text_of("wp:post_type") or "post"


def _take(site: _Site, node: Node, left: Counter[str]) -> None:
    _rename(node)
    if node.name == "item":
        kind = _kind(node)
        if kind in _ARTICLES:
            site.count += 1
            return
        left[kind] += 1
        if kind == "attachment":
            address = node.text_of("wp:attachment_url") or node.text_of("guid")
            site.files[node.text_of("wp:post_id")] = address
    elif node.name == "wp:author":
        login = node.text_of("wp:author_login")
        names = (node.text_of("wp:author_first_name"), node.text_of("wp:author_last_name"))
        shown = node.text_of("wp:author_display_name") or " ".join(names).strip()
        site.people[login] = shown or login
    elif node.name in {"wp:base_blog_url", "wp:base_site_url", "link"}:
        site.addresses.append(node.text.strip())
    elif node.name == "title" and not site.title:
        site.title = markup.line_text(node.text)
    elif node.name == "language" and not site.language:
        site.language = node.text.strip()


def _rename(node: Node) -> None:
    """Give elements the prefixes that everybody knows them by."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        for pattern, prefix in _NAMES:
            if match := pattern.match(current.name):
                current.name = prefix + current.name[match.end() :]
                break
        waiting += current.children


def _entry(site: _Site, node: Node, ordinal: int, context: Context) -> ParsedEntry | None:
    status = node.text_of("wp:status") or "publish"
    if status in {"trash", "auto-draft", "inherit"}:
        return None
    row = Row(node.first_line, _raw(site, node))
    fields.fill(row, _STATED)
    if not row.values.get("headline") and status != "publish":
        row.values["headline"] = "Untitled draft"
        row.remarks = [one for one in row.remarks if one["code"] != "row-without-headline"]
        row.remark("headline-given", "A draft without a title: its headline was given here.")
    names = list(_people(site, node))
    if names:
        row.values["byline"] = None
        fields.set_credits(row, names)
    row.values["published_on"] = _date(node, row)
    _set_status(row, node, status, context)
    body = Body(node.text_of("content:encoded"), site.base, site.files, context.media)
    bodies.from_wordpress(body)
    metas = {meta.text_of("wp:meta_key"): meta.text_of("wp:meta_value")
             for meta in node.children if meta.name == "wp:postmeta"}  # fmt: skip
    sites.finish_body(row, body, site.files.get(metas.get("_thumbnail_id", ""), ""))
    old_paths = sites.remember(row, _paths(node))
    return ParsedEntry(
        ordinal=ordinal,
        first_line=node.first_line,
        last_line=node.last_line,
        text=node.source,
        values=row.values,
        diagnostics=tuple(row.remarks),
        old_paths=old_paths,
    )


def _raw(site: _Site, node: Node) -> Values:
    raw: Values = {
        "headline": node.text_of("title"),
        "standfirst": node.text_of("excerpt:encoded"),
        "tags": list(_tags(node)),
        "language": site.language,
        "slug": unquote(node.text_of("wp:post_name")),
    }
    if series := list(_terms(node, "series")):
        raw["series"] = series[0]
    return {name: value for name, value in raw.items() if value}


def _terms(node: Node, domain: str) -> Iterator[str]:
    for child in node.children:
        if child.name == "category" and child.attributes.get("domain") == domain:
            yield child.text.strip()


def _tags(node: Node) -> Iterator[str]:
    for child in node.children:
        domain = child.attributes.get("domain", "category")
        if child.name != "category" or domain not in {"category", "post_tag", "tag"}:
            continue
        nicename = child.attributes.get("nicename", "")
        if nicename not in _DEFAULT_CATEGORIES and child.text.strip():
            yield markup.line_text(child.text)


def _people(site: _Site, node: Node) -> Iterator[str]:
    """Yield the names of the authors: those of a plugin for several, else the one there is."""
    several = list(_terms(node, "author"))
    if not several and (login := node.text_of("dc:creator")):
        several = [login]
    for name in several:
        yield markup.line_text(site.people.get(name, name))


def _date(node: Node, row: Row) -> str | None:
    """Return the day of publication on the old site's own calendar."""
    for name in ("wp:post_date", "wp:post_date_gmt"):
        text = node.text_of(name)[:10]
        try:
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            continue
    row.remark("date-unreadable", "The export gives no date of publication.")
    return None


def _set_status(row: Row, node: Node, status: str, context: Context) -> None:
    row.values["status"] = _STATUS.get(status, "draft")
    if status not in {*_STATUS, "draft", "pending"}:
        shown = clean_line(status, 40)
        row.remark("status-changed", f"“{shown}” on the old site; here it is a draft.")
    if node.text_of("wp:post_password"):
        row.values["status"] = "draft"
        row.remark("status-changed", "It had a password on the old site; here it is a draft.")
    if status == "future":
        try:
            found = datetime.datetime.fromisoformat(node.text_of("wp:post_date_gmt"))
        except ValueError:
            row.values["status"] = "draft"
            row.remark("status-changed", "It was to appear at a time not given: a draft.")
            return
        found = found.replace(tzinfo=datetime.UTC)
        if found > context.now:
            row.values["visible_from"] = utc_text(found)


def _paths(node: Node) -> Iterator[str]:
    number = node.text_of("wp:post_id")
    for name in ("link", "guid"):
        address = node.text_of(name)
        if sites.host_of(address):
            yield links.old_path(address)
    if number.isascii() and number.isdigit():
        yield f"?p={number}"
        if node.text_of("wp:post_type") == "page":
            yield f"?page_id={number}"
