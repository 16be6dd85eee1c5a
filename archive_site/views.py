"""Pages that belong to the site rather than to articles: errors, robots, the icon."""

import datetime
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from archive_site import cards, pages, site_folder
from archive_site.middleware import is_admin
from articles import clock, gone
from articles.redacting import removed
from articles.views.moved import moved_to
from articles.views.site_pages import page_without_slash

#: What crawlers leave alone: combinations of filters, searches, and what leads nowhere new.
CLOSED = (
    "/admin/", "/articles/?*&", "/articles/?q=", "/articles/by/", "/list", "/random/", "/suggest/",
    "/preview/",
)  # fmt: skip


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: every list and every single filter, not every combination."""
    text = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in CLOSED)
    text += f"\nSitemap: {request.build_absolute_uri(reverse('sitemap'))}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole, by RFC 9116; 404 unless `SECURITY_CONTACT` says whom."""
    contact: str = settings.SECURITY_CONTACT
    if not contact:
        raise Http404
    if not contact.startswith("https://"):
        contact = f"mailto:{quote(contact, safe='@')}"
    # It has to end some day; whoever looks finds a year that begins today.
    until = timezone.localdate(clock.now()) + datetime.timedelta(days=365)
    lines = [
        f"Contact: {contact}",
        f"Expires: {until:%Y-%m-%d}T00:00:00Z",
        f"Preferred-Languages: {settings.LANGUAGE_CODE.partition('-')[0]}",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    """The icon where browsers look for it unasked."""
    icon = cards.icon_ico(site_folder.folder(), settings.SITE_NAME)
    response = HttpResponse(icon, content_type="image/x-icon")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def icon(request: HttpRequest) -> HttpResponse:
    """The icon of a site that has none of its own."""
    response = HttpResponse(cards.icon_svg(settings.SITE_NAME), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def card(request: HttpRequest) -> HttpResponse:
    """The picture that links to the site are shared with."""
    found = cards.site_card(site_folder.folder(), settings.SITE_NAME)
    return HttpResponse(found, content_type="image/png")


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
        moved = page_without_slash(request) or moved_to(
            request.path_info, request.META.get("QUERY_STRING", "")
        )
        if moved:
            return HttpResponsePermanentRedirect(moved)
        if (leads := removed.leads_to(request.path_info)) is not None:
            if leads:
                return HttpResponsePermanentRedirect(leads)
            return pages.page(request, "removed.html", status=410)
        match = request.resolver_match
        if match is not None and gone.was_public(match.url_name or "", match.kwargs):
            return pages.page(request, "gone.html", status=410)
    return pages.page(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: asks neither the database nor the session, which may be what failed."""
    context = {**pages.context_of(request, None), "site_name": settings.SITE_NAME}
    response = HttpResponse(render_to_string("500.html", context), status=500)
    response["Cache-Control"] = pages.PRIVATE
    return response
