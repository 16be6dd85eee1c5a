"""A form: one way to read a line."""

from typing import NamedTuple

from articles.listing.dates import PrintedDate
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
