"""Where the date of an entry stands, and what stands around it, told from the whole file."""

from datetime import date

import pytest

from articles.listing.date_rests import rests_of
from articles.listing.trials import Trials
from tests.listing.helpers import entries_of

_HEADLINES = (
    "The ferry is late again", "Who owns the quay?", "A lamp for the lock", "Rye and rain",
    "The last ticket office", "Three keys to one door", "Salt on the road", "A map of the wells",
)  # fmt: skip
_TEXTS = (
    "The board met twice before noon and settled nothing.",
    "Two families and a council each hold half of the papers.",
    "It was lit on Sunday, for the first time in forty years.",
    "The mill will close for a week, and nobody is surprised.",
    "Its clerk has sold tickets since the line was opened.",
    "None of the keepers has ever seen the other two.",
    "The gritters came out in May, which was a mistake.",
    "It shows eleven of them, and four are still in use.",
)
_NAMES = ("Orla Quill", "Ida Meer", "James Macready", "Orla Quill")
_DAYS = tuple(f"{day} May 2020" for day in range(20, 12, -1))
_DATES = [f"2020-05-{day}" for day in range(20, 12, -1)]


def _names(number: int) -> str:
    return _NAMES[number % len(_NAMES)]


def _weekday(day: str) -> str:
    return date(2020, 5, int(day.split()[0])).strftime("%a")


def _assert_read(lines: list[str], *, texts: bool = True) -> None:
    # What a page puts between entries and below them may be read as one, without a date.
    entries = [entry for entry in entries_of(lines) if entry.published_on]
    assert [entry.headline for entry in entries] == list(_HEADLINES)
    assert [entry.published_on for entry in entries] == _DATES
    if texts:
        assert [entry.standfirst for entry in entries] == list(_TEXTS)


@pytest.mark.parametrize("rest", [" — {} min leestijd", " · {} pokalbiai", " (saved {} times)"])
def test_what_stands_behind_each_date_with_another_number_is_no_text(rest: str) -> None:
    lines = []
    for number, (headline, text, day) in enumerate(zip(_HEADLINES, _TEXTS, _DAYS, strict=True)):
        lines += [headline, text, _names(number), day + rest.format(3 + number), ""]
    _assert_read(lines)


@pytest.mark.parametrize(
    "rest", [" (No. {})", ", p. {}", " (part {} of 9)", ": {} days at sea in a tub"]
)
def test_numbers_that_say_something_of_an_entry_are_no_rest(rest: str) -> None:
    lines = [day + rest.format(number) for number, day in enumerate(_DAYS, 1)]
    assert rests_of(lines, 3) == frozenset()


def test_blocks_with_dates_are_entries_whatever_stands_between_them() -> None:
    lines = ["The Vell Courier", "Subscribe", "", "Local news", ""]
    for number, (headline, text, day) in enumerate(zip(_HEADLINES, _TEXTS, _DAYS, strict=True)):
        lines += ["Harbour" if number % 2 else "Town", headline, text, _names(number), day]
        lines += [f"Comments {number + 2}", ""]
        if number in (2, 5):
            lines += ["You may like", "Used boats near you", "The quiz of the week", ""]
    _assert_read(lines)


def test_counts_below_a_date_end_its_entry() -> None:
    lines = ["Open in app", "Sign in", "", "Ida Meer", "Home", "About", ""]
    for number, (headline, text, day) in enumerate(zip(_HEADLINES, _TEXTS, _DAYS, strict=True)):
        lines += [headline, text, "", day, f"{number + 2} min read", f"{41 + number}", ""]
    _assert_read(lines, texts=False)


def test_a_section_may_stand_above_the_date() -> None:
    lines = []
    for number, (headline, text, day) in enumerate(zip(_HEADLINES, _TEXTS, _DAYS, strict=True)):
        lines += [("Town", "Harbour", "Schools")[number % 3], day, headline, text]
        lines += [f"By {_names(number)}", ""]
    _assert_read(lines)
    assert [entry.kicker for entry in entries_of(lines)][:3] == ["Town", "Harbour", "Schools"]


