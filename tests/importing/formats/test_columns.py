"""Columns of a table that a person gives a field: on reading, hostile files too."""

import json
from typing import Any

import pytest

from articles.importing.files import UnreadableFile
from articles.importing.formats.columns import BadColumns, Told, in_words, labels, parsed
from articles.importing.records import ParsedListing
from tests.importing.formats.reading import codes, read, workbook

ROWS = "Titel;col7;Autor;Notiz\nThe bell;2021-02-19;Mira;dull\nThe map;page 3;Ana;\n"


def by_hand(*texts: str, remembered: dict[str, str] | None = None) -> Told:
    return Told(parsed(texts), lambda: remembered or {})


def taken(listing: ParsedListing) -> dict[str, tuple[str | None, str | None]]:
    return {column["header"]: (column["field"], column["how"]) for column in listing.columns}


def days(listing: ParsedListing) -> list[Any]:
    return [entry.values["published_on"] for entry in listing.entries]


def test_every_column_says_what_it_is_read_as_and_why() -> None:
    rows = ROWS.replace("page 3", "2021-03-01")
    listing = read(rows, "a.csv", columns=by_hand("Notiz="))
    assert taken(listing) == {
        "Titel": ("headline", "name"), "col7": ("published_on", "content"),
        "Autor": ("byline", "name"), "Notiz": (None, "hand"),
    }  # fmt: skip
    assert [column["sample"] for column in listing.columns] == [
        "The bell", "2021-02-19", "Mira", "dull",
    ]  # fmt: skip
    assert in_words(listing.columns) == [
        "  columns: “Titel” as headline (by name), “col7” as date (by content), “Autor” as byline"
        " (by name), “Notiz” left out (by hand)"
    ]
    assert in_words([]) == []
    # What a person left out is not said to be unknown.
    assert codes(listing) == ["column-taken"]


def test_a_date_that_neither_name_nor_content_tells_is_given_by_hand() -> None:
    assert days(read(ROWS, "a.csv")) == [None, None]
    listing = read(ROWS, "a.csv", columns=by_hand("col7=date"))
    assert days(listing) == ["2021-02-19", None]
    assert taken(listing)["col7"] == ("published_on", "hand")


def test_days_that_a_person_leaves_out_are_not_taken_for_the_date() -> None:
    rows = "Titel;Seen;Autor\nThe bell;2021-02-19;Ana\nThe map;2021-02-20;Ana\n"
    assert days(read(rows, "a.csv")) == ["2021-02-19", "2021-02-20"]
    assert days(read(rows, "a.csv", columns=by_hand("Seen="))) == [None, None]


def test_what_is_given_wins_over_a_name() -> None:
    rows = "Titel;Date;Shown\nThe bell;2001-01-01;2021-02-19\n"
    listing = read(rows, "a.csv", columns=by_hand("Shown=date"))
    assert days(listing) == ["2021-02-19"]
    assert taken(listing)["Date"] == (None, None)


def test_a_table_of_which_no_column_is_known_is_read_by_hand() -> None:
    rows = "a;b\nThe bell;2021-02-19\n"
    with pytest.raises(UnreadableFile, match="no row names the columns"):
        read(rows, "a.csv")
    listing = read(rows, "a.csv", columns=by_hand("a=headline", "b=date"))
    assert (days(listing), listing.entries[0].values["headline"]) == (["2021-02-19"], "The bell")
    # Without a telling name, too.
    assert read(rows, "a.txt", columns=by_hand("a=headline", "b=date")).input_format == "csv"


def test_what_is_given_wins_over_what_is_remembered() -> None:
    remembered = {"col7": "published_on", "Autor": "", "gone": "kicker"}
    listing = read(ROWS, "a.csv", columns=by_hand("Autor=tags", remembered=remembered))
    assert taken(listing)["col7"] == ("published_on", "remembered")
    assert taken(listing)["Autor"] == ("tags", "hand")
    # A field that is given to another column is not kept by the one before.
    listing = read(ROWS, "a.csv", columns=by_hand("Notiz=date", remembered=remembered))
    assert taken(listing)["col7"] == (None, None)
    assert listing.columns_by_hand() == {"Notiz": "published_on", "Autor": ""}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", workbook([["Titel", "col7"], ["The bell", "2021-02-19"], ["No", "x"]],
                            [["Titel", "Autor"], ["The map", "Ana"]])),
        ("a.json", json.dumps([{"Titel": "The bell", "col7": "2021-02-19"}])),
        ("a.jsonl", '{"Titel": "The bell"}\n{"Titel": "The map", "col7": "2021-02-19"}\n'),
    ],
)  # fmt: skip
def test_other_tables_have_columns_too(name: str, data: Any) -> None:
    listing = read(data, name, columns=by_hand("col7=date"))
    assert "2021-02-19" in days(listing)
    assert taken(listing)["col7"] == ("published_on", "hand")
    assert next(one for one in listing.columns if one["header"] == "col7")["sample"] == "2021-02-19"
    with pytest.raises(UnreadableFile, match="no column is called “Day”; there are “Titel”"):
        read(data, name, columns=by_hand("Day=date"))


