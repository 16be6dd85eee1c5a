"""What an editor can choose from: candidates of an entry, authors of a name, fields in conflict.

Also what was chosen before: the same value of a listing is not asked about twice.
"""

from collections import defaultdict
from typing import Any

from articles.choices import FindingState
from articles.importing.records import (
    AMBIGUOUS_ENTRY,
    CONFLICT,
    Plan,
    PlannedEntry,
    Values,
)
from articles.models import Finding, ImportRun, PublicKey, SourceEntry
from articles.partial_dates import parse_partial
from articles.writing.index import batches
from articles.writing.listed import find_credited
from articles.writing.suggestions import KEEP, conflict_fields, decided_fields

#: The code of the doubt which of several authors a name is.
AMBIGUOUS_AUTHOR = "author-ambiguous"


class Choices:
    """The choices that go with the doubts of one plan, read at the first question."""

    def __init__(self, plan: Plan, run: ImportRun) -> None:
        self.plan = plan
        self.run = run
        self._articles: dict[str | tuple[str, str], list[int]] | None = None
        self._authors: dict[tuple[str, str], list[int]] | None = None
        self._kept: dict[int, dict[str, list[Any]]] | None = None

    def of(self, planned: PlannedEntry, remark: Values) -> Values:
        """Return what goes into the evidence of *remark* for an editor to choose from."""
        if remark["code"] == AMBIGUOUS_ENTRY:
            return {"candidates": self._candidates(remark)}
        if remark["code"] == AMBIGUOUS_AUTHOR:
            return {"authors": self._spelled(planned, remark)}
        return {}

    def undecided(self, planned: PlannedEntry) -> Values:
        """Return the fields in conflict whose value no editor has refused before."""
        if planned.change != CONFLICT or planned.article is None:
            return {}
        if self._kept is None:
            self._kept = self._read_kept()
        kept = self._kept.get(planned.article.id, {})
        return {
            name: sides
            for name, sides in planned.conflicts.items()
            if sides.get("source") not in kept.get(name, [])
        }

    def _candidates(self, remark: Values) -> list[int]:
        """Return the articles that the entry may be, in the order of the remark."""
        if self._articles is None:
            self._articles = self._read_articles()
        found = [
            pk
            for reading in remark["alternatives"]
            for pk in self._articles.get(reading.get("article") or _heading(reading), [])
        ]
        return list(dict.fromkeys(found))

    def _read_articles(self) -> dict[str | tuple[str, str], list[int]]:
        """Return the articles of the source by headline and date as its entries have them, and
        those that are named by their permanent key."""
        readings = [
            reading
            for planned in self.plan.entries
            for remark in planned.diagnostics
            if remark["code"] == AMBIGUOUS_ENTRY
            for reading in remark["alternatives"]
        ]
        wanted = {_heading(reading) for reading in readings}
        days = sorted({parse_partial(dated)[0] for _, dated in wanted if dated})
        found: dict[str | tuple[str, str], list[int]] = defaultdict(list)
        keys = sorted({key for reading in readings if (key := reading.get("article"))})
        for chunk in batches(keys):
            named = PublicKey.objects.filter(key__in=chunk, article__isnull=False)
            found |= {key: [pk] for key, pk in named.values_list("key", "article_id") if pk}
        for chunk in batches(days):
            rows = SourceEntry.objects.filter(
                listing__source=self.run.source,
                article__published_on__in=chunk,
                values__isnull=False,
            ).order_by("id")
            for pk, values in rows.values_list("article_id", "values"):
                key = _heading(values or {})
                if pk is not None and key in wanted and pk not in found[key]:
                    found[key].append(pk)
        return found

    def _spelled(self, planned: PlannedEntry, remark: Values) -> dict[str, list[int]]:
        """Return the authors that each ambiguous name of the entry leads to."""
        if self._authors is None:
            self._authors = find_credited(
                credit
                for entry in self.plan.entries
                if any(one["code"] == AMBIGUOUS_AUTHOR for one in entry.diagnostics)
                for credit in entry.values.get("authors") or []
            )
        return {
            name: ids
            for credit in planned.values.get("authors") or []
            if len(ids := self._authors.get(((name := credit["name"]), _kind(credit)), [])) > 1
            and f"“{name}”" in remark["message"]
        }

    def _read_kept(self) -> dict[int, dict[str, list[Any]]]:
        """Return the values of listings that editors refused, by article and field."""
        ids = [
            planned.article.id
            for planned in self.plan.entries
            if planned.change == CONFLICT and planned.article is not None
        ]
        kept: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for chunk in batches(sorted(ids)):
            rows = Finding.objects.filter(article__in=chunk, code="conflict")
            for finding in rows:
                decided = decided_fields(finding)
                was_refused = finding.state == FindingState.DISMISSED
                for name, sides in conflict_fields(finding).items():
                    if finding.article_id and (was_refused or decided.get(name) == KEEP):
                        kept[finding.article_id][name].append(sides["source"])
        return kept


def _kind(credit: Values) -> str:
    return credit.get("kind") or "person"


def _heading(values: Values) -> tuple[str, str]:
    return str(values.get("headline") or ""), str(values.get("published_on") or "")
