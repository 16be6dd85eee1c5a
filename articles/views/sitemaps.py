"""The sitemap: an index, and pages of addresses."""

import datetime
from collections.abc import Iterator
from xml.sax.saxutils import escape

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.urls import reverse

from articles import sitemaps
from articles.sitemaps import Entry

TYPE = "application/xml; charset=utf-8"
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: Addresses that are sent at a time.
_PIECE = 500


def index(request: HttpRequest) -> HttpResponse:
    """All pages of the sitemap."""
    lines = [_HEAD, f"<sitemapindex {_NAMESPACE}>\n"]
    for kind in sitemaps.KINDS:
        numbers = sitemaps.pages(kind)
        changed = sitemaps.last_changes(kind, numbers)
        for number in numbers:
            path = reverse("sitemap-page", args=[kind, number])
            lines.append(_element(request, "sitemap", Entry(path, changed.get(number))))
    lines.append("</sitemapindex>\n")
    return HttpResponse("".join(lines), content_type=TYPE)


def sitemap_page(request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    """One page of the sitemap; sent piece by piece, so that it is never whole in memory."""
    if kind not in sitemaps.KINDS or number not in sitemaps.pages(kind):
        raise Http404
    return StreamingHttpResponse(_urls(request, sitemaps.entries(kind, number)), content_type=TYPE)


def _urls(request: HttpRequest, entries: list[Entry]) -> Iterator[str]:
    yield f"{_HEAD}<urlset {_NAMESPACE}>\n"
    for start in range(0, len(entries), _PIECE):
        yield "".join(_element(request, "url", entry) for entry in entries[start : start + _PIECE])
    yield "</urlset>\n"


def _element(request: HttpRequest, name: str, entry: Entry) -> str:
    address = escape(f"{request.scheme}://{request.get_host()}{entry.path}")
    dated = "" if entry.changed is None else f"<lastmod>{_moment(entry.changed)}</lastmod>"
    return f"<{name}><loc>{address}</loc>{dated}</{name}>\n"


def _moment(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"
