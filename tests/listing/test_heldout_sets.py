"""Sets of listings that were written without sight of the parser, and measured before it was
worked on with them. All but the last have been opened since, and hold what was reached: they tell
what must not get worse, not how listings are read that nobody tuned the parser to. That the last
one tells, ``heldout_fifteenth/``: whoever works on the parser never opens its files.

``heldout_second/`` was measured for long before anybody who works on the parser looked at it.
``heldout_third/`` is half of a collection that was made from stated readings, drawn by lot before
the other half was looked at: its files are regular where listings by hand are not (each was made
from one form), so they count for breadth: tables of contents, pages of print, mails, cards, years
alone, entries without dates. ``heldout_fourth/`` was opened in two halves, drawn by lot by the
listing. ``heldout_fourteenth/`` and ``heldout_fifteenth/`` are halves of one collection, drawn by
lot within each class: the first was opened, the second is closed.

They hold the format of ``heldout/`` (see ``test_heldout.py``) and two things more: each expected
file states its ``class`` (``ordinary`` as in the common web, ``odd``, ``hard``), and an entry
without any date has ``published_on`` null. In ``accept`` stand the readings that an editor would
take as well: a section over several entries as kicker or not, a wrapped text joined by a space or
by line breaks, a collective with or without its article.

The floors lie just below what is reached now; raise them when the parser gets better, never lower
them. The table that ``-s`` shows has one line per class, and neither it nor a failure names a file
or an entry, so that reading them teaches nobody the set.
"""

import sys
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Held:
    """A set: its folder, what is reached of right dates and of whole entries in each class, how
    many entries may be wrong without a doubt, and the files and entries that each class has at
    least."""

    folder: str
    dates: tuple[float, float, float]
    whole: tuple[float, float, float]
    confident_wrong: int
    files: int
    entries: int = 100

    def by_class(self) -> dict[str, dict[str, Score]]:
        found: dict[str, dict[str, Score]] = {each: {} for each in CLASSES}
        for path in names(self.folder):
            found[truth_of(path)["class"]][path.stem] = score(path)
        return found


SETS = [
    # 530 entries: 100 % dates, 99.8 % whole, none confident and wrong. Before it was opened:
    # 99.8 %, 95.8 % and 2.
    Held("heldout_second", (1.0, 1.0, 1.0), (1.0, 1.0, 0.99), 0, 13),
    # 370 entries: all of them right. Before it was opened: 92.4 %, 89.7 % and 6.
    Held("heldout_third", (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), 0, 9),
    # 633 entries: 100 % dates, 99.7 % whole, none confident and wrong. Before its first half was
    # opened that one had 83 %, 70 % and 41, the other 81.8 %, 70.7 % and 23; before the second was
    # opened too, this had 83.1 %, 74.9 % and 11.
    Held("heldout_fourth", (1.0, 1.0, 1.0), (1.0, 1.0, 0.99), 0, 28),
    # 480 entries, whole pages as they are copied, with all that stands around the entries: 94.2 %
    # dates, 91.9 % whole, none confident and wrong; 47 entries are read that are none, in doubt.
    # Before it was opened: 58.5 %, 34.8 % and 53, and 342 that are none.
    Held("heldout_fifth", (0.93, 1.0, 0.86), (0.91, 0.98, 0.8), 0, 6, 70),
    # 383 entries of the same kind by another hand: 96.9 % dates, 87.5 % whole, 1 confident and
    # wrong. Before it was opened: 84.1 %, 58.0 % and 54.
    Held("heldout_sixth", (0.99, 0.97, 0.84), (0.91, 0.94, 0.56), 1, 5, 50),
    # 426 entries as people keep and paste them, half of them lists by hand: 95.3 % dates, 94.8 %
    # whole, 1 confident and wrong. Before it was opened: 80.5 %, 64.3 % and 40.
    Held("heldout_seventh", (1.0, 0.98, 0.8), (1.0, 0.97, 0.79), 1, 5, 90),
    # 420 entries of the same kind by another hand: 98.3 % dates, 96.9 % whole, none confident and
    # wrong. Before it was opened: 82.9 %, 71.4 % and 25; before two of its files were, 79.0 %,
    # 65.5 % and 47.
    Held("heldout_eighth", (1.0, 1.0, 0.88), (0.99, 1.0, 0.8), 0, 4, 60),
    # 420 entries by another hand: 95.0 % dates, 92.6 % whole, none confident and wrong. Before it
    # was opened: 77.4 %, 56.2 % and 35; of the ordinary ones 91.4 %, 80.9 % and 3.
    Held("heldout_ninth", (0.99, 0.99, 0.77), (0.98, 0.93, 0.77), 0, 4, 80),
    # 391 entries by another hand: 95.9 % dates, 89.3 % whole, none confident and wrong. Before it
    # was opened: 78.8 %, 71.1 % and 2; of the ordinary ones 78.7 %, 71.3 % and 1.
    Held("heldout_tenth", (0.98, 1.0, 0.75), (0.93, 0.96, 0.51), 0, 3, 45),
    # 405 entries by another hand: 96.3 % dates, 90.4 % whole, none confident and wrong. Before it
    # was opened: 67.4 %, 58.0 % and 19; of the ordinary ones 70.2 %, 58.1 % and none.
    Held("heldout_eleventh", (0.96, 1.0, 0.92), (0.89, 0.93, 0.9), 0, 5, 75),
    # 405 entries by another hand. Before it was opened: 88.6 % dates, 77.5 % whole, 5 confident and
    # wrong, with the roles, not the lines, of three files looked at; when it was written: 83.5 %,
    # 63.2 % and 5; of the ordinary ones 90.0 %, 62.5 % and none.
    Held("heldout_twelfth", (0.99, 1.0, 1.0), (0.95, 0.96, 0.98), 0, 4, 60),
    # 400 entries by another hand: 76.8 % dates, 67.5 % whole, 7 confident and wrong, 6 of them for
    # the number behind a paper. Before it was opened: 71.0 %, 59.2 % and 3; of the ordinary ones
    # 95.3 %, 88.6 % and none. Its hard files are notes by hand.
    Held("heldout_thirteenth", (0.99, 0.7, 0.17), (0.97, 0.53, 0.0), 7, 4, 60),
    # 199 entries by another hand: 80.9 % dates, 64.8 % whole, 2 confident and wrong. Before they
    # were opened: 71.9 %, 56.3 % and 4; of the ordinary ones 85.8 %, 66.9 % and 2.
    Held("heldout_fourteenth", (1.0, 0.65, 0.15), (0.78, 0.63, 0.0), 2, 2, 26),
    # The other half, 184 entries, closed: 62.5 % dates, 28.8 % whole, 4 confident and wrong; of the
    # ordinary ones 86.7 %, 40.6 % and 4. Of its odd files hardly an entry is found.
    Held("heldout_fifteenth", (0.86, 0.09, 0.0), (0.4, 0.02, 0.0), 4, 1, 13),
]
FILES = [path for held in SETS for path in names(held.folder)]


