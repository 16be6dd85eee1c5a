"""Facets: for each dimension its values with exact counts, and the filters in force.

A dimension's own choices do not narrow its own counts, so that alternatives stay in sight. What
nothing narrows is read from `FacetTotal`, which the writers keep; only matched sets are counted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth, ExtractYear
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from articles.criteria import MAX_VALUES, Criteria
from articles.querysets import ArticleQuerySet
from articles.totals import (
    AUTHORS,
    SERIES,
    TAGS,
    TOP,
    Named,
    Row,
    byline_totals,
    month_totals,
    top_rows,
    year_totals,
)

#: How many empty years the timeline draws in a row.
LONGEST_SILENCE = 4

Matching = Callable[[Criteria], ArticleQuerySet]


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice with its count. ``url`` leads to the list with it chosen, or no longer so."""

    label: str
    count: int
    url: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """One dimension. ``all_url`` leads to the index of all its values."""

    name: str
    title: str
    values: Sequence[FacetValue]
    all_url: str = ""
    all_label: str = ""


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in force, and the address of the list without it."""

    dimension: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class YearCount:
    """The articles of one year: a bar of the timeline."""

    year: int
    count: int
    url: str
    is_chosen: bool = False
    #: Height of the bar in hundredths of the tallest one.
    height: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """All facets of one list, its active filters, and how many articles it has."""

    facets: Sequence[Facet]
    timeline: Sequence[YearCount | None]
    active: Sequence[ActiveFilter]
    total: int
    #: The chosen slugs that name nothing public, by dimension.
    unknown: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def active_count(self) -> int:
        """How many filters are in force."""
        return len(self.active)


#: Id and label of a chosen value, by slug.
Chosen = tuple[int, str]


def list_address(criteria: Criteria) -> str:
    """Return the address of the list that *criteria* describe."""
    query = criteria.query_string()
    address = reverse("article-list")
    return f"{address}?{query}" if query else address


def facets_of(criteria: Criteria, matching: Matching, *, skip: str = "") -> Facets:
    """Return the facets of the list of *criteria*, but the dimension *skip*; *matching* gives the
    public articles that any criteria admit."""
    chosen: dict[str, dict[str, Chosen]] = {}
    facets: list[Facet | None] = []
    for related, title, all_url, all_label in (
        (AUTHORS, _("Authors"), reverse("author-list"), _("All authors")),
        (TAGS, _("Tags"), reverse("tag-list"), _("All tags")),
        (SERIES, _("Series"), reverse("series-list"), _("All series")),
    ):
        if related.dimension == skip:
            continue
        named = _chosen(related, criteria.slugs()[related.dimension])
        chosen[related.dimension] = named
        wanted = getattr(criteria, related.dimension)
        among = {slug: found for slug, found in named.items() if slug in wanted}
        rows = _related_rows(related, criteria, matching, among)
        facets.append(_related_facet(related, title, all_url, all_label, criteria, rows))
    years = year_counts(criteria, matching)
    facets += [_year_facet(criteria, years), _month_facet(criteria, matching)]
    byline, total = _byline_facet(criteria, matching)
    shown = [facet for facet in (*facets, byline) if facet is not None and facet.values]
    unknown = {
        dimension: missing
        for dimension, named in chosen.items()
        if (missing := [slug for slug in criteria.slugs()[dimension] if slug not in named])
    }
    return Facets(shown, timeline(years), active_filters(criteria, chosen), total, unknown)


def active_filters(criteria: Criteria, chosen: dict[str, dict[str, Chosen]]) -> list[ActiveFilter]:
    """Return the filters in force, in the order of the address. A value that names nothing
    public is shown as it was typed."""
    found: list[ActiveFilter] = []

    def add(dimension: str, label: str, without: Criteria) -> None:
        found.append(ActiveFilter(dimension, label, list_address(without)))

    if criteria.text:
        add(_("Search"), f"“{criteria.text}”", criteria.but(text=""))
    for dimension, title in (
        ("authors", _("Author")), ("tags", _("Tag")), ("series", _("Series")),
    ):  # fmt: skip
        for slug in getattr(criteria, dimension):
            label = chosen.get(dimension, {}).get(slug, (0, slug))[1]
            add(title, label, criteria.toggled(dimension, slug))
    for dimension, title in (
        ("authors", _("Not by")), ("tags", _("Not tagged")), ("series", _("Not in")),
    ):  # fmt: skip
        for slug in criteria.excluded()[dimension]:
            label = chosen.get(dimension, {}).get(slug, (0, slug))[1]
            add(title, label, criteria.toggled(f"not_{dimension}", slug))
    for code in criteria.languages:
        add(_("Language"), language_name(code), criteria.toggled("languages", code))
    for year in criteria.years:
        add(_("Year"), str(year), criteria.toggled("years", year))
    for month in criteria.months:
        add(_("Month"), str(MONTHS[month]), criteria.toggled("months", month))
    if criteria.since is not None:
        add(_("From"), date_format(criteria.since), criteria.but(since=None))
    if criteria.until is not None:
        add(_("Until"), date_format(criteria.until), criteria.but(until=None))
    if criteria.body is not None:
        label = _("with full text") if criteria.body else _("without full text")
        add(_("Text"), label, criteria.but(body=None))
    if criteria.byline is not None:
        label = _("with byline") if criteria.byline else _("without byline")
        add(_("Byline"), label, criteria.but(byline=None))
    return found


def language_name(code: str) -> str:
    """Return the name of a language in that of the site; its code if it has no name here."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _chosen(related: Named, slugs: Iterable[str]) -> dict[str, Chosen]:
    wanted = list(slugs)
    if not wanted:
        return {}
    rows = related.named().filter(slug__in=wanted).values_list("pk", "slug", related.label)
    return {slug: (pk, label) for pk, slug, label in rows}


