"""Citations read back by the parsers that others use: pybtex for BibTeX, rispy for RIS."""

import dataclasses
import datetime
import json
import re
from typing import Any

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Entry, parse_string

from articles.citing import embedding
from articles.citing.bibtex import bibtex
from articles.citing.reference import Person, Reference
from articles.citing.ris import ris

ADA = Person("Ada Moss", "Moss, Ada")
BOARD = Person("The Harbour Board, Pilots and Co", "Harbour Board, Pilots and Co", is_person=False)
PLAIN = Reference(
    key="abcd0000",
    url="https://archive.example/a/abcd0000/",
    headline="A bell",
    subtitle="In which it rings",
    people=(ADA, Person("Ben Reed", "Reed, Ben"), Person("Cy Ash", "Ash, Cy", role="trl")),
    published_on=datetime.date(2020, 3, 9),
    precision="day",
    publication="Tidewater",
    volume="3",
    issue="2",
    pages="4-9",
    language="en-gb",
    archive="The Backfile",
    keywords=("Sea", "C++, C#"),
)
HOSTILE = r"50 % of \TeX{} & {one} $brace} #1_x ~^ “quoted” @comment{x} Гомулка Gomułka é 日本語"


def reference(**changes: Any) -> Reference:
    """Return the plain reference with *changes*."""
    return dataclasses.replace(PLAIN, **changes)


def bib(found: Reference) -> Entry:
    """Return the one entry of a file, as pybtex reads it."""
    database = parse_string(bibtex([found]), "bibtex")
    (entry,) = database.entries.values()
    return entry


def untex(text: str) -> str:
    """Return what TeX prints for a field of ours."""
    for command, character in (
        (r"\textbackslash{}", "\0"), (r"\textbraceleft{}", "\1"), (r"\textbraceright{}", "\2"),
        (r"\textasciitilde{}", "~"), (r"\textasciicircum{}", "^"),
    ):  # fmt: skip
        text = text.replace(command, character)
    text = re.sub(r"\\([&%$#_])", r"\1", text.replace("{", "").replace("}", ""))
    return text.replace("\0", "\\").replace("\1", "{").replace("\2", "}")


def record(found: Reference) -> dict[str, Any]:
    """Return the one record of a file, as rispy reads it."""
    (item,) = rispy.loads(ris([found]))
    return dict(item)


def test_bibtex() -> None:
    entry = bib(PLAIN)
    assert (entry.type, entry.key) == ("article", "moss2020_abcd0000")
    fields = {name: entry.fields[name] for name in entry.fields}
    assert fields == {
        "title": "{A bell: In which it rings}", "journal": "Tidewater", "volume": "3",
        "number": "2", "pages": "4--9", "date": "2020-03-09", "year": "2020", "month": "March",
        "day": "9", "url": "https://archive.example/a/abcd0000/", "langid": "british",
        "keywords": r"Sea, C++ C\#", "translator": "Ash, Cy",
    }  # fmt: skip
    ada, ben = entry.persons["author"]
    assert (ada.last_names, ada.first_names) == (["Moss"], ["Ada"])
    assert (ben.last_names, ben.first_names) == (["Reed"], ["Ben"])


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", "english"), ("de", "ngerman"), ("pt-BR", "brazilian"), ("ru-RU", "russian"),
     ("ja", None), ("", None)],
)  # fmt: skip
def test_bibtex_names_languages_as_babel_does(code: str, expected: str | None) -> None:
    assert bib(reference(language=code)).fields.get("langid") == expected


def test_bibtex_without_a_publication_says_where_it_is_held() -> None:
    entry = bib(reference(publication="", volume="3"))
    assert entry.type == "misc"
    assert entry.fields["howpublished"] == "The Backfile"
    assert "volume" not in entry.fields


@pytest.mark.parametrize(
    ("person", "last", "first", "suffix"),
    [
        (Person("Bill Van Auken", "Van Auken, Bill"), ["Van", "Auken"], ["Bill"], []),
        (
            Person("Martin King Jr.", "King, Martin Luther, Jr."),
            ["King"],
            ["Martin", "Luther"],
            ["Jr."],
        ),
        (Person("Plato", "Plato"), ["{Plato}"], [], []),
        (Person("others", "others"), ["{others}"], [], []),
        (BOARD, ["{The Harbour Board, Pilots and Co}"], [], []),
        (
            Person("Ada Salt and Pepper", "Salt and Pepper, Ada"),
            ["{Salt and Pepper}"],
            ["Ada"],
            [],
        ),
        (Person("Роза Заря", "Заря, Роза"), ["Заря"], ["Роза"], []),
        (Person("A & B_C", "B_C, A &"), [r"B\_C"], ["A", r"\&"], []),
    ],
    ids=["particle", "suffix", "one", "others", "body", "and", "cyrillic", "special"],
)
def test_bibtex_keeps_names_in_their_parts(
    person: Person, last: list[str], first: list[str], suffix: list[str]
) -> None:
    entry = bib(reference(people=(person, ADA)))
    found, other = entry.persons["author"]
    prelast = found.prelast_names
    assert [*prelast, *found.last_names] == last
    assert [*found.first_names, *found.middle_names] == first
    assert found.lineage_names == suffix
    assert other.last_names == ["Moss"]


def test_hostile_text_comes_back_as_it_was() -> None:
    entry = bib(reference(headline=HOSTILE, subtitle="", publication=HOSTILE))
    assert untex(entry.fields["title"]) == HOSTILE
    assert untex(entry.fields["journal"]) == HOSTILE
    item = record(reference(headline=HOSTILE, subtitle="", publication=HOSTILE))
    assert item["title"] == HOSTILE
    assert item["secondary_title"] == HOSTILE


