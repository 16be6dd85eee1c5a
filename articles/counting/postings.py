"""Which articles carry which facet term, and when each was published: all that lists ask.

The terms are those of `articles.models.FacetTotal`. `Postings` are never changed: a thread may go
on counting in them while another makes newer ones.
"""

import datetime
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from itertools import islice
from typing import TypeVar

from articles.counting.sets import Ids, Kind

Key = TypeVar("Key", str, int)
#: Gives the facet terms of each of a few articles.
Ask = Callable[[Sequence[int]], Iterable[str]]
#: One public article: its id, its sort key, and its facet terms, separated by spaces.
Row = tuple[int, int, str]

#: Rows that are put into sets at a time.
_PIECE = 50_000
#: Up to so many articles are asked for their terms, and the answers to so many questions kept.
FEW, _REMEMBERED = 150, 200
#: So many terms are counted before it is asked whether the rest can matter.
_STEP = 64
#: So many ids are sorted rather than looked for month by month.
_FEW = 500
#: Bits of a sort key below the day; see `articles.models.article.sort_key_of`.
_BITS = 31
_MASK = (1 << _BITS) - 1


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
        found = _Collected(self._days)
        found.read(rows)
        return Postings(
            self.kind,
            self._merged(self.terms, gone, found.terms),
            self._merged(self._months, gone, found.months),
            found.days,
            self._ask,
        )

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

    def any_of(self, terms: Iterable[str]) -> Ids:
        """Return the articles that carry one of *terms*."""
        found = self.none
        for term in terms:
            if term in self.terms:
                found = found | self.terms[term]
        return found

    def of_keys(self, sort_keys: Iterable[int]) -> Ids:
        """Return the set of the articles with these sort keys."""
        return self.kind.of([key & _MASK for key in sort_keys])

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
        best: list[tuple[int, int]] = []
        for start in range(0, len(values), _STEP):
            # No term can be in more of them than carry it at all.
            if len(best) == limit and values[start][0] <= best[-1][0]:
                break
            step = values[start : start + _STEP]
            counts = self.kind.count_each(among, (ids for _total, _term, ids in step))
            found = ((count, -place) for place, count in enumerate(counts, start) if count)
            best = nlargest(limit, [*best, *found])
        return {values[-place][1]: count for count, place in best}

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
        start, end = _month(low), _month(high)
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
        for keys in self._runs(among, beyond, ascending):
            if offset >= len(keys):
                offset -= len(keys)
                continue
            found += keys[offset : offset + limit - len(found)]
            offset = 0
            if len(found) >= limit:
                break
        return found

    def _runs(self, among: Ids, beyond: int | None, ascending: bool) -> Iterator["_Run"]:
        """Yield the keys of *among* in runs, in order."""
        if self.kind.count(among) <= _FEW:
            yield _Run(self, among, beyond, ascending)
            return
        last = None if beyond is None else _month(beyond >> _BITS)
        for month in self._ordered if ascending else reversed(self._ordered):
            if last is not None and (month < last if ascending else month > last):
                continue
            ids = self._months[month] & among
            yield _Run(self, ids, beyond if month == last else None, ascending)

    @cached_property
    def _ordered(self) -> list[int]:
        return sorted(self._months)

    def sorted_keys(self, ids: Ids, beyond: int | None, ascending: bool) -> list[int]:
        """Return the sort keys of *ids* in order."""
        days = self._days
        found = [days[pk] << _BITS | pk for pk in self.kind.ids(ids)]
        if beyond is not None:
            found = [key for key in found if (key > beyond if ascending else key < beyond)]
        found.sort(reverse=not ascending)
        return found


class _Run:
    """Some keys in order, sorted only if they are looked at."""

    def __init__(self, postings: Postings, ids: Ids, beyond: int | None, ascending: bool) -> None:
        self._sorted = postings.sorted_keys
        self._wanted = (ids, beyond, ascending)
        self._keys: list[int] | None = None
        self._count = None if beyond is not None else postings.kind.count(ids)

    def __len__(self) -> int:
        return len(self._all()) if self._count is None else self._count

    def __getitem__(self, place: slice) -> list[int]:
        return self._all()[place]

    def _all(self) -> list[int]:
        if self._keys is None:
            self._keys = self._sorted(*self._wanted)
        return self._keys


class _Collected:
    """Rows being read into lists of ids."""

    def __init__(self, days: "array[int] | None" = None) -> None:
        self.terms: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.months: dict[int, array[int]] = defaultdict(lambda: array("I"))
        self.days = array("I") if days is None else days[:]

    def read(self, rows: Iterable[Row]) -> None:
        terms, months, days = self.terms, self.months, self.days
        month_of: dict[int, int] = {}
        size = len(days)
        for pk, sort_key, facets in rows:
            day = sort_key >> _BITS
            if pk >= size:
                days.frombytes(bytes(days.itemsize * (pk + 1 + pk // 8 - size)))
                size = len(days)
            days[pk] = day
            month = month_of.get(day)
            if month is None:
                month = month_of[day] = _month(day)
            months[month].append(pk)
            for term in facets.split():
                terms[term].append(pk)


def _month(day: int) -> int:
    date = datetime.date.fromordinal(day)
    return date.year * 12 + date.month
