"""The doors of the parser: ``survey``, ``parse`` and ``entry_as_json``.

Two passes over the same lines. The first counts what the file repeats; the second yields, in file
order, everything that stands in it::

    knowledge = survey(lines)
    for item in parse(lines, knowledge):
        ...  # Topic, Entry or Unclaimed

Both accept any text and raise nothing on it; both stream, keep one entry at a time, and take time
linear in the length of the file. The spans of all items together cover each character of each line
that is not blank exactly once.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from itertools import chain, islice
from typing import Any

from articles.listing import labelled, rules
from articles.listing.blocks import ReadLine
from articles.listing.by_line import parse_by_line
from articles.listing.dates import PrintedDate
from articles.listing.entries import OpenEntry, close_entry, open_entry, topic_spans, whole_line
from articles.listing.explaining import explain
from articles.listing.gaps import Gap, Loose, gaps
from articles.listing.glances import LINES, doubted, signs_in
from articles.listing.hosts_above import names_hosts, with_hosts
from articles.listing.masking import Framed
from articles.listing.opinions import parse_with_opinions
from articles.listing.reading import Choice, Place, choose
from articles.listing.recognising import CLASSIC, dialect_names, survey_read
from articles.listing.records import Entry, Survey, Topic, Unclaimed
from articles.listing.registry import woven_dialects
from articles.listing.relative_dates import Relative
from articles.listing.ungluing import Unglued
from articles.listing.unwrapping import Unwrapper
from articles.listing.woven import parse_woven

__all__ = ["dialect_names", "entry_as_json", "explain", "parse", "survey"]

_WHEN_STATED = (
    "language", "source_url", "key", "publication", "volume", "issue", "pages", "rights",
)  # fmt: skip
_FAR_FROM_DATES = "no date line belongs to it"
_NO_HEADLINE = "a date line without a headline above it"
_ORNAMENT = "an ornament without letters or digits"


def survey(
    lines: Iterable[str], dialect: str | None = None, *, most_phrases: int | None = None
) -> Survey:
    """Return what a first pass over *lines* learns; any text is accepted, none fails.

    The dialect is recognised from the file unless *dialect* names one. Raises `ValueError` for a
    name that is none, listing those that are.
    """
    stream = iter(lines)
    first = list(islice(stream, LINES))
    read = survey_read(chain(first, stream), dialect, most_phrases=most_phrases)
    read = replace(read, hosted=read.dialect != CLASSIC and names_hosts(first))
    return replace(read, signs=signs_in(list(parse(first, replace(read, opinions=()))), first))


def parse(lines: Iterable[str], survey: Survey) -> Iterator[Topic | Entry | Unclaimed]:
    """Yield the topic, the entries and the unclaimed lines of *lines*, in file order.

    *lines* have no line breaks at their ends; *survey* is what ``survey`` made of the same lines
    (that of another file does no harm but to the quality of the readings). An item is yielded when
    the date line below it has been read. Entries come with diagnostics for whatever is doubtful;
    nothing raises.
    """
    if survey.signs:
        return doubted(parse(lines, replace(survey, signs=())), survey.signs)
    if survey.hosted:
        return with_hosts(parse(lines, replace(survey, hosted=False)))
    if survey.stand_in:
        relative = Relative(survey.stand_in)
        return relative.give_back(parse(relative.mask(lines), replace(survey, stand_in="")))
    if survey.by_line is not None:
        return parse_by_line(lines, survey, survey.by_line)
    if survey.width:
        unwrapper = Unwrapper(survey.width)
        whole = parse(unwrapper.join(lines), replace(survey, width=0))
        return unwrapper.give_back(whole)
    if survey.glue is not None:
        unglued = Unglued(survey.glue)
        return unglued.give_back(parse(unglued.split(lines), replace(survey, glue=None)))
    if survey.frame is not None:
        framed = Framed(survey.frame)
        return framed.give_back(parse(framed.mask(lines), replace(survey, frame=None)))
    if survey.dialect == labelled.NAME:
        return labelled.parse_labelled(lines, survey)
    if survey.dialect != CLASSIC:
        layout = survey.layout or woven_dialects()[survey.dialect]
        if survey.opinions:
            return parse_with_opinions(lines, survey, layout)
        return parse_woven(lines, survey, layout)
    return _parse_classic(lines, survey)


def _parse_classic(lines: Iterable[str], survey: Survey) -> Iterator[Topic | Entry | Unclaimed]:
    current: OpenEntry | None = None
    previous: str | None = None
    ordinal = 0
    for gap in gaps(lines, lambda date: _is_month(date, survey)):
        if isinstance(gap, Loose):
            if gap.line.kind != "blank":
                yield _unclaimed(gap.line)
            continue
        choice = choose(gap.blocks, _place(gap, current, survey), survey)
        following = None
        if gap.anchor is not None:
            following = open_entry(ordinal, gap, choice, survey, previous)
            previous, ordinal = gap.anchor.date.iso, ordinal + 1
        finished = close_entry(current, gap, choice) if current is not None else None
        if finished is not None:
            yield finished
        yield from _outside(gap, choice, finished, following)
        current = following


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """Return the parser's own fields of *entry* in the shape of the JSON plan.

    ``tags``, ``series``, ``language``, ``source_url``, ``key``, ``publication``, ``volume``,
    ``issue`` and ``pages`` are there only when the listing states them.
    """
    values: dict[str, Any] = {
        "lines": [entry.first_line, entry.last_line],
        "kicker": entry.kicker,
        "headline": entry.headline,
        "subtitle": entry.subtitle,
        "part_label": entry.part_label,
        "part_number": entry.part_number,
        "byline": entry.byline,
        "authors": [
            {"name": credit.name, "kind": credit.kind, "role": credit.role}
            for credit in entry.credits
        ],
        "published_on": entry.published_on,
        "standfirst": entry.standfirst,
        "confidence": entry.confidence,
        "diagnostics": [
            {
                "code": diagnostic.code,
                "line": diagnostic.line,
                "message": diagnostic.message,
                "alternatives": [dict(other) for other in diagnostic.alternatives],
            }
            for diagnostic in entry.diagnostics
        ],
    }
    if entry.tags is not None:
        values["tags"] = list(entry.tags)
    if entry.series is not None:
        values["series"] = [asdict(place) for place in entry.series]
    for name in _WHEN_STATED:
        value = getattr(entry, name)
        if value is not None:
            values[name] = value
    return values


def _place(gap: Gap, current: OpenEntry | None, survey: Survey) -> Place:
    share = survey.habits.standfirst
    if current is not None and current.slug:
        share = min(share, rules.STANDFIRST_AFTER_SLUG)
    anchored = gap.anchor is not None
    opening = gap.opening and (anchored or survey.date_lines > 0)
    return Place(gap.joined and current is not None, opening, anchored, share)


def _is_month(date: PrintedDate, survey: Survey) -> bool:
    """A month alone is a date line if it lies within a year of the full dates of the file."""
    if survey.first_day is None or survey.last_day is None:
        return True
    return int(survey.first_day[:4]) - 1 <= date.year <= int(survey.last_day[:4]) + 1


def _outside(
    gap: Gap, choice: Choice, above: Entry | None, below: OpenEntry | None
) -> Iterator[Topic | Unclaimed]:
    """Yield what stands in the gap outside both entries, and date lines without a headline."""
    if not gap.odd and "U" not in choice.roles and "T" not in choice.roles:
        return
    roles = {block.line.number: role for block, role in zip(gap.blocks, choice.roles, strict=True)}
    end_above = above.last_line if above is not None else 0
    start_below = below.lines[0].number if below is not None else math.inf
    for line in gap.lines:
        if line.kind == "blank":
            continue
        role = roles.get(line.number)
        if role == "T":
            yield Topic(line.text.strip(), line.number, topic_spans(line))
        elif line.kind == "furniture":
            if end_above < line.number < start_below:
                yield _unclaimed(line)
        elif role in ("U", None):
            yield _unclaimed(line)


def _unclaimed(line: ReadLine) -> Unclaimed:
    if line.kind == "furniture":
        return Unclaimed(line.number, line.text, _ORNAMENT, whole_line(line, "furniture"))
    dated = line.kind in ("dated_byline", "bare_date")
    reason = _NO_HEADLINE if dated else _FAR_FROM_DATES
    return Unclaimed(line.number, line.text, reason, whole_line(line, "unclaimed"))
