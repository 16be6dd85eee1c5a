"""Headings of an index from A to Z, by the folded key that its rows are sorted by."""

import unicodedata
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar

Row = TypeVar("Row")

#: Scripts with thousands of first letters stand under one heading each.
_TOGETHER = {"CJK": "漢", "HANGUL": "한"}
#: What begins with no letter.
_OTHER = "#"


def letter_of(key: str) -> str:
    """Return the heading of a folded sort key."""
    first = key[:1].upper()
    if not first.isalpha():
        return _OTHER
    return _TOGETHER.get(unicodedata.name(first[0], "").split(" ")[0], first)


def by_letter(rows: Iterable[Row], key: Callable[[Row], str]) -> list[tuple[str, list[Row]]]:
    """Return *rows*, which come sorted, under their headings, each heading once."""
    found: dict[str, list[Row]] = {}
    for letter, group in groupby(rows, key=lambda row: letter_of(key(row))):
        found.setdefault(letter, []).extend(group)
    return list(found.items())
