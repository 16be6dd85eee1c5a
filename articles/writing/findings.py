"""The writer of findings: what the checks raise, what is gone again, what editors decide.

A doubt that ended by itself (resolved, by nobody) is raised again if its cause comes back; one that
somebody settled is not.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from articles import bulk, clock
from articles.choices import FindingState, OperationKind
from articles.cleaning import clean_line
from articles.models import Article, Finding, ImportRun, Operation, Part
from articles.review.facts import Doubt, Facts
from articles.review.reading import facts_of, lines_of, sources_with_standfirsts
from articles.review.registry import check_codes
from articles.review.running import Raised, raise_doubts
from articles.review.suggesting import choices_of
from articles.writing import conflicts, index, operations

#: The check whose answer depends on other articles of the series.
_OF_NEIGHBOURS = "part-gap"


@dataclass(slots=True)
class Reviewed:
    """What a review did: findings opened (anew, or again) and closed, by code."""

    opened: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    #: What was raised at all, as (article, code), stored before or not, and by fingerprint.
    raised: set[tuple[int, str]] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    looked_at: int = 0

    def add(self, other: "Reviewed") -> None:
        """Add what another review did."""
        for mine, theirs in ((self.opened, other.opened), (self.closed, other.closed)):
            for code, count in theirs.items():
                mine[code] = mine.get(code, 0) + count
        self.raised |= other.raised
        self.seen |= other.seen
        self.looked_at += other.looked_at


def review_saved(article_ids: Iterable[int], operation: Operation | None = None) -> Reviewed:
    """Look at articles that were just written, and at those whose findings depend on them."""
    ids = sorted(set(article_ids))
    facts = facts_of(ids)
    done = review(facts, operation=operation)
    _close(_fulfilled(ids), operation, done)
    end_conflicts(conflicts.fulfilled(ids), operation, done)
    if series := {place.series for one in facts for place in one.places}:
        done.add(review_series(series, operation))
    return done


def review_series(series_ids: Iterable[int], operation: Operation | None = None) -> Reviewed:
    """Look again at parts of these series that lacked the part before."""
    done = Reviewed()
    for chunk in index.batches(sorted(set(series_ids))):
        waiting = Finding.objects.filter(
            code=_OF_NEIGHBOURS, state=FindingState.OPEN, article__parts__series__in=chunk
        )
        ids = {pk for pk in waiting.values_list("article_id", flat=True) if pk}
        if ids:
            done.add(review(facts_of(ids), codes={_OF_NEIGHBOURS}, operation=operation))
    return done


def review_after(places: Iterable[tuple[int, int]], operation: Operation | None = None) -> Reviewed:
    """Look again at what follows *places*, (series, part number), that are empty now."""
    ids: set[int] = set()
    for series, number in places:
        rows = Part.objects.filter(series=series, part_number=number + 1)
        ids.update(rows.values_list("article_id", flat=True))
    return review(facts_of(ids), codes={_OF_NEIGHBOURS}, operation=operation)


def review(
    facts: Sequence[Facts],
    *,
    codes: Collection[str] | None = None,
    operation: Operation | None = None,
    run: ImportRun | None = None,
    entries: Mapping[int, int] | None = None,
    seen: Collection[str] = (),
) -> Reviewed:
    """Bring the findings of these articles in step with what the checks raise; say what was done.

    *codes* names the checks (None: all), *entries* the source entries whose lines go with them.
    Must run in the transaction that wrote the articles; what is closed goes under *operation*.
    """
    done = Reviewed()
    for chunk in index.batches(facts):
        raised = [one for one in raise_doubts(chunk, codes) if one.fingerprint not in seen]
        done.looked_at += len(chunk)
        _review_chunk(chunk, raised, codes, operation, run, entries or {}, done)
    return done


def store_new(
    raised: Iterable[Raised],
    *,
    operation: Operation | None,
    run: ImportRun | None,
    entries: Mapping[int, int],
) -> Reviewed:
    """Store what the checks raised about articles that have no findings yet; return what it did."""
    done = Reviewed()
    for chunk in index.batches(list(raised)):
        _review_chunk([], chunk, None, operation, run, entries, done, are_new=True)
    return done


def _review_chunk(
    facts: Sequence[Facts],
    raised: Sequence[Raised],
    codes: Collection[str] | None,
    operation: Operation | None,
    run: ImportRun | None,
    entries: Mapping[int, int],
    done: Reviewed,
    *,
    are_new: bool = False,
) -> None:
    wanted = {one.fingerprint: one for one in raised}
    done.raised |= {(one.article, one.code) for one in raised}
    done.seen |= wanted.keys()
    stored: dict[str, Finding] = {}
    for prints in index.batches(sorted(wanted)):
        stored |= {row.fingerprint: row for row in Finding.objects.filter(fingerprint__in=prints)}
    asked = check_codes() if codes is None else frozenset(codes) & check_codes()
    ids = [one.id for one in facts]
    open_rows: list[Finding] = []
    if not are_new:
        rows = Finding.objects.filter(code__in=asked)
        about = rows.filter(Q(article__in=ids) | Q(other_article__in=ids))
        imported = [row for row in about if is_of_parser(row) and row.fingerprint not in stored]
        _adopt(wanted, stored, imported)
        texts = {one.id: dict(one.texts()) for one in facts}
        open_rows = [
            row
            for row in about.filter(state=FindingState.OPEN)
            if row.fingerprint not in wanted and not _stands_as_read(row, texts)
        ]
    fresh = [one for print_, one in wanted.items() if print_ not in stored]
    lines = lines_of({entries[one.article] for one in fresh if one.article in entries})
    new = [_finding(one, run, entries.get(one.article), lines) for one in fresh]
    if are_new:
        _insert(new)
    else:
        Finding.objects.bulk_create(new, batch_size=index.BATCH, ignore_conflicts=True)
    again = _renew(wanted, stored)
    for row in (*new, *again):
        done.opened[row.code] = done.opened.get(row.code, 0) + 1
    _record(operation, again, FindingState.RESOLVED, FindingState.OPEN)
    _close(open_rows, operation, done)


def _insert(findings: Sequence[Finding]) -> None:
    # About articles that no other transaction sees yet: nobody else can have stored one.
    names = [field.attname for field in Finding._meta.concrete_fields]
    for row, pk in zip(findings, bulk.reserve_ids(Finding, len(findings)), strict=True):
        row.pk, row.created = pk, clock.now()
    bulk.insert(Finding, names, [[getattr(row, name) for name in names] for row in findings])


def _finding(
    one: Raised, run: ImportRun | None, entry: int | None, lines: Mapping[int | None, list[int]]
) -> Finding:
    return Finding(
        code=one.code,
        message=clean_line(one.doubt.message, 1000),
        article_id=one.article,
        other_article_id=one.doubt.other,
        source_entry_id=entry,
        import_run=run,
        evidence=dict(one.doubt.evidence) | ({"lines": lines[entry]} if entry in lines else {}),
        suggestion=None if one.doubt.suggestion is None else dict(one.doubt.suggestion),
        fingerprint=one.fingerprint,
    )


def is_of_parser(row: Finding) -> bool:
    """Tell whether a finding was made of a parser's remark: it has the other readings."""
    return isinstance(row.evidence, dict) and "alternatives" in row.evidence


