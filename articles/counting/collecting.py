"""Rows of articles being read into lists of ids, of which postings make their sets."""

from array import array
from collections import defaultdict
from collections.abc import Iterable

from articles.counting.runs import BITS, month_of

#: One public article: its id, its sort key, and its facet terms, separated by spaces.
Row = tuple[int, int, str]


class Collected:
    """Rows being read into lists of ids."""

    def __init__(self, days: "array[int] | None" = None) -> None:
        self.terms: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.months: dict[int, array[int]] = defaultdict(lambda: array("I"))
        self.days = array("I") if days is None else days[:]

    def read(self, rows: Iterable[Row]) -> None:
        terms, months, days = self.terms, self.months, self.days
        known: dict[int, int] = {}
        size = len(days)
        for pk, sort_key, facets in rows:
            day = sort_key >> BITS
            if pk >= size:
                days.frombytes(bytes(days.itemsize * (pk + 1 + pk // 8 - size)))
                size = len(days)
            days[pk] = day
            month = known.get(day)
            if month is None:
                month = known[day] = month_of(day)
            months[month].append(pk)
            for term in facets.split():
                terms[term].append(pk)
