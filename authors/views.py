"""Authors: their index, and the articles of one."""

from typing import Any

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from archive_site.pages import page
from articles.about import about, identifiers
from articles.companions import companions_of
from articles.filters import ArticleFilter
from articles.folding import fold
from articles.indexes import read_index, read_letter
from articles.partial_dates import parse_partial
from articles.prepared import Prepared
from articles.reading import read_subject
from articles.rows import shown_date
from articles.totals import AUTHORS
from authors.models import Author, AuthorAlias

#: Spellings that the page of an author shows.
MOST_ALIASES = 12
# Two of them may be the name itself.
_ALIASES = Prepared(
    lambda _now, pk: (
        AuthorAlias.objects.filter(author=pk)
        .order_by("key")
        .values_list("key", "name")[: MOST_ALIASES + 2]
    ),
    int,
)


def author_list(request: HttpRequest) -> HttpResponse:
    """All authors with a public article, from A to Z, with their counts; if they are too many for
    one page, the letters."""
    index = read_index(AUTHORS, "sort_name")
    return page(request, "authors/author_list.html", {"index": index, "letter": ""})


def author_letter(request: HttpRequest, letter: str) -> HttpResponse:
    """The authors under one letter."""
    index = read_letter(AUTHORS, letter, ArticleFilter(request.GET).place, "sort_name")
    if index is None:
        # Nobody is filed under it now, or ever was.
        return HttpResponseRedirect(reverse("author-list"))
    return page(request, "authors/author_list.html", {"index": index, "letter": letter})


def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One author, and what they have in the archive."""
    author = AUTHORS.find(slug)
    if author is None:
        raise Http404
    if author.slug != slug:
        return HttpResponsePermanentRedirect(author.get_absolute_url())
    place = ArticleFilter(request.GET).place
    listing = read_subject(AUTHORS, author, place, request.path)
    return page(
        request,
        "authors/author_detail.html",
        {
            "author": author,
            "life": _life(author),
            "portrait": _portrait(author),
            "aliases": _aliases(author),
            "companions": companions_of(AUTHORS, author),
            "about": about(author),
            "identifiers": identifiers(author.external_ids),
            "listing": listing,
        },
    )


def _portrait(author: Author) -> dict[str, Any] | None:
    """Return what the page shows of a portrait: the smallest size, and the others for finer
    screens."""
    if not author.portrait:
        return None
    sizes = [
        (width, height, reverse("picture", args=[name]))
        for width, height, name in author.portrait["sizes"]
    ]
    width, height, src = sizes[0]
    return {
        "src": src,
        "width": width,
        "height": height,
        "srcset": ", ".join(f"{address} {wide}w" for wide, _high, address in sizes),
        "largest": sizes[-1][2],
        "alt": author.portrait["alt"],
        "credit": author.portrait["credit"],
    }


def _aliases(author: Author) -> list[str]:
    """Return the other spellings of the name, those that differ in more than case and marks."""
    known = {fold(author.name), fold(author.sort_name)}
    found = [name for key, name in _ALIASES.rows(author.pk) if key not in known]
    return found[:MOST_ALIASES]


def _life(author: Author) -> str:
    """Return the life dates as far as they are known: "1879 – 1940", "born 3 May 1950"."""
    born, died = _partial(author.born), _partial(author.died)
    if born and died:
        return f"{born} – {died}"
    if born or died:
        return _("born %s") % born if born else _("died %s") % died
    return ""


def _partial(text: str) -> str:
    try:
        return shown_date(*parse_partial(text)) if text else ""
    except ValueError:
        return text
