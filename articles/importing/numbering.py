"""Numbers of parts: what another article has and keeps, no entry is given. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from articles.folding import fold
from articles.importing.records import UNCHANGED, UPDATE, Plan, PlannedEntry, Values

#: A series, by id or else by title and kind, and a number in it.
Seat = tuple[Any, int]


class Reader(Protocol):
    """What is asked of the archive."""

    def taken_parts(self, series_ids: Iterable[int]) -> Mapping[tuple[int, int], int]:
        """Return the article at each (series, part number)."""


class Numbers:
    """Collects who moves to which number while entries are planned, and drops what is taken: the
    database would refuse it."""

    def __init__(self) -> None:
        self._movers: set[int] = set()
        self._kept: dict[Seat, int] = {}
        self._series: set[int] = set()
        #: The entries that are given numbers, by their place, with who they are.
        self._moving: dict[int, Any] = {}

    def note(self, planned: PlannedEntry) -> None:
        """Note what *planned*, the next entry of the plan, does to series."""
        if "series" not in planned.fields:
            return
        before, after = planned.fields["series"]
        if planned.article is not None:
            self._movers.add(planned.article.id)
            kept = {_seat(place) for place in before or []} & {_seat(place) for place in after}
            self._kept |= dict.fromkeys(kept, planned.article.id)
        if any(place.get("part_number") is not None for place in after):
            self._series |= {place["series"] for place in after if place.get("series")}
            self._moving[planned.entry.ordinal] = (
                planned.article.id if planned.article else ("new", planned.entry.ordinal)
            )

    def give(self, plan: Plan, reader: Reader) -> None:
        """Take the numbers that others have from the entries of *plan*, and say so."""
        found = reader.taken_parts(self._series) if self._series else {}
        taken: dict[Seat, Any] = {
            place: holder for place, holder in found.items() if holder not in self._movers
        }
        taken |= self._kept
        for ordinal, holder in self._moving.items():
            planned = plan.entries[ordinal]
            outcome = planned.change
            if _is_refused(planned, holder, taken):
                _forget_what_stays(planned)
                plan.replace(planned, outcome)


def _is_refused(planned: PlannedEntry, holder: Any, taken: dict[Seat, Any]) -> bool:
    """Drop the numbers of *planned* that others have; return whether there were any."""
    refused = False
    for place in planned.fields["series"][1]:
        number = place.get("part_number")
        if number is None or taken.setdefault(_seat(place), holder) == holder:
            continue
        refused = True
        place["part_number"] = None
        planned.remark(
            "part-number-taken",
            f"Part {number} of “{place['title']}” is another article.",
        )
    return refused


def _forget_what_stays(planned: PlannedEntry) -> None:
    """Drop the series of an article that has all of them already, the numbers apart that it was
    not given: nothing changes then."""
    before, after = planned.fields["series"]
    if planned.article is None or list(map(_seat, before or [])) != list(map(_seat, after)):
        return
    del planned.fields["series"]
    if planned.change == UPDATE and not planned.fields:
        planned.change = UNCHANGED


def _seat(place: Values) -> Seat:
    """Return the series, by id or else by title, and the number of a place."""
    return (
        place.get("series") or (fold(place["title"]), place["kind"]),
        place.get("part_number") or 0,
    )
