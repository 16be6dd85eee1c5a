"""Dates of date lines, in this dialect's form: "9 February 2021", "February 2021", "2021".

A date counts only where it ends a line (see ``anchors``); a date or a range inside a headline
("November 13-19", "on October 24") has no year in this place and is never found here.
"""

import re
from dataclasses import dataclass

from articles.listing.words import word_list

_MONTH_NAMES = word_list(
    "january february march april may june july august september october november december"
)
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
MONTHS |= {name[:3]: number for name, number in list(MONTHS.items())} | {"sept": 9}
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE_AT_END = re.compile(
    rf"(?<![\w./-])(?:(?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\s{{1,3}})?"
    rf"(?P<month>{_MONTH})\.?\s{{1,3}})?(?P<year>[12][0-9]{{3}})\.?\Z",
    re.IGNORECASE,
)
# The longest date is "30th September 2021." with three spaces twice; more is never looked at.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date and where it stands in its line. ``possible`` is False for a day such as 31 June."""

    year: int
    month: int | None
    day: int | None
    start: int
    end: int
    possible: bool = True

    @property
    def iso(self) -> str:
        """The date as YYYY-MM-DD, YYYY-MM or YYYY, as precise as it was printed."""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
            if self.day is not None:
                text += f"-{self.day:02d}"
        return text

    @property
    def precision(self) -> str:
        """Either "day", "month" or "year"."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"


def date_at_end(text: str) -> PrintedDate | None:
    """Return the date that ends *text* (spaces and one full stop aside), or None.

    The span of the date leaves out the full stop. A day that its month does not have gives a date
    of month precision with ``possible`` False, so that nothing is invented and nothing lost.
    """
    end = len(text.rstrip())
    offset = max(0, end - _LONGEST)
    match = _DATE_AT_END.search(text[offset:end])
    if match is None:
        return None
    year = int(match["year"])
    month = MONTHS[match["month"].casefold()] if match["month"] else None
    day = int(match["day"]) if match["day"] else None
    start, stop = offset + match.start(), offset + match.end("year")
    if month is None or day is None:
        return PrintedDate(year, month, day, start, stop)
    if 1 <= day <= _days_in(year, month):
        return PrintedDate(year, month, day, start, stop)
    return PrintedDate(year, month, None, start, stop, possible=False)


def comes_after(later: str, earlier: str) -> bool:
    """Tell whether ISO date *later* is after *earlier*, compared as precisely as both allow."""
    common = min(len(later), len(earlier))
    return later[:common] > earlier[:common]


def _days_in(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 28 if month == 2 and not leap else _DAYS_IN_MONTH[month - 1]
