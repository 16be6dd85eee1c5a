"""Authors of one source whose names are nearly the same: proposals to merge them. Pure.

Never automatic: two people may share a surname and an initial, so an editor compares the articles.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations

from rapidfuzz.distance import Levenshtein

from articles.folding import fold
from articles.importing.records import Values

#: Entries of each spelling that stand side by side in a proposal.
SHOWN = 5
#: A surname and initial shared by more names than this says nothing.
MOST_ALIKE = 40


@dataclass(slots=True)
class _Name:
    """A spelling of an author in one source, and where it stands."""

    key: str
    kind: str
    spellings: Counter[str] = field(default_factory=Counter)
    #: How often it stands in the file now read, and in entries of earlier ones.
    now: int = 0
    before: int = 0
    #: The first places in the file, what stands there, and what stood in earlier ones.
    places: list[int] = field(default_factory=list)
    entries: list[Values] = field(default_factory=list)
    earlier: list[Values] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return self.spellings.most_common(1)[0][0]

    @property
    def count(self) -> int:
        return self.now + self.before


class Names:
    """The names credited in a file and in the entries that its source had before."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], _Name] = {}
        self._spelled: dict[tuple[str, str], _Name] = {}

    def add(self, place: int, values: Values) -> None:
        """Count the names of the entry at *place* of the file."""
        for credit in values.get("authors") or ():
            name = self._name_of(credit)
            name.now += 1
            if len(name.places) < SHOWN:
                name.places.append(place)
                name.entries.append(_beside(values))

    def add_earlier(self, values: Values) -> None:
        """Count the names of an entry that the source had before; after all of the file."""
        for credit in values.get("authors") or ():
            name = self._name_of(credit)
            name.before += 1
            if len(name.earlier) < SHOWN:
                name.earlier.append(_beside(values))

    def spellings(self) -> set[str]:
        """Return all names as they are spelled."""
        return {name for name, _kind in self._spelled}

    def all(self) -> list[_Name]:
        """Return the names, folded, in the order in which they came."""
        return list(self._names.values())

    def _name_of(self, credit: Values) -> _Name:
        spelling = credit["name"], credit.get("kind") or "person"
        name = self._spelled.get(spelling)
        if name is None:
            key = fold(spelling[0])
            name = self._names.setdefault((key, spelling[1]), _Name(key, spelling[1]))
            self._spelled[spelling] = name
        name.spellings[spelling[0]] += 1
        return name


def near_authors(table: Names, author_of: Callable[[str, str], int | None]) -> list[Values]:
    """Return a proposal for each pair of author names that may be one person.

    *author_of* gives the author of the archive that a name of a kind leads to: two that lead to
    one are none. Only a pair with a name of this file is proposed; never is one of different
    kinds.
    """
    proposals = []
    pairs = _near_pairs(table.all())
    for one, other in sorted(pairs, key=lambda pair: (pair[0].key, pair[1].key)):
        authors = [author_of(name.shown, name.kind) for name in (one, other)]
        if not (one.now or other.now) or (authors[0] is not None and len({*authors}) == 1):
            continue
        target, copy = sorted((one, other), key=lambda name: (-name.count, name.key))
        proposals.append(
            {
                "code": "author-spelling",
                "message": f"“{copy.shown}” may be “{target.shown}”.",
                "evidence": {
                    "names": [
                        {
                            "name": name.shown,
                            "count": name.count,
                            "entries": [*name.entries, *name.earlier][:SHOWN],
                        }
                        for name in (target, copy)
                    ]
                },
                "entries": [*target.places, *copy.places],
                "suggestion": {
                    "alias": {
                        "of": "author",
                        "target": target.shown,
                        "kind": target.kind,
                        "spelling": copy.shown,
                    }
                },
            }
        )
    return proposals


def are_near(one: str, other: str, kind: str) -> bool:
    """Return whether two folded names of authors of one *kind* may be one author's."""
    return _are_near(_Name(one, kind), _Name(other, kind))


