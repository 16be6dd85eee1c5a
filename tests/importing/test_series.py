"""Series from evidence: serials, implied first parts, columns, proposals."""

from typing import Any

from articles.importing.series import infer


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
