"""What every public page has in common: its context, and who may see more than others."""

import datetime
import math
from collections.abc import Mapping
from typing import Any, Protocol, cast

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from articles import site_links

#: In the request's environment: the version of the content that the page is made from.
CONTENT = "backfile.content"
#: In the request's environment: what was looked for, folded, if there was nothing.
SOUGHT = "backfile.sought"
#: What everybody may see. `archive_site.caching` adds for how long shared caches may keep it.
PUBLIC = "public, max-age=0"
PRIVATE = "private, no-store"
#: Seconds for which a shared cache may go on with what it has while the archive does not answer.
STALE_IF_ERROR = 600


def public_until(end: datetime.datetime, now: datetime.datetime) -> str:
    """Return the Cache-Control of what everybody may see until the moment *end*.

    Browsers ask each time, and are told that nothing changed. Shared caches ask after
    ``CACHE_SECONDS``, and no later than *end*.
    """
    left = max(0, math.floor((end - now).total_seconds()))
    return _public(min(left, settings.CACHE_SECONDS))


def is_full(cache_control: str) -> bool:
    """Return whether *cache_control* gives shared caches all of ``CACHE_SECONDS``."""
    return cache_control == _public(settings.CACHE_SECONDS)


def _public(seconds: int) -> str:
    return f"{PUBLIC}, s-maxage={seconds}, stale-if-error={STALE_IF_ERROR}"


class Editor(Protocol):
    """A signed-in member of the staff."""

    pk: int
    is_active: bool
    is_staff: bool

    def has_perm(self, perm: str) -> bool: ...

    def get_username(self) -> str: ...


def has_session(request: HttpRequest) -> bool:
    """Return whether the reader brought a session cookie. Nobody else's session is ever asked
    for, so that the pages of readers neither set nor vary on a cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def is_private(request: HttpRequest) -> bool:
    """Return whether the answer to *request* is for one reader only: one with a session, or one
    who showed a password to whatever stands in front."""
    return "HTTP_AUTHORIZATION" in request.META or (
        "HTTP_COOKIE" in request.META and has_session(request)
    )


def editor_of(request: HttpRequest) -> Editor | None:
    """Return the signed-in editor behind *request*, or None."""
    if not has_session(request):
        return None
    # A request that was refused at the door has no user yet.
    user = getattr(request, "user", None)
    if user is None:
        return None
    return cast(Editor, user) if user.is_active and user.is_staff else None


def _origin(request: HttpRequest) -> str:
    """Return what comes before a path in a whole address; ``""`` for a host that is not ours."""
    try:
        return f"{request.scheme}://{request.get_host()}"
    except DisallowedHost:
        return ""


def context_of(request: HttpRequest, editor: Editor | None) -> dict[str, Any]:
    """Return what the base template asks of every page."""
    return {
        "site_name": settings.SITE_NAME,
        "path": request.path,
        "origin": _origin(request),
        "language": get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "editor": editor,
        # What stands in the search field, and the filters that a search from here keeps.
        "searched": "",
        "kept": (),
        # As last read: what says that something failed asks the database for nothing.
        "site_links": site_links.last(),
    }


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    content_type: str | None = None,
) -> HttpResponse:
    """Return the page of *template*, with its cache rules."""
    editor = editor_of(request)
    common = context_of(request, editor)
    common["site_links"] = site_links.current(request.META.get(CONTENT))
    text = render_to_string(template, {**common, **(context or {})})
    response = HttpResponse(text, status=status, content_type=content_type)
    is_open = status < 400 and not is_private(request)
    response["Cache-Control"] = PUBLIC if is_open else PRIVATE
    return response
