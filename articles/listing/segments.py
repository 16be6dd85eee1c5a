"""A line as a row of segments: what its separators, dates, counts and brackets part.

`Reader.segments` cuts by form alone. Each segment has a kind: D date, V volume or issue, b byline
that says "by", c count or other furniture, x any text. Which texts are headlines, names or
sections only the whole file tells: see ``rows``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from articles.listing.bylines import ditto_in
from articles.listing.credit_edges import behind_label
from articles.listing.credit_words import read_sentence
from articles.listing.date_edges import MAY_DATE
from articles.listing.dates import (
    PrintedDate,
    date_at_end,
    date_at_start,
    shifted,
    whole_date,
)
from articles.listing.furniture import is_furniture
from articles.listing.issues import issue_line
from articles.listing.label_words import labelled_part
from articles.listing.numberings import NUMBER, NUMBERS
from articles.listing.partial_dates import Calendar
from articles.listing.records import Piece

#: Longer lines are no rows.
LONGEST_ROW = 500
_STRONG = re.compile(
    r"(?P<tab>[^\S\n\t]*\t[^\S\n\t]*)|[^\S\n]*(?P<stroke>[|·•;](?!\w{1,6};)|::|(?<!:)//)[^\S\n]*"
    r"|[^\S\n]+(?P<dash>[-–—/»>~]|--|→)[^\S\n]+|(?P<wide>[^\S\n]{3,})"
)
# Where quotations are printed « so », their marks part nothing.
_STRONG_QUOTED = re.compile(_STRONG.pattern.replace("»>~", ">~"))
# One of these, or a wide or unusual space, stands in each of the above.
_MAY_PART = re.compile(r"[|·•;:/»>~→–—-]")
#: Signs between which nothing is an empty cell.
_CELLS = frozenset("|;")
_LEADING = re.compile(
    r"\s*(?:[•▪▫◦‣⁃*·►▶»■□●○✦→–—-]\s|[\[(][0-9]{1,4}[\])]\.?\s|#[0-9]{1,5}[.:]?\s|[0-9]{1,4}\)\s)\s*"
)
_SHORT_COUNT = 5
_BULLET = re.compile(r"\s*(?:[•▪▫◦‣⁃*·►▶■□●○✦→]|»(?![^«]*«)|[>–—-](?=\s))\s*(?=\S)")
_LEADERS = re.compile(r"[\s.…·_]{3,200}(?P<page>[0-9]{1,4}|[ivxl]{1,6})\s*\Z")
_BEHIND_LEADERS = re.compile(r"[\s.…·_]{3}(?:[0-9]{1,4}|[ivxl]{1,6})\Z")
_LONGEST_PAGE, _DOTS = 9, re.compile(r"…|\.\.")
_PAGES = re.compile(
    r"(?:\s?(?:…|\.\.)[\s.…]{1,200}|\.\s|[\s,(]{1,3})"
    r"(?:[Pp]p?|S|Seiten?|[Pp]ages?|págs?|pagg?|p[áa]g|[сС]|[сС]тр)\.?\s?"
    r"(?P<page>[0-9]{1,4}(?:\s?[-–]\s?[0-9]{1,4})?)\)?[.\s]*\Z"
)
_PAGE_COLON = re.compile(
    r"(?P<page>(?:[Pp]p?|S|[сС]|[сС]тр|p[áa]gg?)\.\s?[0-9]{1,4}(?:\s?[-–]\s?[0-9]{1,4})?):\s+"
    r"(?=\S)"
)
_ROMAN_END = re.compile(r"[\s.…·_][ivxl]{1,6}\Z")
_SQUARE = re.compile(r"\s\[(?P<page>[0-9]{1,3})\]\s*\Z")
_LAST_FIGURES = re.compile(r"(?:,\s|(?<=\)):\s)(?P<page>[0-9]{1,4}\s?[-–]\s?[0-9]{1,4})\.?\s*\Z")
_BRACKETED = re.compile(r"\s?[(\[](?P<inner>[^()\[\]]{2,120})[)\]]\s*[.,:]?\s*\Z")
_LIFE = re.compile(r"(?:b\. |born |\*\s?)?[12][0-9]{3}(?:\s?[-–—]\s?(?:[12][0-9]{3})?)")
_YEAR_BEHIND = re.compile(r",\s(?P<year>1[5-9][0-9]{2}|20[0-9]{2})\.?\Z")
_TIME = re.compile(
    r"[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2})?(?:\s?(?:[ap]\.?m\.?|Uhr|h|ч|[A-Z]{2,4}))?"
)
_YEAR_FIRST = re.compile(r"(?P<year>1[5-9][0-9]{2}|20[0-9]{2})(?:[.:,)]\s+|\s{2,})(?=\S)")
_GLUED_END = re.compile(
    r"(?<=[^\W\d_])(?P<date>[0-9]{1,2}\.?\s[^\W\d_]{3,12}\.?\s[12][0-9]{3}"
    r"|(?<=[a-zà-öø-ÿа-яё])[A-ZÀ-ÞА-ЯЁ][^\W\d_]{2,8}\s[0-9]{1,2},\s[12][0-9]{3})\Z"
)
_BEFORE_DATE = re.compile(r"[,.;:(\[]\s?(?=[^\W_])")
_BEHIND_DATE = frozenset(",.;:)]")
_MAY_END_PAGES = frozenset("0123456789ivxl).]")
_EDGES = " \t\xa0,;:|·•–—"
_DASHES = frozenset("—–_-")
_MOST_PLACES = 8


class Segment(NamedTuple):
    """Characters ``start`` to ``end`` of a line, their kind, and the sign that stands before."""

    start: int
    end: int
    kind: str
    sign: str
    date: PrintedDate | None = None
    pieces: tuple[Piece, ...] = ()


@dataclass(slots=True)
class Reader:
    """Cuts lines; what the file has taught of its dates, and whether it numbers its entries.

    ``numbers`` is "n" for numbers before each entry, "N" for such that may look like days, "p" and
    "q" for pages before it, far from it or near, "t" for times of day, "" for none.
    """

    day_first: bool | None = None
    calendar: Calendar | None = None
    numbers: str = ""

    def segments(self, text: str) -> Sequence[Segment]:
        """Return the segments of *text*, in order."""
        if self.calendar is None:
            return _cut(text, self.day_first, self.numbers)
        return self.cut(text)

    def cut(self, text: str) -> list[Segment]:
        """Return the segments of *text*, which `segments` knows already if it was cut before."""
        start, end = self.start_of(text), len(text.rstrip())
        if end - start > LONGEST_ROW or end <= start:
            return [Segment(start, end, "x", "")] if end > start else []
        page = self.page_of(text, start)
        if page is not None:
            end = page.start()
        found: list[Segment] = []
        position, sign = start, ""
        read = read_sentence(text, start, end, self.day_first)
        if read is not None:
            return list(self._sentence(read, sign))
        match = None
        # Between tabs or strokes a semicolon parts names, not fields.
        weak = ";" if "\t" in text or "|" in text else ""
        parted = _MAY_PART.search(text) is not None or "   " in text or not text.isprintable()
        strong = _STRONG_QUOTED if "«" in text else _STRONG
        for match in strong.finditer(text, start, end) if parted else ():
            if weak and match["stroke"] == weak:
                continue
            cells = list(self._chunk(text, position, match.start(), sign))
            if not cells and (
                sign == "\t" or match["tab"] or (sign in _CELLS and match["stroke"] == sign)
            ):
                cells = [Segment(match.start(), match.start(), "e", sign)]
            found += cells
            position = match.end()
            sign = "\t" if match["tab"] or match["wide"] else match["stroke"] or "-"
            if match["dash"] in ("/", "»", ">"):
                sign = match["dash"]
        found += self._chunk(text, position, end, sign, said=match is None)
        if page is not None:
            place = page.span("page")
            found.append(Segment(*place, "p", "."))
        return found

    def page_of(self, text: str, start: int) -> re.Match[str] | None:
        """Return the match of a page, or pages, with which *text* ends, dot leaders included."""
        end = len(text.rstrip())
        last = text[end - 1 : end]
        if last == "." and text[end - 2 : end - 1] not in _MAY_END_PAGES:
            return None
        if last not in _MAY_END_PAGES:
            return None
        if last in "ivxl" and _ROMAN_END.search(text, max(0, end - 7), end) is None:
            return None
        page = None
        if _BEHIND_LEADERS.search(text, max(start, end - _LONGEST_PAGE), end) is not None:
            page = _LEADERS.search(text, max(start, end - 220))
        if page is None or not (
            any(mark in page[0] for mark in ("..", "…", "··", ". .", "\t"))
            or (page[0][:3].isspace() and page["page"].isdigit() and len(page["page"]) < 4)
        ):
            page = _PAGES.search(text, max(start, end - (220 if _DOTS.search(text) else 40)))
        if page is None and text[end - 1] == "]":
            page = _SQUARE.search(text, max(start, end - 12))
        if page is None:
            page = _LAST_FIGURES.search(text, max(start, end - 20))
            if page is not None and _LIFE.fullmatch(page["page"]):
                return None
        return page if page is not None and page.start() > start else None

    def start_of(self, text: str) -> int:
        """Return where *text* begins behind a bullet, a number or a page."""
        bullet = _BULLET.match(text)
        if bullet is not None:
            return bullet.end()
        if self.numbers == "N" or (self.numbers and date_at_start(text, self.day_first) is None):
            number = NUMBERS.get(self.numbers, NUMBER).match(text)
            if number is not None:
                return number.end()
        return len(text) - len(text.lstrip())

    def whole(self, text: str) -> PrintedDate | None:
        """Return the date that *text* is as a whole, with or without its year."""
        date = whole_date(text, self.day_first)
        if date is None and self.calendar is not None:
            return self.calendar.whole(text)
        return date

    def _at_start(self, text: str) -> PrintedDate | None:
        date = date_at_start(text, self.day_first)
        if date is None and self.calendar is not None:
            return self.calendar.at_start(text)
        return date

    def _at_end(self, text: str) -> PrintedDate | None:
        date = date_at_end(text, self.day_first)
        if (date is None or date.month is None) and self.calendar is not None:
            return self.calendar.at_end(text) or date
        return date

    def _chunk(
        self, text: str, start: int, end: int, sign: str, *, said: bool = False
    ) -> Iterator[Segment]:
        """Cut a part; *said* tells that it is known to be no credit written as a sentence."""
        start, end = _trimmed(text, start, end)
        if end <= start:
            return
        if (
            text[start] in "(["
            and text[end - 1] in ")]"
            and text.count(text[start], start, end) == 1
        ):
            start, end, sign = start + 1, end - 1, "("
            if end <= start:
                return
        piece = text[start:end]
        labelled = labelled_part(piece) if text.count(": ") > 1 else None
        if labelled is not None and labelled[0] != "date":
            # "Published: 3 May 2020 | Author: A | Section: Quays".
            yield Segment(start + labelled[1], end, "b" if labelled[0] == "byline" else "x", sign)
            return
        start += labelled[1] if labelled is not None else 0
        piece = text[start:end]
        date = self.whole(piece)
        if date is not None:
            yield Segment(start, end, "D", sign, shifted(date, start))
            return
        read = None if said else read_sentence(text, start, end, self.day_first)
        if read is not None:
            yield from self._sentence(read, sign)
            return
        if end - start < 14 and _PAGES.fullmatch(text, start - 1, end) is not None:
            yield Segment(start, end, "p", sign)
            return
        page = _PAGE_COLON.match(text, start, end)
        if page is not None:
            yield Segment(start, page.end("page"), "p", sign)
            yield from self._chunk(text, page.end(), end, ":")
            return
        if is_furniture(piece) or _TIME.fullmatch(piece):
            yield Segment(start, end, "c", sign)
            return
        if issue_line(piece, self.day_first) is not None:
            yield Segment(start, end, "V", sign)
            return
        closed = ")" in piece or "]" in piece
        bracket = _BRACKETED.search(text, start, end) if closed else None
        if bracket is not None and (
            _LIFE.fullmatch(bracket["inner"])
            or (text[bracket.start()] in "([" and text[bracket.start() - 1].isdigit())
        ):
            # "(1931–2019)" is a part of a title, "12(3)" a volume and its issue.
            bracket = None
        if bracket is not None and bracket.start() > start:
            inner = bracket.span("inner")
            yield from self._chunk(text, start, bracket.start(), sign)
            yield from self._chunk(text, *inner, "(")
            return
        dated = self._dated(text, start, end) if self._may_date(piece) else None
        if dated is None:
            # "Text: A" in a row; but not "Words: A | Pictures: B".
            name = behind_label(piece) if text.count(": ") == 1 else 0
            yield Segment(start + name, end, "b" if name else "x", sign)
            return
        date, before, after = dated
        if before > start:
            yield from self._chunk(text, start, before, sign)
            sign = text[before : date.start].strip()[:1] or " "
        yield Segment(date.start, date.end, "D", sign, date)
        if after < end:
            sign = text[date.end : after].strip()[:1] or " "
            if date.day is not None and end - after < _SHORT_COUNT and text[after:end].isdigit():
                # "Orla Quill - May 23, 2018 4": comments, without the word.
                yield Segment(after, end, "c", sign)
                return
            yield from self._chunk(text, after, end, ")" if sign == ")" else sign)

    def _may_date(self, piece: str) -> bool:
        return self.calendar is not None or MAY_DATE.search(piece) is not None

    def _sentence(
        self, read: tuple[list[Piece], PrintedDate | None, str], sign: str
    ) -> Iterator[Segment]:
        pieces, date, _ = read
        for start, end, role in pieces:
            if role == "date":
                yield Segment(start, end, "D", sign, date)
            elif role == "byline":
                yield Segment(start, end, "b", sign)
            sign = "by"

    def _dated(self, text: str, start: int, end: int) -> tuple[PrintedDate, int, int] | None:
        """Return a date in *text*, where the text before it ends, where that behind it begins."""
        piece = text[start:end]
        glued = _GLUED_END.search(piece, max(0, len(piece) - 40))
        date = whole_date(glued["date"]) if glued is not None else None
        if glued is not None and date is not None and date.month is not None:
            return shifted(date, start + glued.start()), start + glued.start(), end
        first = _YEAR_FIRST.match(piece)
        if first is not None:
            date = PrintedDate(int(first["year"]), None, None, start, start + 4)
            return date, start, start + first.end()
        date = self._at_end(piece.rstrip(" ."))
        year = _YEAR_BEHIND.search(piece)
        if date is not None and date.month is None and not date.figures and year is None:
            date = None
        if date is not None and date.start > 0:
            stop = start + len(piece[: date.start].rstrip(_EDGES + "(.["))
            if stop > start:
                return shifted(date, start), stop, end
        date = self._at_start(piece)
        if date is not None:
            rest = piece[date.end :]
            return shifted(date, start), start, end - len(rest.lstrip(_EDGES + ").]-"))
        for match in list(_BEFORE_DATE.finditer(text, start, end))[:_MOST_PLACES]:
            inner = text[match.end() : end]
            date = self._at_start(inner)
            if date is None and inner[:4].isdigit() and match[0][0] in "([" and inner[4:5] in ")]":
                date = whole_date(inner[:4])
            if date is not None and (
                inner[date.end : date.end + 1] in _BEHIND_DATE or date.end == len(inner)
            ):
                after = match.end() + date.end
                after += len(text[after:end]) - len(text[after:end].lstrip(_EDGES + ").]"))
                before = start + len(text[start : match.start()].rstrip(_EDGES))
                return shifted(date, match.end()), before, after
        return None


@lru_cache(maxsize=500)
def _cut(text: str, day_first: bool | None, numbers: str) -> tuple[Segment, ...]:
    return tuple(Reader(day_first, None, numbers).cut(text))


def leading(text: str) -> int:
    """Return where *text* begins behind a bullet or a number that can be nothing else."""
    match = _LEADING.match(text)
    return match.end() if match is not None else 0


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    if piece[:1] not in _DASHES or ditto_in(piece) == 0:
        start += len(piece) - len(piece.lstrip(_EDGES))
    return start, start + len(text[start:end].rstrip(_EDGES))
