"""What is counted and kept in order in memory is what a walk over all rows would say."""

import datetime
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from articles.choices import Status
from articles.counting import live, postings, sets
from articles.counting.postings import Postings
from articles.views import calendars
from articles.writing.articles import set_status
from tests.factories import make_article


@pytest.fixture(params=["integers", "roaring"])
def kind(request: Any, monkeypatch: pytest.MonkeyPatch) -> sets.Kind:
    """Count in sets of one kind."""
    if request.param == "roaring":
        pytest.importorskip("pyroaring")
    made: sets.Kind = sets.Roaring() if request.param == "roaring" else sets.Integers()
    monkeypatch.setattr(live, "_kind", made)
    return made


@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_the_most_frequent_of_many_terms(kind: sets.Kind, skew: float) -> None:
    draw = random.Random(7)
    terms = [f"a{number}" for number in range(400)]
    weights = [1 / (number + 1) ** skew for number in range(400)]
    rows = [
        (pk, 735_000 * 2**31 + pk, " ".join(["all", *set(draw.choices(terms, weights, k=3))]))
        for pk in range(1, 3_000)
    ]
    made = Postings.of(kind, rows)
    for share in (0.02, 0.2, 0.9):
        among = {pk for pk, _key, _terms in rows if draw.random() < share}
        counts = Counter(
            term for pk, _key, found in rows if pk in among for term in found.split()[1:]
        )
        expected = sorted(counts.values(), reverse=True)[:12]
        found = made.top("a", kind.of(among), 12)
        assert list(found.values()) == expected
        assert all(counts[term] == count for term, count in found.items())
    own = made.terms["a1"]
    first = made.top("a", own, 5)
    first.clear()
    # What is remembered of it is not what was given away.
    assert made.top("a", own, 5)


@pytest.mark.django_db
def test_neighbours_and_days_follow_what_changes(kind: sets.Kind) -> None:
    articles = [make_article(f"Bell {day}", published_on=f"2020-03-{day:02d}") for day in (1, 2, 4)]
    make_article("Some day in March", published_on="2020-03")
    keys = [article.sort_key or 0 for article in articles]
    found = live.current()
    assert found.neighbours(found.all, keys[1])[0] == keys[2]
    assert len(calendars.grids(2020, [3])) == 1
    days = {square.day: square.count for week in calendars.grids(2020, [3])[0].weeks
            for square in week if square.count}  # fmt: skip
    assert days == {1: 1, 2: 1, 4: 1}
    set_status([articles[1].pk], Status.WITHDRAWN, actor=None, reason="Wrong.")
    make_article("One more", published_on="2020-03-04")
    make_article("No day either", published_on="2020-03")
    found = live.current()
    assert found.neighbours(found.all, keys[2])[0] not in (None, keys[1])
    days = {square.day: square.count for week in calendars.grids(2020, [3])[0].weeks
            for square in week if square.count}  # fmt: skip
    assert days == {1: 1, 4: 2}


def test_a_new_day_within_a_month_is_seen_in_the_youngest_archive(kind: sets.Kind) -> None:
    # The first articles' sets are small integers: the same object before and after.
    rows = [(pk, (737_487 + 6 * pk) * 2**31 + pk, "all") for pk in (1, 2)]
    made = Postings.of(kind, rows)
    day = datetime.date.fromordinal(737_493)
    assert made.by_day(day.year, day.month) == {737_493: 1, 737_499: 1}
    moved = made.changed([1], [(1, 737_495 * 2**31 + 1, "all")])
    assert moved.by_day(day.year, day.month) == {737_495: 1, 737_499: 1}


def test_every_thread_sees_every_group_once(
    kind: sets.Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(5)
    terms = [f"a{number}" for number in range(300)]
    weights = [1 / (number + 1) for number in range(300)]
    rows = [
        (pk, 735_000 * 2**31 + pk, " ".join(["all", *set(draw.choices(terms, weights, k=3))]))
        for pk in range(1, 1_000)
    ]
    made = Postings.of(kind, rows)
    group = Postings._group

    def slow(self: Postings, prefix: str, start: int) -> Any:
        found = group(self, prefix, start)
        time.sleep(0.002)  # others come in between
        return found

    monkeypatch.setattr(Postings, "_group", slow)
    with ThreadPoolExecutor(8) as pool:
        walks = [pool.submit(list, made._groups("a")) for _number in range(8)]
    ends = [[group.end for group in walk.result()] for walk in walks]
    assert len(ends[0]) > 2
    assert ends[0] == sorted(set(ends[0]))
    assert ends[0][-1] == len(made._by_prefix["a"])
    assert all(seen == ends[0] for seen in ends)


def test_pages_deep_in_a_list_of_values_are_not_remembered(kind: sets.Kind) -> None:
    rows = [(pk, 735_000 * 2**31 + pk, f"all y2001 a{pk}") for pk in range(1, 400)]
    made = Postings.of(kind, [*rows, (400, 735_000 * 2**31 + 400, "all")])
    among = made.terms["y2001"]
    for page in range(1, 60):
        assert len(made.top("a", among, page * 100 + 1)) == min(399, page * 100 + 1)
    assert made.top("a", among, 13)
    assert [limit for _prefix, limit, _set in made._tops] == [13]


def test_keys_of_a_large_archive_are_read_by_month(
    kind: sets.Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "_FEW", 3)
    draw = random.Random(3)
    rows = []
    for pk in range(1, 400):
        day = datetime.date(2001, 1, 1).toordinal() + draw.randrange(200)
        rows.append((pk, day * 2**31 + pk, "all" + " t1" * (pk % 3 == 0)))
    made = Postings.of(kind, rows)
    for ids, keys in (
        (made.all, sorted(key for _pk, key, _terms in rows)),
        (made.terms["t1"], sorted(key for pk, key, _terms in rows if pk % 3 == 0)),
    ):
        assert made.keys(ids, 50) == keys[::-1][:50]
        assert made.keys(ids, 7, 60, ascending=True) == keys[60:67]
        # Addresses may have any number in them, also those of no day.
        for key in (keys[0], keys[77], keys[-1], keys[40] + 1, 0, 5, 2**53):
            older = [one for one in reversed(keys) if one < key]
            newer = [one for one in keys if one > key]
            assert made.keys(ids, 9, beyond=key) == older[:9]
            assert made.keys(ids, 9, beyond=key, ascending=True) == newer[:9]
            assert made.neighbours(ids, key) == (
                newer[0] if newer else None, older[0] if older else None,
            )  # fmt: skip
