"""Files of articles, as downloads: no browser runs anything in them as a page of this site."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from articles import documents
from articles.folding import slugify
from articles.models import Article, Attachment
from articles.public_keys import normalise_key

#: Whatever a browser does with it, it is of no origin and may do nothing.
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def attachment(request: HttpRequest, key: str, number: int) -> HttpResponseBase:
    """One file of a public article, by the article's permanent key."""
    wanted = normalise_key(key)
    if len(wanted) > 8 or number > 2**62:
        raise Http404
    public = Article.objects.filter(public_key__key=wanted).published()
    row = Attachment.objects.filter(pk=number, article__in=public).first()
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
