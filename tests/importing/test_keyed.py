"""Keys that a file states, with few bytes an entry: the same as with everything in view."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from articles.importing import identity, keyed
from articles.importing.matching import Prints
from articles.importing.records import KnownEntry, Values
from tests.importing.test_matching import Held, assert_partners, entry, known_of, reworded

KEYS = [f"000000{number:02d}" for number in range(40)]


class Archive:
    """What keys lead to here, and which are of merged articles."""

    def __init__(self, random_: random.Random) -> None:
        self.articles: dict[str, int | None] = {
            key: random_.choice((number, number, number, None))
            for number, key in enumerate(KEYS, 1)
            if random_.random() < 0.85
        }
        self.copies = {key: 1000 + number for number, key in enumerate(KEYS[:30:7])}
        for key in self.copies.keys() & self.articles.keys():
            self.articles[key] = random_.randrange(1, 30)
        self.asked: list[int] = []

    def keyed_articles(self, stated: Mapping[str, Values]) -> Mapping[str, int | None]:
        self.asked.append(len(stated))
        # A draft is known only to whoever states its headline beside the key.
        return {
            key: pk
            for key, pk in self.articles.items()
            if key in stated and not (pk == 11 and len(stated[key]["headline"]) % 2)
        }

    def merged_keys(self, keys: Iterable[str]) -> Mapping[str, int]:
        return {key: self.copies[key] for key in keys if key in self.copies}


def plain(stated: Mapping[int, str], values: list[Values], archive: Archive) -> dict[str, Any]:
    """What keys lead to, by dicts and sets over the whole file."""
    found: dict[str, Any] = {
        "articles": {}, "deleted": set(), "twice": set(), "beside": set(), "copies": {},
        "unknown": [],
    }  # fmt: skip
    first: dict[str, Values] = {}
    for place, key in stated.items():
        first.setdefault(key, values[place])
    articles, copies = archive.keyed_articles(first), archive.merged_keys(first)
    held: set[int] = set()
    seen: set[str] = set()
    for place, key in sorted(stated.items(), key=lambda item: item[1] in copies):
        if key not in articles:
            found["unknown"].append(key)
            continue
        article = articles[key]
        if article is None:
            found["deleted"].add(place)
        elif key in seen:
            found["twice"].add(place)
        else:
            if key in copies:
                found["copies"][place] = copies[key]
            if article in held:
                found["beside"].add(place)
            else:
                found["articles"][place] = article
            held.add(article)
        seen.add(key)
    return found


def partners(
    values: list[Values], prints: list[str], known: Mapping[str, KnownEntry], led: dict[str, Any]
) -> list[identity.Match]:
    """The entry of an earlier listing that each entry is: everything aligned with everything."""
    held = set(led["articles"].values())
    newest: dict[int, KnownEntry] = {}
    free: dict[str, KnownEntry] = {}
    for print_, one in known.items():
        if one.article not in held:
            free[print_] = one
            continue
        best = newest.get(one.article)
        if best is None or (one.in_latest, one.id) > (best.in_latest, best.id):
            newest[one.article] = one
    matches = [identity.Match() for _ in values]
    for place, article in led["articles"].items():
        matches[place] = identity.Match(newest.get(article))
    decided = led["articles"].keys() | led["deleted"] | led["twice"] | led["beside"]
    rest = [place for place in range(len(values)) if place not in decided]
    aligned = identity.align([(values[place], prints[place]) for place in rest], free)
    for place, match in zip(rest, aligned, strict=True):
        matches[place] = match
    return matches


@pytest.mark.parametrize("seed", range(300))
def test_keys_lead_where_they_would_with_everything_in_view(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random_ = random.Random(seed)
    monkeypatch.setattr(keyed, "_ASKED", random_.choice((1, 2, 3, 500)))
    old = [entry(random_) for _ in range(random_.randrange(0, 25))]
    known = known_of(old, random_)
    new = [reworded(values, random_) for values in old if random_.random() < 0.85]
    for _ in range(random_.randrange(6)):
        new.insert(random_.randrange(len(new) + 1), entry(random_))
    stated = keyed.Stated()
    told: dict[int, str] = {}
    for place, values in enumerate(new):
        if random_.random() < 0.6:
            told[place] = values["key"] = random_.choice(KEYS[: len(new) + 3])
            stated.add(place, values["key"])
    archive = Archive(random_)
    wanted = plain(told, new, archive)
    archive.asked.clear()
    found = keyed.by_key(stated, len(new), new.__getitem__, archive)
    assert all(asked <= keyed._ASKED for asked in archive.asked)
    assert dict(found.articles()) == wanted["articles"]
    assert found.copies == wanted["copies"]
    decided = {*wanted["articles"], *wanted["deleted"], *wanted["twice"], *wanted["beside"]}
    assert {place for place in range(len(new)) if found.decides(place)} == decided
    told_unknown = [key for one in found.proposals() for key in one["evidence"]["keys"]]
    assert sorted(told_unknown) == sorted(wanted["unknown"])

    prints = Prints()
    for values in new:
        prints.add(values)
    prints.number_equals(new.__getitem__)
    texts = [prints.text(place) for place in range(len(new))]
    held = Held(known)
    matches = keyed.match(prints, held, found, new.__getitem__)
    assert_partners(partners(new, texts, known, wanted), matches, held)


def test_ids_are_a_set() -> None:
    from articles.importing.selections import Ids

    ids = Ids([7, 3, 90])
    assert [pk for pk in (-1, 0, 2, 3, 4, 7, 89, 90, 91, None) if pk in ids] == [3, 7, 90]
    assert ids
    assert not Ids([])
    assert 0 not in Ids([])
