"""Indexes of a year: "Title, Author, page" below headings with the date of an issue."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from articles.folding import fold
from articles.listing.bare_names import bare_name
from articles.listing.by_line import Reading, Remark, Unit
from articles.listing.bylines import read_byline
from articles.listing.dates import whole_date
from articles.listing.issues import issue_line
from articles.listing.records import Piece
from articles.listing.unwrapping import cannot_end

NAME = "index"
_PAGE = re.compile(
    r",\s(?:(?:[Pp]{1,2}|S|[Pp][áa]gs?|[Pp]agg?|[Сс]тр|[Сс])\.?\s?)?"
    r"(?P<pages>[0-9]{1,4}(?:\s?[-–]\s?[0-9]{1,4})?)\.?\s*\Z"
)
_BY = re.compile(r",\s(?:by|por|par|von|di|de|door)\s(?=[^\W\d_a-zà-öø-ÿа-яё])")
#: Most lines of a row that is broken.
_MOST_LINES = 4
#: Fewest lines that are seen to go on, and their share of those that do.
_FEWEST_JOINED, _EVIDENT = 2, 0.3
#: Longest row and heading; fewest rows, their least share, and that of rows with a name.
_LONGEST, _LONGEST_HEADING = 400, 80
_FEWEST, _LEAST, _NAMED = 4, 0.7, 0.7
#: Score of a likely name, and most names that are known of a file.
_LIKELY, _MOST_NAMES = 2.0, 2_000
_HOLDS_MORE = "The headline seems to hold another field."


@dataclass(frozen=True, slots=True)
class Index:
    """The grammar of an index; the names in its rows, folded, tell where those of others begin."""

    names: frozenset[str] = frozenset()
    # A row goes on in the next lines until it has its page.
    broken: bool = False
    name: str = NAME

    def units(self, lines: Iterable[str]) -> Iterator[Unit]:
        held: list[tuple[int, str]] = []
        for number, text in enumerate(lines, 1):
            blank = not text or text.isspace()
            begins = blank or not self.broken or len(held) >= _MOST_LINES
            if held and (begins or _heading(text, None) is not None):
                yield Unit.of(held)
                held = []
            if blank:
                continue
            held.append((number, text))
            if _PAGE.search(text, max(0, len(text) - 24)) or _heading(text, None) is not None:
                yield Unit.of(held)
                held = []
        if held:
            yield Unit.of(held)

    def read(self, text: str, day_first: bool | None) -> Reading | None:
        return _heading(text, day_first) or self._row(text)

    def _row(self, text: str) -> Reading | None:
        page = _PAGE.search(text, max(0, len(text) - 24)) if len(text) <= _LONGEST else None
        if page is None:
            return None
        remarks: list[Remark] = []
        said = list(_BY.finditer(text, 0, page.start()))
        if said:
            cut, start = said[-1].span()
        else:
            cut, start = self._names(text, page.start(), remarks)
        while start < cut and text[start].isspace():
            start += 1
        pieces: list[Piece] = [(*page.span("pages"), "pages")]
        if start < page.start():
            pieces.append((start, page.start(), "byline"))
        headline = text[:cut].strip()
        if not any(map(str.isalnum, headline)):
            return None
        begin = text.index(headline)
        pieces.append((begin, begin + len(headline), "headline"))
        return Reading(pieces, None, None, remarks)

    def _names(self, text: str, end: int, remarks: list[Remark]) -> tuple[int, int]:
        """Return where the title ends and the names begin, which stand before the page."""
        cut = start = end
        while (at := text.rfind(", ", 0, cut)) > 0:
            chunk = text[at + 2 : cut]
            likely = (bare_name(chunk) or 0.0) >= _LIKELY
            known = any(fold(one.name) in self.names for one in read_byline(chunk).credits)
            if start < end and not known:
                if likely:
                    remarks.append(Remark("headline-holds-more", _HOLDS_MORE))
                break
            if not likely and not known:
                break
            cut, start = at, at + 2
        return cut, start

    def is_furniture(self, text: str) -> bool:
        return False


def _heading(text: str, day_first: bool | None) -> Reading | None:
    """Return the date of an issue, with its number, if *text* is nothing else."""
    stripped = text.strip()
    if len(stripped) > _LONGEST_HEADING or not any(map(str.isdigit, stripped)):
        return None
    line = issue_line(stripped, day_first)
    date = line.date if line is not None else whole_date(stripped, day_first)
    if date is None:
        return None
    offset = text.index(stripped)
    pieces: list[Piece] = [(offset + date.start, offset + date.end, "date")]
    if line is not None and line.volume is not None:
        pieces.append((offset + line.volume[0], offset + line.volume[1], "volume"))
    if line is not None and line.issue is not None:
        pieces.append((offset + line.issue[0], offset + line.issue[1], "issue"))
    return Reading(pieces, date, heading=True)


def index_of(sample: Sequence[str], *, forced: bool = False) -> Index | None:
    """Return the grammar of the index that *sample*, the beginning of a file, is; else None."""
    for broken in (False, True):
        found = _index_of(sample, Index(broken=broken))
        if found is not None:
            return found
    return Index() if forced else None


def _index_of(sample: Sequence[str], plain: Index) -> Index | None:
    """Return *plain* with the names in *sample*, if that is an index in it."""
    told = rows = headings = named = joined = evident = 0
    names: Counter[str] = Counter()
    for unit in plain.units(sample):
        told += 1
        lines = [whole.strip() for _, whole, _, _ in unit.lines]
        joined += len(lines) > 1
        evident += any(below[0].islower() or cannot_end(above) for above, below in pairwise(lines))
        reading = plain.read(unit.text, None)
        if reading is None:
            continue
        if reading.heading:
            headings += 1
            continue
        rows += headings > 0
        said = [unit.text[start:end] for start, end, role in reading.pieces if role == "byline"]
        named += bool(said)
        if said and len(names) < _MOST_NAMES:
            names.update(fold(credit.name) for credit in read_byline(said[0]).credits)
    enough = rows >= _FEWEST and rows + headings >= _LEAST * told and named >= _NAMED * rows
    # Lines that are seen to go on tell of the others.
    enough = enough and (not joined or evident >= max(_FEWEST_JOINED, _EVIDENT * joined))
    return replace(plain, names=frozenset(names)) if enough else None
