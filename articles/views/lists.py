"""The list of articles: filters, search, facets, pages."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from archive_site.pages import page
from articles.criteria import Criteria
from articles.facets import list_address
from articles.filters import ArticleFilter
from articles.reading import read_listing


def article_list(request: HttpRequest) -> HttpResponse:
    """The list that the address asks for."""
    wanted = ArticleFilter(request.GET)
    listing = read_listing(wanted.criteria, wanted.place, reverse("article-list"))
    context = {
        "listing": listing,
        "searched": listing.criteria.text or listing.empty_text,
        "orders": _orders(listing.criteria),
        # A search from here stays within the filters in force.
        "kept": [pair for pair in listing.criteria.pairs() if pair[0] not in {"q", "sort"}],
    }
    return page(request, "articles/article_list.html", context)


def _orders(criteria: Criteria) -> list[tuple[str, str, bool]]:
    """Return the sort orders on offer: label, address, whether it is in force."""
    names = [("newest", _("Newest")), ("oldest", _("Oldest"))]
    if criteria.text:
        names.insert(0, ("relevance", _("Relevance")))
    return [
        (label, list_address(criteria.but(sort=name)), criteria.order == name)
        for name, label in names
    ]
