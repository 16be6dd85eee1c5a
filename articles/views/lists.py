"""The list of articles: filters, search, facets, pages."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from archive_site.pages import SOUGHT, page
from articles.addressing import list_address
from articles.asking import without_operators
from articles.criteria import VIEWS, Criteria
from articles.filters import ArticleFilter, Place
from articles.folding import fold
from articles.reading import read_listing
from articles.totals import AUTHORS, SERIES, TAGS, top_rows, year_totals
from articles.views.moved import filters_moved_to


def article_list(request: HttpRequest) -> HttpResponse:
    """The list that the address asks for; 301 where it names something by a former slug, 302 to
    the list with filters where operators in the text say them."""
    wanted = ArticleFilter(request.GET)
    criteria = wanted.criteria
    answer = without_operators(criteria)
    if answer.criteria != criteria:
        return HttpResponseRedirect(list_address(answer.criteria))
    try:
        listing = read_listing(criteria, wanted.place, reverse("article-list"))
    except Http404:
        # Under a former slug there is nothing, and so no page that far.
        if moved := _moved(criteria, wanted.place, criteria.slugs()):
            return HttpResponsePermanentRedirect(moved)
        raise
    if moved := _moved(criteria, wanted.place, listing.facets.unknown):
        return HttpResponsePermanentRedirect(moved)
    rest = listing.criteria.but(text="")
    if listing.criteria.text and not listing.facets.total and not rest.is_filtered:
        request.META[SOUGHT] = fold(listing.criteria.text)
    context = {
        "listing": listing,
        "searched": listing.criteria.text or listing.empty_text,
        "orders": _orders(listing.criteria),
        "views": _views(listing.criteria),
        "unread": answer.unread,
        # A search from here stays within the filters in force.
        "kept": [pair for pair in listing.criteria.pairs() if pair[0] not in {"q", "sort"}],
    }
    return page(request, "articles/article_list.html", context)


def _moved(criteria: Criteria, place: Place, unknown: Mapping[str, Sequence[str]]) -> str:
    """Return where the list is now if some of the *unknown* slugs are former ones, else ``""``."""
    present = filters_moved_to(criteria, unknown)
    if present == criteria:
        return ""
    pairs = present.pairs()
    if place.page > 1:
        pairs.append(("page", str(place.page)))
    pairs += [
        (name, str(key))
        for name, key in (("after", place.after), ("before", place.before))
        if key is not None
    ]
    return f"{reverse('article-list')}?{urlencode(pairs)}"


def _orders(criteria: Criteria) -> list[tuple[str, str, bool]]:
    """Return the sort orders on offer: label, address, whether it is in force."""
    names = [("newest", _("Newest")), ("oldest", _("Oldest")), ("headline", _("Headline"))]
    if criteria.text:
        names.insert(0, ("relevance", _("Relevance")))
    return [
        (label, list_address(criteria.but(sort=name)), criteria.order == name)
        for name, label in names
    ]


def _views(criteria: Criteria) -> list[tuple[str, str, bool]]:
    """Return the shapes of the list on offer: label, address, whether it is in force."""
    in_force = criteria.view or VIEWS[0]
    labels = {"roomy": _("Roomy"), "dense": _("Dense")}
    return [
        (labels[name], list_address(criteria.but(view=name)), name == in_force) for name in VIEWS
    ]


def searching(request: HttpRequest) -> HttpResponse:
    """How to search, with examples from this archive."""
    top = {
        "author": top_rows(AUTHORS)[:1], "tag": top_rows(TAGS)[:1], "series": top_rows(SERIES)[:1],
    }  # fmt: skip
    years = sorted(year_totals())
    context = {
        "examples": {name: rows[0] if rows else None for name, rows in top.items()},
        "first_year": years[0] if years else None,
        "last_year": years[-1] if years else None,
    }
    return page(request, "articles/searching.html", context)
