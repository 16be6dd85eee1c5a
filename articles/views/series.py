"""Series: their index, and the parts of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from archive_site.pages import page
from articles.choices import SeriesKind
from articles.filters import ArticleFilter
from articles.models import Article, Part, Series
from articles.reading import read_subject
from articles.rows import ArticleRow, rows_of, year_of
from articles.totals import SERIES

#: A serial with more public parts than this is shown as a column is: by date, in pages.
MOST_PARTS = 300


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One series in the index."""

    series: Series
    count: int
    years: str
    dots: Sequence[tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a serial, or the numbers from ``number`` to ``last`` that the archive lacks."""

    number: int | None
    row: ArticleRow | None
    last: int = 0


def series_list(request: HttpRequest) -> HttpResponse:
    """All series with a public part: serials and columns."""
    counts: dict[int, dict[str, Any]] = {
        item["series"]: dict(item)
        for item in Part.objects.filter(is_public=True)
        .order_by()
        .values("series")
        .annotate(count=Count("pk"), first=Min("sort_key"), last=Max("sort_key"))
    }
    numbers: dict[int, set[int]] = {}
    numbered = Part.objects.filter(
        is_public=True, part_number__lte=MAX_DOTS, series__kind=SeriesKind.SERIAL
    )
    for series, number in numbered.values_list("series", "part_number"):
        numbers.setdefault(series, set()).add(number or 0)
    groups: dict[str, list[SeriesRow]] = {kind: [] for kind in SeriesKind.values}
    for series in SERIES.named().order_by("collation_key", "pk"):
        item = counts.get(series.pk)
        if item is not None:
            groups[series.kind].append(_series_row(series, item, numbers.get(series.pk, set())))
    return page(
        request,
        "articles/series_list.html",
        {"serials": groups[SeriesKind.SERIAL], "columns": groups[SeriesKind.COLUMN]},
    )


#: The index draws dots for serials up to this length.
MAX_DOTS = 24


def _series_row(series: Series, item: dict[str, Any], numbers: set[int]) -> SeriesRow:
    first, last = year_of(item["first"]), year_of(item["last"])
    return SeriesRow(
        series=series,
        count=item["count"],
        years=str(first) if first == last else f"{first}–{last}",
        dots=[(number, number in numbers) for number in range(1, max(numbers, default=0) + 1)],
    )


def series_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One series: a serial in the order of its parts, gaps shown; a column by date."""
    series = SERIES.find(slug)
    if series is None:
        raise Http404
    if series.slug != slug:
        return HttpResponsePermanentRedirect(series.get_absolute_url())
    place = ArticleFilter(request.GET).place
    if series.kind == SeriesKind.SERIAL and place.is_start:
        places = _places(series)
        if places is not None:
            context = {"series": series, "places": places, "count": _present(places)}
            return page(request, "articles/series_serial.html", context)
    listing = read_subject(SERIES, series, place, request.path)
    return page(request, "articles/series_column.html", {"series": series, "listing": listing})


def _present(places: Sequence[Place]) -> int:
    return sum(place.row is not None for place in places)


def _places(series: Series) -> list[Place] | None:
    """Return the parts of a serial and the gaps between them; None if they are too many.

    Parts without a number come last, by date.
    """
    numbers = dict(
        Part.objects.filter(series=series, is_public=True)
        .order_by(F("part_number").asc(nulls_last=True), "sort_key")
        .values_list("sort_key", "part_number")[: MOST_PARTS + 1]
    )
    if len(numbers) > MOST_PARTS:
        return None
    rows = rows_of(Article.objects.published().filter(sort_key__in=numbers).for_list())
    by_key = {row.sort_key: row for row in rows}
    places: list[Place] = []
    expected = 1
    for key, number in numbers.items():
        row = by_key.get(key or 0)
        if row is None:
            continue
        if number is not None:
            if number > expected:
                places.append(Place(expected, None, number - 1))
            expected = max(expected, number + 1)
        places.append(Place(number, row))
    return places
