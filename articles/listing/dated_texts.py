"""A date, or a byline and a date, glued before a headline or a standfirst."""

import re

from articles.listing.bare_names import bare_name
from articles.listing.bylines import looks_like_byline
from articles.listing.credit_edges import BEFORE, PREFIX, SPACES
from articles.listing.dates import PrintedDate, date_at_start, shifted
from articles.listing.forms import Form
from articles.listing.records import Piece

_GLUED_MIDDLE = re.compile(
    r"(?P<date>[0-9]{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?[12][0-9]{3}"
    r"|[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
    r"|[^\W\d_]{3,9}\s[0-9]{1,2},\s[12][0-9]{3})(?P<gap>\s*[-–—:|·.]\s+|(?=[^\W\d_a-z])"
    r"|(?=[“\"«‘(]))"
)
# A day, and the year that follows: without these there is no such date.
_DAY_AND_YEAR = re.compile(
    r"[0-9](?:\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?[12][0-9]{3}|[0-9]{3}-[0-9]{2}-[0-9]"
    r"|,\s[12][0-9]{3})"
)
_TIMED = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?(?=\s+\S)"
)
_MOST_OF_PLACE = 4
#: What a whole date in figures before a text weighs: hardly any text begins with one.
_FIGURES = 1.0
_AFTER = SPACES + ",;|·•–—-)]/:."
_LONGEST_BYLINE = 200


def with_text(text: str, prefix: re.Match[str] | None, day_first: bool | None) -> list[Form]:
    """Read a date, or a byline and a date, with a headline or a standfirst behind it."""
    start = prefix.end() if prefix else len(text) - len(text.lstrip())
    timed = _TIMED.match(text, start)
    if timed is not None and prefix is None:
        date = date_at_start(text[: timed.end()], day_first)
        if date is not None:
            return _date_and_text(text, date, _from(text, timed.end()), 3.0)
    match = None
    if _DAY_AND_YEAR.search(text, start, start + _LONGEST_BYLINE) is not None:
        match = _GLUED_MIDDLE.search(text, start, start + _LONGEST_BYLINE)
    if match is not None and prefix is None and date_at_start(text[: match.end()], day_first):
        opening = date_at_start(text[: match.end("date")], day_first)
        if opening is not None and opening.end == match.end("date") and opening.weekday is not None:
            return _date_and_text(text, opening, _from(text, match.end()), 3.0)
    if match is None:
        if prefix is not None:
            return []
        date = date_at_start(text, day_first)
        if date is None:
            return []
        rest = date.end + len(text[date.end :]) - len(text[date.end :].lstrip(_AFTER))
        if rest >= len(text.rstrip()):
            return []
        parted = text[date.end : rest].strip() != ""
        weight = 1.5 if parted else _FIGURES if date.figures else -0.5
        if date.day is None and not date.figures:
            if not parted:
                return []
            weight = 0.4
        return _date_and_text(text, date, rest, weight)
    read = date_at_start(match["date"], day_first)
    if read is None:
        return []
    date = shifted(read, match.start("date"))
    rest = _from(text, match.end())
    before = text[start : date.start].rstrip(BEFORE)
    if rest >= len(text.rstrip()):
        return []
    weight = 3.0
    if not before:
        return _date_and_text(text, date, rest, weight)
    if prefix is None and before.isupper() and len(before.split()) <= _MOST_OF_PLACE:
        # "VELL, May 6, 2022 — A ferry sank": a place, as agencies print it.
        behind: Piece = (rest, len(text.rstrip()), "standfirst")
        return [Form("DF", weight + 1.0, ((date.start, date.end, "date"), behind), date)]
    if not looks_like_byline(before) or (prefix is None and bare_name(before) is None):
        return []
    pieces: tuple[Piece, ...] = (
        (start, start + len(before), "byline"),
        (date.start, date.end, "date"),
        (rest, len(text.rstrip()), "standfirst"),
    )
    return [Form("BDF", weight + (4.0 if prefix else 1.0), pieces, date, before)]


def _from(text: str, start: int) -> int:
    """Return where, from *start* on, the text goes on behind white space."""
    return start + len(text[start:]) - len(text[start:].lstrip())


def _date_and_text(text: str, date: PrintedDate, rest: int, weight: float) -> list[Form]:
    end = len(text.rstrip())
    if rest >= end:
        return []
    dated: Piece = (date.start, date.end, "date")
    found = [
        Form("DF", weight, (dated, (rest, end, "standfirst")), date),
        Form("DH", weight, (dated, (rest, end, "headline")), date),
    ]
    prefix = PREFIX.match(text, rest)
    start = prefix.end() if prefix else rest
    name = 3.0 if prefix and looks_like_byline(text[start:end]) else bare_name(text[start:end])
    if name is not None:
        pieces: tuple[Piece, ...] = (dated, (start, end, "byline"))
        found.append(Form("DB", 3.0 + name, pieces, date, text[start:end]))
    return found
