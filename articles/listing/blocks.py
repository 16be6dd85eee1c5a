"""Lines told apart by form: blank, furniture, date line, text; and text lines as blocks.

A date line is the only anchor of this dialect: "By A and B, 9 February 2021", or a date alone.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters
from typing import Literal

from articles.folding import fold
from articles.listing.bylines import looks_like_byline
from articles.listing.calendar_words import MONTHS, WEEKDAYS
from articles.listing.dates import PrintedDate, date_at_end
from articles.listing.parts import PartLabel, part_line
from articles.listing.shapes import Shape, shape_of

LineKind = Literal["blank", "furniture", "dated_byline", "bare_date", "byline", "text"]

_BY = re.compile(r"\s{0,20}by(?::|(?=\s))\s{0,20}", re.IGNORECASE)
# What may stand before "By", and the ends of times of day ("10:30 am", "14:30 Uhr", "14h", "CET").
_MAY_OPEN_BYLINE = frozenset("bB") | {
    character for character in map(chr, range(0x3001)) if character.isspace()
}
# The commonest date lines by far: "By A and B, 9 February 2021", "9 February 2021".
_PLAIN_CREDIT = re.compile(
    r"(?:By (?P<names>[A-Z][^,0-9.?!;:|·–—]{1,70}[^\W\d_]), )?"
    r"(?P<day>[0-9]{1,2}) (?P<month>[A-Z][a-z]{2,8}) (?P<year>[12][0-9]{3})\Z"
)
#: Longer than any date: a weekday, an ordinal, "de", a month and a year, with a time.
_LONGEST_DATE = 110
_LETTERS = frozenset(ascii_letters)
_MAY_END_TIME = frozenset("mMhHrRTtCcsS")
_BEFORE_DATE = " \t\xa0,;|·•–—-"
_LONGEST_DATE_LINE = 600
_LONGEST_PHRASE = 160
_MOST_COLONS = 3
_COLON = re.compile(r"\s{0,3}(?::\s{1,5}|：\s{0,5})(?=\S)")
_SENTENCE_END = re.compile(r"[a-z]{3}[.?!]\s[A-Z]")
_VISIBLE = re.compile(r"[^\W_]")


@dataclass(slots=True, eq=False)
class ReadLine:
    """A line with what its form alone says; spans of byline and date where it is a date line."""

    number: int
    text: str
    kind: LineKind
    date: PrintedDate | None = None
    byline_start: int = 0
    byline_end: int = 0

    @property
    def byline(self) -> str | None:
        """The byline as printed, None for a date alone."""
        return self.text[self.byline_start : self.byline_end] or None


@dataclass(frozen=True, slots=True)
class InlinePrefix:
    """The text before a colon, folded, and where the colon with its spaces stands."""

    folded: str
    end: int
    rest: int


@dataclass(slots=True, eq=False)
class Block:
    """A text line between two date lines; its features are worked out when first asked for."""

    line: ReadLine
    # The blank lines above it, as they stand; kept by ``weaving`` only.
    above: tuple[str, ...] = ()
    # Whether it is the rest of a line of the file: nothing begins with it.
    rest: bool = False
    _shape: Shape | None = None
    _part: PartLabel | None = None
    _part_read: bool = False
    _folded: str | None = None
    _prefixes: tuple[InlinePrefix, ...] | None = None

    @property
    def text(self) -> str:
        """The line without its edges."""
        return self.line.text.strip()

    @property
    def shape(self) -> Shape:
        """The line's shape."""
        if self._shape is None:
            self._shape = shape_of(self.line.text)
        return self._shape

    @property
    def part(self) -> PartLabel | None:
        """The part label that the line is as a whole, or None."""
        if not self._part_read:
            self._part, self._part_read = part_line(self.line.text), True
        return self._part

    @property
    def folded(self) -> str:
        """The folded line without a final colon; empty for a line too long to be a phrase."""
        if self._folded is None:
            self._folded = "" if len(self.line.text) > 2 * _LONGEST_PHRASE else phrase(self.text)
        return self._folded

    @property
    def prefixes(self) -> tuple[InlinePrefix, ...]:
        """The prefixes before each of the first colons of the line."""
        if self._prefixes is None:
            self._prefixes = _prefixes(self.line.text)
        return self._prefixes


