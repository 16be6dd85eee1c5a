"""Finding the other half of a merge by typing: it need not stand on the same page of the list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from articles.admin.widgets import SafeAutocomplete, only_ids


class OtherForm(forms.Form):
    """One more row, found by typing a part of its name."""

    def __init__(self, link: "Field[Any, Any]") -> None:
        """*link* is a field of the forms that leads to such rows."""
        super().__init__()
        rows = link.related_model._default_manager.all()  # type: ignore[union-attr]
        self.fields["other"] = forms.ModelChoiceField(
            label=gettext_lazy("Search for another one"),
            queryset=rows,
            required=False,
            widget=SafeAutocomplete(link, admin.site),
        )


def chosen(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any], most: int) -> list[Any]:
    """Return the rows that were ticked, *most* and one more at most.

    One that was searched for may be none of those that the list shows, which *queryset* is cut to.
    """
    if request.POST.get("select_across", "0") in ("", "0"):
        ticked = only_ids(request.POST.getlist(ACTION_CHECKBOX_NAME))
        queryset = modeladmin.get_queryset(request).filter(pk__in=ticked)
    return list(queryset.order_by("pk")[: most + 1])


def found(modeladmin: Any, request: HttpRequest, rows: list[Any]) -> list[Any]:
    """Return the rows that were searched for and are not among *rows*: one, or none."""
    wanted = only_ids([request.POST.get("other", "")])
    here = {str(row.pk) for row in rows}
    return list(
        modeladmin.get_queryset(request).filter(pk__in=[pk for pk in wanted if pk not in here])
    )
