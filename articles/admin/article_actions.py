"""What is done to chosen articles: publish, withdraw, delete."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import bulk, rights
from articles.admin.base import user_of
from articles.admin.queue import warn_of_working_titles
from articles.admin.widgets import only_ids
from articles.choices import Status
from articles.cleaning import is_blank
from articles.models import Article, Attachment, BulkWork
from articles.querysets import ArticleQuerySet
from articles.writing import bulk_changes, index
from articles.writing.articles import (
    HasCopies,
    WasPublic,
    delete_articles,
    locked_articles,
    set_status,
)
from articles.writing.attachments import mark_of
from articles.writing.bulk_acts import Act
from articles.writing.changes import InvalidChange, StaleVersion

#: What the list calls the version of a row, before its id.
SEEN = "seen-"
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

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if is_blank(reason):
            raise forms.ValidationError(_("Say why it is withdrawn; readers see this."))
        return reason


def _ids(queryset: QuerySet[Any]) -> list[int]:
    return list(queryset.order_by().values_list("pk", flat=True))


def seen_versions(request: HttpRequest) -> dict[int, int]:
    """Return the versions, by id, that the chosen articles had when the list was opened.

    Empty for a whole filter: what it holds was not seen row by row.
    """
    if request.POST.get("select_across") == "1":
        return {}
    seen = {}
    for pk in only_ids(request.POST.getlist(ACTION_CHECKBOX_NAME)):
        if version := only_ids([request.POST.get(SEEN + pk, "")]):
            seen[int(pk)] = int(version[0])
    return seen


def _digest_of(articles: Iterable[tuple[int, int]]) -> str:
    """Return what says which articles these are, in which versions, with which files: pairs of id
    and version in the order of ids."""
    pairs = [list(pair) for pair in articles]
    files = []
    for chunk in index.batches([pk for pk, _version in pairs]):
        rows = Attachment.objects.filter(article__in=chunk).order_by("article_id", "pk")
        files += [(row.article_id, mark_of(row)) for row in rows]
    return hashlib.sha256(json.dumps([pairs, files]).encode()).hexdigest()


def act(request: HttpRequest, ids: list[int], write: Callable[[], Any]) -> Any:
    """Return what *write* returns, unless somebody saved one of the articles *ids* since the list
    was opened; of a whole filter, since the page that asked again. Raises `StaleVersion`, which
    names it."""
    seen = seen_versions(request)
    with transaction.atomic():
        for article in locked_articles(pk for pk in ids if pk in seen):
            if article.version != seen[article.pk]:
                raise StaleVersion(
                    _("Somebody saved “%s” since you opened the list. Look at it again.")
                    % article.headline
                )
        if given := request.POST.get("digest"):
            found = sorted((row.pk, row.version) for row in locked_articles(ids))
            if _digest_of(found) != given:
                raise StaleVersion(_("Somebody saved one of the articles meanwhile. Look again."))
        return write()


def _stand(
    request: HttpRequest, ids: list[int], status: Status, asked: Act
) -> tuple[list[Article], BulkWork | None]:
    """Give the chosen articles a status at once; return those that changed, and what can be taken
    back."""
    user = user_of(request)

    def write() -> tuple[list[Article], BulkWork | None]:
        written = set_status(ids, status, actor=user, reason=asked.value)
        work = bulk_changes.remember(written, asked, actor=user) if written else None
        return written, work

    found: tuple[list[Article], BulkWork | None] = act(request, ids, write)
    return found


def _say(request: HttpRequest, said: str, work: BulkWork | None) -> None:
    if work is not None and bulk.may(request):
        url = reverse("admin:articles_bulk_work", args=[work.pk])
        said = format_html('{} <a href="{}">{}</a>', said, url, _("Take it back"))
    messages.success(request, said)


@admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
def publish(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Publish the chosen articles, all or none; of many, lead to the page that does it in parts."""
    ids = _ids(queryset)
    if bulk.is_long(request, len(ids)):
        return bulk.lead(request, do="publish")
    try:
        written, work = _stand(request, ids, Status.PUBLISHED, Act("publish", ("status",)))
    except InvalidChange as error:
        messages.error(request, _("Nothing was published. %s") % " ".join(error.errors.values()))
        return None
    except StaleVersion as error:
        messages.error(request, _("Nothing was published. %s") % error)
        return None
    said = ngettext("%d article is published.", "%d articles are published.", len(written))
    _say(request, said % len(written), work)
    warn_of_working_titles(request, written)
    return None


@admin.action(description=gettext_lazy("Withdraw …"), permissions=["publish"])
def withdraw(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Ask for the reason, then withdraw those of the chosen articles that are published."""
    chosen = cast(ArticleQuerySet, queryset).published()
    count = chosen.count()
    if not count:
        messages.warning(request, _("None of the chosen articles is published."))
        return None
    if bulk.is_long(request, count):
        return bulk.lead(request, do="withdraw")
    form = ReasonForm(request.POST if "apply" in request.POST else None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            asked = Act("withdraw", ("status",), reason)
            written, work = _stand(request, _ids(chosen), Status.WITHDRAWN, asked)
        except (InvalidChange, StaleVersion) as error:
            messages.error(request, _("Nothing was withdrawn. %s") % error)
            return None
        said = ngettext("%d article is withdrawn.", "%d articles are withdrawn.", len(written))
        _say(request, said % len(written), work)
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
        ids, user = _ids(queryset), user_of(request)
        deleted = act(request, ids, lambda: delete_articles(ids, actor=user))
    except WasPublic as error:
        _say_public(request, str(error))
        return None
    except (HasCopies, StaleVersion) as error:
        messages.error(request, _("Nothing was deleted. %s") % error)
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
        "seen": [(f"{SEEN}{pk}", version) for pk, version in seen_versions(request).items()],
        "digest": _digest_of(queryset.order_by("pk").values_list("pk", "version")),
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
    except HasCopies as error:
        messages.error(request, _("Nothing was deleted. %s") % error)
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[object_id]))
