"""Signing in, and getting a password: forgotten, lost or the first."""

import datetime
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from archive_site import sessions
from articles import clock
from articles.writing import accounts

_log = logging.getLogger(__name__)

#: Links that one account may be sent, and in how many minutes.
MOST_LINKS, WITHIN_MINUTES = 3, 60


class SignIn(auth_views.LoginView):
    """The first half: name and password. The second, where there is one, is asked for next."""

    template_name = "admin/login.html"
    authentication_form = AdminAuthenticationForm
    # Where a sign-in leads that does not say, or that names another site.
    next_page = "admin:index"

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user = form.get_user()
        sessions.begin(self.request, user)
        if sessions.needs_factor(user, self.request.session.get(sessions.FACTOR)):
            return HttpResponseRedirect(_second(self.get_success_url()))
        return response


def _second(then: str) -> str:
    return f"{reverse('admin:factor')}?{urlencode({REDIRECT_FIELD_NAME: then})}"


def sign_in(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
    """Return the page of the sign-in, or lead on whoever has signed in."""
    if request.method == "GET" and admin.site.has_permission(request):
        return HttpResponseRedirect(reverse("admin:index"))
    if request.method == "GET" and sessions.half_signed_in(request) is not None:
        return HttpResponseRedirect(_second(request.GET.get(REDIRECT_FIELD_NAME, "")))
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": _("Log in"),
        "subtitle": None,
        "app_path": request.get_full_path(),
        "username": request.user.get_username(),
        **(extra_context or {}),
    }
    if REDIRECT_FIELD_NAME not in request.GET and REDIRECT_FIELD_NAME not in request.POST:
        context[REDIRECT_FIELD_NAME] = reverse("admin:index")
    return SignIn.as_view(extra_context=context)(request)


class ForgottenForm(PasswordResetForm):
    """Finds the accounts that have an address, also one whose first link was lost."""

    def get_users(self, email: str) -> Iterable[User]:
        found = User.objects.filter(
            Q(last_login=None) | ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
            email__iexact=email,
            is_active=True,
        )
        since = clock.now() - datetime.timedelta(minutes=WITHIN_MINUTES)
        return [
            user
            for user in found
            # Two letters may look alike to a database and be two to a mail server.
            if user.email.casefold() == email.casefold()
            and accounts.times_noted(user, "link", since) < MOST_LINKS
        ]


class _Sending(HttpResponseRedirect):
    """Does something when the answer is out: how long it takes tells nobody anything."""

    then: Callable[[], None]

    def close(self) -> None:
        super().close()
        self.then()


class Forgotten(auth_views.PasswordResetView):
    """Asks for an address; says the same whether there is such an account or not."""

    form_class = ForgottenForm
    success_url = reverse_lazy("admin:password_reset_done")

    def form_valid(self, form: Any) -> HttpResponse:
        response = _Sending(str(self.success_url))
        site = self.request.build_absolute_uri("/").rstrip("/")
        response.then = lambda: _send(form, site)
        return response


def _send(form: ForgottenForm, site: str) -> None:
    if not settings.SENDS_MAIL:
        return
    for user in form.get_users(form.cleaned_data["email"]):
        # Before it goes out: while no mail does, each try would wait for it, without a limit.
        accounts.note(user, "link", "asked for", actor=None)
        address = site + accounts.link_path(user)
        try:
            accounts.send_link(user, address, actor=None, is_noted=True)
        except OSError as error:
            # What a mail server answers names the address.
            _log.error("A link for a password could not be sent: %s", type(error).__name__)


class Chosen(auth_views.PasswordResetConfirmView):
    """Takes the new password of whoever came by a link, and ends the sessions of before."""

    success_url = reverse_lazy("admin:password_reset_complete")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        accounts.note(form.user, "password", "chosen by a link", actor=form.user)
        sessions.end_others(form.user.pk)
        return response


def _page(kind: type[Any], template: str) -> Callable[..., HttpResponseBase]:
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        context = {**admin.site.each_context(request), "sends_mail": settings.SENDS_MAIL}
        view = kind.as_view(template_name=f"admin/account/{template}.html", extra_context=context)
        response: HttpResponseBase = view(request, **kwargs)
        return response

    return page


def urls() -> list[URLPattern]:
    """Return the addresses under which a password is got."""
    return [
        path("forgotten/", _page(Forgotten, "forgotten"), name="password_reset"),
        path(
            "forgotten/done/",
            _page(auth_views.PasswordResetDoneView, "link_sent"),
            name="password_reset_done",
        ),
        path(
            "choose-password/done/",
            _page(auth_views.PasswordResetCompleteView, "password_set"),
            name="password_reset_complete",
        ),
        path(
            "choose-password/<uidb64>/<token>/",
            _page(Chosen, "choose_password"),
            name="password_reset_confirm",
        ),
    ]
