"""The ledger, as it stands: every act, and what each changed."""

import datetime
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles import clock
from articles.admin import shown, words
from articles.admin.base import ReadOnlyAdmin, user_of
from articles.admin.filters import ConditionFilter
from articles.choices import OperationKind
from articles.cleaning import clean_line
from articles.models import FieldChange, Operation

PER_PAGE = 100
#: Characters of each value that the page of an act shows at most.
_LIMIT = 600


class KindFilter(ConditionFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(OperationKind.choices)

    def condition(self, value: str) -> Q:
        return Q(kind=value)


class MineFilter(ConditionFilter):
    title = pgettext_lazy("filter", "by")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("me")), ("command", _("command line"))]

    def condition(self, value: str) -> Q:
        return Q(actor=user_of(self.request).pk) if value == "me" else Q(actor=None)


class WhenFilter(ConditionFilter):
    """When something was done: of late, in a year, or in a month of the year that is chosen.

    Django's own line of dates would read the time of every act there ever was.
    """

    title = pgettext_lazy("filter", "when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        first = Operation.objects.order_by("at").values_list("at", flat=True).first()
        this = localtime(clock.now()).year
        years = range(this, (this if first is None else localtime(first).year) - 1, -1)
        chosen = str(self.used_parameters.get(self.parameter_name) or "")[:4]
        found: list[tuple[str, Any]] = [("day", _("today")), ("week", _("the last seven days"))]
        for year in map(str, years):
            found.append((year, year))
            if year == chosen:
                found += [(f"{year}-{month:02d}",) * 2 for month in range(1, 13)]
        return found

    def condition(self, value: str) -> Q:
        today = localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        if value in {"day", "week"}:
            return Q(at__gte=today - datetime.timedelta(days=0 if value == "day" else 6))
        year, month = int(value[:4]), int(value[5:] or 0)
        start = today.replace(year=year, month=month or 1, day=1)
        months = 12 * year + (month or 12)
        end = start.replace(year=months // 12, month=months % 12 + 1)
        return Q(at__gte=start, at__lt=end)


class OperationAdmin(ReadOnlyAdmin):
    list_display = ("number", "at_shown", "who_shown", "kind", "reason", "changes_shown")
    list_filter = (KindFilter, MineFilter, WhenFilter)
    list_select_related = ("actor",)
    ordering = ("-id",)
    search_fields = ("reason",)
    fields = ("at", "who_shown", "kind", "reason", "run_shown", "parent_shown")
    readonly_fields = ("who_shown", "run_shown", "parent_shown")
    change_form_template = "admin/articles/operation/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        linked = FieldChange.objects.filter(operation=OuterRef("pk")).order_by()
        number = linked.values("operation").annotate(n=Count("id")).values("n")
        rows: QuerySet[Any] = super().get_queryset(request)
        counted = Coalesce(Subquery(number), 0)
        return rows.annotate(change_count=counted)  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in clean_line(search_term, 200).split()[:20]:
            queryset = queryset.filter(reason__icontains=word)
        return queryset, False

    @admin.display(description=_("operation"), ordering="id")
    def number(self, obj: Operation) -> int:
        return obj.pk

    @admin.display(description=_("at"), ordering="at")
    def at_shown(self, obj: Operation) -> str:
        return f"{localtime(obj.at):%Y-%m-%d %H:%M}"

    @admin.display(description=_("by"))
    def who_shown(self, obj: Operation) -> str:
        return shown.who(obj)

    @admin.display(description=_("import run"))
    def run_shown(self, obj: Operation) -> str:
        return str(obj.import_run or "–")

    @admin.display(description=_("part of"))
    def parent_shown(self, obj: Operation) -> str:
        return str(obj.parent or "–")

    @admin.display(description=_("changes"))
    def changes_shown(self, obj: Operation) -> int:
        return obj.change_count  # type: ignore[attr-defined,no-any-return]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        operation = context["original"]
        rows = FieldChange.objects.filter(operation=operation).order_by("id")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        changes = list(page.object_list)
        names = shown.Names(changes, request.user)
        context["page"] = page
        context["changes"] = [
            {
                "subject": _kind(change),
                "pk": change.subject_id,
                "url": _address(change),
                "label": shown.label(change.subject_type, change.field),
                "pair": words.compared(
                    shown.text(change.subject_type, change.field, change.old, names),
                    shown.text(change.subject_type, change.field, change.new, names),
                    _LIMIT,
                ),
            }
            for change in changes
        ]
        return super().render_change_form(request, context, *args, **kwargs)


def _kind(change: FieldChange) -> str:
    """Return in words what a change is about."""
    model = shown.MODELS.get(change.subject_type)
    return str(model._meta.verbose_name) if model is not None else change.subject_type


def _address(change: FieldChange) -> str:
    model = shown.MODELS.get(change.subject_type)
    if model is None:
        return ""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    try:
        return reverse(name, args=[change.subject_id])
    except NoReverseMatch:
        return ""


admin.site.register(Operation, OperationAdmin)
