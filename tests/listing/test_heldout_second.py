"""A second set of listings that nobody tuned the parser to, written without sight of it.

``heldout_second/`` is for measuring only; whoever works on the parser never opens these files. It
holds the format of ``heldout/`` (see ``test_heldout.py``) and two things more: each expected file
states its ``class`` (``ordinary`` as in the common web, ``odd``, ``hard``), and an entry without
any date has ``published_on`` null. In ``accept`` stand the readings that an editor would take as
well: a section over several entries as kicker or not, a wrapped text joined by a space or by line
breaks, a collective with or without its article.

The floors lie just below what is reached now; raise them when the parser gets better, never lower
them. The table that ``-s`` shows has one line per class, and neither it nor a failure names a file
or an entry, so that reading them teaches nobody the set.
"""

import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.listing.scoring import (
    COLUMNS,
    FIELDS,
    OPTIONAL,
    Score,
    lines_of,
    names,
    score,
    table,
    total,
    truth_of,
)

CLASSES = ("ordinary", "odd", "hard")
# Reached now on 530 entries: 99.8 % dates, 95.8 % whole, 2 confident and wrong.
# The aim: 0.98, 0.95 and 0.
DATE_FLOORS = {"ordinary": 1.0, "odd": 1.0, "hard": 0.99}
FIELDS_FLOORS = {"ordinary": 1.0, "odd": 0.98, "hard": 0.90}
CONFIDENT_WRONG_CEILING = 2


@pytest.fixture(scope="module")
def by_class() -> dict[str, dict[str, Score]]:
    found: dict[str, dict[str, Score]] = {each: {} for each in CLASSES}
    for path in names("heldout_second"):
        found[truth_of(path)["class"]][path.stem] = score(path)
    return found


def _sum(scores: dict[str, Score]) -> Score:
    """One score for all; it leaves out ``wrong``, which would quote the listings."""
    found = Score()
    for column in COLUMNS:
        setattr(found, column, total(scores, column))
    return found


def test_the_second_held_out_set_is_read_as_well_as_before(
    by_class: dict[str, dict[str, Score]],
) -> None:
    sums = {each: _sum(scores) for each, scores in by_class.items()}
    totals = {column: total(sums, column) for column in COLUMNS}
    sys.stdout.write(table(sums, totals))
    shares = {
        each: (one.dates / one.entries, one.whole / one.entries) for each, one in sums.items()
    }
    shares["all"] = totals["dates"] / totals["entries"], totals["whole"] / totals["entries"]
    for each, (dates, whole) in shares.items():
        sys.stdout.write(f"{each}: right date {dates:.1%}, all right {whole:.1%}\n")
    for each in CLASSES:
        dates, whole = shares[each]
        assert dates >= DATE_FLOORS[each], each
        assert whole >= FIELDS_FLOORS[each], each
    assert totals["confident_wrong"] <= CONFIDENT_WRONG_CEILING


def test_the_second_set_is_large_enough_to_mean_something(
    by_class: dict[str, dict[str, Score]],
) -> None:
    for scores in by_class.values():
        assert len(scores) >= 13
        assert total(scores, "entries") >= 100


@pytest.mark.parametrize("path", names("heldout_second"), ids=lambda path: path.stem)
def test_what_is_expected_of_the_second_set_stands_in_the_listing(path: Path) -> None:
    lines, truth = lines_of(path), truth_of(path)
    text = " ".join(" ".join(lines).split())  # a wrapped text is stated on one line
    assert truth["dialect_hint"]
    assert truth["class"] in CLASSES
    assert truth["topic"] is None or truth["topic"] in lines
    for number in truth["furniture_lines"]:
        assert lines[number - 1].strip()
    position = 0
    for entry in truth["entries"]:
        assert set(FIELDS) <= set(entry) <= {*FIELDS, *OPTIONAL, "accept"}
        stated = [
            entry[name]
            for name in (*FIELDS, *OPTIONAL)
            if name != "published_on" and isinstance(entry.get(name), str)
        ]
        for value in chain(stated, (name for name, _ in entry.get("roles", []))):
            assert value in text
        for name in entry["authors"]:  # "Orla Quill" may be printed as "Quill, Orla"
            assert all(word in text for word in name.split())
        position = text.index(entry["headline"], position) + 1  # in the order of the file
