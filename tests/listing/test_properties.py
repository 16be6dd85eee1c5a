"""What holds for any text at all."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.listing.bylines import parse_byline
from articles.listing.parser import dialect_names, entry_as_json, parse, survey
from articles.listing.records import Entry
from tests.listing.helpers import assert_books_balance
from tests.thorough import times

_PIECES = st.sampled_from(
    [
        "",
        " ",
        "\u00a0",
        "Harbours",
        "Ferry sinks",
        "Quay notes: Wax",
        "Quay notes: Twine",
        "Quay notes",
        "The bar (Part II)",
        "Part one",
        "Part 2: Sand",
        "(Part III)",
        "Volume I: The sluice",
        "A standfirst that says what happened on the quay, and why it did.",
        "By Orla Quill, 9 May 2030",
        "By our correspondents, 8 May 2030",
        "By Orla Quill",
        "By , 7 May 2030",
        "By",
        "6 May 2030",
        "31 April 2030",
        "May 2030",
        "May 1968",
        "2030",
        "230 Smale",
        "* * *",
        "“",
        "\x00",
        "\ud800",
        "a\u2028b",
        "a\nb",
        "July 4, 2019",
        "7/4/19",
        "Mira Oldcastle · 13 September 2022 · 4 min read",
        "Leopold Ardmore | The Vell Courier | January 2020",
        "Von Orla Quill, 3. März 2021",
        "Автор: Вера Осокина, 14 марта 2018 г.",
        "3 May 2020The pumps started at noon.",
        "By Orla Quill29 August 2022The engineers asked for novels.",
        "The glassblowers go back (8 December 2018)",
        "POLITICS Ministers move out",
        "EssaysOn wet ink",
        "HarboursFerry sinks off VellBy Orla QuillMay 9, 2030",
        "HarboursThe bar reopensBy Ida MeerMay 7, 2030",
        "Posted on May 9, 2030May 11, 2030",
        "Read more",
        "Home > News > Ferries",
        "No. 12, Spring 2019",
        "Title: Ferry",
        "Date: 9 May 2030",
        "  indented",
    ]
)
# Characters of every category, lone surrogates included: the parser must not choke on any str.
_ANYTHING = st.text(st.characters(), max_size=60)
_LINES = st.lists(
    st.one_of(_PIECES, _ANYTHING, st.builds("{}{}".format, _PIECES, _ANYTHING)), max_size=40
)


@pytest.mark.thorough
@settings(max_examples=times(400), deadline=None)
@given(_LINES)
def test_spans_give_back_every_line_of_any_text(lines: list[str]) -> None:
    assert_books_balance(lines, list(parse(lines, survey(lines))))


@pytest.mark.thorough
@settings(max_examples=times(400), deadline=None)
@given(_LINES, st.sampled_from(dialect_names()))
def test_spans_give_back_every_line_in_any_dialect(lines: list[str], dialect: str) -> None:
    assert_books_balance(lines, list(parse(lines, survey(lines, dialect))))


@pytest.mark.thorough
@settings(max_examples=times(400), deadline=None)
@example(
    ["Ferry sinks", "Ferry sinks", "a\nb", "00000 Þ", "00000 Þ", "Ferry sinks:", "(Part III)"], None
)
@given(_LINES, st.none() | st.sampled_from(dialect_names()))
def test_entries_of_any_text_are_well_formed(lines: list[str], dialect: str | None) -> None:
    entries = [item for item in parse(lines, survey(lines, dialect)) if isinstance(item, Entry)]
    assert [entry.ordinal for entry in entries] == list(range(len(entries)))
    end = 0
    for entry in entries:
        assert end < entry.first_line <= entry.last_line <= len(lines)
        end = entry.last_line
        assert entry.text == "\n".join(lines[entry.first_line - 1 : entry.last_line])
        assert entry.headline.strip() == entry.headline != ""
        assert 0.0 <= entry.confidence <= 1.0
        fields = [entry.kicker, entry.subtitle, entry.part_label, entry.byline, entry.standfirst]
        assert all(value is None or value.strip() for value in fields)
        assert entry_as_json(entry)["lines"] == [entry.first_line, entry.last_line]
        for span in entry.spans:
            assert span.entry in (entry.ordinal, None)
            assert entry.first_line <= span.line <= entry.last_line


@pytest.mark.thorough
@settings(max_examples=times(200), deadline=None)
@given(_LINES)
def test_items_come_in_file_order_and_parsing_is_repeatable(lines: list[str]) -> None:
    knowledge = survey(lines)
    assert survey(iter(lines)) == knowledge
    once, again = list(parse(lines, knowledge)), list(parse(iter(lines), knowledge))
    assert once == again


@pytest.mark.thorough
@settings(max_examples=times(200), deadline=None)
@given(_ANYTHING)
def test_any_byline_is_read(text: str) -> None:
    for credit in parse_byline(text):
        assert credit.name.strip()
        assert credit.kind in ("person", "collective", "organisation")
