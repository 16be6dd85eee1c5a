"""Listings that are distorted in ways of which the right reading is known.

A `Listing` is made of the parser's own reading of a listing that it reads right, so that each
character has its role; a distortion changes its lines, and what is expected of its entries.
"""

import random
import re
import textwrap
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Entry, Unclaimed
from articles.listing.words import word_list

FIELDS = ("kicker", "headline", "subtitle", "part_label", "byline", "published_on", "standfirst")
_BY = re.compile(r"(?:by|von|par|por|di|de|автор:|text:)\s+(?=\S)", re.I)
_MONTHS = word_list(
    "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio"
    " gruodžio"
)
_SHORT = word_list("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
_THINGS = ("The harbour", "The mayor", "Workers", "A reader", "Two boats", "Our cat")
_PLACES = ("at dawn", "in Vell last week", "on the quay", "near the town hall", "in the rain")

Segment = tuple[str, str]  # a text and its role


@dataclass(slots=True)
class Line:
    """A line that is not blank, cut into pieces with roles; the entry it is of, if any."""

    segments: list[Segment]
    entry: int | None

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.segments)

    @property
    def role(self) -> str:
        """The role of a line that is one field, "" of another."""
        roles = {role for _, role in self.segments if role not in ("punctuation", "part_label")}
        return roles.pop() if len(roles) == 1 else ""


@dataclass(slots=True)
class Listing:
    """Lines and blank lines (None) in order, and what stands in each entry."""

    lines: list[Line | None]
    entries: dict[int, dict[str, Any]] = field(default_factory=dict)

    def of(self, ordinal: int) -> list[Line]:
        return [line for line in self.lines if line is not None and line.entry == ordinal]

    def texts(self) -> list[str]:
        return ["" if line is None else line.text for line in self.lines]


Distortion = Callable[[Listing, random.Random], bool]
DISTORTIONS: dict[str, Distortion] = {}


def distortion(function: Distortion) -> Distortion:
    DISTORTIONS[function.__name__.strip("_")] = function
    return function


def listing_of(lines: Sequence[str]) -> Listing:
    """Return *lines* as the parser reads them."""
    found = Listing([])
    pieces: dict[int, list[tuple[int, int, str, int | None]]] = defaultdict(list)
    for item in parse(lines, survey(lines)):
        if isinstance(item, Entry):
            found.entries[item.ordinal] = fields_of(entry_as_json(item))
        for span in (item.span,) if isinstance(item, Unclaimed) else item.spans:
            pieces[span.line].append((span.start, span.end, span.role, span.entry))
    for number, text in enumerate(lines, 1):
        if not text.strip():
            found.lines.append(None)
            continue
        parts = sorted(pieces[number])
        owner = next((entry for *_, entry in parts if entry is not None), None)
        found.lines.append(Line([(text[a:b], role) for a, b, role, _ in parts], owner))
    return found


def fields_of(entry: dict[str, Any]) -> dict[str, Any]:
    read = {name: entry[name] for name in FIELDS}
    read["authors"] = [credit["name"] for credit in entry["authors"]]
    return read


def _alone(listing: Listing, role: str) -> dict[int, Line]:
    """Return the line of each entry that is its one field of *role* and nothing else."""
    found: dict[int, Line] = {}
    for ordinal in listing.entries:
        lines = [line for line in listing.of(ordinal) if line.role == role]
        if len(lines) == 1:
            found[ordinal] = lines[0]
    return found


def _many(listing: Listing, found: dict[int, Line]) -> bool:
    return len(found) >= max(3, 0.6 * len(listing.entries))


def _move(listing: Listing, role: str, *, first: bool) -> bool:
    """Put the line of *role* at the head of its entry, or at its end."""
    found = _alone(listing, role)
    if not _many(listing, found):
        return False
    moved = False
    for ordinal, line in found.items():
        own = listing.of(ordinal)
        at = own[0] if first else own[-1]
        if at is line:
            continue
        moved = True
        listing.lines = [each for each in listing.lines if each is not line]
        place = next(i for i, each in enumerate(listing.lines) if each is at)
        listing.lines.insert(place if first else place + 1, line)
    return moved


@distortion
def no_blank_lines(listing: Listing, _: random.Random) -> bool:
    before = len(listing.lines)
    listing.lines = [line for line in listing.lines if line is not None]
    return len(listing.lines) < before


@distortion
def blank_lines_everywhere(listing: Listing, _: random.Random) -> bool:
    before = len(listing.lines)
    listing.lines = [x for line in listing.lines if line is not None for x in (line, None)]
    return len(listing.lines) != before


@distortion
def date_first(listing: Listing, _: random.Random) -> bool:
    return _move(listing, "date", first=True)


