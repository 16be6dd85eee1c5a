"""What stands behind a name in a byline and is none is no credit."""

import pytest

from articles.listing.bylines import read_byline
from articles.listing.credit_edges import byline_in


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Orla Quill, Staff Writer", ["Orla Quill"]),
        ("Orla Quill and Ida Meer, Staff Writers", ["Orla Quill", "Ida Meer"]),
        ("Orla Quill, Harbour Correspondent", ["Orla Quill"]),
        ("Orla Quill, corresponsal en Vell", ["Orla Quill"]),
        ("Orla Quill, Redakteurin", ["Orla Quill"]),
        ("Orla Quill | Staff", ["Orla Quill"]),
        ("Orla Quill, Special to The Quay Post", ["Orla Quill"]),
        ("Orla Quill for The Quay Post", ["Orla Quill"]),
        ("Orla Quill Staff Reporter", ["Orla Quill"]),
        ("Orla Quill (@orlaquill)", ["Orla Quill"]),
        ("Orla Quill et al.", ["Orla Quill"]),
        ("Orla Quill und Ida Meer (dpa)", ["Orla Quill", "Ida Meer"]),
        ("Orla wa Quill", ["Orla wa Quill"]),
    ],
)
def test_positions_are_no_names(byline: str, names: list[str]) -> None:
    read = read_byline(byline)
    assert [credit.name for credit in read.credits] == names
    assert read.diagnostics == ()


def test_a_lone_word_behind_names_may_be_a_place_and_is_doubted() -> None:
    assert [remark.code for remark in read_byline("Orla Quill, Vell").diagnostics] == [
        "byline-unclear"
    ]
    assert read_byline("Orla Quill, Ida Meer").diagnostics == ()


@pytest.mark.parametrize("line", ["WORDS Orla Quill", "TEXT Orla Quill", "Interview: Orla Quill"])
def test_a_label_stands_before_a_name(line: str) -> None:
    assert byline_in(line) == "Orla Quill"


def test_a_label_between_two_names_makes_them_doubtful() -> None:
    remarks = read_byline("Orla Quill PHOTOGRAPHS Ida Meer").diagnostics
    assert [remark.code for remark in remarks] == ["byline-doubtful"]


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("Quill, Orla Ann; Meer, Ida", ["Orla Ann Quill", "Ida Meer"]),
        ("van Quill, Orla", ["Orla van Quill"]),
        ("Quill, O. and Meer, I.", ["O. Quill", "I. Meer"]),
        ("Orla Quill, Ida Meer", ["Orla Quill", "Ida Meer"]),
    ],
)
def test_last_names_first(printed: str, names: list[str]) -> None:
    assert [credit.name for credit in read_byline(printed, inverted=True).credits] == names
