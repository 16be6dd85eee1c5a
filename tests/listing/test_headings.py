"""Traps in the lines above a date line, one named case each; all texts are invented."""

import pytest

from tests.listing.helpers import (
    STANDFIRST,
    codes_of,
    entries_of,
    entries_with_standfirsts,
    entry_below_a_standfirst,
    listing,
    roles_of,
)


def test_date_alone_is_an_entry_without_byline() -> None:
    entry = entry_below_a_standfirst("Ferry sinks", date="3 May 2030")
    assert (entry.byline, entry.credits, entry.published_on) == (None, (), "2030-05-03")


def test_byline_is_kept_as_printed_and_read_as_credits() -> None:
    entry = entry_below_a_standfirst("Ferry sinks", date="By Sandy Eng and J. B. Muir, 3 May 2030")
    assert entry.byline == "Sandy Eng and J. B. Muir"
    assert [credit.name for credit in entry.credits] == ["Sandy Eng", "J. B. Muir"]


def test_collective_byline() -> None:
    entry = entry_below_a_standfirst("Ferry sinks", date="By our correspondents, 3 May 2030")
    assert [(c.name, c.kind) for c in entry.credits] == [("our correspondents", "collective")]


def test_entry_without_standfirst_before_a_kicker_and_a_headline() -> None:
    lines = listing(
        f"""Harbours
        Board sits
        9 May 2030
        From the harbour papers
        Speech to the pilots
        8 May 2030
        {STANDFIRST}
        From the harbour papers
        Speech to the keepers
        7 May 2030
        {STANDFIRST}"""
    )
    first, second, third = entries_of(lines)
    assert first.standfirst is None
    assert [second.kicker, third.kicker] == ["From the harbour papers"] * 2
    assert second.headline == "Speech to the pilots"


def test_entry_without_standfirst_before_a_headline_with_a_part() -> None:
    lines = listing(
        f"""Harbours
        150 years since birth of the engineer Loam
        9 May 2030
        Brendan Teague’s Toll and Tide: A bent history
        Part two
        By Orla Quill, 8 May 2030
        {STANDFIRST}"""
    )
    first, second = entries_of(lines)
    assert first.standfirst is None
    assert "internal-slug" not in codes_of(first)
    assert (second.headline, second.part_label) == (
        "Brendan Teague’s Toll and Tide: A bent history",
        "Part two",
    )


@pytest.mark.parametrize(
    ("headings", "kicker", "headline", "subtitle"),
    [
        (
            "New from Quay Press\nWhy Study the Flood?\nVolume I: The Sluice and the Town",
            "New from Quay Press",
            "Why Study the Flood?",
            "Volume I: The Sluice and the Town",
        ),
        ("Obituary\nHanne Lund, 1950–2024", "Obituary", "Hanne Lund, 1950–2024", None),
        (
            "Lecture on the centenary of the flood\nLoam’s Return to the Coast",
            "Lecture on the centenary of the flood",
            "Loam’s Return to the Coast",
            None,
        ),
        (
            "Review Arts Editor Dara Walsh in Marrow on January 9\nPublic meeting: What songs mean",
            "Review Arts Editor Dara Walsh in Marrow on January 9",
            "Public meeting: What songs mean",
            None,
        ),
        (
            "“A boat is a promise ...”\nA hundred years of the School for Pilots",
            None,
            "“A boat is a promise ...”",
            "A hundred years of the School for Pilots",
        ),
        (
            "Dredgers and Drovers: How a Canal Was Won\nThe company, the carters and the navvies",
            None,
            "Dredgers and Drovers: How a Canal Was Won",
            "The company, the carters and the navvies",
        ),
    ],
)
def test_two_or_three_heading_lines(
    headings: str, kicker: str | None, headline: str, subtitle: str | None
) -> None:
    entry = entry_below_a_standfirst(headings)
    assert (entry.kicker, entry.headline, entry.subtitle) == (kicker, headline, subtitle)


def test_doubt_between_kicker_and_subtitle_is_reported_with_the_other_reading() -> None:
    entry = entry_below_a_standfirst("The long winter\nFerries and ice in the north")
    doubts = [d for d in entry.diagnostics if d.code == "kicker-or-subtitle"]
    assert len(doubts) == 1
    chosen = {"kicker": entry.kicker, "headline": entry.headline, "subtitle": entry.subtitle}
    assert all(chosen[k] != v for other in doubts[0].alternatives for k, v in other.items())
    assert {"The long winter", "Ferries and ice in the north", None} == {
        *doubts[0].alternatives[0].values()
    }
    assert entry.confidence < 0.95


