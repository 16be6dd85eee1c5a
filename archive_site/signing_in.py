"""Throttling of sign-ins: django-axes with limits of its own for a colleague's slip, for one
address, and for one account that many addresses try.
"""

import datetime
import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import clock

#: Failures within the pause after which no more is tried: of one account from one address (this
#: is the setting), of an address whatever the account, of an account whatever the address.
PER_ADDRESS, PER_ACCOUNT = 4, 10
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|([0-9.]+):\d+")
#: Refused sign-ins that are kept, at most.
MOST_KEPT = 10_000


def client_address(request: HttpRequest) -> str | None:
    """Return the address that a request comes from; of IPv6 the network, which is one household's.

    Behind proxies it is the one that the outermost trusted proxy saw: what stands before it in
    X-Forwarded-For anybody can write.
    """
    text = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_TRUSTED:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        text = hops[-min(settings.PROXY_COUNT, len(hops))].strip() or text
    # Some proxies write the port too: "192.0.2.1:443", "[2001:db8::1]:443".
    with_port = _WITH_PORT.fullmatch(text)
    if with_port:
        text = with_port[1] or with_port[2]
    try:
        found: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), 64), strict=False).network_address)
    return str(found)


class Handler(AxesDatabaseHandler):
    """The database handler, with three limits instead of one, and a bounded record."""

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Return the failures that count against the limit of one account from one address."""
        counts = [
            sum(row.failures_since_start for row in attempts)
            for attempts in self.get_user_attempts(request, credentials)
        ]
        together, address, account = counts
        if not getattr(request, "axes_ip_address", None):
            # Everybody has none then.
            address = 0
        return int(max(together, address // PER_ADDRESS, account // PER_ACCOUNT))

    def reset_user_attempts(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Forget what this account did wrong from this address: no more, else whoever has one
        account could try all the others without end."""
        count: int = self.filter_user_attempts(request, credentials)[0].delete()[0]
        return count

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is None:
            return
        users = get_user_model()._default_manager
        name = str(credentials.get("username") or "")[:150]
        # A name that is no account's may be a password that went into the wrong field.
        is_known = users.filter(username=name).exists()
        row = AccessFailureLog.objects.create(
            username=name if is_known else "",
            ip_address=request.axes_ip_address,
            user_agent=request.axes_user_agent,
            path_info=request.axes_path_info,
            attempt_time=request.axes_attempt_time,
            locked_out=bool(getattr(request, "axes_locked_out", False)),
        )
        AccessFailureLog.objects.filter(pk__lte=row.pk - MOST_KEPT).delete()

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        super().user_logged_in(sender, request, user, **kwargs)
        forget_old()


def forget_old() -> int:
    """Forget sign-ins and refused ones that are older than is kept, and return how many; and the
    sessions that are over."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    before = clock.now() - datetime.timedelta(days=settings.SIGN_IN_DAYS)
    count = 0
    for model in (AccessLog, AccessFailureLog):
        count += model.objects.filter(attempt_time__lt=before).delete()[0]
    return count


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Return the page that says to wait: the same for accounts that exist and others."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    page = render(request, "admin/account/locked.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page
