"""Authors: their index, and the articles of one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.translation import gettext as _

from archive_site.pages import page
from articles.companions import companions_of
from articles.criteria import Criteria
from articles.filters import ArticleFilter
from articles.folding import fold
from articles.letters import by_letter
from articles.partial_dates import parse_partial
from articles.reading import read_subject
from articles.rows import shown_date
from articles.totals import AUTHORS, all_totals
from authors.models import Author

#: Spellings that the page of an author shows.
MOST_ALIASES = 12


def author_list(request: HttpRequest) -> HttpResponse:
    """All authors with a public article, from A to Z, with their counts."""
    totals = all_totals(AUTHORS)
    authors = (
        AUTHORS.named().order_by("collation_key", "pk").only("slug", "sort_name", "collation_key")
    )
    letters = [
        (letter, [(author, totals.get(author.pk, 0)) for author in group])
        for letter, group in by_letter(authors, lambda author: author.collation_key)
    ]
    return page(request, "authors/author_list.html", {"letters": letters})


def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One author, and what they have in the archive."""
    author = AUTHORS.find(slug)
    if author is None:
        raise Http404
    if author.slug != slug:
        return HttpResponsePermanentRedirect(author.get_absolute_url())
    place = ArticleFilter(request.GET).place
    listing = read_subject(Criteria(authors=(author.slug,)), place, request.path, "authors")
    return page(
        request,
        "authors/author_detail.html",
        {
            "author": author,
            "life": _life(author),
            "aliases": _aliases(author),
            "companions": companions_of(AUTHORS, author),
            "listing": listing,
        },
    )


def _aliases(author: Author) -> list[str]:
    """Return the other spellings of the name, those that differ in more than case and marks."""
    known = {fold(author.name), fold(author.sort_name)}
    found = author.aliases.exclude(key__in=known).order_by("key")
    return list(found.values_list("name", flat=True)[:MOST_ALIASES])


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
