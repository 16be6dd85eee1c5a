"""Lists as readers see them: one page of rows, with the facets and counts around it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from articles.criteria import Criteria
from articles.facets import Facets, facets_of
from articles.filters import PAGE_SIZE, BadQuery, Place
from articles.highlights import Highlights, highlights_of
from articles.models import Article
from articles.paging import Page, address_maker, numbered, numbered_page, paginate
from articles.querysets import ArticleQuerySet
from articles.rows import Period, by_period, rows_of
from articles.search import base


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list with all that stands around it."""

    criteria: Criteria
    facets: Facets
    page: Page
    highlights: dict[int, Highlights]
    #: The rows in runs of one month; None where they stand by relevance.
    periods: Sequence[Period] | None
    is_exact: bool = True
    #: The text as typed, if there is no word in it to look for.
    empty_text: str = ""


def read_listing(criteria: Criteria, place: Place, path: str) -> Listing:
    """Return the page at *place* of the list of *criteria*.

    The text is searched once; every filter and facet narrows what it found.
    """
    searched = (
        base.search(Article.objects.published(), criteria.text, facets=[])
        if criteria.text
        else None
    )
    if searched is not None and searched.query.is_empty:
        return replace(read_listing(criteria.but(text=""), place, path), empty_text=criteria.text)

    def matching(some: Criteria) -> ArticleQuerySet:
        found = searched.queryset if searched and some.text else Article.objects.published()
        return found.matching(some)

    facets = facets_of(criteria, matching)
    if searched is not None and criteria.order == "relevance":
        found = searched
        if criteria.value_count:
            found = base.search(Article.objects.published().matching(criteria), criteria.text)
        shown = _ranked_page(found, criteria, place, facets.total, path)
        is_exact, periods = found.is_exact, None
    else:
        shown = paginate(
            matching(criteria), place, total=facets.total, path=path, criteria=criteria
        )
        is_exact, periods = True, list(by_period(shown.rows))
    highlights = highlights_of(shown.rows, searched.query) if searched else {}
    return Listing(criteria, facets, shown, highlights, periods, is_exact)


def read_subject(criteria: Criteria, place: Place, path: str, dimension: str) -> Listing:
    """Return the page at *place* of everything with one author, tag or series, newest first; its
    facets leave out that *dimension*."""

    def matching(some: Criteria) -> ArticleQuerySet:
        return Article.objects.published().matching(some)

    facets = facets_of(criteria, matching, skip=dimension)
    shown = paginate(matching(criteria), place, total=facets.total, path=path, criteria=Criteria())
    return Listing(criteria, facets, shown, {}, list(by_period(shown.rows)))


def _ranked_page(
    found: base.Found, criteria: Criteria, place: Place, total: int, path: str
) -> Page:
    if place.after is not None or place.before is not None:
        raise BadQuery(_("By relevance, a list is read by “page”."))
    number = numbered(place, total)
    keys = found.ranked(limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE)
    rows = rows_of(found.rows(keys))
    return numbered_page(rows, number, total, address_maker(path, criteria), keyset=False)
