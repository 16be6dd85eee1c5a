"""Listings in which each entry is one line, or one paragraph, of a known grammar.

A grammar is a `Grammar`: it joins the lines of a file to units and reads a unit into a `Reading`,
pieces of its text that are fields. What is common to all grammars stands here: the two passes over
the lines, and the way from a reading to an entry whose spans cover each character exactly once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from articles.folding import fold
from articles.listing import checks
from articles.listing.bylines import read_byline
from articles.listing.date_orders import FigureDates
from articles.listing.dates import PrintedDate, comes_after, resolve
from articles.listing.issues import NO_YEAR
from articles.listing.parts import part_at_end
from articles.listing.records import (
    Credit,
    DateOrder,
    Diagnostic,
    Entry,
    Habits,
    Piece,
    Span,
    SpanRole,
    Survey,
    Topic,
    Unclaimed,
)
from articles.listing.remarks import date_remarks

_LONGEST_TOPIC = 120
_SURE, _UNSURE = 0.95, 0.6
_NO_ENTRY = "no entry takes this line"
_LEAD = "the date of the entries below"
_ORNAMENT = "a line of the page, or an ornament"
#: What stands over the entries of any list, folded: it names no page.
_NO_TOPICS = frozenset(
    map(
        fold,
        (
            "References", "Reference list", "Bibliography", "Works cited", "Literature",
            "Literature cited", "Sources", "Notes", "Endnotes", "Further reading", "Literatur",
            "Literaturverzeichnis", "Quellen", "Quellenverzeichnis", "Bibliographie", "Références",
            "Références bibliographiques", "Bibliografía", "Referencias", "Referências",
            "Referencias bibliográficas", "Referências bibliográficas", "Bibliografia",
            "Riferimenti bibliografici", "Список литературы", "Литература", "Библиография",
            "Источники", "Примечания",
        ),
    )
)  # fmt: skip


class Remark(NamedTuple):
    """A remark on a reading that does not know its line yet."""

    code: str
    message: str
    alternatives: tuple[Mapping[str, str | None], ...] = ()


@dataclass(slots=True)
class Unit:
    """Lines that are read as one: their texts joined, and where each of them stands in it."""

    text: str = ""
    # Line number, the whole line, where its part of the text begins in it, and in the text.
    lines: list[tuple[int, str, int, int]] = field(default_factory=list)

    @classmethod
    def of(
        cls, lines: Sequence[tuple[int, str]], between: str = " ", *, strip: bool = True
    ) -> "Unit":
        """Join *lines*, with *between* them; without the spaces at their edges, if *strip*."""
        parts: list[str] = []
        unit, place = cls(), 0
        for number, whole in lines:
            part = whole.strip() if strip else whole
            begin = len(whole) - len(whole.lstrip()) if strip else 0
            glue = between if parts else ""
            if strip and parts and parts[-1][-1:] in "-–—/" and parts[-1][-2:-1].isalnum():
                glue = ""
            place += len(glue)
            parts += [glue, part] if glue else [part]
            unit.lines.append((number, whole, begin, place))
            place += len(part)
        unit.text = "".join(parts)
        return unit

    def spans(self, pieces: Sequence[Piece], entry: int) -> Iterator[Span]:
        """Yield the spans of *pieces*, line by line, with punctuation between them."""
        for place, (number, whole, begin, at) in enumerate(self.lines):
            behind = self.lines[place + 1][3] if place + 1 < len(self.lines) else len(self.text)
            length = min(behind - at, len(whole) - begin)
            position = 0
            if not whole.strip():
                continue
            for start, end, role in pieces:
                first = begin + max(0, start - at)
                last = begin + min(length, end - at)
                first = max(first, position)
                if last <= first:
                    continue
                if first > position:
                    yield Span(number, position, first, "punctuation", entry)
                yield Span(number, first, last, role, None if role == "furniture" else entry)
                position = last
            if position < len(whole):
                yield Span(number, position, len(whole), "punctuation", entry)


def units_of(lines: Iterable[str], begins: Callable[[str], bool], most: int) -> Iterator[Unit]:
    """Yield runs of *lines* without a blank one, *most* at the most, cut where one *begins*."""
    held: list[tuple[int, str]] = []
    for number, text in enumerate(lines, 1):
        blank = not text or text.isspace()
        if held and (blank or len(held) >= most or begins(text)):
            yield Unit.of(held)
            held = []
        if not blank:
            held.append((number, text))
    if held:
        yield Unit.of(held)


@dataclass(slots=True)
class Reading:
    """What a grammar reads in a unit: pieces of its text in their order, and what they mean."""

    pieces: list[Piece]
    date: PrintedDate | None = None
    credits: tuple[Credit, ...] | None = None
    remarks: list[Remark] = field(default_factory=list)
    # Values that are no slices of the text, by role.
    values: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] | None = None
    # The byline stands for that of the entry above; no last name stands first in it.
    ditto: bool = False
    # The publication is that of the entry above: "do.".
    ditto_paper: bool = False
    plain: bool = False
    # No entry: its date, volume and issue are those of the entries below.
    heading: bool = False


class Grammar(Protocol):
    """How a file is cut into units, and what a unit says."""

    @property
    def name(self) -> str: ...

    def units(self, lines: Iterable[str]) -> Iterator[Unit]:
        """Join *lines* to units; each line that is not blank is in exactly one."""

    def read(self, text: str, day_first: bool | None) -> Reading | None:
        """Return what *text* says; None if it is no entry."""

    def is_furniture(self, text: str) -> bool:
        """Tell whether *text*, which is no entry, is a line that the grammar knows: a head."""


def survey_by_line(lines: Iterable[str], grammar: Grammar) -> Survey:
    """Return what a first pass over *lines* learns: the topic, and the order of the dates."""
    count = dated = rises = falls = entries = 0
    first = last = previous = topic = topic_line = None
    figures = FigureDates()

    def counted() -> Iterator[str]:
        nonlocal count
        for text in lines:
            count += 1
            yield text

    for unit in grammar.units(counted()):
        reading = grammar.read(unit.text, None)
        if reading is None:
            if not entries and topic is None and _may_be_topic(unit, grammar):
                topic, topic_line = unit.text.strip(), unit.lines[0][0]
            continue
        entries += not reading.heading
        date = reading.date
        if date is not None and date.year == NO_YEAR:
            date = replace(date, year=int(previous[:4])) if previous is not None else None
        if date is None:
            continue
        dated += 1
        figures.add(date)
        if previous is not None:
            rises += comes_after(date.iso, previous)
            falls += comes_after(previous, date.iso)
        previous = date.iso
        if date.day is not None:
            first = date.iso if first is None else min(first, date.iso)
            last = date.iso if last is None else max(last, date.iso)
    order: DateOrder = "oldest-first" if rises > falls + 1 else "newest-first"
    remarks = []
    if not entries:
        remarks.append(Diagnostic("no-dates", 1, "No date line was found: no entries."))
    return Survey(
        topic, topic_line, count, dated, first, last, order,
        rises if order == "newest-first" else falls, {}, {}, Habits(), tuple(remarks),
        grammar.name, figures.decided(), by_line=grammar,
    )  # fmt: skip


def _may_be_topic(unit: Unit, grammar: Grammar) -> bool:
    text = unit.text.strip()
    return (
        len(unit.lines) == 1
        and len(text) <= _LONGEST_TOPIC
        and any(map(str.isalpha, text))
        and not grammar.is_furniture(text)
        and fold(text).rstrip(" :.") not in _NO_TOPICS
    )


def parse_by_line(
    lines: Iterable[str], survey: Survey, grammar: Grammar
) -> Iterator[Topic | Entry | Unclaimed]:
    """Yield topic, entries and unclaimed lines of *lines*, in file order; see `parser.parse`."""
    ordinal = 0
    signed: tuple[str | None, tuple[Credit, ...]] | None = None
    above = Reading([])
    paper: str | None = None
    for unit in grammar.units(lines):
        reading = grammar.read(unit.text, survey.day_first)
        if reading is None or not (reading.heading or _has_headline(unit, reading)):
            yield from _outside(unit, survey, grammar)
            continue
        if reading.heading:
            above = _below(unit, reading, above)
            yield from _leading(unit, reading)
            continue
        if above.heading:
            reading.date = reading.date or above.date
            reading.values = above.values | reading.values
        reading.date = _in_year(reading.date, above.date if above.heading else None)
        if reading.ditto_paper and paper is not None:
            reading.values.setdefault("publication", paper)
        entry = entry_of(unit, reading, ordinal, survey, signed)
        if entry.byline is not None:
            signed = entry.byline, entry.credits
        paper = entry.publication or paper
        ordinal += 1
        yield entry


def _has_headline(unit: Unit, reading: Reading) -> bool:
    return "headline" in reading.values or any(
        role == "headline" and any(map(str.isalnum, unit.text[start:end]))
        for start, end, role in reading.pieces
    )


def _in_year(date: PrintedDate | None, above: PrintedDate | None) -> PrintedDate | None:
    """Return *date* with the year of the heading *above*, if it has none of its own."""
    if date is None or date.year != NO_YEAR:
        return date
    return replace(date, year=above.year) if above is not None else None


def entry_of(
    unit: Unit,
    reading: Reading,
    ordinal: int,
    survey: Survey,
    signed: tuple[str | None, tuple[Credit, ...]] | None = None,
) -> Entry:
    """Return the entry that *reading* makes of *unit*; *signed* are the byline and the credits of
    the entry above."""
    line = unit.lines[0][0]
    pieces = sorted(reading.pieces)
    values: dict[str, str] = {}
    for start, end, role in pieces:
        if value := " ".join(unit.text[start:end].split()):
            values.setdefault(role, value)
    values |= reading.values
    remarks = [Diagnostic(code, line, message, others) for code, message, others in reading.remarks]
    byline, credits_read = values.get("byline"), reading.credits
    if reading.ditto:
        above = signed or (None, ())
        if not above[1]:
            message = f"“{(byline or '')[:80]}” does not look like a name."
            remarks.append(Diagnostic("byline-doubtful", line, message))
        byline, credits_read = above[0], (*above[1], *(credits_read or ()))
    elif credits_read is None:
        credits_read = ()
        if byline is not None:
            found = read_byline(byline, line)
            credits_read, remarks = found.credits, [*remarks, *found.diagnostics]
    for role in ("headline", "standfirst"):
        remarks += checks.unbalanced_quotes(values.get(role, ""), line)
    if not any(map(str.isalpha, values["headline"])):
        # A number before the title, or its pages.
        said = "The headline seems to hold another field."
        remarks.append(Diagnostic("headline-holds-more", line, said))
    date = resolve(reading.date, survey.day_first) if reading.date is not None else None
    if date is None:
        remarks.append(Diagnostic("date-missing", line, "No date is stated."))
    else:
        remarks += date_remarks(date, line)
    label = values.get("part_label")
    part = part_at_end(f"x ({label})") if label else None
    return Entry(
        ordinal=ordinal,
        first_line=line,
        last_line=unit.lines[-1][0],
        kicker=values.get("kicker"),
        headline=values["headline"],
        subtitle=values.get("subtitle"),
        part_label=label,
        part_number=part.number if part is not None else None,
        byline=byline,
        credits=credits_read,
        published_on=date.iso if date is not None else None,
        standfirst=values.get("standfirst"),
        confidence=_UNSURE if remarks else _SURE,
        diagnostics=tuple(remarks),
        text="\n".join(whole for _, whole, _, _ in unit.lines),
        spans=tuple(unit.spans(pieces, ordinal)),
        publication=values.get("publication"),
        volume=values.get("volume"),
        issue=values.get("issue"),
        pages=values.get("pages"),
        rights=values.get("rights"),
        tags=reading.tags,
        language=values.get("language"),
        source_url=values.get("link"),
        dialect=survey.dialect,
    )


def _below(unit: Unit, heading: Reading, above: Reading) -> Reading:
    """Return what *heading* says of the entries below it, with what one above it said already."""
    said: dict[str, str] = {}
    said |= {role: unit.text[start:end] for start, end, role in heading.pieces if role != "date"}
    date = heading.date
    if date is not None and date.year == NO_YEAR:
        date = replace(date, year=above.date.year) if above.date is not None else None
    if "volume" not in said and "volume" in above.values:
        said["volume"] = above.values["volume"]
    return Reading([], date, values=said, heading=True)


def _leading(unit: Unit, heading: Reading) -> Iterator[Unclaimed]:
    role: SpanRole = "date" if heading.date is not None else "issue"
    for number, whole, _, _ in unit.lines:
        yield Unclaimed(number, whole, _LEAD, Span(number, 0, len(whole), role, None))


def _outside(unit: Unit, survey: Survey, grammar: Grammar) -> Iterator[Topic | Unclaimed]:
    """Yield the lines of a unit that is no entry."""
    for number, whole, _, _ in unit.lines:
        text = whole.strip()
        if not text:
            continue
        if number == survey.topic_line:
            begin = len(whole) - len(whole.lstrip())
            yield Topic(text, number, tuple(_of_topic(number, whole, begin, begin + len(text))))
            continue
        known = not any(map(str.isalnum, text)) or grammar.is_furniture(text)
        if known or fold(text).rstrip(" :.") in _NO_TOPICS:
            span = Span(number, 0, len(whole), "furniture", None)
            yield Unclaimed(number, whole, _ORNAMENT, span)
        else:
            span = Span(number, 0, len(whole), "unclaimed", None)
            yield Unclaimed(number, whole, _NO_ENTRY, span)


def _of_topic(number: int, whole: str, start: int, end: int) -> Iterator[Span]:
    if start:
        yield Span(number, 0, start, "punctuation", None)
    yield Span(number, start, end, "topic", None)
    if end < len(whole):
        yield Span(number, end, len(whole), "punctuation", None)
