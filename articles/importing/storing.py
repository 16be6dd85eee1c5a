"""Storing the source entries of a run: what a file said, line by line, and what became of it."""

from collections.abc import Mapping, Sequence

from articles import bulk
from articles.cleaning import clean_block
from articles.importing.records import (
    REJECT,
    REMOVED_TEXT,
    REVIEW,
    UNCHANGED,
    Plan,
    PlannedEntry,
    Values,
)
from articles.importing.stored import StoredEntries
from articles.models import ImportRun, Operation, SourceEntry
from articles.writing import operations

_COLUMNS = (
    "id", "listing", "run", "article", "ordinal", "first_line", "last_line", "text", "values",
    "fingerprint", "confidence", "change", "unchanged_from",
)  # fmt: skip


class Storing:
    """Stores the entries of one plan, some at a time; ``stored`` tells which rows they are.

    Of a file that was read before (not *is_new*), only those that differ.
    """

    def __init__(self, plan: Plan, run: ImportRun, operation: Operation, *, is_new: bool) -> None:
        self.run, self.operation, self.is_new = run, operation, is_new
        self.stored = StoredEntries(len(plan.entries))

    def store(self, chunk: Sequence[PlannedEntry], made: Mapping[int, int]) -> dict[int, int]:
        """Store the entries of *chunk*, of which *made* are the new articles by ordinal; return
        the ids of the rows by ordinal."""
        if not self.is_new:
            chunk = [planned for planned in chunk if not _is_known(planned)]
        if not chunk:
            return {}
        roots = self._roots(chunk)
        rows = []
        ids: dict[int, int] = {}
        for planned, pk in zip(chunk, bulk.reserve_ids(SourceEntry, len(chunk)), strict=True):
            entry = planned.entry
            values, text = stored_values(planned.values), clean_block(entry.text)
            root = planned.known.root_id if planned.known else None
            is_same = root is not None and roots.get(root) == (text, values)
            article = _target(planned, made)
            rows.append(
                (
                    pk,
                    self.run.listing_id,
                    self.run.pk,
                    article,
                    entry.ordinal,
                    entry.first_line,
                    entry.last_line,
                    "" if is_same else text,
                    None if is_same else values,
                    planned.fingerprint,
                    entry.confidence,
                    planned.change,
                    root if is_same else None,
                )
            )
            ids[entry.ordinal] = pk
            self.stored.add(entry.ordinal, pk, article)
        bulk.insert(SourceEntry, _COLUMNS, rows)
        self._record_deleted(chunk, made, ids)
        return ids

    def _roots(self, chunk: Sequence[PlannedEntry]) -> dict[int, tuple[str, Values | None]]:
        """Return text and values of the entries that those of *chunk* follow."""
        wanted = {planned.known.root_id for planned in chunk if planned.known}
        if not wanted:
            return {}
        rows = SourceEntry.objects.filter(pk__in=wanted).values_list("pk", "text", "values")
        return {pk: (text, values) for pk, text, values in rows}

    def _record_deleted(
        self, chunk: Sequence[PlannedEntry], made: Mapping[int, int], ids: Mapping[int, int]
    ) -> None:
        """In other words, too, an entry is that of the article that an editor deleted."""
        operations.record(
            self.operation,
            [
                operations.Change("entry", ids[planned.entry.ordinal], "article", former, None)
                for planned in chunk
                if planned.known is not None
                and (former := planned.known.former) is not None
                and _target(planned, made) is None
            ],
        )


def _target(planned: PlannedEntry, made: Mapping[int, int]) -> int | None:
    if planned.entry.ordinal in made:
        return made[planned.entry.ordinal]
    if planned.article is not None:
        return planned.article.id
    return planned.known.article if planned.known else None


def _is_known(planned: PlannedEntry) -> bool:
    """Whether a later run over the same file has nothing to add to what is stored."""
    if planned.change in (REVIEW, REJECT):
        return planned.known is not None and planned.known.change == planned.change
    if planned.change != UNCHANGED:
        return False
    # Where the source goes back to what an editor wrote, nothing changes here; but what it said
    # last has changed, and the next version is compared with that.
    known = planned.known
    if known is None:
        return planned.article is None
    if any(remark["code"] == REMOVED_TEXT for remark in planned.diagnostics):
        return True
    last = known.values if known.is_deleted else known.applied
    return planned.values == last or stored_values(planned.values) == last


def stored_values(values: Values) -> Values:
    """Return the values of an entry as stored: names without the ids they led to."""
    stored = dict(values)
    stored["authors"] = [
        {name: value for name, value in credit.items() if name != "author"}
        for credit in values.get("authors") or []
    ]
    stored["series"] = [
        {name: value for name, value in place.items() if name != "series"}
        for place in values.get("series") or []
    ]
    return stored
