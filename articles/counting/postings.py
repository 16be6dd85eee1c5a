"""Which articles carry which facet term, and when each was published: all that lists ask.

The terms are those of `articles.models.FacetTotal`. `Postings` are never changed: a thread may go
on counting in them while another makes newer ones.
"""

import datetime
import threading
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from heapq import nlargest
from itertools import islice
from typing import Any, TypeVar

from articles.counting.collecting import Collected, Row
from articles.counting.runs import BITS, MASK, Run, Whole, month_of
from articles.counting.searches import Searches
from articles.counting.sets import Ids, Kind

Key = TypeVar("Key", str, int)
#: Gives the facet terms of each of a few articles.
Ask = Callable[[Sequence[int]], Iterable[str]]

#: Rows that are put into sets at a time.
_PIECE = 50_000
#: Up to so many articles are asked for their terms, and the answers to so many questions kept.
FEW, _REMEMBERED = 150, 200
#: The most frequent terms, counted first; the others are counted in groups, of which the articles
#: are together about as many as this share of what the last of the first ones has.
_HEAD, _SHARE = 16, 0.7
#: So many of the most frequent terms are remembered of a set, at most.
_MOST_KEPT = 64
#: So many ids are sorted rather than looked for month by month.
_FEW = 500


class Postings:
    """Sets of article ids by facet term and by month."""

    def __init__(
        self,
        kind: Kind,
        terms: Mapping[str, Ids],
        months: Mapping[int, Ids],
        days: "array[int]",
        ask: Ask | None = None,
    ) -> None:
        self.kind = kind
        self._ask = ask
        self._asked: dict[tuple[int, ...], Counter[str]] = {}
        self.terms = terms
        self._months = months
        #: The day of each article by its id.
        self._days = days
        self.none = kind.of(())
        self.all: Ids = terms.get("all", self.none)
        #: What rows are called, for whoever shows them: read once for each version.
        self.names: dict[str, tuple[str, str, str]] = {}
        self._grouped: dict[str, list[_Group]] = {}
        #: What was counted in the sets of single terms: these come again and again.
        self._tops: dict[tuple[str, int, int], dict[str, int]] = {}
        #: What was counted of a month, with its set: it is right as long as that set is in force.
        self._of_months: dict[tuple[str, int], tuple[Ids, Any]] = {}
        #: What was searched in them.
        self.searches = Searches()
        self._making = threading.Lock()

    @classmethod
    def of(cls, kind: Kind, rows: Iterable[Row], ask: Ask | None = None) -> "Postings":
        """Return the postings of an archive of *rows*; *ask* gives the terms of a few articles."""
        found = cls(kind, {}, {}, array("I"), ask)
        waiting = iter(rows)
        # Piece by piece: as lists of numbers the whole would take ten times the memory.
        while piece := list(islice(waiting, _PIECE)):
            found = found.changed((), piece)
        return found

    def changed(self, ids: Collection[int], rows: Iterable[Row]) -> "Postings":
        """Return the postings after the articles *ids* changed: *rows* are what is public of them
        now."""
        gone = self.kind.of(ids)
        found = Collected(self._days)
        found.read(rows)
        changed = Postings(
            self.kind,
            self._merged(self.terms, gone, found.terms),
            self._merged(self._months, gone, found.months),
            found.days,
            self._ask,
        )
        # A small set of integers may be the very object that it was before: what changed within a
        # month is not to be seen by it.
        touched = {key for key, of in self._months.items() if self.kind.count_both(of, gone)}
        touched |= found.months.keys()
        changed._of_months = {
            key: known for key, known in dict(self._of_months).items() if key[1] not in touched
        }
        return changed

    def apart(self) -> "Postings":
        """Return the same postings without what was remembered from the database, and with nothing
        remembered by others: for a reader whose database is at an older version."""
        return Postings(self.kind, self.terms, self._months, self._days, self._ask)

    def _merged(
        self, old: Mapping[Key, Ids], gone: Ids, new: Mapping[Key, Iterable[int]]
    ) -> dict[Key, Ids]:
        kind = self.kind
        merged = {
            key: kind.without(ids, gone) if kind.count_both(ids, gone) else ids
            for key, ids in old.items()
        }
        for key, added in new.items():
            ids = kind.of(added)
            merged[key] = merged[key] | ids if key in merged else ids
        return {key: ids for key, ids in merged.items() if kind.count(ids)}

    def parts(self) -> tuple[Mapping[str, Ids], Mapping[int, Ids], "array[int]"]:
        """Return what postings are made of: sets by term and by month, and days by id."""
        return self.terms, self._months, self._days

    def any_of(self, terms: Iterable[str]) -> Ids:
        """Return the articles that carry one of *terms*."""
        sets = [self.terms[term] for term in terms if term in self.terms]
        # The very set, if it is one: what is counted in it is remembered.
        return sets[0] if len(sets) == 1 else self.kind.union(sets) if sets else self.none

    def of_keys(self, sort_keys: Iterable[int]) -> Ids:
        """Return the set of the articles with these sort keys."""
        return self.kind.of([key & MASK for key in sort_keys])

    @staticmethod
    def id_of(sort_key: int) -> int:
        """Return the id of the article with this sort key."""
        return sort_key & MASK

    def key_of(self, pk: int) -> int:
        """Return the sort key of the article with this id."""
        return self._days[pk] << BITS | pk

    @cached_property
    def _by_prefix(self) -> dict[str, list[tuple[int, str, Ids]]]:
        """The terms of each kind with their counts and sets, the most frequent first."""
        found: dict[str, list[tuple[int, str, Ids]]] = defaultdict(list)
        for term, ids in self.terms.items():
            if term != "all":
                found[term[0]].append((self.kind.count(ids), term, ids))
        for values in found.values():
            values.sort(key=lambda value: (-value[0], len(value[1]), value[1]))
        return found

    @cached_property
    def _own(self) -> frozenset[int]:
        """What tells the sets of terms from those that are made for one page."""
        return frozenset(map(id, self.terms.values()))

    def counted(self, term: str, among: Ids) -> int:
        """Return how many of *among* carry *term*."""
        ids = self.terms.get(term)
        return 0 if ids is None else self.kind.count_both(ids, among)

    def counts(self, prefix: str, among: Ids) -> dict[str, int]:
        """Return how many of *among* carry each term of one kind, where any does."""
        values = self._by_prefix.get(prefix, [])
        counts = self.kind.count_each(among, (ids for _total, _term, ids in values))
        return {
            term: count for (_total, term, _ids), count in zip(values, counts, strict=True) if count
        }

    def top(self, prefix: str, among: Ids, limit: int) -> dict[str, int]:
        """Return the *limit* terms of one kind that most of *among* carry, with their counts."""
        values = self._by_prefix.get(prefix, [])
        count = self.kind.count(among)
        if count == self.size:
            return {term: total for total, term, _ids in values[:limit]}
        if count <= FEW and self._ask is not None:
            few = [(-n, len(t), t) for t, n in self._few(among).items() if t[0] == prefix]
            return {term: -count for count, _length, term in sorted(few)[:limit]}
        key = (prefix, limit, id(among))
        if key in self._tops:
            return dict(self._tops[key])
        best: list[tuple[int, int]] = []
        for group in self._groups(prefix):
            if len(best) == limit:
                # No term can be in more of them than carry it at all.
                if values[group.start][0] <= best[-1][0]:
                    break
                # Nor in more than carry any of its group: most groups are done with at once.
                if self.kind.count_both(among, group.union) <= best[-1][0]:
                    continue
            step = values[group.start : group.end]
            counts = self.kind.count_each(among, (ids for _total, _term, ids in step))
            found = ((count, -place) for place, count in enumerate(counts, group.start) if count)
            best = nlargest(limit, [*best, *found])
        top = {values[-place][1]: count for count, place in best}
        # What the facets ask for comes again. Pages deep in a long list of values do not, and there
        # is no end of them.
        if limit <= _MOST_KEPT and id(among) in self._own:
            self._tops[key] = top
        return dict(top)

    def _groups(self, prefix: str) -> "Iterator[_Group]":
        """Yield the terms of one kind in groups, which are made when they are first asked for."""
        with self._making:
            known = self._grouped.setdefault(prefix, [])
        size = len(self._by_prefix.get(prefix, ()))
        place = start = 0
        while start < size:
            # One thread makes a group, and all of them see each.
            with self._making:
                if place == len(known):
                    known.append(self._group(prefix, start))
            yield known[place]
            start = known[place].end
            place += 1

    def _group(self, prefix: str, start: int) -> "_Group":
        """Return the group of terms of one kind that begins at *start*."""
        values = self._by_prefix[prefix]
        # What a group may carry together; the last of the few most frequent is the measure.
        room = most = _SHARE * values[min(_HEAD, len(values)) - 1][0]
        end = start
        if start == 0:
            # Those of which no two would have room together are counted one by one.
            while end < len(values) and (end < _HEAD or 2 * values[end][0] > most):
                end += 1
            return _Group(start, end)
        while end < len(values) and (end == start or values[end][0] <= room):
            room -= values[end][0]
            end += 1
        union = self.kind.union([ids for _total, _term, ids in values[start:end]])
        return _Group(start, end, union)

    def _few(self, among: Ids) -> Counter[str]:
        """Return how many of *among*, which are few, carry each term: by asking for each of them,
        which is quicker than by intersecting thousands of sets with a small one."""
        assert self._ask is not None  # noqa: S101  only called if it is there
        ids = tuple(self.kind.ids(among))
        found = self._asked.get(ids)
        if found is None:
            if len(self._asked) >= _REMEMBERED:
                self._asked.clear()
            found = Counter(term for facets in self._ask(ids) for term in facets.split())
            del found["all"]
            self._asked[ids] = found
        return found

    @property
    def size(self) -> int:
        """How many articles there are."""
        return self.kind.count(self.all)

    def between(self, first: datetime.date | None, last: datetime.date | None) -> Ids:
        """Return the articles dated from *first* to *last*, both included; None is no bound."""
        low = (first or datetime.date.min).toordinal()
        high = (last or datetime.date.max).toordinal()
        start, end = month_of(low), month_of(high)
        found = self.none
        for month, ids in self._months.items():
            if start < month < end:
                found = found | ids
            elif month in (start, end):
                days = self._days
                found = found | self.kind.of(
                    [pk for pk in self.kind.ids(ids) if low <= days[pk] <= high]
                )
        return found

    def keys(
        self,
        among: Ids,
        limit: int,
        offset: int = 0,
        *,
        beyond: int | None = None,
        ascending: bool = False,
    ) -> list[int]:
        """Return sort keys of *among* in order, the newest first unless *ascending*.

        *beyond* is a sort key: only what comes after it in that order.
        """
        found: list[int] = []
        for run in self._runs(among, beyond, ascending):
            if offset >= len(run):
                offset -= len(run)
                continue
            found += run[offset : offset + limit - len(found)]
            offset = 0
            if len(found) >= limit:
                break
        return found

    def neighbours(self, among: Ids, sort_key: int) -> tuple[int | None, int | None]:
        """Return the sort keys of the nearest newer and the nearest older one of *among*."""
        newer = self.keys(among, 1, beyond=sort_key, ascending=True)
        older = self.keys(among, 1, beyond=sort_key)
        return newer[0] if newer else None, older[0] if older else None

    def _runs(self, among: Ids, beyond: int | None, ascending: bool) -> Iterator[Sequence[int]]:
        """Yield the keys of *among* in runs, in order."""
        if self.kind.count(among) <= _FEW:
            yield self._run(among, beyond, ascending)
            return
        last = None if beyond is None else month_of(beyond >> BITS)
        for month in self._ordered if ascending else reversed(self._ordered):
            if last is not None and (month < last if ascending else month > last):
                continue
            bound = beyond if month == last else None
            if among is self.all:
                yield Whole(self._days, self._in_order(month), bound, ascending)
            else:
                yield self._run(self._months[month] & among, bound, ascending)

    def _run(self, ids: Ids, beyond: int | None, ascending: bool) -> Run:
        count = self.kind.count(ids) if beyond is None else None
        return Run(partial(self.sorted_keys, ids, beyond, ascending), count)

    def _in_order(self, month: int) -> "array[int]":
        """Return the articles of *month*, the oldest first."""

        def order(_places: list[int]) -> list[Any]:
            keys = self.sorted_keys(self._months[month], None, ascending=True)
            return [array("I", [key & MASK for key in keys])]

        year, number = divmod(month - 1, 12)
        found: array[int] = self.remembered("order", [(year, number + 1)], order)[0]
        return found

    def totals(self, prefix: str) -> dict[str, int]:
        """Return how many articles carry each term of one kind."""
        return {term: count for count, term, _ids in self._by_prefix.get(prefix, [])}

    def remembered(
        self, name: str, months: Sequence[tuple[int, int]], ask: Callable[[list[int]], list[Any]]
    ) -> list[Any]:
        """Return what *ask* says of each of *months*, given as year and month.

        It is asked for those alone of which it was not asked before, or of which an article
        changed since; it gets their places in *months*.
        """
        keys = [(name, year * 12 + month) for year, month in months]
        sets = [self._months.get(key, self.none) for _name, key in keys]
        known = self._of_months
        missing = [
            place
            for place, (key, ids) in enumerate(zip(keys, sets, strict=True))
            if key not in known or known[key][0] is not ids
        ]
        if missing:
            for place, value in zip(missing, ask(missing), strict=True):
                known[keys[place]] = (sets[place], value)
        return [known[key][1] for key in keys]

    def by_day(self, year: int, month: int) -> dict[int, int]:
        """Return how many articles each day of a month has, by its ordinal; those of which only
        the month is known are on its first."""

        def count(_places: list[int]) -> list[Any]:
            ids = self.kind.ids(self._months.get(year * 12 + month, self.none))
            return [Counter(map(self._days.__getitem__, ids))]

        counted: dict[int, int] = self.remembered("days", [(year, month)], count)[0]
        return counted

    @cached_property
    def _ordered(self) -> list[int]:
        return sorted(self._months)

    def sorted_keys(self, ids: Ids, beyond: int | None, ascending: bool) -> list[int]:
        """Return the sort keys of *ids* in order."""
        days = self._days
        found = [days[pk] << BITS | pk for pk in self.kind.ids(ids)]
        if beyond is not None:
            found = [key for key in found if (key > beyond if ascending else key < beyond)]
        found.sort(reverse=not ascending)
        return found


@dataclass(frozen=True, slots=True)
class _Group:
    """Terms that are counted together, by their places, and the articles that carry any of them."""

    start: int
    end: int
    union: Ids | None = None
