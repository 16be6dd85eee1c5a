"""Filters of the lists: closed sets of values, and choosing one row among many by its name."""

from typing import Any
from urllib.parse import parse_qsl

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Field, Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles.admin.paging import counted_each

MAX_ID = 2**63 - 1


def as_id(value: str) -> int:
    """Return *value* as the id of a row, or send the reader back to the unfiltered list."""
    if not value.isascii() or not value.isdigit() or len(value) > 19 or int(value) > MAX_ID:
        raise IncorrectLookupParameters
    return int(value)


class ConditionFilter(admin.SimpleListFilter):
    """A choice among a few values, each a condition. Each is counted up to `paging.COUNTED`."""

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        # Django makes the filters anew for the counts of each of them: what they offer stays.
        offered: dict[type, Any] = vars(request).setdefault("offered", {})
        if (kept := offered.get(type(self))) is not None:
            self.lookups = lambda *_: kept  # type: ignore[method-assign]
        super().__init__(request, *args)
        offered.setdefault(type(self), list(self.lookup_choices))

    def condition(self, value: str) -> Q:
        """Return what *value* stands for."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        if value not in {str(choice) for choice, _title in self.lookup_choices}:
            raise IncorrectLookupParameters
        return queryset.filter(self.condition(value))

    def get_facet_queryset(self, changelist: ChangeList) -> dict[str, int]:
        rows = changelist.get_queryset(self.request, self.expected_parameters())
        choices = [rows.filter(self.condition(str(value))) for value, _title in self.lookup_choices]
        return {f"{place}__c": count for place, count in enumerate(counted_each(choices))}


class AutocompleteFilter(admin.ListFilter):
    """One row of a large table, found by typing its name."""

    template = "admin/autocomplete_filter.html"
    parameter_name = ""

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.admin_site = model_admin.admin_site
        if self.parameter_name in params:
            self.used_parameters[self.parameter_name] = params.pop(self.parameter_name)[-1]

    def field(self) -> "Field[Any, Any]":
        """Return the foreign key whose target is chosen."""
        raise NotImplementedError

    def condition(self, pk: int) -> Q:
        """Return what the choice of the row *pk* means."""
        raise NotImplementedError

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter_name]

    def has_output(self) -> bool:
        return True

    def value(self) -> str | None:
        """Return the id in the query string, as it stands there."""
        value = self.used_parameters.get(self.parameter_name)
        return None if value is None else str(value)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset if not value else queryset.filter(self.condition(as_id(value)))

    def choices(self, changelist: ChangeList) -> Any:
        """Yield what the template needs: the one choice there is, and how to leave it."""
        rest = changelist.get_query_string(remove=[self.parameter_name, "p"])
        yield {
            "is_chosen": bool(self.value()),
            "without": rest,
            "hidden": parse_qsl(rest.lstrip("?"), keep_blank_values=True),
            "id": f"filter-{self.parameter_name}",
            "widget": self._widget(),
        }

    def _widget(self) -> SafeString:
        field = self.field()
        related: Any = field.related_model
        choice = forms.ModelChoiceField(
            queryset=related._default_manager.all(),
            required=False,
            widget=AutocompleteSelect(field, self.admin_site),
        )
        html: SafeString = choice.widget.render(
            self.parameter_name,
            self.value() or "",
            attrs={"id": f"filter-{self.parameter_name}", "data-placeholder": str(_("Name …"))},
        )
        return html
