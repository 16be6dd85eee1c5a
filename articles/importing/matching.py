"""Which entry of a file is which of its source's, however many there are. Pure.

Nearly all entries of a file are either new or, to the letter of their fingerprint, what the source
had before. These are told with a few bytes each; what is left is given to `identity.align`,
together with everything that it would look at beside it.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from articles.importing import identity
from articles.importing.records import REJECT, REVIEW, KnownEntry, Values

_LENGTH = 32
NEW, SETTLED = -1, -2
#: Parts of all numbers that are sorted at once.
_PARTS = 16


#: What stands for the article of an entry, also of one that was deleted; see `identity`.
Target = tuple[str, int]


class Known(Protocol):
    """The entries of a source's earlier listings, each with a place; see `identity`."""

    #: What several of the entries lead to.
    shared: frozenset[Target]

    def __len__(self) -> int: ...

    def find(self, digest: bytes) -> int:
        """Return the place of the entry with this fingerprint, as bytes; -1 if there is none."""

    def article(self, place: int) -> int | None:
        """Return the article of the entry at *place*."""

    def target(self, place: int) -> Target:
        """Return what stands for the article of the entry at *place*."""

    def change(self, place: int) -> str:
        """Return what became of the entry at *place*."""

    def ordinal(self, place: int) -> int:
        """Return where the entry at *place* stood in its listing."""

    def in_latest(self, place: int) -> bool:
        """Whether the entry at *place* stands in the newest listing."""

    def is_expected(self, place: int) -> bool:
        """Whether the entry is looked for: the newest listing has it, or an undo left it."""

    def leads_to(self, articles: Iterable[int]) -> set[int]:
        """Return those of *articles* that entries lead to."""

    def latest_at(self, ordinal: int) -> int:
        """Return the place of the entry that stands there in the newest listing, else -1."""

    def in_order(self, places: Iterable[int]) -> list[int]:
        """Return *places* in the order in which their entries were stored."""

    def load(self, places: Iterable[int]) -> dict[int, KnownEntry]:
        """Return the entries at *places*, by place, with their values."""


class Prints:
    """The fingerprints of a file's entries, 32 bytes each; see `identity.fingerprints`."""

    def __init__(self) -> None:
        self._digests = bytearray()
        self._firsts = array("Q")
        #: Of entries that are equal to one above them: its place, by theirs.
        self.twins: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._firsts)

    def add(self, values: Values) -> None:
        """Add the fingerprint that the next entry has if no later one is equal."""
        digest = identity.digest(identity.natural_key(values), 1)
        self._digests += digest
        self._firsts.append(int.from_bytes(digest[:8]))

    def of(self, places: Sequence[int]) -> "Prints":
        """Return the fingerprints of the entries at *places* alone."""
        found = Prints()
        for place in places:
            found._digests += self.digest(place)
            found._firsts.append(self._firsts[place])
        return found

    def number_equals(self, values_at: Callable[[int], Values]) -> None:
        """Number equals from the file's end; *values_at* gives the values of an entry."""
        repeated = repeated_in(self._firsts)
        if not repeated:
            return
        seen: dict[str, int] = {}
        below: dict[str, int] = {}
        for place in range(len(self) - 1, -1, -1):
            if self._firsts[place] not in repeated:
                continue
            key = identity.natural_key(values_at(place))
            seen[key] = seen.get(key, 0) + 1
            if key in below:
                self.twins[below[key]] = place
            below[key] = place
            if seen[key] > 1:
                self._digests[place * _LENGTH : (place + 1) * _LENGTH] = identity.digest(
                    key, seen[key]
                )

    def digest(self, place: int) -> bytes:
        """Return the fingerprint of the entry at *place* as bytes."""
        return bytes(self._digests[place * _LENGTH : (place + 1) * _LENGTH])

    def text(self, place: int) -> str:
        """Return the fingerprint of the entry at *place*."""
        return self.digest(place).hex()


