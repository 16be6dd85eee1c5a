"""Traps in date lines, stray lines and text, one named case each; all texts are invented."""

import pytest

from articles.listing.parser import parse, survey
from articles.listing.records import Entry, Topic
from tests.listing.helpers import (
    STANDFIRST,
    assert_books_balance,
    codes_of,
    entries_of,
    entries_with_standfirsts,
    entry_below_a_standfirst,
    items_of,
    listing,
    roles_of,
    unclaimed_of,
)

HEADLINES = ["The bar silts up", "A choir for the ferry", "Who owns the marsh?"]


@pytest.mark.parametrize(
    "headline",
    [
        "November 13-19: Water spreads",
        "September 25 – October 1: The board waits",
        "July 31—August 6: The nightmare",
        "Pilots meet in Marrow on October 24",
        "Ferries in the winter of 1917",
        "The ropewalk, 1898",
        "1898",
        "2030 regatta opens",
    ],
)
def test_dates_in_headlines_are_no_date_lines(headline: str) -> None:
    entry = entry_below_a_standfirst(headline)
    assert entry.headline == headline
    assert entry.published_on == "2030-05-03"


_OF_THE_PAGE_OR_A_TITLE = ["By", "In", "Free", "10:04", "1.2K", "100m sprint", "9–11"]


@pytest.mark.parametrize("headline", _OF_THE_PAGE_OR_A_TITLE)
def test_what_a_page_shows_too_may_be_the_only_headline(headline: str) -> None:
    *above, entry, below = entries_with_standfirsts(*HEADLINES, headline, "Eels return")
    assert [each.headline for each in above] == HEADLINES
    assert (entry.headline, entry.standfirst) == (headline, STANDFIRST)
    assert {each.standfirst for each in above} == {STANDFIRST}
    assert below.headline == "Eels return"


@pytest.mark.parametrize("line", _OF_THE_PAGE_OR_A_TITLE)
def test_what_a_title_may_be_too_is_of_the_page_if_it_comes_again(line: str) -> None:
    lines = ["Harbours", ""]
    for day, headline in enumerate([*HEADLINES, "Eels return"]):
        lines += [line] if day % 2 else []
        lines += [headline, "By Orla Quill", f"{28 - day} May 2030", STANDFIRST, ""]
    assert_books_balance(lines, items_of(lines))
    assert [entry.headline for entry in entries_of(lines)] == [*HEADLINES, "Eels return"]


def test_standfirst_that_opens_with_a_date() -> None:
    standfirst = "12 December 1930 was the day on which the truce failed."
    lines = listing(f"Harbours\nTruce talks open\nBy the editors, 3 May 2030\n{standfirst}")
    assert entries_of(lines)[0].standfirst == standfirst


def test_headline_that_is_a_date_above_a_byline() -> None:
    entry = entry_below_a_standfirst("9 November 1979")
    assert (entry.headline, entry.published_on) == ("9 November 1979", "2030-05-03")


def test_headline_that_is_a_date_above_a_date() -> None:
    entry = entry_below_a_standfirst("9 November 1979", date="3 May 2030")
    assert (entry.headline, entry.published_on) == ("9 November 1979", "2030-05-03")


@pytest.mark.parametrize(
    "headline", ["100 years since the death of Stroud", "12 dead in Marrow", "300 miles of cable"]
)
def test_headlines_that_begin_with_a_number_are_no_slugs(headline: str) -> None:
    for date in ("By Orla Quill, 3 May 2030", "3 May 2030"):
        entry = entry_below_a_standfirst(headline, date=date)
        assert entry.headline == headline
        assert "internal-slug" not in codes_of(entry)


@pytest.mark.parametrize(
    "slug", ["zzz999 Stroud 100 years", "230 Smale", '220 Loam\'s "on sluices"', "205 NYT on tolls"]
)
def test_internal_slugs_are_read_and_marked(slug: str) -> None:
    lines = listing(
        f"""Harbours
        {slug}
        3 May 2030
        Ferry sinks
        By Orla Quill, 2 May 2030
        {STANDFIRST}"""
    )
    first, second = entries_of(lines)
    assert first.headline == slug
    assert codes_of(first) == ["internal-slug"]
    assert codes_of(second) == []


def test_the_same_headline_many_times_makes_many_entries() -> None:
    entries = entries_with_standfirsts(*["Old chart printed again"] * 12)
    assert [entry.headline for entry in entries] == ["Old chart printed again"] * 12


def test_no_break_spaces_and_quotes_stay_as_they_are() -> None:
    headline = "The Chart:\u00a0A “fatally\u00a0thin” book"
    entry = entry_below_a_standfirst(headline)
    assert entry.headline == headline


