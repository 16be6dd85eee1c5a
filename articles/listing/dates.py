"""Dates as listings print them, in eight languages and in figures, with the precision printed.

Read are "9 February 2021", "February 9, 2021", "9. Februar 2021", "9 февраля 2021 г.", "February
2021", "2021", ISO 8601 ("2021-02-09"), and figures ("9/2/2021", "09.02.21"), each with a weekday
before it and a time behind it. Of two-digit years those from 40 on are of the twentieth century.

Figures joined by full stops are day, month, year. Those joined by strokes or hyphens may stand in
either order; ``day_first`` says which the file has. Without it a date that could be either keeps
its year alone, and ``either`` has both readings.
"""

import datetime
import re
from dataclasses import dataclass, field
from functools import lru_cache

from articles.folding import fold
from articles.listing.calendar_words import MONTHS, ONLY_WITH_DAY, WEEKDAYS, days_in
from articles.listing.date_edges import ARTICLE_BEHIND_SIGN, SIGN_BEFORE, weekday_before
from articles.listing.periods import (
    LAST_CENTURY,
    begin_of_range,
    ends_in_dash,
    leads_in,
    lone_year,
    may_end_in_time,
    no_date_ends,
    period_year,
    roman_at_end,
    unusual_date,
    without_time,
)