def repeated_in(numbers: "array[int]") -> set[int]:
    """Return what stands more than once among *numbers*, which are spread evenly over 64 bits."""
    found: set[int] = set()
    shift = 64 - _PARTS.bit_length() + 1
    parts: Sequence[int | None] = range(_PARTS) if len(numbers) > 2**16 else (None,)
    for part in parts:
        chosen = sorted(n for n in numbers if part is None or n >> shift == part)
        found.update(one for one, other in pairwise(chosen) if one == other)
    return found


class Matches:
    """The partner of each entry of a file, if it has one."""

    def __init__(self, equal: "array[int]", known: int) -> None:
        #: The place of the known entry with the same fingerprint, by the entry's place.
        self.equal = equal
        #: The partners that alignment found, by the entry's place.
        self.aligned: dict[int, identity.Match] = {}
        #: Of the known entries, by place: those that stand in the file again ...
        self.again = bytearray(known)
        #: ... and those that an entry of the file may be.
        self.asked: set[int] = set()

    def set(self, place: int, match: identity.Match, known: Known) -> None:
        """Say that *match* is what the entry at *place* may be."""
        if not match.known and not match.candidates:
            return
        self.equal[place] = SETTLED
        self.aligned[place] = match
        if match.known:
            self.again[known.find(bytes.fromhex(match.known.fingerprint))] = 1
        for entry in match.candidates:
            self.asked.add(known.find(bytes.fromhex(entry.fingerprint)))

    def load(self, places: Sequence[int], known: Known) -> dict[int, identity.Match]:
        """Return the matches of the entries at *places*; of those without a partner none."""
        wanted = {place: one for place in places if (one := self.equal[place]) >= 0}
        entries = known.load(wanted.values()) if wanted else {}
        found = {place: identity.Match(entries[one]) for place, one in wanted.items()}
        found |= {place: self.aligned[place] for place in places if place in self.aligned}
        return found


def match(
    prints: Prints,
    known: Known,
    values_at: Callable[[int], Values],
    all_values: Callable[[], Iterator[Values]],
    taken: bytearray | None = None,
) -> Matches:
    """Return what `identity.align` makes of the entries with *prints* and those *known*.

    *values_at* gives the values of one entry, *all_values* those of all in order. The known entries
    that are marked in *taken* do not come into question: they count as found again.
    """
    equal = array("l", [NEW]) * len(prints)
    found = Matches(equal, len(known))
    if not len(known) or not len(prints):
        return found
    taken = taken or bytearray(len(known))
    found.again[:] = taken
    for place in range(len(prints)):
        one = known.find(prints.digest(place))
        equal[place] = NEW if one >= 0 and taken[one] else one
    holders, losers = _once_an_article(equal, known)
    for place in losers:
        equal[place] = SETTLED
    for one in equal:
        if one >= 0:
            found.again[one] = 1
    _Rest(prints, known, found, holders, losers, taken).align(values_at, all_values)
    return found


def _once_an_article(equal: "array[int]", known: Known) -> tuple[dict[Target, int], dict[int, int]]:
    """Of several entries that lead to one article keep the one of the newest listing.

    Return the place that holds each target which several known entries lead to, and the known
    entries of the places that must do without, by place.
    """
    holders: dict[Target, int] = {}
    losers: dict[int, int] = {}
    if not known.shared:
        return holders, losers
    for place, mine in enumerate(equal):
        target = known.target(mine) if mine >= 0 else None
        if target is None or target not in known.shared:
            continue
        other = holders.setdefault(target, place)
        if other == place or known.article(mine) is None:
            continue
        is_better = known.in_latest(mine) and not known.in_latest(equal[other])
        loser = other if is_better else place
        losers[loser] = equal[loser]
        holders[target] = place if is_better else other
    return holders, losers


