"""From a plan's doubts to findings in the queue."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from itertools import islice
from operator import attrgetter

from django.db.models import Q

from articles import bulk, clock
from articles.choices import FindingState
from articles.cleaning import clean_block, clean_line
from articles.importing.archive_pairs import not_asked
from articles.importing.asked import print_of, print_of_proposal
from articles.importing.choosing import AMBIGUOUS_AUTHOR, Choices
from articles.importing.merged import keep_copies
from articles.importing.merging import both_changed, torn_between
from articles.importing.proposals import with_articles
from articles.importing.records import (
    AMBIGUOUS_ENTRY,
    REJECT,
    REMOVED_TEXT,
    REMOVED_WORDS,
    TWICE,
    UNCHANGED,
    Plan,
    PlannedEntry,
    Values,
)
from articles.importing.reviewing import review_import
from articles.importing.stored import Rows, Stored
from articles.models import Finding, ImportRun, Operation, SourceEntry
from articles.review.facts import TEXTS
from articles.review.registry import check_codes
from articles.review.suggesting import other_readings
from articles.review.together import key_of
from articles.writing import conflicts
from articles.writing.findings import close_findings, end_conflicts, open_again
from articles.writing.index import BATCH, batches

#: Codes of what an import itself doubts.
CONFLICT_CODE, GONE = "conflict", "entry-gone"
#: Codes of what an entry waits for.
_OF_WAITING = (AMBIGUOUS_ENTRY, AMBIGUOUS_AUTHOR)


@dataclass(slots=True)
class _New:
    """What is stored of a finding."""

    code: str
    message: str
    import_run_id: int
    fingerprint: str
    article_id: int | None = None
    source_entry_id: int | None = None
    evidence: Values = field(default_factory=dict)
    suggestion: Values | None = None
    together: str = ""


_NAMES = tuple(one.name for one in fields(_New))
_values_of = attrgetter(*_NAMES)


def _store(findings: Iterable[_New]) -> None:
    """Store those of *findings* that were never stored, as they are of a new listing by the ten
    thousand: without an instance for each."""
    same = (FindingState.OPEN.value, clock.now())
    rows = [(*_values_of(one), *same) for one in findings]
    bulk.insert(Finding, (*_NAMES, "state", "created"), rows, unless_there=True)


def record_findings(plan: Plan, run: ImportRun, rows: Rows) -> None:
    """Store a finding for each doubt of *plan*; *rows* are its source entries by ordinal.

    A doubt that was ever stored, settled or not, is not asked again. What the import wrote goes
    through the checks; where a check and the parser have the same doubt, the check's stands.
    """
    operation = Operation.objects.filter(import_run=run).order_by("id").first()
    raised = review_import(plan, run, rows, operation)
    found = _findings(plan, run, rows, raised)
    gone: list[str] = []
    torn: list[str] = []
    asked: dict[str, _New] = {}
    while chunk := list(islice(found, BATCH)):
        wanted = {finding.fingerprint: finding for finding in chunk}
        _store(wanted.values())
        gone += [print_ for print_, finding in wanted.items() if finding.code == GONE]
        torn += [print_ for print_, finding in wanted.items() if finding.code == CONFLICT_CODE]
        asked |= {print_: one for print_, one in wanted.items() if one.code in _OF_WAITING}
    _ask_again(asked, operation)
    _follow_conflicts(plan, run, torn, operation)
    _follow_the_gone(plan, gone, operation)
    _follow_the_rejected(plan, operation)
    keep_copies(plan, rows)


def _ask_again(asked: Mapping[str, _New], operation: Operation | None) -> None:
    """Ask once more what an editor decided of entries that wait again, since the run in which they
    waited was undone: *asked* are the same doubts about the entries of this run, by fingerprint."""
    for chunk in batches(list(asked)):
        rows = list(Finding.objects.filter(fingerprint__in=chunk, state=FindingState.RESOLVED))
        open_again(rows, operation)
        for row in rows:
            new = asked[row.fingerprint]
            row.source_entry_id, row.import_run_id = new.source_entry_id, new.import_run_id
            row.article_id, row.evidence = new.article_id, new.evidence
        Finding.objects.bulk_update(rows, ["source_entry", "import_run", "article", "evidence"])


def _follow_conflicts(
    plan: Plan, run: ImportRun, prints: list[str], operation: Operation | None
) -> None:
    """Let go of what the listing says otherwise by now; ask again what it says again, as the
    conflicts with these fingerprints."""
    _open_again(prints, operation)
    waiting = Finding.objects.filter(code=CONFLICT_CODE, state=FindingState.OPEN)
    about = set(waiting.values_list("article_id", flat=True))
    says: dict[int, Values] = {}
    asked: dict[int, Collection[str]] = {}
    written: set[int] = set()
    for planned in plan.entries if about else ():
        pk = planned.article.id if planned.article else None
        if pk is None or pk not in about:
            continue
        if planned.fields:
            written.add(pk)
        # What states a key is the archive's own word, and not what the source says.
        if not planned.values.get("key"):
            says[pk] = planned.values
            asked[pk] = planned.conflicts.keys()
    own = waiting.filter(import_run__source=run.source_id)
    rows = [row for chunk in batches(sorted(says)) for row in own.filter(article__in=chunk)]
    new = set(prints)
    rows = [row for row in rows if row.fingerprint not in new]
    end_conflicts(conflicts.superseded(rows, says, asked), operation)
    # Those of other sources, too: this one may have brought what they say.
    end_conflicts(conflicts.fulfilled(written | says.keys()), operation)


def _open_again(prints: list[str], operation: Operation | None) -> None:
    """Open those findings, by fingerprint, that had ended by themselves."""
    for chunk in batches(prints):
        ended = Finding.objects.filter(
            fingerprint__in=chunk, state=FindingState.RESOLVED, settled_by=None
        )
        open_again(ended, operation)


def _follow_the_gone(plan: Plan, prints: list[str], operation: Operation | None) -> None:
    """Close the findings of entries that came back; open those of entries that went again, with
    these fingerprints."""
    _open_again(prints, operation)
    rows = list(
        Finding.objects.filter(
            code=GONE, state=FindingState.OPEN, source_entry__listing__source__key=plan.source_key
        ).select_related("source_entry")
    )
    if not rows:
        return
    waiting = {row.article_id for row in rows}
    missed = {row.source_entry.fingerprint for row in rows if row.source_entry is not None}
    articles: set[int | None] = set()
    present: set[str] = set()
    for planned in plan.entries:
        if planned.fingerprint in missed:
            present.add(planned.fingerprint)
        of_entry = planned.article.id if planned.article else None
        of_known = planned.known.article if planned.known else None
        articles |= {of_entry, of_known} & waiting
    articles.discard(None)
    close_findings(
        [
            row
            for row in rows
            if row.article_id in articles
            or (row.source_entry is not None and row.source_entry.fingerprint in present)
        ],
        operation,
    )


def _follow_the_rejected(plan: Plan, operation: Operation | None) -> None:
    """Close what was doubted of entries that could not be imported, once the listing has them in a
    form that could, or has them no more; ask again of those that are rejected again."""
    by_itself = Q(state=FindingState.RESOLVED, settled_by=None)
    rows = Finding.objects.filter(
        by_itself | Q(state=FindingState.OPEN),
        article=None,
        source_entry__change=REJECT,
        source_entry__listing__source__key=plan.source_key,
    )
    about = list(rows.values_list("pk", "state", "source_entry__fingerprint"))
    prints = {print_ for _pk, _state, print_ in about}
    rejected: set[str] = set()
    read: set[str] = set()
    for planned in plan.entries if about else ():
        if planned.fingerprint in prints:
            (rejected if planned.change == REJECT else read).add(planned.fingerprint)
    over = {
        pk
        for pk, state, print_ in about
        if state == FindingState.OPEN
        and print_ not in rejected
        and (print_ in read or not plan.is_selection)
    }
    again = {pk for pk, state, print_ in about if state != FindingState.OPEN and print_ in rejected}
    for chunk in batches(sorted(over)):
        close_findings(Finding.objects.filter(pk__in=chunk), operation)
    for chunk in batches(sorted(again)):
        open_again(Finding.objects.filter(pk__in=chunk), operation)


def _findings(
    plan: Plan,
    run: ImportRun,
    rows: Rows,
    raised: Collection[tuple[int, str]],
) -> Iterator[_New]:
    choices = Choices(plan, run)

    def article_of(ordinal: int) -> int | None:
        row = rows.get(ordinal)
        return row.article_id if row else None

    is_changing = plan.counts[UNCHANGED] < len(plan.entries)
    for planned in plan.entries if is_changing else ():
        if planned.change == UNCHANGED:
            continue
        row = rows.get(planned.entry.ordinal)
        article = row.article_id if row else None
        for remark in planned.diagnostics:
            code, message = remark["code"], remark["message"]
            if code in (CONFLICT_CODE, REMOVED_WORDS, TWICE) or (article, code) in raised:
                continue
            evidence = _evidence(planned, remark) | choices.of(planned, remark)
            yield _finding(plan, run, planned, row, code, message, evidence)
        if planned.conflicts:
            message = torn_between(planned.conflicts)
            evidence = _evidence(planned, {"line": planned.entry.first_line, "alternatives": []})
            evidence["fields"] = planned.conflicts
            yield _finding(plan, run, planned, row, CONFLICT_CODE, message, evidence)
    for remark in plan.listing.diagnostics:
        if remark["code"] in (REMOVED_TEXT, REMOVED_WORDS):
            yield _New(
                code=remark["code"],
                message=clean_line(remark["message"], 1000),
                import_run_id=run.pk,
                fingerprint=print_of(plan.source_key, plan.listing.sha256, remark["code"]),
            )
    for proposal in not_asked(plan.proposals):
        if not proposal["entries"]:
            yield _New(
                code=proposal["code"],
                message=clean_line(proposal["message"], 1000),
                import_run_id=run.pk,
                evidence=proposal["evidence"],
                fingerprint=print_of_proposal(plan, proposal),
            )
            continue
        first = plan.entries[proposal["entries"][0]]
        finding = _finding(
            plan,
            run,
            first,
            rows.get(first.entry.ordinal),
            proposal["code"],
            proposal["message"],
            {
                **proposal["evidence"],
                "entries": [
                    {
                        "lines": [plan.entries[place].entry.first_line,
                                  plan.entries[place].entry.last_line],
                        "headline": plan.entries[place].values.get("headline"),
                        "published_on": plan.entries[place].values.get("published_on"),
                    }
                    for place in proposal["entries"][:50]
                ],
            },
        )  # fmt: skip
        finding.suggestion = with_articles(proposal, plan, article_of)
        yield finding
    for entry in plan.gone:
        values = entry.values
        yield _New(
            code=GONE,
            message=clean_line(
                f"The newest version of the listing no longer has “{values.get('headline')}”.", 1000
            ),
            article_id=entry.article,
            source_entry_id=entry.id,
            import_run_id=run.pk,
            evidence={"sha256": plan.listing.sha256, "file": plan.listing.path},
            fingerprint=print_of(plan.source_key, entry.fingerprint, GONE),
            together=key_of(plan.source_key, GONE, ""),
        )


def _evidence(planned: PlannedEntry, remark: Values) -> Values:
    evidence: Values = {
        "lines": [planned.entry.first_line, planned.entry.last_line],
        "line": remark["line"],
        "text": clean_block(planned.entry.text, 5000),
        "alternatives": remark["alternatives"],
    }
    if remark.get("code") in check_codes():
        # What a check did not see stays open until these change.
        evidence["values"] = {name: planned.values.get(name) or "" for name in TEXTS}
    return evidence


def _finding(
    plan: Plan,
    run: ImportRun,
    planned: PlannedEntry,
    row: Stored | SourceEntry | None,
    code: str,
    message: str,
    evidence: Values,
) -> _New:
    # What a doubt is about, without where it stands in the file: lines move, doubts stay.
    about = [plan.source_key, planned.fingerprint, code, message]
    if code == CONFLICT_CODE:
        # However it is said: findings are stored that were told by these words.
        about[3:] = [both_changed(evidence["fields"]), repr(sorted(evidence["fields"].items()))]
    return _New(
        code=code,
        message=clean_line(message, 1000),
        article_id=row.article_id if row else None,
        source_entry_id=row.pk if row else None,
        import_run_id=run.pk,
        evidence=evidence,
        suggestion=other_readings(evidence.get("alternatives") or [], planned.values),
        fingerprint=print_of(*about),
        together=key_of(plan.source_key, code, message),
    )
