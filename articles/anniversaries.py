"""Anniversaries that a headline or a standfirst speaks of: "25 years ago: 10 June 1995". Pure.

Two signs are read, in seven languages: a date of an earlier year, and a number of years "since",
"after" or "ago". Of the second, five years or more count; what happened "two years ago" is news. A
text that gives only the number is of the day that it was published on.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.folding import fold
from articles.listing.calendar_words import MONTHS, ONLY_WITH_DAY

#: Fewer years than these are no anniversary.
FEWEST_YEARS = 5

_MONTH = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
# "Years ago 10 men": short names that are words of their own are none before a number.
_FIRST = "|".join(sorted(map(re.escape, set(MONTHS) - set(ONLY_WITH_DAY)), key=len, reverse=True))
_TH = r"(?:st|nd|rd|th|er|º|ª|o|a|\.)?"
_YEAR = r"(?:,?\s+(?:de\s+|of\s+)?(?P<{}>\d{{4}}))?(?!\d)"
_DATES = (
    re.compile(
        rf"(?<!\w)(?P<day>\d{{1,2}}){_TH}\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b\.?"
        + _YEAR.format("year")
    ),
    re.compile(rf"\b(?P<month>{_FIRST})\.?\s+(?P<day>\d{{1,2}}){_TH}(?!\w)" + _YEAR.format("year")),
)
_NUMBERS = {
    "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "twenty-five": 25, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "seventy-five": 75, "eighty": 80, "ninety": 90,
    "a hundred": 100, "one hundred": 100, "two hundred": 200, "zehn": 10, "zwanzig": 20,
    "funfzig": 50, "hundert": 100, "diez": 10, "cien": 100, "dix": 10, "cinquante": 50, "cent": 100,
    "dieci": 10, "cinquanta": 50, "cento": 100, "dez": 10, "cem": 100,
}  # fmt: skip
_CENTURIES = {"half a century": 50, "a century": 100, "one century": 100, "two centuries": 200}
_NUMBER = (
    r"(?<![\w.,-])(?P<number>\d{1,4}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
)
_SPANS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NUMBER}\s+years?\s+(?:ago|since|after)\b",
        rf"{_NUMBER}\s+years on(?=\s*(?:$|[,.:;!?]))",
        rf"\b(?P<number>{'|'.join(_CENTURIES)})\s+(?:ago|since|after)\b",
        r"(?<![\w.,-])(?P<number>\d{1,4})(?:st|nd|rd|th)\s+anniversary\b",
        rf"\bvor {_NUMBER}\s+jahren\b",
        rf"{_NUMBER}\s+jahre (?:nach|seit)\b",
        r"(?<![\w.,-])(?P<number>\d{1,4})\.\s+jahrestag\b",
        rf"\bil y a {_NUMBER}\s+ans\b",
        rf"{_NUMBER}\s+ans (?:apres|depuis)\b",
        rf"\bhace {_NUMBER}\s+anos\b",
        rf"\bha {_NUMBER}\s+anos\b",
        rf"{_NUMBER}\s+anos (?:de|desde|despues|depois|atras)\b",
        rf"{_NUMBER}\s+anni (?:fa|da|dal|dalla|dopo)\b",
        rf"{_NUMBER}\s+(?:лет|года|год) (?:назад|со|после|спустя)\b",
    )
)
_CENTENARIES = {"centenary": 100, "bicentenary": 200, "tercentenary": 300, "centennial": 100}
_CENTENARY = re.compile(rf"\b(?P<word>{'|'.join(_CENTENARIES)})\b")
#: As much of a text as is read.
_READ = 2000


@dataclass(frozen=True, slots=True, order=True)
class Anniversary:
    """A day of the year on which something happened, and the year that it happened in."""

    year: int
    month: int
    day: int


def anniversaries(
    texts: Iterable[str], published_on: datetime.date, precision: str
) -> set[Anniversary]:
    """Return the anniversaries that *texts* of one article speak of.

    *precision* is how much of *published_on* is known: without the day, a bare "100 years since"
    has none either.
    """
    folded = [fold(text[:_READ]) for text in texts if text]
    dates = {date for text in folded for date in _dates(text)}
    years = {
        published_on.year - span
        for text in folded
        for span in _spans(text)
        if FEWEST_YEARS <= span < published_on.year
    }
    found = {
        Anniversary(year, month, day)
        for year, month, day in dates
        if year and year < published_on.year
    }
    days = {(month, day) for year, month, day in dates if not year}
    if not days and precision == "day":
        days = {(published_on.month, published_on.day)}
    # A year that stands beside its own date needs no other.
    years -= {item.year for item in found}
    return found | {Anniversary(year, month, day) for year in years for month, day in days}


def _dates(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield year (0: none is named), month and day of each date in a folded text."""
    for pattern in _DATES:
        for match in pattern.finditer(text):
            year, month, day = int(match["year"] or 0), MONTHS[match["month"]], int(match["day"])
            try:
                # A leap year stands for the year that is not named.
                datetime.date(year or 2000, month, day)
            except ValueError:
                continue
            yield year, month, day


def _spans(text: str) -> Iterator[int]:
    """Yield each number of years that a folded text looks back over."""
    for pattern in _SPANS:
        for match in pattern.finditer(text):
            number = match["number"]
            yield _NUMBERS.get(number) or _CENTURIES.get(number) or int(number)
    for match in _CENTENARY.finditer(text):
        yield _CENTENARIES[match["word"]]


def spellings(month: int, day: int) -> list[str]:
    """Return how a day may be written, as phrases to search for."""
    names = [name for name, number in MONTHS.items() if number == month]
    found = []
    for name in names:
        found += [f"{day} {name}", f"{day} de {name}"]
    english = names[0]
    found += [f"{name} {day}" for name in names[:2] if name not in ONLY_WITH_DAY]
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in {11, 12, 13} else 0, "th")
    found += [f"{day}{suffix} {english}", f"{day}{suffix} of {english}", f"{english} {day}{suffix}"]
    return list(dict.fromkeys(found))
