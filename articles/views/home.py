"""The first page: everything there is, at a glance."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from archive_site.pages import page
from articles.facets import YearCount, timeline
from articles.models import Article, Source
from articles.rows import by_period, rows_of
from articles.totals import AUTHORS, SERIES, TAGS, archive_totals, top_rows, year_totals
from articles.views.moved import moved_to

#: How many of the newest articles the first page shows.
LATEST = 10


def home(request: HttpRequest) -> HttpResponse:
    """Search, the timeline, the newest articles, and the ways in.

    An old site may have had its articles here, by number: ``/?p=123``.
    """
    query = request.META.get("QUERY_STRING", "")
    if query and (moved := moved_to("", query)):
        return HttpResponsePermanentRedirect(moved)
    years = year_totals()
    latest = rows_of(Article.objects.published().newest_first().for_list()[:LATEST])
    bars = [
        YearCount(year, count, reverse("year", args=[f"{year:04d}"]))
        for year, count in sorted(years.items())
    ]
    totals = archive_totals()
    context = {
        "totals": totals,
        "first_year": min(years, default=None),
        "last_year": max(years, default=None),
        "timeline_bars": timeline(bars),
        "periods": list(by_period(latest)),
        "has_more": totals["articles"] > len(latest),
        "has_sample": Source.objects.filter(is_sample=True, removed=None).exists(),
        "authors": _linked("author", top_rows(AUTHORS)),
        "tags": _linked("tag", top_rows(TAGS)),
        "series": _linked("series", top_rows(SERIES)),
    }
    return page(request, "home.html", context)


def _linked(name: str, rows: list[tuple[str, str, int]]) -> list[tuple[str, int, str]]:
    return [(label, count, reverse(name, args=[slug])) for slug, label, count in rows]
