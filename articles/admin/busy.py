"""When somebody else is changing the same rows: a sentence instead of an error."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

#: PostgreSQL: serialisation failure, deadlock, lock not available.
_STATES = frozenset({"40001", "40P01", "55P03"})
#: SQLite has words only.
_WORDS = ("database is locked", "database table is locked")


def is_busy(error: OperationalError) -> bool:
    """Tell whether the database gave up because others hold what was to be written."""
    code = getattr(error.__cause__, "pgcode", None)
    return code in _STATES or any(word in str(error) for word in _WORDS)


def sentence() -> str:
    """Return what an editor is told; nothing was written then."""
    return _("Somebody else is changing this just now, so nothing was changed. Try again.")


def told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return *view*, in which a posted change that meets another one leads back with a message.

    Every writer is one transaction, so nothing is half written.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except OperationalError as error:
            if request.method != "POST" or not is_busy(error):
                raise
        messages.error(request, sentence())
        return HttpResponseRedirect(_page_of(request))

    return inner


def _page_of(request: HttpRequest) -> str:
    """Return the page that a form was sent from: not every address can be asked for by itself."""
    came = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(
        came, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return came if is_ours else reverse("admin:index")
