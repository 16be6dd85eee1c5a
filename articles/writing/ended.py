"""Findings that an act closed or opened, for whoever takes the act back. Reads only."""

from collections.abc import Collection

from articles.choices import FindingState
from articles.models import FieldChange, Finding, Operation
from articles.writing.index import batches


def closed_by(operation: Operation, articles: Collection[int] | None = None) -> list[Finding]:
    """Return the findings that an operation closed, as far as nothing was said of them since; with
    *articles*, those of these alone."""
    if articles is None:
        return _moved_by(operation, FindingState.RESOLVED)
    about = Finding.objects.filter(article__in=articles, state=FindingState.RESOLVED)
    return _moved_by(operation, FindingState.RESOLVED, list(about.values_list("pk", flat=True)))


def opened_by(operation: Operation) -> list[Finding]:
    """Return the findings that an operation opened, as far as nothing was said of them since."""
    return _moved_by(operation, FindingState.OPEN)


def _moved_by(
    operation: Operation, state: FindingState, among: list[int] | None = None
) -> list[Finding]:
    rows = operation.changes.filter(subject_type="finding", field="state", new=state.value)
    if among is not None:
        rows = rows.filter(subject_id__in=among)
    moved = dict(rows.values_list("subject_id", "id"))
    found: list[Finding] = []
    for chunk in batches(sorted(moved)):
        said = FieldChange.objects.filter(subject_type="finding", subject_id__in=chunk)
        later = {pk for pk, at in said.values_list("subject_id", "id") if at > moved[pk]}
        left = set(chunk) - later
        found += Finding.objects.filter(pk__in=left, state=state).order_by("pk")
    return found
