"""The admin as a whole: its name, its start page, and what others registered that is not ours."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from taggit.models import Tag as StockTag

from archive_site import sessions
from articles.admin import busy, figures, queue, second_factor, signing_in, start
from articles.admin.base import user_of
from articles.writing import accounts

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("The archive")
admin.site.empty_value_display = "–"

_stock_index = admin.site.index
_stock_view = admin.site.admin_view
_stock_urls = admin.site.get_urls
_stock_password_change = admin.site.password_change


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
    """The start page: what waits for review and what is under way, then the usual index."""
    user = user_of(request)
    context = {**(extra_context or {}), "queue": queue.summary(user), "start": start.build(user)}
    return _stock_index(request, context)


def password_change(
    request: HttpRequest, extra_context: dict[str, Any] | None = None
) -> HttpResponseBase:
    """Somebody's new password of their own: noted, and the sessions of before end."""
    user = user_of(request)
    before = user.password
    response = _stock_password_change(request, extra_context)
    if user.password != before:
        accounts.note(user, "password", "chosen", actor=user)
        sessions.end_others(user.pk, keep=request.session.session_key)
    return response


def admin_view(view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
    """Any page of the admin: what meets another writer is said in a sentence."""
    return busy.told(_stock_view(view, cacheable))


def get_urls() -> list[Any]:
    """The addresses of the admin: those that are no model's, then the usual ones."""
    wrap = admin.site.admin_view
    return [
        *signing_in.urls(),
        path("second-factor/", second_factor.show, name="factor"),
        path("second-factor/set-up/", second_factor.set_up, name="factor_set_up"),
        path("figures/", wrap(figures.view), name="figures"),
        path("figures/<slug:name>.csv", wrap(figures.csv_view), name="figures_csv"),
        path("second-factor/own/", wrap(second_factor.own), name="factor_own"),
        *_stock_urls(),
    ]


class Autocomplete(AutocompleteJsonView):
    """Rows for a select, as its own list would show them; along links that forms have, only."""

    def process_request(self, request: HttpRequest) -> Any:
        found = super().process_request(request)
        if not getattr(found[2], "concrete", False):
            # Backwards, Django fails.
            raise PermissionDenied
        return found


def autocomplete(request: HttpRequest) -> HttpResponseBase:
    """Answer the selects of all forms."""
    return Autocomplete.as_view(admin_site=admin.site)(request)


admin.site.autocomplete_view = autocomplete  # type: ignore[method-assign,assignment]
admin.site.login = signing_in.sign_in  # type: ignore[method-assign,assignment]
admin.site.password_change = password_change  # type: ignore[method-assign,assignment]
admin.site.get_urls = get_urls  # type: ignore[method-assign]
admin.site.index = index  # type: ignore[method-assign]
admin.site.admin_view = admin_view  # type: ignore[method-assign,assignment]

# taggit's own tags are not in use here, and their admin cannot open a common tag.
# Nor are devices seen there, whose keys are secrets.
for model in (StockTag, StaticDevice, TOTPDevice):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
