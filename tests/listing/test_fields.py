"""Dates, parts, bylines and text checks on their own."""

from dataclasses import replace

import pytest

from articles.listing import checks
from articles.listing.bylines import looks_like_name, parse_byline, read_byline
from articles.listing.dates import comes_after, date_at_end, whole_date
from articles.listing.furniture import is_furniture
from articles.listing.issues import issue_line
from articles.listing.page_lines import pages_in
from articles.listing.parts import part_at_end, part_line


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("9 February 2021", "2021-02-09"),
        ("01-Jul-2019", "2019-07-01"),
        ("zaterdag 6 maart 2021", "2021-03-06"),
        ("By A, 09 February 2021 ", "2021-02-09"),
        ("29 February 2024", "2024-02-29"),
        ("1 SEPTEMBER 2021.", "2021-09-01"),
        ("3rd Sept. 2021", "2021-09-03"),
        ("February 2021", "2021-02"),
        ("2021", "2021"),
        ("31 February 2021", "2021-02"),
        ("29 February 2023", "2023-02"),
    ],
)
def test_dates(text: str, iso: str) -> None:
    date = date_at_end(text)
    assert date is not None
    assert date.iso == iso


@pytest.mark.parametrize(
    "text",
    ["", "February", "9 February", "November 13-19", "on October 24", "9 Febtober", "12021",
     "2021a", "٩ February ٢٠٢١", "1928–33", "No. 12", "0021"],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    assert date_at_end(text) is None


def test_day_that_does_not_exist_is_marked() -> None:
    date = date_at_end("31 June 2021")
    assert date is not None
    assert (date.possible, date.precision) == (False, "month")


@pytest.mark.parametrize(
    ("later", "earlier", "expected"),
    [
        ("2021-02-09", "2021-02-08", True),
        ("2021-02-09", "2021-02-09", False),
        ("2021-02", "2021-02-01", False),
        ("2022", "2021-12-31", True),
        ("2021", "2021-12", False),
    ],
)
def test_dates_compare_as_precisely_as_both_allow(later: str, earlier: str, expected: bool) -> None:
    assert comes_after(later, earlier) is expected


@pytest.mark.parametrize(
    ("text", "label", "number", "name"),
    [
        ("Part one", "Part one", 1, None),
        (" PART TWO ", "PART TWO", 2, None),
        ("Part 3", "Part 3", 3, None),
        ("Part 4: The pit today", "Part 4: The pit today", 4, "The pit today"),
        ("Part One — Youth", "Part One — Youth", 1, "Youth"),
        ("Part XIV", "Part XIV", 14, None),
        ("(Part II)", "Part II", 2, None),
        ("Part one of three", "Part one of three", 1, None),
        ("Part 2 of a three-part series", "Part 2 of a three-part series", 2, None),
        ("Second part", "Second part", 2, None),
        ("Parts 1 and 2", "Parts 1 and 2", None, None),
        ("Part nineteen", "Part nineteen", 19, None),
    ],
)
def test_part_lines(text: str, label: str, number: int | None, name: str | None) -> None:
    part = part_line(text)
    assert part is not None
    assert text[part.start : part.end] == label
    assert (part.number, part.name) == (number, name)


@pytest.mark.parametrize(
    "text",
    ["Volume I: The sluice", "Book two", "Part", "Part of the problem",
     "Part I played in the flood", "Party one", "Apart 1", "Part A", "Departments 1", ""],
)  # fmt: skip
def test_no_part_lines(text: str) -> None:
    assert part_line(text) is None


@pytest.mark.parametrize(
    "text", ["Dune: Part Two", "A life Part II", "Life (part)", "(II)", "x)", ", part 2"]
)
def test_no_part_is_cut_from_a_headline_without_a_sign(text: str) -> None:
    assert part_at_end(text) is None


@pytest.mark.parametrize("text", ["A life (Part II) ", "A life, Part II"])
def test_a_part_at_the_end(text: str) -> None:
    part = part_at_end(text)
    assert part is not None
    assert (text[: part.cut], text[part.start : part.end], part.number) == ("A life", "Part II", 2)


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Orla Quill", ["Orla Quill"]),
        ("Sandy Eng and James Macready", ["Sandy Eng", "James Macready"]),
        ("A Bo, C Du and E Fi", ["A Bo", "C Du", "E Fi"]),
        ("A Bo, C Du, and E Fi", ["A Bo", "C Du", "E Fi"]),
        ("A Bo & C Du", ["A Bo", "C Du"]),
        ("Bill Van Huysen", ["Bill Van Huysen"]),
        ("Ida van der Meer and Ludwig von Trapp", ["Ida van der Meer", "Ludwig von Trapp"]),
        ("Patrick O’Hare and Clemency d'Aubrey", ["Patrick O’Hare", "Clemency d'Aubrey"]),
        ("John Smith, Jr. and Ann Lee", ["John Smith, Jr", "Ann Lee"]),
        ("Stephen F. Crane", ["Stephen F. Crane"]),
        ("Orla Quill in Marrow", ["Orla Quill"]),
        ("Jean-Luc Ferré, Łucja Żak", ["Jean-Luc Ferré", "Łucja Żak"]),
        ("王小明", ["王小明"]),
        ("", []),
        (" , ; ", []),
    ],
)
def test_names_of_persons(byline: str, names: list[str]) -> None:
    reading = read_byline(byline)
    assert [credit.name for credit in reading.credits] == names
    assert {credit.kind for credit in reading.credits} <= {"person"}
    assert reading.diagnostics == ()


