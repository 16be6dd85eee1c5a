"""Archives: the articles of a year, and of a month."""

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dates import MONTHS
from django.utils.formats import date_format

from archive_site.pages import page
from articles.addressing import list_address
from articles.counting import live
from articles.counting.selection import Selection
from articles.criteria import Criteria
from articles.filters import ArticleFilter
from articles.paging import paginate
from articles.rows import address_of, by_period
from articles.timeline import YearCount, timeline
from articles.totals import month_totals, year_totals
from articles.views.calendars import grids, weekday_names


def year_archive(request: HttpRequest, year: str) -> HttpResponse:
    """The articles of one year, newest first."""
    return _archive(request, int(year), None)


def month_archive(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """The articles of one month, newest first."""
    return _archive(request, int(year), int(month))


def _archive(request: HttpRequest, year: int, month: int | None) -> HttpResponse:
    years = year_totals()
    if year not in years:
        raise Http404
    months = month_totals(year)
    if month is not None and month not in months:
        raise Http404
    criteria = Criteria(years=(year,), months=() if month is None else (month,))
    shown = paginate(
        Selection(live.current(), criteria, {}).keys,
        ArticleFilter(request.GET).place,
        total=years[year] if month is None else months[month],
        path=request.path,
        criteria=Criteria(),
    )
    bars = [
        YearCount(item, count, address_of("year", f"{item:04d}"), item == year)
        for item, count in sorted(years.items())
    ]
    context: dict[str, Any] = {
        "title": str(year)
        if month is None
        else date_format(datetime.date(year, month, 1), "YEAR_MONTH_FORMAT"),
        "year": year,
        "month": month,
        "months": [
            (
                str(MONTHS[item]),
                count,
                address_of("month", f"{year:04d}", f"{item:02d}"),
                item == month,
            )
            for item, count in sorted(months.items())
        ],
        "grids": grids(year, sorted(months) if month is None else [month]),
        "weekdays": weekday_names(),
        "timeline_bars": timeline(bars),
        "everything": Criteria(),
        "page": shown,
        "periods": list(by_period(shown.rows)),
        "refine_url": list_address(criteria),
        "year_url": address_of("year", f"{year:04d}"),
        **_neighbours(years, months, year, month),
    }
    return page(request, "articles/article_archive.html", context)


def _neighbours(
    years: dict[int, int], months: dict[int, int], year: int, month: int | None
) -> dict[str, Any]:
    """Return the archive before and the one after, as (label, address), or None.

    Months lead to the months of their year that have articles, and no further.
    """
    here = year if month is None else month
    others = sorted(years if month is None else months)

    def link(item: int | None) -> tuple[str, str] | None:
        if item is None:
            return None
        if month is None:
            return str(item), address_of("year", f"{item:04d}")
        return str(MONTHS[item]), address_of("month", f"{year:04d}", f"{item:02d}")

    return {
        "earlier": link(max((item for item in others if item < here), default=None)),
        "later": link(min((item for item in others if item > here), default=None)),
    }
