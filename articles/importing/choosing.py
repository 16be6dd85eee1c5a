"""What an editor can choose from: candidates of an entry, authors of a name."""

from collections import defaultdict

from articles.importing.records import (
    AMBIGUOUS_ENTRY,
    Plan,
    PlannedEntry,
    Values,
)
from articles.models import ImportRun, PublicKey, SourceEntry
from articles.partial_dates import parse_partial
from articles.writing.index import batches
from articles.writing.listed import find_credited

#: The code of the doubt which of several authors a name is.
AMBIGUOUS_AUTHOR = "author-ambiguous"


class Choices:
    """The choices that go with the doubts of one plan, read at the first question."""

    def __init__(self, plan: Plan, run: ImportRun) -> None:
        self.plan = plan
        self.run = run
        self._articles: dict[str | tuple[str, str], list[int]] | None = None
        self._authors: dict[tuple[str, str], list[int]] | None = None

    def of(self, planned: PlannedEntry, remark: Values) -> Values:
        """Return what goes into the evidence of *remark* for an editor to choose from."""
        if remark["code"] == AMBIGUOUS_ENTRY:
            return {"candidates": self._candidates(remark)}
        if remark["code"] == AMBIGUOUS_AUTHOR:
            return {"authors": self._spelled(planned, remark)}
        return {}

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


def _kind(credit: Values) -> str:
    return credit.get("kind") or "person"


def _heading(values: Values) -> tuple[str, str]:
    return str(values.get("headline") or ""), str(values.get("published_on") or "")