def _related_rows(
    related: Named, criteria: Criteria, matching: Matching, chosen: dict[str, Chosen]
) -> list[Row]:
    """Return the most frequent rows, and the chosen ones, by falling count."""
    base = criteria.but(**{related.dimension: ()})
    rows = _grouped(related, matching(base), None) if base.is_filtered else top_rows(related)
    missing = set(chosen) - {slug for slug, _label, _count in rows}
    if missing:
        if base.is_filtered:
            extra = _grouped(related, matching(base), missing)
        else:
            extra = _total_rows(related, {slug: chosen[slug] for slug in missing})
        counted = {slug for slug, _label, _count in extra}
        rows += extra + [(slug, chosen[slug][1], 0) for slug in sorted(missing - counted)]
    return rows


def _total_rows(related: Named, chosen: dict[str, Chosen]) -> list[Row]:
    by_id = {pk: (slug, label) for slug, (pk, label) in chosen.items()}
    totals = related.totals(Q(term__in=[f"{related.prefix}{pk}" for pk in by_id]))
    return [(*by_id[pk], count) for pk, count in totals.items()]


def _grouped(related: Named, matched: ArticleQuerySet, slugs: set[str] | None) -> list[Row]:
    name = related.link_name
    rows = related.link._default_manager.filter(
        is_public=True, sort_key__in=matched.order_by().values("sort_key")
    )
    if slugs is not None:
        rows = rows.filter(**{f"{name}__slug__in": slugs})
    counted = (
        rows.values(f"{name}__slug", f"{name}__{related.label}")
        # One article counts once, whatever roles its author has in it.
        .annotate(count=Count("sort_key", distinct=related is AUTHORS))
        .order_by("-count", f"{name}__collation_key", f"{name}__slug")
        .values_list(f"{name}__slug", f"{name}__{related.label}", "count")
    )
    return list(counted if slugs is not None else counted[:TOP])


def _related_facet(
    related: Named,
    title: str,
    all_url: str,
    all_label: str,
    criteria: Criteria,
    rows: list[Row],
) -> Facet:
    chosen = getattr(criteria, related.dimension)
    values = [
        _value(criteria, related.dimension, slug, label, count, slug in chosen)
        for slug, label, count in rows
    ]
    return Facet(related.dimension, title, values, all_url, all_label)


