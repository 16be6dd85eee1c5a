"""Calendars: the months of a year as grids of days, and the articles of one day."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format, get_format

from archive_site.pages import page
from articles.choices import DatePrecision
from articles.counting import live
from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.rows import address_of, long_date, rows_of, shown_date
from articles.views.article import article_detail

#: Most articles that the page of a day shows.
MOST = 500


@dataclass(frozen=True, slots=True)
class Square:
    """One square of a grid: a day, or none (0); with an address if it has articles."""

    day: int
    count: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A month as a calendar sets it."""

    name: str
    url: str
    weeks: Sequence[Sequence[Square]]


def weekday_names() -> tuple[tuple[str, str], ...]:
    """Return the days of the week, in full and short, in the order that the language has."""
    first = _first_weekday()
    order = [(first + day) % 7 for day in range(7)]
    return tuple((str(WEEKDAYS[day]), str(WEEKDAYS_ABBR[day])) for day in order)


def grids(year: int, months: Sequence[int]) -> list[Grid]:
    """Return the grids of these months that have articles of a known day.

    They are counted in memory, but for articles of which only the month is known: these stand on
    its first day. One query tells how many they are, unless nothing changed in any of the months.
    """
    postings = live.current()
    firsts = [datetime.date(year, month, 1) for month in months]

    def vague(places: list[int]) -> list[int]:
        found = Article.objects.published().on_days(firsts[place] for place in places)
        found = found.exclude(date_precision=DatePrecision.DAY).order_by()
        counted = found.values("published_on").annotate(count=Count("pk"))
        counts = dict(counted.values_list("published_on", "count"))
        return [counts.get(firsts[place], 0) for place in places]

    weeks = calendar.Calendar(_first_weekday())
    without_day = postings.remembered("vague", [(year, month) for month in months], vague)
    found = []
    for first, not_on_first in zip(firsts, without_day, strict=True):
        start = first.toordinal() - 1
        counts = {day - start: n for day, n in postings.by_day(year, first.month).items()}
        counts[1] = counts.get(1, 0) - not_on_first
        if any(counts.values()):
            url = address_of("month", f"{year:04d}", f"{first.month:02d}")
            found.append(
                Grid(
                    str(MONTHS[first.month]),
                    url,
                    tuple(
                        tuple(_square(url, day, counts.get(day, 0)) for day in week)
                        for week in weeks.monthdayscalendar(year, first.month)
                    ),
                )
            )
    return found


def _square(month_url: str, day: int, count: int) -> Square:
    # What `day_url` would make, four hundred times on a page.
    return Square(day, count, f"{month_url}{day:02d}/" if day and count else "")


def _first_weekday() -> int:
    """Return the day that weeks begin with, Monday 0; Django counts from Sunday."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def day_url(date: datetime.date) -> str:
    """Return the address of the articles of one day."""
    return address_of("day", *date.isoformat().split("-"))


def _of_known_day(articles: ArticleQuerySet) -> ArticleQuerySet:
    return articles.filter(date_precision=DatePrecision.DAY)


def _date(year: str, month: str, day: str) -> datetime.date | None:
    """Return a date; None if no calendar has it."""
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def day_archive(request: HttpRequest, year: str, month: str, day: str) -> HttpResponse:
    """The articles of one day; or the article whose slug below a month is these two digits."""
    first = datetime.date(max(int(year), 1), int(month), 1)
    of_known_month = Article.objects.published().filter(date_precision=DatePrecision.MONTH)
    is_named = of_known_month.filter(slug=day, published_on=first).exists()
    here = None if is_named else _date(year, month, day)
    rows = []
    public = _of_known_day(Article.objects.published())
    if here is not None:
        rows = rows_of(public.between(here, here).newest_first().for_list()[: MOST + 1])
    if here is None or not rows:
        return article_detail(request, year=year, slug=day, month=month)
    earlier = public.filter(sort_key__lt=rows[-1].sort_key).newest_first()
    later = public.filter(sort_key__gt=rows[0].sort_key).oldest_first()
    context = {
        "title": long_date(here, DatePrecision.DAY),
        "rows": rows[:MOST],
        "has_more": len(rows) > MOST,
        "month_url": reverse("month", args=[year, month]),
        "month": shown_date(here, DatePrecision.MONTH),
        "every_year_url": reverse("day-of-year", args=[month, day]),
        "every_year": date_format(here, "MONTH_DAY_FORMAT"),
        "earlier": _day_link(earlier) if len(rows) <= MOST else None,
        "later": _day_link(later),
    }
    return page(request, "articles/article_day.html", context)


def _day_link(articles: ArticleQuerySet) -> tuple[str, str] | None:
    """Return name and address of the day that the first of *articles* is of."""
    date = articles.values_list("published_on", flat=True).first()
    return None if date is None else (date_format(date, "DATE_FORMAT"), day_url(date))
