"""Remarks that both engines make: on dates, and on entries of a file that is not regular."""

import datetime
from collections.abc import Iterator

from articles.listing.dates import PrintedDate
from articles.listing.records import Diagnostic

#: What the confidence of an entry is worth in a file that is regular in no dialect.
UNSURE = 0.5
_GO_ON = frozenset(",;–—-")


def goes_on(standfirst: str, below: str) -> bool:
    """Tell whether *below*, a line under a standfirst, seems to go on with it, in lower case."""
    last = standfirst.rstrip()[-1:]
    return below.lstrip()[:1].islower() and (last.isalnum() or last in _GO_ON)


def cut_short(line: int) -> Diagnostic:
    """Return the remark on a standfirst that *line* below it seems to go on with."""
    message = "The line below the standfirst seems to go on with it."
    return Diagnostic("standfirst-or-stray", line, message)


def irregular(line: int) -> Diagnostic:
    """Return the remark on an entry, from *line* on, of a file that is regular in no dialect."""
    message = "The file is not regular in any dialect; its entries may be read wrongly."
    return Diagnostic("listing-irregular", line, message)


def date_remarks(date: PrintedDate, line: int) -> Iterator[Diagnostic]:
    """Remark on a date that is impossible, open between two readings, or beside a wrong weekday."""
    if not date.possible:
        message = "No such day in that month; only month and year were taken."
        yield Diagnostic("impossible-date", line, message)
    if date.either:
        message = "Day and month may stand in either order, and the file does not tell which."
        others = tuple({"published_on": reading} for reading in date.either)
        yield Diagnostic("date-order-unknown", line, message, others)
    if date.weekday is not None and _weekday_of(date) not in (None, date.weekday):
        message = f"{date.iso} is not the weekday that is printed beside it."
        yield Diagnostic("weekday-differs", line, message)


def _weekday_of(date: PrintedDate) -> int | None:
    """Return the weekday (Monday 0) of a full date, None for others."""
    if date.month is None or date.day is None:
        return None
    return datetime.date(date.year, date.month, date.day).weekday()
