"""What was removed does not come in again: every listing is looked through before it is planned."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from articles.importing.fixtures.format import Fixture
from articles.importing.packing import parsed_entries
from articles.importing.records import REMOVED_TEXT, REMOVED_WORDS, ParsedEntry, ParsedListing
from articles.redacting import entries, marks
from articles.redacting.marks import Known, Texts
from articles.redacting.words import ADDRESS_MARK, blank, blank_value, is_only_mark

#: What authors, series and tags of a fixture are called by.
_CALLED = ("slug", "name", "title")


def guarded(listing: ParsedListing) -> ParsedListing:
    """Return *listing* without words and texts that were removed from the archive. One query.

    An entry that lost words says so in a diagnostic, and goes on without them; a text that was
    removed is left as an entry of its day that says nothing, of which nothing is made.
    """
    known, texts = marks.in_force()
    if not known and not texts:
        return listing
    found = parsed_entries()
    words = removed = 0
    for entry in listing.entries:
        changed = _entry(entry, known, texts)
        if changed is not entry:
            codes = {item["code"] for item in changed.diagnostics}
            removed += REMOVED_TEXT in codes
            words += REMOVED_TEXT not in codes
        found.append(changed)
    remarks = [*listing.diagnostics]
    if removed or words:
        remarks.append(_remark(REMOVED_TEXT if removed else REMOVED_WORDS, 0, (
            f"{removed} entries were left out and {words} lost words: these were removed from the"
            " archive on legal grounds."
        )))  # fmt: skip
    return replace(
        listing,
        entries=found,
        diagnostics=blank_value(remarks, lambda text: blank(text, known)),
        columns=tuple(_column(column, known, removed + words) for column in listing.columns),
        path=blank(listing.path, known),
        topic=blank(listing.topic, known) if listing.topic else listing.topic,
        title=blank(listing.title, known) if listing.title else listing.title,
    )


def _column(column: dict[str, Any], known: Known, lost: int) -> dict[str, Any]:
    """Return a column without removed words; without its sample, if the file lost any."""
    sample = "" if lost else column["sample"]
    return {**column, "header": blank(column["header"], known), "sample": sample}


def guarded_fixture(fixture: Fixture) -> Fixture:
    """Return *fixture* without the words and the texts that were removed. One query."""
    known, texts = marks.in_force()
    if not known and not texts:
        return fixture

    def left(value: Any) -> Any:
        return blank_value(value, lambda text: blank(text, known))

    def named(rows: Iterable[Mapping[str, Any]]) -> list[Any]:
        # Who or what is called so is left out, and taken off the articles.
        return [
            left(row)
            for row in rows
            if all(left(row.get(name, "")) == row.get(name, "") for name in _CALLED)
        ]

    lists = {name: named(getattr(fixture, name)) for name in ("authors", "series", "tags")}
    slugs = {name: {row["slug"] for row in rows} for name, rows in lists.items()}
    return Fixture(
        **lists,
        articles=[
            replace(
                article,
                values={
                    **_linked(left(article.values), slugs),
                    "slug": blank(article.values["slug"], known, ADDRESS_MARK),
                },
                text=left(article.text),
            )
            for article in fixture.articles
            if not _is_removed(article.values, texts)
        ],
    )


def _linked(values: Mapping[str, Any], slugs: Mapping[str, set[str]]) -> dict[str, Any]:
    """Return the *values* of an article with those links only that lead to something."""
    return {
        **values,
        "contributions": [
            row for row in values["contributions"] if row["author"] in slugs["authors"]
        ],
        "parts": [row for row in values["parts"] if row["series"] in slugs["series"]],
        "tags": [slug for slug in values["tags"] if slug in slugs["tags"]],
    }


def guarded_texts(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return the cells of *rows* without the words that were removed. One query."""
    known, _texts = marks.in_force()
    if not known:
        return [dict(row) for row in rows]
    return [{name: blank(text, known) for name, text in row.items()} for row in rows]


def _is_removed(values: Mapping[str, Any], texts: Texts, *more: str) -> bool:
    said = [str(values.get(name) or "") for name in ("standfirst", "body")]
    date = str(values.get("published_on") or "")
    return bool(texts) and texts.is_entry(str(values.get("headline") or ""), date, [*said, *more])


def left_of(text: str) -> str:
    """Return what is left of a name that somebody gave: a source's, a tag's. ``""`` for nothing."""
    if not text:
        return ""
    known, _texts = marks.in_force()
    left = blank(text, known) if known else text
    return "" if is_only_mark(left) else left


def _entry(entry: ParsedEntry, known: Known, texts: Texts) -> ParsedEntry:
    values = entry.values
    if _is_removed(values, texts, entry.text):
        return replace(
            entry,
            text="",
            values=entries.emptied(values),
            diagnostics=(
                _remark(REMOVED_TEXT, entry.first_line, "This text was removed on legal grounds."),
            ),
            old_paths=(),
        )
    left = entries.without(values, lambda text: blank(text, known)) or {}
    text = blank(entry.text, known)
    if left == values and text == entry.text:
        return entry
    return replace(
        entry,
        text=text,
        values=left,
        diagnostics=(
            *blank_value(list(entry.diagnostics), lambda text: blank(text, known)),
            _remark(
                REMOVED_WORDS,
                entry.first_line,
                "Words were left out: they were removed from the archive on legal grounds.",
            ),
        ),
        old_paths=tuple(path for path in entry.old_paths if blank(path, known) == path),
    )


def _remark(code: str, line: int, message: str) -> dict[str, object]:
    return {"code": code, "line": line, "message": message, "alternatives": []}
