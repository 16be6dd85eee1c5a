"""A name that byline and text spell in two ways."""

import re
from collections.abc import Iterable

from rapidfuzz.distance import DamerauLevenshtein

from articles.folding import fold
from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts, in_field
from articles.review.suggesting import set_field

#: The word after a first name, and the word before a family name.
_AFTER = re.compile(r"\s+([^\W\d_][\w’'-]*)")
_BEFORE = re.compile(r"(?<![\w’'-])([^\W\d_][\w’'-]{0,60})\s{1,3}\Z")
_POSSESSIVE = re.compile(r"(?<=\w)(?:[’']s|[’'-])$")
#: Shorter names are too easily one letter apart from another name.
_SHORTEST = 5


class NameSpelledTwice(Check):
    code = "name-spelled-twice"
    title = "A name spelled in two ways"
    explanation = (
        "The text has a name that differs from the byline by a letter or an accent. One click gives"
        " the text the spelling of the byline; if the text is right, correct byline and credit."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        for credit in article.credits:
            words = credit.name.split()
            if credit.kind != "person" or len(words) < 2:
                continue
            first, last = words[0], words[-1]
            for name, text in article.texts():
                if (first in text or last in text) and (found := _near(first, last, text)):
                    start, end, seen, wanted = found
                    yield Doubt(
                        f"The byline has “{credit.name}”, the {name} “{seen}”.",
                        f"{name}\n{credit.name}\n{seen}",
                        in_field(name, text, start, end),
                        set_field(name, text, text[:start] + wanted + text[end:]),
                    )
                    break


def _near(first: str, last: str, text: str) -> tuple[int, int, str, str] | None:
    """Return where *text* has nearly this name: start, end, what stands there, what should."""
    for known, wanted, is_first in ((first, last, True), (last, first, False)):
        at = text.find(known)
        while at >= 0:
            end = at + len(known)
            is_word = not (text[max(0, at - 1) : at].isalnum() or text[end : end + 1].isalnum())
            if is_word and is_first and (found := _AFTER.match(text, end)):
                seen = _POSSESSIVE.sub("", found[1])
                start, stop = at, found.start(1) + len(seen)
            elif is_word and not is_first and (found := _BEFORE.search(text, max(0, at - 64), at)):
                seen = found[1]
                start, stop = found.start(1), end
            else:
                seen, start, stop = wanted, at, end
            if _is_other_spelling(seen, wanted):
                return start, stop, text[start:stop], f"{first} {last}"
            at = text.find(known, end)
    return None


def _is_other_spelling(seen: str, wanted: str) -> bool:
    # Capitals throughout are a style, no spelling.
    if seen == wanted or not seen[0].isupper() or (seen.isupper() and len(seen) > 1):
        return False
    return fold(seen) == fold(wanted) or _is_slip(seen, wanted)


def _is_slip(seen: str, wanted: str) -> bool:
    """Whether the two are one name, mistyped: one letter off, two in a long name."""
    one, two = fold(seen), fold(wanted)
    shorter = min(len(one), len(two))
    if shorter < _SHORTEST:
        return False
    limit = 1 if shorter < 7 else 2
    return 0 < DamerauLevenshtein.distance(one, two, score_cutoff=limit) <= limit
