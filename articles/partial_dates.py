"""Dates known to the day, the month or the year, as text: ``YYYY-MM-DD``, ``YYYY-MM``, ``YYYY``.

The text form is that of ISO 8601-1 (reduced precision). Pure.
"""

import calendar
import datetime
import re
from functools import lru_cache

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
PRECISIONS = ("year", "month", "day")


# The dates of a file come again and again.
@lru_cache(maxsize=4_096)
def parse_partial(text: str) -> tuple[datetime.date, str]:
    """Return the first day of the period that *text* names, and ``day``, ``month`` or ``year``.

    Raises `ValueError` for anything but a date of the Gregorian calendar in one of the forms.
    """
    match = _FORM.fullmatch(text)
    if not match or not text.isascii():
        raise ValueError(f"not a date as YYYY, YYYY-MM or YYYY-MM-DD: {text[:40]!r}")
    year, month, day = match.groups()
    first = datetime.date(int(year), int(month or 1), int(day or 1))
    return first, PRECISIONS[(month is not None) + (day is not None)]


def last_day(first: datetime.date, precision: str) -> datetime.date:
    """Return the last day of the period that begins on *first*."""
    if precision == "year":
        return datetime.date(first.year, 12, 31)
    if precision == "month":
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first


def partial_text(first: datetime.date | None, precision: str) -> str | None:
    """Return the text form of a date to a precision; None for no date."""
    if first is None:
        return None
    return first.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]
