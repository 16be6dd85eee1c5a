"""Two articles side by side: the page that merges one into the other, and takes that back."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.admin import rights
from articles.admin.base import user_of
from articles.admin.differing import marked
from articles.admin.filters import MAX_ID
from articles.admin.shown import label, text
from articles.cleaning import clean_line, html_to_text
from articles.models import Article
from articles.writing.changes import StaleVersion
from articles.writing.merging import MergeRefused, merge_articles, refusal, unmerge_article
from articles.writing.state import columns_of, lists_of

if TYPE_CHECKING:
    from articles.admin.findings import FindingAdmin

_FIELDS = (
    "status", "published_on", "kicker", "headline", "subtitle", "part_label", "byline", "credits",
    "standfirst", "body", "tags", "parts", "publication", "volume", "issue", "pages", "language",
    "source_url", "slug",
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
    user = user_of(request)
    may = user.has_perm("articles.change_finding") and all(
        rights.may_change(user, article) for article in (survivor, copy)
    )
    if not may:
        raise PermissionDenied
    if request.method == "POST":
        return _post(request, survivor, copy)
    swapped = f"?survivor={copy.pk}&copy={survivor.pk}"
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Merged articles") if copy.merged_into_id else _("Merge articles"),
        "opts": admin.opts,
        "media": admin.media,
        "survivor": survivor,
        "copy": copy,
        "rows": _rows(survivor, copy),
        "is_merged": copy.merged_into_id is not None,
        "refusal": "" if copy.merged_into_id else refusal(survivor, copy),
        "swapped": swapped,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/articles/finding/merge.html", context)


def _article(value: Any) -> Article | None:
    found = str(value or "")
    if not (found.isascii() and found.isdigit() and len(found) < 20 and int(found) <= MAX_ID):
        return None
    return Article.objects.filter(pk=int(found)).first()


def _rows(survivor: Article, copy: Article) -> list[Row]:
    lists = lists_of([survivor.pk, copy.pk])
    one, two = (columns_of(row) | lists[row.pk] for row in (survivor, copy))
    rows = []
    for name in _FIELDS:
        values = [text("article", name, values[name]) for values in (one, two)]
        if name == "body":
            values = [html_to_text(value)[:2000] for value in values]
        if any(values):
            left, right = marked(*values)
            rows.append(Row(label("article", name), left, right, values[0] != values[1]))
    return rows


def _post(request: HttpRequest, survivor: Article, copy: Article) -> HttpResponse:
    user = user_of(request)
    page = f"{reverse('admin:articles_finding_merge')}?survivor={survivor.pk}&copy={copy.pk}"
    try:
        if "unmerge" in request.POST:
            unmerge_article(copy.pk, actor=user)
            messages.success(request, _("“%s” stands on its own again.") % copy)
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
