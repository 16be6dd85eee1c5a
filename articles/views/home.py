"""The first page: what the editors chose, and everything there is, at a glance."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from archive_site import pages
from archive_site.pages import page
from articles import clock, site_links
from articles.content_version import Content
from articles.counting import live
from articles.criteria import Criteria
from articles.models import Article, Series, Source
from articles.on_this_day import read_date
from articles.paging import rows_at
from articles.rows import ArticleRow, address_of, by_period, rows_of
from articles.site_links import Front
from articles.timeline import YearCount, timeline
from articles.totals import AUTHORS, SERIES, TAGS, archive_totals, top_rows, year_totals
from articles.views.moved import moved_to

#: How many of the newest articles the first page shows, and of those of this day.
LATEST = 10
MOST_OF_THE_DAY = 4
#: The longest introduction that is set as large as a headline.
SHORT = 140


@dataclass(frozen=True, slots=True)
class PinnedSeries:
    """A series on the first page, and how many of its articles readers see."""

    series: Series
    count: int


def home(request: HttpRequest) -> HttpResponse:
    """Search, the timeline, what the editors chose, the newest articles, and the ways in.

    An old site may have had its articles here, by number: ``/?p=123``.
    """
    query = request.META.get("QUERY_STRING", "")
    if query and (moved := moved_to("", query)):
        return HttpResponsePermanentRedirect(moved)
    front = site_links.current(request.META.get(pages.CONTENT)).front
    years = year_totals()
    lead, pinned = _chosen(front)
    shown = {item.id for item in [lead, *pinned] if isinstance(item, ArticleRow)}
    postings = live.current()
    newest = rows_at(postings.keys(postings.all, LATEST + len(shown)))
    latest = [row for row in newest if row.id not in shown][:LATEST]
    bars = [
        YearCount(year, count, address_of("year", f"{year:04d}"))
        for year, count in sorted(years.items())
    ]
    totals = archive_totals()
    context = {
        "totals": totals,
        "first_year": min(years, default=None),
        "last_year": max(years, default=None),
        "introduction": front.introduction,
        "is_short": len(front.introduction) <= SHORT,
        "lead": lead,
        "pinned": pinned,
        "timeline_bars": timeline(bars) if front.shows_timeline else (),
        "everything": Criteria(),
        "periods": list(by_period(latest)),
        "has_more": totals["articles"] > len(latest) + len(shown),
        "has_sample": Source.objects.filter(is_sample=True, removed=None).exists(),
        "authors": _linked("author", top_rows(AUTHORS)),
        "tags": _linked("tag", top_rows(TAGS)),
        "series": _linked("series", top_rows(SERIES)),
        **(_of_this_day(request, years) if front.shows_on_this_day else {"of_the_day": []}),
    }
    return page(request, "home.html", context)


def _chosen(front: Front) -> tuple[ArticleRow | None, Sequence[ArticleRow | PinnedSeries]]:
    """Return the lead and what is pinned, as far as readers may see it now. Each once."""
    wanted = {article for article, _series in front.pins if article is not None}
    wanted |= set() if front.lead is None else {front.lead}
    articles: dict[int, ArticleRow] = {}
    if wanted:
        found = Article.objects.published().filter(pk__in=wanted).for_list()
        articles = {row.id: row for row in rows_of(found)}
    lead = articles.pop(front.lead, None) if front.lead is not None else None
    series = _series({pk for _article, pk in front.pins if pk is not None})
    pinned: list[ArticleRow | PinnedSeries] = []
    for article, pk in front.pins:
        item = articles.pop(article, None) if article is not None else series.pop(pk or 0, None)
        if item is not None:
            pinned.append(item)
    return lead, pinned


def _series(wanted: set[int]) -> dict[int, PinnedSeries]:
    if not wanted:
        return {}
    counts = SERIES.totals(Q(term__in=[f"{SERIES.prefix}{pk}" for pk in wanted]))
    rows = SERIES.named().filter(pk__in=wanted)
    return {row.pk: PinnedSeries(row, counts.get(row.pk, 0)) for row in rows}


#: What was last found, of which content and which day: it is long to look for, and on every page.
_last: tuple[Any, dict[str, Any]] = (None, {})


def _of_this_day(request: HttpRequest, years: dict[int, int]) -> dict[str, Any]:
    """Return what the archive has on this day, by either clock, and the day's name and address."""
    global _last
    here = timezone.localdate(clock.now())
    content: Content | None = request.META.get(pages.CONTENT)
    known = (None if content is None else content.mark, here, get_language())
    if content is None or _last[0] != known:
        _last = (known, _read_day(years, here))
    return _last[1]


def _read_day(years: dict[int, int], here: datetime.date) -> dict[str, Any]:
    day = read_date(years, here.month, here.day)
    found = [(item.year, item.row) for item in day.recalled]
    found += [(row.published_on.year, row) for row in day.published]
    chosen = {row.id: (year, row) for year, row in reversed(found)}
    return {
        "of_the_day": sorted(chosen.values(), key=lambda item: item[0])[:MOST_OF_THE_DAY],
        "this_day": date_format(here, "MONTH_DAY_FORMAT"),
        "this_day_url": address_of("day-of-year", f"{here.month:02d}", f"{here.day:02d}"),
    }


def _linked(name: str, rows: list[tuple[str, str, int]]) -> list[tuple[str, int, str]]:
    return [(label, count, address_of(name, slug)) for slug, label, count in rows]