@pytest.mark.parametrize(
    ("byline", "kinds"),
    [
        ("our correspondents", ["collective"]),
        ("the editors", ["collective"]),
        ("Editorial Board", ["collective"]),
        ("the Editorial Board of the Tidewater Review", ["collective"]),
        ("a reporting team", ["collective"]),
        ("our reporter", ["collective"]),
        ("John Reader", ["person"]),
        ("Orla Quill and our correspondents", ["person", "collective"]),
        ("the Guild of Pilots Central Committee", ["organisation"]),
        ("Meteorological Society", ["organisation"]),
        ("Committee for Peace and Justice", ["organisation"]),
        ("AFP", ["organisation"]),
    ],
)
def test_collectives_and_organisations(byline: str, kinds: list[str]) -> None:
    assert [credit.kind for credit in parse_byline(byline)] == kinds


def test_roles_are_marc_relators() -> None:
    credits = parse_byline("Anna Petrov, translated by John Hale and Ada Quist")
    assert [(c.name, c.role) for c in credits] == [
        ("Anna Petrov", "aut"),
        ("John Hale", "trl"),
        ("Ada Quist", "trl"),
    ]


@pytest.mark.parametrize("byline", ["North, David", "Committee for Peace and Justice"])
def test_bylines_that_divide_in_two_ways_are_reported(byline: str) -> None:
    (remark,) = read_byline(byline, 7).diagnostics
    assert (remark.code, remark.line) == ("byline-unclear", 7)
    assert remark.alternatives


def test_what_is_no_name_is_reported() -> None:
    (remark,) = read_byline("the end of the winter").diagnostics
    assert remark.code == "byline-doubtful"
    assert not looks_like_name("the end of the winter")


@pytest.mark.parametrize(
    "text",
    [
        "He became prime ministerOn May 3 the council met.",
        "It cost a thousand jobsOn Monday.",
        "It ended in MarrowThe board met.",
        "The year was 1996On May 3 it ended.",
        "It ended.The board met.",
    ],
)
def test_run_together_sentences(text: str) -> None:
    assert [d.code for d in checks.run_together(text, 4)] == ["run-together"]


@pytest.mark.parametrize(
    "text",
    ["In the Gazeta.Ru and Gazeta.Mar", "McGeever, MacDonald, O’Dell", "LinkedIn and iPhone, eBay",
     "DeWitt’s YouTube", "U.S. The", "It ended. The board met.", "NATO and USSRs"],
)  # fmt: skip
def test_names_with_capitals_inside_are_not_run_together(text: str) -> None:
    assert list(checks.run_together(text, 4)) == []


@pytest.mark.parametrize(
    ("text", "balanced"),
    [
        ("A “word” here", True),
        ("A “word here", False),
        ("A “word” too” many", False),
        ('A "word" here', True),
        ('A "word here', False),
        ('A 12" gun', True),
        ("The „Wort“ here", True),
        ("The «mot here", False),
        ("The pilots’ own", True),
    ],
)
def test_quotes(text: str, balanced: bool) -> None:
    assert (not list(checks.unbalanced_quotes(text, 1))) is balanced


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("of the the board", True),
        ("The the", True),
        ("had had that that", False),
        ("a-a is", False),
    ],
)
def test_doubled_words(text: str, doubled: bool) -> None:
    assert bool(list(checks.doubled_words(text, 1))) is doubled


@pytest.mark.parametrize(
    ("text", "issue", "iso"),
    [
        ("Issue 1421 – 26 September 2014", "1421", "2014-09-26"),
        ("Núm. 76-77, enero 2016", "76-77", "2016-01"),
        ("No. 12", "12", None),
    ],
)
def test_a_day_behind_a_number_is_no_second_number(text: str, issue: str, iso: str | None) -> None:
    found = issue_line(text)
    assert found is not None
    assert found.issue is not None
    assert text[slice(*found.issue)] == issue
    assert (found.date.iso if found.date is not None else None) == iso


@pytest.mark.parametrize(
    ("text", "pages"),
    [("118–126", "118–126"), ("pp. 3–7", "3–7"), ("1914–1918", None), ("40-12", None)],
)
def test_a_range_alone_is_pages_unless_it_is_years(text: str, pages: str | None) -> None:
    found = pages_in(text)
    assert (text[slice(*found)] if found is not None else None) == pages


def test_a_date_with_another_year_says_that_one() -> None:
    date = whole_date("3 May 2019")
    assert date is not None
    assert date.iso == "2019-05-03"
    assert replace(date, year=2020).iso == "2020-05-03"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("6.00am", True), ("Published: 7:00 PM", True), ("18.30 Uhr", True), ("by", True),
     ("1.2K", True), ("Sin comentarios:", True), ("Geen reacties op de brug", False),
     ("Seven o'clock", False), ("By the sea", False)],
)  # fmt: skip
def test_lines_of_the_page(text: str, is_one: bool) -> None:
    assert is_furniture(text) is is_one


def test_what_somebody_is_behind_a_name_is_no_name() -> None:
    names = [credit.name for credit in parse_byline("Ida Meer, Paper Conservator")]
    assert names == ["Ida Meer"]
