"""Pages as a browser copies them: what their themes put around each entry; all invented."""

import pytest

from articles.listing.blocks import Block, ReadLine
from articles.listing.bylines import read_byline
from articles.listing.date_ends import against
from articles.listing.furniture import is_furniture, more_behind
from articles.listing.layouts import Dialect
from articles.listing.leads import leads_to
from articles.listing.lineforms import Context
from articles.listing.trials import Trials
from tests.listing.helpers import assert_books_balance, entries_of, items_of

_ENTRIES = (
    ("The bar that closed at noon", "The board met twice and settled nothing.", "Orla Quill"),
    ("Who counts the lamps?", "A ledger of 1911 says eleven, and nobody believes it.", "Ida Meer"),
    ("Nets on the east quay", "Three crews share one loft and no ladder.", "Rolf Tamm"),
    ("Eleven ways to fold a chart", "Ten of them are wrong at sea.", "Orla Quill"),
    ("A letter to the harbour board", "It asks for a bench, and says why.", "Bea Holm"),
    ("The ferry that stayed", "It was sold twice and never left.", "Ida Meer"),
    ("Salt, and what came after", "The last pan is a museum now.", "Rolf Tamm"),
)


def _dates(form: str = "May {}, 2019") -> list[str]:
    return [form.format(28 - 3 * place) for place in range(len(_ENTRIES))]


@pytest.mark.parametrize("way", ["Continue reading →", "Read More »", "Read more", "[…] Read on"])
def test_the_way_to_the_whole_text_is_no_part_of_the_standfirst(way: str) -> None:
    lines = []
    for (headline, text, name), date in zip(_ENTRIES, _dates(), strict=True):
        lines += [headline, f"Posted on {date} by {name}", f"{text} {way}", ""]
    found = [entry.standfirst for entry in entries_of(lines)]
    cut = " […]" if way.startswith("[") else ""
    assert found == [text + cut for _, text, _ in _ENTRIES]


@pytest.mark.parametrize(
    "text",
    ["What happened in Vell? Read more about the pumps than you wished to know.",
     "He was asked to go. Free"],
)  # fmt: skip
def test_a_sentence_about_reading_is_no_way_to_the_text(text: str) -> None:
    assert more_behind(text, 0, len(text)) is None


@pytest.mark.parametrize(
    "line",
    ["Email ThisBlogThis!Share to XShare to FacebookShare to Pinterest", "Labels: salt, tides",
     "Category Archives: Harbours"],
)  # fmt: skip
def test_lines_of_blogs_are_of_the_page(line: str) -> None:
    assert is_furniture(line)


def test_an_editor_in_chief_is_no_second_name() -> None:
    credits = read_byline("Orla Quill, Editor-in-Chief").credits
    assert [credit.name for credit in credits] == ["Orla Quill"]


def test_a_file_that_ends_with_a_date_has_it_below_its_texts() -> None:
    lines = []
    for (headline, text, _), date in zip(_ENTRIES, _dates("Sun, {} May 2019"), strict=True):
        lines += [headline, "", text, "", "#salt #tides", date, "41 notes", "Reblog", ""]
    found = [(entry.headline, entry.published_on) for entry in entries_of(lines)]
    assert found == [
        (headline, f"2019-05-{28 - 3 * place:02}")
        for place, (headline, _, _) in enumerate(_ENTRIES)
    ]


def test_a_reading_time_above_the_headline_ends_no_entry() -> None:
    lines = []
    for place, ((headline, text, name), date) in enumerate(zip(_ENTRIES, _dates(), strict=True)):
        lines += [name, date, f"{3 + place % 4} min read", headline, text, f"{41 + place} views",
                  f"{place} comments", "Post not marked as liked", ""]  # fmt: skip
    found = [(entry.headline, entry.byline, entry.standfirst) for entry in entries_of(lines)]
    assert found == [(headline, name, text) for headline, text, name in _ENTRIES]


def test_labels_stand_above_their_values() -> None:
    lines = []
    for (headline, text, name), date in zip(_ENTRIES, _dates(), strict=True):
        lines += [headline, text, "", "Posted on", date, "Author", name, "Categories", "Harbours",
                  "Tags", "salt, tides", f"Leave a comment on {headline}", ""]  # fmt: skip
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == [headline for headline, _, _ in _ENTRIES]
    assert [entry.byline for entry in entries] == [name for _, _, name in _ENTRIES]
    assert [entry.published_on for entry in entries][:2] == ["2019-05-28", "2019-05-25"]


