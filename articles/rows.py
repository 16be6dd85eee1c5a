"""Typed rows of public lists, made of ``for_list()`` values, with their dates and addresses."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from django.urls import get_script_prefix, reverse
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language

from articles.models.article import SORT_KEY_STEP

#: Languages written from right to left, by their primary subtag (CLDR).
_RIGHT_TO_LEFT = frozenset(
    [
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "glk",
        "he",
        "ks",
        "ku-arab",
        "lrc",
        "mzn",
        "nqo",
        "pnb",
        "ps",
        "sd",
        "syr",
        "ug",
        "ur",
        "yi",
    ]
)
_MONTH_ONLY, _YEAR_ONLY = "month", "year"
#: Signs that stand as they are in a path (RFC 3986: sub-delims, ":" and "@"), as Django has it.
_PLAIN = "!$&'()*+,;=/~:@"


def direction(language: str) -> str:
    """Return ``rtl`` or ``ltr`` for a BCP 47 code."""
    code = language.lower()
    return "rtl" if code in _RIGHT_TO_LEFT or code.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def shown_date(date: datetime.date, precision: str) -> str:
    """Return a date in the site's language, no more exact than the source states it."""
    if precision == _YEAR_ONLY:
        return f"{date.year}"
    style = "YEAR_MONTH_FORMAT" if precision == _MONTH_ONLY else "DATE_FORMAT"
    return _formatted(date, style, get_language())


def long_date(date: datetime.date, precision: str) -> str:
    """Return a date as `shown_date` does, its month spelled out: where it stands by itself."""
    if precision in {_MONTH_ONLY, _YEAR_ONLY}:
        return shown_date(date, precision)
    spelled_out = re.sub(r"(?<!\\)[MN]", "F", get_format("DATE_FORMAT"))
    return _formatted(date, spelled_out, get_language())


@lru_cache(maxsize=4096)
def _formatted(date: datetime.date, style: str, language: str | None) -> str:
    """Return a date in the *language* in force: lists repeat themselves, and formats are slow."""
    return date_format(date, style)


def machine_date(date: datetime.date, precision: str) -> str:
    """Return a date for machines: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    return date.isoformat()[: {_YEAR_ONLY: 4, _MONTH_ONLY: 7}.get(precision, 10)]


def article_address(date: datetime.date, precision: str, slug: str) -> str:
    """Return the address of an article by what stands in its row."""
    # What `reverse` would make, fifty times on a page.
    period = machine_date(date, precision).replace("-", "/")
    return f"{list_path(get_script_prefix())}{period}/{quote(slug, safe=_PLAIN)}/"


@cache
def list_path(prefix: str) -> str:
    """Return the address of the list of articles under a script *prefix*."""
    return reverse("article-list")


def address_of(name: str, *parts: str) -> str:
    """Return what `reverse` does. Pages name the same years, authors and tags again and again."""
    return _address_of(get_script_prefix(), name, *parts)


@lru_cache(maxsize=8192)
def _address_of(prefix: str, name: str, *parts: str) -> str:
    return reverse(name, args=parts)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article in a list."""

    id: int
    sort_key: int
    headline: str
    kicker: str
    subtitle: str
    standfirst: str
    part_label: str
    byline: str
    credit: str
    language: str
    published_on: datetime.date
    date_precision: str
    slug: str
    has_body: bool

    @property
    def url(self) -> str:
        """The address of the article."""
        return article_address(self.published_on, self.date_precision, self.slug)

    @property
    def names(self) -> str:
        """The linked names as shown; without any, the credit as printed."""
        return self.credit or self.byline

    @property
    def direction(self) -> str:
        """The direction of its text."""
        return direction(self.language)

    @property
    def date(self) -> str:
        """The date in full, as far as it is known."""
        return shown_date(self.published_on, self.date_precision)

    @property
    def day(self) -> str:
        """The date without its year, for lists that stand under a month; no day, no text."""
        if self.date_precision in {_MONTH_ONLY, _YEAR_ONLY}:
            return ""
        return _formatted(self.published_on, "MONTH_DAY_FORMAT", get_language())

    @property
    def machine_date(self) -> str:
        """The date for machines."""
        return machine_date(self.published_on, self.date_precision)


def rows_of(values: Iterable[dict[str, Any]]) -> list[ArticleRow]:
    """Return the rows of a ``for_list()`` query; columns that only a caller asked for are left."""
    names = itemgetter(*ArticleRow.__slots__)
    return [ArticleRow(*names(row)) for row in values]


@dataclass(frozen=True, slots=True)
class Period:
    """The rows of one month, or those of a year of which no month is known."""

    label: str
    year: int
    rows: list[ArticleRow]


def by_period(rows: Iterable[ArticleRow]) -> Iterator[Period]:
    """Yield runs of rows of one month, in the order of the rows."""
    run: list[ArticleRow] = []
    last: tuple[int, int] | None = None
    for row in rows:
        month = 0 if row.date_precision == _YEAR_ONLY else row.published_on.month
        here = (row.published_on.year, month)
        if run and here != last:
            yield _period(run)
            run = []
        run.append(row)
        last = here
    if run:
        yield _period(run)


def _period(rows: list[ArticleRow]) -> Period:
    first = rows[0]
    precision = first.date_precision if first.date_precision == _YEAR_ONLY else _MONTH_ONLY
    return Period(shown_date(first.published_on, precision), first.published_on.year, rows)


def year_of(sort_key: int) -> int:
    """Return the year that a sort key lies in."""
    return datetime.date.fromordinal(sort_key // SORT_KEY_STEP).year