def test_members_that_are_left_out_are_not_called_unknown() -> None:
    data = json.dumps([{"title": "The bell", "date": "2021-02-19", "note": "x", "by": ["Ana"]}])
    listing = read(data, "a.json", columns=by_hand("note=", "by=tags"))
    assert codes(listing) == []
    assert listing.entries[0].values["tags"] == ["Ana"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", "Tides\n\nThe bell\n19 February 2021\n"),
        ("a.html", "<ul><li><a href='/a'>The bell</a> 2021-02-19</li></ul>"),
        ("a.json", '{"version": 1, "articles": []}'),
    ],
)
def test_what_has_no_columns_says_so(name: str, data: str) -> None:
    with pytest.raises(UnreadableFile, match=r"have columns to be given a field|no column is"):
        read(data, name, columns=by_hand("col7=date"))


def test_of_a_table_in_a_page_nothing_is_remembered() -> None:
    rows = "".join(f"<tr><td>The bell {n}</td><td>Ana</td><td>page {n}</td></tr>" for n in range(3))
    page = f"<table><tr><th>Titel</th><th>Autor</th><th>col7</th></tr>{rows}</table>"
    told = by_hand(remembered={"col7": "kicker"})
    listing = read(page, "a.html", columns=told)
    assert [entry.values.get("kicker") for entry in listing.entries] == [None] * 3
    assert listing.columns == ()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["col7"], "HEADER=FIELD"),
        (["=date"], "HEADER=FIELD"),
        (["col7=dete"], "no field is called “dete”; there are headline, kicker"),
        (["a=date", "b=published_on"], "two columns are given for the date"),
        (["a=date", "a=tags"], "the column “a” is given two fields"),
    ],
)
def test_what_cannot_be_meant_is_refused(texts: list[str], said: str) -> None:
    with pytest.raises(BadColumns, match=said):
        parsed(texts)


def test_columns_are_given_as_the_documents_call_the_fields() -> None:
    assert parsed(["a=b=date", "c=address", "d=Schlagwort", "e=tags"]) == {
        "a=b": "published_on", "c": "source_url", "d": "tags", "e": "tags",
    }  # fmt: skip


def test_headers_that_are_equal_or_empty_are_told_apart() -> None:
    assert labels(["Note", "", "Note", "4", "", "Note"]) == [
        "Note", "2", "Note (3)", "4", "5", "Note (6)",
    ]  # fmt: skip
    assert labels(["3", "", ""]) == ["3", "2", "(3)"]
    assert labels(["", "1"]) == ["(1)", "1"]
    rows = "Titel;;Note;Note\nThe bell;2021-02-19;x;Hills\n"
    listing = read(rows, "a.csv", columns=by_hand("2=date", "Note (4)=tags"))
    assert (days(listing), listing.entries[0].values["tags"]) == (["2021-02-19"], ["Hills"])


def test_hostile_headers() -> None:
    markup = "<script>alert(1)</script>"
    rows = f"Titel;Autor;{markup}\nThe bell;Ana;2021-02-19\n"
    assert days(read(rows, "a.csv", columns=by_hand(f"{markup}=date"))) == ["2021-02-19"]
    # A line of a megabyte names no columns.
    with pytest.raises(UnreadableFile, match="no row names the columns"):
        read(f"Titel;{'x' * 2**20}\nThe bell;2021\n", "a.csv", columns=by_hand("Titel=headline"))
    with pytest.raises(UnreadableFile, match="a row of 10,002 cells"):
        read("Titel;Autor;" + ";".join("c" * 10_000) + "\nThe bell;Ana\n", "a.csv")
    names = ["Titel", "Autor", *(f"c{n}" for n in range(10_000))]
    wide = workbook([names, ["The bell", "Ana"]])
    listing = read(wide, "a.xlsx", columns=by_hand("c9999=date"))
    assert taken(listing)["c9999"] == ("published_on", "hand")
    assert len(listing.columns) < 250