def _value(
    criteria: Criteria, dimension: str, value: Any, label: str, count: int, is_chosen: bool
) -> FacetValue:
    is_full = criteria.value_count >= MAX_VALUES and not is_chosen
    url = "" if is_full else list_address(criteria.toggled(dimension, value))
    return FacetValue(label, count, url, is_chosen)


def year_counts(criteria: Criteria, matching: Matching) -> list[YearCount]:
    """Return the counts of all years that the other filters leave, the oldest first."""
    base = criteria.but(years=(), months=())
    if base.is_filtered:
        counts = dict(
            matching(base)
            .order_by()
            .annotate(in_year=ExtractYear("published_on"))
            .values("in_year")
            .annotate(count=Count("pk"))
            .values_list("in_year", "count")
        )
    else:
        counts = year_totals()
    for year in criteria.years:
        counts.setdefault(year, 0)
    return [
        YearCount(
            year, count, list_address(criteria.toggled("years", year)), year in criteria.years
        )
        for year, count in sorted(counts.items())
    ]


def timeline(years: Sequence[YearCount]) -> list[YearCount | None]:
    """Return *years* with the empty years between them and the heights of their bars.

    A long silence is one None: a break in the line, instead of decades of nothing.
    """
    tallest = max((item.count for item in years), default=0) or 1
    found: list[YearCount | None] = []
    last = years[0].year if years else 0
    for item in years:
        silence = range(last + 1, item.year)
        if len(silence) > LONGEST_SILENCE:
            found.append(None)
        else:
            found += [YearCount(year, 0, "") for year in silence]
        height = max(3, round(item.count * 100 / tallest)) if item.count else 0
        found.append(replace(item, height=height))
        last = item.year
    return found


def _year_facet(criteria: Criteria, years: Sequence[YearCount]) -> Facet:
    kept = sorted(years, key=lambda item: (-item.is_chosen, -item.year))[
        : max(TOP, len(criteria.years))
    ]
    values = [
        _value(criteria, "years", item.year, str(item.year), item.count, item.is_chosen)
        for item in sorted(kept, key=lambda item: -item.year)
    ]
    return Facet("years", _("Years"), values)


def _month_facet(criteria: Criteria, matching: Matching) -> Facet | None:
    year = criteria.year
    if year is None:
        return None
    base = criteria.but(months=())
    if base.but(years=()).is_filtered:
        found = matching(base).exclude(date_precision="year").order_by()
        counts = dict(
            found.annotate(in_month=ExtractMonth("published_on"))
            .values("in_month")
            .annotate(count=Count("pk"))
            .values_list("in_month", "count")
        )
    else:
        counts = month_totals(year)
    for month in criteria.months:
        counts.setdefault(month, 0)
    values = [
        _value(criteria, "months", month, str(MONTHS[month]), count, month in criteria.months)
        for month, count in sorted(counts.items())
    ]
    return Facet("months", _("Months of %d") % year, values)


def _byline_facet(criteria: Criteria, matching: Matching) -> tuple[Facet, int]:
    """Return the facet, and with it the size of the list: its values divide the whole."""
    base = criteria.but(byline=None)
    if base.is_filtered:
        counted = (
            matching(base)
            .order_by()
            .aggregate(without=Count("pk", filter=Q(byline="")), all=Count("pk"))
        )
        counts = {True: counted["all"] - counted["without"], False: counted["without"]}
    else:
        counts = byline_totals()
    values = []
    for wanted, label in ((True, _("with byline")), (False, _("without byline"))):
        is_chosen = criteria.byline is wanted
        if counts[wanted] or is_chosen:
            is_full = criteria.value_count >= MAX_VALUES and criteria.byline is None
            url = list_address(criteria.but(byline=None if is_chosen else wanted))
            values.append(FacetValue(label, counts[wanted], "" if is_full else url, is_chosen))
    total = sum(counts.values()) if criteria.byline is None else counts[criteria.byline]
    return Facet("byline", _("Byline"), values), total
