"""Import runs and their reports, sources and their listings. All read-only."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin import run_undoing, shown
from articles.admin.base import ReadOnlyAdmin, user_of
from articles.admin.filters import ConditionFilter
from articles.admin.shown import plain
from articles.admin.source_panel import values_of
from articles.choices import Outcome, Status
from articles.cleaning import clean_line
from articles.importing.formats.columns import pairs
from articles.models import ImportRun, Source, SourceEntry, SourceListing
from articles.writing.sources import set_source_rights

PER_PAGE = 50
_OUTCOMES = tuple(outcome.value for outcome in Outcome)
#: Options of a run in words; others stand as they are called.
_OPTIONS = {"status": _("status"), "tags": _("tags"), "columns": _("columns")}


class SampleFilter(ConditionFilter):
    title = _("sample")
    parameter_name = "sample"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("0", _("own")), ("1", _("sample"))]

    def condition(self, value: str) -> Q:
        return Q(source__is_sample=value == "1")


class ImportRunAdmin(ReadOnlyAdmin):
    list_display = (
        "number", "started_shown", "undone_shown", "who_shown", "file_name", "source",
        "totals_shown", "public_shown",
    )  # fmt: skip
    list_display_links = ("number", "file_name")
    list_filter = (SampleFilter,)
    list_select_related = ("actor", "source")
    date_hierarchy = "started"
    search_fields = ("file_name",)
    fields = (
        ("started", "finished"), "who_shown", "file_name", "source_shown", "listing_shown",
        "options_shown",
    )  # fmt: skip
    readonly_fields = ("who_shown", "source_shown", "listing_shown", "options_shown")
    change_form_template = "admin/articles/importrun/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("report")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in clean_line(search_term, 200).split()[:20]:
            queryset = queryset.filter(file_name__icontains=word)
        return queryset, False

    @admin.display(description=_("run"), ordering="id")
    def number(self, obj: ImportRun) -> int:
        return obj.pk

    @admin.display(description=_("by"))
    def who_shown(self, obj: ImportRun) -> str:
        return shown.actor_name(obj.actor) or str(_("command line"))

    @admin.display(description=_("source"))
    def source_shown(self, obj: ImportRun) -> SafeString:
        url = reverse("admin:articles_source_change", args=[obj.source_id])
        return format_html('<a href="{}">{}</a>', url, obj.source)

    @admin.display(description=_("listing"))
    def listing_shown(self, obj: ImportRun) -> SafeString:
        url = reverse("admin:articles_sourcelisting_change", args=[obj.listing_id])
        return format_html('<a href="{}">{}</a>', url, obj.listing)

    @admin.display(description=_("options"))
    def options_shown(self, obj: ImportRun) -> str:
        named = {str(_OPTIONS.get(name, name)): value for name, value in obj.options.items()}
        if "status" in obj.options:
            named[str(_OPTIONS["status"])] = str(Status(obj.options["status"]).label)
        if "columns" in obj.options:
            named[str(_OPTIONS["columns"])] = ", ".join(pairs(obj.options["columns"]))
        return "; ".join(plain(named)) or "–"

    @admin.display(description=_("started"), ordering="started")
    def started_shown(self, obj: ImportRun) -> SafeString:
        moment = timezone.localtime(obj.started)
        return format_html('<time class="date">{}</time>', f"{moment:%Y-%m-%d %H:%M}")

    @admin.display(description=_("outcome"))
    def totals_shown(self, obj: ImportRun) -> str:
        counts = ((obj.totals.get(one.value.lower(), 0), one.label) for one in Outcome)
        return ", ".join(f"{count} {label}" for count, label in counts if count) or "–"

    @admin.display(description=_("became public"))
    def public_shown(self, obj: ImportRun) -> int:
        return int(obj.totals.get("public", 0))

    @admin.display(description=_("undone"), ordering="undone")
    def undone_shown(self, obj: ImportRun) -> SafeString | str:
        if obj.undone is None:
            return ""
        moment = timezone.localtime(obj.undone)
        return format_html('<time class="date">{}</time>', f"{moment:%Y-%m-%d}")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        run = context["original"]
        context |= report(run, request) | run_undoing.standing(run)
        context["may_take_back"] = run_undoing.may_take_back(request, run)
        context["may_change_public"] = run_undoing.may_change_public(request, run)
        return super().render_change_form(request, context, *args, **kwargs)

    # Taking it back

    def get_urls(self) -> list[URLPattern]:
        def wrap(view: Callable[..., HttpResponse]) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("<str:object_id>/undo/", wrap(self.undo_view), name="articles_importrun_undo"),
            path("<str:object_id>/redo/", wrap(self.redo_view), name="articles_importrun_redo"),
            *super().get_urls(),
        ]

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what taking the run back would do; a POST does it."""
        return run_undoing.view(self, request, object_id, run_undoing.UNDO)

    def redo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what bringing the run back would do; a POST does it."""
        return run_undoing.view(self, request, object_id, run_undoing.REDO)


def report(run: ImportRun, request: HttpRequest) -> dict[str, Any]:
    """Return what the report page of *run* shows."""
    outcome = request.GET.get("outcome", "")
    if outcome not in _OUTCOMES:
        outcome = ""
    entries = SourceEntry.objects.filter(run=run).order_by("ordinal")
    found = entries.filter(change=outcome) if outcome else entries
    page = Paginator(
        found.select_related("article", "unchanged_from").defer("article__body"), PER_PAGE
    ).get_page(request.GET.get("p"))
    articles_url = reverse("admin:articles_article_changelist")
    totals = [
        {
            "label": one.label,
            "count": run.totals.get(one.value.lower(), 0),
            "outcome": one.value,
            "url": f"{articles_url}?run={run.pk}&outcome={one.value}",
        }
        for one in Outcome
    ]
    return {
        "run": run,
        "totals": totals,
        "entry_total": run.totals.get("entries", 0),
        "public_total": run.totals.get("public", 0),
        "unclaimed": unclaimed(run.listing.unclaimed_lines),
        "page": page,
        "outcome": outcome,
        "entries": [
            {"entry": entry, "values": values_of(entry), "article": entry.article}
            for entry in page.object_list
        ],
        "articles_url": f"{articles_url}?run={run.pk}",
        "findings_url": f"{reverse('admin:articles_finding_changelist')}?run={run.pk}",
        "may_see_articles": request.user.has_perm("articles.view_article"),
    }


def unclaimed(lines: Any) -> list[tuple[str, str]]:
    """Return the unclaimed lines of a listing as (number, text); the text may not be known."""
    found = []
    for line in lines or []:
        if isinstance(line, dict):
            found.append((str(line.get("line", "")), str(line.get("text", ""))))
        else:
            found.append((str(line), ""))
    return found


class ListingAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "source", "topic", "line_count", "entry_count", "created")
    list_select_related = ("source",)
    search_fields = ("file_name",)
    fields = (
        "file_name", "source", "topic", ("size", "encoding", "input_format"), "line_count",
        "unclaimed_shown", "sha256", "created", "articles_shown",
    )  # fmt: skip
    readonly_fields = ("unclaimed_shown", "articles_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        linked = SourceEntry.objects.filter(listing=OuterRef("pk")).order_by()
        number = linked.values("listing").annotate(n=Count("id")).values("n")
        rows: QuerySet[Any] = super().get_queryset(request)
        counted = Coalesce(Subquery(number), 0)
        return rows.annotate(entries_counted=counted)  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in clean_line(search_term, 200).split()[:20]:
            queryset = queryset.filter(file_name__icontains=word)
        return queryset, False

    @admin.display(description=_("entries"))
    def entry_count(self, obj: Any) -> int:
        return obj.entries_counted  # type: ignore[no-any-return]

    @admin.display(description=_("unclaimed lines"))
    def unclaimed_shown(self, obj: SourceListing) -> str:
        return ", ".join(number for number, _text in unclaimed(obj.unclaimed_lines)) or "–"

    @admin.display(description=_("articles"))
    def articles_shown(self, obj: SourceListing) -> SafeString:
        url = reverse("admin:articles_article_changelist")
        return format_html(
            '<a href="{}?listing={}">{}</a>', url, obj.pk, _("Articles of this listing")
        )


class SourceAdmin(ReadOnlyAdmin):
    """Sources, of which nothing is changed but what rights their new articles are given."""

    list_display = ("name", "is_sample", "run_count", "created_shown")
    search_fields = ("name",)
    fields = ("name", "rights", "is_sample", "created_shown", "removed_shown")
    readonly_fields = ("name", "is_sample", "created_shown", "removed_shown")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return user_of(request).has_perm("articles.change_source")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        set_source_rights(obj.pk, form.cleaned_data["rights"], actor=user_of(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        linked = ImportRun.objects.filter(source=OuterRef("pk")).order_by()
        number = linked.values("source").annotate(n=Count("id")).values("n")
        rows: QuerySet[Any] = super().get_queryset(request)
        counted = Coalesce(Subquery(number), 0)
        return rows.annotate(runs_counted=counted)  # type: ignore[no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in clean_line(search_term, 200).split()[:20]:
            queryset = queryset.filter(name__icontains=word)
        return queryset, False

    @admin.display(description=_("created"), ordering="created")
    def created_shown(self, obj: Source) -> datetime.datetime:
        return obj.created

    @admin.display(description=_("removed"))
    def removed_shown(self, obj: Source) -> datetime.datetime | str:
        return obj.removed or "–"

    @admin.display(description=_("import runs"))
    def run_count(self, obj: Any) -> int:
        return obj.runs_counted  # type: ignore[no-any-return]


admin.site.register(ImportRun, ImportRunAdmin)
admin.site.register(SourceListing, ListingAdmin)
admin.site.register(Source, SourceAdmin)