TEXT = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=60
).filter(lambda text: text == " ".join(text.split()) and text)


@given(TEXT, TEXT)
def test_any_title_and_name_come_back(title: str, name: str) -> None:
    body = Person(name, name, is_person=False)
    found = reference(headline=title, subtitle="", people=(body, ADA))
    entry = bib(found)
    assert untex(entry.fields["title"]) == title
    first, second = entry.persons["author"]
    assert untex(str(first)) == name
    assert second.last_names == ["Moss"]
    item = record(found)
    assert item["title"] == title
    assert item["authors"] == [name, "Moss, Ada"]


def test_parts_that_share_a_headline_are_told_apart() -> None:
    found = reference(subtitle="", part_label="Part 2: The clock")
    assert record(found)["title"] == "A bell, Part 2: The clock"
    assert reference(subtitle="Part 2: The clock", part_label="part 2: the clock").title == (
        "A bell: Part 2: The clock"
    )


def test_ris() -> None:
    item = record(PLAIN)
    assert item == {
        "type_of_reference": "MGZN", "authors": ["Moss, Ada", "Reed, Ben"],
        "subsidiary_authors": ["Ash, Cy"], "title": "A bell: In which it rings",
        "secondary_title": "Tidewater", "volume": "3", "number": "2", "start_page": "4",
        "end_page": "9", "year": "2020", "date": "2020/03/09/", "language": "en-gb",
        "name_of_database": "The Backfile", "urls": ["https://archive.example/a/abcd0000/"],
        "id": "abcd0000", "keywords": ["Sea", "C++, C#"],
    }  # fmt: skip


def test_ris_has_the_line_ends_of_the_format_and_one_line_a_value() -> None:
    text = ris([reference(headline="A\nER  - \nbell", publication="")])
    assert text.count("\r\nER  - \r\n") == 1
    assert "\n" not in text.replace("\r\n", "")
    assert text.startswith("TY  - ELEC\r\n")


def test_many_records_are_read_one_by_one() -> None:
    many = [reference(key=f"key0000{number}", headline=f"No {number}") for number in range(5)]
    entries = parse_string(bibtex(many), "bibtex").entries
    assert [entry.fields["title"] for entry in entries.values()] == [
        f"{{No {number}: In which it rings}}" for number in range(5)
    ]
    assert [item["id"] for item in rispy.loads(ris(many))] == [f"key0000{n}" for n in range(5)]
    assert bibtex([]) == ris([]) == ""


@pytest.mark.parametrize(
    ("precision", "iso", "ris_date"),
    [("day", "2020-03-09", "2020/03/09/"), ("month", "2020-03", "2020/03//"),
     ("year", "2020", "2020///")],
)  # fmt: skip
def test_no_form_invents_a_day_or_a_month(precision: str, iso: str, ris_date: str) -> None:
    found = reference(precision=precision)
    entry = bib(found)
    assert entry.fields["date"] == iso
    assert ("day" in entry.fields) is (precision == "day")
    assert ("month" in entry.fields) is (precision != "year")
    assert record(found)["date"] == ris_date
    tags = dict(embedding.highwire(found))
    assert tags["citation_publication_date"] == iso.replace("-", "/")
    assert embedding.news_article(found)["datePublished"] == iso
    published = dict(embedding.open_graph(found)).get("article:published_time")
    assert published == ("2020-03-09" if precision == "day" else None)


def test_highwire_tags() -> None:
    assert embedding.highwire(PLAIN) == [
        ("citation_title", "A bell: In which it rings"),
        ("citation_author", "Moss, Ada"),
        ("citation_author", "Reed, Ben"),
        ("citation_publication_date", "2020/03/09"),
        ("citation_journal_title", "Tidewater"),
        ("citation_volume", "3"),
        ("citation_issue", "2"),
        ("citation_firstpage", "4"),
        ("citation_lastpage", "9"),
        ("citation_language", "en-gb"),
        ("citation_public_url", "https://archive.example/a/abcd0000/"),
        ("citation_keywords", "Sea"),
        ("citation_keywords", "C++, C#"),
    ]


def test_schema_org() -> None:
    author = Person("Ada Moss", "Moss, Ada", url="https://archive.example/authors/ada-moss/")
    body = Person("Harbour Board", is_person=False)
    writer = Person("Di Fell", "Fell, Di", role="aui")
    translator = Person("Cy Ash", "Ash, Cy", role="trl")
    found = embedding.news_article(
        reference(people=(author, body, translator, writer), correction="Two bells.")
    )
    assert found["@id"] == found["url"] == "https://archive.example/a/abcd0000/"
    assert found["author"] == [
        {"@type": "Person", "name": "Ada Moss", "url": "https://archive.example/authors/ada-moss/"},
        {"@type": "Organization", "name": "Harbour Board"},
    ]
    assert found["translator"] == [{"@type": "Person", "name": "Cy Ash"}]
    assert found["contributor"] == [{"@type": "Person", "name": "Di Fell"}]
    assert found["correction"] == "Two bells."
    assert found["isPartOf"] == {
        "@type": "PublicationIssue", "issueNumber": "2",
        "isPartOf": {
            "@type": "PublicationVolume", "volumeNumber": "3",
            "isPartOf": {"@type": "Periodical", "name": "Tidewater"},
        },
    }  # fmt: skip
    assert "editor" not in found


def test_json_in_a_page_ends_no_element() -> None:
    value = {"headline": "</script><!--<script>&\u2028"}
    text = embedding.script_json(value)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == value


def test_a_long_standfirst_is_cut_between_words() -> None:
    text = embedding.description(reference(standfirst="It rang and\nrang " * 60))
    assert len(text) <= 301
    assert text.endswith(("rang…", "and…", "It…"))
