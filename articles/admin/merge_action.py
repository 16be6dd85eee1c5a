"""Merging articles chosen in their list: side by side, then all into the one that stays."""

import re
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import pairing
from articles.admin.article_merging import may_merge, shown_values
from articles.admin.base import user_of
from articles.admin.differing import told_apart
from articles.admin.shown import label
from articles.choices import Status
from articles.cleaning import clean_line
from articles.models import Article
from articles.writing.changes import StaleVersion
from articles.writing.merging import MergeRefused, merge_all, refusal

#: As many as can be read side by side.
MOST = 5


@admin.action(description=gettext_lazy("Merge …"), permissions=["merge"])
def merge(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Show the chosen articles side by side; merge them into the one that is said to stay."""
    articles: list[Article] = pairing.chosen(modeladmin, request, queryset, MOST)
    new = pairing.found(modeladmin, request, articles)
    articles += new
    if len(articles) > MOST:
        messages.warning(request, _("At most %d can be merged at once.") % MOST)
        return None
    if not may_merge(user_of(request), *articles):
        messages.error(request, _("You may not change all of the chosen articles."))
        return None
    chosen = request.POST.get("survivor")
    survivor = next((row for row in articles if str(row.pk) == chosen), None)
    is_asked = "apply" in request.POST and "look" not in request.POST
    # What was only just found is shown before it is merged.
    if survivor is not None and is_asked and not new and len(articles) > 1:
        copies = [row for row in articles if row.pk != survivor.pk]
        if _merge(request, survivor, copies):
            return None
    return _page(modeladmin, request, articles, survivor or _likely(articles))


def _likely(articles: list[Article]) -> Article:
    """Return the one into which most of the others may be merged, the oldest of several."""

    def may_stay(survivor: Article) -> int:
        return sum(not refusal(survivor, copy) for copy in articles if copy is not survivor)

    return max(articles, key=lambda row: (may_stay(row), row.status == Status.PUBLISHED, -row.pk))


def _merge(request: HttpRequest, survivor: Article, copies: list[Article]) -> bool:
    """Merge all *copies*; tell whether it was done."""
    try:
        merge_all(
            survivor.pk,
            [copy.pk for copy in copies],
            actor=user_of(request),
            reason=clean_line(request.POST.get("reason") or "", 500),
            tags="tags" in request.POST,
            parts="parts" in request.POST,
            credits="credits" in request.POST,
            versions={row.pk: _version(request, row) for row in (survivor, *copies)},
        )
    except (MergeRefused, StaleVersion) as error:
        messages.error(request, _("Nothing was merged. %s") % error)
        return False
    text = ngettext(
        "%(n)d article leads to “%(survivor)s” now.",
        "%(n)d articles lead to “%(survivor)s” now.",
        len(copies),
    )
    page = reverse("admin:articles_finding_merge")
    url = f"{page}?survivor={survivor.pk}&copy={copies[0].pk}"
    said = text % {"n": len(copies), "survivor": survivor}
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, url, _("Take it back")))
    return True


def _version(request: HttpRequest, article: Article) -> int:
    """Return the version that the page showed; one that is missing counts as stale."""
    value = request.POST.get(f"version-{article.pk}") or ""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0


def _page(
    modeladmin: Any, request: HttpRequest, articles: list[Article], survivor: Article
) -> HttpResponse:
    rows = [
        {
            "label": label("article", name),
            "values": [values[0], *(told_apart(values[0], value)[1] for value in values[1:])],
            "differs": len(set(values)) > 1,
        }
        for name, values in shown_values(articles)
    ]
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Merge articles: which one stays?"),
        "opts": modeladmin.opts,
        "media": modeladmin.media,
        "checkbox": ACTION_CHECKBOX_NAME,
        "search": pairing.OtherForm(Article._meta.get_field("translation_of")),
        "may_add": len(articles) < MOST,
        "articles": articles,
        "chosen": survivor.pk,
        "rows": rows,
        "ticked": _ticked(request),
        "reason": request.POST.get("reason", ""),
    }
    request.current_app = modeladmin.admin_site.name
    return TemplateResponse(request, "admin/articles/article/merge.html", context)


def _ticked(request: HttpRequest) -> set[str]:
    """Return what the survivor takes over: what was ticked, at first all but the credits."""
    given = {"tags", "parts", "credits"} & request.POST.keys()
    return given if "apply" in request.POST else {"tags", "parts"}
