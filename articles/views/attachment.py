"""Files of articles, as downloads: no browser runs anything in them as a page of this site."""

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from articles import documents
from articles.folding import slugify
from articles.models import Article, Attachment
from articles.public_keys import normalise_key

#: Whatever a browser does with it, it is of no origin and may do nothing.
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def attachment(request: HttpRequest, key: str, number: int) -> HttpResponseBase:
    """One file of a public article, by its permanent key or that of what was merged into it."""
    wanted = normalise_key(key)
    if len(wanted) > 8 or number > 2**62:
        raise Http404
    # What was merged into a public article has its files there, and at its own addresses as well.
    public = Article.objects.filter(
        Q(public_key__key=wanted) | Q(merged_articles__public_key__key=wanted)
    ).published()
    row = Attachment.objects.filter(
        Q(article__in=public) | Q(article__merged_into__in=public, article__redacted=None),
        pk=number,
    ).first()
    if row is None:
        raise Http404
    try:
        file = documents.path_of(row.sha256, row.suffix).open("rb")
    except (OSError, ValueError):
        raise Http404 from None
    name = f"{slugify(row.title, row.kind, max_length=80)}.{row.suffix}"
    answer = FileResponse(
        file, as_attachment=True, filename=name, content_type=documents.TYPES[row.suffix]
    )
    answer["Content-Length"] = str(row.size)
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