def near_keys(
    keys: Iterable[str], kind: str, most: int, asked: Iterable[tuple[str, str]] = ()
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of folded names of authors of one *kind* that may be one author's.

    Compared are those that share a surname, or the given names and an initial, unless more than
    *most* do so; and the pairs *asked*.
    """
    names = {key: _Name(key, kind) for key in keys}
    by_surname: dict[str, list[_Name]] = defaultdict(list)
    for name in names.values():
        if kind == "person" and len(words := _words(name.key)) > 1:
            by_surname[words[-1]].append(name)
    blocks = (combinations(some, 2) for some in by_surname.values() if len(some) <= most)
    pairs = ((names[one], names[other]) for one, other in asked)
    more = chain(chain.from_iterable(blocks), pairs)
    for one, other in _near_pairs(list(names.values()), most, more):
        yield one.key, other.key


def near_to(key: str, others: Sequence[str], kind: str) -> list[str]:
    """Return those of *others* that `near_keys` would pair with *key*; all are folded."""
    names = [_Name(other, kind) for other in others if other != key]
    one = _Name(key, kind)

    def is_torn(name: _Name) -> bool:
        if kind != "person" or len(_words(name.key)[0]) > 1:
            return False
        near = [other for other in (one, *names) if other is not name and _are_near(name, other)]
        return _is_torn(name, {_words(other.key)[0] for other in near})

    near = [other for other in names if _are_near(one, other)]
    return [other.key for other in near if not is_torn(other)] if near and not is_torn(one) else []


def _beside(values: Values) -> Values:
    """Return what an editor who compares is shown of an entry."""
    return {"published_on": values.get("published_on"), "headline": values.get("headline")}


def _near_pairs(
    names: Sequence[_Name], most: int = MOST_ALIKE, more: Iterable[tuple[_Name, _Name]] = ()
) -> list[tuple[_Name, _Name]]:
    """Return the pairs of near names. Only names that share a block are compared, and *more*."""
    blocks: dict[tuple[str, ...], list[_Name]] = defaultdict(list)
    for name in names:
        for block in _blocks(name):
            blocks[block].append(name)
    found: dict[tuple[str, str, str], tuple[_Name, _Name]] = {}
    shared = (combinations(some, 2) for some in blocks.values() if len(some) <= most)
    for one, other in chain(chain.from_iterable(shared), more):
        if _are_near(one, other):
            keys = sorted((one.key, other.key))
            found.setdefault((one.kind, keys[0], keys[1]), (one, other))
    partners: dict[str, set[str]] = defaultdict(set)
    for one, other in found.values():
        partners[one.key].add(_words(other.key)[0])
        partners[other.key].add(_words(one.key)[0])
    return [
        pair
        for pair in found.values()
        if not any(_is_torn(name, partners[name.key]) for name in pair)
    ]


def _words(key: str) -> list[str]:
    return key.replace(".", " ").split()


def _blocks(name: _Name) -> Iterator[tuple[str, ...]]:
    words = _words(name.key)
    if name.kind != "person":
        yield (name.kind, name.key[:4], str(len(words)))
    elif len(words) > 1:
        yield ("surname", words[-1], words[0][0])
        yield ("given", *words[:-1], words[-1][0])


def _are_near(one: _Name, other: _Name) -> bool:
    """Whether two names of one block may be one author's.

    Persons: one letter differs in a word of four letters or more, or two in one of seven or more;
    or given names are initials, or one leaves a middle name out. Others: up to two letters of ten.
    """
    if one.kind != "person":
        length = min(len(one.key), len(other.key))
        has_digits = any(letter.isdigit() for letter in one.key + other.key)
        distance = Levenshtein.distance(one.key, other.key, score_cutoff=2)
        return length >= 10 and not has_digits and distance <= 2
    first, second = _words(one.key), _words(other.key)
    if not (first and second):
        return False
    if first == second:
        return True
    if first[-1] != second[-1]:
        return first[:-1] == second[:-1] and _is_misspelled(first[-1], second[-1])
    if len(first) == len(second):
        return all(
            a == b or _is_initial(a, b) or _is_misspelled(a, b)
            for a, b in zip(first, second, strict=True)
        )
    short, long = sorted((first[:-1], second[:-1]), key=len)
    # A surname alone is nobody's in particular.
    return bool(short) and short[0] == long[0] and set(short) <= set(long)


def _is_initial(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) == 1 and long.startswith(short)


def _is_misspelled(one: str, other: str) -> bool:
    short = min(len(one), len(other))
    allowed = 2 if short >= 7 else 1 if short >= 4 else 0
    return Levenshtein.distance(one, other, score_cutoff=2) <= allowed


def _is_torn(name: _Name, partners: set[str]) -> bool:
    """Whether the initial of *name* may stand for several: "J. Weir" beside Joan and John.

    *partners* are the first names of those it is near to.
    """
    words = _words(name.key)
    if name.kind != "person" or len(words[0]) > 1:
        return False
    return sum(len(first) > 1 for first in partners) > 1
