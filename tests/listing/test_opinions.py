"""Second opinions: an entry that another order of lines would read otherwise says so."""

import tracemalloc
from collections.abc import Iterator
from itertools import chain, count, repeat

import pytest

from articles.listing.parser import parse, survey
from articles.listing.records import Diagnostic, Entry
from tests.listing.helpers import assert_books_balance

#: Two lines above each text, both of a few words: kicker and headline, or headline and subtitle.
UNSURE = [
    ("The long pier", "Paint and patience", "Forty years of rust, and one man with a brush."),
    ("Keys and doors", "A street for sale", "An estate was sold before it was built."),
    ("One piano", "Forty small hands", "The town pays for a tuner and nothing else."),
    ("Crates by night", "The clerk who counts", "A crane, a ledger and a missing page."),
    ("Bells and stops", "A quieter tram", "The drivers asked for less noise."),
    ("Salt", "What the wind brings", "Every window of the school has a crust."),
]
#: The same with kickers that are such for sure.
SURE = [(("TRAMS", "HARBOUR")[place % 2], *texts[1:]) for place, texts in enumerate(UNSURE)]


def listing(entries: list[tuple[str, str, str]], times: int = 1) -> Iterator[str]:
    day = count()
    for _ in range(times):
        for upper, lower, text in entries:
            yield from (upper, lower, text, "Ida Meer", f"{28 - next(day) % 28} May 2021", "")


def doubts(lines: list[str]) -> list[Diagnostic]:
    found = list(parse(lines, survey(lines)))
    assert_books_balance(lines, found)
    entries = [item for item in found if isinstance(item, Entry)]
    assert len(entries) == len(UNSURE)
    return [remark for entry in entries for remark in entry.diagnostics]


def test_an_entry_that_another_order_would_read_otherwise_says_so_with_that_reading() -> None:
    remarks = doubts(list(listing(UNSURE)))
    assert {remark.code for remark in remarks} == {"layout-unsure", "kicker-or-subtitle"}
    assert len(remarks) == len(UNSURE)
    others = [remark.alternatives for remark in remarks if remark.code == "layout-unsure"]
    turned = {"headline": "Salt", "kicker": None, "subtitle": "What the wind brings"}
    assert others[-1] == (turned,)


def test_kickers_that_are_such_for_sure_are_doubted_by_none() -> None:
    assert doubts(list(listing(SURE))) == []


def test_other_readings_are_read_in_step() -> None:
    lines = list(listing(UNSURE, times=400))
    knowledge = survey(lines)
    taken = 0

    def counted() -> Iterator[str]:
        nonlocal taken
        for taken, line in enumerate(lines, 1):  # noqa: B007
            yield line

    next(item for item in parse(counted(), knowledge) if isinstance(item, Entry))
    assert taken < 700


@pytest.mark.parametrize("line", ["Read more", "3 May 2021"])
def test_lines_of_no_entry_are_not_kept_for_another_reading(line: str) -> None:
    knowledge = survey(list(listing(UNSURE, times=20)))
    assert knowledge.opinions

    def peak(times: int) -> int:
        lines = chain(listing(UNSURE, times=2), repeat(line, times))
        tracemalloc.start()
        try:
            assert sum(1 for _ in parse(lines, knowledge)) >= times
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(6_000) < peak(2_000) + 300_000
