"""A long sequence that is kept in a temporary file, a piece of it in memory at a time. Pure.

What an import reads and plans is as long as its file. Its entries wait here between one step and
the next, packed by the hundred; the file has no name, so that it is gone with its process, however
that ends.

An item is a copy each time it is read: who changes one writes it back (``spool[place] = item``).
"""

import heapq
import marshal
import tempfile
import weakref
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar, overload

Item = TypeVar("Item")

#: Where the files lie; None: where Python puts temporary files, which may be memory.
FOLDER: str | None = None
#: Items that are packed together.
PIECE = 200
#: Pieces that stay unpacked while single items are asked for.
UNPACKED = 4
#: Items that are sorted in memory at once.
SORTED = 5_000


class _File:
    """A file without a name that all spools of a folder share, so that a hundred listings do not
    take a hundred descriptors; it is gone with the last of them."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(dir=FOLDER)  # noqa: SIM115  closed when it is dropped
        weakref.finalize(self, self._file.close)
        self._end = 0

    def write(self, data: bytes) -> int:
        """Write *data* at the end; return where it begins."""
        start = self._end
        self._file.seek(start)
        self._file.write(data)
        self._end += len(data)
        return start

    def read(self, start: int, length: int) -> bytes:
        """Return what stands there."""
        self._file.seek(start)
        return self._file.read(length)


_files: weakref.WeakValueDictionary[str | None, _File] = weakref.WeakValueDictionary()


class Spool(Sequence[Item], Generic[Item]):
    """A sequence to append to, to read in any order, and to replace items of.

    *pack* makes plain values of an item (numbers, texts, tuples, lists, dicts), *unpack* the
    reverse.
    """

    def __init__(self, pack: Callable[[Item], Any], unpack: Callable[[Any], Item]) -> None:
        self._pack, self._unpack = pack, unpack
        self._size = PIECE
        self._file: _File | None = None
        #: Where each piece begins in the file, and how long it is.
        self._starts, self._lengths = array("Q"), array("L")
        self._last: list[Item] = []
        self._open: OrderedDict[int, list[Item]] = OrderedDict()
        self._changed: set[int] = set()

    def __len__(self) -> int:
        return len(self._starts) * self._size + len(self._last)

    def append(self, item: Item) -> None:
        """Add *item* at the end."""
        self._last.append(item)
        if len(self._last) == self._size:
            start, length = self._write(self._last)
            self._starts.append(start)
            self._lengths.append(length)
            self._last = []

    def extend(self, items: Iterable[Item]) -> None:
        """Add *items* at the end."""
        for item in items:
            self.append(item)

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        number, inside = self._find(place)
        return self._piece(number)[inside]

    def __setitem__(self, place: int, item: Item) -> None:
        number, inside = self._find(place)
        self._piece(number)[inside] = item
        if number < len(self._starts):
            self._changed.add(number)

    def __iter__(self) -> Iterator[Item]:
        for number in range(len(self._starts)):
            yield from self._open.get(number) or self._read(number)
        yield from self._last

    def __reversed__(self) -> Iterator[Item]:
        yield from reversed(self._last)
        for number in range(len(self._starts) - 1, -1, -1):
            yield from reversed(self._open.get(number) or self._read(number))

    def _find(self, place: int) -> tuple[int, int]:
        length = len(self)
        if place < 0:
            place += length
        if not 0 <= place < length:
            raise IndexError(place)
        return divmod(place, self._size)

    def _piece(self, number: int) -> list[Item]:
        if number == len(self._starts):
            return self._last
        found = self._open.get(number)
        if found is not None:
            self._open.move_to_end(number)
            return found
        found = self._open[number] = self._read(number)
        while len(self._open) > UNPACKED:
            old, items = self._open.popitem(last=False)
            if old in self._changed:
                self._changed.remove(old)
                self._starts[old], self._lengths[old] = self._write(items)
        return found

    def _write(self, items: Iterable[Item]) -> tuple[int, int]:
        """Write *items* to the end of the file; return where they begin, and how long they are."""
        if self._file is None:
            self._file = _files.get(FOLDER) or _files.setdefault(FOLDER, _File())
        packed = [self._pack(item) for item in items]
        try:
            data = marshal.dumps(packed)
        except ValueError:
            data = marshal.dumps(_plain(packed))
        return self._file.write(data), len(data)

    def _read(self, number: int) -> list[Item]:
        assert self._file is not None  # noqa: S101  there is a piece in it
        # Only this process can have written it: the file has no name.
        packed = marshal.loads(self._file.read(self._starts[number], self._lengths[number]))  # noqa: S302
        return [self._unpack(values) for values in packed]


def _plain(value: Any) -> Any:
    """Return *value* with the plain types in the place of those derived from them."""
    if isinstance(value, dict):
        return {_plain(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def as_it_is(item: Any) -> Any:
    """Return *item*, which is plain already."""
    return item


def sort(items: Iterable[Item], key: Callable[[Item], Any], spool: Spool[Item]) -> Iterator[Item]:
    """Yield *items* by *key*, equals in their order; a part of them is in memory at a time.

    *spool* is an empty one, to keep them in.
    """
    ends = [0]
    run: list[Item] = []
    for item in items:
        run.append(item)
        if len(run) == SORTED:
            spool.extend(sorted(run, key=key))
            ends.append(len(spool))
            run = []
    run.sort(key=key)
    if len(ends) == 1:
        yield from run
        return
    parts = [_part(spool, first, last) for first, last in pairwise(ends)]
    yield from heapq.merge(*parts, run, key=key)


def _part(spool: Spool[Item], first: int, last: int) -> Iterator[Item]:
    """Yield the items from *first* up to *last*, a piece at a time."""
    for start in range(first, last, PIECE):
        yield from spool[start : min(start + PIECE, last)]
