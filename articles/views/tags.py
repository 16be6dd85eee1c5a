"""Tags: their index, and the articles of one."""

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse

from archive_site.pages import page
from articles.about import identifiers, written_by
from articles.choices import TagKind
from articles.companions import companions_of
from articles.filters import ArticleFilter
from articles.indexes import Counted, Index, read_index, read_letter
from articles.letters import by_letter
from articles.reading import read_subject
from articles.totals import TAGS

#: As many tags of one kind are set under letters.
FEWEST_FOR_LETTERS = 60

#: A kind of tags in words, and its tags under their headings.
Group = tuple[str, list[tuple[str, list[Counted]]]]


def tag_list(request: HttpRequest) -> HttpResponse:
    """All tags in use, by kind and name, with their counts; if they are too many for one page, the
    letters."""
    index = read_index(TAGS, "name", "kind")
    context = {"index": index, "groups": _by_kind(index), "letter": ""}
    return page(request, "articles/tag_list.html", context)


def tag_letter(request: HttpRequest, letter: str) -> HttpResponse:
    """The tags under one letter, by kind."""
    index = read_letter(TAGS, letter, ArticleFilter(request.GET).place, "name", "kind")
    if index is None:
        # Nobody is filed under it now, or ever was.
        return HttpResponseRedirect(reverse("tag-list"))
    context = {"index": index, "groups": _by_kind(index), "letter": letter}
    return page(request, "articles/tag_list.html", context)


def _by_kind(index: Index) -> list[Group]:
    kinds: dict[str, list[Counted]] = {}
    for _letter, rows in index.groups:
        for row in rows:
            kinds.setdefault(row[0].kind, []).append(row)
    return [(str(label), _letters(kinds[kind])) for kind, label in TagKind.choices if kind in kinds]


def _letters(tags: list[Counted]) -> list[tuple[str, list[Counted]]]:
    """Return *tags* under their first letters; a few stand under none."""
    if len(tags) < FEWEST_FOR_LETTERS:
        return [("", tags)]
    return by_letter(tags, lambda row: row[0].collation_key)


def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles that carry one tag."""
    tag = TAGS.find(slug)
    if tag is None:
        raise Http404
    if tag.slug != slug:
        return HttpResponsePermanentRedirect(tag.get_absolute_url())
    place = ArticleFilter(request.GET).place
    listing = read_subject(TAGS, tag, place, request.path)
    return page(
        request,
        "articles/tag_detail.html",
        {
            "tag": tag,
            "listing": listing,
            "companions": companions_of(TAGS, tag),
            "author": written_by(tag),
            "identifiers": identifiers(tag.external_ids),
        },
    )
