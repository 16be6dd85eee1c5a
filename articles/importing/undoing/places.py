"""Addresses and part numbers when an import is taken back: whose they are, and who moves first.

Two articles never share an address or a place in a series. What another article has and keeps
cannot be taken: the field, or the whole article, is blocked. What it gives up in the same plan can
be, if it moves first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from articles.importing.undoing.plan import (
    BLOCKED,
    BROUGHT_BACK,
    REMOVED,
    WITHDRAWN,
    Step,
    UndoPlan,
    levels,
)
from articles.models import Article, Part, PastAddress
from articles.partial_dates import parse_partial
from articles.writing.index import batches
from articles.writing.state import Values

#: A date in ISO 8601 and a slug; a series and a number.
Address = tuple[str | None, str]
Seat = tuple[int, int]
_ADDRESS = {"published_on", "slug"}


def settle_places(
    plan: UndoPlan, values: Mapping[int, Values], coming: Mapping[int, dict[str, Any]]
) -> None:
    """Block what finds its address or its number taken, and put the rest in order.

    *values* are those of articles whose fields go back, as they are now; *coming* has address and
    seats of articles that come back whole.
    """
    places = _Places(plan, values, coming)
    while places.block_taken():
        pass
    plan.order = places.groups
    for row in plan.articles:
        if row.fields:
            row.settle()


class _Places:
    def __init__(
        self,
        plan: UndoPlan,
        values: Mapping[int, Values],
        coming: Mapping[int, dict[str, Any]],
    ) -> None:
        self.rows = {row.id: row for row in plan.articles if row.id in values}
        self.whole = {
            row.id: row for row in plan.articles if row.id in coming and row.id not in values
        }
        self.withdrawn = plan.ids(WITHDRAWN)
        self.gone = set(plan.ids(REMOVED))
        self.coming = coming
        self.now = {pk: (_address(values[pk]), _seats(values[pk]["parts"])) for pk in self.rows}
        self.values = values
        self.groups: list[list[int]] = []
        self.labels: dict[int, str] = {}

    def block_taken(self) -> bool:
        """Block once what is taken as things stand; return whether that blocked anything."""
        addresses: dict[int, Address] = {}
        paths: dict[int, str] = {}
        seats: dict[int, set[Seat]] = {}
        for pk, row in self.rows.items():
            restored = row.restored()
            then = self.values[pk] | restored
            if _ADDRESS & restored.keys() and (found := _address(then)) != self.now[pk][0]:
                addresses[pk], paths[pk] = found, _path(then["published_on"], then["slug"])
            if "parts" in restored:
                seats[pk] = _seats(restored["parts"])
        for pk, row in self.whole.items():
            if row.outcome == BROUGHT_BACK:
                image = self.coming[pk]
                addresses[pk], seats[pk] = image["address"], set(image["seats"])
                paths[pk] = _path(image["dated"], image["address"][1])
        after, taken_addresses = self._address_order(addresses, paths)
        beside, taken_seats = self._seat_order(seats)
        for pk, reason in taken_addresses.items():
            self._block(pk, _ADDRESS, reason)
        for pk, reason in taken_seats.items():
            self._block(pk, {"parts"}, reason)
        if taken_addresses or taken_seats:
            return True
        ids = [*self.withdrawn, *(pk for pk, row in self.rows.items() if row.restored())]
        self.groups, stuck = levels(ids, after, beside)
        for pk in stuck:
            self._block(pk, _ADDRESS | {"parts"}, "its place and another's depend on each other")
        return bool(stuck)

    def _block(self, pk: int, names: set[str], reason: str) -> None:
        if pk in self.rows:
            self.rows[pk].block(names, reason)
        else:
            self.whole[pk].outcome, self.whole[pk].reason = BLOCKED, reason

    def _address_order(
        self, addresses: dict[int, Address], paths: dict[int, str]
    ) -> tuple[dict[int, set[int]], dict[int, str]]:
        """Return whom each must wait for, and those whose address is taken, with the reason."""
        holders: dict[Address, int] = {}
        for chunk in batches(sorted({date for date, _ in addresses.values() if date})):
            rows = Article.objects.filter(published_on__in=chunk)
            for date, slug, pk in rows.values_list("published_on", "slug", "pk"):
                assert date is not None  # noqa: S101  it is one of those asked for
                holders[date.isoformat(), slug] = pk
        leads: dict[str, int | None] = {}
        for paths_chunk in batches(sorted(set(paths.values()))):
            past = PastAddress.objects.filter(path__in=paths_chunk)
            leads |= dict(past.values_list("path", "article_id"))
        after: dict[int, set[int]] = defaultdict(set)
        taken: dict[int, str] = {}
        claimed: dict[Address, int] = {}
        for pk, address in addresses.items():
            if address[0] is None:
                continue
            holder = holders.get(address, pk)
            if claimed.setdefault(address, pk) != pk:
                holder = claimed[address]
                taken[pk] = f"its address is taken by {self._label(holder)}"
            elif holder != pk and holder not in self.gone:
                if holder in addresses:
                    after[pk].add(holder)
                else:
                    taken[pk] = f"its address is taken by {self._label(holder)}"
            elif leads.get(paths[pk], pk) != pk:
                taken[pk] = "its address leads to something else now"
        return after, taken

    def _seat_order(
        self, seats: dict[int, set[Seat]]
    ) -> tuple[dict[int, set[int]], dict[int, str]]:
        """Return beside whom each must move, and those whose number is taken, with the reason."""
        holders: dict[Seat, int] = {}
        for chunk in batches(sorted({series for found in seats.values() for series, _ in found})):
            rows = Part.objects.filter(series__in=chunk, part_number__isnull=False)
            for series, number, pk in rows.values_list("series_id", "part_number", "article_id"):
                holders[series, number or 0] = pk
        beside: dict[int, set[int]] = defaultdict(set)
        taken: dict[int, str] = {}
        claimed: dict[Seat, int] = {}
        for pk, wanted in seats.items():
            for seat in sorted(wanted):
                holder = holders.get(seat, pk)
                if claimed.setdefault(seat, pk) != pk:
                    holder = claimed[seat]
                elif holder == pk or holder in self.gone:
                    continue
                elif holder in seats and holder in self.rows and seat not in seats[holder]:
                    beside[pk].add(holder)
                    continue
                taken[pk] = f"part {seat[1]} of its series is {self._label(holder)}"
        return beside, taken

    def _label(self, pk: int) -> str:
        step: Step | None = self.rows.get(pk) or self.whole.get(pk)
        if step is not None:
            return f"“{step.label}”"
        if pk not in self.labels:
            found = Article.objects.filter(pk=pk).values_list("headline", flat=True).first()
            self.labels[pk] = found or f"article {pk}"
        return f"“{self.labels[pk]}”"


def _address(values: Values) -> Address:
    dated = values["published_on"]
    return (parse_partial(dated)[0].isoformat() if dated else None, values["slug"])


def _path(dated: str | None, slug: str) -> str:
    return "/".join(["articles", *(dated or "").split("-"), slug, ""])


def _seats(parts: Iterable[Values] | None) -> set[Seat]:
    return {(part["series"], part["part_number"]) for part in parts or [] if part["part_number"]}