@distortion
def date_last(listing: Listing, _: random.Random) -> bool:
    return _move(listing, "date", first=False)


@distortion
def byline_first(listing: Listing, _: random.Random) -> bool:
    return _move(listing, "byline", first=True)


@distortion
def byline_last(listing: Listing, _: random.Random) -> bool:
    return _move(listing, "byline", first=False)


@distortion
def standfirst_first(listing: Listing, _: random.Random) -> bool:
    return _move(listing, "standfirst", first=True)


@distortion
def kicker_last(listing: Listing, _: random.Random) -> bool:
    return _move(listing, "kicker", first=False)


@distortion
def wrapped(listing: Listing, _: random.Random) -> bool:
    lines: list[Line | None] = []
    for line in listing.lines:
        if line is None or len(line.text) <= 60 or line.role not in ("standfirst", "headline"):
            lines.append(line)
        else:
            parts = textwrap.wrap(line.text, 60)
            lines += [Line([(part, line.role)], line.entry) for part in parts]
    changed = len(lines) - len(listing.lines) >= 3
    listing.lines = lines
    return changed


def _furniture(listing: Listing, texts: Sequence[str], place: str) -> bool:
    """Put a line that is no field below the line of each entry that has the role *place*."""
    for number, (_, line) in enumerate(sorted(_alone(listing, place).items())):
        at = next(i for i, each in enumerate(listing.lines) if each is line)
        listing.lines.insert(at + 1, Line([(texts[number % len(texts)], "furniture")], None))
    return _many(listing, _alone(listing, place))


@distortion
def counted_likes(listing: Listing, draw: random.Random) -> bool:
    texts = [f"{draw.randrange(2, 400)} people clapped for this" for _ in range(50)]
    return _furniture(listing, texts, draw.choice(("headline", "standfirst", "date", "byline")))


@distortion
def captions(listing: Listing, draw: random.Random) -> bool:
    texts = [f"{draw.choice(_THINGS)} {draw.choice(_PLACES)}. Picture: Vellfoto" for _ in range(50)]
    return _furniture(listing, texts, draw.choice(("headline", "date", "byline", "kicker")))


@distortion
def buttons(listing: Listing, draw: random.Random) -> bool:
    text = draw.choice(("Open in reader", "Als gelesen markieren", "Ajouter au panier", "♡  ⚑"))
    return _furniture(listing, [text], draw.choice(("headline", "standfirst", "date", "byline")))


def _redate(listing: Listing, write: Callable[[int, int, int], str]) -> bool:
    changed = 0
    for ordinal, entry in listing.entries.items():
        date = entry["published_on"] or ""
        held = [
            (line, place)
            for line in listing.of(ordinal)
            for place, (_, role) in enumerate(line.segments)
            if role == "date"
        ]
        if len(held) != 1 or len(date) != len("2001-01-01"):
            continue
        line, place = held[0]
        line.segments[place] = write(*map(int, date.split("-"))), "date"
        changed += 1
    return changed >= max(3, 0.6 * len(listing.entries))


@distortion
def dates_in_no_known_language(listing: Listing, _: random.Random) -> bool:
    return _redate(listing, lambda year, month, day: f"{year} m. {_MONTHS[month - 1]} {day} d.")


@distortion
def dates_short_without_year_sign(listing: Listing, _: random.Random) -> bool:
    return _redate(listing, lambda year, month, day: f"{day}-{_SHORT[month - 1]}-{year % 100:02}")


@distortion
def dates_in_one_number(listing: Listing, _: random.Random) -> bool:
    return _redate(listing, lambda year, month, day: f"{year}{month:02}{day:02}")


@distortion
def dates_american_figures(listing: Listing, _: random.Random) -> bool:
    return _redate(listing, lambda year, month, day: f"{month}/{day}/{year}")


@distortion
def undated_third(listing: Listing, draw: random.Random) -> bool:
    found = _alone(listing, "date")
    gone = {ordinal for ordinal in found if draw.random() < 0.33}
    for ordinal in gone:
        listing.entries[ordinal]["published_on"] = None
    dropped = {id(found[ordinal]) for ordinal in gone}
    listing.lines = [line for line in listing.lines if id(line) not in dropped]
    return bool(gone)


def _rename(listing: Listing, write: Callable[[str], str]) -> bool:
    changed = 0
    for ordinal, entry in listing.entries.items():
        for line in listing.of(ordinal):
            for place, (text, role) in enumerate(line.segments):
                by = _BY.match(text) if role == "byline" else None
                if by is None or entry["byline"] != text:
                    continue
                new = write(text[by.end() :])
                line.segments[place] = new, role
                entry["byline"] = new
                changed += 1
    return changed >= 3


@distortion
def bylines_without_by(listing: Listing, _: random.Random) -> bool:
    return _rename(listing, lambda name: name)


