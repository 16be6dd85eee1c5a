"""Findings, links of source entries, and what a redo owes, when an import is taken back."""

from articles.choices import FindingState, OperationKind, Outcome
from articles.importing.undoing.facts import Later, Written, existing, of_created
from articles.importing.undoing.plan import BROUGHT_BACK, REMOVED, WITHDRAWN, UndoPlan
from articles.models import Article, FieldChange, Finding, ImportRun, Operation, SourceEntry
from articles.writing.index import batches
from articles.writing.operations import Change, record
from articles.writing.restoring import ROW
from articles.writing.state import Values

#: What of a finding an undo takes when an article goes.
_ARTICLES = ("article", "other_article")


def closing(plan: UndoPlan, run: ImportRun, created: set[int]) -> dict[int, Values]:
    """Return the open findings that lose their object: those of *run*, but not of articles that it
    created and that stay, nor of entries that wait in another run too; and those of articles that
    go."""
    gone = set(plan.ids(REMOVED))
    stay = created - gone - set(plan.ids(WITHDRAWN))
    still_open = Finding.objects.filter(state=FindingState.OPEN)
    waiting = SourceEntry.objects.filter(
        listing__source=run.source_id, run__undone=None, change=Outcome.REVIEW, article=None
    ).exclude(run=run)
    own = still_open.filter(import_run=run).exclude(
        source_entry__fingerprint__in=waiting.values("fingerprint")
    )
    found = {pk for pk, article in own.values_list("pk", "article_id") if article not in stay}
    for name in _ARTICLES if gone else ():
        about = still_open.filter(**{f"{name}__in": of_created(run).values("article")})
        found |= {pk for pk, article in about.values_list("pk", name) if article in gone}
    return {pk: {"state": FindingState.RESOLVED.value} for pk in sorted(found)}


def reopening(plan: UndoPlan, later: Later, written: Written) -> dict[int, Values]:
    """Return the findings that get back what the undo took from them, with those values.

    One that an editor settled since stays settled; one that another import asked anew stays closed.
    """
    taken_of = {pk: fields for (subject, pk), fields in written.items() if subject == "finding"}
    articles = {
        fields[name][0] for fields in taken_of.values() for name in _ARTICLES if name in fields
    }
    there = existing(Article, articles) | set(plan.ids(BROUGHT_BACK))
    found: dict[int, Values] = {}
    for chunk in batches(sorted(taken_of)):
        settled = later.acts("finding", chunk)
        prints = [taken_of[pk]["fingerprint"][0] for pk in chunk if "fingerprint" in taken_of[pk]]
        rows = Finding.objects.filter(fingerprint__in=prints)
        asked_again = set(rows.values_list("fingerprint", flat=True))
        for pk in Finding.objects.filter(pk__in=chunk).values_list("pk", flat=True):
            values: Values = {
                name: was
                for name, (was, _) in taken_of[pk].items()
                if name in _ARTICLES and was in there
            }
            old_print = taken_of[pk].get("fingerprint", (None, None))[0]
            if old_print and old_print not in asked_again and not settled.get(pk):
                values |= {"state": FindingState.OPEN.value, "fingerprint": old_print}
            if values:
                found[pk] = values
    return found


def links(plan: UndoPlan, written: Written) -> dict[int, int]:
    """Return the source entries that lead to an article again: entry id to article id."""
    wanted = {
        pk: fields["article"][0]
        for (subject, pk), fields in written.items()
        if subject == "entry" and "article" in fields
    }
    there = existing(Article, wanted.values()) | set(plan.ids(BROUGHT_BACK))
    return {pk: article for pk, article in wanted.items() if article in there}


def carry_over(before: Operation, operation: Operation) -> None:
    """Note under *operation*, which takes a run back again, what the undo *before* it took and no
    redo could bring back: rows, and the links that led to them. The next redo tries again."""
    images = before.changes.filter(field=ROW, new__isnull=True)
    again = FieldChange.objects.filter(
        operation__import_run=before.import_run_id, operation__kind=OperationKind.RESTORE,
        operation_id__gt=before.pk, field=ROW,
    )  # fmt: skip
    back = set(again.values_list("subject_type", "subject_id"))
    owed = [
        (pk, kind, row)
        for pk, kind, row in images.order_by("id").values_list("pk", "subject_type", "subject_id")
        if (kind, row) not in back
    ]
    for chunk in batches([pk for pk, _, _ in owed]):
        rows = FieldChange.objects.filter(pk__in=chunk).order_by("id")
        record(
            operation,
            [Change(row.subject_type, row.subject_id, ROW, row.old, None) for row in rows],
        )
    articles = {row for _, kind, row in owed if kind == "article"}
    cut = before.changes.filter(subject_type="entry", field="article", new__isnull=True)
    record(
        operation,
        [
            Change("entry", pk, "article", article, None)
            for pk, article in cut.order_by("id").values_list("subject_id", "old")
            if article in articles
        ],
    )
