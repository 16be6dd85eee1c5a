"""Citations of an article as files: BibTeX and RIS, at its permanent key."""

from collections.abc import Callable, Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from archive_site import pages
from articles.citing import bibtex, ris
from articles.citing.reference import Reference
from articles.models import Article
from articles.public_keys import LENGTH, normalise_key
from articles.references import for_citing, reference_of
from articles.views.article import tombstone
from articles.views.moved import survivor_of

#: How each kind of file is written, and what it is.
_KINDS: dict[str, tuple[Callable[[Sequence[Reference]], str], str]] = {
    "bib": (bibtex.bibtex, bibtex.MEDIA_TYPE),
    "ris": (ris.ris, ris.MEDIA_TYPE),
}


def article_file(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One article's citation; 301 to that of the article it was merged into, 410 if withdrawn."""
    wanted = normalise_key(key)
    if len(wanted) > LENGTH:
        raise Http404
    keyed = Article.objects.filter(public_key__key=wanted)
    article = for_citing(keyed.published()).first()
    if article is not None:
        return citation_file(
            request, [reference_of(article, request.build_absolute_uri)], kind, wanted
        )
    gone = keyed.gone().first()
    if gone is None:
        raise Http404
    survivor = survivor_of(gone)
    if survivor is not None:
        kept = getattr(survivor, "public_key", None)
        if kept is not None:
            return HttpResponsePermanentRedirect(reverse(f"article-{kind}", args=[kept.key]))
    if not gone.was_public:
        raise Http404
    return tombstone(request, gone)


def citation_file(
    request: HttpRequest, references: Sequence[Reference], kind: str, name: str
) -> HttpResponse:
    """Return *references* as a file to be kept: *name* and the ending of its *kind*."""
    write, media_type = _KINDS[kind]
    response = HttpResponse(write(references), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    # A file is no page: what a search engine should find is the article.
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = pages.PRIVATE if pages.has_session(request) else pages.PUBLIC
    return response
