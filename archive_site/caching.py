"""What is said with each page about how long it is right, and 304 for those who have it.

A public page follows from the version of the content (`articles.content_version`), the release, the
day and its address. Version, release and day are therefore its ETag: one that comes back unchanged
is answered without a view, a template or a further query. Whole pages are kept by
`archive_site.front`, outside of Django; here is decided which of them may be.
"""

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.utils import timezone
from django.utils.http import http_date, parse_etags

from archive_site import pages, release
from archive_site.middleware import METHODS, Handler, is_admin
from articles import clock
from articles.content_version import Content
from articles.public_keys import normalise_key

#: In the request's environment: the version as `archive_site.front` read it, and the ETag under
#: which it may keep the answer.
CONTENT = pages.CONTENT
KEEP = "backfile.keep"
#: A date in a header tells seconds apart only, and the clocks of several nodes differ: so long
#: after a change no page has a date, since another change could have the same.
UNSURE = datetime.timedelta(seconds=10)
#: What a page may vary with and still be kept: it is compressed outside of the application.
_VARIES = {"", "accept-encoding"}


@dataclass(frozen=True, slots=True)
class Basis:
    """What every page is made from at one time: content, release, and the day, which some pages
    speak of."""

    content: Content
    etag: str
    begins: datetime.datetime
    #: When pages are others whatever anybody does: at midnight, or when an article is due.
    ends: datetime.datetime


_last: Basis | None = None


def basis_of(content: Content, now: datetime.datetime) -> Basis:
    """Return what pages are made from at the moment *now*."""
    global _last
    basis = _last
    if basis is None or basis.content is not content or not basis.begins <= now < basis.ends:
        zone = timezone.get_default_timezone()
        day = timezone.localdate(now, zone)
        begins, ends = (
            timezone.make_aware(datetime.datetime.combine(date, datetime.time()), zone)
            for date in (day, day + datetime.timedelta(days=1))
        )
        if content.next_due is not None and content.next_due > now:
            ends = min(ends, content.next_due)
        etag = f'W/"{content.mark}.{day.toordinal():x}.{release.mark()}"'
        basis = _last = Basis(content, etag, begins, ends)
    return basis


class ValidatorMiddleware:
    """Reads the content version, answers 304, and marks pages with what they were made from."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_admin(request) or request.method not in METHODS:
            return self.get_response(request)
        from articles.writing import admission

        content: Content = request.META.get(CONTENT) or admission.current()
        now = clock.now()
        basis = basis_of(content, now)
        etag, age = basis.etag, pages.public_until(basis.ends, now)
        if pages.is_private(request) or settings.DEBUG or not content.is_settled(now):
            # Not to be kept, or not to be told apart from what stands here a moment later.
            return _aged(request, self.get_response(request), pages.public_until(now, now))
        # Raises for a host that is not ours.
        request.get_host()
        is_dated = now - content.changed >= UNSURE
        modified = http_date(content.changed.timestamp()) if is_dated else ""
        response: HttpResponse
        if _is_known(request, etag, modified):
            response = HttpResponseNotModified()
        else:
            response = self.get_response(request)
            if response.get("Cache-Control", pages.PUBLIC) != pages.PUBLIC:
                return response
            if response.status_code != 200:
                return _aged(request, response, age)
            # Not at the very edge of a change, where the headers are others a moment later.
            if is_dated and pages.is_full(age) and _is_for_all(request, response):
                request.META[KEEP] = etag
        response["Cache-Control"] = age
        response["ETag"] = etag
        if modified:
            response["Last-Modified"] = modified
        return response


def _aged(request: HttpRequest, response: HttpResponse, age: str) -> HttpResponse:
    """Say for how long others may keep an answer that has no ETag."""
    if response.get("Cache-Control", pages.PUBLIC) == pages.PUBLIC:
        is_open = response.status_code < 400 and not pages.is_private(request)
        response["Cache-Control"] = age if is_open else pages.PRIVATE
    return response


def _is_known(request: HttpRequest, etag: str, modified: str) -> bool:
    """Return whether the client has what it asks for.

    Weak comparison, as RFC 9110 has it for GET; a proxy that compresses makes the tag weak in any
    case. A date counts only where no tag is given, and only if it is the very one.
    """
    given = request.META.get("HTTP_IF_NONE_MATCH")
    if given is None:
        return bool(modified) and request.META.get("HTTP_IF_MODIFIED_SINCE") == modified
    strong = etag.removeprefix("W/")
    return any(tag.removeprefix("W/") == strong for tag in parse_etags(given))


def _is_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether *response* is a whole page that is the same for everybody, at the one address
    that it has."""
    return (
        not response.streaming
        and not response.cookies
        and response.get("Vary", "").lower() in _VARIES
        and is_canonical(request)
        and _has_plain_key(request)
    )


def _has_plain_key(request: HttpRequest) -> bool:
    # A permanent key is understood in many spellings.
    key = request.resolver_match.kwargs.get("key") if request.resolver_match else None
    return not isinstance(key, str) or key == normalise_key(key)


def is_canonical(request: HttpRequest) -> bool:
    """Return whether the address of *request* is the one that the site itself would link to.

    Others are answered as well, and made anew each time: they can be thought up without end.
    """
    host = request.get_host()
    if host != host.lower():
        return False
    query = request.META.get("QUERY_STRING", "")
    return not query or query == canonical_query(request.GET)


def canonical_query(query: QueryDict) -> str:
    """Return what *query* asks of a list in its one form; ``""`` if it asks for what cannot be."""
    from articles.filters import ArticleFilter

    wanted = ArticleFilter(query)
    try:
        pairs, place = wanted.criteria.pairs(), wanted.place
    except BadRequest:
        return ""
    if place.page > 1:
        pairs.append(("page", str(place.page)))
    for name, key in (("after", place.after), ("before", place.before)):
        if key is not None:
            pairs.append((name, str(key)))
    return urlencode(pairs)