def test_no_break_spaces_in_a_date_line() -> None:
    entry = entry_below_a_standfirst(
        "Ferry sinks", date="By\u00a0Orla Quill,\u00a03\u00a0May\u00a02030"
    )
    assert (entry.byline, entry.published_on) == ("Orla Quill", "2030-05-03")


def test_byline_on_a_line_of_its_own_above_the_date() -> None:
    entry = entry_below_a_standfirst("Ferry sinks\nBy Orla Quill", date="3 May 2030")
    assert (entry.headline, entry.byline) == ("Ferry sinks", "Orla Quill")


def test_year_alone_is_a_date_only_below_a_byline() -> None:
    entry = entry_below_a_standfirst("Ferry sinks\nBy Orla Quill", date="2030")
    assert (entry.byline, entry.published_on) == ("Orla Quill", "2030")


def test_month_and_year() -> None:
    assert entry_below_a_standfirst("Ferry sinks", date="May 2030").published_on == "2030-05"
    dated = entry_below_a_standfirst("Ferry sinks", date="By Orla Quill, May 2030")
    assert (dated.byline, dated.published_on) == ("Orla Quill", "2030-05")


def test_month_far_from_the_dates_of_the_file_is_a_heading() -> None:
    entry = entry_below_a_standfirst("May 1968\nFerrymen on the barricades")
    assert {"May 1968", "Ferrymen on the barricades"} <= {
        entry.kicker,
        entry.headline,
        entry.subtitle,
    }


def test_impossible_day_keeps_the_month_and_says_so() -> None:
    entry = entry_below_a_standfirst("Ferry sinks", date="By Orla Quill, 31 April 2030")
    assert entry.published_on == "2030-04"
    assert "impossible-date" in codes_of(entry)


def test_date_out_of_order_is_marked_where_it_rises() -> None:
    text = "Harbours\n"
    for date in ("9 May 2030", "8 May 2030", "7 June 2030", "6 May 2030"):
        text += f"Ferry sinks\nBy Orla Quill, {date}\n{STANDFIRST}\n"
    marked = ["date-out-of-order" in codes_of(entry) for entry in entries_of(listing(text))]
    assert marked == [False, False, True, False]


def test_file_with_the_oldest_entry_first_is_checked_that_way_round() -> None:
    text = "Harbours\n"
    for day in range(1, 9):
        text += f"Ferry {day} sinks\nBy Orla Quill, {day} May 2030\n{STANDFIRST}\n"
    lines = listing(text)
    knowledge = survey(lines)
    assert knowledge.order == "oldest-first"
    assert [d.code for d in knowledge.diagnostics] == ["oldest-first"]
    assert all(not codes_of(entry) for entry in entries_of(lines))


def test_unbalanced_quotes_and_run_together_sentences_are_marked() -> None:
    lines = listing(
        """Harbours
        Ferry sinks
        By Orla Quill, 9 May 2030
        The pilot signed a “voluntary” paper” and went home before the tide had turned.
        Ferry raised
        By Orla Quill, 8 May 2030
        Council names Dray as harbour masterOn May 7 the council named Osric Dray its master.
        Ferry sold
        By Orla Quill, 7 May 2030
        The The is gone, but of of stays; McGeever read it in the Gazeta.Mar on LinkedIn."""
    )
    found = [codes_of(entry) for entry in entries_of(lines)]
    assert found == [["unbalanced-quotes"], ["run-together"], ["doubled-word"]]


def test_topic_is_the_first_line() -> None:
    lines = listing("Harbours & canals\nFerry sinks\nBy Orla Quill, 9 May 2030")
    topic, entry = items_of(lines)
    assert isinstance(topic, Topic)
    assert (topic.text, topic.line) == ("Harbours & canals", 1)
    assert isinstance(entry, Entry)
    assert entry.first_line == 3


def test_listing_without_topic() -> None:
    lines = listing(f"Ferry sinks\nBy Orla Quill, 9 May 2030\n{STANDFIRST}")
    assert survey(lines).topic is None
    assert [entry.headline for entry in entries_of(lines)] == ["Ferry sinks"]


def test_topic_before_a_known_kicker_is_told_from_it() -> None:
    lines = listing(
        f"""Harbours
        This week on the quays
        Ice
        9 May 2030
        {STANDFIRST}
        This week on the quays
        Thaw
        8 May 2030
        {STANDFIRST}"""
    )
    assert survey(lines).topic == "Harbours"
    assert [e.kicker for e in entries_of(lines)] == ["This week on the quays"] * 2


