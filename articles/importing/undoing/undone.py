"""What a plan must know of runs that were undone: which entries still count, what they left."""

from collections.abc import Container, Iterable

from django.db.models import OuterRef, Q, QuerySet, Subquery

from articles.choices import OperationKind, Outcome, Status
from articles.importing.records import Values
from articles.models import Article, FieldChange, ImportRun, Operation, SourceEntry
from articles.writing.index import batches
from articles.writing.restoring import ROW

#: The acts of imports and of their undos; with an import run beside them.
OF_RUNS = (OperationKind.IMPORT, OperationKind.UNDO, OperationKind.RESTORE)


def standing(source_key: str) -> QuerySet[SourceEntry]:
    """Return the entries of a source that count: not those of runs that were undone, nor those
    whose article an undo took, also where a redo could not bring it back.

    Of an undone run those count whose article the undo left to an editor: it is still there, or
    the editor had deleted it, and deleted it stays.
    """
    rows = SourceEntry.objects.filter(listing__source__key=source_key)
    undos = Operation.objects.filter(kind=OperationKind.UNDO, import_run__source__key=source_key)
    if not undos.exists():
        return rows
    counts = Q(run__undone=None) | Q(change=Outcome.CREATE)
    return _with_cut(rows).filter(counts & (Q(article__isnull=False) | _NOT_TAKEN))


#: That it was no undo that took the article of an entry that has none.
_NOT_TAKEN = Q(left_by=None) | ~Q(left_by=OperationKind.UNDO)
_DELETED = Q(article=None) & _NOT_TAKEN


def left_behind(source_key: str, newest: int | None) -> set[int]:
    """Return the undone runs of a source that are newer than *newest*, the last run that stands.

    What they left to an editor is looked for in the next listing as if they had been its newest.
    """
    rows = ImportRun.objects.filter(source__key=source_key, undone__isnull=False)
    return set(rows.filter(pk__gt=newest or 0).values_list("pk", flat=True))


def said_last(
    source_key: str, article_ids: Iterable[int], leave: Container[int]
) -> dict[int, Values]:
    """Return what each article was given last by a source, field by field: a version that does
    not speak of a field leaves what one before it said. The entries *leave* do not count."""
    found: dict[int, Values] = {}
    rows = standing(source_key).exclude(change__in=(Outcome.REVIEW, Outcome.REJECT))
    for chunk in batches(sorted(article_ids)):
        entries = rows.filter(article__in=chunk).order_by("run_id", "id")
        for pk, article, own, before in entries.values_list(
            "id", "article_id", "values", "unchanged_from__values"
        ).iterator():
            if article is not None and pk not in leave:
                found.setdefault(article, {}).update(own or before or {})
    return found


def former_articles(entry_ids: Iterable[int]) -> dict[int, int]:
    """Return the article that each of these entries led to last, as far as the ledger says so."""
    found: dict[int, int] = {}
    for chunk in batches(sorted(entry_ids)):
        rows = FieldChange.objects.filter(
            subject_type="entry", subject_id__in=chunk, field="article"
        )
        for pk, old in rows.order_by("id").values_list("subject_id", "old"):
            if isinstance(old, int):
                found[pk] = old
    return found


def _with_cut(rows: QuerySet[SourceEntry]) -> QuerySet[SourceEntry]:
    """Add what kind of operation cut or joined each entry's link last."""
    last = FieldChange.objects.filter(subject_type="entry", subject_id=OuterRef("pk"))
    return rows.annotate(left_by=Subquery(last.order_by("-id").values("operation__kind")[:1]))


def deleted_since(run: ImportRun) -> QuerySet[SourceEntry]:
    """Return the entries of *run* whose new article was deleted by an editor."""
    rows = SourceEntry.objects.filter(run=run, change=Outcome.CREATE, article=None)
    return _with_cut(rows).filter(_DELETED).order_by("ordinal")


def keys_given_up(keys: Iterable[str]) -> set[str]:
    """Return those of the permanent keys whose article an undo removed: they are reserved, and an
    import that states one may make the article anew."""
    found: set[str] = set()
    images = FieldChange.objects.filter(
        subject_type="article", field=ROW, operation__import_run__undone__isnull=False
    )
    for chunk in batches(sorted(keys)):
        rows = images.filter(old__key__in=list(chunk))
        found |= set(rows.values_list("old__key", flat=True))
    return found


def withdrawn_by_undo(article_ids: Iterable[int]) -> set[int]:
    """Return those of the articles that an undo withdrew and nobody edited since."""
    found: set[int] = set()
    for chunk in batches(sorted(article_ids)):
        withdrawn = Article.objects.filter(pk__in=chunk, status=Status.WITHDRAWN, merged_into=None)
        ids = set(withdrawn.values_list("pk", flat=True))
        rows = FieldChange.objects.filter(subject_type="article", subject_id__in=ids)
        for pk, name, kind, run in rows.order_by("id").values_list(
            "subject_id", "field", "operation__kind", "operation__import_run"
        ):
            is_of_run = run is not None and kind in OF_RUNS
            if name == "status" and is_of_run and kind == OperationKind.UNDO:
                found.add(pk)
            elif name == "status" or not is_of_run:
                found.discard(pk)
    return found
