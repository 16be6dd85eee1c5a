"""Tags: their index, and the articles of one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from archive_site.pages import page
from articles.choices import TagKind
from articles.companions import companions_of
from articles.criteria import Criteria
from articles.filters import ArticleFilter
from articles.letters import by_letter
from articles.models import Tag
from articles.reading import read_subject
from articles.totals import TAGS, all_totals

#: As many tags of one kind are set under letters.
FEWEST_FOR_LETTERS = 60


def tag_list(request: HttpRequest) -> HttpResponse:
    """All tags in use, by kind and name, with their counts."""
    totals = all_totals(TAGS)
    kinds: dict[str, list[tuple[Tag, int]]] = {}
    for tag in TAGS.named().order_by("collation_key", "pk"):
        kinds.setdefault(tag.kind, []).append((tag, totals.get(tag.pk, 0)))
    groups = [(label, _letters(kinds[kind])) for kind, label in TagKind.choices if kind in kinds]
    return page(request, "articles/tag_list.html", {"groups": groups})


def _letters(tags: list[tuple[Tag, int]]) -> list[tuple[str, list[tuple[Tag, int]]]]:
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
    listing = read_subject(Criteria(tags=(tag.slug,)), place, request.path, "tags")
    return page(
        request,
        "articles/tag_detail.html",
        {"tag": tag, "listing": listing, "companions": companions_of(TAGS, tag)},
    )
