"""What the permanent keys that a file states lead to, some ten bytes for each entry. Pure.

A listing that the archive wrote itself states the key of every entry, and may have a million.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from articles.importing import matching
from articles.importing.matching import Known, Matches, Prints, repeated_in
from articles.importing.records import MERGED_HERE, REJECT, UNCHANGED, PlannedEntry, Values

_ARTICLE, _DELETED, _TWICE, _BESIDE = range(1, 5)
#: Keys that the archive is asked about at once, and those without an article that are named.
_ASKED, _NAMED = 500, 50
_63_BITS = 2**63 - 1
#: In the place of a known entry: nobody asks for one; there is none.
_UNASKED, _NOWHERE = -2, -1


class Reader(Protocol):
    """What is asked of the archive."""

    def keyed_articles(self, stated: Mapping[str, Values]) -> Mapping[str, int | None]:
        """Return the article of each permanent key, None for one that was deleted.

        A key is unknown (absent) if it leads to what was never public, unless the values that
        are stated beside it are those of the article: a key alone opens no draft.
        """

    def merged_keys(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Return those of *keys* that are of merged articles, with the id of the copy."""


class Stated:
    """Which entries of a file state a key, and which keys stand there more than once."""

    def __init__(self) -> None:
        self._places, self._hashes = array("L"), array("Q")

    def add(self, place: int, key: str) -> None:
        """Note that the entry at *place* states *key*."""
        self._places.append(place)
        self._hashes.append(hash(key) & _63_BITS)

    def __bool__(self) -> bool:
        return bool(self._places)

    def chunks(self, values_at: Callable[[int], Values]) -> Iterator[dict[int, Values]]:
        """Yield the values of the entries that state a key, by place, some at a time."""
        for start in range(0, len(self._places), _ASKED):
            yield {place: values_at(place) for place in self._places[start : start + _ASKED]}

    def repeated(self) -> Callable[[str], bool]:
        """Return what tells whether a key may stand in several entries."""
        hashes = repeated_in(self._hashes)
        return lambda key: hash(key) & _63_BITS in hashes


class Keyed:
    """What the keys that a file states lead to, by the place of the entry."""

    def __init__(self, count: int) -> None:
        self._states, self._articles = bytearray(count), array("q")
        #: The copies whose keys are stated: each was merged into the article that its key leads to.
        self.copies: dict[int, int] = {}
        #: Entries whose keys no article has: how many, and the keys of the first by place.
        self._unknown, self._named = 0, dict[int, str]()

    def __bool__(self) -> bool:
        """Whether some key decides what is done with its entry."""
        return any(self._states)

    @property
    def leads(self) -> bool:
        """Whether some key leads to an article."""
        return bool(self._articles)

    def article(self, place: int) -> int | None:
        """Return the article that the key of the entry at *place* leads to."""
        return (self._articles[place] or None) if self._articles else None

    def articles(self) -> Iterator[tuple[int, int]]:
        """Yield the entries whose keys lead to an article, and that, as (place, article)."""
        return ((place, article) for place, article in enumerate(self._articles) if article)

    def decides(self, place: int) -> bool:
        """Whether the key says what is done with the entry at *place*."""
        return bool(self._states[place])

    def lead(self, place: int, article: int) -> None:
        """Note that the key of the entry at *place* leads to *article*."""
        if not self._articles:
            self._articles = array("q", bytes(8 * len(self._states)))
        self._states[place], self._articles[place] = _ARTICLE, article

    def note(self, place: int, state: int) -> None:
        """Note why the entry at *place* is not followed."""
        self._states[place] = state

    def miss(self, place: int, key: str) -> None:
        """Note that no article has the *key* of the entry at *place*."""
        self._unknown += 1
        if len(self._named) < _NAMED:
            self._named[place] = key

    def remark(self, planned: PlannedEntry) -> None:
        """Say of *planned* what its key says, if that decides what is done with it."""
        state = self._states[planned.entry.ordinal]
        if planned.change == REJECT or state <= _ARTICLE:
            return
        if state == _TWICE:
            planned.change = REJECT
            planned.remark(
                "rejected",
                f"Not imported: an entry above leads to the article {planned.values['key']} too.",
            )
        elif state == _BESIDE:
            planned.change = UNCHANGED
            planned.remark("merged-here", MERGED_HERE)
        else:
            planned.change = UNCHANGED
            planned.remark("deleted-here", "An editor deleted this article; it stays deleted.")

    def proposals(self) -> list[Values]:
        """Return the remark on keys that no article has, if there are any."""
        if not self._unknown:
            return []
        keys, count = list(self._named.values()), self._unknown
        entries = "1 entry states a key" if count == 1 else f"{count} entries state keys"
        shown = ", ".join(keys[:5]) + (" …" if count > 5 else "")
        return [
            {
                "code": "key-unknown",
                "message": f"{entries} that no article here has: {shown}",
                "evidence": {"keys": keys},
                "entries": list(self._named),
            }
        ]