def test_doubt_about_a_standfirst_is_reported_on_both_entries() -> None:
    lines = listing(
        """Harbours
        Board sits again
        By Orla Quill, 9 May 2030
        The clerk of the board and his many papers about the dredging of the northern bar
        Ferry sinks
        By Orla Quill, 8 May 2030"""
    )
    first, second = entries_of(lines)
    assert any(code.startswith("standfirst-or-") for code in codes_of(first))
    assert any(code.startswith("standfirst-or-") for code in codes_of(second))


@pytest.mark.parametrize(
    ("headings", "headline", "label", "number"),
    [
        ("The bar\nPart one", "The bar", "Part one", 1),
        ("The bar\nPart 3", "The bar", "Part 3", 3),
        ("The bar\nPart 4: Sand", "The bar", "Part 4: Sand", 4),
        ("The bar\nPart One: Sand", "The bar", "Part One: Sand", 1),
        ("The bar (Part II)", "The bar", "Part II", 2),
        ("The bar\n(Part II)", "The bar", "Part II", 2),
        ("Part 1: Sand and sovereigns\nThe bar: A history", "The bar: A history", None, 1),
        ("The bar", "The bar", "", None),
    ],
)
def test_parts(headings: str, headline: str, label: str | None, number: int | None) -> None:
    entry = entry_below_a_standfirst(headings)
    expected = headings.split("\n")[0] if label is None else label or None
    assert (entry.headline, entry.part_label, entry.part_number) == (headline, expected, number)
    assert entry.kicker is None
    assert entry.subtitle is None


def test_kicker_above_headline_above_part() -> None:
    entry = entry_below_a_standfirst(
        "Pilots of the flood\nNikolai Muir (1877-1937)\nPart One: Youth"
    )
    assert (entry.kicker, entry.headline) == ("Pilots of the flood", "Nikolai Muir (1877-1937)")
    assert (entry.part_label, entry.part_number) == ("Part One: Youth", 1)


def test_part_label_as_only_heading_is_the_headline() -> None:
    entry = entry_below_a_standfirst("Part 3: The bar")
    assert (entry.headline, entry.part_label, entry.part_number) == ("Part 3: The bar", None, 3)
    assert "part-without-headline" in codes_of(entry)


def test_part_in_brackets_leaves_brackets_as_punctuation() -> None:
    lines = listing("Harbours\nThe bar (Part II)\nBy Orla Quill, 3 May 2030")
    (entry,) = entries_of(lines)
    assert roles_of(entry, lines) == [
        ("headline", "The bar"),
        ("punctuation", " ("),
        ("part_label", "Part II"),
        ("punctuation", ")"),
        ("punctuation", "By "),
        ("byline", "Orla Quill"),
        ("punctuation", ", "),
        ("date", "3 May 2030"),
    ]


def test_prefix_in_three_entries_with_different_remainders_is_a_kicker() -> None:
    entries = entries_with_standfirsts(
        "Quay notes: Wax", "quay notes: Twine", "Other news", "Quay Notes: Fids"
    )
    assert [e.kicker for e in entries] == ["Quay notes", "quay notes", None, "Quay Notes"]
    assert [e.headline for e in entries] == ["Wax", "Twine", "Other news", "Fids"]


def test_own_line_kicker_counts_for_the_inline_one() -> None:
    entries = entries_with_standfirsts(
        "Quay notes\nA rack for fids", "Quay notes: Wax", "Quay notes: Twine"
    )
    assert [e.kicker for e in entries] == ["Quay notes"] * 3
    assert [e.headline for e in entries] == ["A rack for fids", "Wax", "Twine"]


def test_prefix_in_two_entries_is_no_kicker() -> None:
    entries = entries_with_standfirsts(
        "Marrow: Fire kills ten", "Marrow: Protests spread", "Other news"
    )
    assert [e.kicker for e in entries] == [None] * 3
    assert entries[0].headline == "Marrow: Fire kills ten"


def test_prefix_with_one_remainder_is_a_title() -> None:
    entries = entries_with_standfirsts(*["The price of a berth: A balance sheet"] * 4)
    assert [e.kicker for e in entries] == [None] * 4


def test_prefix_that_may_be_a_title_is_reported() -> None:
    entries = entries_with_standfirsts(
        *["The price: A balance sheet"] * 3, "The price: What came next"
    )
    assert [e.kicker for e in entries] == ["The price"] * 4
    doubt = next(d for d in entries[0].diagnostics if d.code == "inline-kicker")
    assert doubt.alternatives == ({"kicker": None, "headline": "The price: A balance sheet"},)


def test_inline_kicker_leaves_the_colon_as_punctuation() -> None:
    lines = listing("Harbours\n" + "\n".join(f"Notes: {n}\n{n} May 2030" for n in (5, 4, 3)))
    entry = entries_of(lines)[0]
    assert roles_of(entry, lines)[:3] == [
        ("kicker", "Notes"),
        ("punctuation", ": "),
        ("headline", "5"),
    ]
