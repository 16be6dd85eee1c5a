"""How long a session lasts, and what it takes to begin one.

A session ends when nobody used it for a time, and in any case after some days. One whose account
has a second factor, or needs one, is nobody's until the factor was shown: the middleware decides
it for every page, so that there is no way round.
"""

import datetime
import time
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from archive_site import pages
from archive_site.middleware import Handler
from articles import clock

#: In the session: when it was last used, to within some minutes, and the factor that was shown.
SEEN, FACTOR = "seen", "second_factor"
#: What the factor is for an account that had none when it signed in.
WITHOUT = "none"
_WITHIN = 300


class AccountMiddleware:
    """Lets nobody be somebody whose session is over, or who has still to show a second factor."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if pages.has_session(request):
            request.user = SimpleLazyObject(partial(_user, request, request.user))  # type: ignore[assignment]
        return self.get_response(request)


def _user(request: HttpRequest, given: Any) -> Any:
    if not given.is_authenticated:
        return given
    session, now = request.session, int(time.time())
    seen = session.get(SEEN)
    if seen is not None and now - seen > settings.SESSION_IDLE_MINUTES * 60:
        session.flush()
        return AnonymousUser()
    if seen is not None and now - seen > _WITHIN:
        session[SEEN] = now
    if needs_factor(given, session.get(FACTOR)):
        request.half_signed_in = given  # type: ignore[attr-defined]
        return AnonymousUser()
    return given


def needs_factor(user: User, shown: str | None) -> bool:
    """Return whether *user* has a second factor to show; *shown* is what the session says."""
    if shown is None:
        return settings.SECOND_FACTOR == "required" or has_factor(user)
    return shown == WITHOUT and settings.SECOND_FACTOR == "required"


def has_factor(user: User) -> bool:
    """Return whether *user* has set up a second factor."""
    from django_otp.plugins.otp_totp.models import TOTPDevice

    found: bool = TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists()
    return found


def half_signed_in(request: HttpRequest) -> User | None:
    """Return who has given a password and has still to show a second factor."""
    if not request.user.is_authenticated:
        found: User | None = getattr(request, "half_signed_in", None)
        return found
    return None


def begin(request: HttpRequest, user: User) -> None:
    """Begin the session of *user*, who gave the password."""
    request.session[SEEN] = int(time.time())
    if not has_factor(user):
        request.session[FACTOR] = WITHOUT
    request.session.set_expiry(clock.now() + datetime.timedelta(hours=settings.SESSION_HOURS))


def show_factor(request: HttpRequest, device: str) -> None:
    """Note that the second factor was shown; from here on the session has another number."""
    request.session[FACTOR] = device
    request.session.cycle_key()


def end_others(user_id: int, keep: str | None = None) -> int:
    """End the sessions of an account but for the one called *keep*; return how many."""
    count = 0
    for session in Session.objects.filter(expire_date__gt=clock.now()).iterator():
        if session.session_key == keep:
            continue
        if session.get_decoded().get(SESSION_KEY) == str(user_id):
            session.delete()
            count += 1
    return count
