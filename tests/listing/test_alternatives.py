"""Phrases are told by those that begin as a text does: as if all of them were tried."""

import re
from pathlib import Path

import pytest

from articles.listing import furniture
from articles.listing.alternatives import Phrases

_FOLDERS = ("archives", "dialects", "heldout", "shapes")
_FILES = [file for name in _FOLDERS for file in (Path(__file__).parent / name).rglob("*.txt")]
_FORMS = (
    r"(?:first )?printed|(?:(?:re)?issued|a|the)? sold|[0-9]{1,3} seen|[^a-z]x|\.{3} more"
    r"|e-?mail|(?:no|keine?)(?: yet)?:?|x?y|z{0,2}w|\(c\)|[ab|)]{2}|(?!read)r.{2}d|.k"
)
_TEXTS = (
    "printed", "first printed", "issued sold", "reissued sold", " sold", "the sold", "12 seen",
    "9x", "ax", "... more", "email", "e-mail", "no", "keine yet:", "y", "xy", "w", "zzw", "zw",
    "(c)", "(d)", "ab", "|)", "raid", "read", "ok", "", " ", "firs", "n", "x", "• email", "•• y",
    "  printed  ", "• sold", "12 see",
)  # fmt: skip


@pytest.mark.parametrize("text", _TEXTS)
def test_phrases_are_told_as_if_all_were_tried(text: str) -> None:
    before, behind = r"\s*(?:•\s?)?", r"\s*\Z"
    told = Phrases(before, _FORMS, behind, "•").match(text)
    assert told is (re.match(f"{before}(?:{_FORMS}){behind}", text) is not None)


def test_lines_of_a_page_are_told_as_if_all_phrases_were_tried() -> None:
    line = furniture._LINE
    whole = re.compile(f"{line.before}(?:{'|'.join(line.alternatives)}){line.behind}")
    texts = {text.lower() for file in _FILES for text in file.read_text("utf-8").splitlines()}
    texts |= {text[place:] for text in texts for place in (3, 9)}
    told = {text for text in texts if line.match(text)}
    assert told == {text for text in texts if whole.match(text)}
    assert len(told) > 50
