"""The labelled dialect: read as it is written, written so that it is read back equal."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.listing.labelled_text import label_number, write_entry, write_topic
from articles.listing.parser import entry_as_json, parse, survey
from articles.listing.records import Entry, Topic
from tests.listing.helpers import (
    assert_books_balance,
    codes_of,
    entries_of,
    items_of,
    unclaimed_of,
)
from tests.thorough import times

PLAIN = """\
Listing: Harbours and canals

Kicker: From the harbour papers
Headline: The bar: what it cost
Subtitle: A reckoning
Part: Part two
Byline: Orla Quill and Ida Meer
Date: 2030-05-09
Standfirst: The board met twice before noon.
  It settled nothing.

Headline: Ferry sinks
Credits: Orla Quill; Ida Meer (translator); our correspondents (collective); Pilots (organisation)
Date: May 2030
Series: Quay notes (column)
Series: The bar (serial, part 2)
Tags: Ferries; Tolls
Language: en
Link: https://archive.example/ferry
Key: 0123abcd
"""


def _lines(text: str) -> list[str]:
    return text.split("\n")


def test_every_label_is_read() -> None:
    lines = _lines(PLAIN)
    items = items_of(lines)
    assert_books_balance(lines, items)
    assert survey(lines).dialect == "labelled"
    assert survey(lines).topic == "Harbours and canals"
    topic, first, second = items
    assert isinstance(topic, Topic)
    assert (topic.text, topic.line) == ("Harbours and canals", 1)
    assert isinstance(first, Entry)
    assert isinstance(second, Entry)
    read = entry_as_json(first)
    assert read["lines"] == [3, 10]
    assert read["kicker"] == "From the harbour papers"
    assert read["headline"] == "The bar: what it cost"
    assert read["subtitle"] == "A reckoning"
    assert (read["part_label"], read["part_number"]) == ("Part two", 2)
    assert read["byline"] == "Orla Quill and Ida Meer"
    assert [credit["name"] for credit in read["authors"]] == ["Orla Quill", "Ida Meer"]
    assert read["published_on"] == "2030-05-09"
    assert read["standfirst"] == "The board met twice before noon.\nIt settled nothing."
    assert not {"tags", "series", "language", "source_url", "key", "volume"} & set(read)
    read = entry_as_json(second)
    assert [(c["name"], c["kind"], c["role"]) for c in read["authors"]] == [
        ("Orla Quill", "person", "aut"),
        ("Ida Meer", "person", "trl"),
        ("our correspondents", "collective", "aut"),
        ("Pilots", "organisation", "aut"),
    ]
    assert read["published_on"] == "2030-05"
    assert read["series"] == [
        {"title": "Quay notes", "kind": "column", "part_number": None},
        {"title": "The bar", "kind": "serial", "part_number": 2},
    ]
    assert read["tags"] == ["Ferries", "Tolls"]
    assert (read["language"], read["key"]) == ("en", "0123abcd")
    assert read["source_url"] == "https://archive.example/ferry"


@pytest.mark.parametrize(
    "text",
    [
        "TITEL: Fähre sinkt\nAutor: Orla Quill\nDatum: 9. Mai 2030\nVorspann: Um acht.",
        "Titre : Le bac\nAuteur : Orla Quill\nDate : 9 mai 2030\nChapô : À huit heures.",
        "Título: El bote\nPor: Orla Quill\nFecha: 9 de mayo de 2030\nEntradilla: A las ocho.",
        "Titolo: La barca\nDi: Orla Quill\nData: 9 maggio 2030\nSommario: Alle otto.",
        "Título: O barco\nAutora: Orla Quill\nData: 9 de maio de 2030\nResumo: Às oito.",
        "Заголовок: Паром\nАвтор: Orla Quill\nДата: 9 мая 2030 г.\nАннотация: В восемь.",
        "title: Ferry\nBy: Orla Quill\nPublished: May 9, 2030\nSummary: At eight.",
    ],
)
def test_labels_are_read_in_seven_languages(text: str) -> None:
    (entry,) = entries_of(_lines(text))
    assert (entry.byline, entry.published_on) == ("Orla Quill", "2030-05-09")
    assert entry.headline
    assert entry.standfirst
    assert codes_of(entry) == []


def test_entries_without_blank_lines_are_parted_by_the_repeated_label() -> None:
    text = "Title: A\nDate: 2030\nTitle: B\nDate: 2029\nKicker: K\nTitle: C\nDate: 2028"
    assert [(e.kicker, e.headline) for e in entries_of(_lines(text))] == [
        (None, "A"),
        (None, "B"),
        ("K", "C"),
    ]


def test_blank_lines_between_fields_part_no_entries() -> None:
    text = "Title: A\n\nDate: 2030\n\nTitle: B\n\nDate: 2029"
    assert [(e.headline, e.published_on) for e in entries_of(_lines(text))] == [
        ("A", "2030"),
        ("B", "2029"),
    ]


def test_what_is_doubtful_is_said() -> None:
    text = """\
Title: A
Date: sometime
Key: not a key

Title: B
Title: C

Title: D
Date: 2030-01-01
Date: 2030-01-02
And a line of prose that nobody labelled.

Title: E
Date: Monday, 9 May 2030

