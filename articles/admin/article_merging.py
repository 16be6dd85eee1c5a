"""Two articles side by side: the page that merges one into the other, and takes that back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.admin import rights
from articles.admin.base import user_of
from articles.admin.differing import told_apart
from articles.admin.filters import MAX_ID
from articles.admin.shown import label, text
from articles.cleaning import clean_line, html_to_text
from articles.models import Article
from articles.writing.changes import StaleVersion
from articles.writing.merging import MergeRefused, merge_articles, refusal
from articles.writing.state import columns_of, lists_of
from articles.writing.unmerging import merged_beside, unmerge_article

if TYPE_CHECKING:
    from articles.admin.findings import FindingAdmin

_FIELDS = (
    "status", "published_on", "kicker", "headline", "subtitle", "part_label", "byline", "credits",
    "standfirst", "body", "tags", "parts", "publication", "volume", "issue", "pages", "rights",
    "language", "source_url", "slug",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both articles, with what differs marked."""

    label: str
    survivor: SafeString
    copy: SafeString
    differs: bool


def view(admin: "FindingAdmin", request: HttpRequest) -> HttpResponse:
    """Show both articles; on POST merge them, or take the merge of a copy back."""
    data = request.POST if request.method == "POST" else request.GET
    survivor, copy = _article(data.get("survivor")), _article(data.get("copy"))
    if copy is None or (survivor is None and copy.merged_into_id is None):
        raise Http404
    if copy.merged_into_id is not None:
        survivor = Article.objects.get(pk=copy.merged_into_id)
    assert survivor is not None  # noqa: S101  one of the two cases above
    beside = _beside(copy)
    if not may_merge(user_of(request), survivor, copy, *beside):
        raise PermissionDenied
    if request.method == "POST":
        return _post(request, survivor, copy, beside)
    swapped = f"?survivor={copy.pk}&copy={survivor.pk}"
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Merged articles") if copy.merged_into_id else _("Merge articles"),
        "opts": admin.opts,
        "media": admin.media,
        "survivor": survivor,
        "copy": copy,
        "rows": _rows(survivor, copy),
        "beside": beside,
        "is_merged": copy.merged_into_id is not None,
        "refusal": "" if copy.merged_into_id else refusal(survivor, copy),
        "swapped": swapped,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/articles/finding/merge.html", context)


def may_merge(user: User, *articles: Article) -> bool:
    """Whether *user* may merge these articles; without any, whether some at all."""
    may_some = user.has_perm("articles.change_finding") and rights.may_change(user)
    return may_some and all(rights.may_change(user, article) for article in articles)


def _article(value: Any) -> Article | None:
    found = str(value or "")
    if not (found.isascii() and found.isdigit() and len(found) < 20 and int(found) <= MAX_ID):
        return None
    return Article.objects.filter(pk=int(found)).first()


def _beside(copy: Article) -> list[Article]:
    """Return what was merged in the same act as *copy*, and comes back with it."""
    if copy.merged_into_id is None:
        return []
    try:
        return list(Article.objects.filter(pk__in=merged_beside(copy.pk)).order_by("pk"))
    except MergeRefused:
        # Said when it is tried.
        return []


def _rows(survivor: Article, copy: Article) -> list[Row]:
    rows = []
    for name, (one, two) in shown_values([survivor, copy]):
        left, right = told_apart(one, two)
        rows.append(Row(label("article", name), left, right, one != two))
    return rows


def shown_values(articles: Sequence[Article]) -> list[tuple[str, list[str]]]:
    """Return the fields of which one of *articles* has a value, each with all their values."""
    lists = lists_of([article.pk for article in articles])
    every = [columns_of(article) | lists[article.pk] for article in articles]
    found = []
    for name in _FIELDS:
        values = [text("article", name, one[name]) for one in every]
        if name == "body":
            values = [html_to_text(value)[:2000] for value in values]
        if any(values):
            found.append((name, values))
    return found


def _post(
    request: HttpRequest, survivor: Article, copy: Article, beside: Sequence[Article]
) -> HttpResponse:
    user = user_of(request)
    page = f"{reverse('admin:articles_finding_merge')}?survivor={survivor.pk}&copy={copy.pk}"
    try:
        if "unmerge" in request.POST:
            unmerge_article(copy.pk, actor=user)
            for one in (copy, *beside):
                messages.success(request, _("“%s” stands on its own again.") % one)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[copy.pk]))
        merge_articles(
            survivor.pk,
            copy.pk,
            actor=user,
            reason=clean_line(request.POST.get("reason") or "", 500),
            tags="tags" in request.POST,
            parts="parts" in request.POST,
            credits="credits" in request.POST,
            versions=_versions(request, survivor, copy),
        )
    except (MergeRefused, StaleVersion) as error:
        messages.error(request, _("Nothing was merged. %s") % error)
        return HttpResponseRedirect(page)
    messages.success(
        request, _("“%(copy)s” leads to “%(survivor)s” now.") % {"copy": copy, "survivor": survivor}
    )
    return HttpResponseRedirect(page)


def _versions(request: HttpRequest, survivor: Article, copy: Article) -> dict[int, int]:
    """Return the versions that the page showed; one that is missing counts as stale."""
    found = {}
    for name, article in (("survivor_version", survivor), ("copy_version", copy)):
        value = request.POST.get(name) or ""
        found[article.pk] = int(value) if re.fullmatch(r"[0-9]{1,9}", value) else 0
    return found
