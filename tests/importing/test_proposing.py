"""What a listing suggests and only an editor can say: proposals, before anything is stored."""

from collections.abc import Sequence
from typing import Any

import pytest

from articles.importing.near_names import Names, near_authors
from articles.importing.proposals import more_series
from articles.importing.series import Inferred

# What a file suggests


def entry(headline: str, *authors: str, **values: Any) -> dict[str, Any]:
    return {
        "headline": headline,
        "published_on": "2020-01-01",
        "authors": [{"name": name, "kind": "person", "role": "aut"} for name in authors],
        **values,
    }


def more(*entries: dict[str, Any]) -> list[dict[str, Any]]:
    return more_series(dict(enumerate(entries)), Inferred())


def test_a_beginning_of_three_headlines_is_proposed_as_a_column() -> None:
    diary = [entry(f"The keeper’s diary: {month}") for month in ("May", "June", "July")]
    (proposal,) = more(*diary, entry("Charts: a history"))
    assert proposal["code"] == "series-prefix"
    assert proposal["suggestion"]["series"]["title"] == "The keeper’s diary"
    assert len(proposal["suggestion"]["series"]["places"]) == 3
    assert more(*diary[:2]) == []
    assert more(diary[0], diary[0], diary[0]) == [], "one headline thrice is no column"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The first part of a two-part article.", "The second part of a two-part article."),
        ("First of two articles on ropes.", "The second and final of two articles on ropes."),
        ("Part one of two.", "This is part 2 of 2."),
    ],
)
def test_standfirsts_that_count_their_parts_are_a_serial(first: str, second: str) -> None:
    (proposal,) = more(
        entry("How ropes end", standfirst=second, byline="A. B."),
        entry("Between", standfirst="Nothing of the kind.", byline="A. B."),
        entry("How ropes begin", standfirst=first, byline="A. B."),
    )
    assert proposal["code"] == "parts-in-standfirsts"
    assert proposal["suggestion"]["series"] == {
        "title": "How ropes begin",
        "kind": "serial",
        "places": [{"entry": 2, "part_number": 1}, {"entry": 0, "part_number": 2}],
    }


@pytest.mark.parametrize(
    "standfirsts",
    [
        ("The second part of a two-part article.",),
        ("The first of three articles.", "The third of three articles."),
        ("He took part in the first of two world fairs.", "Part of two minds."),
        ("The third part of a two-part article.", "The first part of a two-part article."),
    ],
)
def test_parts_that_are_not_all_there_make_no_serial(standfirsts: tuple[str, ...]) -> None:
    found = more(*(entry(f"N {n}", standfirst=text) for n, text in enumerate(standfirsts)))
    assert found == []


def test_standfirsts_that_name_their_series_are_proposed_together() -> None:
    text = "Part of a series on what the tide brings."
    (proposal,) = more(entry("A", standfirst=text), entry("B", standfirst=f"Read on. {text}"))
    assert proposal["suggestion"]["series"]["title"] == "What the tide brings"


def nobody(_name: str, _kind: str) -> None:
    """The archive knows nobody."""


def names(entries: Sequence[dict[str, Any]], earlier: Sequence[dict[str, Any]] = ()) -> Names:
    found = Names()
    for place, values in enumerate(entries):
        found.add(place, values)
    for values in earlier:
        found.add_earlier(values)
    return found


def pairs(*entries: dict[str, Any], same: dict[str, int] | None = None) -> list[tuple[str, str]]:
    return [
        (
            proposal["suggestion"]["alias"]["target"],
            proposal["suggestion"]["alias"]["spelling"],
        )
        for proposal in near_authors(names(entries), lambda name, _kind: (same or {}).get(name))
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mira Oldcastle", "Mira Oldcastel"),
        ("Mira Oldcastle", "Myra Oldcastle"),
        ("Mira Oldcastle", "M. Oldcastle"),
        ("Mira Oldcastle", "Mira J. Oldcastle"),
        ("Władysław Okręt", "Wladyslav Okret"),
    ],
)
def test_names_that_are_nearly_the_same_are_proposed(one: str, other: str) -> None:
    assert pairs(entry("A", one), entry("B", one), entry("C", other)) == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Lee", "Ann Lea"), ("Jon Weir", "Jan Weir"), ("Mira Oldcastle", "Peter Oldcastle"),
        ("Mira Oldcastle", "Mira Newcastle"), ("Mira Oldcastle", "MIRA OLDCASTLE"), ("Ann", "Anne"),
    ],
)  # fmt: skip
def test_other_names_are_left_alone(one: str, other: str) -> None:
    assert pairs(entry("A", one), entry("C", other)) == []


def test_an_initial_that_may_be_two_people_is_left_alone() -> None:
    rows = [entry("A", "Jonas Weir"), entry("B", "Johanna Weir"), entry("C", "J. Weir")]
    assert pairs(*rows) == []
    assert pairs(*rows[1:]) == [("J. Weir", "Johanna Weir")]


def test_names_of_other_kinds_and_of_one_author_are_left_alone() -> None:
    staff = entry("A")
    staff["authors"] = [{"name": "Mira Oldcastel", "kind": "collective", "role": "aut"}]
    assert pairs(entry("B", "Mira Oldcastle"), staff) == []
    both = [entry("A", "Mira Oldcastle"), entry("B", "M. Oldcastle")]
    assert pairs(*both, same={"Mira Oldcastle": 1, "M. Oldcastle": 1}) == []
    assert len(pairs(*both, same={"Mira Oldcastle": 1, "M. Oldcastle": 2})) == 1


def test_earlier_entries_are_compared_with_and_shown_side_by_side() -> None:
    earlier = [entry(f"Old {n}", "Mira Oldcastle") for n in range(8)]
    (proposal,) = near_authors(names([entry("New", "Mira Oldcastel")], earlier), nobody)
    one, other = proposal["evidence"]["names"]
    assert (one["name"], one["count"], len(one["entries"])) == ("Mira Oldcastle", 8, 5)
    assert other["entries"] == [{"published_on": "2020-01-01", "headline": "New"}]
    others = [*earlier, entry("x", "Myra Oldcastle")]
    assert near_authors(names([entry("New", "Else Body")], others), nobody) == []
