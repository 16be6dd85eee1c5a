"""What a page says twice in a block: rows for a narrow and a wide screen, names of pictures."""

from collections.abc import Iterator, Sequence

from articles.listing.credit_edges import byline_in
from articles.listing.date_edges import MAY_DATE

#: Most lines in a row that are said twice, lines between a picture and its headline, and their
#: length.
_MOST_TWICE, _MOST_BETWEEN, _LONGEST = 8, 2, 40


def said_twice(block: Sequence[str]) -> Iterator[int]:
    """Yield the places of lines of *block* that stand right below once more, several in a row."""
    place = 0
    while place + 3 < len(block):
        most = min(_MOST_TWICE, (len(block) - place) // 2)
        for length in range(most, 1, -1):
            row = block[place : place + length]
            if row == block[place + length : place + 2 * length] and row[0] != row[1]:
                yield from range(place, place + length)
                place += length - 1
                break
        place += 1


def picture_above(block: Sequence[str], first: int) -> int | None:
    """Return where the line of *block* in place *first* is said once more below a kicker: it names
    a picture, and what stands below the kicker is the headline.
    """
    for place in range(first + 2, min(first + 2 + _MOST_BETWEEN, len(block))):
        if block[place].strip() == block[first].strip():
            between = block[first + 1 : place]
            return place if all(map(_may_be_kicker, between)) else None
    return None


def _may_be_kicker(text: str) -> bool:
    return (
        ":" not in text
        and len(text) <= _LONGEST
        and MAY_DATE.search(text) is None
        and byline_in(text) is None
    )
