"""The admin as a whole: its name, its start page, and what others registered that is not ours."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag as StockTag

from articles.admin import queue
from articles.admin.base import user_of

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("The archive")

_stock_index = admin.site.index


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
    """The start page: first what waits for review, then the usual index."""
    context = {**(extra_context or {}), "queue": queue.summary(user_of(request))}
    return _stock_index(request, context)


admin.site.index = index  # type: ignore[method-assign]

# taggit's own tags are not in use here, and their admin cannot open a common tag.
if admin.site.is_registered(StockTag):
    admin.site.unregister(StockTag)
