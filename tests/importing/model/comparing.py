"""What the archive says, in the terms of the dictionary."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum

from articles.choices import OperationKind
from articles.importing.undoing.plan import BLOCKED, BROUGHT_BACK, RESTORED
from articles.models import Article, FieldChange, Finding, ImportRun, Operation, SourceEntry
from articles.writing.suggestions import KEEP, TAKE, conflict_fields, decided_fields
from tests.importing.model.taking_back import Fate
from tests.importing.model.texts import Values

#: What the ledger calls a field that the model calls otherwise.
LEDGER = {"credits": "authors", "parts": "series"}
#: What stands in the way of taking something back, in the words of the plan.
IN_THE_WAY = (
    "taken", "is gone", "leads to something else", "depend on each other", "in use again",
    "no date of publication", "of its series is",
)  # fmt: skip

#: The author that the name of one who was merged leads to.
Leads = dict[str, str]


def is_from(
    change: FieldChange | None, name: str, value: Any, said: list[Values], leads: Iterable[Leads]
) -> bool:
    """Whether a value stands in a line of its source, or in an act of an editor or an undo;
    *leads* are those of now, and those of when it was written."""
    if change is None:
        values = [one.get(name) for one in said]
    elif change.operation.kind == OperationKind.IMPORT:
        values = [values_of(change.source_entry).get(name)] if change.source_entry else []
    else:
        values = [change.new]
    return any(plain(name, one, led) == value for one in values for led in leads)


def values_of(entry: SourceEntry) -> Values:
    return dict((entry.unchanged_from or entry).values or {})


def agree(fate: Fate, step: Any) -> None:
    """Make sure that a step of the real plan is what the model says; follow it where something
    that the model does not know stands in the way, and the plan says what."""
    reasons = " ".join([step.reason, *(one.reason for one in step.fields)])
    is_blocked = any(words in reasons for words in IN_THE_WAY)
    if fate.outcome:
        if step.outcome == BLOCKED and fate.outcome == BROUGHT_BACK and is_blocked:
            fate.outcome = BLOCKED
        assert step.outcome == fate.outcome, (step, fate)
        return
    for one in step.fields:
        name = LEDGER.get(one.field, one.field)
        if name in ("visible_from", "withdrawn_reason"):
            continue
        outcome, now, _then = fate.fields[name]
        if one.outcome == BLOCKED and outcome == RESTORED and is_blocked:
            fate.fields[name] = (BLOCKED, now, now)
        assert one.outcome == fate.fields[name][0], (name, step, fate)
    missing = fate.fields.keys() - {LEDGER.get(one.field, one.field) for one in step.fields}
    assert missing <= {"visible_from", "withdrawn_reason"}, (missing, step)


def refused_values(leads: Leads) -> dict[tuple[int, str], list[Any]]:
    """Return the values of listings that an editor refused, by article and field: by keeping ours,
    or by writing something else in the place of what was imported."""
    found: dict[tuple[int, str], list[Any]] = {}
    for finding in Finding.objects.filter(code="conflict").exclude(article=None):
        decided = decided_fields(finding)
        for name, sides in conflict_fields(finding).items():
            values = found.setdefault((finding.article_id or 0, name), [])
            if decided.get(name) == KEEP:
                values.append(plain(name, sides["source"], leads))
            if decided.get(name) != TAKE and sides.get("imported"):
                values.append(plain(name, sides["imported"], leads))
    return found


def plain(name: str, value: Any, leads: Leads) -> Any:
    """Return a value of the ledger or of an entry in the terms of the model; authors who were
    merged by whom they lead to."""
    if name in ("authors", "tags"):
        found = [item["name"] if isinstance(item, dict) else item for item in value or []]
        return list(dict.fromkeys(leads.get(item, item) for item in found)) or None
    if name == "series":
        return places(value) or None
    return value or None


def places(items: Any) -> list[tuple[str, int | None]]:
    """Return places in series as the model has them."""
    found = [(item["title"], item.get("part_number")) for item in items or []]
    return sorted(found, key=repr)


def footprint() -> tuple[int, ...]:
    """Return numbers that differ as soon as anything was written."""
    models = (Operation, ImportRun, SourceEntry, FieldChange, Finding, Article)
    versions = Article.objects.aggregate(sum=Sum("version"))["sum"] or 0
    return (*(model.objects.count() for model in models), versions)
