"""An archive as a plain dictionary, and the rules of docs/importing.md over it. No database.

The rules are written here a second time, from the documentation and not from the importer: what
an entry is, what becomes of each field, what an undo takes and what it leaves.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.importing.model.fields import give_numbers, in_order, merge_field, seats
from tests.importing.model.matching import Matching
from tests.importing.model.merges import Merges
from tests.importing.model.records import (
    PUBLISHED,
    UNAPPLIED,
    Held,
    Known,
    Planned,
    Row,
    Run,
)
from tests.importing.model.texts import FIELDS, Values, identity


class Archive(Merges, Matching):
    """The plain dictionary."""

    def __init__(self) -> None:
        self.articles: dict[int, Held] = {}
        self.runs: list[Run] = []
        #: By article and field the values of listings that an editor refused.
        self.refused: dict[tuple[int, str], list[Any]] = {}
        #: The author that the name of one who was merged leads to, or ever led to; and the credits
        #: of articles before that.
        self.leads: dict[str, str] = {}
        self.led: dict[str, str] = {}
        self.credited: dict[int, list[str]] = {}
        self.at = 0

    # What is known of a source

    def of_source(self, source: str) -> list[Run]:
        return [run for run in self.runs if run.source == source]

    def rows(self, source: str) -> Iterator[Row]:
        """Yield the entries that count, in the order of the runs."""
        for run in self.of_source(source):
            yield from (row for row in run.rows if row.counts)

    def known(self, source: str) -> dict[tuple[str, str, str], Known]:
        standing = [run for run in self.of_source(source) if not run.is_undone]
        newest = standing[-1] if standing else None
        latest = {identity(said) for said in newest.said} if newest else set()
        found: dict[tuple[str, str, str], Known] = {}
        words: dict[int, Values] = {}
        for row in self.rows(source):
            print_ = identity(row.values)
            is_left = row.run.is_undone and (newest is None or row.run.at > newest.at)
            was_left = print_ in found and found[print_].is_left
            found[print_] = Known(
                row, row.values, print_ in latest, is_left or was_left, row.article
            )
            if row.article is not None:
                words[row.article] = row.values
        for known in found.values():
            if known.row.article is not None:
                known.values = words[known.row.article]
        self._lead_on(list(found.values()))
        return found

    def _lead_on(self, known: list[Known]) -> None:
        """Let what is known of copies lead to what they were merged into; if that has an entry of
        its own in the source, it follows that one alone."""
        copies = [
            one
            for one in known
            if one.article is not None and self.articles[one.article].merged_into is not None
        ]
        owned = {one.article for one in known if one not in copies}
        for one in copies:
            survivor = self.articles[one.article or 0].merged_into
            one.article = None if survivor in owned else survivor

    def said_last(self, source: str, article: int) -> Values | None:
        """Return what a source said of an article last, field by field; None if it never did."""
        found: Values = {}
        for row in self.rows(source):
            if row.article == article and row.change not in UNAPPLIED:
                found.update(row.values)
        return found or None

    # What an import does

    def plan(
        self, source: str, said: Sequence[Values], status: str, tags: Sequence[str] = ()
    ) -> list[Planned]:
        """Return what importing entries that say this will do; *tags* are further ones."""
        given = {tag for run in self.of_source(source) if not run.is_undone for tag in run.tags}
        known = self.known(source)
        plan = [Planned(values, known.get(identity(values))) for values in said]
        self._align(plan, list(known.values()))
        self._align_returned(plan, list(known.values()))
        for planned in plan:
            if planned.known is not None:
                planned.article = planned.known.article
            if planned.values["published_on"] is None:
                planned.change = "REJECT"
            elif planned.candidates:
                planned.change = "REVIEW"
        self._link(plan, {one.article for one in known.values()})
        for planned in plan:
            is_new = not planned.known or planned.known.row.change in UNAPPLIED
            planned.extra = tuple(tag for tag in tags if is_new or tag not in given)
            self._decide(planned, source, status)
        give_numbers(plan, self.articles)
        return plan

    def _decide(self, planned: Planned, source: str, status: str) -> None:
        row = planned.known.row if planned.known else None
        if planned.change in UNAPPLIED:
            return
        if planned.article is None:
            if row is not None and row.change == "REVIEW":
                planned.change = "REVIEW"
            elif row is not None:
                planned.change = "UNCHANGED"
            return
        held = self.articles[planned.article]
        base = self.said_last(source, row.article) if row and row.article else None
        if row is None and held.is_tombstone:
            base, planned.comes_back = dict(held.values), status == PUBLISHED
        self._merge(planned, base, held)
        if planned.comes_back:
            planned.fields["status"] = (held.status, PUBLISHED)
            planned.fields["withdrawn_reason"] = ("import undone", None)
        if planned.conflicts:
            planned.change = "CONFLICT"
        else:
            planned.change = "UPDATE" if planned.fields else "UNCHANGED"

    def _merge(self, planned: Planned, base: Values | None, held: Held) -> None:
        """Compare every field that the listing speaks of; leave out what an editor refused."""
        new = self.in_names(planned.with_tags())
        base = None if base is None else self.in_names(base)
        for name in FIELDS:
            if name in new:
                merge_field(planned, name, base, new[name], held.values.get(name))
            refused = self.refused.get((held.pk, name), [])
            if name in planned.conflicts and planned.conflicts[name]["source"] in refused:
                del planned.conflicts[name]

    def stores(self, planned: Planned, run: Run) -> bool:
        """Whether a run stores an entry: all of a new file, of a known one what differs."""
        others = [
            other
            for other in self.of_source(run.source)
            if other.file == run.file and not other.is_undone and other is not run
        ]
        if not others:
            return True
        row = planned.known.row if planned.known else None
        if planned.change in UNAPPLIED:
            return row is None or row.change != planned.change
        if planned.change != "UNCHANGED":
            return True
        if row is None:
            return planned.article is not None
        if planned.known is not None and planned.known.is_deleted:
            return row.values != planned.values
        rows = [
            one
            for one in self.rows(run.source)
            if one.article == row.article and one.change not in UNAPPLIED
        ]
        return not rows or rows[-1].values != planned.values

    def apply(self, run: Run, plan: Sequence[Planned], made: dict[int, Held]) -> None:
        """Carry out a plan; *made* are the new articles by the ordinal of their entry."""
        stored = [self.stores(planned, run) for planned in plan]
        for ordinal, planned in enumerate(plan):
            if planned.change == "CREATE":
                planned.article = made[ordinal].pk
                self.articles[planned.article] = made[ordinal]
            elif planned.fields and planned.article is not None:
                run.writes[planned.article] = dict(planned.fields)
                after = {name: then for name, (_, then) in planned.fields.items()}
                self.articles[planned.article].change(run.at, run, after)
            if stored[ordinal]:
                row = planned.known.row if planned.known else None
                target = planned.article if planned.change not in UNAPPLIED else None
                if row is not None and row.article is not None:
                    # Also where its article is a copy by now: a merge can be taken back.
                    target = row.article
                deleted = row.deleted if row is not None and target is None else None
                run.rows.append(
                    Row(run, ordinal, planned.values, planned.change, target, deleted=deleted)
                )
        self.runs.append(run)

    # What an editor does

    def edit(self, pk: int, values: Values) -> None:
        self.articles[pk].change(self.at, None, values)

    def delete(self, pk: int) -> None:
        """An editor deletes what was never public: its entries remember it."""
        del self.articles[pk]
        for run in self.runs:
            for row in run.rows:
                if row.article == pk:
                    row.article, row.deleted, row.is_cut = None, pk, False

    def is_taken(self, place: tuple[str, int | None], but: int | None) -> bool:
        """Whether an article other than *but* has a number in a series."""
        others = (held for pk, held in self.articles.items() if pk != but)
        return any(place in seats(held.values["series"]) for held in others)

    # What an editor says of an entry that waits

    def choose(self, row: Row, pk: int) -> Planned:
        """It is this article: merge it into that as an import would, at once."""
        planned = Planned(row.values, article=pk)
        planned.extra = row.run.tags
        held = self.articles[pk]
        self._merge(planned, self.said_last(row.run.source, pk), held)
        if "series" in planned.fields:
            now, then = planned.fields["series"]
            planned.fields["series"] = (now, self._free(then, pk))
        after = {name: then for name, (_, then) in planned.fields.items()}
        if after:
            held.change(self.at, None, after)
        outcome = "UPDATE" if after else "UNCHANGED"
        self._lead(row, pk, "CONFLICT" if planned.conflicts else outcome)
        return planned

    def choose_new(self, row: Row, held: Held) -> None:
        """It is an article of its own, *held*."""
        self.articles[held.pk] = held
        self._lead(row, held.pk, "CREATE")

    def values_of_new(self, row: Row) -> Values:
        """Return what a new article of an entry that waited has."""
        values = self.in_names(Planned(row.values, extra=row.run.tags).with_tags())
        return {**values, "series": self._free(values["series"], None)}

    def _free(self, series: Any, pk: int | None) -> list[tuple[str, int | None]]:
        found = series or ()
        return in_order(
            (title, None if self.is_taken((title, number), pk) else number)
            for title, number in found
        )

    def _lead(self, row: Row, pk: int, change: str) -> None:
        """The entry leads there, in whichever version of the listing it waits."""
        for run in self.of_source(row.run.source):
            for other in run.rows:
                waits = other.change == "REVIEW" and other.article is None
                if waits and identity(other.values) == identity(row.values):
                    other.article, other.change = pk, change