@pytest.mark.parametrize("foot", [(), ("1 2 3 4 Next", "About", "Masthead", "Back issues")])
def test_without_blank_lines_the_end_of_a_file_tells_that_dates_stand_first(
    foot: tuple[str, ...],
) -> None:
    lines = ["Meridian Monthly", "Search", "All (86)", "Features (31)", "Reviews (15)"]
    for number, (headline, text, day) in enumerate(zip(_HEADLINES, _TEXTS, _DAYS, strict=True)):
        lines += [f"{'Features' if number % 2 else 'Reviews'} / {day}", headline, text]
        lines += [f"By {_names(number)}"]
    _assert_read([*lines, *foot])


def test_without_blank_lines_the_beginning_of_a_file_tells_that_dates_stand_last() -> None:
    lines = ["Meridian Monthly"]
    for number, (headline, text, day) in enumerate(zip(_HEADLINES, _TEXTS, _DAYS, strict=True)):
        lines += [headline, text, f"By {_names(number)}", day]
    _assert_read([*lines, "Masthead", "Back issues"])


def test_the_name_of_a_user_is_a_byline_where_it_is_said() -> None:
    users = ("mthorne", "lbenitez", "okeller", "mthorne")
    lines = []
    for number, (headline, text, day) in enumerate(zip(_HEADLINES, _TEXTS, _DAYS, strict=True)):
        lines += [
            headline,
            f"Submitted by {users[number % 4]} on {_weekday(day)}, {day} - 14:1{number}",
            text,
        ]
        lines += [f"Read more about {headline}", ""]
    _assert_read(lines)
    assert [entry.byline for entry in entries_of(lines)][:3] == list(users[:3])


@pytest.mark.parametrize("form", ["{day} — Episode {number}", "{day} Day {number}",
                                  "{day} – {number}. Sitzung des Rates"])  # fmt: skip
def test_numbered_headlines_behind_dates_are_no_rest(form: str) -> None:
    lines = [form.format(day=day, number=number) for number, day in enumerate(_DAYS, 1)]
    assert rests_of(lines, 3) == frozenset()


def test_a_last_entry_without_byline_turns_no_file_of_an_author_without_a_doubt() -> None:
    lines = ["Orla Quill", "Reporter", ""]
    entries = list(zip(_HEADLINES, _TEXTS, _DAYS, strict=True))
    for number, (headline, text, day) in enumerate(entries):
        lines += [day, "", headline, "", text, ""]
        lines += [f"By {_names(number)}", ""] if number < len(entries) - 1 else []
    # Nothing but the head of the page speaks for the byline above the date: both are as likely.
    for number, entry in enumerate(entries_of(lines)):
        expected = _names(number) if number < len(entries) - 1 else None
        assert entry.byline == expected or entry.diagnostics


def test_words_that_lead_to_a_value_once_are_a_section() -> None:
    lines = []
    for number, (headline, text, day) in enumerate(zip(_HEADLINES, _TEXTS, _DAYS, strict=True)):
        lines += [
            "Data" if number == 3 else ("Town", "Harbour")[number % 2],
            day,
            headline,
            text,
            "",
        ]
    assert entries_of(lines)[3].kicker == "Data"


@pytest.mark.parametrize("is_above", [True, False])
def test_without_blank_lines_the_ends_of_a_file_tell_where_sections_stand(is_above: bool) -> None:
    # Several sections one below the other are the ways through the site.
    lines = ["Meridian Monthly", *([] if is_above else ["Town", "Harbour", "Schools"])]
    sections = [("Town", "Harbour", "Schools")[number % 3] for number in range(len(_DAYS))]
    for section, headline, text, day in zip(sections, _HEADLINES, _TEXTS, _DAYS, strict=True):
        lines += [section, headline, text, day] if is_above else [headline, day, text, section]
    assert Trials.of([*lines, "Load more"]).ends()["K"] is is_above
    if is_above:
        assert [entry.kicker for entry in entries_of(lines)] == sections
