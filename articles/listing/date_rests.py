"""What stands behind the date of a line in the same words, with other numbers, all over a file.

"24 November 2022 — 7 min leestijd": no list of words knows what every site says behind its
dates, but the file does. Only lines are looked at that cannot be read as they are.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from articles.folding import fold
from articles.listing.credit_edges import tail_of
from articles.listing.credits import credit_lines
from articles.listing.date_edges import MAY_DATE
from articles.listing.dates import date_at_end
from articles.listing.issues import issue_line
from articles.listing.parts import part_at_end

#: Longest line, and longest rest behind a date, that are looked at.
_LONGEST, _LONGEST_REST = 160, 60
#: Where a date may end: at a year or at figures with signs between.
_MAY_END = re.compile(r"(?<![0-9])(?:[12][0-9]{3}|[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2})(?![0-9])")
_NUMBER = re.compile(r"[0-9]+(?:[.,:h][0-9]+)*")
_CREDITS = frozenset(("D", "BD", "DB"))
_EDGES = " ,;|·()[]–—-"
#: Words of a rest at most.
_MOST_WORDS = 6


def rests_of(lines: Iterable[str], least: float) -> frozenset[str]:
    """Return the rests behind the dates of at least *least* of *lines* that are credits without
    them, and cannot be read as such with them.
    """
    times = Counter(found[0] for text in lines if (found := _rest(text)) is not None)
    return frozenset(key for key, often in times.items() if often >= least)


def without_rest(text: str, rests: frozenset[str]) -> str:
    """Return *text* with blanks for what stands behind its date, if that is one of *rests*."""
    found = _rest(text)
    if found is None or found[0] not in rests:
        return text
    return text[: found[1]] + " " * (len(text) - found[1])


def _rest(text: str) -> tuple[str, int] | None:
    """Return the rest of *text* behind its date, folded and without its numbers, and where it
    begins; None if the line can be read as it is, or not without the rest either.
    """
    if len(text) > _LONGEST or MAY_DATE.search(text) is None or _is_credit(text):
        return None
    for end in _ends_of_dates(text):
        behind = text[end:]
        if (
            _NUMBER.search(behind)
            # "Episode 1", "21. Sitzung des Rates": rather a headline.
            and behind.islower()
            and len(behind) <= _LONGEST_REST
            and len(behind.split()) <= _MOST_WORDS
            and tail_of(behind) is None
            and part_at_end(behind) is None
            and issue_line(behind.strip(_EDGES)) is None
            and _is_credit(text[:end])
        ):
            return _NUMBER.sub("#", fold(behind)), end
    return None


def _ends_of_dates(text: str) -> Iterator[int]:
    """Yield where dates in *text* end that have a month."""
    for match in _MAY_END.finditer(text):
        date = date_at_end(text[: match.end()])
        if date is not None and (date.month is not None or date.figures is not None):
            yield date.end


def _is_credit(text: str) -> bool:
    """Tell whether a line is a date, with a byline or without, and nothing else."""
    forms = credit_lines(text, None, frozenset())
    return any(form.date is not None and form.roles in _CREDITS for form in forms)
