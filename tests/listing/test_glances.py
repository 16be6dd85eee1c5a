"""What is wrong the same way all over a file says so, in each entry that has it."""

from collections.abc import Callable

import pytest

from articles.listing.glances import Sign
from articles.listing.parser import survey
from articles.listing.records import Diagnostic
from tests.listing.helpers import entries_of

HEADLINES = (
    "Ferry sinks off Vell", "Who paid for the weathercock?", "A school without walls",
    "Salt prices fall again", "The last keeper of the light", "Notes from a dry well",
    "Council votes on the tram", "Three recipes for windfall apples",
)  # fmt: skip
TEXTS = (
    "The board met twice before noon and settled nothing at all.",
    "Nobody remembers who ordered it, and the bill was never found.",
    "Children learn their letters on the quay, whatever the weather.",
    "Traders blame the rain and the ministry, in that order.",
    "He counted ships for forty years, and missed only two of them.",
    "A summer of bad water has taught the village to share.",
    "It is the fourth vote in three years, and the first with coffee.",
    "The third of them needs a hammer and some patience.",
)
NAMES = ("Orla Quill", "Ida Meer", "Tamsin Roe", "Ezra North", "Petra Novak")
#: How one entry, the nth, is written.
Write = Callable[[int, str, str, str], list[str]]


def _listing(write: Write) -> list[str]:
    lines: list[str] = []
    for number, (headline, text) in enumerate(zip(HEADLINES, TEXTS, strict=True)):
        credit = f"By {NAMES[number % 5]}, {28 - 2 * number} May 2030"
        lines += [*write(number, headline, credit, text), ""]
    return lines


def _plain(_: int, headline: str, credit: str, text: str) -> list[str]:
    return [headline, credit, text]


def _remarks(lines: list[str]) -> list[Diagnostic]:
    return [
        remark
        for entry in entries_of(lines)
        for remark in entry.diagnostics
        if remark.code == "field-implausible"
    ]


def test_what_is_read_right_shows_no_sign() -> None:
    lines = _listing(_plain)
    assert survey(lines).signs == ()
    assert _remarks(lines) == []


