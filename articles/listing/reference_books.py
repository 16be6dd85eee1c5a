"""Books among bibliographic references: a title, and place, publisher and year behind it."""

import re

from articles.listing.by_line import Reading
from articles.listing.dates import PrintedDate
from articles.listing.reference_parts import Draft, sentences
from articles.listing.reference_tails import Tail

_PLACE_AND_YEAR = re.compile(
    r"[.!?]\s(?:[–—]\s)?(?P<rest>(?:(?:[МЛКН]|СПб)\.\s?:\s?)?[^\W\d_a-zà-öø-ÿа-яё]"
    r"[^.!?]{0,80}?(?::\s[^.,]{2,60})?)[,\s]\s?(?P<year>[12][0-9]{3})(?:\.|\Z)"
)


def title_and_notes(draft: Draft, start: int, end: int) -> None:
    """Take a title, its subtitle, and the notes on translators behind them."""
    last = end
    for _, behind, _ in sentences(draft.text, start, end):
        stop = draft.note(behind, end)
        if stop > behind:
            last = min(last, behind)
            if draft.past(stop, end) < end:
                draft.rest(stop, end)
            break
    draft.titled(start, last, parted=True)


def book(draft: Draft, start: int) -> Reading | None:
    """Take a title, and behind it place, publisher and year."""
    place = None
    for match in _PLACE_AND_YEAR.finditer(draft.text, start, draft.end):
        place = match
    if place is None:
        return None
    if draft.date is None:
        year = PrintedDate(int(place["year"]), None, None, *place.span("year"))
        draft.date = year
        draft.pieces.append((year.start, year.end, "date"))
    cut = place.start() if draft.text[place.start()] == "." else place.start() + 1
    title_and_notes(draft, start, cut)
    draft.rest(*place.span("rest"))
    if draft.past(place.end(), draft.end) < draft.end:
        tail = Tail(draft.text, place.end(), draft.end, draft.day_first, date=draft.date).peel()
        draft.pieces += tail.pieces
        draft.rest(draft.past(place.end(), tail.end), tail.end)
    return draft.reading()