@distortion
def bylines_in_capitals(listing: Listing, _: random.Random) -> bool:
    def write(name: str) -> str:
        return name.upper()

    changed = _rename(listing, write)
    for entry in listing.entries.values():
        if entry["byline"] and entry["byline"].isupper():
            entry["authors"] = [name.upper() for name in entry["authors"]]
    return changed


@distortion
def bylines_with_a_sign(listing: Listing, draw: random.Random) -> bool:
    sign = draw.choice(("✎ ", "/ ", "@ ", "› "))
    return _rename(listing, lambda name: sign + name)


def _join(listing: Listing, upper: str, lower: str, sign: str) -> bool:
    """Put the line of *lower* that stands right below that of *upper* beside it."""
    above, below = _alone(listing, upper), _alone(listing, lower)
    joined = 0
    for ordinal in above.keys() & below.keys():
        own = listing.of(ordinal)
        place = next(i for i, each in enumerate(own) if each is above[ordinal])
        if place + 1 >= len(own) or own[place + 1] is not below[ordinal]:
            continue
        one, two = above[ordinal], below[ordinal]
        one.segments = [*one.segments, (sign, "punctuation"), *two.segments]
        listing.lines = [line for line in listing.lines if line is not two]
        joined += 1
    return joined >= max(3, 0.6 * len(listing.entries))


@distortion
def headline_and_standfirst_joined(listing: Listing, draw: random.Random) -> bool:
    return _join(listing, "headline", "standfirst", draw.choice((" — ", ": ", " > ", "; ", " ")))


@distortion
def headline_and_byline_joined(listing: Listing, draw: random.Random) -> bool:
    return _join(listing, "headline", "byline", draw.choice((" ~ ", " :: ", ", ", " ")))


@distortion
def headline_and_date_joined(listing: Listing, draw: random.Random) -> bool:
    return _join(listing, "headline", "date", draw.choice((" ~ ", " @ ", ". ", " ")))


@distortion
def kicker_and_headline_joined(listing: Listing, draw: random.Random) -> bool:
    return _join(listing, "kicker", "headline", draw.choice((" ~ ", " :: ", " - ", ". ")))


def _mark(listing: Listing, role: str, write: Callable[[int], str]) -> bool:
    """Put a sign of the page before the line of each entry that has the role."""
    found = _alone(listing, role)
    for number, (_, line) in enumerate(sorted(found.items()), 1):
        line.segments.insert(0, (write(number), "punctuation"))
    return _many(listing, found)


@distortion
def numbers_before(listing: Listing, draw: random.Random) -> bool:
    sign, base = draw.choice(("{} ", "#{} ", "({}) ", "{} // ")), draw.choice((0, 1200))
    return _mark(listing, "headline", lambda number: sign.format(base + number))


@distortion
def labels_before(listing: Listing, draw: random.Random) -> bool:
    role = draw.choice(("headline", "standfirst", "date"))
    label = draw.choice(("Neu! ", "READ: ", "[open] ", "Artikel  ", "» "))
    return _mark(listing, role, lambda _: label)


@distortion
def ratings_before(listing: Listing, draw: random.Random) -> bool:
    role = draw.choice(("headline", "standfirst"))
    return _mark(listing, role, lambda number: f"{(number * 7) % 9 + 1} min · ")


@distortion
def capitals(listing: Listing, _: random.Random) -> bool:
    for ordinal, line in _alone(listing, "headline").items():
        line.segments = [
            (text.upper() if role == "headline" else text, role) for text, role in line.segments
        ]
        listing.entries[ordinal]["headline"] = listing.entries[ordinal]["headline"].upper()
    return _many(listing, _alone(listing, "headline"))


@distortion
def standfirsts_cut_short(listing: Listing, draw: random.Random) -> bool:
    found = _alone(listing, "standfirst")
    for ordinal, line in found.items():
        words = "".join(t for t, role in line.segments if role == "standfirst").split()[
            : draw.randrange(3, 9)
        ]
        text = " ".join(words).rstrip(".,;:!?") + draw.choice((" …", "...", ""))
        place = next(i for i, (_, role) in enumerate(line.segments) if role == "standfirst")
        line.segments[place:] = [(text, "standfirst")]
        listing.entries[ordinal]["standfirst"] = text
    return _many(listing, found)


@distortion
def titles_in_lower_case(listing: Listing, _: random.Random) -> bool:
    found = _alone(listing, "headline")
    for ordinal, line in found.items():
        line.segments = [
            (text.lower() if role == "headline" else text, role) for text, role in line.segments
        ]
        listing.entries[ordinal]["headline"] = listing.entries[ordinal]["headline"].lower()
    return _many(listing, found)
