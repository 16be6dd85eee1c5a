"""Years alone as headings: where a file has no other dates, each dates the entries below it."""

from collections.abc import Sequence
from itertools import pairwise

from articles.listing.date_edges import MAY_DATE
from articles.listing.dates import PrintedDate
from articles.listing.partial_dates import heading_of

#: Fewest headings that show it.
_FEWEST = 2
MOST_HEADINGS = 1_000
_LONGEST = 60


def year_heading(text: str) -> PrintedDate | None:
    """Return the year that *text* is as a heading, without a month; None if it is none."""
    if len(text) > _LONGEST or MAY_DATE.search(text) is None:
        return None
    found = heading_of(text, None)
    return found if found is not None and found.month is None else None


def are_dates(years: Sequence[int], dates: int) -> bool:
    """Tell whether *years*, those that stand as headings, date the entries of a file.

    They do where they run in one direction, and the file has hardly any of the *dates* that are
    more precise.
    """
    if len(years) < _FEWEST or 2 * dates > len(years):
        return False
    steps = [later - earlier for earlier, later in pairwise(years)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)