def _adopt(
    wanted: Mapping[str, Raised], stored: dict[str, Finding], imported: Sequence[Finding]
) -> None:
    """Let a check take over the parser's finding of the same doubt, settled or not."""
    free = {(row.article_id, row.code): row for row in imported}
    for print_, one in wanted.items():
        row = free.pop((one.article, one.code), None) if print_ not in stored else None
        if row is not None:
            row.fingerprint = print_
            row.save(update_fields=["fingerprint"])
            stored[print_] = row


def _stands_as_read(row: Finding, texts: Mapping[int, Mapping[str, str]]) -> bool:
    """Tell whether what the parser remarked on is still there, although no check sees it."""
    read = row.evidence.get("values") if is_of_parser(row) else None
    now = texts.get(row.article_id or 0)
    if not isinstance(read, dict) or now is None:
        return False
    return all((read.get(name) or "") == now.get(name, "") for name in (*read, *now))


def _renew(wanted: Mapping[str, Raised], stored: Mapping[str, Finding]) -> list[Finding]:
    """Bring what stored findings show up to date; return those that are open again."""
    again = []
    stale = _unmoved(row for print_, row in stored.items() if _is_stale(row, wanted[print_]))
    for row in stale:
        doubt = wanted[row.fingerprint].doubt
        if row.state == FindingState.RESOLVED:
            row.state, row.settled = FindingState.OPEN, None
            again.append(row)
        row.message, row.evidence, row.suggestion = _shown(doubt, row)
        row.other_article_id = doubt.other
    columns = ["state", "settled", "message", "evidence", "suggestion", "other_article"]
    Finding.objects.bulk_update(stale, columns, batch_size=100)
    return again


