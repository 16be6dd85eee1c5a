"""Which findings are one doubt of one listing."""

import pytest

from articles.review.together import key_of

TAIL = "Nearly every headline of the file ends with the like of “%s”."


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (("s", "field-implausible", TAIL % "1"), ("s", "field-implausible", TAIL % "2"), True),
        (("s", "field-implausible", TAIL % "a “b”"), ("s", "field-implausible", TAIL % "c"), True),
        (("s", "rejected", "has 501 characters"), ("s", "rejected", "has 502 characters"), True),
        (("s", "entry-gone", "no longer has “A”"), ("s", "entry-gone", "nor “B”"), True),
        (("s", "field-implausible", TAIL % "1"), ("t", "field-implausible", TAIL % "1"), False),
        (("s", "rejected", "there is no headline"), ("s", "rejected", "there is no date"), False),
        (("s", "rejected", "the same"), ("s", "layout-unsure", "the same"), False),
    ],
)
def test_one_cause_in_one_listing_is_one_doubt(
    one: tuple[str, str, str], other: tuple[str, str, str], is_one: bool
) -> None:
    assert key_of(*one)
    assert (key_of(*one) == key_of(*other)) is is_one


def test_what_each_entry_has_for_itself_is_not() -> None:
    assert key_of("s", "doubled-word", "“the the” stands twice") == ""
