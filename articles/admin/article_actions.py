"""What is done to chosen articles: publish, withdraw, delete."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import rights
from articles.admin.base import user_of
from articles.admin.queue import warn_of_working_titles
from articles.choices import Status
from articles.querysets import ArticleQuerySet
from articles.writing.articles import WasPublic, delete_articles, set_status
from articles.writing.changes import InvalidChange, StaleVersion

#: So many headlines stand on a page that asks again.
SHOWN = 100


class ReasonForm(forms.Form):
    """Why something is withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Readers find it at the old address."),
    )


def _ids(queryset: QuerySet[Any]) -> list[int]:
    return list(queryset.order_by().values_list("pk", flat=True))


@admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
def publish(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> None:
    """Publish the chosen articles, all or none."""
    try:
        written = set_status(_ids(queryset), Status.PUBLISHED, actor=user_of(request))
    except InvalidChange as error:
        messages.error(request, _("Nothing was published. %s") % " ".join(error.errors.values()))
        return
    except StaleVersion as error:
        messages.error(request, _("Nothing was published. %s") % error)
        return
    messages.success(
        request,
        ngettext("%d article is published.", "%d articles are published.", len(written))
        % len(written),
    )
    warn_of_working_titles(request, written)


@admin.action(description=gettext_lazy("Withdraw …"), permissions=["publish"])
def withdraw(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Ask for the reason, then withdraw those of the chosen articles that are published."""
    chosen = cast(ArticleQuerySet, queryset).published()
    count = chosen.count()
    if not count:
        messages.warning(request, _("None of the chosen articles is published."))
        return None
    form = ReasonForm(request.POST if "apply" in request.POST else None)
    if form.is_valid():
        try:
            written = set_status(
                _ids(chosen),
                Status.WITHDRAWN,
                actor=user_of(request),
                reason=form.cleaned_data["reason"],
            )
        except (InvalidChange, StaleVersion) as error:
            messages.error(request, _("Nothing was withdrawn. %s") % error)
            return None
        messages.success(
            request,
            ngettext("%d article is withdrawn.", "%d articles are withdrawn.", len(written))
            % len(written),
        )
        return None
    return _ask(modeladmin, request, chosen, count, "withdraw", form)


@admin.action(description=gettext_lazy("Delete …"), permissions=["remove"])
def delete(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Ask again, then delete the chosen articles, if none of them was ever public."""
    public = queryset.exclude(first_public_at=None).order_by()
    names = list(public.values_list("headline", flat=True)[:3])
    if names:
        _say_public(request, "; ".join(names))
        return None
    count = queryset.count()
    if "apply" not in request.POST:
        return _ask(modeladmin, request, queryset, count, "delete", forms.Form())
    try:
        deleted = delete_articles(_ids(queryset), actor=user_of(request))
    except WasPublic as error:
        _say_public(request, str(error))
        return None
    messages.success(
        request,
        ngettext("%d article is deleted.", "%d articles are deleted.", deleted) % deleted,
    )
    return None


def _say_public(request: HttpRequest, names: str) -> None:
    messages.error(
        request,
        _("Nothing was deleted. Readers have seen “%s”: it can be withdrawn, not deleted.") % names,
    )


def _ask(
    modeladmin: Any,
    request: HttpRequest,
    queryset: QuerySet[Any],
    count: int,
    action: str,
    form: forms.Form,
) -> HttpResponse:
    """Return the page between choosing and doing."""
    titles = {"withdraw": _("Withdraw articles"), "delete": _("Delete articles")}
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": titles[action],
        "opts": modeladmin.opts,
        "media": modeladmin.media,
        "action": action,
        "form": form,
        "count": count,
        "articles": queryset[:SHOWN],
        "more": max(0, count - SHOWN),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "select_across": request.POST.get("select_across", "0"),
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/articles/article/ask.html", context)


def delete_one(
    modeladmin: Any, request: HttpRequest, object_id: str, stock: Callable[..., HttpResponse]
) -> HttpResponse:
    """Return the page that deletes one article, or say why it cannot be deleted."""
    article = modeladmin.get_object(request, unquote(object_id))
    user = user_of(request)
    try:
        if article is not None and rights.may_delete(user) and article.was_public:
            raise WasPublic(article.headline)
        return stock(request, object_id)
    except WasPublic as error:
        _say_public(request, str(error))
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[object_id]))
