"""From a plan's doubts to findings in the queue."""

import hashlib
from collections.abc import Collection, Iterator, Mapping

from articles.choices import FindingState
from articles.cleaning import clean_block, clean_line
from articles.importing.choosing import Choices
from articles.importing.merged import keep_copies
from articles.importing.proposals import with_articles
from articles.importing.records import UNCHANGED, Plan, PlannedEntry, Values
from articles.importing.reviewing import review_import
from articles.models import Finding, ImportRun, Operation, SourceEntry
from articles.review.facts import TEXTS
from articles.review.registry import check_codes
from articles.review.suggesting import other_readings
from articles.writing.findings import close_findings, open_again
from articles.writing.index import BATCH, batches

#: Codes of what an import itself doubts.
CONFLICT_CODE, GONE = "conflict", "entry-gone"


def record_findings(plan: Plan, run: ImportRun, rows: Mapping[int, SourceEntry]) -> None:
    """Store a finding for each doubt of *plan*; *rows* are its source entries by ordinal.

    A doubt that was ever stored, settled or not, is not asked again. What the import wrote goes
    through the checks; where a check and the parser have the same doubt, the check's stands.
    """
    operation = Operation.objects.filter(import_run=run).order_by("id").first()
    raised = review_import(plan, run, rows, operation)
    wanted = {finding.fingerprint: finding for finding in _findings(plan, run, rows, raised)}
    Finding.objects.bulk_create(wanted.values(), batch_size=BATCH, ignore_conflicts=True)
    _follow_the_gone(plan, wanted, operation)
    keep_copies(plan, rows)


def _follow_the_gone(
    plan: Plan, wanted: Mapping[str, Finding], operation: Operation | None
) -> None:
    """Close the findings of entries that came back; open those of entries that went again."""
    prints = [print_ for print_, finding in wanted.items() if finding.code == GONE]
    for chunk in batches(prints):
        ended = Finding.objects.filter(
            fingerprint__in=chunk, state=FindingState.RESOLVED, settled_by=None
        )
        open_again(ended, operation)
    present = {planned.fingerprint for planned in plan.entries}
    articles = {
        pk
        for planned in plan.entries
        for pk in (
            planned.article.id if planned.article else None,
            planned.known.article if planned.known else None,
        )
        if pk
    }
    rows = Finding.objects.filter(
        code=GONE, state=FindingState.OPEN, source_entry__listing__source__key=plan.source_key
    ).select_related("source_entry")
    close_findings(
        [
            row
            for row in rows
            if row.article_id in articles
            or (row.source_entry is not None and row.source_entry.fingerprint in present)
        ],
        operation,
    )


def _findings(
    plan: Plan,
    run: ImportRun,
    rows: Mapping[int, SourceEntry],
    raised: Collection[tuple[int, str]],
) -> Iterator[Finding]:
    choices = Choices(plan, run)
    articles = {ordinal: row.article_id for ordinal, row in rows.items()}
    for planned in plan.entries:
        if planned.change == UNCHANGED:
            continue
        row = rows.get(planned.entry.ordinal)
        article = row.article_id if row else None
        for remark in planned.diagnostics:
            code, message = remark["code"], remark["message"]
            if code == CONFLICT_CODE or (article, code) in raised:
                continue
            evidence = _evidence(planned, remark) | choices.of(planned, remark)
            yield _finding(plan, run, planned, row, code, message, evidence)
        if fields := choices.undecided(planned):
            names = ", ".join(sorted(fields))
            message = f"The listing and an editor both changed {names}; the editor's value stands."
            evidence = _evidence(planned, {"line": planned.entry.first_line, "alternatives": []})
            evidence["fields"] = fields
            yield _finding(plan, run, planned, row, CONFLICT_CODE, message, evidence)
    for proposal in plan.proposals:
        if not proposal["entries"]:
            yield Finding(
                code=proposal["code"],
                message=clean_line(proposal["message"], 1000),
                import_run=run,
                evidence=proposal["evidence"],
                fingerprint=_print(
                    plan.source_key, proposal["message"], repr(proposal["evidence"])
                ),
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
        finding.suggestion = with_articles(proposal, plan, articles)
        yield finding
    for entry in plan.gone:
        values = entry.values
        yield Finding(
            code=GONE,
            message=clean_line(
                f"The newest version of the listing no longer has “{values.get('headline')}”.", 1000
            ),
            article_id=entry.article,
            source_entry_id=entry.id,
            import_run=run,
            evidence={"sha256": plan.listing.sha256, "file": plan.listing.path},
            fingerprint=_print(plan.source_key, entry.fingerprint, GONE),
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
    row: SourceEntry | None,
    code: str,
    message: str,
    evidence: Values,
) -> Finding:
    # What a doubt is about, without where it stands in the file: lines move, doubts stay.
    about = [plan.source_key, planned.fingerprint, code, message]
    if code == CONFLICT_CODE:
        about += [repr(sorted(evidence["fields"].items()))]
    return Finding(
        code=code,
        message=clean_line(message, 1000),
        article_id=row.article_id if row else None,
        source_entry=row,
        import_run=run,
        evidence=evidence,
        suggestion=other_readings(evidence.get("alternatives") or [], planned.values),
        fingerprint=_print(*about),
    )


def _print(*about: str) -> str:
    return hashlib.sha256("\n".join(about).encode()).hexdigest()
