"""Tables with a head: which lines are rows, which columns are fields, and cells of any kind.

Whole tables are among the samples of ``test_dialects``.
"""

import time

import pytest

from articles.listing.parser import survey
from articles.listing.records import Entry, Unclaimed
from articles.listing.table_cells import cells_of, is_open
from articles.listing.table_columns import columns_of, field_of
from articles.listing.tables import table_of
from tests.listing.helpers import assert_books_balance, codes_of, entries_of, items_of

HEAD = "title,author,date"
ROWS = [f"Ferry {day} sinks,Orla Quill,2030-05-0{day}" for day in range(1, 6)]


def _read(lines: list[str]) -> list[Entry]:
    assert_books_balance(lines, items_of(lines))
    assert survey(lines).dialect == "table"
    return entries_of(lines)


@pytest.mark.parametrize(
    ("text", "sign", "values"),
    [
        ("a,b,,d", ",", ["a", "b", "", "d"]),
        ('"a, b",c', ",", ["a, b", "c"]),
        ('"a ""b"" c";d', ";", ['a "b" c', "d"]),
        ('a "b" c,d', ",", ['a "b" c', "d"]),
        ('"a,b,c', ",", ['"a', "b", "c"]),
        ("a\t\tb ", "\t", ["a", "", "b"]),
        ("| a | b |", "|", ["a", "b"]),
        ("a | b | ", "|", ["a", "b"]),
        (r"a \| b | c", "|", ["a | b", "c"]),
        ("", ",", [""]),
    ],
)
def test_lines_are_cut_into_cells(text: str, sign: str, values: list[str]) -> None:
    cells = cells_of(text, sign)
    assert [cell.value for cell in cells] == values
    assert all(0 <= cell.start <= cell.end <= len(text) for cell in cells)


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [('a,"b', True), ('a,"b"', False), ('a "b,c', False), ('"a ""b', True), ('"a" b,c', False)],
)
def test_a_cell_in_quotation_marks_goes_on_until_it_is_closed(text: str, *, goes_on: bool) -> None:
    assert is_open(text, ",") is goes_on


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("Title", "headline"),
        ("post_title", "headline"),
        ("Titre de l’article", "headline"),
        ("Titre de la revue", "publication"),
        ("Autor/in", "byline"),
        ("Issue date", "date"),
        ("Fecha de publicación", "date"),
        ("Date modified", ""),
        ("Author e-mail", ""),
        ("author_id", ""),
        ("Comments", ""),
        ("Дата", "date"),
        ("", ""),
        ("x" * 90, ""),
    ],
)
def test_heads_of_columns_name_fields(head: str, name: str) -> None:
    assert field_of(head) == name


@pytest.mark.parametrize(
    "heads",
    [["Title"], ["Author", "Date"], ["Title", "x", "y", "z", "w"], ["3", "Title", "Date"], []],
)
def test_what_does_not_head_a_table_of_articles_is_no_head(heads: list[str]) -> None:
    assert columns_of(heads) is None


def test_a_number_of_the_row_is_no_issue_of_a_paper() -> None:
    assert columns_of(["No", "Title", "Author"]) == ["", "headline", "byline"]
    assert columns_of(["Journal", "No", "Title"]) == ["publication", "issue", "headline"]


def test_a_table_without_enough_rows_below_its_head_is_none() -> None:
    assert table_of([HEAD, *ROWS]) is not None
    assert table_of([HEAD, *ROWS[:2]]) is None
    assert table_of([HEAD, *ROWS, *["A line of prose, and no row at all, dear me, no"] * 9]) is None
    assert table_of([HEAD, *ROWS, *["A line of prose without any sign in it"] * 9]) is None
    assert table_of([HEAD, *[row.replace("2030", "x") for row in ROWS]]) is None


def test_cells_that_are_no_field_are_kept_in_the_books_alone() -> None:
    lines = ["id,title,author,date,likes", *[f"{n},{row},7" for n, row in enumerate(ROWS)]]
    entries = _read(lines)
    assert [entry.headline for entry in entries] == [row.split(",")[0] for row in ROWS]
    assert {span.role for span in entries[0].spans if span.entry is None} == {"furniture"}


