"""From a plan's doubts to findings in the queue."""

import hashlib
from collections.abc import Iterator, Mapping

from articles.cleaning import clean_block, clean_line
from articles.importing.records import UNCHANGED, Plan, PlannedEntry, Values
from articles.models import Finding, ImportRun, SourceEntry
from articles.writing.index import BATCH


def record_findings(plan: Plan, run: ImportRun, rows: Mapping[int, SourceEntry]) -> None:
    """Store a finding for each doubt of *plan*; *rows* are its source entries by ordinal.

    A doubt that was ever stored, settled or not, is not asked again.
    """
    wanted = {finding.fingerprint: finding for finding in _findings(plan, run, rows)}
    Finding.objects.bulk_create(wanted.values(), batch_size=BATCH, ignore_conflicts=True)


def _findings(plan: Plan, run: ImportRun, rows: Mapping[int, SourceEntry]) -> Iterator[Finding]:
    for planned in plan.entries:
        if planned.change == UNCHANGED:
            continue
        row = rows.get(planned.entry.ordinal)
        for remark in planned.diagnostics:
            yield _finding(
                plan,
                run,
                planned,
                row,
                remark["code"],
                remark["message"],
                _evidence(planned, remark),
            )
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
        yield _finding(
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
    for entry in plan.gone:
        values = entry.values
        yield Finding(
            code="entry-gone",
            message=clean_line(
                f"The newest version of the listing no longer has “{values.get('headline')}”.", 1000
            ),
            article_id=entry.article,
            source_entry_id=entry.id,
            import_run=run,
            evidence={"sha256": plan.listing.sha256, "file": plan.listing.path},
            fingerprint=_print(plan.source_key, entry.fingerprint, "entry-gone"),
        )


def _evidence(planned: PlannedEntry, remark: Values) -> Values:
    evidence: Values = {
        "lines": [planned.entry.first_line, planned.entry.last_line],
        "line": remark["line"],
        "text": clean_block(planned.entry.text, 5000),
        "alternatives": remark["alternatives"],
    }
    if remark["code"] == "conflict":
        evidence["fields"] = planned.conflicts
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
    if code == "conflict":
        about += [repr(sorted(planned.conflicts.items()))]
    return Finding(
        code=code,
        message=clean_line(message, 1000),
        article_id=row.article_id if row else None,
        source_entry=row,
        import_run=run,
        evidence=evidence,
        suggestion=evidence.get("alternatives") or None,
        fingerprint=_print(*about),
    )


def _print(*about: str) -> str:
    return hashlib.sha256("\n".join(about).encode()).hexdigest()
