"""The ledger's side of a write: one operation for each act, one row for each changed field."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from articles import bulk, clock
from articles.choices import OperationKind
from articles.cleaning import clean_line
from articles.models import FieldChange, ImportRun, Operation, SourceEntry


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one object: what it was and what it is now, as JSON values."""

    subject_type: str
    subject_id: int
    field: str
    old: Any
    new: Any
    source_entry: SourceEntry | None = None


def begin(
    kind: OperationKind,
    *,
    actor: AbstractBaseUser | None = None,
    reason: str = "",
    import_run: ImportRun | None = None,
    parent: Operation | None = None,
) -> Operation:
    """Return a new operation of *actor* (None: the command line), stored."""
    return Operation.objects.create(
        kind=kind,
        actor_id=actor.pk if actor is not None else None,
        at=clock.now(),
        reason=clean_line(reason, 500),
        import_run=import_run,
        parent=parent,
    )


def record(operation: Operation, changes: Iterable[Change]) -> None:
    """Store *changes* under *operation*."""
    bulk.insert(
        FieldChange,
        ("operation", "subject_type", "subject_id", "field", "old", "new", "source_entry"),
        [
            (
                operation.pk,
                change.subject_type,
                change.subject_id,
                change.field,
                change.old,
                change.new,
                None if change.source_entry is None else change.source_entry.pk,
            )
            for change in changes
        ],
    )


def drop_if_empty(operation: Operation) -> None:
    """Take *operation* back if it changed nothing: an act without an effect is no history."""
    if not operation.changes.exists():
        operation.delete()
