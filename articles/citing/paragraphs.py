"""Addresses of paragraphs: ``/a/<key>/#p-7k3fq``, and ``#p12`` for the twelfth as it stands. Pure.

The first kind is made of the paragraph's own beginning, so it goes on leading there when paragraphs
elsewhere are added, taken out or changed, and when the rest of this one is. Paragraphs that
begin alike are told apart by their order among themselves (``p-7k3fq-2``). Only when a paragraph's
first words change does its address end; a link to it then leads to the top of the article.
"""

import hashlib
import html
import re
from collections.abc import Callable

from articles.folding import fold
from articles.public_keys import ALPHABET

#: How many words a paragraph's address is made of, and how much text is read for them.
WORDS = 10
_READ = 2000
#: Base 32 digits of an address: 25 bits, so that of 1,000 paragraphs hardly two ever clash, and
#: those that do are told apart by their order.
_DIGITS = 5

# A cleaned body is what nh3 wrote: every bracket in it that opens a tag is one, and values stand in
# double quotes. Links matter because none may stand inside another.
_TAG = re.compile(r'<(/?)(p|a)((?: [a-z-]+="[^"]*")*)>')
_ANY_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')
_WORD = re.compile(r"\w+")


def paragraph_name(inner: str) -> str:
    """Return the name of a paragraph by its cleaned HTML; ``""`` if there is no word in it."""
    text = html.unescape(_ANY_TAG.sub("", inner[:_READ]))
    words = _WORD.findall(fold(text))[:WORDS]
    if not words:
        return ""
    digest = hashlib.sha256(" ".join(words).encode()).digest()
    number = int.from_bytes(digest[:4])
    digits = [ALPHABET[number >> 5 * place & 31] for place in range(_DIGITS)]
    return f"p-{''.join(digits)}"


def with_anchors(body: str, label: Callable[[int], str]) -> str:
    """Return a cleaned *body* in which each paragraph has its address and a link to it.

    *label* gives the name of the link for a paragraph's number, as plain text. Text and markup of
    the body stay as they are.
    """
    pieces: list[str] = []
    seen: dict[str, int] = {}
    copied = ordinal = links = 0
    opened: re.Match[str] | None = None
    name = ""
    for tag in _TAG.finditer(body):
        closes, element, attributes = tag.groups()
        if element == "a":
            links += -1 if closes else 1
        elif not closes and not links:
            end = body.find("</p>", tag.end())
            name = paragraph_name(body[tag.end() : end if end >= 0 else None])
            opened = tag if name else None
            if name:
                ordinal += 1
                seen[name] = seen.get(name, 0) + 1
                name = name if seen[name] == 1 else f"{name}-{seen[name]}"
                # The number stands at the beginning, so that it leads there.
                begin = f'<p id="{name}"{attributes}><span id="p{ordinal}"></span>'
                pieces += [body[copied : tag.start()], begin]
                copied = tag.end()
        elif closes and opened is not None:
            pieces += [body[copied : tag.start()], _link(name, label(ordinal))]
            copied, opened = tag.start(), None
    pieces.append(body[copied:])
    return "".join(pieces)


def _link(name: str, label: str) -> str:
    return f'<a class="anchor" href="#{name}" aria-label="{html.escape(label)}">¶</a>'
