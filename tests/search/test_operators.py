"""Operators in a reader's text, without a database."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.operators import NAMES, Asked, read_operators

Date = datetime.date


@pytest.mark.parametrize(
    ("text", "words", "named"),
    [
        ("author:weiss", "", {"authors": ["weiss"]}),
        ('tide author:"Clara Weiss" mill', "tide mill", {"authors": ["Clara Weiss"]}),
        ("author:„Clara Weiss“", "", {"authors": ["Clara Weiss"]}),
        ("by:weiss by:moss by:weiss", "", {"authors": ["weiss", "moss"]}),
        ("-author:weiss tag:sea", "", {"not_authors": ["weiss"], "tags": ["sea"]}),
        ("AUTHOR:weiss", "", {"authors": ["weiss"]}),
        ("series:tides-of-march", "", {"series": ["tides-of-march"]}),
        ("автор author:Вайс", "автор", {"authors": ["Вайс"]}),
    ],
)
def test_names(text: str, words: str, named: dict[str, list[str]]) -> None:
    asked = read_operators(text)
    assert (asked.text, asked.named, asked.unread) == (words, named, [])


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("year:1917", Date(1917, 1, 1), Date(1917, 12, 31)),
        ("year:1917..1921", Date(1917, 1, 1), Date(1921, 12, 31)),
        ("year:1921-1917", Date(1917, 1, 1), Date(1921, 12, 31)),
        ("before:1917", None, Date(1916, 12, 31)),
        ("before:1917-11", None, Date(1917, 10, 31)),
        ("before:1917-11-07", None, Date(1917, 11, 6)),
        ("after:1917", Date(1918, 1, 1), None),
        ("after:1916-02", Date(1916, 3, 1), None),
        ("after:1916-02-29", Date(1916, 3, 1), None),
        ("after:1900 after:1910 before:1920 before:1930", Date(1911, 1, 1), Date(1919, 12, 31)),
    ],
)
def test_dates(text: str, since: Date | None, until: Date | None) -> None:
    asked = read_operators(text)
    assert (asked.text, asked.since, asked.until) == ("", since, until)


def test_what_an_article_has() -> None:
    assert read_operators("has:body").body is True
    assert read_operators("-has:text").body is False
    assert read_operators("has:byline").byline is True
    assert read_operators("lang:DE-at language:ru").languages == ["de", "ru"]


@pytest.mark.parametrize(
    "text",
    [
        "colour:red", "auther:weiss", "year:soon", "year:0", "before:1917-13", "before:1917-02-30",
        "has:legs", "-year:1917", "after:9999", "before:0001", "language:no_such", 'tag:""',
    ],
)  # fmt: skip
def test_what_is_no_operator_stays_text_with_a_hint(text: str) -> None:
    asked = read_operators(f"tide {text} mill")
    assert asked.text == f"tide {text} mill"
    assert asked.unread == [text]
    assert not asked.has_operators


@pytest.mark.parametrize(
    "text",
    [
        "Review: the tide", "https://example.org/tide", "at 10:30", "a:b", "tag: sea",
        '"tag:sea and land"', "what?tag:sea", 'author:"Clara', "author:", "::", "author:weiss\"",
    ],
)  # fmt: skip
def test_other_colons_are_text_without_a_hint(text: str) -> None:
    asked = read_operators(text)
    assert asked == Asked(text=text)


@given(
    st.lists(
        st.sampled_from(
            [*(f"{name}:" for name in NAMES), " ", '"', "-", "1917", "x", "..", ":", "é"]
        )
    )
)
def test_any_text_can_be_read_and_read_again(parts: list[str]) -> None:
    text = "".join(parts)
    asked = read_operators(text)
    # What is left holds no operator any more, unless taking one out joined a new one to the words.
    assert len(asked.text) <= len(text)
    assert asked.has_operators or asked.text == " ".join(text.split())
