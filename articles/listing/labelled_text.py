"""The values of the labelled dialect, both ways, and `write_entry`, which writes what it reads.

A value stands behind its label and goes on in lines indented by two spaces; a line with nothing
but a full stop is an empty one (as in Debian's control files). Edges of a line are stripped when
it is read, so what would be lost is written as ``\\u{HEX}``: white space at an edge, control
characters, and whatever parts a list.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from articles.listing.label_words import KINDS, ROLE_CODES, ROLES, WRITTEN
from articles.listing.parts import part_line
from articles.listing.records import Credit, CreditKind, SeriesKind, SeriesPlace

_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\u200b\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069"
    "\ufdd0-\ufdef\ufeff\ufffe\uffff]|\\\\(?=u\\{)"
)
_BRACKETS = re.compile(r"\s*\((?P<words>[^()]{1,60})\)\s*\Z")
_PLACE = re.compile(r"(?P<kind>column|serial)(?:,\s*part\s+(?P<number>[0-9]{1,9}))?\Z", re.I)
_MARK = "."


def unescaped(text: str) -> str:
    """Return *text* with each ``\\u{HEX}`` as the character it stands for."""
    if "\\u{" not in text:
        return text
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def read_lines(lines: Sequence[str]) -> str:
    """Return the value of *lines*: what stands behind the label, then the indented lines."""
    stripped = [line.strip() for line in lines]
    first, rest = stripped[0], ["" if line == _MARK else line for line in stripped[1:]]
    return unescaped("\n".join(rest if not first and rest else [first, *rest]))


def split_list(text: str) -> list[str]:
    """Return the items of a raw value, parted by semicolons, unescaped, empty ones left out."""
    return [unescaped(item.strip()) for item in text.split(";") if item.strip()]


def read_credits(text: str) -> tuple[Credit, ...]:
    """Return the credits of a raw value: "A Name; B Name (translator); Our staff (collective)"."""
    found: list[Credit] = []
    for piece in text.split(";"):
        name, role, kind = piece.strip(), "aut", "person"
        match = _BRACKETS.search(name)
        words = [word.strip().casefold() for word in match["words"].split(",")] if match else []
        if match and all(word in ROLE_CODES or word in KINDS for word in words):
            name = name[: match.start()]
            for word in words:
                role, kind = ROLE_CODES.get(word, role), word if word in KINDS else kind
        name = unescaped(name)
        if name:
            known: CreditKind = "person"
            if kind == "collective":
                known = "collective"
            elif kind == "organisation":
                known = "organisation"
            found.append(Credit(name, known, role))
    return tuple(found)


def read_series(text: str) -> SeriesPlace:
    """Return the series of a raw value: "Title (serial, part 2)"; without brackets a column."""
    match = _BRACKETS.search(text)
    place = _PLACE.match(match["words"].strip()) if match else None
    if match is None or place is None:
        return SeriesPlace(unescaped(text.strip()), "column", None)
    number = int(place["number"]) if place["number"] else None
    kind: SeriesKind = "serial" if place["kind"].casefold() == "serial" else "column"
    return SeriesPlace(unescaped(text[: match.start()].strip()), kind, number)


def label_number(label: str | None) -> int | None:
    """Return the number that a printed part label names: 2 for "Part two" and for "2"."""
    text = (label or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    part = part_line(text) if text else None
    return part.number if part is not None else None


def write_topic(topic: str) -> list[str]:
    """Return the lines that open a file about *topic*: its name and a blank line."""
    return [f"Listing: {_escaped(topic)}", ""]


def write_entry(values: Mapping[str, Any]) -> list[str]:
    """Return the lines of one entry; read again they give equal values.

    *values* are those of the JSON report (``headline``, ``kicker`` ... ``authors``, ``series``,
    ``tags``, ``language``, ``source_url``, ``key``, ``publication``, ``volume``, ``issue``,
    ``pages``, ``rights``); absent, None and empty ones are left out, and so is any other name.
    Lists that are there but empty are written, so that they stay stated. Entries are parted by a
    blank line.
    Raises `ValueError` for an entry without a headline: nothing could find it again.
    """
    if not values.get("headline"):
        raise ValueError("an entry without a headline cannot be written")
    lines: list[str] = []

    def put(label: str, value: object) -> None:
        if value not in (None, ""):
            lines.extend(_field(label, str(value)))

    for name in ("kicker", "headline", "subtitle"):
        put(name, values.get(name))
    put("part", values.get("part_label"))
    number = values.get("part_number")
    if number != label_number(values.get("part_label")):
        lines.append(f"{WRITTEN['part_number']}: {'none' if number is None else number}")
    put("byline", values.get("byline"))
    if values.get("authors") or values.get("byline"):
        lines.append(_listed("credits", map(_credit, values.get("authors") or ())))
    put("date", values.get("published_on"))
    put("standfirst", values.get("standfirst"))
    if values.get("series") is not None:
        places = [_place(place) for place in values["series"]] or [""]
        lines += [f"{WRITTEN['series']}: {place}".rstrip() for place in places]
    if values.get("tags") is not None:
        lines.append(_listed("tags", (_escaped(tag, ";") for tag in values["tags"])))
    for name, key in (("language", "language"), ("link", "source_url"), ("key", "key"),
                      ("publication", "publication"), ("volume", "volume"), ("issue", "issue"),
                      ("pages", "pages"), ("rights", "rights")):  # fmt: skip
        put(name, values.get(key))
    return lines


def _field(name: str, value: str) -> list[str]:
    first, *rest = value.split("\n")
    lines = [f"{WRITTEN[name]}: {_escaped(first)}".rstrip()]
    if rest and not first:
        lines.append(f"  {_MARK}")
    for line in rest:
        shown = _MARK if not line else "\\u{2e}" if line == _MARK else _escaped(line)
        lines.append(f"  {shown}")
    return lines


def _listed(name: str, items: Iterable[str]) -> str:
    return f"{WRITTEN[name]}: {'; '.join(items)}".rstrip()


def _credit(credit: Mapping[str, str]) -> str:
    name = _escaped(credit["name"], ";")
    role, kind = credit.get("role", "aut"), credit.get("kind", "person")
    words = [] if role == "aut" else [ROLES[role]]
    words += [] if kind == "person" else [kind]
    if not words and _BRACKETS.search(name):
        words = ["author"]
    return f"{name} ({', '.join(words)})" if words else name


def _place(place: Mapping[str, Any]) -> str:
    number = place.get("part_number")
    part = f", part {number}" if number is not None else ""
    return f"{_escaped(place['title'])} ({place['kind']}{part})"


def _escaped(text: str, unsafe: str = "") -> str:
    """Return *text* so that stripping and `unescaped` give it back."""
    shown = _UNSAFE.sub(lambda match: _code(match[0]), text)
    for character in unsafe:
        shown = shown.replace(character, _code(character))
    if shown[:1].isspace():
        shown = _code(shown[0]) + shown[1:]
    if shown[-1:].isspace():
        shown = shown[:-1] + _code(shown[-1])
    return shown


def _code(character: str) -> str:
    return f"\\u{{{ord(character):x}}}"
