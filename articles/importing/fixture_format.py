"""The fixture format: one JSON file of authors, series, tags and articles. Pure.

docs/fixtures.md documents it. `parse_fixture` takes exactly that; what is wrong is named with its
place (``articles[3].published_on``). What it returns is cleaned as the writers clean it, so that a
plan compares like with like.
"""

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from articles.cleaning import clean_block, clean_html, clean_line
from articles.importing.records import Values
from articles.partial_dates import parse_partial

VERSION = 1


class InvalidFixture(ValueError):
    """A fixture that does not keep to the format; the message names the place."""


@dataclass(frozen=True, slots=True)
class FixtureArticle:
    """One article with the lines of the file it stands in, and their text."""

    values: Values
    first_line: int
    last_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Fixture:
    """A file as read. Authors, series and tags are named by slug in the articles."""

    authors: list[Values]
    series: list[Values]
    tags: list[Values]
    articles: list[FixtureArticle]


Check = Callable[[Any], str | None]


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be text"


def _filled(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "must be text and not empty"


def _date(value: Any) -> str | None:
    try:
        parse_partial(value if isinstance(value, str) else "")
    except ValueError:
        return "must be YYYY, YYYY-MM or YYYY-MM-DD"
    return None


def _optional(check: Check, absent: Any = None) -> Check:
    return lambda value: None if value == absent else check(value)


def _one_of(*choices: str) -> Check:
    return lambda value: None if value in choices else f"must be one of {', '.join(choices)}"


def _matching(pattern: str, meaning: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: None if isinstance(value, str) and compiled.fullmatch(value) else meaning


def _texts(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
    return None if good else "must be a list of texts"


def _mapping(value: Any) -> str | None:
    good = isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    return None if good else "must be an object of texts"


def _rows(fields: Mapping[str, Check]) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, list):
            return "must be a list"
        for place, item in enumerate(value):
            if problem := _problem(item, fields):
                return f"[{place}]{problem}"
        return None

    return check


def _number(value: Any) -> str | None:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    return None if good else "must be a number from 1, or null"


_SLUG = _matching(r"[^\s/?#%\\]{1,120}", "must be one segment of an address")
_KEY = _matching("[0-9abcdefghjkmnpqrstvwxyz]{8}", "must be 8 characters of Crockford's base 32")
_MOMENT_FORM = re.compile(
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?Z"
)


def _moment(value: Any) -> str | None:
    try:
        if isinstance(value, str) and _MOMENT_FORM.fullmatch(value):
            datetime.datetime.fromisoformat(value)
            return None
    except ValueError:
        pass
    return "must be a moment in UTC: YYYY-MM-DDThh:mm:ssZ"


_ROLES = ("aut", "trl", "edt", "aui", "ill", "pht", "ivr", "ive", "ctb")
#: The fields of each kind of object, in the order in which they are written.
FORMAT: dict[str, dict[str, Check]] = {
    "authors": {
        "slug": _SLUG,
        "name": _filled,
        "kind": _one_of("person", "collective", "organisation"),
        "sort_name": _text,
        "bio": _text,
        "born": _optional(_date, ""),
        "died": _optional(_date, ""),
        "external_ids": _mapping,
        "aliases": _texts,
    },
    "series": {
        "slug": _SLUG,
        "title": _filled,
        "kind": _one_of("serial", "column"),
        "description": _text,
        "aliases": _texts,
    },
    "tags": {
        "slug": _SLUG,
        "name": _filled,
        "kind": _one_of("topic", "person", "place", "event", "work"),
        "description": _text,
        "aliases": _texts,
    },
    "articles": {
        "key": _KEY,
        "slug": _SLUG,
        "headline": _filled,
        **dict.fromkeys(
            ("kicker", "subtitle", "standfirst", "body", "byline", "part_label", "publication",
             "volume", "issue", "pages"),
            _text,
        ),
        "language": _matching(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", "must be a language code"),
        "source_url": _text,
        "translation_of": _optional(_KEY),
        "published_on": _optional(_date),
        "status": _one_of("draft", "in_review", "published", "withdrawn"),
        "visible_from": _optional(_moment),
        "withdrawn_reason": _text,
        "correction_note": _text,
        "contributions": _rows({"author": _SLUG, "role": _one_of(*_ROLES)}),
        "parts": _rows({"series": _SLUG, "part_number": _optional(_number)}),
        "tags": _texts,
    },
}  # fmt: skip


def _problem(item: Any, fields: Mapping[str, Check]) -> str | None:
    if not isinstance(item, dict):
        return ": must be an object"
    for name in item.keys() - fields.keys():
        return f".{clean_line(name)}: there is no such field"
    for name, check in fields.items():
        if name not in item:
            return f".{name}: is missing"
        if problem := check(item[name]):
            return f".{name}{'' if problem.startswith('[') else ': '}{problem}"
    return None


def parse_fixture(text: str) -> Fixture:
    """Return a fixture file read, cleaned and checked; raise `InvalidFixture`."""
    try:
        content, places = _load(text)
        if not isinstance(content, dict) or content.get("version") != VERSION:
            raise InvalidFixture(f'not a fixture: needs "version": {VERSION}')
        for name in FORMAT.keys() & content.keys():
            content[name] = _cleaned(content[name])
    except InvalidFixture:
        raise
    except json.JSONDecodeError as error:
        raise InvalidFixture(f"line {error.lineno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise InvalidFixture("not a fixture: nested too deep") from error
    except ValueError as error:  # a number that no field takes
        raise InvalidFixture(f"not a fixture: {error}") from error
    for name in content.keys() - FORMAT.keys() - {"version"}:
        raise InvalidFixture(f"{clean_line(name)}: there is no such list")
    for name, fields in FORMAT.items():
        rows = content.setdefault(name, [])
        if not isinstance(rows, list):
            raise InvalidFixture(f"{name}: must be a list")
        for place, item in enumerate(rows):
            if problem := _problem(item, fields):
                raise InvalidFixture(f"{name}[{place}]{problem}")
        content[name] = [_as_stored(name, item) for item in rows]
    _check_references(content)
    return Fixture(
        content["authors"],
        content["series"],
        content["tags"],
        list(_articles(content["articles"], text, places)),
    )


def _articles(
    rows: list[Values], text: str, places: list[tuple[int, int]]
) -> Iterator[FixtureArticle]:
    line, seen = 1, 0
    for values, (start, end) in zip(rows, places, strict=True):
        line += text.count("\n", seen, start)
        last = line + text.count("\n", start, end)
        yield FixtureArticle(values, line, last, clean_block(text[start:end]))
        line, seen = last, end


def _cleaned(value: Any) -> Any:
    """Return a JSON value with every text in it fit for storing."""
    if isinstance(value, str):
        return clean_block(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {name: _cleaned(item) for name, item in value.items()}
    return value


_LINES = (
    "name", "title", "sort_name", "headline", "kicker", "subtitle", "byline", "part_label",
    "publication", "volume", "issue", "pages", "language",
)  # fmt: skip


def _as_stored(kind: str, row: Values) -> Values:
    """Return a checked row with its values as the writers store them, but for other spellings."""
    row = dict(row)
    for name in _LINES:
        if name in row:
            row[name] = clean_line(row[name])
    row["slug"] = clean_line(row["slug"])
    if kind == "authors":
        row["sort_name"] = row["sort_name"] or row["name"]
        row["external_ids"] = {
            clean_line(name): value for name, value in sorted(row["external_ids"].items())
        }
    if kind == "articles":
        row["slug"] = row["slug"].lower()[:120]
        row["body"] = clean_html(row["body"])
        if row["visible_from"]:
            moment = datetime.datetime.fromisoformat(row["visible_from"])
            row["visible_from"] = moment.isoformat().replace("+00:00", "Z")
    return row


def _check_references(content: Values) -> None:
    slugs = {}
    for name in ("authors", "series", "tags"):
        found = [item["slug"] for item in content[name]]
        slugs[name] = set(found)
        if len(found) != len(slugs[name]):
            raise InvalidFixture(f"{name}: a slug stands twice")
    keys = [item["key"] for item in content["articles"]]
    if len(keys) != len(set(keys)):
        raise InvalidFixture("articles: a key stands twice")
    for place, item in enumerate(content["articles"]):
        where = f"articles[{place}]"
        wanted = (
            ("authors", "contributions", [row["author"] for row in item["contributions"]]),
            ("series", "parts", [row["series"] for row in item["parts"]]),
            ("tags", "tags", item["tags"]),
        )
        for kind, name, found in wanted:
            for slug in found:
                if slug not in slugs[kind]:
                    raise InvalidFixture(f"{where}.{name}: {slug!r} is not among the {kind}")
            if name == "parts" and len(found) != len(set(found)):
                raise InvalidFixture(f"{where}.{name}: a series stands twice")
        credits = [(row["author"], row["role"]) for row in item["contributions"]]
        if len(credits) != len(set(credits)):
            raise InvalidFixture(f"{where}.contributions: an author stands twice in one role")
        if item["status"] == "published" and item["published_on"] is None:
            raise InvalidFixture(f"{where}.published_on: a published article needs a date")


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number of too many digits")
    return int(digits)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number that JSON has")


def _load(text: str) -> tuple[Any, list[tuple[int, int]]]:
    """Return the JSON value, and the places in *text* of the members of ``articles``."""
    decoder = json.JSONDecoder(parse_int=_whole, parse_constant=_refuse_constant)
    content = decoder.decode(text)
    places: list[tuple[int, int]] = []
    if not isinstance(content, dict):
        return content, places
    white = re.compile(r"[ \t\n\r]*")

    def skip(position: int) -> int:
        match = white.match(text, position)
        return match.end() if match else position

    position = skip(skip(0) + 1)
    while text[position] != "}":
        name, position = decoder.raw_decode(text, position)
        position = skip(skip(position) + 1)
        if name == "articles" and text[position] == "[":
            places = []
            position = skip(position + 1)
            while text[position] != "]":
                _, end = decoder.raw_decode(text, position)
                places.append((position, end))
                position = skip(end)
                if text[position] == ",":
                    position = skip(position + 1)
            position += 1
        else:
            _, position = decoder.raw_decode(text, position)
        position = skip(position)
        if text[position] == ",":
            position = skip(position + 1)
    return content, places


def fixture_text(content: Values) -> str:
    """Return a fixture as text: UTF-8, two spaces, the fields in the order of `FORMAT`.

    Lone surrogates, which an older archive may hold in JSON, are left out: UTF-8 has none.
    """
    ordered: Values = {"version": VERSION}
    for name, fields in FORMAT.items():
        ordered[name] = [{field: item[field] for field in fields} for item in content[name]]
    text = json.dumps(ordered, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "ignore").decode("utf-8")
