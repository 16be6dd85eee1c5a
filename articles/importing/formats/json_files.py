"""JSON and JSON Lines: the archive's own fixtures, and lists of flat objects.

A list may be the whole file or stand in it under one of the usual names. Names of members are
those of columns (see `articles.importing.formats.headers`).
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from articles.importing.files import Content, UnreadableFile
from articles.importing.fixtures.format import FORMAT, InvalidFixture, parse_fixture
from articles.importing.formats import columns as table_columns
from articles.importing.formats import headers, tables
from articles.importing.formats.columns import Told
from articles.importing.formats.context import Context, listing_of, remark, text_remarks
from articles.importing.formats.dates import utc_text
from articles.importing.formats.json_text import BadJson, Lines, decode, members
from articles.importing.formats.tables import Cells
from articles.importing.lines import Lines as TextLines
from articles.importing.lines import lines_of
from articles.importing.records import BY_NAME, ParsedEntry, ParsedListing, Values

_LISTS = ("articles", "entries", "items", "posts", "results", "data", "rows", "records")
_PEOPLE = ("name", "display_name", "displayName", "full_name", "title")


def read(content: Content, context: Context) -> ParsedListing:
    """Return a JSON file as a listing. Raises `UnreadableFile`."""
    file = lines_of(content)
    text = "\n".join(file)
    try:
        value = decode(text)
    except BadJson as error:
        raise UnreadableFile(f"{content.path}: {error}") from error
    if is_fixture(value):
        context.columns.check(())
        return _fixture(content, file, text, context)
    path: tuple[str, ...] = ()
    if isinstance(value, dict):
        path = next(((name,) for name in _LISTS if isinstance(value.get(name), list)), ())
        if not path and _is_article(value, context.columns):
            rows = [_row(value, 1, len(file), text)]
            return _listing(file, rows, context, "json")
    del value  # it is read again, member by member
    found = members(text, path)
    first = next(found, None)
    if first is None:
        raise UnreadableFile(
            f"{content.path}: no list of articles: needs a list of objects, or an object that has"
            f" one under {', '.join(_LISTS)}"
        )
    lines = Lines(text)
    return _listing(
        file,
        (
            _row(item, lines.of(start), lines.of(end - 1), text[start:end])
            for item, start, end in chain([first], found)
        ),
        context,
        "json",
    )


def read_lines(content: Content, context: Context) -> ParsedListing:
    """Return JSON Lines, one object a line, as a listing. Raises `UnreadableFile`.

    Of a `lines.Beginning` the whole file is read, line by line.
    """
    file = lines_of(content)
    return _listing(file, _objects(content.path, file), context, "jsonl")


def _objects(path: str, lines: Iterable[str]) -> Iterator[tuple[Cells, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _row(decode(line), number, number, line)
        except BadJson as error:
            reason = str(error).removeprefix("line 1: ")
            raise UnreadableFile(f"{path}:{number}: {reason}") from error


def is_fixture(value: Any) -> bool:
    """Whether a JSON value is a fixture (docs/fixtures.md)."""
    return isinstance(value, dict) and "version" in value and "articles" in value and (
        isinstance(value["version"], int) and value.keys() <= {"version", *FORMAT}
    )  # fmt: skip


def _is_article(value: dict[str, Any], told: Told) -> bool:
    names = [str(name) for name in value]
    return headers.is_header(names, told.fields(names))


def _row(item: Any, first: int, last: int, text: str) -> tuple[Cells, Any]:
    return Cells((), first, last, text), item


def _listing(
    file: TextLines,
    items: Iterable[tuple[Cells, Any]],
    context: Context,
    input_format: str,
) -> ParsedListing:
    objects = _Members(context.columns)
    found = tables.rows_found()
    unclaimed: set[int] = set()
    has_headline = False
    for cells, item in items:
        if isinstance(item, dict):
            raw = objects.values(item)
            has_headline = has_headline or "headline" in raw
            found.append((cells, raw))
        else:
            unclaimed.update(range(cells.first_line, cells.last_line + 1))
    context.columns.check(objects.columns)
    if not has_headline:
        raise UnreadableFile(f"{file.path}: no object in it has a headline or a title")
    entries, remarks = tables.entries_of(found, context)
    named = [
        remark("column-unknown", f"“{name[:80]}” is not imported; {count} objects have it.")
        for name, count in list(objects.unknown.items())[:50]
    ]
    return listing_of(
        file,
        input_format,
        entries,
        encoding=file.encoding,
        line_count=len(file),
        unclaimed_lines=sorted(unclaimed),
        diagnostics=[*text_remarks(file), *named, *remarks],
        columns=objects.columns.values(),
    )


class _Members:
    """The members of objects as columns: ``columns`` by what they are called, and how many objects
    have one of those that are ``unknown``."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.unknown: dict[str, int] = {}
        self.columns: dict[str, Values] = {}
        self._names: list[str] | None = None
        self._read: list[tuple[str, str | None, str | None]] = []

    def values(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return the raw values of an object by field."""
        names = list(item)
        if names != self._names:  # most objects of a list have the same
            said = self.told.said(names)
            fields = headers.mapping(names, {place: field for place, (field, _) in said.items()})
            self._names, self._read = names, [
                (label, fields.get(place), said[place][1] if place in said
                 else BY_NAME if place in fields else None)
                for place, label in enumerate(table_columns.labels(names))
            ]  # fmt: skip
        raw: dict[str, Any] = {}
        for (label, field, how), name in zip(self._read, names, strict=True):
            value = item[name]
            self._note(label, field, how, value)
            if value is None or value in ("", [], {}) or (how and field is None):
                continue
            text = _flat(value)
            if field is None or text is None:
                self.unknown[name] = self.unknown.get(name, 0) + 1
            elif isinstance(text, list) and field in headers.REPEATED and field not in raw:
                raw[field] = text
            else:
                told = text if isinstance(text, list) else [text]
                before = raw.get(field, [])
                told = [*(before if isinstance(before, list) else [before]), *told]
                raw[field] = "; ".join(told)
        return raw

    def _note(self, label: str, field: str | None, how: str | None, value: Any) -> None:
        known = self.columns.get(label)
        if known and (known["sample"] or not value) and (known["how"] or not how):
            return
        text = _flat(value) if value else ""
        sample = "; ".join(text) if isinstance(text, list) else text or ""
        self.columns[label] = table_columns.column(label, field, how, sample)


def _flat(value: Any) -> str | list[str] | None:
    """Return a value as text, or a list of them; None for what is no text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | str):
        return str(value)
    if isinstance(value, dict):
        return next(
            (str(value[name]) for name in _PEOPLE if isinstance(value.get(name), str)), None
        )
    if isinstance(value, list):
        texts = [_flat(item) for item in value]
        return [text for text in texts if isinstance(text, str)] if all(
            isinstance(text, str) for text in texts
        ) else None  # fmt: skip
    return None


