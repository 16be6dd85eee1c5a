"""Series from evidence: serials, implied first parts, columns, proposals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from articles.folding import fold
from articles.importing.evidence import Evidence

#: Proposals from other evidence: see test_proposals.py.
OTHERS = ("series-prefix", "parts-in-standfirsts", "series-in-standfirsts")


class Archive:
    """What an archive with some series answers."""

    def __init__(self, known: Iterable[tuple[str, str]], columns: Sequence[str]) -> None:
        self.known, self.columns = list(known), columns

    def spelled_series(self, titles: Iterable[str]) -> Mapping[str, Sequence[tuple[int, str]]]:
        return {
            title: [(pk, kind) for pk, (key, kind) in enumerate(self.known) if key == fold(title)]
            for title in titles
        }

    def column_titles(self) -> Sequence[str]:
        return self.columns

    def left_series(self, article_ids: Iterable[int]) -> Mapping[int, set[int]]:
        return {pk: set() for pk in article_ids}


def infer(
    entries: Sequence[dict[str, Any]],
    known: Iterable[tuple[str, str]] = (),
    columns: Sequence[str] = (),
) -> tuple[list[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Return the series of each entry, and the proposals of `series.infer`."""
    evidence = Evidence(Archive(known, columns))
    for place, values in enumerate(entries):
        evidence.add(place, values)
    if evidence.wants_more():
        for place, values in enumerate(entries):
            evidence.add_again(place, values)
    found = evidence.infer()
    proposals = [one for one in found.proposals if one["code"] not in OTHERS]
    return [found.of(place, values) for place, values in enumerate(entries)], proposals


def entry(headline: str, **values: Any) -> dict[str, Any]:
    return {"headline": headline, "published_on": "2020-01-01", **values}


def test_numbered_parts_that_share_a_headline_are_a_serial() -> None:
    found, proposals = infer(
        [entry("The bay", part_number=2), entry("The BAY", part_number=1), entry("Else")]
    )
    assert [[place["part_number"] for place in places] for places in found] == [[2], [1], []]
    assert {place["kind"] for places in found for place in places} == {"serial"}
    assert proposals == []


def test_the_first_part_may_be_unmarked() -> None:
    found, _ = infer(
        [
            entry("The bay", part_number=2, published_on="2020-02-02"),
            entry("The bay", published_on="2020-02-01"),
        ]
    )
    assert [places[0]["part_number"] for places in found] == [2, 1]


def test_an_unmarked_entry_that_is_later_is_no_first_part() -> None:
    found, proposals = infer(
        [
            entry("The bay", published_on="2020-02-03"),
            entry("The bay", part_number=2, published_on="2020-02-02"),
        ]
    )
    assert found == [[], []]
    assert [proposal["code"] for proposal in proposals] == ["part-alone"]


def test_a_repeated_headline_without_parts_is_no_serial() -> None:
    assert infer([entry("Again"), entry("Again")]) == ([[], []], [])


def test_a_part_number_that_stands_twice_is_left_to_an_editor() -> None:
    found, proposals = infer(
        [
            entry("The bay", part_number=1),
            entry("The bay", part_number=1),
            entry("The bay", part_number=2),
        ]
    )
    assert [places[0]["part_number"] for places in found] == [None, None, 2]
    assert [proposal["code"] for proposal in proposals] == ["part-number-twice"]


def test_a_kicker_in_three_entries_is_a_column_in_two_a_proposal() -> None:
    three = [entry(str(n), kicker="From the tower") for n in range(3)]
    two = [entry(str(n), kicker="Letters") for n in range(2)]
    found, proposals = infer([*three, *two])
    assert [len(places) for places in found] == [1, 1, 1, 0, 0]
    assert found[0][0] == {"title": "From the tower", "kind": "column", "part_number": None}
    assert [proposal["code"] for proposal in proposals] == ["series-proposal"]


def test_a_kicker_close_to_a_column_is_proposed_as_its_spelling() -> None:
    column = [entry(str(n), kicker="From the archives of the tower") for n in range(3)]
    _, proposals = infer([*column, entry("x", kicker="From the archives of the old tower")])
    assert [proposal["code"] for proposal in proposals] == ["series-spelling"]


def test_a_known_column_needs_no_further_evidence() -> None:
    found, _ = infer([entry("x", kicker="Letters")], known=[("letters", "column")])
    assert found[0][0]["kind"] == "column"


def test_two_kickers_that_differ_a_little_are_one_proposal_with_both_spellings() -> None:
    _, proposals = infer(
        [entry("a", kicker="Notes from the old mole"), entry("b", kicker="Notes from the mole")]
    )
    (proposal,) = proposals
    assert proposal["code"] == "series-proposal"
    body = proposal["suggestion"]["series"]
    assert {body["title"], *body["spellings"]} == {"Notes from the old mole", "Notes from the mole"}
    assert len(body["places"]) == 2


def test_kickers_that_differ_in_a_number_are_not_one() -> None:
    _, proposals = infer(
        [entry("a", kicker="Letters, week 1"), entry("b", kicker="Letters, week 2")]
    )
    assert proposals == []


def test_a_kicker_close_to_a_column_of_the_archive_is_proposed_too() -> None:
    _, proposals = infer([entry("x", kicker="Notes from the molle")], columns=["Notes of the mole"])
    assert proposals == []
    _, proposals = infer(
        [entry("x", kicker="Notes from the molle")], columns=["Notes from the mole"]
    )
    assert proposals[0]["suggestion"] == {
        "alias": {
            "of": "series",
            "target": "Notes from the mole",
            "kind": "column",
            "spelling": "Notes from the molle",
            "places": [{"entry": 0, "part_number": None}],
        }
    }


def test_a_headline_that_begins_with_a_known_column_stands_in_it() -> None:
    found, _ = infer(
        [entry("The keeper’s diary: April"), entry("A diary: May")],
        known=[("the keeper's diary", "column")],
    )
    assert [places[0]["title"] if places else None for places in found] == [
        "The keeper’s diary", None,
    ]  # fmt: skip


def test_proposals_say_what_confirming_does() -> None:
    two = [
        entry("a", kicker="Letters", published_on="2020-02-02"),
        entry("b", kicker="Letters", published_on="2020-02-01"),
    ]
    _, proposals = infer([*two, entry("The bay", part_number=3)])
    alone, column = proposals
    assert alone["suggestion"] == {
        "series": {
            "title": "The bay", "kind": "serial", "places": [{"entry": 2, "part_number": 3}],
        }
    }  # fmt: skip
    assert column["entries"] == [1, 0], "the oldest first: it stays when new ones come"
    assert column["suggestion"]["series"]["kind"] == "column"
    assert "part-number-twice" not in {proposal["code"] for proposal in proposals}


def test_many_different_kickers_take_no_time() -> None:
    entries = [entry(str(n), kicker=f"{n:x} kicker of the day {n * 7:x}") for n in range(5000)]
    assert infer(entries)[1] == []