def _shown(doubt: Doubt, row: Finding) -> tuple[str, dict[str, Any], Any]:
    lines = row.evidence.get("lines") if isinstance(row.evidence, dict) else None
    evidence = dict(doubt.evidence) | ({"lines": lines} if lines else {})  # where it was found
    return clean_line(doubt.message, 1000), evidence, doubt.suggestion


def _is_stale(row: Finding, raised: Raised) -> bool:
    """Whether a finding ended by itself, and is back; or shows something else than is so now."""
    if row.state == FindingState.RESOLVED:
        return row.settled_by_id is None
    now = row.message, row.evidence, row.suggestion
    return row.state == FindingState.OPEN and now != _shown(raised.doubt, row)


def _fulfilled(article_ids: Iterable[int]) -> list[Finding]:
    """Return the open findings whose suggestion the article follows already."""
    rows = Finding.objects.filter(article__in=list(article_ids), state=FindingState.OPEN)
    return [
        row
        for row in rows.select_related("article")
        if any(
            all(getattr(row.article, name) == value for name, value in offer["fields"].items())
            for offer in choices_of(row.suggestion)
        )
    ]


def close_findings(findings: Iterable[Finding], operation: Operation | None = None) -> None:
    """Close findings whose cause is gone: by themselves, so that they may open again."""
    _close(list(findings), operation, Reviewed())


def end_conflicts(
    over: Mapping[int, Iterable[str]], operation: Operation | None, done: Reviewed | None = None
) -> None:
    """Note that fields in conflict are over, by the id of their finding: nobody is asked any more.

    A finding of which no other field waits is closed, by itself.
    """
    if not over:
        return
    rows = [row for row in hold(over).values() if row.state == FindingState.OPEN]
    ended = [row for row in rows if conflicts.mark_over(row, over[row.pk])]
    Finding.objects.bulk_update(rows, ["evidence"], batch_size=100)
    _close(ended, operation, Reviewed() if done is None else done)


def open_again(findings: Iterable[Finding], operation: Operation | None = None) -> None:
    """Open findings that had ended by themselves, or by an act that is taken back."""
    rows = _unmoved(findings)
    for row in rows:
        row.state, row.settled, row.settled_by = FindingState.OPEN, None, None
        conflicts.forget_over(row)
    Finding.objects.bulk_update(
        rows, ["state", "settled", "settled_by", "evidence"], batch_size=100
    )
    _record(operation, rows, FindingState.RESOLVED, FindingState.OPEN)


def resolve(finding: Finding, operation: Operation, actor: AbstractBaseUser | None) -> None:
    """Mark one finding as resolved by *actor*, as a part of *operation*."""
    old = FindingState(finding.state)
    finding.state, finding.settled = FindingState.RESOLVED, operation.at
    finding.settled_by_id = None if actor is None else actor.pk
    finding.save(update_fields=["state", "settled", "settled_by", "evidence"])
    _record(operation, [finding], old, FindingState.RESOLVED)


