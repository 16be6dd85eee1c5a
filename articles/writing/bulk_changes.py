"""One change to many articles, carried out a part at a time; `bulk_acts` says what it does to each.

All parts belong to one operation of the ledger. Each part is one transaction, which also remembers
how far the work has come: whatever ends in between, nothing is done twice and nothing is forgotten.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import clock
from articles.choices import OperationKind, Status
from articles.models import Article, BulkWork, FieldChange, Operation
from articles.permissions import OPEN
from articles.writing import ended, findings, operations, sheet_changes, suggestions, versions
from articles.writing.articles import locked_articles, write_articles
from articles.writing.bulk_acts import LISTED, change_of, values_after
from articles.writing.bulk_acts import Act as Act
from articles.writing.changes import ArticleChange, InvalidChange
from articles.writing.state import FIELDS, Values, columns_of, lists_of

#: Articles in one part: a second or two.
PART = 200
#: So many articles at once, and so many of those that were left are named.
MOST, NAMED = 20_000, 100

#: Says whether the person may give an article this status, now.
MayReach = Callable[[Article, str], bool]
#: Says whether the person may give a field a value, now.
MayGive = Callable[[str], bool]


def begin_work(
    act: Act,
    wanted: Sequence[tuple[int, int]],
    *,
    actor: AbstractBaseUser | None,
    reason: str = "",
    parent: Operation | None = None,
) -> BulkWork:
    """Store what is to be done to the articles *wanted* (id and version); nothing is done yet.

    What *actor* has begun already, as `begun` finds it, is returned as it is. Raises `ValueError`
    for more than `MOST`.
    """
    if len(wanted) > MOST:
        raise ValueError(f"at most {MOST} articles at once")
    kind = OperationKind.UNDO if act.do == "undo" else OperationKind.BULK
    with transaction.atomic():
        if actor is not None and act.agreed:
            # Who presses twice, in two tabs, waits here for the first.
            accounts = get_user_model()._default_manager.select_for_update(no_key=True)
            accounts.filter(pk=actor.pk).first()
            if earlier := begun(act, actor=actor):
                return earlier
        operation = operations.begin(kind, actor=actor, reason=reason, parent=parent)
        return BulkWork.objects.create(
            actor_id=actor.pk if actor is not None else None,
            operation=operation,
            act=act.as_json(),
            wanted=[list(pair) for pair in wanted],
            total=len(wanted),
        )


def begun(act: Act, *, actor: AbstractBaseUser) -> BulkWork | None:
    """Return the work that *actor* began by agreeing to this *act* on these articles before.

    One that ended and changed nothing does not count: it may be tried again.
    """
    rows = BulkWork.objects.filter(actor_id=actor.pk, act__agreed=act.agreed).defer("wanted")
    return next(
        (
            work
            for work in rows.order_by("-pk")
            if Act.of(work.act) == act and (work.finished is None or work.changed)
        ),
        None,
    )


@dataclass(slots=True)
class _Part:
    """One part of a work: the changes that it makes, and what it leaves."""

    changes: list[ArticleChange] = field(default_factory=list)
    left: list[tuple[int, str]] = field(default_factory=list)


def carry_on(
    pk: int,
    may_change: Callable[[Article], bool],
    *,
    may_reach: MayReach | None = None,
    may_give: MayGive | None = None,
    limit: int = PART,
) -> BulkWork:
    """Do the next part of a work, at most *limit* articles; return it as it then stands.

    *may_change* says of each article whether the person may change it, now, and *may_reach*
    whether they may give it a status (None: no status changes); *may_give* says it of a field
    (None: of all). One that was saved since the preview is left, and so is one that cannot take
    the change; ``left`` says why.
    """
    with transaction.atomic():
        work = BulkWork.objects.select_for_update().select_related("operation").get(pk=pk)
        if work.finished is not None:
            return work
        act = Act.of(work.act)
        limit = max(limit, work.total) if act.at_once else limit
        chunk = dict(work.wanted[work.done : work.done + limit])
        part = _plan(act, chunk, work.operation, may_change, may_reach, may_give)
        written = _write(part, work.operation)
        if written:
            findings.review_saved(written, work.operation)
        if act.do == "undo" and work.operation.parent is not None:
            # What the change had settled is asked again.
            over = ended.closed_by(work.operation.parent, written)
            findings.open_again(over, work.operation)
        work.done = min(work.done + limit, work.total)
        work.changed += len(written)
        work.left_count += len(part.left)
        work.left = [*work.left, *map(list, part.left)][:NAMED]
        if work.done >= work.total:
            work.finished = clock.now()
            # Whom it did not change needs no longer be remembered with a version.
            work.wanted = []
        work.save()
    return work


def _plan(
    act: Act,
    chunk: Mapping[int, int],
    operation: Operation,
    may_change: Callable[[Article], bool],
    may_reach: MayReach | None,
    may_give: MayGive | None,
) -> _Part:
    part = _Part()
    articles = {article.pk: article for article in locked_articles(chunk)}
    lists = lists_of(articles)
    undoing = _taken_back(act.one, chunk) if act.do == "undo" else {}
    given: dict[int, Values] = {}
    unclear: dict[int, str] = {}
    if act.do == "sheet":
        ready = [pk for pk, one in articles.items() if one.version == chunk[pk] and may_change(one)]
        given = sheet_changes.values_of(act.one, ready)
        unclear = sheet_changes.give_ids(given, operation)
    if act.do == "suggestions":
        given = suggestions.offered(act.text, chunk)
    for pk, version in chunk.items():
        article = articles.get(pk)
        if article is None:
            part.left.append((pk, _("It no longer exists.")))
        elif not may_change(article):
            part.left.append((pk, _("Your group may not change it.")))
        elif act.do != "undo" and article.version != version:
            part.left.append((pk, _("Somebody saved it since the preview.")))
        else:
            now = columns_of(article) | lists[pk]
            if act.do == "undo":
                values, kept = _given_back(undoing.get(pk, []), now)
                values = _unpublished(article, values)
                if kept:
                    part.left.append((pk, _("Changed since: %s.") % ", ".join(kept)))
            elif act.do == "suggestions":
                values = given.get(pk, {})
                if not values:
                    part.left.append((pk, _("Its text is another one than when this was found.")))
            elif act.do == "sheet":
                values = {} if pk in unclear else given.get(pk, {})
            else:
                values = values_after(act, now)
            if pk in unclear:
                part.left.append((pk, unclear[pk]))
            elif "status" in values and not (may_reach and may_reach(article, values["status"])):
                part.left.append((pk, _("It may not get this status.")))
            elif may_give is not None and not all(map(may_give, values)):
                part.left.append((pk, _("Your group may not change it.")))
            elif act.do == "undo" and (lost := versions.missing(values).names):
                gone = "; ".join(name for found in lost.values() for name in found)
                part.left.append((pk, _("No longer exists: %s.") % gone))
            elif values:
                part.changes.append(change_of(article, article.version, values))
    return part


def _taken_back(operation_id: int, ids: Iterable[int]) -> dict[int, list[FieldChange]]:
    found: dict[int, list[FieldChange]] = {}
    rows = FieldChange.objects.filter(
        operation=operation_id, subject_type="article", subject_id__in=list(ids), field__in=FIELDS
    )
    for row in rows.order_by("id"):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _given_back(rows: Iterable[FieldChange], now: Values) -> tuple[Values, list[str]]:
    """Return the values before an operation, and the fields that were changed since."""
    values: Values = {}
    kept = []
    for row in rows:
        if versions.is_same(row.field, row.new, now[row.field]):
            empty: Any = [] if row.field in LISTED else None if row.field == "owner" else ""
            values[row.field] = row.old if row.old is not None else empty
        else:
            kept.append(row.field)
    return values, kept


def _unpublished(article: Article, values: Values) -> Values:
    """Return *values*, with a withdrawal in place of the draft that an article was before it was
    published: what readers could have seen has an address, which says so."""
    if values.get("status") not in OPEN or not article.was_public:
        return values
    kept = {name: value for name, value in values.items() if name != "visible_from"}
    return kept | {
        "status": Status.WITHDRAWN.value,
        "withdrawn_reason": _("Its publication was taken back."),
    }


def _write(part: _Part, operation: Operation) -> list[int]:
    """Write the changes of a part; return the articles that it changed. What cannot be is left."""
    before = {
        change.article.pk: change.article.version for change in part.changes if change.article
    }
    try:
        with transaction.atomic():
            written = write_articles(part.changes, operation)
    except InvalidChange:
        written = []
        for change in part.changes:
            try:
                with transaction.atomic():
                    written += write_articles([change], operation)
            except InvalidChange as error:
                assert change.article is not None  # noqa: S101  of articles that are there
                part.left.append((change.article.pk, " ".join(error.errors.values())))
    return [article.pk for article in written if article.version != before[article.pk]]


def remember(
    written: Sequence[Article], act: Act, *, actor: AbstractBaseUser | None
) -> BulkWork | None:
    """Store what one act has just done to *written* at once, so that it can be taken back as any
    bulk change; call it in the same transaction. None if nothing was changed."""
    ids = [article.pk for article in written]
    rows = FieldChange.objects.filter(subject_type="article", subject_id__in=ids[:1])
    last = rows.select_related("operation").order_by("-id").first()
    if last is None:
        return None
    return BulkWork.objects.create(
        actor_id=actor.pk if actor is not None else None,
        operation=last.operation,
        act=act.as_json(),
        wanted=[],
        total=len(ids),
        done=len(ids),
        changed=len(ids),
        finished=clock.now(),
    )


def can_be_undone(operation: Operation) -> bool:
    """Return whether *operation* is an ended bulk change that was not taken back."""
    work = BulkWork.objects.filter(operation=operation).first()
    if work is None or work.finished is None or not work.changed:
        return False
    if operation.kind != OperationKind.BULK:
        return False
    return undo_of(operation) is None


def undo_of(operation: Operation) -> BulkWork | None:
    """Return the work that takes a bulk change back, if somebody began it; one that ended and
    changed nothing does not count."""
    rows = BulkWork.objects.defer("wanted").filter(
        operation__parent=operation, operation__kind=OperationKind.UNDO
    )
    return rows.exclude(finished__isnull=False, changed=0).first()


def stop(pk: int) -> BulkWork:
    """End a work where it is; return it. What it did stays, and can be taken back."""
    with transaction.atomic():
        work = BulkWork.objects.select_for_update().get(pk=pk)
        if work.finished is None:
            work.finished, work.wanted = clock.now(), []
            work.save()
    return work


def begin_undo(operation: Operation, *, actor: AbstractBaseUser | None) -> BulkWork:
    """Store that a bulk change shall be taken back; `carry_on` does it. Where somebody began that
    already, return what they began."""
    with transaction.atomic():
        # Whoever is second waits here for the first.
        Operation.objects.select_for_update(no_key=True).get(pk=operation.pk)
        if (undo := undo_of(operation)) is not None:
            return undo
        ids = operation.changes.filter(subject_type="article").order_by("subject_id")
        wanted = ids.values_list("subject_id", flat=True).distinct()
        work = BulkWork.objects.defer("wanted").get(operation=operation)
        return begin_work(
            Act("undo", one=operation.pk, at_once=Act.of(work.act).at_once),
            [(pk, 0) for pk in wanted],
            actor=actor,
            parent=operation,
        )