def test_dates_that_the_file_does_not_decide_are_doubted_row_by_row() -> None:
    lines = ["Title\tDate"] + [f"Ferry {day} sinks\t{day}/{11 - day}/2030" for day in (4, 9, 3, 8)]
    for entry in _read(lines):
        assert entry.published_on == "2030"
        assert codes_of(entry) == ["date-order-unknown"]
    for entry in _read([*lines, "Ferry 20 sinks\t20/1/2030"]):
        assert len(entry.published_on or "") == len("2030-01-20")
        assert not entry.diagnostics


def test_a_date_that_is_none_and_a_day_that_does_not_exist_are_doubted() -> None:
    entries = _read([HEAD, *ROWS, "Ferry,Orla Quill,soon", "Bar,Orla Quill,2030-02-31"])
    assert codes_of(entries[-2]) == ["date-missing", "date-unreadable"]
    assert codes_of(entries[-1]) == ["impossible-date"]
    assert entries[-1].published_on == "2030-02"


def test_a_row_with_too_many_cells_or_an_open_quotation_is_doubted() -> None:
    entries = _read([HEAD, *ROWS, "Ferry,Orla Quill,2030-05-09,and more", '"Bar,Orla Quill,2030'])
    assert "row-unsure" in codes_of(entries[-2])
    assert "row-unsure" in codes_of(entries[-1])


def test_quotation_marks_that_do_not_balance_are_doubted() -> None:
    entry = _read([HEAD, *ROWS, "Bar “and rope,Ida Meer,2030-05-06"])[-1]
    assert codes_of(entry) == ["unbalanced-quotes"]


def test_a_cell_of_several_lines_is_one_value() -> None:
    lines = ["title,date,summary", *[f"Ferry {n},2030-05-0{n}," for n in range(1, 4)]]
    lines += ['"Bar",2030-05-04,"It opened.', "", 'Nobody came."', "Salt,2030-05-05,"]
    entries = _read(lines)
    assert entries[3].standfirst == "It opened.\n\nNobody came."
    assert (entries[3].first_line, entries[3].last_line) == (5, 7)
    assert entries[4].headline == "Salt"


def test_a_quotation_that_is_not_closed_soon_swallows_no_row() -> None:
    rows = [f"Salt {n},Ida Meer,2030-05-07" for n in range(60)]
    lines = [HEAD, *ROWS, '"Bar,Orla Quill,2030-05-06', *rows, 'Rope",Ida Meer,2030-05-07']
    assert len(_read(lines)) == len(lines) - 1


def test_lines_that_are_no_rows_are_not_lost() -> None:
    lines = ["Our articles", "", HEAD, *ROWS, "Exported on Sunday", HEAD, "Bar,Ida Meer,2030-05-06"]
    loose = [item.text for item in items_of(lines) if isinstance(item, Unclaimed)]
    assert loose == [HEAD, "Exported on Sunday", HEAD]
    assert survey(lines).topic == "Our articles"
    assert len(_read(lines)) == 6


def test_a_head_below_which_no_table_stands_is_no_table() -> None:
    lines = ["Title, Author, Date", ""]
    for day in range(1, 9):
        lines += [f"Ferry {day} sinks off Vell", f"By Orla Quill, {day} May 2030", ""]
    assert survey(lines).dialect != "table"
    assert len(entries_of(lines)) == 8


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern", ['"', '""', '"a,', '"a" b,"', 'x,"y z ', ",", "|", "\\|", "a\t"]
)
def test_long_lines_are_cut_in_linear_time(pattern: str) -> None:
    long = (pattern * 50_000)[:50_000]
    start = time.process_time()
    for sign in "\t|;,":
        cells_of(long, sign)
        is_open(long, sign)
    lines = [HEAD, *ROWS, long, *[long[:25_000]] * 50]
    assert_books_balance(lines, items_of(lines))
    assert time.process_time() - start < 4.0
