"""The parts of a serial put in order: by dragging, by buttons, or by typing their numbers."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.admin import rights
from articles.admin.article_list import LONG
from articles.admin.rights import user_of
from articles.admin.widgets import only_ids
from articles.choices import SeriesKind
from articles.cleaning import HIGHEST_PART, clean_line
from articles.models import BulkWork, Part, Series
from articles.writing.changes import InvalidChange, StaleVersion
from articles.writing.renumbering import renumber

#: So many parts are put in order on one page; they are written at once.
MOST = 300
NUMBER, VERSION = "number-", "version-"


def may(request: HttpRequest) -> bool:
    """Return whether the one who asks may number parts: they are fields of the articles."""
    return rights.may_change_many(user_of(request))


def view(admin_: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Return the page on which the parts of a serial are put in order; with POST, number them."""
    series: Series = admin_.seen_row(request, object_id)
    if not may(request):
        raise PermissionDenied
    if series.kind != SeriesKind.SERIAL:
        raise Http404
    typed: dict[int, str] = {}
    if request.method == "POST":
        typed, numbers, seen = _given(request)
        try:
            _refuse_doubles(series, numbers)
            work = renumber(
                series,
                numbers,
                seen,
                may_change=lambda article: rights.may_change(user_of(request), article),
                actor=user_of(request),
                reason=clean_line(request.POST.get("reason", ""), 500),
            )
        except (InvalidChange, StaleVersion) as error:
            text = " ".join(error.errors.values()) if isinstance(error, InvalidChange) else error
            messages.error(request, _("Nothing was changed. %s") % text)
        else:
            _say(request, work)
            return HttpResponseRedirect(reverse("admin:articles_series_change", args=[series.pk]))
    parts = _parts(series)
    context = {
        **admin_.admin_site.each_context(request),
        "title": _("Number the parts"),
        "subtitle": series.title,
        "opts": admin_.opts,
        "original": series,
        "rows": [
            (part.article, part.part_number, typed.get(part.article.pk, part.part_number or ""))
            for part in parts[:MOST]
        ],
        "is_too_long": len(parts) > MOST,
        "most": MOST,
        "highest": HIGHEST_PART,
    }
    request.current_app = admin_.admin_site.name
    return TemplateResponse(request, "admin/articles/series/parts.html", context)


def _parts(series: Series) -> list[Part]:
    """Return the parts in their order, those without a number last; one more than `MOST`."""
    rows = Part.objects.filter(series=series).select_related("article")
    found = rows.defer(*(f"article__{name}" for name in LONG))
    parts = list(found.filter(part_number__isnull=False).order_by("part_number")[: MOST + 1])
    return parts + list(
        found.filter(part_number__isnull=True).order_by("sort_key", "pk")[: MOST + 1 - len(parts)]
    )


def _given(request: HttpRequest) -> tuple[dict[int, str], dict[int, int | None], dict[int, int]]:
    """Return what was typed, the numbers, and the versions seen, by id of the article.

    What is no number stands as 0, which no part has.
    """
    typed: dict[int, str] = {}
    numbers: dict[int, int | None] = {}
    seen: dict[int, int] = {}
    for name, value in request.POST.items():
        ids = only_ids([name.removeprefix(NUMBER)]) if name.startswith(NUMBER) else []
        if not ids or len(numbers) >= MOST:
            continue
        pk, text = int(ids[0]), clean_line(str(value), 20)
        version = only_ids([request.POST.get(f"{VERSION}{pk}", "")])
        typed[pk], seen[pk] = text, int(version[0]) if version else -1
        is_number = text.isascii() and text.isdigit()
        numbers[pk] = None if not text else int(text) if is_number else 0
    return typed, numbers, seen


def _refuse_doubles(series: Series, numbers: dict[int, int | None]) -> None:
    given = [number for number in numbers.values() if number is not None]
    rows = Part.objects.filter(series=series, article__in=numbers)
    stored = dict(rows.values_list("article_id", "part_number"))
    if any(
        number is not None and not 1 <= number <= HIGHEST_PART and number != stored.get(pk)
        for pk, number in numbers.items()
    ):
        raise InvalidChange({"parts": _("A number is between 1 and %d.") % HIGHEST_PART})
    doubles = sorted(number for number, count in Counter(given).items() if count > 1)
    if doubles:
        text = ", ".join(map(str, doubles[:10]))
        raise InvalidChange({"parts": _("More than one part has the number %s.") % text})


def _say(request: HttpRequest, work: BulkWork | None) -> None:
    if work is None:
        messages.info(request, _("The parts have these numbers already."))
        return
    said = ngettext("%d part has a new number.", "%d parts have a new number.", work.changed)
    url = reverse("admin:articles_bulk_work", args=[work.pk])
    link = format_html(' <a href="{}">{}</a>', url, _("Look at it, or take it back"))
    messages.success(request, format_html("{}{}", said % work.changed, link))
