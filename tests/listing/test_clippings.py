"""Lists of clippings by hand: what is no date, what stands for the paper above, what is doubted."""

import pytest

from articles.listing.parser import parse, survey
from articles.listing.records import Entry
from tests.listing.helpers import assert_books_balance

_LINES = """\
Vell Courier, 3/5/58. “Quay wall to be raised” O. Quill. p. 1

do., 17/5/58. “Fishermen object” p. 4

do. “The mayor explains” p. 2 (no date)

Vell Courier, ?/7/58. “Wall holds” O. Quill and I. Meer. p. 1

Tide Gazette, 21.6.58. “What the divers saw: a week
below the pier” I. Meer. pp. 6-7

do., 28.6.58. “After the flood” (translated by Ida Meer) p. 3
"""


def _entries(text: str) -> list[Entry]:
    lines = text.split("\n")
    knowledge = survey(lines)
    assert knowledge.dialect == "clippings"
    return [item for item in parse(lines, knowledge) if isinstance(item, Entry)]


def test_what_is_no_date_is_missing() -> None:
    entries = _entries(_LINES)
    assert [entry.published_on for entry in entries] == [
        "1958-05-03", "1958-05-17", None, None, "1958-06-21", "1958-06-28",
    ]  # fmt: skip
    undated = [entry for entry in entries if entry.published_on is None]
    for entry in undated:
        assert [remark.code for remark in entry.diagnostics] == ["date-missing"]


def test_a_mark_stands_for_the_paper_above() -> None:
    papers = [entry.publication for entry in _entries(_LINES)]
    assert papers == [*["Vell Courier"] * 4, *["Tide Gazette"] * 2]


def test_a_title_may_be_broken_and_others_named_behind_it() -> None:
    broken, translated = _entries(_LINES)[-2:]
    assert broken.headline == "What the divers saw: a week below the pier"
    assert [credit.name for credit in broken.credits] == ["I. Meer"]
    assert [(credit.name, credit.role) for credit in translated.credits] == [("Ida Meer", "trl")]


def test_a_name_that_may_be_part_of_the_title_is_doubted() -> None:
    rows = [
        "Moll Grete, Der Deich hält, in „Küstenpost“, Nr. 4, März 2012, S. 5.",
        "Kolb Ina, Wer zahlt die Mole?, in „Küstenpost“, Nr. 5, April 2012, S. 2.",
        "Moll Grete, Licht am Kai, in „Küstenpost“, Nr. 6, Mai 2012, S. 8.",
        "Kolb Ina, Die Schleuse klemmt, in „Küstenpost“, Nr. 7, Juni 2012, S. 1.",
        "Kolb Ina, Anna Brix, Hebamme, in „Küstenpost“, Nr. 8, Juli 2012, S. 3.",
    ]
    *_, last = _entries("\n".join(rows))
    assert last.headline == "Anna Brix, Hebamme"
    assert [remark.code for remark in last.diagnostics] == ["headline-holds-more"]


def test_names_alone_stand_above_what_they_wrote() -> None:
    rows = [
        "Orla Quill", "“The bar” (no. 31, March 1996)", "“Salt at the inn” (no. 34, June 1996)",
        "Ida Meer and Rolf Tamm", "“A short history of rope” (no. 38, May 1997)",
        "Moll Grete", "“When geese kept the gate” (no. 43, March 1999)",
    ]  # fmt: skip
    entries = _entries("\n".join(rows))
    assert [entry.byline for entry in entries] == [
        "Orla Quill", "Orla Quill", "Ida Meer and Rolf Tamm", "Moll Grete",
    ]  # fmt: skip
    assert [credit.name for credit in entries[2].credits] == ["Ida Meer", "Rolf Tamm"]


_ROWS = [
    f"{title}, Vell Courier, {day} May 2020, p. {day}"
    for day, title in enumerate(
        ("The ferry sails", "The bar is closed", "Salt for the road", "A dog in the lock",
         "The mayor resigns", "What the tide left"), 3)
]  # fmt: skip


@pytest.mark.parametrize("row", ["(), Vell Courier, 3 May 2020", "[ ], 4 May 2020, p. 3"])
def test_empty_brackets_are_no_title(row: str) -> None:
    lines = [*_ROWS, row]
    items = list(parse(lines, survey(lines)))
    assert_books_balance(lines, items)
    assert sum(isinstance(item, Entry) for item in items) == len(_ROWS)


def test_a_date_without_a_year_above_the_first_year_is_none() -> None:
    rows = [
        "“The quay,” Courier, 4 May, 3.", "2019", "“The bar,” Courier, 3 May, 22–29.",
        "“The ferry,” Courier, 3 June, 4.", "“The market,” Courier, 7 July, 5.", "2018",
        "“The dyke,” Courier, 3 May, 22–29.", "“The school,” Courier, 3 June, 4.",
    ]  # fmt: skip
    first, second, *_ = _entries("\n".join(rows))
    assert first.published_on is None
    assert [remark.code for remark in first.diagnostics] == ["date-missing"]
    assert second.published_on == "2019-05-03"


def test_a_paper_behind_an_author_is_no_author() -> None:
    row = "Interview. With Ida Meer, Vell Courier, 7 May 2020, p. 2"
    *_, last = _entries("\n".join([*_ROWS, row]))
    assert [credit.name for credit in last.credits] == ["Ida Meer"]
    assert last.publication == "Vell Courier"