def phrase(text: str) -> str:
    """Return the key under which a kicker is counted; empty if *text* is too long for one."""
    if len(text) > _LONGEST_PHRASE:
        return ""
    if text.isascii() and text.isprintable() and "  " not in text:
        # What ``fold`` comes to for plain text.
        return text.strip().lower().rstrip(" :")
    return _folded(text).rstrip(" :")


@lru_cache(maxsize=500)
def _folded(text: str) -> str:
    return fold(text)


def read_line(number: int, text: str) -> ReadLine:
    """Tell what line *number* is by its form. Any text is accepted; none fails.

    A date line begins with "By" and ends in a date, or is a date and nothing else. Whether a bare
    date is one, or a heading ("9 November 1989", "1984"), only its neighbours tell: see ``gaps``.
    """
    if not text or text.isspace():
        return ReadLine(number, text, "blank")
    last = text[-1]
    if last == ".":
        last = text[-2:-1]
    if (
        last in _LETTERS
        and text[0] not in _MAY_OPEN_BYLINE
        and (last not in _MAY_END_TIME or ":" not in text[-16:])
    ):
        # Most lines: no "By" at the start, and no digit, time or bracket at the end.
        return ReadLine(number, text, "text")
    plain = _PLAIN_CREDIT.match(text)
    if plain is not None:
        names, day, word, year = plain.groups()
        month = MONTHS.get(word.lower())
        if (
            month is not None
            and 1 <= int(day) <= 28
            and (names is None or names.rpartition(" ")[2].lower() not in WEEKDAYS)
        ):
            printed = PrintedDate(int(year), month, int(day), plain.start("day"), len(text))
            if names is not None:
                return ReadLine(number, text, "dated_byline", printed, *plain.span("names"))
            return ReadLine(number, text, "bare_date", printed)
    elif len(text) > _LONGEST_DATE and text[0] not in _MAY_OPEN_BYLINE:
        # No byline begins it, and no date is so long: one that ends it is a part of a text.
        return ReadLine(number, text, "text" if _VISIBLE.search(text) else "furniture")
    elif _VISIBLE.search(text) is None:
        return ReadLine(number, text, "furniture")
    if len(text) > _LONGEST_DATE_LINE:
        return ReadLine(number, text, "text")
    date = date_at_end(text)
    by = _BY.match(text)
    if date is not None and not text[: date.start].strip():
        return ReadLine(number, text, "bare_date", date)
    if by is None:
        return ReadLine(number, text, "text")
    start = by.end()
    if date is not None:
        end = len(text[: date.start].rstrip(_BEFORE_DATE))
        between = text[max(start, end) : date.start].strip()
        if end <= start:
            kind: LineKind = "dated_byline" if between else "text"
            return ReadLine(number, text, kind, date, start, start)
        if (date.day is not None or not date.possible) and _short_enough(text[start:end]):
            return ReadLine(number, text, "dated_byline", date, start, end)
        if (between or date.month) and looks_like_byline(text[start:end]):
            return ReadLine(number, text, "dated_byline", date, start, end)
        return ReadLine(number, text, "text")
    end = len(text.rstrip(_BEFORE_DATE))
    if looks_like_byline(text[start:end]):
        return ReadLine(number, text, "byline", None, start, end)
    return ReadLine(number, text, "text")


def _short_enough(byline: str) -> bool:
    """A byline, not a sentence that begins with "By" and happens to end in a date."""
    return len(byline.split()) <= 60 and _SENTENCE_END.search(byline) is None


def _prefixes(text: str) -> tuple[InlinePrefix, ...]:
    if ":" not in text and "：" not in text:
        return ()
    found = []
    for count, match in enumerate(_COLON.finditer(text, 0, _LONGEST_PHRASE)):
        if count == _MOST_COLONS:
            break
        folded = phrase(text[: match.start()].strip())
        if folded and len(folded.split()) <= 12:
            found.append(InlinePrefix(folded, match.start(), match.end()))
    return tuple(found)
