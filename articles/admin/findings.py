"""The queue: doubts that wait for an editor."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin import rights
from articles.admin.base import ReadOnlyAdmin, user_of
from articles.admin.filters import ConditionFilter, as_id
from articles.admin.shown import plain
from articles.choices import FindingState
from articles.cleaning import clean_line
from articles.models import Article, Finding
from articles.writing.findings import settle_findings


class StateFilter(ConditionFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(FindingState.choices)

    def condition(self, value: str) -> Q:
        return Q(state=value)


class CodeFilter(ConditionFilter):
    title = _("code")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = Finding.objects.order_by("code").values_list("code", flat=True).distinct()
        return [(code, code) for code in codes]

    def condition(self, value: str) -> Q:
        return Q(code=value)


class OneArticleFilter(ConditionFilter):
    """The findings of one article or one run; links lead here, it offers no choice."""

    title = _("article")
    parameter_name = "article"
    column = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        value = self.value()
        return [(str(as_id(value)), _("the one chosen"))] if value else []

    def condition(self, value: str) -> Q:
        return Q(**{self.column: as_id(value)})


class OneRunFilter(OneArticleFilter):
    title = _("import run")
    parameter_name = "run"
    column = "import_run"


class FindingAdmin(ReadOnlyAdmin):
    subject = "finding"
    change_form_template = "admin/change_form.html"
    list_display = (
        "message_shown",
        "code",
        "state_shown",
        "article_shown",
        "found_shown",
        "settled_shown",
    )
    list_display_links = ("message_shown",)
    list_filter = (StateFilter, CodeFilter, OneArticleFilter, OneRunFilter)
    show_facets = admin.ShowFacets.ALWAYS
    list_select_related = ("article", "settled_by")
    search_fields = ("message",)
    actions = ("resolve", "dismiss", "reopen")
    fields = (
        "message", "code", "state", "article_shown", "lines_shown", "evidence_shown",
        "suggestion_shown", "created", "settled_shown",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        user = user_of(request)
        if rights.sees_all(user):
            return rows
        seen = rights.visible(Article.objects.all(), user)
        return rows.filter(article__in=seen.order_by().values("pk"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in clean_line(search_term, 200).split()[:20]:
            queryset = queryset.filter(message__icontains=word)
        return queryset, False

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Return whether the actions are offered."""
        return user_of(request).has_perm("articles.change_finding")

    def _settle(self, request: HttpRequest, queryset: QuerySet[Any], state: FindingState) -> None:
        ids = list(queryset.order_by().values_list("pk", flat=True))
        count = settle_findings(ids, state, actor=user_of(request))
        text = ngettext(
            "%(n)d finding is now “%(state)s”.", "%(n)d findings are now “%(state)s”.", count
        )
        messages.success(request, text % {"n": count, "state": state.label})

    @admin.action(description=_("Mark as resolved"), permissions=["settle"])
    def resolve(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._settle(request, queryset, FindingState.RESOLVED)

    @admin.action(description=_("Mark as not a problem"), permissions=["settle"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._settle(request, queryset, FindingState.DISMISSED)

    @admin.action(description=_("Open again"), permissions=["settle"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self._settle(request, queryset, FindingState.OPEN)

    @admin.display(description=_("finding"))
    def message_shown(self, obj: Finding) -> str:
        return obj.message

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, obj: Finding) -> SafeString:
        return format_html('<span class="status">{}</span>', obj.get_state_display())

    @admin.display(description=_("found"), ordering="created")
    def found_shown(self, obj: Finding) -> SafeString:
        return format_html('<span class="date">{}</span>', f"{obj.created:%Y-%m-%d}")

    @admin.display(description=_("article"))
    def article_shown(self, obj: Finding) -> SafeString | str:
        if obj.article is None:
            return "–"
        url = reverse("admin:articles_article_change", args=[obj.article.pk])
        return format_html('<a href="{}" dir="auto">{}</a>', url, obj.article.headline)

    @admin.display(description=_("source"))
    def lines_shown(self, obj: Finding) -> SafeString | str:
        entry = obj.source_entry
        if entry is None:
            return "–"
        text = entry.text or (entry.unchanged_from.text if entry.unchanged_from else "")
        return format_html(
            '{}, {}–{}<pre class="verbatim" dir="auto">{}</pre>',
            entry.listing.file_name, entry.first_line, entry.last_line, text,
        )  # fmt: skip

    @admin.display(description=_("evidence"))
    def evidence_shown(self, obj: Finding) -> SafeString | str:
        return _shown(obj.evidence)

    @admin.display(description=_("suggestion"))
    def suggestion_shown(self, obj: Finding) -> SafeString | str:
        return _shown(obj.suggestion)

    @admin.display(description=_("settled"))
    def settled_shown(self, obj: Finding) -> str:
        if obj.settled is None:
            return ""
        who = obj.settled_by.get_username() if obj.settled_by else ""
        return f"{obj.settled:%Y-%m-%d} {who}".strip()


def _shown(value: Any) -> SafeString | str:
    lines = plain(value)
    if not lines:
        return "–"
    return format_html('<pre class="verbatim" dir="auto">{}</pre>', "\n".join(lines))


admin.site.register(Finding, FindingAdmin)
