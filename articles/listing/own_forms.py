"""A line in a form of its own, which a dialect states as a regular expression."""

import re

from articles.listing.dates import shifted, whole_date
from articles.listing.forms import Form
from articles.listing.records import Piece


def own_form(match: re.Match[str], day_first: bool | None) -> Form | None:
    """Return the form that a dialect's own regular expression gives; None if its date is none."""
    letters = {
        "kicker": "K", "headline": "H", "subtitle": "S", "byline": "B", "date": "D",
        "standfirst": "F",
    }  # fmt: skip
    pieces: list[Piece] = []
    date = byline = None
    for name, value in match.groupdict().items():
        if value is None or not value.strip():
            continue
        start = match.start(name) + len(value) - len(value.lstrip())
        end = start + len(value.strip())
        if name == "date":
            date = whole_date(match.string[start:end], day_first)
            if date is None:
                return None
            date = shifted(date, start)
        if name == "byline":
            byline = match.string[start:end]
        pieces.append((start, end, name))  # type: ignore[arg-type]
    pieces.sort()
    roles = "".join(letters[role] for _, _, role in pieces if role in letters)
    if not roles:
        return None
    return Form(roles, 9.0, tuple(pieces), date, byline)
