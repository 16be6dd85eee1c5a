"""Words of the index one letter away, on whichever database the settings name."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from articles.search import base, spelling
from articles.search.spelling import Alike, one_letter_apart, trigrams, words_near
from tests.search.helpers import make

pytestmark = pytest.mark.django_db

LETTERS = string.ascii_lowercase


def near(word: str) -> dict[str, int]:
    """Return what is near *word* in the archive."""
    return words_near("default", word, LETTERS)


def test_what_is_one_letter_apart() -> None:
    assert one_letter_apart("ab", "x") == {
        "a", "b", "ba", "xab", "axb", "abx", "xb", "ax",
    }  # fmt: skip
    assert one_letter_apart("", "x") == {"x"}
    assert one_letter_apart("aa", "") == {"a"}


@given(st.text("abc", max_size=6), st.text("abc", max_size=7))
def test_it_is_all_of_that_and_nothing_else(word: str, other: str) -> None:
    assert (other in one_letter_apart(word, "abc")) == (
        OSA.distance(word, other) == 1 and other != ""
    )


def test_words_are_found_by_their_trigrams() -> None:
    words = ("harbour", "labour", "reconnaissance", "restaurant", "tide", "tidy", "night")
    alike = Alike(words)
    assert trigrams("tide") == {"  t", " ti", "tid", "ide", "de "}
    assert dict(alike.near("harbuor")) == {"harbour": 1}
    assert dict(alike.near("labuor")) == {"labour": 1}
    assert dict(alike.near("tdie")) == {"tide": 1}
    assert dict(alike.near("tidd")) == {"tide": 1, "tidy": 1}
    # The longer the word, the more of it may be wrong.
    assert dict(alike.near("restorent")) == {}
    assert dict(alike.near("reconaisanse")) == {"reconnaissance": 3}
    assert alike.near("night") == alike.near("tie") == alike.near("zzzzzzzz") == []
    assert alike.near("a" * 40) == Alike(()).near("harbour") == []


@given(st.text("abcde", min_size=7, max_size=9), st.data())
def test_no_word_two_letters_away_is_missed_that_has_its_trigrams(
    word: str, data: st.DataObject
) -> None:
    near = data.draw(st.sampled_from(sorted(one_letter_apart(word, "abcde"))))
    other = data.draw(st.sampled_from(sorted(one_letter_apart(near, "abcde") - {word})))
    found = dict(Alike([near, other]).near(word))
    for one in {near, other}:
        distance = OSA.distance(word, one)
        # Two changes that overlap may count as three.
        if distance <= 2 and trigrams(word) & trigrams(one):
            assert found.get(one) == distance


def test_words_of_every_column_are_near() -> None:
    make("Sextant", body="The chronometer stopped.", names=["Ada Moss"], standfirst="A quadrant.")
    make("Again", body="Another chronometer, and its sextants.")
    assert near("chronometre") == {"chronometer": 2}
    assert near("chronomter") == {"chronometer": 2}
    assert near("sextent") == {"sextant": 1}
    assert near("sextantz") == {"sextant": 1, "sextants": 1}
    assert near("qadrant") == {"quadrant": 1}
    assert near("mosss") == {"moss": 1}
    assert near("quadrant") == {}


def test_no_facet_is_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    make("Bell", facets="all a12 y1921")
    assert near("a1") == {}
    assert near("al") == {}
    assert near("y192") == {}
    monkeypatch.setattr(spelling, "MOST_COUNTED", 2)
    for number in range(3):
        make(f"Bell {number}")
    assert near("belk") == {"bell": 2}


@pytest.mark.parametrize("word", ["'", "a'b\\", '"', "(a", "a:*", "¶", "§all", "日本", "a" * 33])
def test_hostile_words_are_words(word: str) -> None:
    make("Bell")
    assert near(word) == {}
    base.optimise()
    assert near(word) == {}
