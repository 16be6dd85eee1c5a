"""Pages that belong to the site rather than to articles: errors, robots, the icon."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string

from archive_site import pages
from archive_site.middleware import is_admin
from articles.views.moved import moved_to

_STATIC = Path(__file__).resolve().parent / "static"


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: everything once, not every combination of filters."""
    closed = ("/admin/", "/articles/?", "/list", "/random/")
    text = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in closed)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@cache
def _icon() -> bytes:
    return (_STATIC / "favicon.ico").read_bytes()


def favicon(request: HttpRequest) -> HttpResponse:
    """The icon where browsers look for it unasked."""
    response = HttpResponse(_icon(), content_type="image/x-icon")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: says what is wrong with the address, if it is ours to say."""
    message = str(exception) if isinstance(exception, BadRequest) else ""
    return pages.page(request, "400.html", {"message": message}, status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return pages.page(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form without its token; Django's own page needs styles that our policy refuses."""
    return pages.page(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, unless the address once led to something: then 301 to where that is now.

    A draft's address and one that never was get the same answer, byte for byte.
    """
    if not is_admin(request):
        moved = moved_to(request.path_info, request.META.get("QUERY_STRING", ""))
        if moved:
            return HttpResponsePermanentRedirect(moved)
    return pages.page(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks neither the database nor the session, which may be what failed."""
    context = {**pages.context_of(request, None), "site_name": settings.SITE_NAME}
    response = HttpResponse(render_to_string("500.html", context), status=500)
    response["Cache-Control"] = pages.PRIVATE
    return response
