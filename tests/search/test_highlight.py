"""Hits are marked as the page prints them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.search import highlight as highlighting
from articles.search.highlight import highlight, snippet
from articles.search.query import parse
from tests.thorough import times


def marked(text: str, query: str, language: str = "en") -> str:
    """Return *text* with its hits in brackets."""
    segments = highlight(text, parse(query, "en"), language)
    assert "".join(part for part, _ in segments) == text
    return "".join(f"[{part}]" if hit else part for part, hit in segments)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Władysław Gomułka", "gomulka", "Władysław [Gomułka]"),
        ("Gomu\u0142ka’s e\u0301tat", "gomulka etat", "[Gomu\u0142ka]’s [e\u0301tat]"),
        ("Strikes and striking", "strike", "[Strikes] and [striking]"),
        ("Strikes and striking", '"striking"', "Strikes and [striking]"),
        ("Some, some revolution", '"some revolution"', "Some, [some revolution]"),
        ("Permanent\nRevolution", '"permanent revolution"', "[Permanent\nRevolution]"),
        ("O’Brien, OBrien, Brien", "o'brien", "[O’Brien], [OBrien], Brien"),
        ("O’Brien", "obrien", "[O’Brien]"),
        ("O’Brien", "brien", "O’[Brien]"),
        ("C, C++ and C#", "c++", "C, [C++] and C#"),
        ("revolution, revolt", "revol*", "[revolution], [revolt]"),
        ("the revolt", "the -revolt", "[the] revolt"),
        ("日本語の文章", "日本語", "[日本語]の文章"),
        ("日本語の文章", "日 章", "[日]本語の文[章]"),
        ("年表 2020年", '"2020 年"', "年表 [2020年]"),
        ("Русской революции", "революция", "Русской [революции]"),
        ("nothing", "", "nothing"),
        ("", "word", ""),
        ("<b>bold</b>", "bold", "<b>[bold]</b>"),
    ],
)  # fmt: skip
def test_highlight(text: str, query: str, expected: str) -> None:
    assert marked(text, query) == expected


WORDS = ["strike", "Strikes,", "strike-bound", "O’Brien", "C++", "U.S.S.R.", "日本語", "striking.",
         "état", "стачка", "", "1-2", "strike" * 20]  # fmt: skip


@pytest.mark.thorough
@settings(max_examples=times(100), deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=12), language=st.sampled_from(["en", "ru"]))
@pytest.mark.parametrize("most", [2, 30_000])
def test_a_vocabulary_finds_what_reading_finds(words: list[str], language: str, most: int) -> None:
    # However often it is begun anew.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highlighting, "_MOST_PIECES", most)
        for text in ("strike", "obrien ussr", "c++ etat 日", "стачки"):
            wanted = highlighting._Wanted.of(parse(text, "en"))
            if not wanted.phrases:
                known = highlighting._marks_of_words(" ".join(words), wanted, language)
                read = highlighting._marks_of_groups(" ".join(words), wanted, language)
                assert sorted(known) == sorted(read)


def test_snippet_shows_the_hits() -> None:
    text = "Filler words. " * 100 + "Here Lenin met\nTrotsky in London. " + "Filler words. " * 100
    segments = snippet(text, parse("trotsky lenin", "en"), "en", length=80)
    assert segments[0] == segments[-1] == ("…", False)
    assert [part for part, hit in segments if hit] == ["Lenin", "Trotsky"]
    shown = "".join(part for part, _ in segments)
    assert "Here Lenin met Trotsky in London." in shown
    assert len(shown) <= 80 + 40
    assert shown[1:].split()[0] in {"Filler", "words."}


def test_snippet_prefers_different_words() -> None:
    text = "lenin lenin lenin " + "filler " * 100 + "lenin and trotsky " + "filler " * 100
    segments = snippet(text, parse("trotsky lenin", "en"), "en", length=60)
    assert [part for part, hit in segments if hit] == ["lenin", "trotsky"]


def test_snippet_without_hit_is_the_beginning() -> None:
    text = "The beginning of a text. " + "More words. " * 100
    segments = snippet(text, parse("trotsky", "en"), "en", length=60)
    assert segments[0][0].startswith("The beginning of a text.")
    assert segments[-1] == ("…", False)
    assert snippet("Short.", parse("", "en"), "en") == [("Short.", False)]
    assert snippet("", parse("a", "en"), "en") == []


@pytest.mark.thorough
@settings(max_examples=times(300))
@given(
    text=st.text(
        alphabet=st.sampled_from(list("ab -'日本.é\u0301")) | st.characters(), max_size=300
    ),
    query=st.text(alphabet=list('ab -"*日本é'), max_size=20),
    length=st.integers(10, 100),
)
def test_segments_give_back_the_text(text: str, query: str, length: int) -> None:
    marked(text, query)
    segments = snippet(text, parse(query, "en"), "en", length=length)
    shown = "".join(part for part, _ in segments)
    single = " ".join(text.split())
    assert shown.removeprefix("…").removesuffix("…") in single or shown in single
    assert all(part for part, _ in segments)
