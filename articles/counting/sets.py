"""Sets of article ids that are counted against each other thousands of times for one page.

Two kinds with the same functions. `Integers` needs nothing but Python: bit n of one large integer
says whether article n is in the set. It takes an eighth of a byte for each article of the archive,
however few are in the set, so it is for archives of some ten thousand articles. `Roaring` packs
them (https://roaringbitmap.org) and is used where pyroaring is installed.

Sets are never changed: every function returns a new one.
"""

from array import array
from collections.abc import Iterable
from functools import reduce
from importlib import import_module
from importlib.util import find_spec
from operator import or_
from typing import Any, Protocol

#: A set; only its own `Kind` knows what is in it. ``&`` and ``|`` work on it.
Ids = Any


class Kind(Protocol):
    """What can be done with sets of one kind."""

    def of(self, ids: Iterable[int]) -> Ids:
        """Return the set of *ids*, which are not negative."""

    def count(self, a: Ids) -> int:
        """Return how many are in *a*."""

    def count_both(self, a: Ids, b: Ids) -> int:
        """Return how many are in *a* and in *b*."""

    def count_each(self, a: Ids, others: Iterable[Ids]) -> list[int]:
        """Return `count_both` of *a* and each of *others*, without a step of Python for each."""

    def union(self, sets: Iterable[Ids]) -> Ids:
        """Return what is in any of *sets*."""

    def without(self, a: Ids, b: Ids) -> Ids:
        """Return what is in *a* and not in *b*."""

    def ids(self, a: Ids) -> list[int]:
        """Return what is in *a*, rising."""

    def packed(self, a: Ids) -> bytes:
        """Return *a* as bytes, of which `unpacked` makes it again."""

    def unpacked(self, data: bytes) -> Ids:
        """Return the set of which `packed` made *data*."""


class Integers:
    """Sets as integers."""

    @staticmethod
    def of(ids: Iterable[int]) -> int:
        found = list(ids)
        if not found:
            return 0
        bits = bytearray(max(found) // 8 + 1)
        for pk in found:
            bits[pk >> 3] |= 1 << (pk & 7)
        return int.from_bytes(bits, "little")

    @staticmethod
    def count(a: int) -> int:
        return a.bit_count()

    @staticmethod
    def count_both(a: int, b: int) -> int:
        return (a & b).bit_count()

    @staticmethod
    def count_each(a: int, others: Iterable[int]) -> list[int]:
        return list(map(int.bit_count, map(a.__and__, others)))

    @staticmethod
    def union(sets: Iterable[int]) -> int:
        return reduce(or_, sets, 0)

    @staticmethod
    def without(a: int, b: int) -> int:
        return a & ~b

    @staticmethod
    def ids(a: int) -> list[int]:
        digits = f"{a:b}"[::-1]
        found = []
        place = digits.find("1")
        while place >= 0:
            found.append(place)
            place = digits.find("1", place + 1)
        return found

    @staticmethod
    def packed(a: int) -> bytes:
        return a.to_bytes((a.bit_length() + 7) // 8, "little")

    @staticmethod
    def unpacked(data: bytes) -> int:
        return int.from_bytes(data, "little")


class Roaring:
    """Sets as compressed bitmaps."""

    def __init__(self) -> None:
        self._bitmap = import_module("pyroaring").BitMap

    def of(self, ids: Iterable[int]) -> Ids:
        return self._bitmap(ids if isinstance(ids, array | list) else list(ids))

    @staticmethod
    def count(a: Ids) -> int:
        return len(a)

    @staticmethod
    def count_both(a: Ids, b: Ids) -> int:
        return int(a.intersection_cardinality(b))

    @staticmethod
    def count_each(a: Ids, others: Iterable[Ids]) -> list[int]:
        return list(map(a.intersection_cardinality, others))

    def union(self, sets: Iterable[Ids]) -> Ids:
        return self._bitmap.union(*sets)

    @staticmethod
    def without(a: Ids, b: Ids) -> Ids:
        return a - b

    @staticmethod
    def ids(a: Ids) -> list[int]:
        return list(a)

    @staticmethod
    def packed(a: Ids) -> bytes:
        data: bytes = a.serialize()
        return data

    def unpacked(self, data: bytes) -> Ids:
        return self._bitmap.deserialize(data)


def best() -> Kind:
    """Return the kind to use here."""
    return Roaring() if find_spec("pyroaring") else Integers()