CASES: dict[str, tuple[Write, str, dict[str, str | None]]] = {
    "a number before headlines": (
        lambda n, h, c, t: [f"{1201 + n} {h}", c, t],
        "begins with the like of “1201”",
        {"headline": HEADLINES[0]},
    ),
    "a label before texts": (
        lambda _, h, c, t: [h, c, f"READ: {t}"],
        "begins with the like of “READ:”",
        {"standfirst": TEXTS[0]},
    ),
    "a figure behind headlines": (
        lambda n, h, c, t: [f"{h} {n + 3}min", c, t],
        "ends with the like of “3min”",
        {"headline": HEADLINES[0]},
    ),
    "a sign between two fields": (
        lambda _, h, c, t: [h, c, f"{t} ~ {h}"],
        "has “~” inside",
        {},
    ),
    "a section before headlines": (
        lambda n, h, c, t: [f"{('Sport', 'Letters')[n % 2]}. {h}", c, t],
        "begins with what may be a kicker",
        {"kicker": "Sport", "headline": HEADLINES[0]},
    ),
    "one name beside all others": (
        lambda _, h, c, t: [h, c.replace("By ", "By Lupo Ramm and "), t],
        "“Lupo Ramm” is credited beside all others",
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_all_entries_have_is_doubted_in_each(case: str) -> None:
    write, message, other = CASES[case]
    lines = _listing(write)
    remarks = _remarks(lines)
    assert message in remarks[0].message
    assert all(entry.diagnostics for entry in entries_of(lines))
    assert remarks[0].alternatives == ((other,) if other else ())


SIGNS: dict[str, tuple[Write, Sign]] = {
    "the same words but for a figure": (
        lambda n, h, c, _: [h, f"{n + 3} people clapped for this", c],
        Sign("again", "subtitle", "# people clapped for this"),
    ),
    "texts that are cut short": (
        lambda n, h, c, t: [h, " ".join(t.split()[:6]) + (" …" if n % 3 == 0 else ""), c],
        Sign("dots", "subtitle"),
    ),
    "sentences as subtitles": (
        lambda _, h, c, t: [h, " ".join(t.split()[:6]) + " …", c],
        Sign("sentence", "subtitle"),
    ),
}


@pytest.mark.parametrize("case", SIGNS)
def test_second_headings_that_are_none_are_a_sign(case: str) -> None:
    write, sign = SIGNS[case]
    assert sign in survey(_listing(write)).signs


def test_texts_that_the_next_entry_is_nearer_to_may_be_its_own() -> None:
    lines = _listing(lambda _, h, c, t: [t, h, c])
    entries = entries_of(lines)
    assert entries[0].standfirst != TEXTS[0]
    messages = {remark.message for remark in _remarks(lines)}
    assert messages == {"The standfirsts of the file may be those of the entries below them."}
    assert all(entry.diagnostics for entry in entries)


def test_an_entry_below_the_date_of_another_may_have_none() -> None:
    lines: list[str] = []
    for number, headline in enumerate(HEADLINES):
        date = [f"{28 - 2 * number} May 2030"] if number not in (2, 5) else []
        lines += [*date, headline, f"By {NAMES[number % 5]}", ""]
    found = {
        entry.headline
        for entry in entries_of(lines)
        if entry.published_on is not None and not entry.diagnostics
    }
    assert found == set(HEADLINES) - {HEADLINES[2], HEADLINES[5]}


def test_a_sign_of_the_beginning_is_put_to_all_entries() -> None:
    lines = _listing(lambda n, h, c, t: [f"{1201 + n} {h}", c, t]) * 40
    assert all(entry.diagnostics for entry in entries_of(lines))


def test_an_entry_that_has_no_part_in_a_sign_is_left_alone() -> None:
    lines = _listing(lambda n, h, c, t: [f"{1201 + n} {h}" if n else h, c, t])
    entries = entries_of(lines)
    assert [bool(entry.diagnostics) for entry in entries] == [False] + [True] * 7


@pytest.mark.parametrize("word", ["The", "Why", "Der"])
def test_many_headlines_may_begin_with_a_small_word(word: str) -> None:
    assert _remarks(_listing(lambda _, h, c, t: [f"{word} {h}", c, t])) == []


def test_parts_may_have_the_same_headline() -> None:
    lines = _listing(lambda n, _, c, t: [f"The salt road (Part {9 - n})", c, t])
    assert _remarks(lines) == []


@pytest.mark.parametrize(
    "headlines",
    [
        ("12 angry tenants", "7 ways to cross the quay", "10 shops that stay", "101 sheep",
         "5 villages and a dam", "3 bells", "40 years of rope", "2 mayors"),
        ("What the harbour is for", "A house to come home to", *HEADLINES[:6]),
        ("Der Wind zieht an", "Alle machen mit", *HEADLINES[:6]),
        ("Editorial", "Ferry sinks", "Letters", "Editorial", "Tram voted down", "Letters",
         "A school without walls", "Salt falls"),
    ],
    ids=["numbers", "prepositions", "verbs", "columns"],
)  # fmt: skip
def test_headlines_that_may_be_so_show_no_sign(headlines: tuple[str, ...]) -> None:
    lines: list[str] = []
    for number, (headline, text) in enumerate(zip(headlines, TEXTS, strict=True)):
        lines += [headline, f"By {NAMES[number % 5]}, {28 - 2 * number} May 2030", text, ""]
    assert _remarks(lines) == []


def test_headlines_of_a_word_or_two_above_texts_may_be_sections() -> None:
    def write(number: int, headline: str, credit: str, text: str) -> list[str]:
        return [("Quays", "Salt trade")[number % 2], f"{headline} > {text}", credit]

    sections = [entry for entry in entries_of(_listing(write)) if len(entry.headline.split()) < 3]
    assert len(sections) > 4
    assert all("field-implausible" in {d.code for d in entry.diagnostics} for entry in sections)