@pytest.fixture(scope="module", params=SETS, ids=lambda held: held.folder)
def held(request: pytest.FixtureRequest) -> tuple[Held, dict[str, dict[str, Score]]]:
    return request.param, request.param.by_class()


def _sum(scores: dict[str, Score]) -> Score:
    """One score for all; it leaves out ``wrong``, which would quote the listings."""
    found = Score()
    for column in COLUMNS:
        setattr(found, column, total(scores, column))
    return found


def test_a_held_out_set_is_read_as_well_as_before(
    held: tuple[Held, dict[str, dict[str, Score]]],
) -> None:
    floors, by_class = held
    sums = {each: _sum(scores) for each, scores in by_class.items()}
    totals = {column: total(sums, column) for column in COLUMNS}
    sys.stdout.write(table(sums, totals))
    shares = {
        each: (one.dates / one.entries, one.whole / one.entries) for each, one in sums.items()
    }
    shares["all"] = totals["dates"] / totals["entries"], totals["whole"] / totals["entries"]
    for each, (dates, whole) in shares.items():
        sys.stdout.write(f"{each}: right date {dates:.1%}, all right {whole:.1%}\n")
    for each, least_dates, least_whole in zip(CLASSES, floors.dates, floors.whole, strict=True):
        dates, whole = shares[each]
        assert dates >= least_dates, each
        assert whole >= least_whole, each
    assert totals["confident_wrong"] <= floors.confident_wrong


def test_a_held_out_set_is_large_enough_to_mean_something(
    held: tuple[Held, dict[str, dict[str, Score]]],
) -> None:
    floors, by_class = held
    for scores in by_class.values():
        assert len(scores) >= floors.files
        assert total(scores, "entries") >= floors.entries


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_expected_of_a_held_out_set_stands_in_the_listing(path: Path) -> None:
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
        for value in stated:
            assert value in text
        # "Orla Quill" may be printed as "Quill, Orla", or as one of "Orla and Ida Quill".
        for name in chain(entry["authors"], (name for name, _ in entry.get("roles", []))):
            assert all(word in text for word in name.split())
        position = text.index(entry["headline"], position) + 1  # in the order of the file
