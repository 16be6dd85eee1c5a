"""Facets: for each dimension its values with exact counts, and the filters in force.

A dimension's own choices do not narrow its own counts, so that alternatives stay in sight. What is
left out is counted as if it alone were not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from articles.active import (
    ActiveFilter,
    Chosen,
    active_filters,
    decade_name,
    language_name,
    unknown_slugs,
)
from articles.addressing import list_address, toggler
from articles.counting.selection import SAMPLE, Selection, excluding
from articles.criteria import MAX_VALUES, Criteria
from articles.rows import address_of
from articles.timeline import YearCount, bars, year_counts
from articles.totals import AUTHORS, SERIES, TAGS, TOP, Named, Row, named_rows


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice with its count. ``url`` leads to the list with it chosen, or no longer chosen or
    left out; ``out_url`` to the list that leaves it out. No address, no such choice."""

    label: str
    count: int
    url: str
    is_chosen: bool = False
    out_url: str = ""
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """One dimension. ``all_url`` leads to the index of all its values in the archive, ``more_url``
    to all that the list has, if they are more than are shown."""

    name: str
    title: str
    values: Sequence[FacetValue]
    all_url: str = ""
    all_label: str = ""
    more_url: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """All facets of one list, its active filters, and how many articles it has."""

    facets: Sequence[Facet]
    timeline: Sequence[YearCount | None]
    active: Sequence[ActiveFilter]
    total: int
    #: Whether there are more than ``total``, and facets were counted among the newest ``sample``.
    is_more: bool = False
    sample: int = SAMPLE
    #: The chosen slugs that name nothing public, by dimension.
    unknown: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def active_count(self) -> int:
        """How many filters are in force."""
        return len(self.active)


def facets_of(selection: Selection, chosen: Chosen, *, skip: str = "") -> Facets:
    """Return the facets of the list of *selection*, but the dimension *skip*; *chosen* says what
    is chosen in the others."""
    criteria = selection.criteria
    facets: list[Facet | None] = []
    for related, title, all_url, all_label in (
        (AUTHORS, _("Authors"), address_of("author-list"), _("All authors")),
        (TAGS, _("Tags"), address_of("tag-list"), _("All tags")),
        (SERIES, _("Series"), address_of("series-list"), _("All series")),
    ):
        if related.dimension != skip:
            rows, has_more = _related_rows(related, selection, chosen)
            values = related_values(related, selection, chosen, rows)
            values += _left_out(related, selection, chosen)
            more = values_address(related.dimension, criteria) if has_more else ""
            facets.append(Facet(related.dimension, title, tuple(values), all_url, all_label, more))
    years = year_counts(selection)
    facets += [
        _language_facet(selection),
        _decade_facet(selection),
        _year_facet(criteria, years),
        _month_facet(selection),
        _body_facet(selection),
        _byline_facet(selection),
    ]
    shown = [facet for facet in facets if facet is not None and facet.values]
    return Facets(
        shown,
        bars(selection, years),
        active_filters(criteria, chosen),
        selection.total,
        selection.is_more,
        unknown=unknown_slugs(criteria, chosen),
    )


def values_address(dimension: str, criteria: Criteria) -> str:
    """Return the address of the page with all values of *dimension* in the list of *criteria*."""
    query = criteria.query_string()
    address = address_of("values", dimension)
    return f"{address}?{query}" if query else address


def _related_rows(related: Named, selection: Selection, chosen: Chosen) -> tuple[list[Row], bool]:
    """Return the most frequent rows, and the chosen ones, by falling count; and whether there
    are more."""
    postings = selection.postings
    among = selection.among(related.dimension).ids
    found = list(postings.top(related.prefix, among, TOP + 1).items())
    counts = dict(found[:TOP])
    known = chosen.get(related.dimension, {})
    rows = named_rows(related, postings, counts)
    for slug in getattr(selection.criteria, related.dimension):
        if slug in known and (term := f"{related.prefix}{known[slug][0]}") not in counts:
            rows.append((slug, known[slug][1], postings.counted(term, among)))
    return rows, len(found) > TOP


def related_values(
    related: Named, selection: Selection, chosen: Chosen, rows: Sequence[Row]
) -> list[FacetValue]:
    """Return *rows* of a dimension as choices; what is left out is not among them."""
    criteria = selection.criteria
    ins = getattr(criteria, related.dimension)
    outs = criteria.excluded()[related.dimension]
    to_in = toggler(criteria, related.dimension)
    to_out = toggler(criteria, f"not_{related.dimension}")
    is_full = criteria.value_count >= MAX_VALUES
    values = []
    for slug, label, count in rows:
        if slug in ins:
            values.append(FacetValue(label, count, to_in(slug), is_chosen=True))
        elif slug not in outs:
            urls = ("", "") if is_full else (to_in(slug), to_out(slug))
            values.append(FacetValue(label, count, urls[0], out_url=urls[1]))
    return values


