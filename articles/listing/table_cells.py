"""Cells of a line of a table: parted by a tab, a semicolon, a comma or a stroke, quoted or not."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

SIGNS = "\t|;,"
_QUOTE = '"'
#: Most cells of a line; what stands behind them is one more.
_MOST_CELLS = 400
_SPACES = " \t\xa0"


class Cell(NamedTuple):
    """Where the value of a cell stands in its line, without quotation marks, and what it is."""

    start: int
    end: int
    value: str


def cells_of(text: str, sign: str) -> list[Cell]:
    """Return the cells of *text*; a quotation mark that opens a cell and closes none is its own."""
    if sign == "|":
        return list(islice(_piped(text), _MOST_CELLS))
    found: list[Cell] = []
    at, quoting = 0, True
    while True:
        start = at
        while start < len(text) and text[start] in _SPACES and text[start] != sign:
            start += 1
        end = -1
        if quoting and text[start : start + 1] == _QUOTE:
            end = _closing(text, start, sign)
            # Where nothing closes it, nothing closes those behind it: each is looked at once.
            quoting = end >= 0
        if end >= 0:
            inside = text[start + 1 : end]
            found.append(Cell(start + 1, end, inside.replace('""', _QUOTE)))
            at = text.find(sign, end + 1)
        else:
            at = text.find(sign, start) if len(found) < _MOST_CELLS else -1
            found.append(_trimmed(text, start, at if at >= 0 else len(text)))
        if at < 0 or len(found) > _MOST_CELLS:
            return found
        at += 1


def is_open(text: str, sign: str) -> bool:
    """Tell whether a quoted cell of *text* goes on in the next line."""
    if sign == "|" or _QUOTE not in text:
        return False
    at = 0
    while 0 <= at < len(text):
        start = at
        while start < len(text) and text[start] in _SPACES and text[start] != sign:
            start += 1
        if text[start : start + 1] == _QUOTE:
            end = _closing(text, start, sign)
            if end < 0:
                # One that is never closed goes on if nothing behind it could have closed it.
                return text.find(_QUOTE, start + 1) < 0 or text.count(_QUOTE, start + 1) % 2 == 0
            at = text.find(sign, end + 1)
        else:
            at = text.find(sign, start)
        at = at + 1 if at >= 0 else -1
    return False


def _closing(text: str, opened: int, sign: str) -> int:
    """Return where the quotation mark stands that closes a cell; -1 if none does."""
    at = text.find(_QUOTE, opened + 1)
    while at >= 0:
        if text[at + 1 : at + 2] == _QUOTE:
            at = text.find(_QUOTE, at + 2)
            continue
        behind = at + 1
        while behind < len(text) and text[behind] in _SPACES and text[behind] != sign:
            behind += 1
        if behind == len(text) or text[behind] == sign:
            return at
        at = text.find(_QUOTE, at + 1)
    return -1


def _piped(text: str) -> Iterator[Cell]:
    """Yield the cells between strokes; those at the edges of the line are its frame."""
    start, stop = _edges(text)
    if text[start : start + 1] == "|":
        start += 1
    if stop > start and text[stop - 1] == "|" and text[stop - 2 : stop - 1] != "\\":
        stop -= 1
    while True:
        at = text.find("|", start, stop)
        while at > 0 and text[at - 1] == "\\":
            at = text.find("|", at + 1, stop)
        cell = _trimmed(text, start, at if at >= 0 else stop)
        yield cell._replace(value=cell.value.replace("\\|", "|"))
        if at < 0:
            return
        start = at + 1


def is_rule(cells: Sequence[Cell]) -> bool:
    """Tell whether *cells* are a line of dashes below a head: "|---|:--:|"."""
    values = [cell.value for cell in cells]
    return any(values) and all(not value.strip(" :-=+") for value in values) and (
        any("--" in value or "==" in value for value in values)
        or all("-" in value for value in values)
    )  # fmt: skip


def _edges(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _trimmed(text: str, start: int, end: int) -> Cell:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Cell(start, end, text[start:end])
