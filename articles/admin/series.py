"""Series: serials and columns, and the parts of a serial with what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin import part_order, rights
from articles.admin.base import user_of
from articles.admin.named import NamedAdmin
from articles.choices import SeriesKind
from articles.models import Article, Part, Series
from articles.models.series import missing_runs

#: So many parts are listed; the list of articles has all.
MOST_PARTS = 300


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a series, or a run of numbers that no article has (``article`` is None)."""

    number: str
    article: Article | None = None
    url: str = ""
    notes: Sequence[str] = ()


def parts_of(series: Series, user: rights.Anyone) -> "QuerySet[Part]":
    """Return the parts of *series* that *user* may know of."""
    parts = Part.objects.filter(series=series)
    if rights.sees_all(user):
        return parts
    return parts.filter(article__in=rights.nameable(Article.objects.all(), user))


def part_rows(series: Series, user: rights.Anyone) -> list[PartRow]:
    """Return the parts of *series* that *user* may know of in order, gaps between them; parts
    without a number last."""
    parts = list(
        parts_of(series, user)
        .select_related("article")
        .order_by(F("part_number").asc(nulls_last=True), "sort_key", "pk")[:MOST_PARTS]
    )
    numbers = [part.part_number for part in parts if part.part_number is not None]
    gaps = {last + 1: (first, last) for first, last in missing_runs(numbers)}
    rows: list[PartRow] = []
    for part in parts:
        if gap := gaps.pop(part.part_number or 0, None):
            rows.append(_gap(*gap))
        rows.append(
            PartRow(
                number="" if part.part_number is None else str(part.part_number),
                article=part.article,
                url=reverse("admin:articles_article_change", args=[part.article.pk])
                if rights.may_view(user, part.article)
                else "",
                notes=_notes(part, series),
            )
        )
    return rows


def _gap(first: int, last: int) -> PartRow:
    if first == last:
        return PartRow(str(first), notes=[_("Part %d is missing.") % first])
    words = {"first": first, "last": last}
    return PartRow(f"{first}–{last}", notes=[_("Parts %(first)d to %(last)d are missing.") % words])


def _notes(part: Part, series: Series) -> list[str]:
    notes = []
    if part.part_number is None and series.kind == SeriesKind.SERIAL:
        notes.append(_("It has no number."))
    elif part.part_number is not None and not part.article.part_label:
        notes.append(_("Part %d is implied: the article has no number printed.") % part.part_number)
    if not part.is_public:
        notes.append(_("Readers do not see it: %s.") % part.article.get_status_display())
    return notes


class SeriesAdmin(NamedAdmin):
    subject = "series"
    link_model = Part
    link = "series"
    list_display = ("title", "kind", "articles_shown", "updated_shown")
    list_filter = ("kind",)
    search_fields = ("title",)
    fieldsets = ((None, {"fields": ("title", "kind", "slug", "description", "aliases")}),)
    change_form_template = "admin/articles/series/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(partial(part_order.view, self))
        own = path("<path:object_id>/parts/", view, name="articles_series_parts")
        return [own, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        series = context.get("original")
        if series is not None:
            parts = parts_of(series, user_of(request))
            total = parts.count()
            rows = part_rows(series, user_of(request))
            listed = sum(row.article is not None for row in rows)
            missing = sum(
                last - first + 1
                for first, last in missing_runs(
                    parts.filter(part_number__isnull=False).values_list("part_number", flat=True)
                )
            )
            list_url = reverse("admin:articles_article_changelist")
            context |= {
                "part_rows": rows if series.kind == SeriesKind.SERIAL else [],
                "part_total": total,
                "part_summary": _summary(series, total, missing),
                "more_parts": total - listed,
                "may_order": series.kind == SeriesKind.SERIAL and part_order.may(request),
                "parts_url": f"{list_url}?series={series.pk}",
            }
        return super().render_change_form(request, context, *args, **kwargs)


def _summary(series: Series, total: int, missing: int) -> str:
    """Return how many parts there are, and how many numbers below the highest have none."""
    if series.kind != SeriesKind.SERIAL:
        return ngettext("%d article", "%d articles", total) % total
    said = ngettext("%d part", "%d parts", total) % total
    if missing:
        said += "; " + ngettext("%d is missing", "%d are missing", missing) % missing
    return said


admin.site.register(Series, SeriesAdmin)
