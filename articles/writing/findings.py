"""The writer of what editors decide about findings."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.choices import FindingState, OperationKind
from articles.models import Finding
from articles.writing import index, operations


def settle_findings(
    finding_ids: Iterable[int], state: FindingState, *, actor: AbstractBaseUser | None
) -> int:
    """Give findings the state *state* as one operation; return how many had another one.

    "Resolved" and "not a problem" remember who and when; "open" forgets both.
    """
    with transaction.atomic():
        findings: list[Finding] = []
        for chunk in index.batches(sorted(set(finding_ids))):
            rows = Finding.objects.select_for_update().filter(pk__in=chunk)
            findings += rows.exclude(state=state).order_by("pk")
        if not findings:
            return 0
        operation = operations.begin(OperationKind.BULK, actor=actor)
        operations.record(
            operation,
            [
                operations.Change("finding", finding.pk, "state", finding.state, state.value)
                for finding in findings
            ],
        )
        is_open = state == FindingState.OPEN
        for finding in findings:
            finding.state = state
            finding.settled = None if is_open else operation.at
            finding.settled_by_id = None if is_open or actor is None else actor.pk
        Finding.objects.bulk_update(findings, ["state", "settled", "settled_by"], batch_size=500)
    return len(findings)
