"""An archive as a plain dictionary, and the rules of docs/importing.md over it. No database.

The rules are written here a second time, from the documentation and not from the importer: what
an entry is, what becomes of each field, what an undo takes and what it leaves.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.importing.model.records import (
    PUBLISHED,
    UNAPPLIED,
    Held,
    Known,
    Planned,
    Row,
    Run,
)
from tests.importing.model.texts import FIELDS, Values, heads, identity

#: Days by which a date may be corrected.
NEAR_DAYS = 3


class Archive:
    """The plain dictionary."""

    def __init__(self) -> None:
        self.articles: dict[int, Held] = {}
        self.runs: list[Run] = []
        #: By article and field the values of listings that an editor refused.
        self.refused: dict[tuple[int, str], list[Any]] = {}
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
            found[print_] = Known(row, row.values, print_ in latest, is_left or was_left)
            if row.article is not None:
                words[row.article] = row.values
        for known in found.values():
            if known.row.article is not None:
                known.values = words[known.row.article]
        return found

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
                planned.article = planned.known.row.article
            elif planned.candidates:
                planned.change = "REVIEW"
        self._link(plan, {one.row.article for one in known.values()})
        for planned in plan:
            planned.extra = tuple(tag for tag in tags if not planned.known or tag not in given)
            self._decide(planned, source, status)
        return plan

    def _align(self, plan: list[Planned], known: list[Known]) -> None:
        """Find what was reworded on its date, then what was dated anew in the same words."""
        owned = {planned.known.row.target for planned in plan if planned.known}
        left = [one for one in known if one.is_expected and one.row.target not in owned]
        new_heads = [heads(planned.values) for planned in plan]
        old_heads = [heads(one.values) for one in known if one.is_expected]
        for near in (False, True):
            taken = {id(planned.known.row) for planned in plan if planned.known}
            for planned in plan:
                if planned.known or planned.candidates:
                    continue
                mine = planned.values
                found = [
                    one
                    for one in left
                    if id(one.row) not in taken
                    and _theme(one.values) == _theme(mine)
                    and (
                        new_heads.count(heads(mine)) == old_heads.count(heads(mine)) == 1
                        and 0 < abs(_day(one.values) - _day(mine)) <= NEAR_DAYS
                        and identity(one.values)[1:] == identity(mine)[1:]
                        if near
                        else _day(one.values) == _day(mine)
                    )
                ]
                _settle(planned, found)

    def _align_returned(self, plan: list[Planned], known: list[Known]) -> None:
        """Find what was gone from the page and comes back in other words on its date."""
        owned = {
            one.row.target
            for planned in plan
            for one in ([planned.known] if planned.known else planned.candidates)
        }
        gone = [one for one in known if not one.in_latest and one.row.change not in UNAPPLIED]
        for planned in plan:
            if planned.known or planned.candidates:
                continue
            mine = planned.values
            found = {
                one.row.target: one
                for one in gone
                if one.row.target not in owned
                and _theme(one.values) == _theme(mine)
                and _day(one.values) == _day(mine)
            }
            _settle(planned, list(found.values()))

    def _link(self, plan: list[Planned], of_source: set[int | None]) -> None:
        """Find the articles of entries that the source never brought: by date, heads and byline;
        what was typed in by hand by less, if that is clear."""
        taken = {planned.article for planned in plan if planned.article}
        free = [held for pk, held in sorted(self.articles.items()) if pk not in of_source]
        left = []
        for planned in plan:
            row = planned.known.row if planned.known else None
            if planned.change != "CREATE" or planned.article or (row and row.is_deleted):
                continue
            same = [
                held
                for held in free
                if held.pk not in taken and identity(held.values) == identity(planned.values)
            ]
            if same:
                planned.article = same[0].pk
                taken.add(same[0].pk)
            else:
                left.append(planned)
        near = {id(planned): self._near(planned.values, free, taken) for planned in left}
        for planned in left:
            found = near[id(planned)]
            if len(found) == 1 and _is_clear(planned.values, found[0].values):
                planned.article = found[0].pk
            elif found:
                planned.change = "REVIEW"

    def _near(self, mine: Values, free: Iterable[Held], taken: set[int]) -> list[Held]:
        brought = {row.article for run in self.runs for row in run.rows}
        return [
            held
            for held in free
            if held.pk not in taken
            and held.pk not in brought
            and not held.is_tombstone
            and held.values["published_on"] == mine["published_on"]
            and (
                heads(held.values) == heads(mine)
                or heads({"headline": held.values["headline"]})
                == heads({"headline": mine["headline"]})
            )
        ]

    def _decide(self, planned: Planned, source: str, status: str) -> None:
        row = planned.known.row if planned.known else None
        if planned.change == "REVIEW":
            return
        if planned.article is None:
            if row is not None and row.change == "REVIEW":
                planned.change = "REVIEW"
            elif row is not None:
                planned.change = "UNCHANGED"
            return
        held = self.articles[planned.article]
        base = self.said_last(source, held.pk) if row and row.article else None
        if row is None and held.is_tombstone:
            base, planned.comes_back = dict(held.values), status == PUBLISHED
        for name in FIELDS:
            self._merge(planned, name, base, held.values)
            refused = self.refused.get((held.pk, name), [])
            if name in planned.conflicts and planned.conflicts[name]["source"] in refused:
                del planned.conflicts[name]
        if planned.comes_back:
            planned.fields["status"] = (held.status, PUBLISHED)
            planned.fields["withdrawn_reason"] = ("import undone", None)
        if planned.conflicts:
            planned.change = "CONFLICT"
        else:
            planned.change = "UPDATE" if planned.fields else "UNCHANGED"

    @staticmethod
    def _merge(planned: Planned, name: str, base: Values | None, archive: Values) -> None:
        """Compare one field three ways."""
        if name not in planned.values:
            return
        new, now = planned.with_tags()[name] or None, archive.get(name) or None
        was = (base or {}).get(name) or None
        if name == "tags":
            then = set(now or ()) - (set(was or ()) - set(new)) | (set(new) - set(was or ()))
            if then != set(now or ()):
                planned.fields[name] = (now, sorted(then))
        elif new == now or (base is not None and new == was):
            return
        elif now == was:
            planned.fields[name] = (now, new)
        elif base is not None or new is not None:
            planned.conflicts[name] = {"imported": was, "source": new, "archive": now}

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
        if row.is_deleted:
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
                target = planned.article if planned.change != "REVIEW" else None
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


def _settle(planned: Planned, found: list[Known]) -> None:
    if len(found) == 1 or (found and all(one.row.is_deleted for one in found)):
        planned.known = found[0]
    else:
        planned.candidates = found


def _is_clear(mine: Values, theirs: Values) -> bool:
    names = ("byline",) if heads(mine) == heads(theirs) else ("kicker", "byline")
    return all(not mine[name] or not theirs[name] or mine[name] == theirs[name] for name in names)


def _theme(values: Values) -> str:
    """Return what entries of one theme have in common."""
    return str(values["headline"])[:6]


def _day(values: Values) -> int:
    return datetime.date.fromisoformat(values["published_on"]).toordinal()
