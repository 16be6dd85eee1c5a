"""The admin as a whole: its name, its start page, and what others registered that is not ours."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as StockTag

from articles.admin import busy, queue, start
from articles.admin.base import user_of

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("The archive")

_stock_index = admin.site.index
_stock_view = admin.site.admin_view


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
    """The start page: what waits for review and what is under way, then the usual index."""
    user = user_of(request)
    context = {**(extra_context or {}), "queue": queue.summary(user), "start": start.build(user)}
    return _stock_index(request, context)


def admin_view(view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
    """Any page of the admin: what meets another writer is said in a sentence."""
    return busy.told(_stock_view(view, cacheable))


admin.site.index = index  # type: ignore[method-assign]
admin.site.admin_view = admin_view  # type: ignore[method-assign,assignment]

# taggit's own tags are not in use here, and their admin cannot open a common tag.
if admin.site.is_registered(StockTag):
    admin.site.unregister(StockTag)
