"""Lines whose elements are joined without a sign are cut where the file has a habit of it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.listing.credit_joins import credit_joins
from articles.listing.joins import Glue, glue_of
from articles.listing.parser import parse, survey
from articles.listing.records import Entry, Span, SpanRole, Unclaimed
from articles.listing.ungluing import Unglued, whole_line
from tests.listing.helpers import (
    STANDFIRST,
    assert_books_balance,
    codes_of,
    entries_of,
    items_of,
    roles_of,
)
from tests.listing.scoring import names, score
from tests.thorough import times

CARDS = [
    "The Ferryside Post",
    "",
    "HarboursFerry sinks off VellBy Orla QuillMay 9, 2030",
    STANDFIRST,
    "SchoolsThe bell is back, finallyBy Ida MeerMay 7, 2030",
    "HarboursWho owns the fog horn?By Orla Quill and Ida MeerMay 4, 2030",
    STANDFIRST,
    "SchoolsA desk for everyoneBy Ida MeerMay 1, 2030",
]


def _listing(headlines: Sequence[str]) -> list[str]:
    lines = []
    for day, headline in enumerate(headlines):
        lines += [headline, f"By Orla Quill, {28 - day} May 2030", STANDFIRST, ""]
    return lines


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ferry sinksBy Orla QuillMay 9, 2030", ["Ferry sinks", "By Orla Quill", "May 9, 2030"]),
        ("Route 6?By Orla Quill9 May 2030", ["Route 6?", "By Orla Quill", "9 May 2030"]),
        ("Le pontPar Orla Quill1er mai 2030", ["Le pont", "Par Orla Quill", "1er mai 2030"]),
        ("МостАвтор: Вера Осокина9 мая 2030", ["Мост", "Автор: Вера Осокина", "9 мая 2030"]),
        ("Niemand war da.09.05.2030", ["Niemand war da.", "09.05.2030"]),
        ("Niemand war da.Mittwoch, 9. Mai 2030", ["Niemand war da.", "Mittwoch, 9. Mai 2030"]),
        ("ORLA QUILL2030-05-09", ["ORLA QUILL", "2030-05-09"]),
        ("By Orla QuillMay 9, 2030 5:12 pm", ["By Orla Quill", "May 9, 2030 5:12 pm"]),
        ("9 maggio 2030“Non suono più”", ["9 maggio 2030", "“Non suono più”"]),
        ("2030-05-09T10:00:00ZFerry sinks", ["2030-05-09T10:00:00Z", "Ferry sinks"]),
        ("Posted on May 9, 2030May 11, 2030", ["Posted on May 9, 2030", "May 11, 2030"]),
        ("9.5.203011.5.2030", ["9.5.2030", "11.5.2030"]),
        ("Orla Quill3 min read", ["Orla Quill", "3 min read"]),
    ],
)
def test_joins_are_told_by_their_kind(text: str, parts: list[str]) -> None:
    places = [0, *[join.place for join in credit_joins(text)], len(text)]
    assert [text[a:b] for a, b in pairwise(places)] == parts


@pytest.mark.parametrize(
    "text",
    [
        "G20 May 2030 summit",
        "What the board said at U2 May 2030",
        "COVID-19 May 2030",
        "Vol.12 May 2030",
        "p.9.5.2030",
        "2030-05-09T10:00:00Z",
        "By Orla Quill, 9 May 2030",
        "StandBy me",
        "“3 May 2030“ on the wall",
        "The band Deep Purple, May 9, 2030",
        "In QuillMay 9, 2030 was a Thursday",
        "Orla Quill3 miners",
        "a\tFerry sinksBy Orla Quill",
    ],
)
def test_what_only_looks_joined_is_not_cut(text: str) -> None:
    assert credit_joins(text) == []


def test_cards_in_one_line_are_read_and_given_back_in_their_lines() -> None:
    entries = entries_of(CARDS)
    assert [(e.kicker, e.headline, e.byline, e.published_on) for e in entries] == [
        ("Harbours", "Ferry sinks off Vell", "Orla Quill", "2030-05-09"),
        ("Schools", "The bell is back, finally", "Ida Meer", "2030-05-07"),
        ("Harbours", "Who owns the fog horn?", "Orla Quill and Ida Meer", "2030-05-04"),
        ("Schools", "A desk for everyone", "Ida Meer", "2030-05-01"),
    ]
    assert [(entry.first_line, entry.last_line) for entry in entries] == [
        (3, 4), (5, 5), (6, 7), (8, 8),
    ]  # fmt: skip
    assert entries[0].text == "\n".join(CARDS[2:4])
    assert not any(entry.diagnostics for entry in entries)
    assert roles_of(entries[1], CARDS) == [
        ("kicker", "Schools"),
        ("headline", "The bell is back, finally"),
        ("punctuation", "By "),
        ("byline", "Ida Meer"),
        ("date", "May 7, 2030"),
    ]


def test_the_survey_counts_the_lines_of_the_file() -> None:
    knowledge = survey(iter(CARDS))
    assert (knowledge.lines, knowledge.topic, knowledge.topic_line) == (8, CARDS[0], 1)
    assert knowledge == survey(CARDS)
    below = ["Menu3 min read", "The Ferryside Post", ""]
    for day in (9, 7, 5):
        below += [f"Ferry {day} sinks off Vell", f"{day} May 2030", "Orla Quill3 min read", ""]
    knowledge = survey(below)
    assert (knowledge.topic, knowledge.topic_line) == (below[1], 2)


def test_every_character_is_accounted_for_whatever_stands_around() -> None:
    for change in ("  {}  ", "{}\u00a0", "> {}", "* {}", "## {}", "{} |"):
        lines = [change.format(line) if line else line for line in CARDS]
        assert_books_balance(lines, items_of(lines))


def test_a_survey_of_another_file_does_no_harm() -> None:
    knowledge = survey(CARDS)
    for lines in (_listing(["Ferry sinks"]), ["", "  ", "x"], [], ["aB1 May 2030C" * 60]):
        assert_books_balance(lines, list(parse(lines, knowledge)))


def test_the_later_of_two_dates_is_that_of_a_change() -> None:
    lines = []
    for day in (9, 7, 5, 3):
        lines += [
            f"Ferry {day} sinks off Vell",
            f"Posted on May {day}, 2030May {day + 1}, 2030",
            STANDFIRST,
            "",
        ]
    lines[1] = "Posted on May 11, 2030May 9, 2030"
    entries = entries_of(lines)
    assert [entry.published_on for entry in entries] == [
        "2030-05-09", "2030-05-07", "2030-05-05", "2030-05-03",
    ]  # fmt: skip
    assert ("furniture", "May 8, 2030") in roles_of(entries[1], lines)


def test_a_section_that_comes_once_is_cut_with_a_doubt() -> None:
    lines = [*CARDS, "GardensEleven pears on one treeBy Orla QuillApril 30, 2030"]
    last = entries_of(lines)[-1]
    assert (last.kicker, last.headline) == ("Gardens", "Eleven pears on one tree")
    assert "inline-kicker" in codes_of(last)


def test_sections_of_some_entries_are_cut_with_a_doubt_unless_they_are_known() -> None:
    heads = ["Quaysiderowers sail", "Board debates toll", "Lamps out", "Wax sold", "Quay shut"]
    for section, doubted in (("Quayside", True), ("Sport", False)):
        joined = [section + text for text in ("Rowers sail", "Oars break", "Bowls club digs")]
        entries = entries_of(_listing([*joined, *heads]))
        assert [entry.kicker for entry in entries[:4]] == [section] * 3 + [None]
        assert ["inline-kicker" in codes_of(entry) for entry in entries[:3]] == [doubted] * 3


def test_two_sections_are_not_cut_into_section_and_headline() -> None:
    lines = []
    for day, head in enumerate(("ReviewsFilm", "ReviewsBooks", "FeaturesFilm", "FeaturesBooks")):
        lines += [head, f"Ferry {day} sinks off Vell", "By Orla Quill", f"{9 - day} May 2030", ""]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == [f"Ferry {x} sinks off Vell" for x in range(4)]
    assert all(codes_of(entry).count("inline-kicker") == 1 for entry in entries)


NAMES = (
    "McGeever wins again", "LinkedIn buys a lighthouse", "YouTube loses the ferry",
    "WikiLeaks moves out", "WikiLeaks moves in", "DeVries paints the pier", "GmbH law explained",
    "iPhone found in harbour", "COVID-19 closes the quay", "McDonald resigns", "LeMonde closes",
    "MacDonald returns", "MacGregor leaves", "eBay sells the pier", "Gazeta.Ru is read aloud",
    "LehrerInnen streiken", "LehrerInnen kehren zurück", "BürgerInnen zahlen",
)  # fmt: skip


def test_names_with_capitals_inside_are_never_cut() -> None:
    joined = [f"{name}By Orla QuillMay {28 - day}, 2030" for day, name in enumerate(NAMES)]
    assert glue_of(_listing(NAMES)) == Glue()
    assert [entry.headline for entry in entries_of(_listing(NAMES))] == list(NAMES)
    assert glue_of(joined).kinds == {"by", "behind"}
    assert [entry.headline for entry in entries_of(joined)] == list(NAMES)


@pytest.mark.parametrize(
    "heads",
    [
        ("PowerPoint is back", "PowerShell moves out", "PowerBank found"),
        ("FitzGerald resigns", "FitzRoy returns", "FitzWilliam sails"),
        ("LehrerInnen streiken", "LehrerInnen, die singen", "LehrerInnen-Chor tagt"),
        ("Orla QuillinThe Fen Review", "Orla QuillinA Quiet Quay", "Orla QuillinVell Today"),
    ],
)
def test_first_halves_of_known_names_are_no_sections(heads: tuple[str, ...]) -> None:
    assert glue_of(_listing(heads)) == Glue()


def test_a_kind_of_join_that_few_lines_have_is_no_habit() -> None:
    joined = [f"By Orla QuillMay {day}, 2030" for day in (9, 8, 7)]
    apart = [f"By Orla Quill, May {day}, 2030" for day in (6, 5, 4, 3)]
    assert glue_of([*joined, *apart]) == Glue()
    assert glue_of([*joined, *apart[1:]]).kinds == {"behind"}
    assert glue_of(joined[1:]) == Glue()


def test_first_halves_that_come_again_in_few_entries_stay_with_a_doubt() -> None:
    heads = ["DeepMind plays chess", "DeepL speaks Welsh"]
    entries = entries_of(_listing([*heads, *[f"Ferry {n} sinks" for n in range(12)]]))
    assert [entry.headline for entry in entries[:2]] == heads
    assert [codes_of(entry) for entry in entries[:3]] == [["inline-kicker"], ["inline-kicker"], []]


@pytest.mark.parametrize(
    ("headline", "code"),
    [
        ("The town that bought itselfBy Ida MeerMay 3, 2030", "headline-holds-more"),
        ("The town that bought itselfBy Ida Meer", "headline-holds-more"),
        ("The town that bought itself3 May 2030", "headline-holds-more"),
        ("CultureThe town that bought itself", "inline-kicker"),
    ],
)
@pytest.mark.parametrize("credit", ["By Orla Quill, {} May 2030", "Orla Quill | {} May 2030"])
def test_a_single_joined_line_stays_whole_and_says_so(
    headline: str, code: str, credit: str
) -> None:
    lines = []
    for day, text in enumerate(["Ferry sinks", "Toll debated", headline, "Eels return", "Wax out"]):
        lines += [text, credit.format(28 - day), STANDFIRST, ""]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries if code in codes_of(entry)] == [headline]
    assert codes_of(entries[2]).count(code) == 1


def test_no_entry_begins_inside_a_line() -> None:
    # Read alone, each date would rather end the entry above it.
    lines = [
        x
        for day in range(9, 1, -1)
        for x in (f"{day} May 2030Ferry {day} sinks off Vell", "The board met twice before noon.")
    ]
    entries = entries_of(lines)
    assert [entry.published_on for entry in entries] == [f"2030-05-0{d}" for d in range(9, 1, -1)]
    assert [entry.first_line for entry in entries] == list(range(1, 17, 2))


def test_parts_of_one_line_that_no_entry_takes_are_one_line() -> None:
    lines = ["NewsSomething, somewhereBy Orla Quill", "x"]
    unglued = Unglued(Glue(frozenset({"by", "section"}), frozenset({"news"})))
    shown = list(unglued.split(lines))
    assert shown == ["News", "Something, somewhere", "By Orla Quill", "x"]
    item = next(item for item in items_of(["x"]) if isinstance(item, Unclaimed))
    items = [
        Unclaimed(number, text, "", item.span._replace(line=number, end=len(text)))
        for number, text in enumerate(shown, 1)
    ]
    back = list(unglued.give_back(items))
    assert [(each.line, each.text) for each in back if isinstance(each, Unclaimed)] == [
        (1, lines[0]), (2, "x"),
    ]  # fmt: skip
    assert_books_balance(lines, back)


def test_a_field_that_was_cut_all_the_same_is_one_field_again() -> None:
    lines = ["Ferry sinks", "NewsSomething, somewhere.", "1 May 2030"]
    glue = Glue(frozenset({"section"}), frozenset({"news"}))
    shown = list(Unglued(glue).split(lines))
    entry = entries_of(["Ferry sinks", "1 May 2030"])[0]
    roles: tuple[SpanRole, ...] = ("headline", "standfirst", "standfirst", "date")
    spans = tuple(
        Span(number, 0, len(text), role, 0)
        for number, (text, role) in enumerate(zip(shown, roles, strict=True), 1)
    )
    read = entry._replace(spans=spans, last_line=4, standfirst="News\nSomething, somewhere.")
    unglued = Unglued(glue)
    assert list(unglued.split(lines)) == shown
    back = next(item for item in unglued.give_back([read]) if isinstance(item, Entry))
    assert (back.standfirst, back.last_line, back.text) == (lines[1], 3, "\n".join(lines))
    assert [(span.line, span.role) for span in back.spans] == [
        (1, "headline"), (2, "standfirst"), (3, "date"),
    ]  # fmt: skip
    assert [whole_line(glue, lines, number) for number in (1, 2, 3, 4)] == [1, 2, 2, 3]


@pytest.mark.parametrize(
    "path",
    [path for path in names("shapes") if path.stem.startswith("glued")],
    ids=lambda p: p.stem,
)
def test_each_entry_of_a_joined_listing_is_read_whole(path: Path) -> None:
    found = score(path)
    assert (found.whole, found.invented, found.undoubted) == (found.entries, 0, 0)


_ELEMENTS = st.sampled_from(
    [
        "Harbours", "Schools", "Ferry sinks", "“Wax”", "By Orla Quill", "Von Ida Meer", "Ida Meer",
        "May 9, 2030", "9 May 2030", "09.05.2030", "2030-05-09", "3 min read", "Read more", " ",
        STANDFIRST, "\t", ". ", "McGeever", "LehrerInnen", "2030", "\u0301", "ß", "—", "Part 2", "",
    ]
)  # fmt: skip
_JOINED = st.lists(st.lists(_ELEMENTS, max_size=5).map("".join), max_size=24)


@pytest.mark.thorough
@settings(max_examples=times(150), deadline=None)
@given(_JOINED)
def test_spans_give_back_every_line_of_any_joined_elements(lines: list[str]) -> None:
    items = items_of(lines)
    assert_books_balance(lines, items)
    end = 0
    for entry in (item for item in items if isinstance(item, Entry)):
        assert end < entry.first_line <= entry.last_line <= len(lines)
        end = entry.last_line
        assert entry.text == "\n".join(lines[entry.first_line - 1 : entry.last_line])


@pytest.mark.thorough
@settings(max_examples=times(100), deadline=None)
@given(_JOINED, st.sets(st.sampled_from(["by", "behind", "before", "twice", "count", "section"])))
def test_spans_give_back_every_line_whatever_the_habit(lines: list[str], kinds: set[str]) -> None:
    glue = Glue(frozenset(kinds), frozenset({"harbours"}), frozenset({frozenset()}))
    unglued = Unglued(glue)
    knowledge = replace(survey(Unglued(glue).split(lines)), glue=None)
    assert_books_balance(lines, list(unglued.give_back(parse(unglued.split(lines), knowledge))))
