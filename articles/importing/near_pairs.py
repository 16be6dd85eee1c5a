"""Which names that the archive has may be one in two spellings, of very many. Pure.

By the likeness that imports propose merges by: that of authors (`near_names`), of tags
(`near_tags`) and of titles of series. Only names of one kind are compared, and of these only such
as share a part: a hundred thousand take seconds.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations, product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from articles.folding import casefold_key, fold
from articles.importing import near_names
from articles.importing.near_tags import TWO_LETTERS, is_near, squashed
from articles.importing.series import near_titles

#: One row: its id, its kind and its name.
Row = tuple[int, str, str]
#: Two rows by their ids, the lower one first; two folded names.
Pair = tuple[int, int]
Keys = tuple[str, str]

#: Authors that share a surname and an initial; titles that share the beginning of a word. What
#: more have in common tells nothing.
MOST_AUTHORS, MOST_TITLES = 300, 1000
#: So many rows of one name are each compared with each.
MOST_EQUAL = 20
#: So many letters of a word are its beginning.
BEGINNING = 4


def near_pairs(subject: str, rows: Iterable[Row], asked: Iterable[Pair] = ()) -> set[Pair]:
    """Return the pairs of *rows* that may be one thing, as ids, the lower one first.

    *subject* is author, tag or series. The pairs *asked* are compared whatever they share.
    """
    kinds: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    key_of: dict[int, Keys] = {}
    for pk, kind, name in rows:
        key_of[pk] = kind, _key(name)
        kinds[kind][key_of[pk][1]].append(pk)
    wanted: dict[str, dict[Keys, list[Pair]]] = defaultdict(lambda: defaultdict(list))
    for pair in asked:
        (kind, first), (its_kind, second) = (key_of.get(pk, ("", "")) for pk in pair)
        if first and kind == its_kind:
            wanted[kind][min(first, second), max(first, second)].append(pair)
    found: set[Pair] = set()
    for kind, owners in kinds.items():
        for ids in owners.values():
            found.update(combinations(sorted(ids)[:MOST_EQUAL], 2))
        unequal = [keys for keys in wanted[kind] if keys[0] != keys[1]]
        near = _ALL[subject](list(owners), kind, unequal)
        for one, other in chain(near, ((key, key) for key, same in wanted[kind] if key == same)):
            if one != other:
                pairs = product(owners[one][:MOST_EQUAL], owners[other][:MOST_EQUAL])
                found.update((min(pair), max(pair)) for pair in pairs)
            found.update(wanted[kind].get((min(one, other), max(one, other)), ()))
    return found


def near_to(subject: str, row: Row, others: Iterable[Row]) -> set[Pair]:
    """Return the pairs that *row* and one of *others* are, compared with each of them."""
    pk, kind, name = row
    owners: dict[str, list[int]] = defaultdict(list)
    for other, its_kind, its_name in others:
        if its_kind == kind and other != pk:
            owners[_key(its_name)].append(other)
    key = _key(name)
    near = {key, *_ONE[subject](key, list(owners), kind)} & owners.keys()
    return {(min(pk, other), max(pk, other)) for one in near for other in owners[one]}


def _key(name: str) -> str:
    return fold(name) or casefold_key(name)


# Of all


def _authors(keys: Sequence[str], kind: str, asked: Sequence[Keys]) -> Iterator[Keys]:
    yield from near_names.near_keys(keys, kind, MOST_AUTHORS, asked)


def _tags(keys: Sequence[str], kind: str, asked: Sequence[Keys]) -> Iterator[Keys]:
    yield from (pair for pair in asked if is_near(*pair))
    spelled: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        if plain := squashed(key):
            spelled[plain].append(key)
    blocks: dict[str, list[str]] = defaultdict(list)
    for plain, same in spelled.items():
        yield from combinations(same, 2)
        for block in _blocks(plain):
            blocks[block].append(plain)
    found: set[Keys] = set()
    for words in blocks.values():
        words.sort(key=len)
        lengths = [len(word) for word in words]
        for place, word in enumerate(words[:-1], 1):
            longer = words[place : bisect_right(lengths, len(word) + 2)]
            near = process.extract(word, longer, scorer=OSA.distance, score_cutoff=2, limit=None)
            found.update((word, other) for other, _distance, _place in near)
    for one, other in found:
        yield from (pair for pair in product(spelled[one], spelled[other]) if is_near(*pair))


def _blocks(word: str) -> set[str]:
    """Return what *word*, a squashed tag, has in common with every one that is near to it.

    Where one letter differs, the words are one without some letter, or without "es". Where two do,
    that holds of how they begin, or else they end alike.
    """
    found = set()
    if len(word) < TWO_LETTERS + 2:
        found = _less_one(word) | ({word[:-2]} if word.endswith("es") else set())
    if len(word) >= TWO_LETTERS:
        found |= {f"{word[0]} {word[-4:]}", *(f"{head} …" for head in _less_one(word[:7]))}
    return found


def _less_one(word: str) -> set[str]:
    """Return *word*, and all that is left of it without one letter but the first."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(1, len(word)))}


def _series(keys: Sequence[str], kind: str, asked: Sequence[Keys]) -> Iterator[Keys]:
    yield from (pair for pair in asked if near_titles(pair[0], pair[1:]))
    blocks: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        for beginning in {word[:BEGINNING] for word in key.replace("-", " ").split()}:
            blocks[beginning].append(key)
    for titles in blocks.values():
        if len(titles) <= MOST_TITLES:
            for key in titles:
                for other in near_titles(key, titles):
                    yield key, other


# Of one


def _near_author(key: str, others: Sequence[str], kind: str) -> Iterable[str]:
    return near_names.near_to(key, others, kind)


def _near_tag(key: str, others: Sequence[str], kind: str) -> Iterable[str]:
    return [other for other in others if squashed(other) and is_near(key, other)]


def _near_series(key: str, others: Sequence[str], kind: str) -> Iterable[str]:
    return near_titles(key, others)


_ALL: dict[str, Callable[[Sequence[str], str, Sequence[Keys]], Iterator[Keys]]] = {
    "author": _authors, "tag": _tags, "series": _series,
}  # fmt: skip
_ONE: dict[str, Callable[[str, Sequence[str], str], Iterable[str]]] = {
    "author": _near_author, "tag": _near_tag, "series": _near_series,
}  # fmt: skip