def test_by_on_a_line_of_its_own_leads_to_a_name() -> None:
    lines = []
    for place, ((headline, text, name), date) in enumerate(zip(_ENTRIES, _dates(), strict=True)):
        section = ("Harbours", "Letters")[place % 2]
        lines += [headline, date, "—", "by", name, "in", section, "", text, ""]
    found = [(entry.byline, entry.standfirst) for entry in entries_of(lines)]
    assert found == [(name, text) for _, text, name in _ENTRIES]


@pytest.mark.parametrize(
    ("above", "text", "is_value"),
    [("by", "Orla Quill", True), ("By", "the time it rained", False), ("Date", "3 May 2019", True),
     ("Author", "3 May 2019", False), ("Posted on", "The quay", False), ("", "Orla Quill", False)],
)  # fmt: skip
def test_what_words_lead_to(above: str, text: str, is_value: bool) -> None:
    assert leads_to(above, text) is is_value


@pytest.mark.parametrize(
    "line",
    ["View", "Cite this item", "Read the full statement", "fen-review.org · 4 min",
     "The quay at dawn. Photo: Bea Holm/Fen Pictures",
     "PRINT EDITION The Bar That Closed|May 29, 2019, Page A3", "newsroom@fen-college.org",
     "555-010-2210", "Tel. +44 1632 960001"],
)  # fmt: skip
def test_buttons_captions_and_addresses_are_of_the_page(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    ["Details of a wreck", "A view from the quay", "A photo by nobody", "Fen-review.org is sold",
     "2019-05-28", "28.05.2019", "Print edition ends in May", "Pictures: what are they for?"],
)  # fmt: skip
def test_headlines_like_these_are_none_of_the_page(line: str) -> None:
    assert not is_furniture(line)


def test_an_address_does_not_go_on_with_a_headline() -> None:
    lines = ["Saved", ""]
    for (headline, text, _), date in zip(_ENTRIES, _dates(), strict=True):
        lines += [headline, text, "fen-review.org · 4 min", date, "Add tags", ""]
    found = [(entry.headline, entry.standfirst) for entry in entries_of(lines)]
    assert found == [(headline, text) for headline, text, _ in _ENTRIES]


def test_a_byline_that_comes_again_in_the_next_entry_is_no_echo() -> None:
    lines = []
    for (headline, text, _), date in zip(_ENTRIES, _dates(), strict=True):
        lines += [headline, "Details", "Written by Orla Quill", f"Published: {date}", text,
                  f"Read more: {headline}", ""]  # fmt: skip
    assert [entry.byline for entry in entries_of(lines)] == ["Orla Quill"] * len(_ENTRIES)


def test_rows_that_stand_twice_above_a_headline_are_read_once() -> None:
    lines = ["Journal", ""]
    for place, ((headline, text, name), date) in enumerate(
        zip(_ENTRIES, _dates("5/{}/19"), strict=True)
    ):
        row = [("Harbours", "Letters", "Ferries")[place % 3], name, date]
        lines += [*row, *row, "", headline, text, "Read More", ""]
    entries = entries_of(lines)
    found = [(entry.headline, entry.byline, entry.published_on) for entry in entries]
    assert found[:2] == [
        ("The bar that closed at noon", "Orla Quill", "2019-05-28"),
        ("Who counts the lamps?", "Ida Meer", "2019-05-25"),
    ]
    assert len(entries) == len(_ENTRIES)


def test_the_name_of_a_picture_above_a_kicker_is_no_headline() -> None:
    lines = ["Latest", ""]
    for place, ((headline, text, name), date) in enumerate(zip(_ENTRIES, _dates(), strict=True)):
        section = ("HARBOURS", "LETTERS")[place % 2]
        lines += [headline, section, headline, text, name, date, "4 min read", ""]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == [headline for headline, _, _ in _ENTRIES]
    assert [entry.kicker for entry in entries][:2] == ["HARBOURS", "LETTERS"]
    assert [entry.standfirst for entry in entries] == [text for _, text, _ in _ENTRIES]


def test_an_entry_without_its_date_at_the_end_has_it_above() -> None:
    lines = ["Latest", "Search", ""]
    for (headline, text, name), date in zip(_ENTRIES, _dates(), strict=True):
        lines += [date, "", headline, text, f"By {name}", ""]
    found = [(entry.headline, entry.published_on) for entry in entries_of(lines)]
    assert found[0] == ("The bar that closed at noon", "2019-05-28")
    assert len(found) == len(_ENTRIES)


