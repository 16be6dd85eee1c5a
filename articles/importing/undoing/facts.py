"""What taking back an import asks of the archive: who changed what since, and what stands where."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from articles.choices import OperationKind, Outcome
from articles.importing.undoing.undone import OF_RUNS
from articles.models import (
    Article,
    FieldChange,
    ImportRun,
    Operation,
    Series,
    SourceEntry,
    Tag,
)
from articles.writing.index import batches
from articles.writing.restoring import ROW
from articles.writing.state import LISTS, Values, identity
from authors.models import Author

#: (subject, id) -> field -> (the value before, the value written).
Written = dict[tuple[str, int], dict[str, tuple[Any, Any]]]
#: Ids themselves, or the query that finds them: for tens of thousands, which no statement names.
Ids = Sequence[int] | QuerySet[Any, Any]


def of_created(run: ImportRun) -> QuerySet[SourceEntry]:
    """Return the entries of *run* that lead to the articles it created."""
    return SourceEntry.objects.filter(run=run, change=Outcome.CREATE, article__isnull=False)


def import_operation(run: ImportRun) -> Operation | None:
    """Return the operation in which *run* wrote."""
    return run.operations.filter(kind=OperationKind.IMPORT).order_by("id").first()


def undo_operation(run: ImportRun, before: int | None = None) -> Operation | None:
    """Return the last operation that took *run* back, of those before one with the id *before*."""
    found = run.operations.filter(kind=OperationKind.UNDO).order_by("-id")
    return (found if before is None else found.filter(pk__lt=before)).first()


def written_by(operation: Operation) -> Written:
    """Return what *operation* changed, the first old and the last new value of each field.

    Whole rows are left out: their images are read where they are needed.
    """
    found: Written = defaultdict(dict)
    rows = operation.changes.exclude(field=ROW).order_by("id")
    for subject, pk, name, old, new in rows.values_list(
        "subject_type", "subject_id", "field", "old", "new"
    ).iterator():
        fields = found[subject, pk]
        fields[name] = (fields[name][0] if name in fields else old, new)
    return found


def same(field: str, one: Any, other: Any) -> bool:
    """Whether two values of a field are the same: lists by what they name, absent as empty."""
    if field in LISTS:
        return bool(identity(field, one) == identity(field, other))
    return (one or None) == (other or None)


@dataclass(frozen=True, slots=True)
class Act:
    """One later change of one field, and who made it."""

    field: str
    kind: str
    run: int | None
    at: datetime.datetime
    who: str

    @property
    def is_edit(self) -> bool:
        """Whether a person or a command did it, not an import or its undo."""
        return self.run is None or self.kind not in OF_RUNS

    def __str__(self) -> str:
        moment = f"{localtime(self.at):%Y-%m-%d %H:%M}"
        if self.is_edit:
            return f"edited by {self.who} on {moment}"
        if self.kind == OperationKind.IMPORT:
            return f"changed by run {self.run} on {moment}"
        return f"changed by taking back run {self.run} on {moment}"


#: What a list of the ledger names by id, and the models of it.
REFERENCES: dict[str, tuple[str, str, Any]] = {
    "credits": ("author", "author", Author),
    "tags": ("tag", "tag", Tag),
    "parts": ("series", "series", Series),
}


class Later:
    """What happened after one operation of a run, its own undos and redos apart.

    Runs that are undone themselves count for nothing: what an editor made of them counts.
    """

    def __init__(self, run: ImportRun, operation: Operation) -> None:
        self.run = run
        self.operation = operation

    def acts(self, subject: str, ids: Ids) -> dict[int, list[Act]]:
        """Return the later changes of each of these objects, the last one last. One query."""
        of_runs = Q(operation__kind__in=OF_RUNS, operation__import_run__isnull=False)
        rows = FieldChange.objects.filter(
            subject_type=subject, subject_id__in=ids, operation_id__gt=self.operation.pk
        ).exclude(
            of_runs
            & (Q(operation__import_run=self.run) | Q(operation__import_run__undone__isnull=False))
        )
        found: dict[int, list[Act]] = defaultdict(list)
        for pk, name, kind, run, at, first, last, user in rows.order_by("id").values_list(
            "subject_id", "field", "operation__kind", "operation__import_run_id", "operation__at",
            "operation__actor__first_name", "operation__actor__last_name",
            "operation__actor__username",
        ):  # fmt: skip
            who = f"{first or ''} {last or ''}".strip() or user or "the command line"
            found[pk].append(Act(name, kind, run, at, who))
        return found

    def other_runs(self, ids: Ids) -> dict[int, int]:
        """Return the run that brought each of these articles too, of those that stand."""
        rows = SourceEntry.objects.filter(article__in=ids, run__undone=None).exclude(run=self.run)
        return {
            article: run
            for article, run in rows.order_by("run_id").values_list("article_id", "run_id")
            if article is not None
        }


def referring(ids: Ids) -> dict[int, set[int]]:
    """Return the articles that name each of these as their original, or as what they merged into.
    Two queries."""
    found: dict[int, set[int]] = defaultdict(set)
    for name in ("translation_of", "merged_into"):
        rows = Article.objects.filter(**{f"{name}__in": ids})
        for pk, target in rows.values_list("pk", f"{name}_id"):
            found[target].add(pk)
    return found


def existing(model: Any, ids: Iterable[int]) -> set[int]:
    """Return those of *ids* that *model* has rows of."""
    found: set[int] = set()
    for chunk in batches(sorted(set(ids))):
        found |= set(model._default_manager.filter(pk__in=chunk).values_list("pk", flat=True))
    return found


def references(image: Values) -> list[tuple[str, int]]:
    """Return the authors, tags and series that the image of an article names."""
    return [
        *(("author", row["author_id"]) for row in image["contributions"]),
        *(("tag", row["tag_id"]) for row in image["tagged"]),
        *(("series", row["series_id"]) for row in image["parts"]),
    ]


def missing_of_images(
    images: Iterable[Values], coming: set[tuple[str, int]]
) -> dict[tuple[str, int], str]:
    """Return what images name and the archive has no more, with words for it."""
    wanted = {ref for image in images for ref in references(image)} - coming
    missing: dict[tuple[str, int], str] = {}
    for subject, _name, model in REFERENCES.values():
        ids = {pk for kind, pk in wanted if kind == subject}
        missing |= {(subject, pk): f"{subject} {pk}" for pk in ids - existing(model, ids)}
    return missing
