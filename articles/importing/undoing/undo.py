"""Taking back an import run, and taking that back: one transaction, one operation in the ledger."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction

from articles.choices import OperationKind, Status
from articles.importing.lock import import_lock
from articles.importing.undoing.facts import undo_operation
from articles.importing.undoing.findings import carry_over
from articles.importing.undoing.plan import (
    BROUGHT_BACK,
    REDO,
    REMOVED,
    RESTORED,
    UNDO,
    WITHDRAWN,
    Step,
    UndoPlan,
)
from articles.importing.undoing.reading import (
    NotPossible,
    make_redo_plan,
    make_undo_plan,
    operation_to_reverse,
    touched_by,
)
from articles.models import Article, Finding, ImportRun, Operation
from articles.search import base
from articles.writing import index, names, operations, restoring
from articles.writing.articles import write_articles
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place, StaleVersion
from articles.writing.ended import closed_by, opened_by
from articles.writing.findings import close_findings, open_again, review_saved
from articles.writing.state import COLUMNS

#: What the tombstone of an article says whose import was taken back.
WITHDRAWN_REASON = "import undone"
#: How often a plan is made anew because an editor was quicker.
ATTEMPTS = 3

Progress = Callable[[int, int], None]


class PlanMoved(Exception):
    """The archive moved since somebody agreed to the plan, so that it is another one now."""


def make_plan(run: ImportRun, action: str) -> UndoPlan:
    """Return what *action* (`UNDO` or `REDO`) would do with *run*; write nothing.

    Raises `NotPossible` if the run is undone already, or is not.
    """
    return make_undo_plan(run) if action == UNDO else make_redo_plan(run)


def take_back(
    run: ImportRun,
    action: str = UNDO,
    *,
    actor: AbstractBaseUser | None = None,
    reason: str = "",
    agreed: str | None = None,
    progress: Progress | None = None,
) -> UndoPlan:
    """Take back *run*, or with `REDO` take that back; return what was done.

    Holds the import lock; one transaction. *agreed* is the digest of the plan that somebody saw
    and agreed to. Raises `LockHeld`; `NotPossible`; `PlanMoved` if the plan is another one now;
    `StaleVersion` or `InvalidChange` if editors were quicker `ATTEMPTS` times. Nothing is written
    then.
    """
    with import_lock():
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    plan = _carry_out(run.pk, action, actor, reason, agreed, progress)
                break
            except (StaleVersion, InvalidChange, IntegrityError, models.ProtectedError) as error:
                if attempt == ATTEMPTS:
                    if isinstance(error, StaleVersion | InvalidChange):
                        raise
                    raise StaleVersion(str(error)) from error
        base.optimise()
    return plan


def _carry_out(
    run_id: int,
    action: str,
    actor: AbstractBaseUser | None,
    reason: str,
    agreed: str | None,
    progress: Progress | None,
) -> UndoPlan:
    run = ImportRun.objects.select_for_update(no_key=True).get(pk=run_id)
    parent = operation_to_reverse(run, action)
    # In the order of every writer: articles by id, then the content version.
    for chunk in index.batches(touched_by(run, action)):
        rows = Article.objects.select_for_update(no_key=True).filter(pk__in=chunk)
        list(rows.order_by("pk").values_list("pk"))
    plan = make_plan(run, action)
    if agreed is not None and agreed != plan.digest():
        raise PlanMoved
    kind = OperationKind.UNDO if action == UNDO else OperationKind.RESTORE
    operation = operations.begin(kind, actor=actor, reason=reason, import_run=run, parent=parent)
    writer = _Writer(plan, run, operation, parent, progress)
    if action == UNDO:
        writer.undo()
    else:
        writer.redo()
    run.undone = operation.at if action == UNDO else None
    run.save(update_fields=["undone"])
    plan.operation = operation.pk
    return plan


class _Writer:
    """Writes one plan."""

    def __init__(
        self,
        plan: UndoPlan,
        run: ImportRun,
        operation: Operation,
        parent: Operation,
        progress: Progress | None,
    ) -> None:
        self.plan = plan
        self.run = run
        self.operation = operation
        self.parent = parent
        self.rows = {row.id: row for row in plan.articles}
        self.touched: list[int] = []
        self.progress = progress
        self.total = len(plan.articles)

    def undo(self) -> None:
        """Take the run's articles away first: they free addresses and numbers."""
        restoring.close_findings(self.plan.findings, self.operation)
        if (before := undo_operation(self.run, self.operation.pk)) is not None:
            carry_over(before, self.operation)
        withdrawn = self.plan.ids(WITHDRAWN)
        # What fell due and nobody has seen yet is admitted, so that it leaves a tombstone.
        index.refresh(self._never_admitted(withdrawn))
        restoring.cut_links(withdrawn, self.operation)
        removed = self.plan.ids(REMOVED)
        for done, chunk in enumerate(index.batches(removed, 5 * index.BATCH)):
            restoring.remove_articles(chunk, self.operation)
            self._say(min(len(removed), (done + 1) * 5 * index.BATCH))
        self._fields()
        self._names()
        for kind in restoring.NAMED:
            gone = [row.id for row in self.plan.named if (row.kind, row.outcome) == (kind, REMOVED)]
            restoring.remove_named(kind, gone, self.operation)
        index.refresh(self.touched)
        # What the import closed, since it had brought what was asked for, is asked again.
        self._look_again(open_again, closed_by(self.parent))

    def redo(self) -> None:
        """Bring names first, since articles stand on them, and whole articles last."""
        for kind in restoring.NAMED:
            images = [
                row.image
                for row in self.plan.named
                if (row.kind, row.outcome) == (kind, BROUGHT_BACK) and row.image
            ]
            restoring.restore_named(kind, images, self.operation)
        self._names()
        self._fields()
        for chunk in index.batches(self.plan.ids(BROUGHT_BACK)):
            rows = self.parent.changes.filter(
                subject_type="article", field=restoring.ROW, subject_id__in=chunk
            )
            images = [
                image
                for image in rows.order_by("subject_id").values_list("old", flat=True)
                if image
            ]
            self.touched += restoring.restore_articles(images, self.operation)
            self._say(len(self.touched))
        restoring.join_links(self.plan.links, self.operation)
        restoring.reopen_findings(self.plan.findings, self.operation)
        index.refresh(self.touched)
        self._look_again(close_findings, opened_by(self.parent))

    def _look_again(self, act: Callable[..., None], findings: list[Finding]) -> None:
        """Open or close *findings* of articles that are here, and bring those in step."""
        act([row for row in findings if row.pk not in self.plan.findings], self.operation)
        review_saved({row.article_id for row in findings if row.article_id}, self.operation)

    def _never_admitted(self, ids: Sequence[int]) -> list[int]:
        found: list[int] = []
        for chunk in index.batches(ids):
            rows = Article.objects.filter(pk__in=chunk, first_public_at=None)
            found += rows.values_list("pk", flat=True)
        return found

    def _say(self, done: int) -> None:
        if self.progress:
            self.progress(min(done, self.total), self.total)

    def _fields(self) -> None:
        """Write fields that go back, and withdrawals, group after group."""
        for group in self.plan.order:
            standing: dict[tuple[str, str], list[int]] = defaultdict(list)
            others = []
            for pk in group:
                fields = _standing(self.rows[pk])
                if fields is None:
                    others.append(pk)
                else:
                    standing[fields].append(pk)
            for (status, reason), ids in standing.items():
                self.touched += restoring.set_standing(ids, Status(status), reason, self.operation)
            for chunk in index.batches(others):
                changes = [_change(self.rows[pk]) for pk in chunk]
                written = write_articles(changes, self.operation, refresh=False)
                self.touched += [article.pk for article in written]
                self._say(len(self.touched))

    def _names(self) -> None:
        """Write fields of authors, series and tags that go back."""
        for row in self.plan.named:
            restored = row.restored()
            if row.outcome != RESTORED or not restored:
                continue
            model: Any = restoring.NAMED[row.kind][0]
            instance = model._default_manager.get(pk=row.id)
            for name, value in restored.items():
                if name != "aliases":
                    setattr(instance, name, value)
            names.save_named(
                instance,
                aliases=restored.get("aliases"),
                actor=None,
                operation=self.operation,
            )


def _standing(row: Step) -> tuple[str, str] | None:
    """Return status and reason of an article of which nothing else changes: many have the same."""
    if row.outcome == WITHDRAWN:
        return Status.WITHDRAWN.value, WITHDRAWN_REASON
    restored = row.restored()
    if restored.keys() != {"status", "withdrawn_reason"}:
        return None
    return str(restored["status"]), str(restored["withdrawn_reason"] or "")


def _change(row: Step) -> ArticleChange:
    change = ArticleChange(article=Article(pk=row.id), expected_version=row.version)
    for name, value in row.restored().items():
        if name == "credits":
            change.credits = [Credit(item["author"], item["role"]) for item in value or []]
        elif name == "tags":
            change.tags = [item["tag"] for item in value or []]
        elif name == "parts":
            change.parts = [Place(item["series"], item["part_number"]) for item in value or []]
        elif name in COLUMNS:
            change.fields[name] = value
    return change


__all__ = ["REDO", "UNDO", "NotPossible", "PlanMoved", "make_plan", "take_back"]