def _left_out(related: Named, selection: Selection, chosen: Chosen) -> list[FacetValue]:
    """Return the values of a dimension that are left out, each with the number of articles that
    it leaves out."""
    criteria = selection.criteria
    address = toggler(criteria, f"not_{related.dimension}")
    known = chosen.get(related.dimension, {})
    values = []
    for slug in criteria.excluded()[related.dimension]:
        if slug in known and slug not in getattr(criteria, related.dimension):
            term = f"{related.prefix}{known[slug][0]}"
            among = selection.among(related.dimension, excluding(term)).ids
            count = selection.postings.counted(term, among)
            values.append(FacetValue(known[slug][1], count, address(slug), is_out=True))
    return values


def _choices(
    criteria: Criteria,
    dimension: str,
    counts: Iterable[tuple[Any, int]],
    name: Callable[[Any], str],
) -> tuple[FacetValue, ...]:
    """Return the values of a *dimension* without names of its own, as choices, in their order.

    Each leads to the list with it chosen, or no longer so; nowhere if too much is chosen already.
    """
    address = toggler(criteria, dimension)
    chosen = getattr(criteria, dimension)
    is_full = criteria.value_count >= MAX_VALUES
    return tuple(
        FacetValue(
            name(value),
            count,
            "" if is_full and value not in chosen else address(value),
            value in chosen,
        )
        for value, count in counts
    )


def _language_facet(selection: Selection) -> Facet | None:
    criteria = selection.criteria
    counts = {
        term[1:]: count
        for term, count in selection.postings.counts("l", selection.among("languages").ids).items()
    }
    for code in criteria.languages:
        counts.setdefault(code, 0)
    if len(counts) < 2 and not criteria.languages:
        return None
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Facet(
        "languages", _("Languages"), _choices(criteria, "languages", ordered, language_name)
    )


def _decade_facet(selection: Selection) -> Facet | None:
    criteria = selection.criteria
    counts = dict.fromkeys(criteria.decades, 0)
    for term, count in selection.postings.counts("y", selection.among("decades").ids).items():
        decade = int(term[1:]) // 10 * 10
        counts[decade] = counts.get(decade, 0) + count
    if len(counts) < 2 and not criteria.decades:
        return None
    ordered = sorted(counts.items(), reverse=True)
    return Facet("decades", _("Decades"), _choices(criteria, "decades", ordered, decade_name))


def _year_facet(criteria: Criteria, years: Sequence[YearCount]) -> Facet:
    kept = sorted(years, key=lambda item: (-item.is_chosen, -item.year))[
        : max(TOP, len(criteria.years))
    ]
    values = [
        FacetValue(str(item.year), item.count, item.url, item.is_chosen)
        for item in sorted(kept, key=lambda item: -item.year)
    ]
    more = values_address("years", criteria) if len(kept) < len(years) else ""
    return Facet("years", _("Years"), tuple(values), more_url=more)


def _month_facet(selection: Selection) -> Facet | None:
    criteria = selection.criteria
    year = criteria.year
    if year is None:
        return None
    among = selection.among("months").ids
    counts = {
        month: selection.postings.counted(f"m{year:04d}{month:02d}", among)
        for month in range(1, 13)
    }
    shown = [item for item in counts.items() if item[1] or item[0] in criteria.months]
    values = _choices(criteria, "months", shown, lambda month: str(MONTHS[month]))
    return Facet("months", _("Months of %d") % year, values)


def _body_facet(selection: Selection) -> Facet | None:
    among = selection.among("body").ids
    full = selection.postings.counted("f1", among)
    counts = {True: full, False: selection.postings.kind.count(among) - full}
    if selection.criteria.body is None and not all(counts.values()):
        return None
    labels = {True: _("with full text"), False: _("without full text")}
    return Facet("body", _("Text"), _with_or_without(selection.criteria, "body", labels, counts))


def _byline_facet(selection: Selection) -> Facet:
    found = selection.postings.counts("b", selection.among("byline").ids)
    counts = {True: found.get("b1", 0), False: found.get("b0", 0)}
    labels = {True: _("with byline"), False: _("without byline")}
    values = _with_or_without(selection.criteria, "byline", labels, counts)
    return Facet("byline", _("Byline"), values)


def _with_or_without(
    criteria: Criteria, name: str, labels: Mapping[bool, str], counts: Mapping[bool, int]
) -> tuple[FacetValue, ...]:
    """Return the choices of a dimension that an article has or has not; one at most holds."""
    chosen = getattr(criteria, name)
    is_full = criteria.value_count >= MAX_VALUES and chosen is None
    values = []
    for wanted, count in counts.items():
        is_chosen = chosen is wanted
        if count or is_chosen:
            url = list_address(criteria.but(**{name: None if is_chosen else wanted}))
            values.append(FacetValue(labels[wanted], count, "" if is_full else url, is_chosen))
    return tuple(values)