def test_lines_of_no_entry_are_unclaimed() -> None:
    lines = listing("Harbours\nFerry sinks\nBy Orla Quill, 9 May 2030\n" + STANDFIRST)
    lines += ["", "9", "", "Loose"]
    lines[5:5] = ["8 May 2030", "By Ada Quist, 8 May 2030"]
    assert unclaimed_of(lines) == [6, 7, 11, 13]
    assert_books_balance(lines, items_of(lines))
    assert entries_of(lines)[0].standfirst == STANDFIRST


def test_standfirst_taken_as_headline_for_want_of_another_is_reported() -> None:
    lines = listing(f"Harbours\nFerry sinks\n9 May 2030\n{STANDFIRST}\n8 May 2030")
    assert "prose-headline" in codes_of(entries_of(lines)[1])


def test_ornaments_are_furniture_and_no_loss() -> None:
    lines = ["Harbours", "***", "Ferry sinks", "----", "9 May 2030", "...", STANDFIRST, "~~~"]
    items = items_of(lines)
    assert_books_balance(lines, items)
    entry = next(item for item in items if isinstance(item, Entry))
    assert (entry.headline, entry.standfirst) == ("Ferry sinks", STANDFIRST)
    assert [text for role, text in roles_of(entry, lines) if role == "furniture"] == ["----", "..."]
    assert unclaimed_of(lines) == []


def test_no_dates_at_all() -> None:
    lines = ["Harbours", "", "Ferry sinks", "", "A line."]
    assert entries_of(lines) == []
    assert unclaimed_of(lines) == [1, 3, 5]
    assert [d.code for d in survey(lines).diagnostics] == ["no-dates"]


@pytest.mark.parametrize("step", [-1, 1])
def test_only_dates_make_no_entries(step: int) -> None:
    lines = [f"{day} May 2030" for day in range(1, 29)][::step]
    assert entries_of(lines) == []
    assert unclaimed_of(lines) == list(range(1, 29))


@pytest.mark.parametrize("lines", [[], [""], [" ", "\t", "\u00a0", "\u2028", "\x1c"]])
def test_nothing_gives_nothing(lines: list[str]) -> None:
    assert items_of(lines) == []


def test_long_gap_claims_its_two_ends_only() -> None:
    middle = "\n".join(f"Loose line {number}" for number in range(40))
    lines = listing(
        f"""Harbours
        Board sits again
        By Orla Quill, 9 May 2030
        {STANDFIRST}
        {middle}
        Ferry sinks
        By Orla Quill, 8 May 2030"""
    )
    items = items_of(lines)
    assert_books_balance(lines, items)
    first, second = (item for item in items if isinstance(item, Entry))
    assert first.standfirst == STANDFIRST
    assert "Ferry sinks" in (second.headline, second.subtitle)
    assert len(unclaimed_of(lines)) >= 35


def test_survey_of_another_file_does_no_harm() -> None:
    lines = listing(f"Harbours\nFerry sinks\nBy Orla Quill, 9 May 2030\n{STANDFIRST}")
    other = survey(listing("Quay: a\n1 May 1990\nQuay: b\n2 May 1990\nQuay: c\n3 May 1990"))
    items = list(parse(lines, other))
    assert_books_balance(lines, items)
    assert any(isinstance(item, Entry) and item.headline == "Ferry sinks" for item in items)


_ROWS = ["The bar", "Tolls", "Eels and men", "Who owns the marsh?", "Otters", "A wet spring"]


@pytest.mark.parametrize(
    "lines",
    [
        [f"“{title}” — {28 - n} May 2021 — News" for n, title in enumerate(_ROWS)],
        [
            line
            for n, title in enumerate(_ROWS)
            for line in (title, f"Posted on {28 - n} May 2021 by Ida Meer", STANDFIRST, "")
        ],
        [
            "Harbour Notes, archive", "", "Issue 12, Spring 2021", "",
            *[line for title in _ROWS for line in (title, "Orla Quill", "p. 4", "")],
        ],
    ],
)  # fmt: skip
def test_dates_beside_other_fields_and_over_entries_are_dates(lines: list[str]) -> None:
    assert {(entry.published_on or "")[:4] for entry in entries_of(lines)} == {"2021"}
    assert "no-dates" not in [remark.code for remark in survey(lines).diagnostics]


def test_a_row_whose_last_cells_are_empty_may_have_no_date() -> None:
    lines = [
        "Sunniva Krog | The Harbour Courier | June 2019",
        "Tomas Belgrave | Canvas Monthly | March 2019",
        "Philippa Joule | The Evening Plain | October 2018",
        'http://|-May-a and 2019 “a and "A, B., 1-(2"";',
    ]
    assert_books_balance(lines, items_of(lines))
