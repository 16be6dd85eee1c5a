"""Matching with few bytes an entry finds what aligning everything with everything finds."""

import random
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from articles.importing import identity, matching
from articles.importing.matching import Matches, Prints, match, repeated_in
from articles.importing.records import KnownEntry

WORDS = ("tide", "chart", "bell", "buoy", "lamp", "fog")


class Held:
    """Known entries held in a dict, as `matching.Known` wants them."""

    def __init__(self, entries: dict[str, KnownEntry]) -> None:
        self.entries = [entries[print_] for print_ in sorted(entries)]
        self.places = {entry.fingerprint: place for place, entry in enumerate(self.entries)}
        targets = [identity.target(entry) for entry in self.entries]
        self.shared = frozenset(target for target in targets if targets.count(target) > 1)

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, digest: bytes) -> int:
        return self.places.get(digest.hex(), -1)

    def article(self, place: int) -> int | None:
        return self.entries[place].article

    def target(self, place: int) -> matching.Target:
        return identity.target(self.entries[place])

    def change(self, place: int) -> str:
        return self.entries[place].change

    def ordinal(self, place: int) -> int:
        return self.entries[place].ordinal

    def in_latest(self, place: int) -> bool:
        return self.entries[place].in_latest

    def is_expected(self, place: int) -> bool:
        return self.entries[place].in_latest or self.entries[place].is_left

    def leads_to(self, articles: Iterable[int]) -> set[int]:
        return set(articles) & {entry.article for entry in self.entries if entry.article}

    def latest_at(self, ordinal: int) -> int:
        for place, entry in enumerate(self.entries):
            if entry.in_latest and entry.ordinal == ordinal:
                return place
        return -1

    def in_order(self, places: Iterable[int]) -> list[int]:
        return sorted(places, key=lambda place: self.entries[place].id)

    def load(self, places: Iterable[int]) -> dict[int, KnownEntry]:
        return {place: self.entries[place] for place in places}


def entry(random_: random.Random) -> dict[str, Any]:
    words = " ".join(random_.choices(WORDS, k=random_.randrange(1, 5)))
    return {
        "headline": words.capitalize(),
        "published_on": f"2021-05-{random_.randrange(1, 6):02d}",
        "byline": random_.choice((None, "Mira Oldcastle", "Tomasz Łęk")),
        "standfirst": random_.choice((None, f"Of {words} and other things that come ashore.")),
    }


def reworded(values: dict[str, Any], random_: random.Random) -> dict[str, Any]:
    kind = random_.randrange(4)
    if kind == 0:
        return {**values, "headline": values["headline"] + " again"}
    if kind == 1:
        return {**values, "published_on": f"2021-05-{random_.randrange(1, 6):02d}"}
    if kind == 2:
        return {**values, "headline": "Wholly other words"}
    return values


def known_of(all_values: list[dict[str, Any]], random_: random.Random) -> dict[str, KnownEntry]:
    found: dict[str, KnownEntry] = {}
    ordinal = 0
    for place, values in enumerate(all_values):
        (print_,) = identity.fingerprints([values])
        if print_ in found:
            continue
        article = random_.choice((None, place, place, place, place, random_.randrange(6)))
        in_latest = random_.random() < 0.75
        found[print_] = KnownEntry(
            id=place + 1,
            root_id=place + 1,
            article=article,
            change=random_.choice(("CREATE", "CREATE", "UPDATE", "REVIEW", "REJECT")),
            fingerprint=print_,
            values=values,
            in_latest=in_latest,
            ordinal=ordinal if in_latest else 0,
            is_left=not in_latest and random_.random() < 0.2,
            former=3 if article is None and random_.random() < 0.3 else None,
        )
        ordinal += in_latest
    return found


def assert_partners(wanted: Sequence[identity.Match], found: Matches, held: Held) -> None:
    """Make sure that each entry has the partner that it should have, and no entry two."""
    loaded = found.load(range(len(wanted)), held)
    for place, partner in enumerate(wanted):
        mine = loaded.get(place, identity.Match())
        assert mine.known == partner.known, place
        assert set_of(mine) == set_of(partner), place
    again = {held.entries[place].id for place, is_again in enumerate(found.again) if is_again}
    assert again == {partner.known.id for partner in wanted if partner.known}


@pytest.mark.parametrize("seed", range(400))
def test_the_same_partners_are_found(seed: int) -> None:
    random_ = random.Random(seed)
    old = [entry(random_) for _ in range(random_.randrange(0, 25))]
    known = known_of(old, random_)
    new = [reworded(values, random_) for values in old if random_.random() < 0.85]
    for _ in range(random_.randrange(4)):
        new.insert(random_.randrange(len(new) + 1), entry(random_))
    prints = Prints()
    for values in new:
        prints.add(values)
    prints.number_equals(new.__getitem__)
    texts = identity.fingerprints(new)
    assert [prints.text(place) for place in range(len(new))] == texts
    wanted = identity.align(list(zip(new, texts, strict=True)), known)
    held = Held(known)
    found = match(prints, held, new.__getitem__, lambda: iter(new))
    assert_partners(wanted, found, held)


def test_heads_that_stand_elsewhere_too_are_no_sign_of_a_corrected_date() -> None:
    others = [
        {"headline": headline, "published_on": f"2021-05-{day:02d}"}
        for day, headline in enumerate(("Charts", "Bells", "Buoys", "Lamps"), 2)
    ]
    first, last = ({"headline": "Fog", "published_on": f"2021-05-{day}"} for day in ("01", "20"))
    redated = {**last, "published_on": "2021-05-21"}
    for old, is_found in (([first, *others, last], False), ([*others, last], True)):
        known = {
            print_: KnownEntry(
                place + 1, place + 1, place + 1, "CREATE", print_, values, in_latest=True,
                ordinal=place,
            )
            for place, (values, print_) in enumerate(
                zip(old, identity.fingerprints(old), strict=True)
            )
        }  # fmt: skip
        new = [*old[:-1], redated]
        prints = Prints()
        for values in new:
            prints.add(values)
        found = match(prints, Held(known), new.__getitem__, lambda new=new: iter(new))
        assert bool(found.load([len(new) - 1], Held(known))) == is_found


def set_of(partner: identity.Match) -> set[int]:
    return {entry.id for entry in partner.candidates}


@pytest.mark.parametrize("count", [0, 1, 10, 70_000])
def test_what_is_repeated_is_found_in_parts_too(count: int) -> None:
    random_ = random.Random(count)
    numbers = matching.array("Q", (random_.getrandbits(64) for _ in range(count)))
    again = set(numbers[::7])
    numbers.extend(again)
    assert repeated_in(numbers) == again
