"""Tables: separators, headers in seven languages, dates of a column, cells that do not fit."""

import datetime

import pytest

from articles.importing.files import UnreadableFile
from articles.importing.formats import headers
from tests.importing.formats.reading import codes, read, sample, told, workbook

HEADER = "headline,byline,date"


def dates(*cells: str) -> list[str | None]:
    listing = read("headline;date\n" + "".join(f"Headline;{cell}\n" for cell in cells))
    return [entry.values["published_on"] for entry in listing.entries]


def test_a_table_with_german_headers_is_read_field_by_field() -> None:
    listing = sample("ferry.csv")
    assert listing.input_format == "csv"
    assert told(listing.entries[0]) == {
        "headline": "Die Fähre fährt rückwärts",
        "kicker": "Hafen",
        "standfirst": "Seit Montag legt die Fähre\nmit dem Heck zuerst an.",
        "byline": "Ida Storm und Jens Quell",
        "authors": [
            {"name": "Ida Storm", "kind": "person", "role": "aut"},
            {"name": "Jens Quell", "kind": "person", "role": "aut"},
        ],
        "published_on": "2019-03-14",
        "series": [{"title": "Die Fähre", "kind": "serial", "part_number": 2}],
        "part_number": 2,
        "tags": ["Hafen", "Verkehr"],
        "publication": "Der Ostranyer Bote",
        "issue": "11",
        "pages": "3-4",
    }
    assert [entry.values["published_on"] for entry in listing.entries][2] == "2018-03"


def test_a_column_that_is_not_known_is_named_and_stops_nothing() -> None:
    listing = sample("ferry.csv")
    assert codes(listing) == ["column-unknown"]
    assert "“Notiz”" in listing.diagnostics[0]["message"]


def test_every_entry_keeps_its_lines_and_its_text() -> None:
    listing = sample("ferry.csv")
    assert [(entry.first_line, entry.last_line) for entry in listing.entries] == [
        (2, 3), (4, 4), (5, 5),
    ]  # fmt: skip
    assert listing.entries[0].text.startswith("Die Fähre fährt rückwärts;Hafen;")
    assert listing.entries[0].text.endswith("3-4;geprüft")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_recognised(separator: str) -> None:
    rows = [["Title", "Date", "Author"], ["A, b; c | d", "2019-05-02", "Ann Bee"]]
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    listing = read(text)
    assert listing.input_format == ("tsv" if separator == "\t" else "csv")
    assert listing.entries[0].values["headline"] == "A, b; c | d"
    assert listing.entries[0].values["published_on"] == "2019-05-02"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Titel", "headline"), ("Überschrift", "headline"), ("titre", "headline"),
        ("Título", "headline"), ("Titolo", "headline"), ("Заголовок", "headline"),
        ("AuthorName", "byline"), ("Автор", "byline"), ("auteur", "byline"), ("Autor:", "byline"),
        ("published_at", "published_on"), ("Дата", "published_on"), ("fecha", "published_on"),
        ("Data di pubblicazione", "published_on"), ("Mots-clés", "tags"),
        ("Palavras-chave", "tags"), ("теги", "tags"), ("Dachzeile", "kicker"),
        ("Untertitel", "subtitle"), ("résumé", "standfirst"), ("Heft", "issue"),
        ("página", "pages"), ("URL", "source_url"), ("Jahrgang", "volume"), ("foo", None),
    ],
)  # fmt: skip
def test_names_of_columns(name: str, field: str | None) -> None:
    assert headers.field_of(name) == field


def test_lines_above_the_header_are_reported_and_a_repeated_header_is_none() -> None:
    listing = read(f"Our list,,\n{HEADER}\nOne,Ann Bee,2019\n{HEADER}\nTwo,Ann Bee,2018\n")
    assert listing.unclaimed_lines == [1]
    assert [entry.values["headline"] for entry in listing.entries] == ["One", "Two"]