class _Rest:
    """What fingerprints leave over: the smallest file that `identity.align` treats the same."""

    def __init__(
        self,
        prints: Prints,
        known: Known,
        found: Matches,
        holders: Mapping[Target, int],
        losers: Mapping[int, int],
        taken: bytearray,
    ) -> None:
        self.prints, self.known, self.found = prints, known, found
        self.holders, self.losers, self.taken = holders, losers, taken

    def align(
        self,
        values_at: Callable[[int], Values],
        all_values: Callable[[], Iterator[Values]],
    ) -> None:
        """Match what is left on both sides, as far as it can be."""
        equal, known = self.found.equal, self.known
        new = [place for place, one in enumerate(equal) if one == NEW]
        if not new:
            return
        missing = {
            place
            for place in range(len(known))
            if known.is_expected(place) and not self.found.again[place]
        }
        gone = self._gone({identity.ordinal_day(values_at(place)) for place in new} - {None})
        if not missing and not gone:
            return
        beside = {
            there
            for place in missing
            for step in (-1, 1)
            if (there := known.latest_at(known.ordinal(place) + step)) >= 0
            and not self.taken[there]
        }
        places = {there for place in new for there in (place - 1, place, place + 1)}
        places = {place for place in places if 0 <= place < len(equal)}
        places |= self._with_heads({identity.heads(values_at(place)) for place in new}, all_values)
        places |= self._holding(beside)
        others = missing | gone | beside
        for _round in range(2):  # who holds the article of one, and what that one is in turn
            others |= {self._known_of(place) for place in places} - {-1}
            places |= self._owners(others)
        entries = known.load(sorted(others))
        ordered = sorted(places)
        aligned = identity.align(
            [(values_at(place), self.prints.text(place)) for place in ordered],
            {entry.fingerprint: entry for entry in sorted(entries.values(), key=_id_of)},
        )
        is_new = set(new)
        for place, partner in zip(ordered, aligned, strict=True):
            if place in is_new:
                self.found.set(place, partner, known)

    def _known_of(self, place: int) -> int:
        one = self.found.equal[place]
        return one if one >= 0 else self.losers.get(place, -1)

    def _gone(self, days: set[int | None]) -> set[int]:
        """Return the entries that are gone from the newest listing and dated on one of *days*."""
        known = self.known
        places = [
            place
            for place in range(len(known))
            if not known.in_latest(place)
            and not self.found.again[place]
            and known.change(place) not in (REVIEW, REJECT)
        ]
        found: set[int] = set()
        for start in range(0, len(places), 500):
            for place, entry in known.load(places[start : start + 500]).items():
                if identity.ordinal_day(entry.values) in days:
                    found.add(place)
        return found

    def _with_heads(self, wanted: set[str], all_values: Callable[[], Iterator[Values]]) -> set[int]:
        """Return the places of all entries with one of these heads: whether they stand once."""
        return {
            place for place, values in enumerate(all_values()) if identity.heads(values) in wanted
        }

    def _holding(self, others: set[int]) -> set[int]:
        """Return the places of the entries that are equal to these known ones."""
        if not others:
            return set()
        return {place for place, one in enumerate(self.found.equal) if one in others}

    def _owners(self, others: set[int]) -> set[int]:
        """Return the places that hold the articles of these known entries."""
        targets = {self.known.target(one) for one in others}
        return {self.holders[target] for target in targets if target in self.holders}


def _id_of(entry: KnownEntry) -> int:
    return entry.id


def find_sorted(digests: bytes | bytearray, firsts: Sequence[int], digest: bytes) -> int:
    """Return where *digest* stands in *digests*, which are sorted; -1 if nowhere.

    *firsts* are the numbers in the first eight bytes of each.
    """
    number = int.from_bytes(digest[:8])
    place = bisect_left(firsts, number)
    while place < len(firsts) and firsts[place] == number:
        if digests[place * _LENGTH : (place + 1) * _LENGTH] == digest:
            return place
        place += 1
    return -1