Foo: bar
"""
    lines = _lines(text)
    assert_books_balance(lines, items_of(lines))
    assert [codes_of(entry) for entry in entries_of(lines)] == [
        ["date-unreadable", "key-unreadable"],
        ["date-missing"],
        ["date-missing"],
        ["label-twice", "unlabelled-line"],
        ["weekday-differs"],
    ]
    assert unclaimed_of(lines) == [16]


def test_fields_without_a_headline_are_no_entry() -> None:
    lines = _lines("Title: A\nDate: 2030\n\nDate: 2031\nTags: x\n\nTitle: B\nDate: 2029")
    assert [entry.headline for entry in entries_of(lines)] == ["A", "B"]
    assert unclaimed_of(lines) == [4, 5]


@pytest.mark.parametrize(
    ("dates", "read"),
    [
        (["13/4/2030", "3/4/2030"], ["2030-04-13", "2030-04-03"]),
        (["4/13/2030", "4/3/2030"], ["2030-04-13", "2030-04-03"]),
        (["Wed, 3/4/2030", "5/6/2030"], ["2030-04-03", "2030-06-05"]),
        (["3/4/2030", "5/6/2030"], ["2030", "2030"]),
        (["13/4/2030", "4/13/2030", "3/4/2030"], ["2030-04-13", "2030-04-13", "2030"]),
        (["3/4/2030", "4/4/2030"], ["2030", "2030-04-04"]),
        (["3.4.2030"], ["2030-04-03"]),
    ],
)
def test_figures_are_read_in_the_order_of_the_file(dates: list[str], read: list[str]) -> None:
    text = "\n\n".join(f"Title: A\nDate: {date}" for date in dates)
    entries = entries_of(_lines(text))
    assert [entry.published_on for entry in entries] == read
    for entry in entries:
        doubtful = entry.published_on == "2030"
        assert ("date-order-unknown" in codes_of(entry)) is doubtful
        if doubtful:
            (remark,) = (d for d in entry.diagnostics if d.code == "date-order-unknown")
            assert len(remark.alternatives) == 2


def test_the_run_of_dates_tells_their_order() -> None:
    # Rising month by month when the month stands first; up and down when the day does.
    dates = ["1/9/2030", "2/3/2030", "3/8/2030", "4/2/2030", "5/7/2030", "6/1/2030"]
    entries = entries_of(_lines("\n\n".join(f"Title: A\nDate: {date}" for date in dates)))
    assert [entry.published_on for entry in entries][:2] == ["2030-01-09", "2030-02-03"]


_TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(list(" \t\n;:().\\u{}-\u00a0\u2028\x85\x00\ud800\ufeff")),
    ),
    min_size=1,
    max_size=40,
) | st.sampled_from(["\\u{41}", "\\u{5c}u{41}", "...", "\n.\n", "A (author)", "A (serial)"])
_LINE = _TEXT.map(lambda text: text.replace("\n", " ")).filter(str.strip)
_BLOCK = _TEXT.filter(str.strip)
_CREDIT = st.fixed_dictionaries(
    {
        "name": _LINE,
        "kind": st.sampled_from(["person", "collective", "organisation"]),
        "role": st.sampled_from(["aut", "trl", "edt", "ill", "pht", "ivr", "ive", "ctb", "aui"]),
    }
)
_SERIES = st.fixed_dictionaries(
    {
        "title": _LINE,
        "kind": st.sampled_from(["serial", "column"]),
        "part_number": st.none() | st.integers(0, 999),
    }
)
_DATE = st.one_of(
    st.none(),
    st.dates().map(str),
    st.dates().map(lambda date: str(date)[:7]),
    st.integers(1000, 2999).map(str),
).filter(lambda date: date is None or date[0] in "12")
_VALUES = st.fixed_dictionaries(
    {
        "kicker": st.none() | _LINE,
        "headline": _LINE,
        "subtitle": st.none() | _LINE,
        "part_label": st.none() | _LINE | st.sampled_from(["Part two", "Part IV: Ice", "3"]),
        "part_number": st.none() | st.integers(0, 999),
        "byline": st.none() | _LINE,
        "authors": st.lists(_CREDIT, max_size=3),
        "published_on": _DATE,
        "standfirst": st.none() | _BLOCK,
    },
    optional={
        "tags": st.lists(_LINE, max_size=3),
        "series": st.lists(_SERIES, max_size=3),
        "language": st.sampled_from(["en", "pt-BR"]),
        "source_url": st.just("https://archive.example/a?b=c;d"),
        "key": st.just("0123abcd"),
        "publication": _LINE,
        "volume": _LINE,
        "issue": _LINE,
        "pages": _LINE,
    },
)


@pytest.mark.thorough
@settings(max_examples=times(300), deadline=None)
@given(st.none() | _LINE, st.lists(_VALUES, min_size=1, max_size=4))
def test_what_is_written_is_read_back_equal(
    topic: str | None, entries: list[dict[str, Any]]
) -> None:
    lines = write_topic(topic) if topic else []
    for values in entries:
        lines += [*write_entry(values), ""]
    assert "\n".join(lines).splitlines() == "\n".join(lines).removesuffix("\n").split("\n")
    knowledge = survey(lines)
    assert (knowledge.dialect, knowledge.topic) == ("labelled", topic)
    items = list(parse(lines, knowledge))
    assert_books_balance(lines, items)
    read = [entry_as_json(item) for item in items if isinstance(item, Entry)]
    for values in read:
        for name in ("lines", "confidence", "diagnostics"):
            del values[name]
    assert read == entries


def test_a_part_number_is_written_only_where_the_label_does_not_give_it() -> None:
    assert label_number("Part two") == 2
    assert write_entry({"headline": "A", "part_label": "Part two", "part_number": 2}) == [
        "Headline: A",
        "Part: Part two",
    ]


def test_an_entry_without_a_headline_is_not_written() -> None:
    with pytest.raises(ValueError, match="headline"):
        write_entry({"standfirst": "Text."})
