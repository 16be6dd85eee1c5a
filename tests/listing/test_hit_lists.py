"""Lists of hits that databases and catalogues give; all invented."""

from collections.abc import Callable

import pytest

from articles.listing.imprints import hit
from articles.listing.inverted_names import is_inverted, turned
from tests.listing.helpers import entries_of

_HITS = (
    ("Who counts the lamps?", "The Vell Courier", 28, "Orla Quill"),
    ("Nets on the east quay", "Fen Review", 21, "Ida Meer"),
    ("A letter to the harbour board", "The Vell Courier", 17, "Rolf Tamm"),
    ("The ferry that stayed", "Salt & Sail", 11, "Orla Quill"),
    ("Salt, and what came after", "Fen Review", 6, "Bea Holm"),
    ("Eleven ways to fold a chart", "Salt & Sail", 2, "Ida Meer"),
)


def _turned(name: str) -> str:
    first, last = name.split()
    return f"{last}, {first}"


def _one_line(place: int, headline: str, paper: str, day: int, name: str) -> list[str]:
    found = f"NEWS; Pg. {10 + place}, {900 + 90 * place} words, {name}"
    return [f"{place}. {headline}", f"{paper}, May {day}, 2014 Monday, {found}"]


def _with_a_time(place: int, headline: str, paper: str, day: int, name: str) -> list[str]:
    return [f"{place}.", headline, f"By {name}",
            f"{paper}, 04:1{place}, {day} May 2014, {1400 + place} words, (English)",
            f"Document VELC0000020140506ea36000{place}x"]  # fmt: skip


def _with_a_place(place: int, headline: str, paper: str, day: int, name: str) -> list[str]:
    found = f"{paper}; Vell [Vell]. {day:02} May 2014: A.{place}."
    return [str(place), headline, f"{_turned(name)}.", found, "Full text", "Cite"]


def _with_a_state(place: int, headline: str, paper: str, day: int, name: str) -> list[str]:
    return [headline, f"May {day}, 2014 | {paper} (Vell, MA)", f"{name} | Page A{place}"]


def _of_a_catalogue(place: int, headline: str, paper: str, day: int, name: str) -> list[str]:
    return [str(place), headline, f"by {_turned(name)}", f"Published in: {paper} ({day} May 2014)",
            "Article", "Add to favorites"]  # fmt: skip


@pytest.mark.parametrize(
    "form", [_one_line, _with_a_time, _with_a_place, _with_a_state, _of_a_catalogue]
)
def test_hits_are_read_with_paper_date_and_name(form: Callable[..., list[str]]) -> None:
    lines = ["Results for: lamps AND quays", ""]
    for place, found in enumerate(_HITS, 1):
        lines += [*form(place, *found), ""]
    entries = entries_of(lines)
    assert [entry.headline for entry in entries] == [headline for headline, *_ in _HITS]
    assert [entry.published_on for entry in entries] == [f"2014-05-{d:02}" for _, _, d, _ in _HITS]
    credited = [[credit.name for credit in entry.credits] for entry in entries]
    assert credited == [[name] for *_, name in _HITS]
    assert [entry.publication for entry in entries] == [paper for _, paper, _, _ in _HITS]


@pytest.mark.parametrize(
    "line",
    ["Salt, 12 May 2014, and what it means", "Orla Quill, 3 May 2020, 812 words",
     "The Vell Courier, 3 May 2020", "Fen Review, 812 words"],
)  # fmt: skip
def test_what_is_no_hit(line: str) -> None:
    assert hit(line, None) is None


def test_inverted_names_may_end_in_a_full_stop() -> None:
    assert is_inverted("Quill, Orla.")
    assert turned("Quill, Orla; Meer, Ida.") == "Orla Quill; Ida Meer"
    assert turned("Quill, O.") == "O. Quill"
    assert is_inverted("van Houten, Lottie, and Meer, Ida")
    assert not is_inverted("The quay at dawn.")
    assert not is_inverted("Silence, catalogued")
