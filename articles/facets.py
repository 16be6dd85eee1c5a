"""Facets: for each dimension its values with exact counts, and the filters in force.

A dimension's own choices do not narrow its own counts, so that alternatives stay in sight.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from articles.counting.selection import SAMPLE, Selection
from articles.criteria import MAX_VALUES, Criteria
from articles.rows import list_path
from articles.totals import AUTHORS, SERIES, TAGS, TOP, Named, Row, named_rows

#: How many empty years the timeline draws in a row.
LONGEST_SILENCE = 4


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
    #: Whether there are more than ``total``, and facets were counted among the newest ``sample``.
    is_more: bool = False
    sample: int = SAMPLE
    #: The chosen slugs that name nothing public, by dimension.
    unknown: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def active_count(self) -> int:
        """How many filters are in force."""
        return len(self.active)


#: Gives the address of the list with one value chosen, or no longer so.
Toggler = Callable[[Any], str]
#: For each dimension of many values: its parameter, a value that nothing has, and how it is said.
_PARAMETERS: Mapping[str, tuple[str, Any, Callable[[Any], str]]] = {
    "authors": ("author", "", str),
    "tags": ("tag", "", str),
    "series": ("series", "", str),
    "years": ("year", 0, "{:04d}".format),
}
#: Id and label of what is chosen and public, by dimension and slug.
Chosen = Mapping[str, Mapping[str, tuple[int, str]]]


def list_address(criteria: Criteria) -> str:
    """Return the address of the list that *criteria* describe."""
    query = criteria.query_string()
    address = list_path(get_script_prefix())
    return f"{address}?{query}" if query else address


def facets_of(selection: Selection, chosen: Chosen, *, skip: str = "") -> Facets:
    """Return the facets of the list of *selection*, but the dimension *skip*; *chosen* says what
    is chosen in the others."""
    criteria = selection.criteria
    facets: list[Facet | None] = []
    for related, title, all_url, all_label in (
        (AUTHORS, _("Authors"), reverse("author-list"), _("All authors")),
        (TAGS, _("Tags"), reverse("tag-list"), _("All tags")),
        (SERIES, _("Series"), reverse("series-list"), _("All series")),
    ):
        if related.dimension != skip:
            rows = _related_rows(related, selection, chosen)
            facets.append(_related_facet(related, title, all_url, all_label, criteria, rows))
    years = year_counts(selection)
    facets += [_year_facet(criteria, years), _month_facet(selection), _byline_facet(selection)]
    shown = [facet for facet in facets if facet is not None and facet.values]
    return Facets(
        shown,
        timeline(years),
        active_filters(criteria, chosen),
        selection.total,
        selection.is_more,
        unknown=unknown_slugs(criteria, chosen),
    )


def unknown_slugs(criteria: Criteria, chosen: Chosen) -> dict[str, list[str]]:
    """Return the slugs in *criteria* that name nothing public, by dimension."""
    return {
        dimension: missing
        for dimension, slugs in criteria.slugs().items()
        if (missing := [slug for slug in slugs if slug not in chosen.get(dimension, {})])
    }


def active_filters(criteria: Criteria, chosen: Chosen) -> list[ActiveFilter]:
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


def _related_rows(related: Named, selection: Selection, chosen: Chosen) -> list[Row]:
    """Return the most frequent rows, and the chosen ones, by falling count."""
    postings = selection.postings
    among = selection.among(related.dimension).ids
    counts = postings.top(related.prefix, among, TOP)
    known = chosen.get(related.dimension, {})
    rows = named_rows(related, postings, counts)
    for slug in getattr(selection.criteria, related.dimension):
        if slug in known and (term := f"{related.prefix}{known[slug][0]}") not in counts:
            rows.append((slug, known[slug][1], postings.counted(term, among)))
    return rows


def _related_facet(
    related: Named,
    title: str,
    all_url: str,
    all_label: str,
    criteria: Criteria,
    rows: list[Row],
) -> Facet:
    chosen = getattr(criteria, related.dimension)
    address = _toggler(criteria, related.dimension)
    values = [
        _value(criteria, address, slug, label, count, slug in chosen) for slug, label, count in rows
    ]
    return Facet(related.dimension, title, values, all_url, all_label)


def _value(
    criteria: Criteria, address: Toggler, value: Any, label: str, count: int, is_chosen: bool
) -> FacetValue:
    is_full = criteria.value_count >= MAX_VALUES and not is_chosen
    return FacetValue(label, count, "" if is_full else address(value), is_chosen)


def _toggler(criteria: Criteria, dimension: str) -> Toggler:
    """Return what gives the address of the list with one value of *dimension* more, or less.

    All that these addresses have in common is made once: a page has a hundred of them.
    """
    if dimension not in _PARAMETERS or criteria.months:
        return lambda value: list_address(criteria.toggled(dimension, value))
    name, mark, text = _PARAMETERS[dimension]
    pairs = criteria.but(**{dimension: (mark,)}).pairs()
    place = pairs.index((name, text(mark)))
    before, after = urlencode(pairs[:place]), urlencode(pairs[place + 1 :])
    chosen = set(getattr(criteria, dimension))
    path = list_path(get_script_prefix())

    def address(value: Any) -> str:
        values = [(name, text(one)) for one in sorted(chosen ^ {value})]
        query = "&".join(filter(None, (before, urlencode(values), after)))
        return f"{path}?{query}" if query else path

    return address


def year_counts(selection: Selection) -> list[YearCount]:
    """Return the counts of all years that the other filters leave, the oldest first."""
    criteria = selection.criteria
    found = selection.postings.counts("y", selection.among("years", "months").ids)
    counts = {int(term[1:]): count for term, count in found.items()}
    for year in criteria.years:
        counts.setdefault(year, 0)
    address = _toggler(criteria, "years")
    return [
        YearCount(year, count, address(year), year in criteria.years)
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
    is_full = criteria.value_count >= MAX_VALUES
    values = [
        FacetValue(
            str(item.year),
            item.count,
            "" if is_full and not item.is_chosen else item.url,
            item.is_chosen,
        )
        for item in sorted(kept, key=lambda item: -item.year)
    ]
    return Facet("years", _("Years"), values)


def _month_facet(selection: Selection) -> Facet | None:
    criteria = selection.criteria
    year = criteria.year
    if year is None:
        return None
    among = selection.among("months").ids
    address = _toggler(criteria, "months")
    counts = {
        month: selection.postings.counted(f"m{year:04d}{month:02d}", among)
        for month in range(1, 13)
    }
    values = [
        _value(criteria, address, month, str(MONTHS[month]), count, month in criteria.months)
        for month, count in counts.items()
        if count or month in criteria.months
    ]
    return Facet("months", _("Months of %d") % year, values)


def _byline_facet(selection: Selection) -> Facet:
    criteria = selection.criteria
    counts = selection.postings.counts("b", selection.among("byline").ids)
    values = []
    for wanted, term, label in (
        (True, "b1", _("with byline")), (False, "b0", _("without byline")),
    ):  # fmt: skip
        is_chosen = criteria.byline is wanted
        if term in counts or is_chosen:
            is_full = criteria.value_count >= MAX_VALUES and criteria.byline is None
            url = list_address(criteria.but(byline=None if is_chosen else wanted))
            values.append(FacetValue(label, counts.get(term, 0), "" if is_full else url, is_chosen))
    return Facet("byline", _("Byline"), values)
