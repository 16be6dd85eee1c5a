"""Numbers before the lines of a file: of its entries, of pages, times of day."""

import re
from itertools import pairwise

from articles.folding import fold
from articles.listing.calendar_words import GERMAN
from articles.listing.dates import date_at_start

NUMBER = re.compile(
    r"\s*(?:(?:(?:Ep\.?|Episode|Folge|Épisode|Episodio|Episódio|Puntata|Выпуск|Nr\.|No\.)\s)?#?"
    r"[\[(]?(?P<n>[0-9]{1,4})(?:[\])]\.?|[.:](?=\s)|\s[-–](?=\s)|\t)|#[0-9]{1,5}[.:]?|№\s?[0-9]{1,5}[.:]?)\s*(?=\S)"
)
_PAGE_FIRST = re.compile(
    r"\s*(?:(?:pp?|S|с|p[áa]g|стр)\.\s?)?(?P<n>[0-9]{1,4})(?:\s{2,}|\t|\s[|·]\s)(?=\S)"
)
_TIME_FIRST = re.compile(
    r"\s*(?P<n>[0-9]{1,2})[:.h][0-9]{2}(?:\s?(?:[ap]\.?m\.?|Uhr|h|ч))?(?:\s?[–—:|-]\s|\s+)(?=[^\W\d_]|[“«„‘\"'])"
)
_PAGE_BEFORE = re.compile(r"\s*(?P<n>[0-9]{1,3})\s(?=[“\"«„‘(]?[^\W\d_a-zà-öø-ÿа-яё])")
#: By the names that `numbering` gives; NUMBER for the others.
NUMBERS = {"p": _PAGE_FIRST, "q": _PAGE_BEFORE, "t": _TIME_FIRST}
#: Fewest numbered lines of a file, and of such as count on from one; shares: theirs, in order.
_FEWEST, _COUNTED, _LEAST_NUMBERED, _IN_ORDER = 3, 6, 0.2, 0.6
_DAY_AND_MONTH = re.compile(r"\s*[0-9]{1,2}\.\s(?P<month>[^\W\d_]{3,12})")
_BY_ONE = 0.8


def numbering(lines: list[str]) -> str:
    """Return how *lines* are numbered: "n" or "p" (see `Reader`), "" if they are not."""
    told = [text for text in lines if text and not text.isspace()]
    timed = sum(_TIME_FIRST.match(text) is not None for text in told)
    if timed >= max(_FEWEST, 2 * _LEAST_NUMBERED * len(told)):
        return "t"
    for name, form in (("n", NUMBER), ("p", _PAGE_FIRST), ("q", _PAGE_BEFORE)):
        matches = [match for match in map(form.match, told) if match is not None]
        if name == "q":
            # "3 May 2020" is no page.
            matches = [match for match in matches if date_at_start(match.string) is None]
        numbers = [int(match["n"] or 0) for match in matches]
        if sum(1500 <= number < 2100 for number in numbers) > len(numbers) / 2:
            continue
        counted = len(numbers) >= _COUNTED and numbers == list(range(1, len(numbers) + 1))
        if not counted and len(numbers) < max(_FEWEST, _LEAST_NUMBERED * len(told)):
            continue
        steps = len(numbers) - 1
        rising = sum(one < two for one, two in pairwise(numbers))
        falling = sum(one > two for one, two in pairwise(numbers))
        if max(rising, falling) >= _IN_ORDER * steps or len(set(numbers)) == 1:
            return "N" if name == "n" and _counts(told, numbers) else name
    return ""


def _counts(lines: list[str], numbers: list[int]) -> bool:
    """Tell whether *numbers* count on by one before months that change: "1. May", "2. March"."""
    by_one = sum(abs(one - two) == 1 for one, two in pairwise(numbers))
    if by_one < _BY_ONE * (len(numbers) - 1):
        return False
    dates = [date_at_start(text) for text in lines]
    found = [date for date in dates if date is not None and date.day is not None]
    months = {(date.year, date.month) for date in found}
    words = map(_DAY_AND_MONTH.match, lines)
    # A full stop behind a day is German: "1. avril" is a number and a month.
    foreign = sum(word is not None and fold(word["month"]) not in GERMAN for word in words)
    return len(found) > len(numbers) / 2 and (
        len(months) > len(found) / 4 or foreign > len(found) / 2
    )