_WORD = r"[^\W\d_]{2,12}"
_YEAR = r"(?P<year>[12][0-9]{3})"
_OF = r"(?:(?:de|del|do|of|di)\s{1,3})?"
_ORDINAL = r"(?:st|nd|rd|th|er|ère|º|°|ª|\.)?"
_GAP = r"[^\S\n]{1,3}"
# "01-Jul-2019", "1/Jul/2019", "1.Jul.2019".
_JOINT = rf"(?:{_GAP}|[-/]|(?<=\.))"
_RUSSIAN_YEAR = r"(?:\s?(?:г\b\.?|года\b))?"
_IN_WORDS = (
    rf"(?:(?:(?P<day>[0-9]{{1,2}}){_ORDINAL}{_JOINT}{_OF})?(?P<month>{_WORD})\.?,?{_JOINT}{_OF})?"
    rf"{_YEAR}{_RUSSIAN_YEAR}"
)
_MONTH_FIRST = (
    rf"(?P<month>{_WORD})\.?{_GAP}(?P<day>[0-9]{{1,2}}){_ORDINAL}"
    rf"(?:\s?[-–—]\s?[0-9]{{1,2}}{_ORDINAL})?,?{_GAP}{_YEAR}"
)
_ISO = (
    rf"{_YEAR}(?P<dash>[-/.])(?P<month>[0-9]{{1,2}})(?P=dash)(?P<day>[0-9]{{1,2}})"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_FIGURES = (
    r"(?P<first>[0-9]{1,2})(?P<dash>[./-])(?P<second>[0-9]{1,2})(?P=dash)"
    rf"(?P<year>[12][0-9]{{3}}|[0-9]{{2}}){_RUSSIAN_YEAR}"
)
_BEFORE, _AFTER = r"(?<![\w./-])", r"(?![\w/-])(?!\.[0-9])"
_AT_END = tuple(
    re.compile(rf"{_BEFORE}{form}\.?\Z", re.IGNORECASE)
    for form in (_ISO, _FIGURES, _MONTH_FIRST, _IN_WORDS)
)
_IN_WORDS_AT_END = _AT_END[2:]
# The commonest form by far, tried first.
_PLAIN = re.compile(r"(?<![\w./-])([0-9]{1,2}) ([A-Z][a-z]{2,8}) ([12][0-9]{3})\Z")
_AT_START = tuple(
    re.compile(form + _AFTER, re.IGNORECASE) for form in (_ISO, _FIGURES, _MONTH_FIRST, _IN_WORDS)
)
_MONTH_AT_START = re.compile(
    rf"{_WORD}\.?,?{_GAP}(?:[0-9]{{1,2}}{_ORDINAL},?{_GAP})?[12][0-9]{{3}}(?!\w)"
)
_YEAR_MONTH = re.compile(
    rf"(?:{_YEAR}[-/.](?P<month>[0-9]{{2}})|(?P<month_first>[0-9]{{1,2}})[-/.](?P<then>[12][0-9]{{3}}))\Z"
)
_ARTICLE_AT_START = re.compile(r"(?:le|el|il|am|den|em|on)[^\S\n](?=[0-9])", re.IGNORECASE)
_WEEKDAY_AT_START = re.compile(
    r"(?P<day>[^\W\d_]{2,12}(?:-feira)?)\.?,?[^\S\n]{1,3}(?:(?:den|the|le|el|dia)[^\S\n])?",
    re.IGNORECASE,
)
_DASHED = re.compile(r"[0-9][-/.][0-9]")
_DIGITS, _ROMAN, _JOINTS = frozenset("0123456789"), frozenset("IVXivx"), frozenset("./-")
_LONGEST = 64


@dataclass(slots=True)
class PrintedDate:
    """A date and where it stands in its line. ``possible`` is False for a day such as 31 June.

    ``figures`` are the two numbers of a date in figures whose order the file must tell,
    ``weekday`` the weekday printed beside it (Monday 0).
    """

    year: int
    month: int | None
    day: int | None
    start: int
    end: int
    possible: bool = True
    figures: tuple[int, int] | None = None
    weekday: int | None = None
    # A season or a quarter: its year is all that is taken of it.
    period: bool = False
    _iso: str = field(default="", init=False, repr=False, compare=False)

    @property
    def iso(self) -> str:
        """The date as YYYY-MM-DD, YYYY-MM or YYYY, as precise as it was printed."""
        if not self._iso:
            iso = f"{self.year:04d}"
            if self.month is not None:
                iso += f"-{self.month:02d}"
                if self.day is not None:
                    iso += f"-{self.day:02d}"
            self._iso = iso
        return self._iso

    @property
    def precision(self) -> str:
        """Either "day", "month" or "year"."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def either(self) -> tuple[str, ...]:
        """Both readings of a date in figures that was left open, day first; else nothing."""
        if self.figures is None or self.month is not None:
            return ()
        first, second = self.figures
        return (f"{self.year:04d}-{second:02d}-{first:02d}",
                f"{self.year:04d}-{first:02d}-{second:02d}")  # fmt: skip


@lru_cache(maxsize=2_000)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=500)
def date_at_end(text: str, day_first: bool | None = None) -> PrintedDate | None:
    """Return the date that ends *text* (spaces, a full stop and a time of day aside), or None.

    The span leaves out the full stop. A day that no month has gives a month, ``possible`` False.
    """
    last = text[-1:]
    plain = _PLAIN.search(text, max(0, len(text) - 24)) if last in _DIGITS else None
    if plain is not None and not ends_in_dash(text, plain.start()):
        month = MONTHS.get(plain[2].lower())
        before = text[max(0, plain.start() - 16) : plain.start()].rstrip(" ,.")
        word = before.rpartition(" ")[2].lstrip("([")
        key = _folded(word)
        if month is not None and key not in WEEKDAYS:
            day, year = int(plain[1]), int(plain[3])
            if 1 <= day <= 28 or _exists(year, month, day):
                return PrintedDate(year, month, day, plain.start(), plain.end())
    end = len(text.rstrip())
    last = text[end - 1 : end]
    if last == ".":
        last = text[end - 2 : end - 1]
    if last in _DIGITS and last and no_date_ends(text[max(0, end - 12) : end].rstrip(".")[-8:]):
        return None
    if last not in _DIGITS or not last:
        if last in ("г", "а") and text.endswith(("г", "г.", "года", "года."), 0, end):
            pass
        elif may_end_in_time(text, end, last):
            end = without_time(text, end)
        else:
            return None
    elif any(mark in text[max(0, end - 8) : end] for mark in ":h."):
        end = without_time(text, end)
    alone = lone_year(text, end)
    if alone is not None:
        return PrintedDate(int(alone["year"]), None, None, *alone.span("year"))
    offset = max(0, end - _LONGEST)
    piece = text[offset:end]
    may_be = piece[-6:-5] in _ROMAN or (piece[-3:-2] in _JOINTS and piece[-4:-3] in _ROMAN)
    roman = roman_at_end(piece) if may_be else None
    if roman is not None and _exists(*roman[:3]):
        return PrintedDate(*roman[:3], offset + roman[3], end)
    for form in _AT_END if _DASHED.search(piece) else _IN_WORDS_AT_END:
        match = form.search(piece)
        if match is not None:
            date = _date(match, offset, day_first, piece)
            if date is not None:
                return date
    return None


@lru_cache(maxsize=500)
def date_at_start(text: str, day_first: bool | None = None) -> PrintedDate | None:
    """Return the date that begins *text*, spaces aside, or None; a year alone is none."""
    start = len(text) - len(text.lstrip())
    piece = text[start : start + _LONGEST]
    rare = _rare(piece, start) if piece[:1] in _DIGITS else None
    if rare is not None:
        return rare
    skipped, weekday = 0, None
    article = _ARTICLE_AT_START.match(piece)
    if article is not None:
        skipped = article.end()
    elif piece[:1] not in _DIGITS:
        word = _WEEKDAY_AT_START.match(piece)
        if word is None:
            return None
        weekday = WEEKDAYS.get(_folded(word["day"]))
        before_digit = piece[word.end() : word.end() + 1] in _DIGITS
        if weekday is not None and (before_digit or _folded(word["day"]) not in MONTHS):
            skipped = word.end()
            if _folded(word["day"]) in MONTHS and _MONTH_AT_START.match(piece):
                # "Mar 27, 2019" and "Mar 2019" are no Tuesday.
                skipped, weekday = 0, None
        elif weekday is None and _folded(word["day"]) not in MONTHS:
            return None
    for form in _AT_START:
        match = form.match(piece, skipped)
        if match is not None:
            date = _date(match, start, day_first, piece[:skipped])
            if date is not None and (date.month is not None or date.figures):
                if not skipped:
                    return date
                return _resolved(date, day_first, start, weekday)
    return None


@lru_cache(maxsize=500)
def whole_date(text: str, day_first: bool | None = None) -> PrintedDate | None:
    """Return the date that *text* is as a whole, edges, brackets and a time aside, or None.

    Also "2021-05", which elsewhere could be two years, and "5/2021".
    """
    stripped = text.strip()
    offset = text.find(stripped) if stripped else 0
    while stripped[:1] in ("(", "[") and stripped[-1:] in (")", "]"):
        stripped, offset = stripped[1:-1], offset + 1
    match = _YEAR_MONTH.match(stripped)
    if match is not None:
        month, year = match["month"] or match["month_first"], match["year"] or match["then"]
        if 1 <= int(month) <= 12:
            return PrintedDate(int(year), int(month), None, offset, offset + match.end())
    year = period_year(stripped)
    if year is not None:
        return PrintedDate(year, None, None, offset, offset + len(stripped), period=True)
    date = date_at_end(stripped, day_first)
    if date is None or date.month is None:
        rare = _rare(stripped, 0)
        if rare is not None and rare.end == len(stripped):
            return shifted(rare, offset)
    if date is None:
        return None
    before = stripped[: date.start]
    return shifted(date, offset) if not before or leads_in(before) else None


def _rare(text: str, offset: int) -> PrintedDate | None:
    found = unusual_date(text)
    if found is None:
        return None
    year, month, day, end = found
    possible = day is None or _exists(year, month, day)
    return PrintedDate(year, month, day if possible else None, offset, offset + end, possible)


def resolve(date: PrintedDate, day_first: bool | None) -> PrintedDate:
    """Return *date*, of figures, read in the order that the file has; others as they are."""
    if date.figures is None:
        return date
    place = date.start, date.end
    read = _of_figures(date.figures, date.year, place, "/", day_first, date.weekday)
    return date if read is None else read


def shifted(date: PrintedDate, offset: int) -> PrintedDate:
    """Return *date* as it stands *offset* characters further on in its line."""
    if not offset:
        return date
    return PrintedDate(
        date.year, date.month, date.day, date.start + offset, date.end + offset, date.possible,
        date.figures, date.weekday, date.period,
    )  # fmt: skip


def comes_after(later: str, earlier: str) -> bool:
    """Tell whether ISO date *later* is after *earlier*, compared as precisely as both allow."""
    common = min(len(later), len(earlier))
    return later[:common] > earlier[:common]


def _date(
    match: re.Match[str], offset: int, day_first: bool | None, piece: str
) -> PrintedDate | None:
    """Return the date of *match*, its place moved by *offset*; None if a word is no month."""
    groups = match.groupdict()
    start, end = match.start(), match.end()
    if match.string[end - 1] == "." and match.string[end - 2] in _DIGITS:
        end -= 1
    if "first" in groups:
        year = int(groups["year"])
        if len(groups["year"]) == 2:
            year += 1900 if year >= LAST_CENTURY else 2000
        figures = (int(groups["first"]), int(groups["second"]))
        weekday, start = weekday_before(piece, start)
        return _of_figures(
            figures, year, (offset + start, offset + end), groups["dash"], day_first, weekday
        )
    year = int(groups["year"])
    printed = groups["month"]
    if not printed:
        return _from_begin(piece, start, (year, None, None), offset, end)
    if printed.isdigit():
        month: int | None = int(printed)
        if not 1 <= int(printed) <= 12:
            return None
    else:
        key = _folded(printed)
        month = MONTHS.get(key)
        if month is None or (
            groups["day"] is None
            and key in ONLY_WITH_DAY
            and not (printed[0].isupper() and SIGN_BEFORE.search(piece, 0, start))
        ):
            # A word that is no month: the year alone remains of it.
            if match.re is not _AT_END[-1]:
                return None
            return _from_begin(piece, match.start("year"), (year, None, None), offset, end)
    day = int(groups["day"]) if groups["day"] else None
    if match.re in _IN_WORDS_AT_END and (day is None or _exists(year, month, day)):
        begun = _from_begin(piece, start, (year, month, day), offset, end)
        if begun.start < offset + start:
            return begun
    weekday, start = weekday_before(piece, start)
    if weekday is None and day is not None and piece[start - 1 : start].isspace():
        article = ARTICLE_BEHIND_SIGN.search(piece, max(0, start - 8), start)
        start = article.start("article") if article is not None else start
    possible = day is None or _exists(year, month, day)
    day = day if possible else None
    return PrintedDate(year, month, day, offset + start, offset + end, possible, None, weekday)


def _from_begin(
    piece: str, start: int, date: tuple[int, int | None, int | None], offset: int, end: int
) -> PrintedDate:
    """Return *date*, which stands from *start* on, or the beginning of a range that it ends."""
    begin = begin_of_range(piece[:start], *date) if start else None
    if begin is not None:
        *first, start = begin
        year, month, day = first
        if day is None or _exists(year or 0, month, day):
            return PrintedDate(year or 0, month, day, offset + start, offset + end)
        return PrintedDate(date[0], date[1], None, offset + start, offset + end)
    return PrintedDate(*date, offset + start, offset + end)


def _of_figures(
    figures: tuple[int, int],
    year: int,
    place: tuple[int, int],
    dash: str,
    day_first: bool | None,
    weekday: int | None,
) -> PrintedDate | None:
    first, second = figures
    readings = [
        (month, day)
        for month, day in ((second, first), (first, second))
        if _exists(year, month, day)
    ]
    kept = None if dash == "." else figures
    if not readings:
        if not (1 <= first <= 31 and 1 <= second <= 31):
            return None
        month = second if 1 <= second <= 12 else first if 1 <= first <= 12 else None
        if first <= 12 and second <= 12:
            month = None
        return PrintedDate(year, month, None, *place, False, None, weekday)
    if dash == ".":
        day_first = True if day_first is None else day_first
    if len(set(readings)) > 1:
        fitting = [r for r in readings if datetime.date(year, *r).weekday() == weekday]
        if day_first is None and len(fitting) == 1:
            readings = fitting
        elif day_first is None:
            return PrintedDate(year, None, None, *place, True, kept, weekday)
        elif not day_first:
            readings.reverse()
    return PrintedDate(year, *readings[0], *place, True, kept, weekday)


def _resolved(
    date: PrintedDate, day_first: bool | None, start: int, weekday: int | None
) -> PrintedDate:
    wider = PrintedDate(
        date.year, date.month, date.day, start, date.end, date.possible, date.figures, weekday
    )
    return resolve(wider, day_first) if date.figures else wider


def _exists(year: int, month: int | None, day: int) -> bool:
    return month is not None and 1 <= month <= 12 and 1 <= day <= days_in(year, month)
