"""Tags that are nearly the same as others: proposals, which an editor confirms. Pure.

Only what is about to become a tag of the archive is looked at. What leads to a tag already, by its
name or by an alias, is that tag.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rapidfuzz.distance import OSA

from articles.folding import fold
from articles.importing.records import Values

#: Entries of a tag that are shown.
SHOWN = 3
#: A file with more new tags has none of them compared; of the archive so many are.
MOST_COMPARED = 1000
#: Shortest tag in which a letter may differ, and the one in which two may.
ONE_LETTER, TWO_LETTERS = 5, 12
_NUMERALS = frozenset(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"])
_DIGITS = re.compile(r"\d+")
_NO_WORD = re.compile(r"[\W_]+")


class Reader(Protocol):
    """What is asked of the archive."""

    def tag_names(self, spellings: Iterable[str]) -> Mapping[str, str]:
        """Return the present name of the tag that each spelling leads to, if it leads to one."""

    def newest_tags(self, most: int) -> Sequence[str]:
        """Return the names of the newest tags."""


class Tags:
    """The tags of a file: how often each stands there, and at first where."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._first: dict[str, list[tuple[int, Values]]] = {}

    def add(self, place: int, values: Values) -> None:
        """Take in the tags of the entry at *place*."""
        for tag in values["tags"]:
            self.counts[tag] += 1
            first = self._first.setdefault(tag, [])
            if len(first) < SHOWN:
                entry = {name: values.get(name) for name in ("published_on", "headline")}
                first.append((place, entry))

    def propose(self, reader: Reader) -> list[Values]:
        """Return a proposal for each new tag that may be another one, new or not."""
        names = reader.tag_names(self.counts)
        new = sorted(tag for tag in self.counts if tag not in names)
        if not new or len(new) > MOST_COMPARED:
            return []
        known = sorted({*names.values(), *reader.newest_tags(MOST_COMPARED)})
        found = []
        done: set[str] = set()
        for tag in sorted(new, key=lambda one: (self.counts[one], one)):
            others = [*known, *(one for one in new if one != tag and one not in done)]
            near = [other for other in others if is_near(tag, other)]
            if near:
                done.add(tag)
                target = max(near, key=lambda one: (one in known, self.counts[one], one))
                found.append(self._proposal(tag, target))
        return found

    def _proposal(self, spelling: str, target: str) -> Values:
        entries = self._first[spelling]
        return {
            "code": "tag-spelling",
            "message": f"“{spelling}” may be the tag “{target}”.",
            "evidence": {
                "names": [
                    {
                        "name": name,
                        "count": self.counts[name],
                        "entries": [entry for _place, entry in self._first.get(name, ())],
                    }
                    for name in (target, spelling)
                ]
            },
            "entries": [place for place, _entry in entries],
            "suggestion": {"alias": {"of": "tag", "target": target, "spelling": spelling}},
        }


def squashed(tag: str) -> str:
    """Return the folded letters and figures of *tag*, without marks, hyphens and spaces."""
    return _NO_WORD.sub("", fold(tag))


def is_near(one: str, other: str) -> bool:
    """Whether two tags may be one in two spellings: by marks, hyphens, a letter or two, the plural.

    Tags with other numbers are different ones: "World War I" and "World War II".
    """
    words = [_NO_WORD.split(fold(tag)) for tag in (one, other)]
    first, second = ("".join(some) for some in words)
    if first == second:
        return True
    numbers = [(_DIGITS.findall(text), _NUMERALS.intersection(some))
               for text, some in zip((first, second), words, strict=True)]  # fmt: skip
    shortest = min(len(first), len(second))
    if numbers[0] != numbers[1] or shortest < ONE_LETTER or first[0] != second[0]:
        return False
    if f"{first}es" == second or f"{second}es" == first:
        return True
    most = 2 if shortest >= TWO_LETTERS else 1
    return OSA.distance(first, second, score_cutoff=most) <= most
