"""Finding words in texts of any form, and leaving them out. Pure.

Words are compared folded: without case, accents and invisible characters. Between two words of a
phrase anything may stand that is no word: spaces, hyphens (so that a slug holds it too), a line
break, markup. In HTML, marks inside a word do not divide it; entities, and the escapes of JSON,
are what they stand for.
"""

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote, unquote

from articles.folding import fold

#: What stands where something was removed, in a text and in an address.
MARK = "[…]"
ADDRESS_MARK = "removed"

# Scripts without spaces: each character is a word, so that a name is found inside a sentence.
_IDEOGRAMS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# Combining marks, and what nobody sees: soft hyphens, joiners.
_INSIDE = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_WORD = re.compile(rf"[{_IDEOGRAMS}]|(?:[^\W_{_IDEOGRAMS}]|[{_INSIDE}])+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_PIECE = re.compile(
    r"<!--.*?-->|</?([A-Za-z][A-Za-z0-9]*)[^<>]*>"
    r"|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);"
    r"|\\(?:u[0-9a-fA-F]{4}|[nrt\"/\\])|[^<&\\]+|.",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(=\s*\\?[\"'])([^\"'<>]*)")
_MARKUP = re.compile(r"<[A-Za-z/!]|&(?:#|[A-Za-z])|\\(?:u[0-9a-fA-F]{4}|[nrt\"/])")
# What an address may be in a text, and what stands for a character in it.
_RUN, _ENCODED = re.compile(r"[^\s<>\"']+"), re.compile("%[0-9A-Fa-f]{2}")
#: Elements that divide no word.
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "i", "ins", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "u", "wbr",
}  # fmt: skip


class Recogniser(Protocol):
    """Knows what is to be found without knowing what it says."""

    def at(self, words: Sequence[str], place: int) -> int:
        """Return how many words of what is looked for stand at *place* of *words*; nought if
        none does."""


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    return fold(word.translate(_INVISIBLE))


def words_of(text: str) -> list[str]:
    """Return the folded words of *text*; of HTML, those that a reader sees."""
    plain = _flat(text)[0] if _MARKUP.search(text) else text
    return [folded for match in _WORD.finditer(plain) if (folded := _folded(match[0]))]


def blank(text: str, recogniser: Recogniser, mark: str = MARK) -> str:
    """Return *text* with *mark* where the words stood that *recogniser* knows."""
    if _MARKUP.search(text):
        plain, starts, ends = _flat(text)
        text = _without(text, plain, recogniser, mark, starts, ends)
        text = _PIECE.sub(lambda piece: _in_tag(piece, recogniser), text)
    else:
        text = _without(text, text, recogniser, mark)
    if _ENCODED.search(text):
        text = _RUN.sub(lambda run: _in_address(run[0], recogniser), text)
    return text


def blank_value(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON *value* with *change* made to every text in it, the names of fields too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [blank_value(item, change) for item in value]
    if isinstance(value, dict):
        return {change(name): blank_value(item, change) for name, item in value.items()}
    return value


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a JSON *value*."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from texts_in(item)


def is_only_mark(text: str) -> bool:
    """Whether nothing but what stands for removed words is left of *text*."""
    return MARK in text and not words_of(text.replace(MARK, " "))


def _in_address(run: str, recogniser: Recogniser) -> str:
    """Leave the words out of an address that spells characters as ``%E9``."""
    if not _ENCODED.search(run):
        return run
    spelled_out = unquote(run)
    left = _without(spelled_out, spelled_out, recogniser, ADDRESS_MARK)
    return run if left == spelled_out else quote(left, safe="/?&=:#.,-_~+;@!$()*")


def _in_tag(piece: "re.Match[str]", recogniser: Recogniser) -> str:
    """Leave the words out of the attributes of a tag: addresses, titles, descriptions."""
    if piece[1] is None and not piece[0].startswith("<!--"):
        return piece[0]
    return _ATTRIBUTE.sub(
        lambda match: match[1] + blank(match[2], recogniser, ADDRESS_MARK), piece[0]
    )


def _escaped(piece: str) -> str:
    """Return what an entity, or an escape of JSON, stands for."""
    if piece.startswith("&"):
        return html.unescape(piece)
    found = json.loads(f'"{piece}"')
    return str(found)


def _flat(text: str) -> tuple[str, list[int], list[int]]:
    """Return what a reader sees of HTML, and where each character of it begins and ends there."""
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in _PIECE.finditer(text):
        first, last = piece.span()
        if piece[1] is not None or piece[0].startswith("<!--"):
            if piece[1] is None or piece[1].lower() not in _INLINE:
                plain.append("\n")
                starts.append(last)
                ends.append(last)
        elif piece[0].startswith(("&", "\\")) and len(piece[0]) > 1:
            for character in _escaped(piece[0]):
                plain.append(character)
                starts.append(first)
                ends.append(last)
        else:
            plain.extend(piece[0])
            starts.extend(range(first, last))
            ends.extend(range(first + 1, last + 1))
    return "".join(plain), starts, ends


def _without(
    text: str,
    plain: str,
    recogniser: Recogniser,
    mark: str,
    starts: Sequence[int] | None = None,
    ends: Sequence[int] | None = None,
) -> str:
    """Return *text*, of which *plain* is what is read, without what is found in that."""
    found = list(_spans(plain, recogniser))
    for first, last in reversed(found):
        if starts is None or ends is None:
            text = f"{text[:first]}{mark}{text[last:]}"
            continue
        # What is markup between the letters stays where it is.
        for place in range(last - 1, first - 1, -1):
            new = mark if place == first else ""
            if place > first and starts[place] == starts[place - 1]:
                continue  # an entity that stands for several characters
            text = text[: starts[place]] + new + text[ends[place] :]
    return text


def _spans(plain: str, recogniser: Recogniser) -> Iterator[tuple[int, int]]:
    """Yield where what *recogniser* knows begins and ends in *plain*."""
    matches = [match for match in _WORD.finditer(plain) if _folded(match[0])]
    words = [_folded(match[0]) for match in matches]
    place = 0
    while place < len(words):
        count = recogniser.at(words, place)
        if count:
            yield matches[place].start(), matches[place + count - 1].end()
        place += count or 1
