"""All values of one facet, with a field to find one: what the sidebar has no room for."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from archive_site.pages import page
from articles.addressing import list_address
from articles.filters import ValuesFilter
from articles.values import DIMENSIONS, read_values


def values(request: HttpRequest, dimension: str) -> HttpResponse:
    """The values of *dimension* in the list that the address asks for; years as a table."""
    if dimension not in DIMENSIONS:
        raise Http404
    wanted = ValuesFilter(request.GET)
    place, beginning = wanted.place, wanted.beginning
    found = read_values(wanted.criteria, dimension, beginning, place.page)
    kept = found.criteria.pairs()

    def address(number: int) -> str:
        pairs = [*kept, *([("find", beginning)] if beginning else [])]
        pairs += [("page", str(number))] if number > 1 else []
        query = urlencode(pairs)
        path = reverse("values", args=[dimension])
        return f"{path}?{query}" if query else path

    titles = {
        "authors": (_("Authors in this list"), _("Find an author")),
        "tags": (_("Tags in this list"), _("Find a tag")),
        "series": (_("Series in this list"), _("Find a series")),
        "years": (_("Years in this list"), _("Find a year")),
    }
    title, prompt = titles[dimension]
    context = {
        "dimension": dimension,
        "title": title,
        "prompt": prompt,
        "found": found,
        "beginning": beginning,
        "kept_filters": kept,
        "list_url": list_address(found.criteria),
        "back": address(place.page - 1) if place.page > 1 else "",
        "onward": address(place.page + 1) if found.has_more else "",
    }
    return page(request, "articles/article_values.html", context)
