"""The JSON of a plan file, read entry by entry: the entries of a listing go into a spool. Pure."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from articles.importing.records import Values
from articles.importing.spool import Spool, as_it_is

_SPACE = re.compile(r"[ \t\n\r]*")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def read(text: str) -> Values:
    """Return the object that *text* is, in which the ``entries`` of each of the ``listings`` are a
    `Spool`.

    Raises `json.JSONDecodeError`, `ValueError` for what is no number of JSON, `RecursionError`.
    """
    reader = _Reader(text)
    found: Values = {}
    for name in reader.names():
        found[name] = _listings(reader) if name == "listings" else reader.value()
    reader.end()
    return found


def _listings(reader: "_Reader") -> Any:
    if not reader.is_at("["):
        return reader.value()
    return [_listing(reader) for _place in reader.places()]


def _listing(reader: "_Reader") -> Any:
    if not reader.is_at("{"):
        return reader.value()
    found: Values = {}
    for name in reader.names():
        if name != "entries" or not reader.is_at("["):
            found[name] = reader.value()
            continue
        entries: Spool[Any] = Spool(as_it_is, as_it_is)
        entries.extend(reader.value() for _place in reader.places())
        found[name] = entries
    return found


class _Reader:
    """Goes through a text of JSON. Who iterates over names or places reads the value of each."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def value(self) -> Any:
        """Return the value that stands here."""
        self._skip()
        value, self._at = _DECODER.raw_decode(self._text, self._at)
        return value

    def names(self) -> Iterator[str]:
        """Yield the names of the object that stands here."""
        for _place in self._members("{", "}"):
            name = self.value()
            if not isinstance(name, str):
                self._fail("Expecting property name enclosed in double quotes")
            self._take(":")
            yield name

    def places(self) -> Iterator[int]:
        """Yield the places of the list that stands here, from nought."""
        return self._members("[", "]")

    def is_at(self, opening: str) -> bool:
        """Whether what stands here begins so."""
        self._skip()
        return self._text.startswith(opening, self._at)

    def end(self) -> None:
        """Make sure that nothing follows."""
        self._skip()
        if self._at < len(self._text):
            self._fail("Extra data")

    def _members(self, opening: str, closing: str) -> Iterator[int]:
        self._take(opening)
        place = 0
        if not self.is_at(closing):
            yield place
            while self.is_at(","):
                self._take(",")
                place += 1
                yield place
        self._take(closing)

    def _take(self, sign: str) -> None:
        if not self.is_at(sign):
            self._fail(f"Expecting '{sign}'")
        self._at += 1

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _fail(self, message: str) -> NoReturn:
        raise json.JSONDecodeError(message, self._text, self._at)
