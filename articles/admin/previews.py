"""Looking at an article as readers would see it, and links for outsiders to do so."""

import datetime
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import clock
from articles.admin import rights
from articles.admin.rights import user_of
from articles.choices import Status
from articles.models import Article
from articles.preview_links import DAYS, OWN_LOOK, preview_path

if TYPE_CHECKING:
    from articles.admin.articles import ArticleAdmin


class ShareForm(forms.Form):
    """For how long a link lasts."""

    days = forms.TypedChoiceField(
        label=gettext_lazy("The link lasts"),
        coerce=int,
        # In the language of whoever asks, not of the moment of starting.
        choices=lambda: [(days, ngettext("%d day", "%d days", days) % days) for days in DAYS],
        initial=DAYS[1],
    )


def may_share(request: HttpRequest, article: Article) -> bool:
    """Return whether the one who asks may show *article* to outsiders: who may change it."""
    return rights.may_change(user_of(request), article)


def look(admin: "ArticleAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Lead to the page of the article as it is stored."""
    article = admin.seen_row(request, object_id)
    if article.status == Status.WITHDRAWN:
        raise Http404
    path = preview_path(article.pk, user_of(request).pk, OWN_LOOK, is_own_look=True)
    return HttpResponseRedirect(path)


def share(admin: "ArticleAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Make a link for somebody outside, with POST."""
    article = admin.seen_row(request, object_id)
    if not may_share(request, article):
        raise PermissionDenied
    if article.status == Status.WITHDRAWN:
        raise Http404
    form = ShareForm(request.POST or None)
    link, until = "", None
    if form.is_valid():
        lasts = datetime.timedelta(days=form.cleaned_data["days"])
        path = preview_path(article.pk, user_of(request).pk, lasts)
        link, until = request.build_absolute_uri(path), clock.now() + lasts
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Link for a preview"),
        "subtitle": str(article),
        "object": article,
        "opts": admin.opts,
        "form": form,
        "link": link,
        "until": until,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/articles/article/share.html", context)