def test_a_paper_below_each_headline_is_no_subtitle_without_a_doubt() -> None:
    lines = []
    for place, ((headline, text, _), date) in enumerate(zip(_ENTRIES, _dates(), strict=True)):
        paper = ("Fen Review", "Salt & Sail", "The Vell Courier")[place % 3]
        lines += [headline, paper, date, *([text] if place % 3 else []), ""]
    entries = entries_of(lines)
    assert len(entries) == len(_ENTRIES)
    assert all(entry.subtitle is None or entry.diagnostics for entry in entries)


def test_labels_below_entries_teach_no_kickers() -> None:
    headlines = ("Help wanted: who are these people?", "After the red warning",
                 "Drowned places: memory and maps", "Mud: an inventory", "The last ringer",
                 "A wall that walks", "Nobody told the weir")  # fmt: skip
    lines = ["Newsroom", "", "For journalists", ""]
    for place, (headline, date) in enumerate(zip(headlines, _dates(), strict=True)):
        topic = ("Alumni", "Research", "Campus Life, Alumni")[place % 3]
        lines += [date, headline, _ENTRIES[place][1], f"Topics: {topic}", ""]
    assert [entry.headline for entry in entries_of(lines)] == list(headlines)


def test_labels_without_a_sign_are_such_where_they_come_again() -> None:
    lines = []
    for (headline, text, name), date in zip(_ENTRIES, _dates(), strict=True):
        lines += [headline, "", f"{text[:-1]} … Continue reading “{headline}”", "",
                  f"Author {name}", f"Posted on {date}", "Categories Harbours", "Tags salt, tides",
                  f"Leave a comment on {headline}", ""]  # fmt: skip
    items = items_of(lines)
    assert_books_balance(lines, items)
    entries = entries_of(lines)
    found = [(entry.headline, entry.byline, entry.standfirst) for entry in entries]
    assert found == [(headline, name, f"{text[:-1]} …") for headline, text, name in _ENTRIES]
    assert "Author Orla Quill" in entries[0].text
    assert entries_of(["Author Bea Holm", "By Orla Quill, 3 May 2019"])[0].headline == (
        "Author Bea Holm"
    )


@pytest.mark.parametrize("agency", ["Bea Holm/Getty Images", "Rolf Tamm / AP", "via Getty Images"])
def test_who_took_a_picture_for_an_agency_is_no_byline(agency: str) -> None:
    lines = []
    for place, ((headline, text, _), date) in enumerate(zip(_ENTRIES, _dates(), strict=True)):
        lines += [*([agency] if place % 3 else []), headline, text, date, ""]
    entries = entries_of(lines)
    assert [entry.byline for entry in entries] == [None] * len(_ENTRIES)
    assert [entry.headline for entry in entries] == [headline for headline, _, _ in _ENTRIES]


def test_where_two_authors_work_is_no_third_one() -> None:
    credits = read_byline("Orla Quill and Ida Meer, University of Vell").credits
    assert [credit.name for credit in credits] == ["Orla Quill", "Ida Meer"]


def test_the_ends_of_a_file_speak_against_orders_of_lines() -> None:
    lines = ["Latest", ""]
    for (headline, text, name), date in zip(_ENTRIES, _dates(), strict=True):
        lines += [date, headline, text, f"By {name}"]
    first = Dialect("first", "", "D K? P? H S? P? F* B?")
    last = Dialect("last", "", "K? P? H S? P? F* B? D")
    above, below = Trials.of(lines).ends(), Trials.of([*lines[3:], "May 2, 2019"]).ends()
    assert against(last, above) > 0.0
    assert against(first, above) == 0.0
    assert against(first, below) > 0.0
    assert against(last, below) == 0.0


def test_labels_are_no_rows() -> None:
    begins = ("Help wanted: who", "After the rain", "Drowned places: maps", "Mud: an inventory",
              "The last ringer", "A wall: that walks", "Nobody told the weir")  # fmt: skip
    topics = ("Alumni", "Research", "Campus Life", "Health", "Salt", "Tides", "Law")
    lines = []
    for begin, (_, text, _), date, topic in zip(begins, _ENTRIES, _dates(), topics, strict=True):
        lines += [date, begin, text, f"Topics: {topic}", ""]
    assert not Trials.of(lines).rows.rows
    assert [entry.headline for entry in entries_of(lines)] == list(begins)


def test_an_excerpt_however_short_is_a_text() -> None:
    context = Context(Trials.of(["The bar", "By Orla Quill, 3 May 2019"]).learned)

    def best(text: str) -> str:
        above = Block(ReadLine(1, "The bar", "text"))
        forms = context.forms(Block(ReadLine(2, text, "text")), above)
        return max(forms, key=lambda form: form.score).roles

    assert best("They met twice, and then … Read on") == "F"
    assert best("They met twice, and then …") != "F"
