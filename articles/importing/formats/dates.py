"""Dates as files of data give them: moments, and texts of which a whole column decides the order.

The forms in words and figures are those of `articles.listing.dates`. Beside them stand ISO 8601
moments and those of RFC 5322 (section 3.3), whose zone is turned into the site's.
"""

import datetime
import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from articles.cleaning import clean_line
from articles.importing.formats.context import remark
from articles.importing.records import Values
from articles.listing.date_orders import FigureDates
from articles.listing.dates import PrintedDate, resolve, whole_date
from articles.listing.periods import LAST_CENTURY
from articles.partial_dates import parse_partial

_ISO_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)"
    r"(?:[.,][0-9]{1,9})?\s?(?P<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?",
    re.IGNORECASE,
)
_MAIL_MOMENT = re.compile(
    r"(?:[A-Za-z]{3},?\s)?[0-9]{1,2}\s[A-Za-z]{3}\s[0-9]{2,4}\s[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
    r"\s(?:[A-Z]{1,5}|[+-][0-9]{4})"
)
#: Two figures for a year, as in 7/4/19; the year is never the first.
_SHORT_YEAR = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{2})")


def moment(text: str) -> datetime.datetime | None:
    """Return the moment that *text* states (ISO 8601 or RFC 5322), or None.

    Without a zone in the text it is naive: the time of wherever the text was written.
    """
    text = text.strip()[:60]
    if match := _ISO_MOMENT.fullmatch(text):
        zone = (match["zone"] or "").upper().replace("UTC", "+00:00").replace("Z", "+00:00")
        try:
            return datetime.datetime.fromisoformat(f"{match['date']}T{match['time']}{zone}")
        except ValueError:
            return None
    if _MAIL_MOMENT.fullmatch(text):
        try:
            return parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
    return None


def day_of(found: datetime.datetime, zone: datetime.tzinfo) -> str:
    """Return the date of a moment: on the site's calendar if it has a zone, else as it stands."""
    try:
        local = found if found.tzinfo is None else found.astimezone(zone)
    except (OverflowError, ValueError):
        local = found
    return local.date().isoformat()


def utc_text(found: datetime.datetime) -> str:
    """Return an aware moment as records hold it: ISO 8601 in UTC, to the second, final Z."""
    return found.astimezone(datetime.UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


@dataclass(slots=True)
class DateColumn:
    """A column of dates, read as a whole: the order of figures is one, or it is not known.

    Show it each cell with `look`, then ask with `date`. A cell may be a date or a moment already;
    any other is taken as text.
    """

    zone: datetime.tzinfo
    #: The line in which the column begins.
    line: int = 0
    _order: FigureDates = field(default_factory=FigureDates)
    _has_short_years: bool = False

    def look(self, value: object, line: int) -> None:
        """Take in the next cell, which stands on *line*."""
        self.line = self.line or line
        date = self._printed(value)
        if isinstance(date, PrintedDate):
            self._order.add(date)
            if _SHORT_YEAR.fullmatch(str(value or "").strip()):
                self._has_short_years = True

    def is_day(self, value: object) -> bool:
        """Whether a cell states a day, month and year included."""
        date = self._printed(value)
        if isinstance(date, PrintedDate):
            return date.day is not None or date.figures is not None
        return date is not None and len(date) == len("2021-05-04")

    def remarks(self) -> list[Values]:
        """Return what is to be said of the column, now that all of it was shown."""
        found = []
        if self._order.day_first and self._order.month_first:
            found.append(
                remark(
                    "date-order-mixed",
                    "The column has dates with the day first and others"
                    " with the month first; those that could be either are left out.",
                    self.line,
                )
            )
        if self._has_short_years:
            found.append(
                remark(
                    "year-short",
                    f"Years of two figures: 00 to {LAST_CENTURY - 1} are read as"
                    " 2000 and later, the others as 1900 and later.",
                    self.line,
                )
            )
        return found

    def date(self, value: object, line: int) -> tuple[str | None, list[Values]]:
        """Return the date of a cell, and what is doubtful about it."""
        return self._settled(value, self._printed(value), self._order.decided(), line)

    def _printed(self, value: object) -> PrintedDate | str | None:
        """Return a date in ISO form if it is clear, as printed if it may need the order."""
        if isinstance(value, datetime.datetime):
            return day_of(value, self.zone)
        if isinstance(value, datetime.date):
            return value.isoformat()
        text = clean_line(str(value or ""), 100)
        if text.startswith("0000"):
            return None
        try:
            parse_partial(text)
        except ValueError:
            pass
        else:
            return text
        if (found := moment(text)) is not None:
            return day_of(found, self.zone)
        if short := _SHORT_YEAR.fullmatch(text):
            century = "20" if int(short[4]) < LAST_CENTURY else "19"
            text = f"{short[1]}{short[2]}{short[3]}{short[2]}{century}{short[4]}"
        return whole_date(text)

    @staticmethod
    def _settled(
        value: object, date: PrintedDate | str | None, day_first: bool | None, line: int
    ) -> tuple[str | None, list[Values]]:
        if isinstance(date, str):
            return date, []
        text = clean_line(str(value or ""), 100)
        if date is None:
            if not text:
                return None, []
            return None, [remark("date-unreadable", f"“{text}” is not a date.", line)]
        read = resolve(date, day_first)
        if read.figures and len(set(read.figures)) == 1 and read.either:
            return read.either[0], []
        if read.either:
            readings = [{"published_on": reading} for reading in read.either]
            message = f"“{text}” may be {' or '.join(read.either)}, and the column does not tell."
            return None, [remark("date-order-unknown", message, line, readings)]
        if not read.possible:
            message = f"“{text}” is a day that its month does not have; {read.iso} was taken."
            return read.iso, [remark("impossible-date", message, line)]
        return read.iso, []
