"""Lists as readers see them: one page of rows, with the facets and counts around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from articles.active import active_filters, unknown_slugs
from articles.counting import live
from articles.counting.selection import Selection
from articles.criteria import Criteria
from articles.facets import Facets, facets_of
from articles.filters import PAGE_SIZE, BadQuery, Place
from articles.headline_order import HeadlineOrder
from articles.highlights import Highlights, highlights_of
from articles.models import Article
from articles.nothing import Help, help_with
from articles.paging import Page, address_maker, numbered, numbered_page, paginate, rows_at
from articles.rows import Period, by_period
from articles.search import base
from articles.totals import AUTHORS, SERIES, TAGS, Named


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list with all that stands around it."""

    criteria: Criteria
    facets: Facets
    page: Page
    highlights: dict[int, Highlights]
    #: The rows in runs of one month; None where they do not stand by date.
    periods: Sequence[Period] | None
    is_exact: bool = True
    #: The text as typed, if there is no word in it to look for.
    empty_text: str = ""
    #: Ways out, if the filters leave nothing.
    help: Help | None = None


def read_listing(criteria: Criteria, place: Place, path: str) -> Listing:
    """Return the page at *place* of the list of *criteria*.

    The text is searched once; every filter and facet narrows what it found.
    """
    searched = search_for(criteria)
    if searched is not None and searched.query.is_empty:
        return replace(read_listing(criteria.but(text=""), place, path), empty_text=criteria.text)
    selection, chosen = select(criteria, searched)
    facets = facets_of(selection, chosen)
    is_exact, periods = True, None
    if searched is not None and criteria.order == "relevance":
        shown, is_exact = _ranked_page(selection, place, path)
    elif criteria.order == "headline":
        keys = HeadlineOrder(selection).keys
        shown = paginate(keys, place, total=facets.total, path=path, criteria=criteria)
    else:
        shown = paginate(selection.keys, place, total=facets.total, path=path, criteria=criteria)
        periods = list(by_period(shown.rows))
    highlights = highlights_of(shown.rows, searched.query) if searched else {}
    is_empty = criteria.is_filtered and not facets.total
    helped = help_with(selection, chosen, facets.active) if is_empty else None
    return Listing(criteria, facets, shown, highlights, periods, is_exact, help=helped)


def read_subject(related: Named, subject: Any, place: Place, path: str) -> Listing:
    """Return the page at *place* of everything with *subject*, one author, tag or series, newest
    first; its facets leave out that dimension."""
    criteria = Criteria().but(**{related.dimension: (subject.slug,)})
    ids = {related.dimension: {subject.slug: subject.pk}}
    selection = Selection(live.current(), criteria, ids)
    chosen = {related.dimension: {subject.slug: (subject.pk, getattr(subject, related.label))}}
    facets = facets_of(selection, chosen, skip=related.dimension)
    shown = paginate(selection.keys, place, total=facets.total, path=path, criteria=Criteria())
    return Listing(criteria, facets, shown, {}, list(by_period(shown.rows)))


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest articles of a list by sort key, in words what narrows the list, and the slugs in
    its criteria that name nothing public, by dimension."""

    keys: Sequence[int]
    words: str
    unknown: Mapping[str, Sequence[str]]


def read_newest(criteria: Criteria, limit: int) -> Newest:
    """Return the newest articles that *criteria* admit, whatever their order."""
    searched = search_for(criteria)
    if searched is not None and searched.query.is_empty:
        return read_newest(criteria.but(text=""), limit)
    selection, chosen = select(criteria, searched)
    words = " · ".join(item.label for item in active_filters(criteria, chosen))
    return Newest(selection.keys(limit), words, unknown_slugs(criteria, chosen))


def search_for(criteria: Criteria) -> base.Found | None:
    """Return the search for the text of *criteria* in everything public, if they have one."""
    if not criteria.text:
        return None
    return base.search(Article.objects.published(), criteria.text, facets=[])


def select(
    criteria: Criteria, searched: base.Found | None = None
) -> tuple[Selection, dict[str, dict[str, tuple[int, str]]]]:
    """Return what *criteria* admit, *searched* for their text, and what is chosen in them; a query
    for each dimension that something is chosen in."""
    postings = live.current()
    chosen: dict[str, dict[str, tuple[int, str]]] = {}
    for related in (AUTHORS, TAGS, SERIES):
        if slugs := criteria.slugs()[related.dimension]:
            rows = related.model._default_manager.filter(slug__in=slugs)
            chosen[related.dimension] = {
                slug: (pk, label)
                for pk, slug, label in rows.values_list("pk", "slug", related.label)
                # Nothing else is ever named.
                if f"{related.prefix}{pk}" in postings.terms
            }
    ids = {
        dimension: {slug: pk for slug, (pk, _label) in found.items()}
        for dimension, found in chosen.items()
    }
    return Selection(postings, criteria, ids, searched), chosen


def _ranked_page(selection: Selection, place: Place, path: str) -> tuple[Page, bool]:
    if place.after is not None or place.before is not None:
        raise BadQuery(_("By relevance, a list is read by “page”."))
    number = numbered(place, selection.total)
    keys, is_exact = selection.ranked(PAGE_SIZE, (number - 1) * PAGE_SIZE)
    address = address_maker(path, selection.criteria)
    rows = rows_at(keys)
    return numbered_page(rows, number, selection.total, address, keyset=False), is_exact
