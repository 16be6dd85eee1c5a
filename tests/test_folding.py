"""Folding, keys and slugs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.folding import casefold_key, fold, slugify


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Gomułka", "gomulka"),
        ("Ærøskøbing", "aeroskobing"),
        ("Straße", "strasse"),
        ("Đorđe", "dorde"),
        ("Þórður", "thordur"),
        ("Œuvre", "oeuvre"),
        ("Ibárruri", "ibarruri"),
        ("İSTANBUL ılık", "istanbul ilik"),
        ("O’Connor", "o'connor"),
        ("  two\u00a0 \n words ", "two words"),
    ],
)
def test_folded_forms(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [("ハン", "バン"), ("ハン", "パン"), ("か", "が"), ("バン", "パン"), ("ウ", "ヴ")],
)
def test_the_voice_of_kana_matters(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("spelling", ["ﾊﾞﾝ", "ハ\u3099ン", "ハ゛ン", "ハﾞン"])
def test_voiced_kana_are_one_however_they_are_written(spelling: str) -> None:
    assert fold(spelling) == fold("バン")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_slug_is_one_segment_of_an_address(text: str) -> None:
    slug = slugify(text, "fallback", 100)
    assert 0 < len(slug) <= 100
    assert not set(slug) & set("/?#%\\ \t\n")
    assert slug not in {".", ".."}


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Władysław Gomułka", "wladyslaw-gomulka"),
        ("C++", "cplusplus"),
        ("C#", "csharp"),
        ("C", "c"),
        ("Россия", "россия"),
        ("Маяк, который ждал", "маяк-который-ждал"),
        ("灯台", "灯台"),
        ("---", "fallback"),
        ("It’s here", "its-here"),
    ],
)
def test_slugs_read_well(text: str, slug: str) -> None:
    assert slugify(text, "fallback") == slug


def test_a_long_slug_ends_at_a_word() -> None:
    assert slugify("word " * 50, "x", 30) == "word-word-word-word-word-word"


def test_the_key_of_a_tag_knows_marks_but_not_case() -> None:
    assert casefold_key("ÎLE  d’Or") == casefold_key("île d’or")
    assert casefold_key("Île") != casefold_key("Ile")
