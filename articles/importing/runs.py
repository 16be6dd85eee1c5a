"""Import runs as they are told: in a list, and one in full, as text and as JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localtime

from articles.choices import OperationKind, Outcome
from articles.folding import fold
from articles.importing.formats.columns import pairs
from articles.importing.undoing.plan import brief
from articles.models import FieldChange, Finding, ImportRun, Operation, SourceEntry
from articles.writing.index import batches
from articles.writing.state import Values, moment_text

VERSION = 1
_OUTCOMES = tuple(outcome.value.lower() for outcome in Outcome)


def listed(source: str = "") -> QuerySet[ImportRun]:
    """Return the runs, the newest first; those of one source by its name, case and accents apart.

    What `run_values` needs comes with them, in a fixed number of queries.
    """
    found = ImportRun.objects.select_related("actor", "source", "listing").defer("report")
    if source:
        found = found.filter(source__key=fold(source)[:350])
    undos = Operation.objects.filter(kind=OperationKind.UNDO).select_related("actor")
    return found.order_by("-id").prefetch_related(
        Prefetch("operations", undos.order_by("-id"), to_attr="undos")
    )


def who(actor: AbstractBaseUser | None) -> str | None:
    """Return the name of an account, None for the command line."""
    if actor is None:
        return None
    name: str = getattr(actor, "get_full_name", str)()
    return name or actor.get_username()


def run_values(run: Any) -> Values:
    """Return one run of `listed` in the shape of its JSON."""
    undo = run.undos[0] if run.undone is not None and run.undos else None
    return {
        "run": run.pk,
        "started": moment_text(run.started),
        "finished": moment_text(run.finished),
        "by": who(run.actor),
        "file": run.file_name,
        "sha256": run.listing.sha256,
        "source": run.source.name,
        "options": run.options,
        "totals": run.totals,
        "undone": None
        if run.undone is None
        else {
            "at": moment_text(run.undone),
            "by": who(undo.actor) if undo else None,
            "operation": undo.pk if undo else None,
            "reason": (undo.reason if undo else "") or None,
        },
    }


def list_json(runs: Sequence[ImportRun]) -> str:
    """Return runs as JSON text."""
    return _json({"version": VERSION, "runs": [run_values(run) for run in runs]})


def list_lines(runs: Sequence[ImportRun]) -> Iterator[str]:
    """Yield a line for each run, and one for its state if it is undone."""
    for run in runs:
        values = run_values(run)
        yield (
            f"{run.pk:5}  {localtime(run.started):%Y-%m-%d %H:%M}  {values['by'] or 'command line'}"
            f"  {run.file_name} ({values['source']})"
        )
        yield f"       {_totals(run)}"
        if values["undone"]:
            yield f"       {_undone_line(run, values['undone'])}"


def _totals(run: ImportRun) -> str:
    counts = (f"{run.totals[name]} {name}" for name in _OUTCOMES if run.totals.get(name))
    public = run.totals.get("public")
    shown = ", ".join([*counts, *([f"{public} became public"] if public else [])])
    return shown or "nothing to do"


def _undone_line(run: ImportRun, undone: Values) -> str:
    because = f": {undone['reason']}" if undone["reason"] else ""
    assert run.undone is not None  # noqa: S101  the line is about that
    return (
        f"undone {localtime(run.undone):%Y-%m-%d %H:%M} by {undone['by'] or 'command line'}"
        f" (operation {undone['operation']}){because}"
    )


# One run in full


def entries_of(run: ImportRun) -> Iterator[Values]:
    """Yield the entries that *run* stored, in the order of the file, with what it changed.

    Five queries for 500 entries.
    """
    ids = list(SourceEntry.objects.filter(run=run).order_by("ordinal").values_list("pk", flat=True))
    for chunk in batches(ids):
        rows = SourceEntry.objects.filter(pk__in=chunk).order_by("ordinal")
        changes: dict[int | None, Values] = {}
        written = FieldChange.objects.filter(source_entry__in=chunk, operation__import_run=run)
        for entry_id, name, old, new in written.order_by("id").values_list(
            "source_entry_id", "field", "old", "new"
        ):
            changes.setdefault(entry_id, {})[name] = [old, new]
        found: dict[int | None, list[Values]] = {}
        for finding in Finding.objects.filter(source_entry__in=chunk).order_by("id"):
            found.setdefault(finding.source_entry_id, []).append(finding_values(finding))
        for entry in rows.select_related("article__public_key", "unchanged_from").defer(
            "article__body"
        ):
            values = (entry.unchanged_from or entry).values or {}
            key = getattr(entry.article, "public_key", None)
            yield {
                "lines": [entry.first_line, entry.last_line],
                "change": entry.change,
                "published_on": values.get("published_on"),
                "headline": values.get("headline"),
                "article": key.key if key else None,
                "confidence": round(entry.confidence, 3),
                "fields": changes.get(entry.pk, {}),
                "findings": found.get(entry.pk, []),
            }


def finding_values(finding: Finding) -> Values:
    """Return one finding in the shape of the JSON."""
    return {"code": finding.code, "state": finding.state, "message": finding.message}


def _loose_findings(run: ImportRun) -> list[Values]:
    """Return the findings of a run that are about no entry."""
    rows = Finding.objects.filter(import_run=run, source_entry=None).order_by("id")
    return [finding_values(finding) for finding in rows]


def show_json(run: ImportRun) -> str:
    """Return one run in full as JSON text."""
    return _json(
        {
            "version": VERSION,
            **run_values(run),
            "diagnostics": (run.report or {}).get("diagnostics", []),
            "gone": (run.report or {}).get("gone", 0),
            "unclaimed_lines": run.listing.unclaimed_lines,
            "entries": list(entries_of(run)),
            "findings": _loose_findings(run),
        }
    )


def show_lines(run: ImportRun) -> Iterator[str]:
    """Yield one run in full, for people."""
    values = run_values(run)
    yield f"Import run {run.pk}: {run.file_name} ({values['source']})"
    yield f"  by {values['by'] or 'command line'}, {localtime(run.started):%Y-%m-%d %H:%M}"
    yield f"  SHA-256 {values['sha256']}"
    options = ", ".join(f"{name} {_option(value)}" for name, value in _given(run))
    yield f"  options: {options or 'none'}"
    yield f"  {run.totals.get('entries', 0)} entries: {_totals(run)}"
    if values["undone"]:
        yield f"  {_undone_line(run, values['undone'])}"
    for line in run.listing.unclaimed_lines or []:
        yield f"  line {line}: this line stands in no entry"
    for remark in (run.report or {}).get("diagnostics", []):
        yield f"  line {remark.get('line')}: {remark.get('message')}"
    for entry in entries_of(run):
        first, last = entry["lines"]
        key = f" [{entry['article']}]" if entry["article"] else ""
        yield (
            f"  {entry['change']:9} lines {first}-{last}  {entry['published_on'] or 'no date'}"
            f"  {entry['headline'] or 'no headline'}{key}"
        )
        for name, (old, new) in entry["fields"].items():
            yield f"            {name}: {brief(old)} -> {brief(new)}"
        for finding in entry["findings"]:
            yield f"            {_finding_line(finding)}"
    for finding in _loose_findings(run):
        yield f"  {_finding_line(finding)}"


def _finding_line(finding: Values) -> str:
    return f"{finding['code']} ({finding['state']}): {finding['message']}"


def _given(run: ImportRun) -> list[tuple[str, Any]]:
    """Return the options that were given, in one order on every database."""
    return sorted((name, value) for name, value in run.options.items() if value)


def _option(value: Any) -> str:
    if isinstance(value, dict):
        value = pairs(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _json(value: Values) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
