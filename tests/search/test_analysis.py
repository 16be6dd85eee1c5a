"""Our own words, without a database."""

import gc
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.search import analysis
from articles.search.analysis import BREAK, STEM, groups
from articles.search.columns import analyse, document
from articles.search.highlight import highlight, snippet
from articles.search.query import MAX_LENGTH, MAX_TERMS, parse
from tests.thorough import times


@pytest.mark.parametrize(
    ("text", "language", "tokens"),
    [
        ("", "en", ""),
        ("--- !!! 🙂 \x00", "en", ""),
        ("The Running Man", "en-GB", "the running man ·run"),
        ("Władysław Gomułka", "pl", "wladyslaw gomulka ·gomulk"),
        ("Straße ÆON", "xx", "strasse aeon"),
        ("STRAẞE", "", "strasse"),
        ("o'brien O’Brien", "", "o brien o brien ¶ obrien"),
        ("the well‑known", "", "the well known ¶ wellknown"),
        ("U.S. and e.g.", "", "u s and e g ¶ us ¶ eg"),
        ("C++, C# and .NET; g++", "", "cplusplus csharp and dotnet gplusplus"),
        ("visual-c++ ASP.NET", "", "visual cplusplus asp net ¶ visualcplusplus"),
        ("1914-1918", "en", "1914 1918"),
        ("日本語", "ja", "日本 本語 語"),
        ("日", "zh", "日"),
        ("2020年", "zh", "2020 年"),
        ("ｶﾞ ＡＢＣ ﬁn", "", "ガ abc fin"),
        ("hy\u00adphen zero\u200djoined", "", "hyphen zerojoined"),
        ("é e\u0301", "", "e e"),
        ("snake_case", "", "snake case"),
        ("مُحَمَّد", "xx", "محمد"),
        ("٣٤", "ar", "34"),
    ],
)  # fmt: skip
def test_tokens(text: str, language: str, tokens: str) -> None:
    assert analyse(text, language) == tokens


def test_stems_follow_the_script() -> None:
    assert STEM + "революц" in analyse("революции", "en")
    assert STEM + "революц" in analyse("революции", "ru")
    assert STEM not in analyse("революції", "uk")
    assert STEM not in analyse("strikes", "ru")
    assert STEM not in analyse("strikes", "zh")


def test_columns() -> None:
    columns = document(
        headline="Headlines",
        kicker="Kicker",
        subtitle="Sub",
        part_label="Part 2",
        standfirst="Standing",
        body_text="Bodies",
        names=["Ann Other", "", "C++"],
        language="en",
    )
    assert columns.headline == "headlines ·headlin"
    assert columns.heads == f"kicker {BREAK} sub {BREAK} part 2"
    assert columns.standfirst == "standing ·stand"
    assert columns.body == "bodies ·bodi"
    assert columns.names == f"ann other {BREAK} cplusplus"


@pytest.mark.thorough
@settings(max_examples=times(500))
@given(text=st.text(max_size=200), language=st.sampled_from(["en", "ru", "ar", "ja", "", "tr"]))
def test_any_text_has_clean_tokens(text: str, language: str) -> None:
    tokens = analyse(text, language).split(" ")
    for token in tokens:
        bare = token.removeprefix(STEM)
        assert token in ("", BREAK) or not set(bare) & set("\"'\\:*()&|!<>¶·§ \t\n\x00")
        # An ASCII sign would cut the token in FTS5, a capital would be changed.
        assert all(letter.isalnum() for letter in bare if letter.isascii())
        assert len(token) <= analysis.MAX_WORD * 2 + 1
        token.encode()
    places = [
        (token.start, token.end) for group in groups(text, language) for token in group.tokens
    ]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)


def test_caps() -> None:
    query = parse("word " * 10_000)
    assert len(query.terms) == 1
    query = parse(" ".join(f"w{number}" for number in range(1_000)))
    assert len(query.terms) == MAX_TERMS
    assert len(query.text) == MAX_LENGTH
    assert analyse("a" * 10_000, "en") == "a" * analysis.MAX_WORD


def test_stemmers_serve_threads() -> None:
    wrong: list[str] = []

    def work(seed: int) -> None:
        for number in range(300):
            if STEM + "strike" not in analyse(
                f"strikes running{seed}x{number} {'s' * number}", "en"
            ):
                wrong.append(str(number))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


PATTERNS = [
    "a", "ab ", "a-", "a'", "a.", "U.", "c++", "c#", ".net", "日", "日\u3099", "ｶﾞ", "\u0301",
    "a\u0301\u0323", "\u0301\u0323", "日\u0301\u0323", '"', '"a ', "“", "„a", "-a ", '-"a" ', "a* ",
    "* ", "(", "<a ", "🙂",
    "1", "\u00ad", "a\u200d", "ß", "İ", "\ufdfa", "ๆ", "ำ",
]  # fmt: skip


@pytest.fixture
def _uncollected() -> Iterator[None]:
    """What the collector makes of many small objects is not our doing."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_uncollected")
@pytest.mark.parametrize(
    "work",
    [
        lambda text: analyse(text, "en"),
        lambda text: parse(text, "en"),
        lambda text: highlight(text, parse('ab "a b" 日 c++ a-a', "en"), "en"),
        lambda text: snippet(text, parse('ab "a b" 日 c++ a-a', "en"), "en"),
        lambda text: highlight("a b ab " * 1_000, parse(text, "en"), "en"),
    ],
    ids=["analyse", "parse", "highlight", "snippet", "long query"],
)
@pytest.mark.slow
def test_time_is_linear(work: Callable[[str], object]) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        work(text)
        return time.process_time() - start

    for pattern in PATTERNS:
        quarter, whole = ((pattern * length)[:length] for length in (25_000, 100_000))
        # A busy machine gets second chances.
        for _ in range(4):
            times = seconds(quarter), seconds(whole)
            if times[1] < 1 and times[1] <= 6 * max(times[0], 0.005):
                break
        else:
            pytest.fail(f"{pattern!r} takes {times}")
