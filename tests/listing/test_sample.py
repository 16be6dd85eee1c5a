"""The sample listing, entry by entry: the facts of a real topic page, checked by hand."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from articles.listing.parser import entry_as_json
from articles.listing.records import Topic
from tests.conftest import ROOT
from tests.importing.test_series import infer
from tests.listing.helpers import assert_books_balance, entries_of, items_of, unclaimed_of

LINES = (
    (ROOT / "fixtures" / "listings" / "history-of-russia.txt")
    .read_text(encoding="utf-8")
    .split("\n")
)
TRUTH: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "history-of-russia.json").read_text(encoding="utf-8")
)


def test_the_truth_has_what_the_page_has() -> None:
    assert len(TRUTH) == 100
    assert sum(row["byline"] is None for row in TRUTH) == 26
    assert sum(not row["has_standfirst"] for row in TRUTH) == 6
    assert sum(row["subtitle"] is not None for row in TRUTH) == 5
    dates = [row["published_on"] for row in TRUTH]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("place", range(100), ids=lambda place: TRUTH[place]["published_on"])
def test_every_entry_is_read_right(place: int) -> None:
    read = {**_read()[place], "has_standfirst": bool(_read()[place]["standfirst"])}
    assert {name: read[name] for name in TRUTH[place]} == TRUTH[place]


@cache
def _read() -> list[dict[str, Any]]:
    return [entry_as_json(entry) for entry in entries_of(LINES)]


def test_nothing_is_left_over() -> None:
    items = items_of(LINES)
    assert isinstance(items[0], Topic)
    assert items[0].text == "History of Russia & the former Soviet Union"
    assert unclaimed_of(LINES) == []
    assert_books_balance(LINES, items)


def test_its_series_are_found() -> None:
    found, proposals = infer(_read())
    counted = Counter((place["kind"], place["title"]) for places in found for place in places)
    assert {title: count for (kind, title), count in counted.items() if kind == "column"} == {
        "This week in the Russian Revolution": 12,
        "This week in history": 4,
        "From the archives of the Revolution": 3,
        "Leaders of the Russian Revolution": 3,
    }
    assert sorted(count for (kind, _), count in counted.items() if kind == "serial") == [2, 2, 4]
    numbers = {
        (place["title"][:12], place["part_number"])
        for places in found
        for place in places
        if place["kind"] == "serial"
    }
    assert {("Capitalist r", 1), ("Ivar Tenisov", 1)} <= numbers, "first parts are implied"
    assert Counter(proposal["code"] for proposal in proposals) == {
        "part-alone": 4,
        "series-spelling": 1,
    }
