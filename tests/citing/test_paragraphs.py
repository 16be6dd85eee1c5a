"""Addresses of paragraphs: there for each, and the same after edits elsewhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.citing.paragraphs import with_anchors
from articles.cleaning import clean_html, html_to_text

FIRST, SECOND, THIRD = (
    "<p>The clocks were <em>another</em> matter. A lighthouse of that period needed one.</p>",
    "<p>Visitors, of whom there were nine, describe a tall man who apologised.</p>",
    "<p>He would, I think, have been content.</p>",
)


def anchored(body: str) -> str:
    """Return the body as a page shows it."""
    return with_anchors(clean_html(body), lambda number: f"Paragraph {number}")


def names(body: str) -> list[str]:
    """Return the addresses of the paragraphs, in order."""
    return re.findall(r'<p id="([^"]+)"', anchored(body))


def test_each_paragraph_has_two_addresses_and_a_link() -> None:
    text = anchored(FIRST + SECOND)
    one, two = names(FIRST + SECOND)
    assert re.fullmatch("p-[0-9a-z]{5}", one)
    assert f'<a class="anchor" href="#{one}" aria-label="Paragraph 1">¶</a></p>' in text
    assert f'<a class="anchor" href="#{two}" aria-label="Paragraph 2">¶</a></p>' in text
    assert f'<p id="{one}"><span id="p1"></span>The clocks were <em>another</em> matter' in text
    assert f'<p id="{two}"><span id="p2"></span>Visitors' in text


def test_edits_elsewhere_change_no_address() -> None:
    before = names(FIRST + SECOND + THIRD)
    for edited in (
        "<p>New at the top.</p>" + FIRST + SECOND + THIRD,
        FIRST.replace("another", "a different") + SECOND + "<p>New.</p>" + THIRD,
        "<h2>Then</h2>" + SECOND + FIRST + THIRD,
    ):
        assert {before[1], before[2]} <= set(names(edited))
    assert len(set(before)) == 3


def test_the_end_of_a_paragraph_marks_case_and_links_do_not_count() -> None:
    (plain,) = names(SECOND)
    (other,) = names(
        "<blockquote><p>visitors – of <strong>whom</strong> there were nine: describe a “tall” man"
        ' and <a href="https://example.org/">more</a>.</p></blockquote>'
    )
    assert plain == other
    assert names("<p>Gomułka spoke.</p>") == names("<p>Gomulka spoke?</p>")


def test_equal_beginnings_are_told_apart() -> None:
    one, two, three = names(SECOND + THIRD + SECOND)
    assert three == f"{one}-2"
    assert two != one


def test_no_word_no_address_and_no_link_in_a_link() -> None:
    assert names("<p>***</p><p> </p>") == []
    linked = '<a href="https://example.org/"><p>Inside a link</p></a>'
    assert "anchor" not in with_anchors(linked, str)


@pytest.mark.parametrize("text", ["日本語の段落です。", "كانت المنارة مظلمة", "Колокол звонил"])
def test_every_script_has_addresses(text: str) -> None:
    assert len(names(f"<p>{text}</p>")) == 1


PIECES = [
    "<p>", "</p>", "<a href='x'>", "</a>", "<blockquote>", "<em>", "a", "b c", "&lt;p&gt;", "<td>",
    "<table>", '<p lang="a>b">', "&amp;",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_words_and_markup_stay_whatever_nests(pieces: list[str]) -> None:
    body = clean_html("".join(pieces))
    shown = with_anchors(body, str)
    bare = re.sub(r'<a class="anchor"[^>]*>¶</a>|<span id="p\d+"></span>', "", shown)
    assert re.sub(r'<p id="[^"]*"', "<p", bare) == body
    assert html_to_text(bare) == html_to_text(body)
    ids = re.findall(r' id="([^"]*)"', shown)
    assert len(ids) == len(set(ids))
