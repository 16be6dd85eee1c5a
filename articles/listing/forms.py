"""A form: one way to read a line."""

from typing import NamedTuple

from articles.listing.dates import PrintedDate, shifted
from articles.listing.records import Piece


class Form(NamedTuple):
    """One way to read a line: roles, what speaks for it (log-odds), and its pieces in order.

    ``roles`` are the letters of what stands on it (see ``layouts``), also T topic, X furniture and
    U unclaimed. ``doubt`` names what is uncertain about the form itself.
    """

    roles: str
    score: float
    pieces: tuple[Piece, ...]
    date: PrintedDate | None = None
    byline: str | None = None
    doubt: str = ""


def moved(form: Form, offset: int) -> Form:
    """Return *form* of a text that begins *offset* characters further on in its line."""
    pieces = tuple((start + offset, end + offset, role) for start, end, role in form.pieces)
    date = shifted(form.date, offset) if form.date is not None else None
    return form._replace(pieces=pieces, date=date)
