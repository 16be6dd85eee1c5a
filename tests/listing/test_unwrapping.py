"""Texts broken at a width are put together before they are read, and given back in their lines."""

import pytest

from articles.listing.parser import parse, survey
from articles.listing.records import Entry
from tests.listing.helpers import assert_books_balance, entries_of, items_of

NEWSLETTER = [
    "The quay letter",
    "",
    "FERRY SINKS OFF VELL",
    "Orla Quill | 6 May 2022",
    "A ferry with no one aboard went down within sight of the",
    "harbour office on Friday morning. The coast guard says",
    "that it had been painted the day before.",
    "",
    "BOARD DEBATES TOLL",
    "Ida Meer | 5 May 2022",
    "After nine hours of talk the members of the board went",
    "home without a vote, and without their coats.",
    "",
    "REGATTA POSTPONED",
    "Sandy Eng | 28 April 2022",
    "The wind was against it, and so were the rowers, who had",
    "not been told.",
]

ROWS = [
    "- 6 May 2022: Ferry sinks off Vell, and nobody is able",
    "  to say why it was out at all (Orla Quill)",
    "- 5 May 2022: Board debates toll (Ida Meer)",
    "- 3 May 2022: Lamps out on Quay Street for the third",
    "  time in a week, residents buy candles (Orla Quill)",
    "- 28 April 2022: Regatta postponed (Sandy Eng)",
    "- 25 April 2022: Pump house sold for a pound, with all",
    "  the pumps that were still in it (Ida Meer)",
    "- 21 April 2022: Eels return (Sandy Eng)",
]


def test_a_broken_standfirst_keeps_its_lines() -> None:
    entries = entries_of(NEWSLETTER)
    assert [entry.headline for entry in entries] == [
        "FERRY SINKS OFF VELL",
        "BOARD DEBATES TOLL",
        "REGATTA POSTPONED",
    ]
    assert entries[0].standfirst == "\n".join(NEWSLETTER[4:7])
    assert [(entry.first_line, entry.last_line) for entry in entries] == [(3, 7), (9, 12), (14, 17)]
    assert entries[0].text == "\n".join(NEWSLETTER[2:7])
    assert not any(entry.diagnostics for entry in entries)


def test_a_broken_row_is_one_row() -> None:
    entries = entries_of(ROWS)
    assert len(entries) == 6
    assert entries[0].headline == (
        "Ferry sinks off Vell, and nobody is able to say why it was out at all"
    )
    assert [entry.byline for entry in entries[:2]] == ["Orla Quill", "Ida Meer"]
    assert (entries[2].first_line, entries[2].last_line) == (4, 5)


@pytest.mark.parametrize("lines", [NEWSLETTER, ROWS], ids=["newsletter", "rows"])
def test_every_character_of_a_broken_line_is_accounted_for(lines: list[str]) -> None:
    assert survey(lines).width > 0
    assert_books_balance(lines, items_of(lines))
    indented = [f"  {line}  " if line else line for line in lines]
    assert_books_balance(indented, items_of(indented))


def test_the_survey_counts_the_lines_of_the_file() -> None:
    knowledge = survey(iter(NEWSLETTER))
    assert (knowledge.lines, knowledge.topic_line) == (len(NEWSLETTER), 1)


def test_standfirsts_in_lower_case_are_not_taken_for_broken_lines() -> None:
    lines = []
    for day, text in enumerate(
        ("how it sank", "why nobody counts them any longer", "a short note")
    ):
        lines += [
            f"Ferry {day} sinks off the coast of Vell" + " again and again" * day,
            text,
            f"Orla Quill, {9 - day} May 2030",
            "",
        ]
    assert survey(lines).width == 0


def test_a_survey_of_another_file_does_no_harm() -> None:
    knowledge = survey(NEWSLETTER)
    for lines in (ROWS, ["", "  ", "x"], [], ["a" * 500, "b" * 500]):
        items = list(parse(lines, knowledge))
        assert_books_balance(lines, items)
        assert all(isinstance(item.first_line, int) for item in items if isinstance(item, Entry))


def test_what_is_left_of_a_line_put_together_is_a_part_of_it() -> None:
    lines = [
        "The best of all months. For eels too, says one of them.01.09.2020",
        "By Enno Dirk",
        "PanoramaThe clerk who painted 400 letter boxes",
        "Yellow, of course.28.08.2020",
        "1|3 May 2019*| (1; AEd (By p. 1a and ",
        "The last concert at the weir took four bars.24.08.2020",
    ]
    found = list(parse(lines, survey(lines, "credit-after-headline")))
    assert_books_balance(lines, found)
