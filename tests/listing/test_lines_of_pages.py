"""Lines of pages and lists that were once read otherwise, one named case each; all invented."""

import time

import pytest

from articles.listing.bylines import read_byline
from articles.listing.dates import date_at_end
from articles.listing.parser import parse, survey
from articles.listing.parts import part_at_end
from tests.listing.helpers import entries_of


def test_a_page_before_a_line_begins_an_entry() -> None:
    lines = ["The Quay", "No. 3 (September 2015)", ""]
    rows = [
        ("The willows on the brook", "Who cuts them now?", "Orla Quill"),
        ("When the station was one", "A guard remembers", "Ida Meer"),
        ("Owl, report", "", "Rolf Tamm"),
        ("Sloe gin", "Three families and a ban", "Orla Quill"),
        ("Books and maps", "", ""),
        ("Where the name comes from", "", "Ida Meer"),
    ]
    for page, (headline, subtitle, name) in enumerate(rows):
        lines += [f"{4 + 7 * page}  {headline}", *filter(None, (subtitle, name))]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == [headline for headline, _, _ in rows]
    assert [entry.byline or "" for entry in entries] == [name for _, _, name in rows]


def test_numbers_below_months_below_a_year_are_days() -> None:
    lines = ["2016", "", "December", "21  The candle snuffer", "7  Where do the spoons go?", "",
             "November", "23  A feast at the foundry", "9  Solder, and other things", "",
             "October", "26  The lantern maker", "12  You are wrong about pewter"]  # fmt: skip
    found = [(entry.published_on, entry.headline) for entry in entries_of(lines)]
    assert found[:3] == [
        ("2016-12-21", "The candle snuffer"),
        ("2016-12-07", "Where do the spoons go?"),
        ("2016-11-23", "A feast at the foundry"),
    ]


@pytest.mark.parametrize(
    ("line", "iso"),
    [("The well. 16-I-1987", "1987-01-16"), ("A tale 27.XII.1903", "1903-12-27"),
     ("The fair, 3/V/1911", "1911-05-03")],
)  # fmt: skip
def test_months_in_roman_figures_end_a_line(line: str, iso: str) -> None:
    date = date_at_end(line)
    assert date is not None
    assert date.iso == iso


def test_what_somebody_wrote_is_no_part_of_the_name() -> None:
    for byline in (
        "Ein Kommentar von Orla Quill",
        "Essay by Orla Quill",
        "Chronique de Orla Quill",
    ):
        assert [credit.name for credit in read_byline(byline).credits] == ["Orla Quill"]


def test_long_lines_cut_off_are_standfirsts() -> None:
    lines = ["Search results for: ferry", ""]
    for day, name in enumerate(("Orla Quill", "Ida Meer", "Rolf Tamm", "Orla Quill", "Ida Meer")):
        lines += [f"Ferry {name.split()[0]} is late", f"{20 - day}/05/2012 | {name}"]
        lines += [
            f"All {day} hulls of the line lie at the quay, and nobody can say how long it",
            "",
        ]
        lines[-2] += " will be until ..."
    entries = entries_of(lines)
    assert len(entries) == 5
    assert all(entry.standfirst and entry.standfirst.endswith("...") for entry in entries)
    assert [entry.byline for entry in entries][:2] == ["Orla Quill", "Ida Meer"]


_TEXT = "The board met twice before noon and settled nothing at all, as its clerk records."


def test_a_section_and_a_date_may_stand_in_brackets() -> None:
    sections = ("Politics", "Business", "Politics", "Culture")
    lines = []
    for day, section in enumerate(sections, 3):
        lines += [f"Ferry {day} sinks", f"[{section}, {day} May 2020]", _TEXT, ""]
    entries = entries_of(lines)
    assert [entry.kicker for entry in entries] == list(sections)
    assert [entry.published_on for entry in entries] == [f"2020-05-0{day}" for day in range(3, 7)]


@pytest.mark.parametrize("headline", ["Weekly notes, {} May 2020", "Diary to {} May 2020"])
def test_a_headline_with_a_date_is_no_line_of_the_page(headline: str) -> None:
    lines = []
    for day in range(3, 9):
        lines += [headline.format(day), f"{day + 1} May 2020", _TEXT, ""]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == [headline.format(day) for day in range(3, 9)]


def test_a_byline_with_the_date_once_more_is_kept() -> None:
    lines = []
    for day in range(3, 8):
        lines += [f"{day} May 2020", f"Ferry {day} sinks", _TEXT, f"Anna Berg, {day} May 2020", ""]
    assert [entry.byline for entry in entries_of(lines)] == ["Anna Berg"] * 5


def test_the_day_of_an_entry_counts_more_than_the_issue() -> None:
    lines = []
    for day in range(3, 7):
        lines += ["From the May 2020 issue", f"Ferry {day} sinks", "By Anna Berg",
                  f"{day} May 2020", ""]  # fmt: skip
    assert [entry.published_on for entry in entries_of(lines)] == [
        f"2020-05-0{day}" for day in range(3, 7)
    ]


@pytest.mark.parametrize("name", ["Con Coughlin", "Tribune de Genève", "Crónica de Madrid"])
def test_names_that_look_like_words_before_names_stay_whole(name: str) -> None:
    assert [credit.name for credit in read_byline(name).credits] == [name]


def test_a_number_behind_a_stroke_is_no_part_of_a_lone_word() -> None:
    for headline in ("Apollo / 11", "Fahrenheit / 9"):
        assert part_at_end(headline) is None
    assert part_at_end("Alla foce / 2") is not None


def test_a_long_line_of_one_sign_takes_no_longer_than_others() -> None:
    lines = [f"The bar {'(' * 5_000}, 3 May 2020"] * 6
    started = time.process_time()
    list(parse(lines, survey(lines)))
    assert time.process_time() - started < 5.0


def test_an_initial_ends_no_name_in_a_row() -> None:
    rows = [("A. Quill", "The bar is closed"), ("A. Quill", "Tolls rise again"),
            ("I. Meer", "A choir wins"), ("A. Quill", "Salt for the road"),
            ("K. Voss", "The mayor resigns")]  # fmt: skip
    lines = [f"{day} May 2020: {name}. {title}" for day, (name, title) in enumerate(rows, 3)]
    found = [(entry.byline, entry.headline) for entry in entries_of(lines)]
    assert found == rows
