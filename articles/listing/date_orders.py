"""In which order a file writes dates in figures, told from all of them together.

"3/4/2019" may be either. A file has one order: any day above 12 proves it, a weekday beside a
date proves it, and where nothing does, the order in which the dates of the file run may.
"""

import datetime
from dataclasses import dataclass, field

from articles.listing.dates import PrintedDate, resolve

#: Steps from date to date that the order of a file must be told from, and breaks that rule one out.
_FEWEST_STEPS = 4
_FEWEST_BREAKS = 2


@dataclass(slots=True)
class _Run:
    """How often dates rise and fall under one reading."""

    previous: str = ""
    rises: int = 0
    falls: int = 0

    def add(self, iso: str) -> None:
        if self.previous:
            self.rises += iso > self.previous
            self.falls += iso < self.previous
        self.previous = iso


@dataclass(slots=True)
class FigureDates:
    """The dates in figures of a file, counted."""

    open: int = 0
    day_first: int = 0
    month_first: int = 0
    runs: tuple[_Run, _Run] = field(default_factory=lambda: (_Run(), _Run()))

    def add(self, date: PrintedDate) -> None:
        """Take in *date*, read without knowing the order; others than figures say nothing."""
        if date.figures is None or not date.possible:
            return
        by_day, by_month = resolve(date, True), resolve(date, False)
        first, second = date.figures
        if first > 12:
            self.day_first += 1
        elif second > 12:
            self.month_first += 1
        elif first != second:
            self.open += 1
            if date.weekday is not None:
                fits = [_weekday(reading) == date.weekday for reading in (by_day, by_month)]
                self.day_first += fits == [True, False]
                self.month_first += fits == [False, True]
        self.runs[0].add(by_day.iso)
        self.runs[1].add(by_month.iso)

    def decided(self) -> bool | None:
        """Return True for day first, False for month first, None if the file does not tell."""
        if self.day_first or self.month_first:
            if self.day_first and self.month_first:
                return None
            return self.day_first > 0
        steps = [run.rises + run.falls for run in self.runs]
        breaks = [min(run.rises, run.falls) for run in self.runs]
        if min(steps) < _FEWEST_STEPS or min(breaks) > 0:
            return None
        if max(breaks) < max(_FEWEST_BREAKS, max(steps) // 10):
            return None
        return breaks[0] == 0


def _weekday(date: PrintedDate) -> int | None:
    if date.month is None or date.day is None:
        return None
    return datetime.date(date.year, date.month, date.day).weekday()