def _close(rows: Sequence[Finding], operation: Operation | None, done: Reviewed) -> None:
    now = clock.now()
    rows = _unmoved(rows)
    for row in rows:
        row.state, row.settled, row.settled_by = FindingState.RESOLVED, now, None
        done.closed[row.code] = done.closed.get(row.code, 0) + 1
    Finding.objects.bulk_update(rows, ["state", "settled", "settled_by"], batch_size=index.BATCH)
    _record(operation, rows, FindingState.OPEN, FindingState.RESOLVED)


def hold(finding_ids: Iterable[int]) -> dict[int, Finding]:
    """Lock findings, by id, and return them as they are now.

    This is the order of every writer: articles, or authors, series and tags, come first, then the
    content version, and findings last. Under the version it does not matter in which pieces.
    """
    ids = sorted(set(finding_ids))
    if not ids:
        return {}
    index.lock_content_version()
    rows = Finding.objects.select_for_update(of=("self",)).order_by("pk")
    return {row.pk: row for chunk in index.batches(ids) for row in rows.filter(pk__in=chunk)}


def is_as_read(finding: Finding) -> bool:
    """Lock *finding*; tell whether nobody settled or changed it since it was read."""
    now = hold([finding.pk]).get(finding.pk)
    names = ("state", "evidence", "suggestion", "article_id")
    return now is not None and all(getattr(now, name) == getattr(finding, name) for name in names)


def _unmoved(rows: Iterable[Finding]) -> list[Finding]:
    """Lock findings; return those whose state is what was read."""
    given = list(rows)
    held = hold(row.pk for row in given)
    return [row for row in given if row.pk in held and held[row.pk].state == row.state]


def _record(
    operation: Operation | None, rows: Sequence[Finding], old: FindingState, new: FindingState
) -> None:
    if operation is not None and rows:
        operations.record(
            operation,
            [operations.Change("finding", row.pk, "state", old.value, new.value) for row in rows],
        )


def review_all(
    *,
    codes: Collection[str] | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Reviewed:
    """Run the checks over the whole archive; return what was done, or would be with *dry_run*.

    One transaction for each chunk, so that nobody waits long. Withdrawn articles are left alone.
    """
    done = Reviewed()
    habits = sources_with_standfirsts()
    ids = list(Article.objects.present().order_by("sort_key", "id").values_list("id", flat=True))
    for chunk in index.batches(ids):
        with transaction.atomic():
            done.add(review(facts_of(chunk, habits), codes=codes, seen=done.seen))
            transaction.set_rollback(dry_run)
        if progress is not None:
            progress(done.looked_at, len(ids))
    return done


def settle_findings(
    finding_ids: Iterable[int], state: FindingState, *, actor: AbstractBaseUser | None
) -> int:
    """Give findings the state *state* as one operation; return how many had another one.

    "Resolved" and "not a problem" remember who and when; "open" forgets both.
    """
    with transaction.atomic():
        findings = [row for row in hold(finding_ids).values() if row.state != state]
        if not findings:
            return 0
        operation = operations.begin(OperationKind.BULK, actor=actor)
        changes = [
            operations.Change("finding", row.pk, "state", row.state, state.value)
            for row in findings
        ]
        operations.record(operation, changes)
        is_open = state == FindingState.OPEN
        # All of it is to be decided again.
        decided = [row for row in findings if is_open and "decided" in (row.evidence or {})]
        for row in decided:
            row.evidence = {**row.evidence, "decided": {}}
        when = None if is_open else operation.at
        who = None if is_open or actor is None else actor.pk
        for chunk in index.batches([row.pk for row in findings]):
            Finding.objects.filter(pk__in=chunk).update(state=state, settled=when, settled_by=who)
        Finding.objects.bulk_update(decided, ["evidence"], batch_size=100)
    return len(findings)
