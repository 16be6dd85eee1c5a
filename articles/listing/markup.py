"""Marks of lightweight markup, which belong to no field: "## Headline", "**Headline**", "[A](…)".

They are blanked out before a line is read, so that every place in it stays what it was.
"""

import re
from functools import lru_cache

_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<mark>\*\*|__|\*|_)(?=[^\s*_])[^\n]{0,400}?[^\s*_](?P=mark)(?![\w*])"
)
_LINK = re.compile(r"\[(?P<text>[^\[\]]{2,300})\]\(https?://[^\s()]{1,500}\)")
_MARK = re.compile(r"[#*_\[]")
_LONGEST = 1_000


def without_marks(text: str) -> str:
    """Return *text* with spaces for its marks, as long as before."""
    if _MARK.search(text) is None or len(text) > _LONGEST:
        return text
    return _without_marks(text)


@lru_cache(maxsize=500)
def _without_marks(text: str) -> str:
    heading = _HEADING.match(text)
    if heading is not None:
        text = " " * heading.end() + text[heading.end() :]
    text = _LINK.sub(_of_link, text)
    return _EMPHASIS.sub(_of_emphasis, text)


def _of_link(match: re.Match[str]) -> str:
    return " " + match["text"] + " " * (len(match[0]) - len(match["text"]) - 1)


def _of_emphasis(match: re.Match[str]) -> str:
    blank = " " * len(match["mark"])
    return blank + match[0][len(blank) : -len(blank)] + blank
