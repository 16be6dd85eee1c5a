"""All values of one dimension in a list, for facets that have more than they show."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

from articles.active import ActiveFilter, Chosen, active_filters
from articles.counting.selection import Selection
from articles.criteria import Criteria
from articles.facets import FacetValue, related_values
from articles.folding import fold
from articles.reading import search_for, select
from articles.suggesting import called
from articles.timeline import year_counts
from articles.totals import AUTHORS, SERIES, TAGS, Named, named_rows

#: Values of one page.
PAGE_SIZE = 100
#: So many of the most frequent names are looked through for a beginning, whatever else is found.
_MOST_FREQUENT = 200
_NAMED = {related.dimension: related for related in (AUTHORS, TAGS, SERIES)}
#: The dimensions whose values can be too many for a facet.
DIMENSIONS = (*_NAMED, "years")


@dataclass(frozen=True, slots=True)
class Values:
    """One page of the values of a dimension, those of most articles first; years by date."""

    criteria: Criteria
    active: Sequence[ActiveFilter]
    total: int
    is_more: bool
    values: Sequence[FacetValue]
    has_more: bool


def read_values(criteria: Criteria, dimension: str, beginning: str, page: int) -> Values:
    """Return page number *page* of the values that the list of *criteria* has in *dimension*, of
    those only that begin with *beginning*. Raises `Http404` beyond the last page."""
    searched = search_for(criteria)
    if searched is not None and searched.query.is_empty:
        return read_values(criteria.but(text=""), dimension, beginning, page)
    selection, chosen = select(criteria, searched)
    if dimension == "years":
        found = _years(selection, beginning)
    else:
        found = _named(_NAMED[dimension], selection, chosen, beginning, page)
    start = (page - 1) * PAGE_SIZE
    if page > 1 and len(found) <= start:
        raise Http404(_("The list ends before page %d.") % page)
    return Values(
        criteria,
        active_filters(criteria, chosen),
        selection.total,
        selection.is_more,
        found[start : start + PAGE_SIZE],
        len(found) > start + PAGE_SIZE,
    )


def _begins(name: str, begin: str) -> bool:
    """Return whether a word of a folded *name* begins with *begin*."""
    return name.startswith(begin) or f" {begin}" in name


def _years(selection: Selection, beginning: str) -> list[FacetValue]:
    return [
        FacetValue(str(item.year), item.count, item.url, item.is_chosen)
        for item in reversed(year_counts(selection))
        if str(item.year).startswith(beginning)
    ]


def _named(
    related: Named, selection: Selection, chosen: Chosen, beginning: str, page: int
) -> list[FacetValue]:
    """Return the values up to that page, and one more if there is."""
    postings, among = selection.postings, selection.among(related.dimension).ids
    begin = fold(beginning)
    if not begin:
        counts = postings.top(related.prefix, among, page * PAGE_SIZE + 1)
        # The one too many says that there are more.
        rows = named_rows(related, postings, counts)
    else:
        # The most frequent of this list in any case: `called` ends in the middle of an alphabet.
        top = named_rows(related, postings, postings.top(related.prefix, among, _MOST_FREQUENT))
        found = {row[0]: row for row in top if _begins(fold(row[1]), begin)}
        for pk, (slug, label) in called(related, begin).items():
            if count := postings.counted(f"{related.prefix}{pk}", among):
                found[slug] = (slug, label, count)
        rows = sorted(found.values(), key=lambda row: (-row[2], row[1]))
    return related_values(related, selection, chosen, rows)
