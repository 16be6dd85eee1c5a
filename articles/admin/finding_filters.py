"""The filters of the queue."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import queue
from articles.admin.filters import ConditionFilter, as_id
from articles.choices import FindingState
from articles.models import Finding, Source
from articles.review.sentences import title_of
from articles.review.together import OF_LISTINGS

#: So many sources are offered as a filter.
SOURCES = 50


class StateFilter(ConditionFilter):
    """Open ones unless somebody asks for others: this is a queue."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*FindingState.choices, ("all", _("all"))]

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        # An action on chosen rows reaches them also if somebody settled them meanwhile.
        self.default = "all" if queue.is_of_chosen(request) else FindingState.OPEN.value
        super().__init__(request, *args)

    def value(self) -> str:
        return super().value() or self.default

    def choices(self, changelist: Any) -> Any:
        # The first choice of Django's filters is "no filter": here that is the open ones.
        shown = list(super().choices(changelist))
        return shown[1:]

    def condition(self, value: str) -> Q:
        if value == FindingState.OPEN and queue.is_joined(self.request):
            return Q(state=value) & queue.one_of_each(self.request)
        return Q(pk__gt=0) if value == "all" else Q(state=value)


class CodeFilter(ConditionFilter):
    title = gettext_lazy("doubt")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = Finding.objects.order_by("code").values_list("code", flat=True).distinct()
        named = [(code, title_of(code)) for code in codes]
        return sorted(named, key=lambda pair: pair[1])

    def condition(self, value: str) -> Q:
        return Q(code=value)


class SourceFilter(ConditionFilter):
    title = gettext_lazy("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        rows = list(Source.objects.order_by("name").values_list("pk", "name")[: SOURCES + 1])
        chosen = str(self.used_parameters.get(self.parameter_name) or "")
        if len(rows) > SOURCES:
            rows = rows[:SOURCES]
            if chosen and chosen not in {str(pk) for pk, _name in rows}:
                rows += Source.objects.filter(pk=as_id(chosen)).values_list("pk", "name")
        return [(str(pk), name) for pk, name in rows]

    def condition(self, value: str) -> Q:
        return Q(import_run__source=as_id(value))


class OneArticleFilter(ConditionFilter):
    """The findings of one article or one run; links lead here, it offers no choice."""

    title = gettext_lazy("article")
    parameter_name = "article"
    column = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        value = self.value()
        return [(str(as_id(value)), _("the one chosen"))] if value else []

    def condition(self, value: str) -> Q:
        return Q(**{self.column: as_id(value)})


class OneRunFilter(OneArticleFilter):
    title = gettext_lazy("import run")
    parameter_name = "run"
    column = "import_run"


class OneDoubtFilter(OneArticleFilter):
    """All findings of what is one doubt of one listing."""

    title = gettext_lazy("one doubt")
    parameter_name = "together"

    def condition(self, value: str) -> Q:
        # The code is what the index has before the doubt.
        return Q(together=value, code__in=OF_LISTINGS)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        value = self.value()
        return [(value, _("the one chosen"))] if value else []
