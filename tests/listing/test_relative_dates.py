"""Dates that count from the day of the copy: their entries are found, without a date, in doubt."""

import pytest

from articles.listing.parser import parse, survey
from articles.listing.records import Diagnostic, Entry, Span
from articles.listing.relative_dates import Relative, said_in
from tests.listing.helpers import assert_books_balance

DATED = [
    ("Barges wait at Vell lock", "Orla Quill", "8 Feb 2023"),
    ("Who will mend the weir?", "Ida Meer", "7 Feb 2023"),
    ("The ferry that never left", "Orla Quill", "6 Feb 2023"),
    ("Tolls are to rise again", "Sandy Eng", "3 Feb 2023"),
]


def page(*said: str, sign: str = " ") -> list[str]:
    """A page whose newest entries have *said* for a date, the others one of their own."""
    new = [("Water over the quays", "Ida Meer"), ("Clerk of works resigns", "Sandy Eng"),
           ("Night boats return", "Orla Quill")]  # fmt: skip
    entries = [(*entry, date) for entry, date in zip(new, said, strict=False)] + DATED
    return [
        line
        for headline, name, date in entries
        for line in (headline, f"{name}{sign}{date}", "Markets", "")
    ]


def read(lines: list[str]) -> list[Entry]:
    items = list(parse(lines, survey(lines)))
    assert_books_balance(lines, items)
    return [item for item in items if isinstance(item, Entry)]


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        (("3 hours ago", "Yesterday"), " "),
        (("12m ago", "1 day ago"), " · "),
        (("vor 3 Stunden", "gestern, 18:40 Uhr"), " | "),
        (("il y a 2 heures", "hier à 10h15"), " | "),
        (("hace 5 horas", "ayer"), " • "),
        (("2 ore fa", "ieri"), " | "),
        (("há 4 horas", "ontem"), " | "),
        (("3 часа назад", "Вчера, 18:40"), " · "),
        (("4 uur geleden", "gisteren"), " · "),
    ],
)
def test_entries_are_found_and_have_no_date(said: tuple[str, str], sign: str) -> None:
    lines = page(*said, sign=sign)
    first, second, *others = read(lines)
    assert [entry.headline for entry in (first, second)] == [
        "Water over the quays", "Clerk of works resigns",
    ]  # fmt: skip
    assert [entry.byline for entry in (first, second)] == ["Ida Meer", "Sandy Eng"]
    assert first.published_on is second.published_on is None
    for entry, text in zip((first, second), said, strict=True):
        (remark,) = [each for each in entry.diagnostics if each.code == "date-unreadable"]
        assert text in remark.message
        assert text in entry.text
        assert "2023" not in entry.text
    assert [entry.published_on for entry in others] == [
        "2023-02-08", "2023-02-07", "2023-02-06", "2023-02-03",
    ]  # fmt: skip
    assert not any(entry.diagnostics for entry in others)


def test_a_line_of_its_own() -> None:
    lines = [
        line
        for headline, name, date in [
            ("Water over the quays", "Ida Meer", "20 minutes ago"),
            ("Clerk of works resigns", "Sandy Eng", "Posted 2 days ago"),
            *DATED,
        ]
        for line in (headline, f"By {name}", date, "")
    ]
    first, second, *others = read(lines)
    assert (first.headline, first.byline, first.published_on) == (
        "Water over the quays", "Ida Meer", None,
    )  # fmt: skip
    assert (second.headline, second.published_on) == ("Clerk of works resigns", None)
    assert len(others) == len(DATED)


@pytest.mark.parametrize(
    "text",
    [
        "Yesterday the board met, and settled nothing 3 hours ago",
        "It was drained 40 years ago",
        "The board met yesterday",
        "A ferry sank here 3 days ago.",
        "Updated 3 hours ago",
        "8 Feb 2023 · 3 hours ago",
        "Man fa",
        "Vell ago",
    ],
)
def test_prose_has_none(text: str) -> None:
    assert said_in(text) is None


