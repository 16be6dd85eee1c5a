"""Which of a plan's doubts an editor settled before: they are shown, and not asked again. Pure."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Protocol

from articles.importing.records import Plan, PlannedEntry, Values

#: The mark of such a doubt in the JSON report.
SETTLED = "settled"


class Reader(Protocol):
    """What is asked of the archive about doubts."""

    def settled(self, prints: Collection[str]) -> set[str]:
        """Return those of the fingerprints *prints* whose finding is not open any more."""

    def settled_checks(self, articles: Collection[int]) -> set[tuple[int, str]]:
        """Return the doubts of checks about *articles* that are settled, as (article, code)."""


def print_of(*about: str) -> str:
    """Return the fingerprint of a doubt, by which it is known whenever it comes again."""
    return hashlib.sha256("\n".join(about).encode()).hexdigest()


def print_of_proposal(plan: Plan, proposal: Values) -> str:
    """Return the fingerprint of a doubt about several entries, or the whole file."""
    if not proposal["entries"]:
        return print_of(plan.source_key, proposal["message"], repr(proposal["evidence"]))
    first = plan.entries[proposal["entries"][0]]
    return print_of(plan.source_key, first.fingerprint, proposal["code"], proposal["message"])


def mark_entries(source_key: str, entries: Sequence[PlannedEntry], reader: Reader) -> None:
    """Mark those doubts about *entries* that were settled before."""
    doubtful = [planned for planned in entries if planned.diagnostics]
    if not doubtful:
        return
    prints = {
        (planned.entry.ordinal, place): print_of(
            source_key, planned.fingerprint, remark["code"], remark["message"]
        )
        for planned in doubtful
        for place, remark in enumerate(planned.diagnostics)
    }
    settled = reader.settled(set(prints.values()))
    checked = reader.settled_checks({one.article.id for one in doubtful if one.article})
    for planned in doubtful:
        pk = planned.article.id if planned.article else 0
        planned.diagnostics = [
            {**remark, SETTLED: True}
            if prints[planned.entry.ordinal, place] in settled or (pk, remark["code"]) in checked
            else remark
            for place, remark in enumerate(planned.diagnostics)
        ]


def mark_proposals(plan: Plan, reader: Reader) -> None:
    """Mark those doubts about several entries that were settled before."""
    prints = [print_of_proposal(plan, proposal) for proposal in plan.proposals]
    settled = reader.settled(set(prints))
    for proposal, print_ in zip(plan.proposals, prints, strict=True):
        if print_ in settled:
            proposal[SETTLED] = True
