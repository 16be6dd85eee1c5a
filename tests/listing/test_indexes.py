"""Indexes of a year: headings with a date, and rows of a title, names and a page below them.

A whole index is among the samples of ``test_dialects``.
"""

import pytest

from articles.listing.indexes import index_of
from articles.listing.parser import survey
from articles.listing.records import Entry
from tests.listing.helpers import assert_books_balance, codes_of, entries_of, items_of

ROWS = ["The bar, Orla Quill, 4", "Salt, Ida Meer, 9", "Mud, Orla Quill, 2", "Rope, Ida Meer, 6"]


def _read(*lines: str) -> list[Entry]:
    shown = ["January 2016 (No. 1)", *ROWS, *lines]
    assert_books_balance(shown, items_of(shown))
    assert survey(shown).dialect == "index"
    return entries_of(shown)[len(ROWS) :]


@pytest.mark.parametrize(
    ("line", "headline", "byline", "pages"),
    [
        ("A long, cold night, Orla Quill, 12", "A long, cold night", "Orla Quill", "12"),
        ("Nets, Ida Meer, Orla Quill and Rolf Tallis, 8-9", "Nets",
         "Ida Meer, Orla Quill and Rolf Tallis", "8-9"),
        ("El faro, por Rolf Tallis, pág. 3", "El faro", "Rolf Tallis", "3"),
        ("Letters to the board, 30", "Letters to the board", None, "30"),
        ("In 1816, Ida Meer, p. 7", "In 1816", "Ida Meer", "7"),
    ],
)  # fmt: skip
def test_a_row_is_a_title_names_and_a_page(
    line: str, headline: str, byline: str | None, pages: str
) -> None:
    (entry,) = _read(line)
    assert (entry.headline, entry.byline, entry.pages) == (headline, byline, pages)
    assert (entry.published_on, entry.issue) == ("2016-01", "1")
    assert not entry.diagnostics


def test_what_may_be_a_name_in_a_title_is_doubted() -> None:
    (entry,) = _read("Light, Eva Barrow, Orla Quill, 12")
    assert (entry.headline, entry.byline) == ("Light, Eva Barrow", "Orla Quill")
    assert codes_of(entry) == ["headline-holds-more"]


def test_a_heading_dates_what_stands_below_it_and_keeps_the_volume_above() -> None:
    first, second = _read("Volume 7, 2017", "Nets, Ida Meer, 3", "May 2018 (No. 2)", "Eels, 9")
    assert (first.published_on, first.volume, first.issue) == ("2017", "7", None)
    assert (second.published_on, second.volume, second.issue) == ("2018-05", "7", "2")


def test_a_month_in_a_heading_has_the_year_above_it() -> None:
    entries = _read("2019", "No. 4 (April)", "Nets, Ida Meer, 3", "No. 5 (May)", "Eels, 9")
    assert [entry.published_on for entry in entries] == ["2019-04", "2019-05"]


def test_months_without_a_year_tell_the_order_of_a_file() -> None:
    months = ["No. 1 (January)", *ROWS, "No. 2 (February)", *ROWS, "No. 3 (March)", *ROWS]
    assert survey(["2018", *months]).order == "oldest-first"


def test_rows_without_a_heading_or_a_heading_without_rows_are_no_index() -> None:
    assert index_of(ROWS) is None
    assert index_of(["January 2016 (No. 1)", *ROWS[:3]]) is None
    assert index_of(["January 2016 (No. 1)", *ROWS]) is not None
    assert index_of(["January 2016", *["Ferry sinks off Vell"] * 3, *ROWS]) is None
    assert index_of(["January 2016", *[f"Chapter {n}, {n}" for n in range(9)]]) is None


def test_a_row_above_all_headings_says_that_it_has_no_date() -> None:
    lines = ["Nets, Ida Meer, 3", "January 2016 (No. 1)", *ROWS]
    assert codes_of(entries_of(lines)[0]) == ["date-missing"]


def test_a_broken_row_goes_on_until_its_page() -> None:
    lines = [
        "Janeiro de 2004",
        "A ponte que ninguém",
        "pediu, por Rosa Teles, pág. 3",
        "Cartas ao inspetor do",
        "porto, por Davi Moura, pág. 9",
        "Sal, por Rosa Teles, pág. 14",
        "Fevereiro de 2004",
        "Quem teme a maré?, por Rosa",
        "Teles e Davi Moura, pág. 2",
        "Elogio da sesta e",
        "outras artes, por Inês Prado, pág. 7",
        "O farol de Lira, por Davi Moura, pág. 12",
        "Março de 2004",
        "As contas da irmandade, por Inês",
        "Prado, pág. 4",
        "O que sabe o carteiro, por Rosa Teles, pág. 8",
    ]
    assert [(entry.headline, entry.byline, entry.pages) for entry in entries_of(lines)] == [
        ("A ponte que ninguém pediu", "Rosa Teles", "3"),
        ("Cartas ao inspetor do porto", "Davi Moura", "9"),
        ("Sal", "Rosa Teles", "14"),
        ("Quem teme a maré?", "Rosa Teles e Davi Moura", "2"),
        ("Elogio da sesta e outras artes", "Inês Prado", "7"),
        ("O farol de Lira", "Davi Moura", "12"),
        ("As contas da irmandade", "Inês Prado", "4"),
        ("O que sabe o carteiro", "Rosa Teles", "8"),
    ]
