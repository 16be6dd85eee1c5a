"""Headings of a body follow each other level by level."""

import re

import pytest

from articles.citing.outline import outlined
from articles.cleaning import clean_html


def levels(body: str) -> str:
    """Return the levels of the headings in *body*, one digit each."""
    return "".join(re.findall(r"<h([1-6])", body))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("", ""),
        ("2", "2"),
        ("3", "2"),
        ("333", "222"),
        ("434", "223"),
        ("2323", "2323"),
        ("24", "23"),
        ("2443", "2333"),
        ("342", "232"),
        ("4324", "2223"),
    ],
)
def test_no_level_is_left_out(given: str, shown: str) -> None:
    body = clean_html("".join(f"<h{level}>A</h{level}><p>B</p>" for level in given))
    assert levels(outlined(body)) == shown


def test_beginnings_and_ends_agree_and_all_else_stays() -> None:
    body = clean_html('<h3 lang="de">Nebel &lt;h3&gt;</h3><p>Text.</p><h4>Bank</h4><h3>See</h3>')
    assert outlined(body) == (
        '<h2 lang="de">Nebel &lt;h3&gt;</h2><p>Text.</p><h3>Bank</h3><h2>See</h2>'
    )


def test_what_may_be_wider_than_the_page_is_a_stop() -> None:
    body = clean_html("<pre>a &lt;table&gt; b</pre><table><tr><td>1</td></tr></table><p>Text.</p>")
    assert outlined(body) == (
        '<pre tabindex="0">a &lt;table&gt; b</pre>'
        '<table tabindex="0"><tbody><tr><td>1</td></tr></tbody></table><p>Text.</p>'
    )
