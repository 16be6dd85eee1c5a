"""What differs between two values, word by word, as HTML that is safe to show.

Only what differs is shown, with a little of what stays around it, so that the text of a whole book
takes no more room than its changes do.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from rapidfuzz.distance import LCSseq

#: Markup, words, single characters of scripts without spaces, spaces, and all the rest.
_WORDS = re.compile(
    r"</?[A-Za-z][^<>]*>|[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff"
    r"\uf900-\ufaff]+|[^\S\n]+|\n|.",
    re.DOTALL,
)
#: Words compared with words, at most: 8 MB and a twentieth of a second.
_MOST_PAIRS = 64_000_000
#: Characters of unchanged text that are shown before and after a change, and of each value in all.
REACH, LIMIT = 80, 6_000
#: Texts that have less than this in common are shown one after the other.
_ALIKE = 0.25
#: Characters that no reader sees, or that turn the text around them.
_UNSEEN = re.compile(
    "[\u00a0\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202f\u2060-\u206f\ufeff]"
)
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values: what went out is marked in ``before``, what came in ``after``.

    ``is_cut`` says that not everything that differs is shown.
    """

    before: SafeString
    after: SafeString
    is_cut: bool = False


def compared(old: str, new: str, limit: int = LIMIT) -> Pair:
    """Return *old* and *new* with what differs marked, at most *limit* characters of each."""
    one, two = _WORDS.findall(old), _WORDS.findall(new)
    codes = _codes(one, two)
    left = [("" if same else "del", "".join(one[a:b])) for same, a, b, _c, _d in codes]
    right = [("" if same else "ins", "".join(two[c:d])) for same, _a, _b, c, d in codes]
    before, cut_before = _shown(left, limit)
    after, cut_after = _shown(right, limit)
    return Pair(before, after, cut_before or cut_after)


def inline(old: str, new: str, limit: int = LIMIT) -> SafeString:
    """Return one text in which what went out and what came in stand beside each other."""
    one, two = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[tuple[str, str]] = []
    for same, a, b, c, d in _codes(one, two):
        if same:
            pieces.append(("", "".join(one[a:b])))
            continue
        pieces += [("del", "".join(one[a:b])), ("ins", "".join(two[c:d]))]
    return _shown([piece for piece in pieces if piece[1]], limit)[0]


def _codes(one: Sequence[str], two: Sequence[str]) -> "Codes":
    first, last = _common(one, two)
    codes = [(True, 0, first, 0, first)]
    codes += _middle(one, two, first, last)
    codes.append((True, len(one) - last, len(one), len(two) - last, len(two)))
    return _joined(codes, one)


#: Whether words are the same, and from where to where they stand in the one and the other text.
Codes = list[tuple[bool, int, int, int, int]]


def _common(one: Sequence[str], two: Sequence[str]) -> tuple[int, int]:
    """Return how many words both begin with, and how many of the rest both end with."""
    shortest = min(len(one), len(two))
    first = next((place for place in range(shortest) if one[place] != two[place]), shortest)
    rest = shortest - first
    last = next((place for place in range(rest) if one[-1 - place] != two[-1 - place]), rest)
    return first, last


def _middle(one: Sequence[str], two: Sequence[str], first: int, last: int) -> Codes:
    """Return how what lies between the common ends differs."""
    left, right = one[first : len(one) - last], two[first : len(two) - last]
    whole = [(False, first, first + len(left), first, first + len(right))]
    if not left or not right or len(left) * len(right) > _MOST_PAIRS:
        return whole
    codes: Codes = [
        (
            code.tag == "equal",
            first + code.src_start, first + code.src_end,
            first + code.dest_start, first + code.dest_end,
        )
        for code in LCSseq.opcodes(left, right)
    ]  # fmt: skip
    kept = sum(len(word) for same, a, b, _c, _d in codes if same for word in one[a:b])
    longest = max(sum(map(len, left)), sum(map(len, right)))
    return codes if first or last or kept >= _ALIKE * longest else whole


def _joined(codes: Codes, one: Sequence[str]) -> Codes:
    """Return *codes* with changes joined that only spaces or punctuation part."""
    joined: Codes = []
    for place, (same, a, b, c, d) in enumerate(codes):
        inside = 0 < place < len(codes) - 1
        is_same = same and not (inside and not any(map(str.isalnum, "".join(one[a:b]))))
        if a == b and c == d:
            continue
        if joined and joined[-1][0] == is_same:
            _same, start, _b, start_two, _d = joined[-1]
            joined[-1] = (is_same, start, b, start_two, d)
        else:
            joined.append((is_same, a, b, c, d))
    return joined


_FORMS = {"": "{}", "del": "<del>{}</del>", "ins": "<ins>{}</ins>"}


def _shown(pieces: Sequence[tuple[str, str]], limit: int) -> tuple[SafeString, bool]:
    """Return pieces, each with its element or none, as HTML, and whether some were left out."""
    room = limit
    shown: list[tuple[SafeString]] = []
    for place, (element, text) in enumerate(pieces):
        if not element:
            text = _around(text, is_first=not place, is_last=place == len(pieces) - 1)
        if not text:
            continue
        if room <= 0:
            return format_html_join("", "{}", [*shown, ("…",)]), True
        is_long = len(text) > room
        text = text[:room] if is_long else text
        room -= len(text)
        html = format_html(_FORMS[element], visible(text, all_of_it=bool(element)))
        shown.append((html,))
        if is_long:
            return format_html_join("", "{}", [*shown, ("…",)]), True
    return format_html_join("", "{}", shown), False


def _around(text: str, *, is_first: bool, is_last: bool) -> str:
    """Return what of an unchanged *text* is shown: the ends that touch a change."""
    if is_first and is_last:
        return text if len(text) <= 2 * REACH else text[: 2 * REACH] + " …"
    if is_first:
        return text if len(text) <= REACH else "… " + text[-REACH:]
    if is_last:
        return text if len(text) <= REACH else text[:REACH] + " …"
    return text if len(text) <= 2 * REACH else f"{text[:REACH]} … {text[-REACH:]}"


def visible(text: str, *, all_of_it: bool = True) -> SafeString:
    """Return *text* with the names of characters that nobody sees, or only of those that could
    turn the text beside them."""
    unseen = _UNSEEN if all_of_it else _TURNING
    parts: list[tuple[SafeString | str]] = []
    end = 0
    for found in unseen.finditer(text):
        name = unicodedata.name(found.group(), "").lower()
        parts += [
            (text[end : found.start()],),
            (format_html('<span class="unseen">[{}]</span>', name or f"U+{ord(found[0]):04X}"),),
        ]
        end = found.end()
    return format_html_join("", "{}", [*parts, (text[end:],)])
