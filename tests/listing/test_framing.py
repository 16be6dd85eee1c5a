"""Lines that the page puts beside its entries are told by where they stand, and given back."""

from collections.abc import Sequence

import pytest

from articles.listing.framing import Frame, frame_of
from articles.listing.masking import Framed
from articles.listing.parser import parse, survey
from articles.listing.records import Entry, Span, Unclaimed
from tests.listing.helpers import assert_books_balance

HEADS = (
    "The ferry that kept its own time",
    "Who owns the weir?",
    "A mayor without a town",
    "Swans return to the dock",
    "The last typesetter of Mill Street",
    "School bus route cut again",
)


def page(
    below: Sequence[str] = (),
    *,
    above: Sequence[str] = (),
    foot: Sequence[str] = (),
    echo: str = "",
) -> list[str]:
    """Return a page as it is copied: *below* each entry, with {n} for a number, *echo* of its
    headline, *above* and at the *foot* of all of them.
    """
    lines = [*above, *([""] if above else [])]
    for number, head in enumerate(HEADS, 3):
        lines += [head, "By Orla Quill", f"{28 - number} May 2030", "It was seen from the quay."]
        lines += [echo.format(head)] if echo else []
        lines += [*(text.format(n=number * 7) for text in below), ""]
    return [*lines, *foot]


def hidden_of(lines: Sequence[str]) -> list[str]:
    framed = Framed(frame_of(lines))
    list(framed.mask(lines))
    return list(framed.hidden.values())


def entries_of(lines: list[str]) -> list[Entry]:
    items = list(parse(lines, survey(lines)))
    assert_books_balance(lines, items)
    return [item for item in items if isinstance(item, Entry)]


@pytest.mark.parametrize(
    "below",
    [
        ("{n} murmurs",),
        ("{n} 402",),
        ("Filed in Quays | {n} murmurs",),
        ("Pass this on",),
        ("{n} murmurs", "Gold (for friends of the paper)"),
    ],
)
def test_what_stands_below_every_entry_is_of_the_page(below: tuple[str, ...]) -> None:
    lines = page(below)
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == list(HEADS)
    assert all(entry.standfirst == "It was seen from the quay." for entry in entries)
    assert all(entry.kicker is None and entry.subtitle is None for entry in entries)
    assert all(any(mark in entry.text for mark in ("quay", *below)) for entry in entries)


@pytest.mark.parametrize("echo", ["{}", "Follow the way to “{}”", "{} (picture)"])
def test_a_headline_that_is_said_once_more_is_of_the_page(echo: str) -> None:
    entries = entries_of(page(echo=echo))
    assert [entry.headline for entry in entries] == list(HEADS)
    assert all(entry.standfirst == "It was seen from the quay." for entry in entries)


def test_heading_and_foot_of_a_page_are_no_entries() -> None:
    above = ("The Quay Post", "Today", "Boats", "Orla Quill", "Orla Quill writes about boats.")
    foot = ("More", "Boats", "Nets", "What we stand for")
    entries = entries_of(page(above=above, foot=foot))
    assert [entry.headline for entry in entries] == list(HEADS)


def test_what_is_hidden_is_given_back_as_it_stands() -> None:
    lines = page(("{n} murmurs", "Gold (for friends of the paper)"))
    assert "21 murmurs" in hidden_of(lines)
    told = "\n".join(entry.text for entry in entries_of(lines))
    assert "—" not in told
    masked = list(Framed(frame_of(lines)).mask(lines))
    assert [len(text) for text in masked] == [len(text) for text in lines]


@pytest.mark.parametrize(
    "lines",
    [
        # The headlines of a column, each with its number.
        [x for n in range(9, 1, -1) for x in (f"Quay notes {n}", f"{n} May 2030", "")],
        # Names, and a credit that comes again.
        [x for n in range(9, 1, -1) for x in (HEADS[n % 6], "Orla Quill", f"{n} May 2030", "")],
        # Sections above headlines.
        [x for n in range(9, 1, -1) for x in ("Boats", HEADS[n % 6], f"{n} May 2030", "")],
        # Parts of a serial.
        [x for n in range(9, 1, -1) for x in ("The long tide", f"{n} May 2030", f"Part {n}", "")],
        # No line is ever followed by another.
        [x for n in range(9, 1, -1) for x in ("The long tide", "", f"{n} May 2030", "")],
    ],
)
def test_what_comes_again_and_is_of_the_entries_stays(lines: list[str]) -> None:
    assert hidden_of(lines) == []


def test_a_file_without_such_lines_has_no_frame() -> None:
    lines = [x for n in range(9, 1, -1) for x in (HEADS[n % 6], f"By Orla Quill, {n} May 2030")]
    assert not frame_of(lines)
    assert not Frame()


def test_each_block_is_an_entry_where_each_has_its_date() -> None:
    # Without that the last line of one block, without a full stop, begins the next entry.
    lines = []
    for number, head in enumerate(HEADS, 3):
        lines += [
            "Boats" if number % 2 else "Nets",
            head,
            "By Orla Quill",
            f"{28 - number} May 2030",
        ]
        lines += [
            "Nobody has said a word about it so far" if number % 3 else "It ended. It began",
            "",
        ]
    entries = entries_of(lines)
    assert [(entry.kicker, entry.headline) for entry in entries] == [
        ("Boats" if number % 2 else "Nets", head) for number, head in enumerate(HEADS, 3)
    ]


def test_a_hidden_line_of_no_entry_inside_an_entry_is_given_back_to_both() -> None:
    lines = page(("{n} murmurs",))
    entry = entries_of(lines)[0]
    number = entry.first_line + 4
    masked = entry._replace(text=entry.text.replace(lines[number - 1], "———"))
    inside = Unclaimed(number, "———", "", Span(number, 0, 3, "furniture", None))
    framed = Framed(frame_of(lines), {number: lines[number - 1]})
    told = list(framed.give_back([inside, masked]))
    assert [told[0].text, told[1].text] == [lines[number - 1], entry.text]  # type: ignore[union-attr]


def test_a_block_with_a_byline_below_the_last_date_is_no_foot() -> None:
    lines = page(foot=["By Ida Meer", "Nobody had looked behind the crane."])
    shown = list(Framed(frame_of(lines)).mask(lines))
    assert shown[-2:] == lines[-2:]