def by_key(stated: Stated, count: int, values_at: Callable[[int], Values], reader: Reader) -> Keyed:
    """Return what the keys *stated* in a file of *count* entries lead to; *values_at* gives the
    values of one entry. An entry's ordinal is its place."""
    found = Keyed(count)
    if not stated:
        return found
    may_repeat = stated.repeated()
    first: dict[str, int] = {}
    seen: set[str] = set()
    copies: list[tuple[int, str, int | None, int]] = []
    for chunk in stated.chunks(values_at):
        asked: dict[str, Values] = {}
        for place, values in chunk.items():
            key = str(values["key"])
            at = first.setdefault(key, place) if may_repeat(key) else place
            asked[key] = values if at == place else values_at(at)
        articles, merged = reader.keyed_articles(asked), reader.merged_keys(asked)
        for place, values in chunk.items():
            key = str(values["key"])
            if key not in articles:
                found.miss(place, key)
            elif key in merged:
                copies.append((place, key, articles[key], merged[key]))
            elif (article := articles[key]) is None:
                found.note(place, _DELETED)
            elif key in seen:
                found.note(place, _TWICE)
            else:
                found.lead(place, article)
                if may_repeat(key):
                    seen.add(key)
    _add_copies(found, copies)
    return found


def _add_copies(found: Keyed, copies: list[tuple[int, str, int | None, int]]) -> None:
    """Note what the keys of merged articles lead to: an article's own key counts before them."""
    if not copies:
        return
    wanted = {article for _place, _key, article, _copy in copies}
    held = (
        {article for _place, article in found.articles() if article in wanted} if wanted else set()
    )
    seen: set[str] = set()
    for place, key, article, copy in copies:
        if article is None:
            found.note(place, _DELETED)
        elif key in seen:
            found.note(place, _TWICE)
        else:
            found.copies[place] = copy
            if article in held:
                found.note(place, _BESIDE)
            else:
                found.lead(place, article)
            held.add(article)
        seen.add(key)


def match(
    prints: Prints, known: Known, keyed: Keyed, values_at: Callable[[int], Values]
) -> Matches:
    """Return the entry of an earlier listing that each entry is: by its key, else as
    `matching.match` finds it among those that no key leads to."""
    taken, newest = _entries_of(keyed, known)
    rest = array("l", (place for place in range(len(prints)) if not keyed.decides(place)))
    others = matching.match(
        prints.of(rest),
        known,
        lambda place: values_at(rest[place]),
        lambda: (values_at(place) for place in rest),
        taken,
    )
    found = Matches(array("l", [matching.SETTLED]) * len(prints), len(known))
    found.asked = others.asked
    for at, place in enumerate(rest):
        found.equal[place] = others.equal[at]
    found.aligned = {rest[at]: match for at, match in others.aligned.items()}
    for one in range(len(known)):
        found.again[one] = others.again[one] and not taken[one]
    for place, article in keyed.articles():
        if (one := newest[article]) >= 0:
            found.equal[place] = one
            found.again[one] = 1
    return found


def _entries_of(keyed: Keyed, known: Known) -> "tuple[bytearray, array[int]]":
    """Return which known entries are of articles that keys lead to, by place; and of each such
    article, by its id, the place of the newest: of those in the newest listing, if there are."""
    most = max((article for _place, article in keyed.articles()), default=0)
    newest = array("l", [_UNASKED]) * (most + 1)
    for _place, article in keyed.articles():
        newest[article] = _NOWHERE
    taken = bytearray(len(known))
    for one in range(len(known)):
        article = known.article(one) or 0
        if not 0 < article <= most or newest[article] == _UNASKED:
            continue
        taken[one] = 1
        best = newest[article]
        if best < 0 or _is_newer(one, best, known):
            newest[article] = one
    return taken, newest


def _is_newer(one: int, other: int, known: Known) -> bool:
    if known.in_latest(one) != known.in_latest(other):
        return known.in_latest(one)
    return known.in_order((one, other))[-1] == one
