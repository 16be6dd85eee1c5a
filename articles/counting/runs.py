"""Sort keys in order, a run at a time: sorted, or looked up, only if they are looked at."""

import datetime
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

#: Bits of a sort key below the day; see `articles.models.article.sort_key_of`.
BITS = 31
MASK = (1 << BITS) - 1
_LAST_DAY = datetime.date.max.toordinal()


def month_of(day: int) -> int:
    """Return the month of a day, given by its ordinal, as a number that counts months; of a number
    that is no day's, as an address may have it, that of the first or the last day there is."""
    date = datetime.date.fromordinal(min(max(day, 1), _LAST_DAY))
    return date.year * 12 + date.month


class Run(Sequence[int]):
    """Some keys in order: *count* of them, if that is known, and *sort* gives them."""

    def __init__(self, sort: Callable[[], list[int]], count: int | None) -> None:
        self._sort = sort
        self._keys: list[int] | None = None
        self._count = count

    def __len__(self) -> int:
        return len(self._all()) if self._count is None else self._count

    def __getitem__(self, place: Any) -> Any:
        return self._all()[place]

    def _all(self) -> list[int]:
        if self._keys is None:
            self._keys = self._sort()
        return self._keys


class Whole(Sequence[int]):
    """The keys of all articles of a month, or of those beyond one key, in order."""

    def __init__(
        self, days: "array[int]", order: "array[int]", beyond: int | None, ascending: bool
    ) -> None:
        self._days = days
        self._order = order
        self._ascending = ascending
        self._start, self._end = 0, len(order)
        if beyond is not None and ascending:
            self._start = bisect_right(order, beyond, key=self._key)
        elif beyond is not None:
            self._end = bisect_left(order, beyond, key=self._key)

    def _key(self, pk: int) -> int:
        return self._days[pk] << BITS | pk

    def __len__(self) -> int:
        return self._end - self._start

    def __getitem__(self, place: Any) -> Any:
        wanted = range(self._start, self._end)
        wanted = (wanted if self._ascending else wanted[::-1])[place]
        return [self._key(self._order[at]) for at in wanted]