def test_without_dates_beside_them_nothing_is_changed() -> None:
    lines = page("3 hours ago", "4 hours ago")[:8]
    assert not survey(lines).stand_in
    assert survey(page("3 hours ago")).stand_in == "8 Feb 2023"


def test_a_word_alone_tells_nothing_of_a_file() -> None:
    assert not survey(page("Yesterday")).stand_in


def test_beside_the_date_of_an_entry_it_is_none() -> None:
    lines = page("3 hours ago")
    lines[5] = "Orla Quill 8 Feb 2023"
    lines.insert(6, "2 days ago")
    entries = read(lines)
    assert entries[1].published_on == "2023-02-08"
    assert len(entries) == 1 + len(DATED)


SENTENCE = "The board met twice before noon and settled nothing at all, as its clerk records."


def test_below_a_heading_that_counts_from_today_no_entry_has_a_date() -> None:
    titles = iter(("Barges wait at Vell lock", "Who will mend the weir?", "Tolls are to rise",
                   "The ferry that never left", "Water over the quays", "Clerk of works resigns",
                   "Night boats return", "Salt on the roads"))  # fmt: skip
    lines: list[str] = []
    for date in ("3 hours ago", "8 Feb 2023", "7 Feb 2023", "6 Feb 2023"):
        lines += [date, ""]
        for name in ("Orla Quill", "Ida Meer"):
            lines += [next(titles), f"By {name}", SENTENCE, ""]
    entries = read(lines)
    assert [entry.published_on for entry in entries] == [
        None, None, *(f"2023-02-0{day}" for day in (8, 8, 7, 7, 6, 6)),
    ]  # fmt: skip
    for entry in entries:
        codes = [remark.code for remark in entry.diagnostics]
        assert codes.count("date-unreadable") == (entry.published_on is None)


def mask_and_give_back(lines: list[str], entry: Entry) -> Entry:
    relative = Relative("8 Feb 2023")
    list(relative.mask(lines))
    (given,) = relative.give_back([entry])
    assert isinstance(given, Entry)
    return given


def test_another_line_with_the_same_date_stays_as_it_is() -> None:
    lines = ["Ida Meer 8 Feb 2023", "Barges wait", "Two\nlines", "", "Ida Meer 3 hours ago"]
    read_as = [*lines[:4], lines[0]]
    entry = read(page("3 hours ago"))[0]._replace(
        first_line=1, last_line=5, text="\n".join(read_as), spans=(), diagnostics=(),
    )  # fmt: skip
    assert mask_and_give_back(lines, entry).text == "\n".join(lines)


def test_other_readings_have_no_date_that_the_file_has_not() -> None:
    other = {"kicker": None, "subtitle": "The weir · 8 Feb 2023"}
    remark = Diagnostic("kicker-or-subtitle", 1, "Two heading lines.", (other,))
    entry = read(page("3 hours ago"))[0]._replace(
        first_line=1, last_line=1, text="The weir · 8 Feb 2023", spans=(), diagnostics=(remark,),
    )  # fmt: skip
    (told,) = mask_and_give_back(["The weir · 3 hours ago"], entry).diagnostics
    assert told.alternatives == ({"kicker": None, "subtitle": "The weir · 3 hours ago"},)


def test_only_part_of_the_stand_in_is_a_date() -> None:
    span = Span(1, 19, 26, "date", 0)
    entry = read(page("3 hours ago"))[0]._replace(
        first_line=1, last_line=1, text="Vell Courier · do., 19/2/74", spans=(span,),
        published_on="1974-02-19", diagnostics=(),
    )  # fmt: skip
    relative = Relative("do., 19/2/74")
    list(relative.mask(["Vell Courier · 2 days ago"]))
    (given,) = relative.give_back([entry])
    assert isinstance(given, Entry)
    assert given.published_on is None
    assert [each.code for each in given.diagnostics] == ["date-unreadable"]
