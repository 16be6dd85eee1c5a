"""What differs between two values, as the history shows it."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.admin.words import LIMIT, compared


def plain(shown: str) -> str:
    return html.unescape(re.sub(r"<[^<>]*>", "", shown))


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Ivar Smilga", "Ivar Tenisovich", "Ivar <del>Smilga</del>", "Ivar <ins>Tenisovich</ins>"),
        ("", "New", "", "<ins>New</ins>"),
        ("Old", "", "<del>Old</del>", ""),
        ("same", "same", "same", "same"),
        ("one two", "one big two", "one two", "one <ins>big </ins>two"),
        # What only a space parts is one change, not three.
        ("a red fox ran", "a sly cat ran", "a <del>red fox</del> ran", "a <ins>sly cat</ins> ran"),
        # Nothing in common: one after the other.
        ("alpha, beta", "gamma; delta", "<del>alpha, beta</del>", "<ins>gamma; delta</ins>"),
        # Scripts without spaces are compared by character.
        ("東京の夜", "東京の朝", "東京の<del>夜</del>", "東京の<ins>朝</ins>"),
        # Markup is one word, and text.
        ("<p>a</p>", "<p>b</p>", "&lt;p&gt;<del>a</del>&lt;/p&gt;",
         "&lt;p&gt;<ins>b</ins>&lt;/p&gt;"),
        ("<script>", "a <script>", "&lt;script&gt;", "<ins>a </ins>&lt;script&gt;"),
    ],
)  # fmt: skip
def test_what_differs_is_marked_and_escaped(old: str, new: str, before: str, after: str) -> None:
    pair = compared(old, new)
    assert (pair.before, pair.after) == (before, after)


def test_what_nobody_sees_is_named() -> None:
    pair = compared("10 000 copies", "10\u00a0000 copies")
    assert "[no-break space]" in pair.after
    # A no-break space that stays is no news.
    assert "no-break" not in compared("10\u00a0000 a", "10\u00a0000 b").after


def test_no_character_turns_the_text_around_it() -> None:
    for turning in "\u202e\u2066\u200f\u061c":
        for pair in (compared("", f"a{turning}b"), compared(f"{turning}a b", f"{turning}a c")):
            assert turning not in pair.before + pair.after
            assert "unseen" in pair.after


def test_a_long_text_shows_its_changes_only() -> None:
    words = [f"word{number}" for number in range(200_000)]
    changed = words[:]
    changed[100_000] = "other"
    pair = compared(" ".join(words), " ".join(changed))
    assert "<del>word100000</del>" in pair.before
    assert "<ins>other</ins>" in pair.after
    assert len(pair.before) < 300
    assert not pair.is_cut


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 400_000, "b " * 400_000),
        ("x" * 5_000_000, "y" * 5_000_000),
        (" ".join(map(str, range(30_000))), " ".join(map(str, range(30_000, 0, -1)))),
        ("<p>" * 300_000, "</p>" * 300_000),
    ],
    ids=["words", "one word", "reversed", "markup"],
)
def test_a_hostile_text_takes_bounded_room(old: str, new: str) -> None:
    pair = compared(old, new)
    assert pair.is_cut
    assert len(plain(pair.before)) <= LIMIT + 10
    assert len(plain(pair.after)) <= LIMIT + 10


@given(st.text(alphabet="ab <>&\n.é", max_size=60), st.text(alphabet="ab <>&\n.é", max_size=60))
def test_nothing_is_lost(old: str, new: str) -> None:
    pair = compared(old, new)
    assert (plain(pair.before), plain(pair.after)) == (old, new)
    if old != new:
        assert "<del>" in pair.before or "<ins>" in pair.after
