"""A kind of row: lines of several fields that are cut in the same way, and what their columns are.

Learned by ``rows``, read by ``row_reading``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from articles.listing.columns import is_name
from articles.listing.segments import Reader, Segment

_SURELY_PROSE = 100
_MAY_BE_PROSE = 25
_TEXTS = frozenset("ebx")
#: Share of the rows from which so many numbered lines are the headlines above them.
_NUMBERED = 0.7
#: Signs that part fields and stand as they are in the text.
_SIGNS = frozenset("|·•;")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the role of its text, and the divisions that cut other fields off it.

    Roles are those of ``layouts``, and J publication, N anything that is no field; divisions those
    of ``columns``.
    """

    role: str
    divisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of row: the kinds and signs of its segments, and the columns of those that are text.

    ``roles`` are the letters of its fields in order; ``known`` the repeated texts of columns of
    sections, folded; ``sure`` tells whether more than their order told the columns apart.
    """

    signature: str
    columns: tuple[Column, ...]
    roles: str
    known: frozenset[str] = frozenset()
    sure: bool = True
    count: int = 0
    # The head of a table names the columns.
    told: bool = False
    # Titles have a second sentence, which is their subtitle.
    parted: bool = False
    # Titles stand in quotation marks, each of them.
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """What a file teaches besides its layout.

    Its kinds of rows, the commonest first; how it is numbered (see `segments.Reader`); how it
    writes dates without a year (see `partial_dates.Habit`) and figures; whether pages stand behind
    its lines, and last names first in its bylines.
    """

    rows: tuple[Row, ...] = ()
    numbers: str = ""
    days: tuple[bool, bool | None, bool] | None = None
    day_first: bool | None = None
    pages: bool = False
    inverted: bool = False
    # The file has no date at all: it is read as if one stood above it.
    dateless: bool = False
    # Whether blank lines part the entries; whether two heading lines may as well be the other pair.
    parted: bool = True
    pairs_unsure: bool = False

    @property
    def dated(self) -> bool:
        """Tell whether each kind of row has a date."""
        return all("D" in row.signature for row in self.rows)

    @property
    def signs(self) -> str:
        """The signs one of which stands in each row; nothing where there are rows without any."""
        found = [[sign for sign in row.signature if sign in _SIGNS] for row in self.rows]
        return "".join({sign for signs in found for sign in signs}) if all(found) else ""

    @property
    def headed(self) -> bool:
        """Tell whether headlines stand in rows with other fields."""
        return any("H" in row.roles and len(row.roles) > 1 for row in self.rows)

    @property
    def sectioned(self) -> bool:
        """Tell whether headlines in rows have a section before a colon."""
        return any(
            column.role == "H" and "section-before-colon" in column.divisions
            for row in self.rows
            for column in row.columns
        )


def signature_of(segments: Sequence[Segment]) -> str:
    """Return the kinds of *segments*, fields only, and the signs between them, as one key."""
    found = ""
    for segment in segments:
        found += (segment.sign if found else "") + kind_of(segment)
    return found


def kind_of(segment: Segment) -> str:
    """Return "x" for a segment of text, whatever it may be; else its kind."""
    return "x" if segment.kind in _TEXTS else segment.kind


def fields_of(segments: Sequence[Segment]) -> list[Segment]:
    """Return *segments* without counts, pages and the empty cells at the end."""
    found = [segment for segment in segments if segment.kind not in "cp"]
    while found and found[-1].kind == "e":
        found.pop()
    return found


def is_heading_like(text: str, segment: Segment, names: frozenset[str]) -> bool:
    """Tell whether a line of one text may be a heading: no prose, and no name alone."""
    piece = text[segment.start : segment.end]
    return segment.kind == "x" and not is_prose(piece) and not is_name(piece, names)


def is_prose(text: str) -> bool:
    """Tell whether *text* by its length or its full stop is rather prose than a heading."""
    if len(text) > _SURELY_PROSE:
        return True
    return len(text) > _MAY_BE_PROSE and text.rstrip('”»"’) ').endswith((".", "…"))


def is_numbered(text: str, reader: Reader) -> bool:
    """Tell whether a number, a page or a bullet stands before *text*."""
    return reader.start_of(text) > len(text) - len(text.lstrip())


def are_below_numbers(rows: Sequence[str], texts: Sequence[str], reader: Reader) -> bool:
    """Tell whether the headlines of a file, of lines *texts*, are in its numbered ones, and *rows*
    are others.
    """
    if reader.numbers != "n" or any(is_numbered(text, reader) for text in rows):
        return False
    return sum(is_numbered(text, reader) for text in texts) >= _NUMBERED * len(rows)
