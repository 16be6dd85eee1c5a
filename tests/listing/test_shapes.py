"""Listings of many shapes that no dialect was written for: the parser derives how each is built.

``shapes/`` holds print indexes, blog archives, tables of contents, bibliographies and the like,
with what an editor reads in each (the form of the files is that of ``test_heldout``). Unlike the
held-out listings they may be looked at when the parser is worked on.
"""

import pytest

from articles.listing.parser import parse, survey
from articles.listing.records import Entry
from tests.listing.scoring import COLUMNS, Score, lines_of, names, score, table, total

DATE_FLOOR = 0.99
FIELDS_FLOOR = 0.98
CONFIDENT_WRONG_CEILING = 2


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return {path.stem: score(path) for path in names("shapes")}


def test_listings_of_any_shape_are_read(scores: dict[str, Score]) -> None:
    totals = {column: total(scores, column) for column in COLUMNS}
    shown = table(scores, totals)
    assert totals["entries"] >= 900, shown
    assert totals["dates"] >= DATE_FLOOR * totals["entries"], shown
    assert totals["whole"] >= FIELDS_FLOOR * totals["entries"], shown
    assert totals["confident_wrong"] <= CONFIDENT_WRONG_CEILING, shown


def test_a_layout_can_be_derived_whatever_the_file_seems_to_be() -> None:
    lines = lines_of(names("dialects")[0])
    knowledge = survey(lines, "derived")
    assert knowledge.dialect == "derived"
    assert [item for item in parse(lines, knowledge) if isinstance(item, Entry)]
