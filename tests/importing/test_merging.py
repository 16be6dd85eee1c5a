"""Three-way merge: one side changed, both changed, no last value."""

from typing import Any

import pytest

from articles.importing.merging import merge


def values(**changes: Any) -> dict[str, Any]:
    return {"headline": "Old", "authors": [], "tags": [], "series": []} | changes


@pytest.mark.parametrize(
    ("base", "new", "archive", "fields", "conflicts"),
    [
        ("Old", "Old", "Old", {}, []),
        ("Old", "Old", "Mine", {}, []),
        ("Old", "New", "Old", {"headline": ("Old", "New")}, []),
        ("Old", "New", "New", {}, []),
        ("Old", "New", "Mine", {}, ["headline"]),
    ],
)
def test_single_values(
    base: str, new: str, archive: str, fields: dict[str, Any], conflicts: list[str]
) -> None:
    result = merge(values(headline=base), values(headline=new), values(headline=archive))
    assert result.fields == fields
    assert list(result.conflicts) == conflicts


def test_a_conflict_records_all_three_sides() -> None:
    result = merge(values(), values(headline="New"), values(headline="Mine"))
    assert result.conflicts["headline"] == {
        "imported": "Old",
        "source": "New",
        "archive": "Mine",
    }


def test_without_a_last_value_an_empty_field_is_filled_and_a_differing_one_conflicts() -> None:
    new = values(headline="New", standfirst="Text")
    result = merge(None, new, values(headline="Mine", standfirst=""))
    assert result.fields == {"standfirst": (None, "Text")}
    assert list(result.conflicts) == ["headline"]


def test_a_field_the_source_dropped_is_emptied_only_if_nobody_edited_it() -> None:
    base, new = values(kicker="Old kicker"), values(kicker=None)
    assert merge(base, new, values(kicker="Old kicker")).fields["kicker"] == ("Old kicker", None)
    assert list(merge(base, new, values(kicker="Mine")).conflicts) == ["kicker"]


def test_credits_are_compared_by_author_not_by_spelling() -> None:
    base = values(authors=[{"name": "J. Doe", "author": 7, "role": "aut"}])
    new = values(authors=[{"name": "Jane Doe", "author": 7, "role": "aut"}])
    archive = values(authors=[{"name": "Jane Doe", "author": 7, "role": "aut"}])
    assert merge(base, new, archive).fields == {}


def test_the_order_of_credits_counts() -> None:
    one, two = {"name": "A", "role": "aut"}, {"name": "B", "role": "aut"}
    result = merge(
        values(authors=[one, two]), values(authors=[two, one]), values(authors=[one, two])
    )
    assert "authors" in result.fields


def test_tags_of_an_editor_survive_what_the_source_adds_and_takes_away() -> None:
    result = merge(
        values(tags=["Sea", "Salt"]),
        values(tags=["Sea", "Chain"]),
        values(tags=["Sea", "Salt", "Mine"]),
    )
    assert result.fields["tags"][1] == ["Sea", "Mine", "Chain"]


def test_a_tag_an_editor_took_off_does_not_come_back() -> None:
    assert merge(values(tags=["Sea"]), values(tags=["Sea"]), values(tags=[])).fields == {}


def test_a_part_number_that_both_changed_is_a_conflict() -> None:
    def part(number: int | None) -> list[dict[str, Any]]:
        return [{"title": "Bay", "kind": "serial", "part_number": number}]

    result = merge(values(series=part(1)), values(series=part(2)), values(series=part(3)))
    assert list(result.conflicts) == ["series"]
    result = merge(values(series=part(1)), values(series=part(2)), values(series=part(1)))
    assert result.fields["series"][1] == part(2)


@pytest.mark.parametrize(
    ("last", "said", "has", "then", "is_torn"),
    [
        (1, 1, 3, 3, False),
        (1, 2, 1, 2, False),
        (1, 2, 3, 3, True),
        (1, "-", 1, "-", False),
        (1, "-", 3, 3, True),
        (1, "-", None, "-", False),
        (1, 1, "-", "-", False),
        (1, 2, "-", "-", True),
        ("-", 2, None, 2, False),
        ("-", 2, 3, 3, True),
        ("-", None, 3, 3, False),
    ],
)
def test_places_in_a_series_one_by_one(
    last: Any, said: Any, has: Any, then: Any, is_torn: bool
) -> None:
    """A place without a number says nothing of the number; “-” is no place."""
    other = {"title": "Notes", "kind": "column", "part_number": None}
    place = {"title": "The long watch", "kind": "serial"}
    last, said, has, then = (
        [other] if number == "-" else [other, {**place, "part_number": number}]
        for number in (last, said, has, then)
    )
    result = merge(values(series=last), values(series=said), values(series=has))
    assert result.fields == ({} if then == has else {"series": (has, then)})
    assert list(result.conflicts) == (["series"] if is_torn else [])
