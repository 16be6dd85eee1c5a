"""The form on the plan of an uploaded table: what each of its columns is read as."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from articles.admin import shown
from articles.importing.formats.columns import FIELDS, doubled
from articles.importing.records import BY_CONTENT, BY_HAND, BY_NAME, LEFT_OUT, REMEMBERED
from articles.importing.uploads.plan import StoredPlan


class BadChoice(ValueError):
    """A choice with which the table could not be read; the message says why."""


def columns_context(
    plan: StoredPlan, posted: Mapping[str, str] | None = None, problem: str = ""
) -> dict[str, Any]:
    """Return the form: as the plan has it, or as it was *posted* with a *problem*."""
    rows = [
        _row(place, column, posted.get(_name(place)) if posted is not None else None)
        for place, column in enumerate(_columns(plan))
    ]
    is_open = bool(problem) or any(not row["how"] and row["sample"] for row in rows)
    return {"columns": rows, "columns_open": is_open, "columns_problem": problem}


def chosen(plan: StoredPlan, posted: Mapping[str, str]) -> dict[str, str]:
    """Return the fields by header that a person gives: those chosen otherwise than the plan has
    them, and those given before. Raises `BadChoice`."""
    given: dict[str, str] = {}
    fields: set[str] = set()
    for place, column in enumerate(_columns(plan)):
        before = column["field"] or LEFT_OUT
        choice = posted.get(_name(place), before)
        if choice not in (before, LEFT_OUT, *FIELDS.values()):
            raise BadChoice(_("This is no field: “%s”.") % choice[:80])
        fields.add(choice)
        if choice != before or column["how"] == BY_HAND:
            given[column["header"]] = choice
    if twice := doubled(given.values()):
        text = _("Two columns were chosen for “%s”; it can have only one.")
        raise BadChoice(text % _label(twice))
    if "headline" not in fields or len(fields - {LEFT_OUT}) < 2:
        raise BadChoice(_("One column must be the headline, and one more must have a field."))
    return given


def _columns(plan: StoredPlan) -> list[dict[str, Any]]:
    # A plan that was made before columns were told has none.
    found: list[dict[str, Any]] = plan.head.get("columns") or []
    return found


def _name(place: int) -> str:
    return f"column-{place}"


def _row(place: int, column: dict[str, Any], posted: str | None) -> dict[str, Any]:
    field = column["field"] or LEFT_OUT
    fields = dict.fromkeys([*FIELDS.values(), *([field] if field else [])])
    value = field if posted is None else posted
    return {
        **column,
        "name": _name(place),
        "how": _how(column["how"]),
        "options": [(LEFT_OUT, _("left out"), not value)]
        + [(one, _label(one), one == value) for one in fields],
    }


def _how(how: str | None) -> str:
    return {
        BY_NAME: _("by name"),
        BY_CONTENT: _("by content"),
        BY_HAND: _("by hand"),
        REMEMBERED: _("as before"),
    }.get(how or "", "")


def _label(field: str) -> str:
    return shown.label("article", {"series": "parts", "part": "part_label"}.get(field, field))
