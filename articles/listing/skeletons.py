"""Lines of a page without what differs from one to the next: numbers, months, what stands behind a
sign. What is left comes again.
"""

import re
from collections.abc import Mapping

from articles.folding import fold
from articles.listing.calendar_words import MONTHS
from articles.listing.date_edges import MAY_DATE

_NUMBER = re.compile(r"[0-9][0-9.,\u00a0\u202f ]*[0-9]|[0-9]")
# Names of months, also glued to a word: "EditionAugust".
_MONTH = re.compile("|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)))
_WORDS = re.compile(r"[^\W\d_]{3}")
#: Longest line of a page, and longest credit.
LONGEST, LONGEST_CREDIT = 80, 160
#: Words that a count has beside its number at most.
_MOST_WORDS = 5


def folded_line(text: str) -> str:
    """Return *text* folded; "" for a text, which is no line of a page."""
    return fold(text) if len(text) <= LONGEST_CREDIT else ""


def skeleton(text: str) -> str:
    """Return *text* folded, with a sign for each number."""
    return _NUMBER.sub("#", folded_line(text))


def dated_skeleton(text: str) -> str:
    """Return the words beside the date of *text*, folded, with a sign for months and numbers; ""
    where there is no date, or nothing beside it.
    """
    if len(text) > LONGEST or MAY_DATE.search(text) is None:
        return ""
    found = _MONTH.sub("#", skeleton(text))
    return found if _WORDS.search(found) is not None else ""


def head_of(text: str) -> str:
    """Return what stands before the first sign that parts a line in two; "" where none does."""
    before, sign, _ = text.partition(" | ")
    # "3 May | The ferry stops" says when.
    is_day = sign and _WORDS.search(_MONTH.sub("#", skeleton(before))) is None
    return f"{skeleton(before)} |" if sign and not is_day else ""


def key_of(text: str, heads: Mapping[str, int], least: float) -> str:
    """Return what *text* has in common with others: what stands before its first sign, or all."""
    found = head_of(text)
    return found if found and heads[found] >= least else skeleton(text)


def is_count(key: str) -> bool:
    """Tell whether a skeleton is a number with a few words: "3 comments", "1 204"."""
    return "#" in key and len(key.replace("#", " ").split()) <= _MOST_WORDS
