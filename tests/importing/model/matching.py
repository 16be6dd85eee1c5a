"""Which article an entry is about, by the rules of docs/importing.md. No database."""

import datetime
from collections.abc import Iterable

from tests.importing.model.records import UNAPPLIED, Held, Known, Planned, Run
from tests.importing.model.texts import Values, heads, identity

#: Days by which a date may be corrected.
NEAR_DAYS = 3


class Matching:
    """What of the dictionary finds the entries and the articles that entries are."""

    articles: dict[int, Held]
    runs: list[Run]

    def _align(self, plan: list[Planned], known: list[Known]) -> None:
        """Find what was reworded on its date, then what was dated anew in the same words."""
        owned = {planned.known.target for planned in plan if planned.known}
        left = [one for one in known if one.is_expected and one.target not in owned]
        new_heads = [heads(planned.values) for planned in plan]
        old_heads = [heads(one.values) for one in known if one.is_expected]
        for near in (False, True):
            taken = {id(planned.known.row) for planned in plan if planned.known}
            for planned in plan:
                mine = planned.values
                if planned.known or planned.candidates or not mine["published_on"]:
                    continue
                found = [
                    one
                    for one in left
                    if one.values["published_on"]
                    and id(one.row) not in taken
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
            one.target
            for planned in plan
            for one in ([planned.known] if planned.known else planned.candidates)
        }
        gone = [one for one in known if not one.in_latest and one.row.change not in UNAPPLIED]
        for planned in plan:
            mine = planned.values
            if planned.known or planned.candidates or not mine["published_on"]:
                continue
            found = {
                one.target: one
                for one in gone
                if one.target not in owned
                and _theme(one.values) == _theme(mine)
                and _day(one.values) == _day(mine)
            }
            _settle(planned, list(found.values()))

    def _link(self, plan: list[Planned], of_source: set[int | None]) -> None:
        """Find the articles of entries that the source never brought: by date, heads and byline;
        what was typed in by hand by less, if that is clear."""
        taken = {planned.article for planned in plan if planned.article}
        free = [
            held
            for pk, held in sorted(self.articles.items())
            if (held.merged_into or pk) not in of_source
        ]
        left = []
        for planned in plan:
            is_deleted = planned.known is not None and planned.known.is_deleted
            if planned.change != "CREATE" or planned.article or is_deleted:
                continue
            same = [
                held.merged_into or held.pk
                for held in free
                if (held.merged_into or held.pk) not in taken
                and identity(held.values) == identity(planned.values)
            ]
            if same:
                planned.article = same[0]
                taken.add(same[0])
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
        brought = {
            row.article
            for run in self.runs
            for row in run.rows
            if not run.is_undone or row.change == "CREATE"
        }
        return [
            held
            for held in free
            if held.pk not in taken
            and held.pk not in brought
            and not held.is_tombstone
            and held.merged_into is None
            and held.values["published_on"] == mine["published_on"]
            and (
                heads(held.values) == heads(mine)
                or heads({"headline": held.values["headline"]})
                == heads({"headline": mine["headline"]})
            )
        ]


def _settle(planned: Planned, found: list[Known]) -> None:
    if len(found) == 1 or (found and all(one.is_deleted for one in found)):
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
