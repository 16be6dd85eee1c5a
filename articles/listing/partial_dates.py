"""Dates without a year below a heading that has it: "2019", then "12 March – Title".

Headings are a year, or a month and a year ("March 2019", "— 2021 —", "Archive for May 2020 (14)");
a month alone is one below a year. Below a month a day alone may be a date ("12 Title"). Whether a
file writes its dates so is told from the file: see ``habit_of``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.folding import fold
from articles.listing.calendar_words import MONTHS, WEEKDAYS, days_in
from articles.listing.date_orders import FigureDates
from articles.listing.dates import PrintedDate, date_at_end, date_at_start, whole_date

_WORD = r"[^\W\d_]{3,12}"
_ORDINAL = r"(?:st|nd|rd|th|er|ère|º|°|ª|\.)?"
_WEEKDAY = (
    r"(?:(?i:le|el|il|am|den|on|dia)\s{1,3}(?=[0-9])"
    r"|(?P<weekday>[^\W\d_]{2,12}(?:-feira)?)\.?,?\s{1,3}(?:(?:the|den|le|el|dia)\s)?)?"
)
_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}}){_ORDINAL}\s{{1,3}}(?:(?:de|di|of)\s)?(?P<month>{_WORD})\b\.?"
)
_MONTH_DAY = re.compile(
    rf"{_WEEKDAY}(?P<month>{_WORD})\.?\s{{1,3}}(?P<day>[0-9]{{1,2}}){_ORDINAL}(?!\w)"
)
_FIGURES = re.compile(r"(?P<first>[0-9]{1,2})(?P<dash>[./-])(?P<second>[0-9]{1,2})(?![\w/-])\.?")
_DAY = re.compile(rf"{_WEEKDAY}(?P<day>[0-9]{{1,2}}){_ORDINAL}(?=[\s:,–—|.-]|\Z)")
_AT_END = tuple(
    re.compile(rf"(?<![\w./-]){form}\Z")
    for form in (
        rf"(?P<weekday>)(?P<day>[0-9]{{1,2}}){_ORDINAL}\s{{1,3}}(?:(?:de|di|of)\s)?(?P<month>{_WORD})\.?",
        rf"(?P<weekday>)(?P<month>{_WORD})\.?\s{{1,3}}(?P<day>[0-9]{{1,2}}){_ORDINAL}",
        r"(?P<first>[0-9]{1,2})(?P<dash>[./-])(?P<second>[0-9]{1,2})\.?",
    )
)
_HEADING = re.compile(
    r"[\W_]{0,12}(?:(?:archives?|archiv|archivo|archivio|arquivo|posts|articles|année|anno|año|ano"
    r"|jahr(?:gang)?|year|год|архив)(?:\s(?:for|of|from|de|del|di|do|von|за))?\s?:?\s)?"
    rf"(?:(?P<month>{_WORD})\.?,?(?:\sde|\sdel)?\s{{1,3}}(?P<year>[12][0-9]{{3}})"
    r"|(?P<figure>[0-9]{1,2})[/.](?P<then>[12][0-9]{3})|(?P<alone>[12][0-9]{3})"
    rf"(?:\s(?!г\b|года?\b)(?P<behind>{_WORD}))?|(?P<only>{_WORD}))(?:\s?(?:г\.?|год|года))?"
    r"(?:\s?[(\[][0-9]{1,4}(?:\s\w{1,12})?[)\]])?[\W_]{0,12}\Z",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[•▪▫◦‣⁃*·►▶»■□●○✦→–—-]\s+)?")
_LONGEST_HEADING = 60
_LONGEST = 40
#: Fewest lines with such a date, and least share of all lines, from which a file writes them so.
_FEWEST = 3
_LEAST_SHARE = 0.2
_LEAST_SHARE_OF_DAYS = 0.28
#: Share of the lines from which numbers below months alone are surely days.
_MOST_DAYS = 0.6
#: Fewest headings of a month alone that date entries, and most dates beside them by their share.
_FEWEST_MONTHS, _FEW = 2, 0.2
_YEAR_IN = re.compile("[12][0-9]{3}")
#: Shares of numbers far from the text, and of such as rise, from which they are pages.
_MOST_APART, _MOST_RISE = 0.8, 0.9


@dataclass(frozen=True, slots=True)
class Habit:
    """How a file writes dates without a year: with their month or as days alone; their order."""

    days_alone: bool
    day_first: bool | None
    # Months alone, below years, date the entries: these have no dates of their own.
    months: bool = False


@dataclass(slots=True)
class Calendar:
    """The year and the month that stand above, and the dates read below them."""

    habit: Habit
    year: int | None = None
    month: int | None = None

    def heading(self, text: str) -> PrintedDate | None:
        """Take in *text* if it is a heading, and return its date; else None."""
        found = heading_of(text, self.year)
        if found is not None:
            self.year, self.month = found.year, found.month
        return found

    def whole(self, text: str) -> PrintedDate | None:
        """Return the date that *text* is as a whole, or None."""
        found = self.at_start(text)
        return found if found is not None and not text[found.end :].strip(" .,:;)]") else None

    def at_start(self, text: str) -> PrintedDate | None:
        """Return the date with which *text* begins, or None."""
        year = self.year if not self.habit.months else None
        start = len(text) - len(text.lstrip(" ([\t"))
        if year is None or not text:
            return None
        piece = text[start : start + _LONGEST]
        if self.habit.days_alone:
            match = _DAY.match(piece) if self.month is not None else None
            return self._made(match, self.month, start) if match is not None else None
        for form in (_DAY_MONTH, _MONTH_DAY):
            match = form.match(piece)
            month = MONTHS.get(fold(match["month"])) if match is not None else None
            if match is not None and month is not None:
                return self._made(match, month, start)
        match = _FIGURES.match(piece)
        return self._figures(match, start) if match is not None else None

    def at_end(self, text: str) -> PrintedDate | None:
        """Return the date with which *text* ends, or None."""
        if self.year is None or self.habit.days_alone or self.habit.months:
            return None
        end = len(text.rstrip(" )]"))
        offset = max(0, end - _LONGEST)
        for form in _AT_END:
            match = form.search(text[offset:end])
            if match is None:
                continue
            if "first" in form.groupindex:
                return self._figures(match, offset)
            month = MONTHS.get(fold(match["month"]))
            if month is not None:
                return self._made(match, month, offset)
        return None

    def _figures(self, match: re.Match[str], offset: int) -> PrintedDate | None:
        first, second = int(match["first"]), int(match["second"])
        day_first = True if match["dash"] == "." else self.habit.day_first
        if day_first is None:
            day_first = True if first > 12 else False if second > 12 else None
        assert self.year is not None  # noqa: S101
        place = offset + match.start(), offset + match.end()
        if day_first is None:
            return PrintedDate(self.year, None, None, *place, True, (first, second))
        day, month = (first, second) if day_first else (second, first)
        if not 1 <= month <= 12 or not 1 <= day <= days_in(self.year, month):
            return None
        return PrintedDate(self.year, month, day, *place, True, (first, second))

    def _made(self, match: re.Match[str], month: int | None, offset: int) -> PrintedDate | None:
        assert self.year is not None  # noqa: S101
        assert month is not None  # noqa: S101
        day, weekday = int(match["day"]), None
        start = match.start()
        if match["weekday"]:
            weekday = WEEKDAYS.get(fold(match["weekday"]))
            if weekday is None:
                return None
        if not 1 <= day <= days_in(self.year, month):
            return None
        end = match.end()
        return PrintedDate(self.year, month, day, offset + start, offset + end, True, None, weekday)


def begins_in_day(text: str) -> bool:
    """Tell whether *text* begins with a day and a month, and goes on: "12 de mayo: …"."""
    for form in (_DAY_MONTH, _MONTH_DAY):
        match = form.match(text)
        if match is not None and fold(match["month"]) in MONTHS and match.end() < len(text):
            return True
    return False


def heading_of(text: str, year: int | None) -> PrintedDate | None:
    """Return the year, or month and year, that *text* is as a heading; None if it is none.

    A month alone is one where *year* is known from a heading above.
    """
    if len(text) > _LONGEST_HEADING:
        return None
    match = _HEADING.match(text)
    if match is None:
        return None
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if match["only"]:
        month = MONTHS.get(fold(match["only"]))
        return PrintedDate(year, month, None, start, end) if month and year is not None else None
    if match["figure"]:
        number = int(match["figure"])
        return (
            PrintedDate(int(match["then"]), number, None, start, end)
            if number in range(1, 13)
            else None
        )
    word = match["month"] or match["behind"]
    month = MONTHS.get(fold(word)) if word else None
    if word and month is None:
        return None
    return PrintedDate(int(match["year"] or match["alone"]), month, None, start, end)


@dataclass(slots=True)
class _Pages:
    """Numbers below headings of months: pages, if they stand far from the text, or if they rise
    while the months fall.
    """

    above: tuple[int, int] = (0, 0)
    last: int = 0
    months: list[bool] = field(default_factory=list)
    steps: list[bool] = field(default_factory=list)
    apart: list[bool] = field(default_factory=list)

    def heading(self, date: PrintedDate) -> None:
        """Take in the month of a heading."""
        month = date.year, date.month or 0
        if self.above != (0, 0) and month != self.above:
            self.months.append(month > self.above)
        self.above, self.last = month, 0

    def add(self, date: PrintedDate, text: str) -> None:
        """Take in a number that may be a day, at the beginning of *text*."""
        day = date.day or 0
        if self.last and day != self.last:
            self.steps.append(day > self.last)
        self.last = day
        behind = text[date.end :]
        self.apart.append(behind[:1] == "\t" or (behind[:2].isspace() and len(behind) > 2))

    def likely(self) -> bool:
        """Tell whether the numbers are rather pages than days."""
        if len(self.apart) < _FEWEST:
            return False
        if sum(self.apart) >= _MOST_APART * len(self.apart):
            falling = self.steps and sum(self.steps) < _MOST_RISE * len(self.steps)
            return not falling
        return (
            len(self.steps) >= _FEWEST
            and sum(self.steps) >= _MOST_RISE * len(self.steps)
            and bool(self.months)
            and not any(self.months)
        )


def habit_of(lines: Sequence[str]) -> Habit | None:
    """Return how *lines* write dates without a year below headings, None if they do not."""
    month_days, days = Calendar(Habit(False, None)), Calendar(Habit(True, None))
    headings = months = only = told = partial = alone = full = 0
    figures, pages = FigureDates(), _Pages()
    for text in lines:
        if not text or text.isspace():
            continue
        text = text[_BULLET.match(text).end() :]  # type: ignore[union-attr]
        found = month_days.heading(text)
        if found is not None:
            days.heading(text)
            pages.heading(found)
            headings, months = headings + 1, months + (found.month is not None)
            only += found.month is not None and _YEAR_IN.search(text) is None
            continue
        told += 1
        if len(text) > 300:
            continue
        if any(mark.isdigit() for mark in text) and (
            whole_date(text) or (date_at_start(text) or date_at_end(text.rstrip(" )]")))
        ):
            dated = whole_date(text) or date_at_start(text) or date_at_end(text.rstrip(" )]"))
            if dated is not None and dated.month is not None:
                full += 1
                continue
        date = month_days.at_start(text) or month_days.at_end(text)
        if date is None:
            date = next(filter(None, map(month_days.at_end, text.split("(")[:-1])), None)
        partial += date is not None
        if date is not None:
            figures.add(date)
        day = days.at_start(text)
        alone += day is not None
        if day is not None:
            pages.add(day, text)
    order = figures.decided()
    if not headings or not told:
        return None
    if partial >= max(_FEWEST, _LEAST_SHARE * told) and partial > full:
        return Habit(False, order)
    most = max(_FEWEST, _LEAST_SHARE_OF_DAYS * told)
    days_alone = bool(months) and alone >= most and alone > full and not pages.likely()
    if days_alone and alone >= _MOST_DAYS * told:
        return Habit(True, order)
    if only >= _FEWEST_MONTHS and told >= only and full <= _FEW * only and 2 * partial < told:
        return Habit(False, order, months=True)
    return Habit(True, order) if days_alone else None