def test_windows_1252_and_a_byte_order_mark() -> None:
    assert read("\ufeffTitle,Date\nÜber,2019\n").entries[0].values["headline"] == "Über"
    listing = read("Title,Date\nÜber,2019\n".encode("cp1252"))
    assert listing.entries[0].values["headline"] == "Über"
    assert codes(listing) == ["encoding"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["3/4/2019", "25/4/2019"], ["2019-04-03", "2019-04-25"]),
        (["3/4/2019", "4/25/2019"], ["2019-03-04", "2019-04-25"]),
        (["7/4/19", "7/25/19"], ["2019-07-04", "2019-07-25"]),
        (["04.07.2019", "2019", "Mai 2020"], ["2019-07-04", "2019", "2020-05"]),
        (["13 septembre 2022", "4 июля 2019 г.", "July 4, 2019"],
         ["2022-09-13", "2019-07-04", "2019-07-04"]),
        (["2019-05-02T23:30:00-05:00", "2019-05-02 23:30:00"], ["2019-05-03", "2019-05-02"]),
        (["5/5/2019"], ["2019-05-05"]),
    ],
)  # fmt: skip
def test_a_column_has_one_order_of_day_and_month(cells: list[str], expected: list[str]) -> None:
    assert dates(*cells) == expected


def test_an_order_that_nothing_tells_is_reported_for_each_row_and_not_guessed() -> None:
    listing = read("headline,date\nOne,3/4/2019\nTwo,5/6/2019\n")
    assert [entry.values["published_on"] for entry in listing.entries] == [None, None]
    assert [codes(entry) for entry in listing.entries] == [["date-order-unknown"]] * 2
    assert listing.entries[0].diagnostics[0]["alternatives"] == [
        {"published_on": "2019-04-03"},
        {"published_on": "2019-03-04"},
    ]


def test_both_orders_in_one_column_are_reported() -> None:
    listing = read("headline,date\nOne,25/4/2019\nTwo,4/25/2019\nThree,3/4/2019\n")
    assert [entry.values["published_on"] for entry in listing.entries] == [
        "2019-04-25", "2019-04-25", None,
    ]  # fmt: skip
    assert codes(listing) == ["date-order-mixed"]


def test_a_date_that_is_none_is_said_to_be() -> None:
    entry = read("headline,date\nOne,soon\n").entries[0]
    assert (entry.values["published_on"], codes(entry)) == (None, ["date-unreadable"])


def test_a_row_without_a_headline_is_an_entry_that_will_be_rejected() -> None:
    listing = read(f"{HEADER}\n,Ann Bee,2019\n,,\nTwo,Ann Bee,2018\n")
    assert [entry.values["headline"] for entry in listing.entries] == [None, "Two"]
    assert codes(listing.entries[0]) == ["row-without-headline"]


def test_values_that_no_column_takes_are_left_out_one_by_one() -> None:
    text = "headline,date,url,language,volume,status,tags\n"
    text += f"One,2019,javascript:x,Klingonisch!,{'9' * 60},lost,{'t' * 101}\n"
    entry = read(text).entries[0]
    assert codes(entry) == [
        "value-too-long", "value-unusable", "value-unusable", "status-unknown", "value-too-long",
    ]  # fmt: skip
    assert entry.values["status"] == "draft"
    assert not {"source_url", "language", "volume"} & told(entry).keys()


def test_a_body_is_cleaned_and_plain_text_gets_paragraphs() -> None:
    text = 'headline,date,body\nOne,2019,"<p onclick=""x"">A</p><script>b</script>"\n'
    text += 'Two,2019,"A < B\n\nC"\n'
    first, second = read(text).entries
    assert first.values["body"] == "<p>A</p>"
    assert second.values["body"] == "<p>A &lt; B</p>\n<p>C</p>"


def test_a_file_that_ends_inside_quotation_marks_is_refused_with_the_line() -> None:
    with pytest.raises(UnreadableFile, match=r"listing:3: a quotation mark opens here"):
        read(f'{HEADER}\nOne,Ann,2019\nTwo,"Ann\nThree,Ann,2018\n')


def test_a_table_without_header_is_refused_by_what_it_lacks() -> None:
    with pytest.raises(UnreadableFile, match=r"no row names the columns.*--column HEADER=FIELD"):
        read("a,b\nc,d\n", "list.csv")


