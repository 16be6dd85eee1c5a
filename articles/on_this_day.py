"""One day of the year, by two clocks: what was published on it, and what happened on it.

Reads only. By publication, a day of each year is looked up by its date; by anniversary, the search
index finds the articles that write the date, and `articles.anniversaries` reads what they say.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.anniversaries import anniversaries, spellings
from articles.choices import DatePrecision
from articles.models import Article
from articles.rows import ArticleRow, rows_of
from articles.search import base
from articles.search.query import Query, Term, parse
from articles.totals import year_totals

#: Most articles that a day shows by each clock.
MOST = 100
#: How many hits of a written date are read; those with it in the headline or standfirst come first.
MOST_HITS = 200
#: A day without articles shows the nearest days that have some; so many days off, then so many.
NEAR = (3, 15)
MOST_NEAR = 12


@dataclass(frozen=True, slots=True)
class Recalled:
    """An article that recalls what happened on the day, in an earlier year."""

    year: int
    row: ArticleRow


@dataclass(frozen=True, slots=True)
class Day:
    """What the archive has on a day of the year."""

    published: list[ArticleRow]
    recalled: list[Recalled]
    #: With nothing on the day itself: the nearest days'; without those, the newest of all.
    nearby: list[ArticleRow]
    is_near: bool = True


def read_day(month: int, day: int) -> Day:
    """Return what the archive has on a day that at least leap years have.

    On 28 February also what is of the 29th, which most years have no other day for.
    """
    years = sorted(year_totals(), reverse=True)
    found = read_date(years, month, day)
    if found.published or found.recalled:
        return found
    for reach in NEAR:
        middle = datetime.date(2000, month, day)
        offsets = range(-reach, reach + 1)
        around = [middle + datetime.timedelta(days=offset) for offset in offsets]
        near = _published(_dates(years, [(item.month, item.day) for item in around]), 500)
        if near:
            near.sort(key=lambda row: (_distance(row, middle), -row.sort_key))
            return Day([], [], near[:MOST_NEAR])
    newest = Article.objects.published().newest_first().for_list()[:MOST_NEAR]
    return Day([], [], rows_of(newest), is_near=False)


def read_date(years: Iterable[int], month: int, day: int) -> Day:
    """Return what the archive, which has articles of *years*, has on a day itself, or nothing."""
    days = [(month, day), (2, 29)] if (month, day) == (2, 28) else [(month, day)]
    published = _published(_dates(sorted(years, reverse=True), days), MOST)
    return Day(published, _recalled(days, published), [])


def _dates(years: Iterable[int], days: Sequence[tuple[int, int]]) -> list[datetime.date]:
    """Return these days of these years, without those that a year does not have."""
    found = []
    for year in years:
        for month, day in days:
            try:
                found.append(datetime.date(year, month, day))
            except ValueError:
                continue
    return found


def _published(dates: Sequence[datetime.date], most: int) -> list[ArticleRow]:
    # Named one by one, the dates are looked up in the index that keeps slugs apart.
    found = Article.objects.published().filter(
        published_on__in=dates, date_precision=DatePrecision.DAY
    )
    return rows_of(found.newest_first().for_list()[:most])


def _recalled(days: Sequence[tuple[int, int]], published: Sequence[ArticleRow]) -> list[Recalled]:
    """Return what articles recall of these days: the earliest year first."""
    rows = {row.id: row for row in [*published, *_writing_of(days)]}
    found = [
        Recalled(item.year, row)
        for row in rows.values()
        for item in anniversaries(
            (row.kicker, row.headline, row.subtitle, row.standfirst),
            row.published_on,
            row.date_precision,
        )
        if (item.month, item.day) in days
    ]
    return sorted(found, key=lambda item: (item.year, item.row.sort_key))[:MOST]


def _writing_of(days: Sequence[tuple[int, int]]) -> list[ArticleRow]:
    """Return articles that write one of these days, by relevance."""
    forms = {
        form: None
        for month, day in days
        for text in spellings(month, day)
        for term in parse(f'"{text}"').terms
        for form in term.forms
    }
    query = Query(terms=(Term(tuple(forms)),))
    found = base.Found(Article.objects.published(), query, ())
    return rows_of(found.rows(found.ranked(MOST_HITS)))


def _distance(row: ArticleRow, middle: datetime.date) -> int:
    """Return how many days *row* lies from *middle* in a year without its year."""
    apart = abs((row.published_on.replace(year=2000) - middle).days)
    return min(apart, 366 - apart)
