"""JSON with places: what stands where in the text, read once and bounded."""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")


class BadJson(ValueError):
    """Text that is no JSON, with the reason in words."""


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise BadJson("a number of too many digits")
    return int(digits)


def _refuse(name: str) -> Any:
    raise BadJson(f"{name} is no number that JSON has")


_DECODER = json.JSONDecoder(parse_int=_whole, parse_constant=_refuse)


def decode(text: str) -> Any:
    """Return the value of *text*; raise `BadJson` with the line."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadJson(f"line {error.lineno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise BadJson("nested too deep") from error


def members(text: str, path: Sequence[str | int] = ()) -> Iterator[tuple[Any, int, int]]:
    """Yield the members of the list at *path* in valid JSON, each with its start and end.

    A path is of names of objects and places in lists; what is not there has no members.
    """
    position = _skip(text, 0)
    for step in path:
        found = None
        for name, start in _walk(text, position):
            if name == step:
                found = start
                break
        if found is None:
            return
        position = found
    if text[position : position + 1] != "[":
        return
    for _, start in _walk(text, position):
        value, end = _DECODER.raw_decode(text, start)
        yield value, start, end


def _walk(text: str, position: int) -> Iterator[tuple[str | int, int]]:
    """Yield name or place, and start, of each member of the object or list at *position*."""
    opening = text[position : position + 1]
    if opening not in ("{", "["):
        return
    closing = "}" if opening == "{" else "]"
    position = _skip(text, position + 1)
    place = 0
    while text[position] != closing:
        name: str | int = place
        if opening == "{":
            name, position = _DECODER.raw_decode(text, position)
            position = _skip(text, _skip(text, position) + 1)
        yield name, position
        _, position = _DECODER.raw_decode(text, position)
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)
        place += 1


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


class Lines:
    """Tells in which line of a text a place stands."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def of(self, position: int) -> int:
        """Return the line, from 1, of a place in the text."""
        return bisect_right(self._ends, position - 1) + 1

    @property
    def count(self) -> int:
        return len(self._ends) + 1