def test_cells_beyond_the_header_are_reported() -> None:
    listing = read(f"{HEADER}\nOne,Ann Bee,2019,lost\n")
    assert codes(listing) == ["row-too-long"]


def test_a_workbook_has_real_dates_numbers_and_several_sheets() -> None:
    data = workbook(
        [
            ["Title", "Author", "Date", "Issue", "Comment"],
            ["One", "Ann Bee", datetime.date(2019, 5, 2), 12.0, None],
            [None, None, None],
            [
                "Two",
                "Ann Bee; Cid Dot",
                datetime.datetime.fromisoformat("2018-03-01T08:30"),
                "12a",
                "x",
            ],
        ],
        [["nothing", "here"]],
        [["Titel", "Datum"], ["Drei", "März 2017"]],
    )
    listing = read(data, "list.xlsx")
    assert [told(entry) for entry in listing.entries[:2]] == [
        {
            "headline": "One", "byline": "Ann Bee", "published_on": "2019-05-02", "issue": "12",
            "authors": [{"name": "Ann Bee", "kind": "person", "role": "aut"}],
        },
        {
            "headline": "Two", "byline": "Ann Bee; Cid Dot", "published_on": "2018-03-01",
            "issue": "12a",
            "authors": [
                {"name": "Ann Bee", "kind": "person", "role": "aut"},
                {"name": "Cid Dot", "kind": "person", "role": "aut"},
            ],
        },
    ]  # fmt: skip
    assert [entry.first_line for entry in listing.entries] == [2, 4, 7]
    assert listing.entries[0].text == "One\tAnn Bee\t2019-05-02\t12"
    assert listing.entries[2].values["published_on"] == "2017-03"
    assert codes(listing) == ["column-unknown", "sheet-without-header", "sheet"]


def test_a_formula_stands_for_its_stored_value_and_never_for_itself() -> None:
    listing = read(workbook([["Title", "Date"], ["One", "2019"], ["=1+1", "2018"]]), "a.xlsx")
    # openpyxl writes no values beside formulas: what is not stored is not there.
    assert [entry.values["headline"] for entry in listing.entries] == ["One", None]


@pytest.mark.parametrize(
    "name", ["Autor(en)", "Author(s)", "Autor/in", "Autor:innen", "AUTOR*INNEN"]
)
def test_a_column_for_one_or_more_is_known(name: str) -> None:
    listing = read(f"Titel;{name};Datum\nDie Kette;Ida Meer;4.5.2021\n", "list.csv")
    assert [entry.values["byline"] for entry in listing.entries] == ["Ida Meer"]


def test_the_only_column_of_days_is_the_date_where_no_name_says_so() -> None:
    rows = [("04.05.2021", "Die Kette", "2013"), ("17.05.2021", "Der Kai", "2014")]
    table = "Fertig;Titel;Autor;Klicks\n" + "".join(
        f"{day};{title};Ida Meer;{clicks}\n" for day, title, clicks in rows
    )
    listing = read(table, "list.csv")
    dates = [entry.values["published_on"] for entry in listing.entries]
    assert dates == ["2021-05-04", "2021-05-17"]
    assert codes(listing) == ["column-unknown", "column-taken"]
    # Of two such columns neither is taken, and a known one leaves all others alone.
    two = table.replace("2013", "04.06.2021").replace("2014", "17.06.2021")
    assert {entry.values.get("published_on") for entry in read(two, "list.csv").entries} == {None}
    known = read(two.replace("Klicks", "Datum"), "list.csv")
    assert known.entries[0].values["published_on"] == "2021-06-04"
    assert codes(known) == ["column-unknown"]
    # A year or a number is no day, and one row is too few to tell.
    years = read("Titel;Autor;Klicks\nDie Kette;Ida;2013\nDer Kai;Ida;2014\n", "list.csv")
    one = read("Titel;Autor;Fertig\nDie Kette;Ida;04.05.2021\n", "list.csv")
    assert codes(years) == codes(one) == ["column-unknown"]