_SAME = (
    "headline", "kicker", "subtitle", "standfirst", "body", "byline", "part_label", "publication",
    "volume", "issue", "pages", "rights", "language", "source_url", "published_on", "slug",
)  # fmt: skip


def _fixture(content: Content, file: TextLines, text: str, context: Context) -> ParsedListing:
    """Return a fixture as a listing: names for slugs; permanent keys are left to import_fixture."""
    try:
        fixture = parse_fixture(text)
    except InvalidFixture as error:
        raise UnreadableFile(f"{content.path}: {error}") from error
    people = {row["slug"]: row for row in fixture.authors}
    series = {row["slug"]: row for row in fixture.series}
    tags = {row["slug"]: row["name"] for row in fixture.tags}
    entries = []
    for place, article in enumerate(fixture.articles):
        read = article.values
        values: Values = {name: read[name] for name in _SAME if read[name]}
        remarks = []
        values["authors"] = [
            {"name": people[row["author"]]["name"], "kind": people[row["author"]]["kind"],
             "role": row["role"]}
            for row in read["contributions"]
        ]  # fmt: skip
        values["series"] = [
            {"title": series[row["series"]]["title"], "kind": series[row["series"]]["kind"],
             "part_number": row["part_number"]}
            for row in read["parts"]
        ]  # fmt: skip
        values["tags"] = [tags[slug] for slug in read["tags"]]
        values["status"] = read["status"] if read["status"] == "published" else "draft"
        if read["status"] == "withdrawn":
            message = "The article was withdrawn there; here it comes in as a draft."
            remarks.append(remark("status-changed", message, article.first_line))
        if read["visible_from"] and read["visible_from"] > utc_text(context.now):
            values["visible_from"] = read["visible_from"]
        entries.append(
            ParsedEntry(
                ordinal=place,
                first_line=article.first_line,
                last_line=article.last_line,
                text=article.text,
                values=values,
                diagnostics=tuple(remarks),
            )
        )
    return listing_of(
        content,
        "fixture",
        entries,
        encoding=file.encoding,
        line_count=len(file),
        diagnostics=text_remarks(file),
    )
