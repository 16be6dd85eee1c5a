"""One line read as a kind of row that its file has: see ``rows`` for how these are learned.

A line cut like the rows of a kind is read column by column. One with a text less, or with one
more, is brought to the columns where that can be done in one way; else the reading is doubtful.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from articles.folding import fold
from articles.listing.columns import (
    DIVISIONS,
    PAPER,
    behind_in,
    divide,
    is_name,
    name_without_by,
    quoted_in,
)
from articles.listing.credit_edges import says_more_than_by
from articles.listing.dates import PrintedDate, shifted
from articles.listing.forms import Form
from articles.listing.issues import issue_line
from articles.listing.papers import is_numbered_paper, name_of_paper, numbers_of_paper, without_of
from articles.listing.parts import part_at_end, part_inside
from articles.listing.records import Piece, SpanRole
from articles.listing.reference_parts import sentences
from articles.listing.row_kinds import (
    Column,
    Row,
    fields_of,
    is_heading_like,
    kind_of,
    signature_of,
)
from articles.listing.segments import Segment

UNSURE = "row-unsure"
#: What a row weighs: one with a headline is told by the whole file; a credit is so by its form.
_SCORE, _SCORE_OF_CREDIT = 8.0, 7.0
_BROUGHT, _NO_NAME, _NOT_KNOWN, _NAME_AS_HEADLINE = -2.0, -1.5, -1.0, -2.5
_CELLS = frozenset("|;")
_OPENING = frozenset('“«„"')
# "The Ledger, with Orla Quill": who wrote with the one whose list it is.
_BESIDE = re.compile(
    r"[,*_]\s(?:with|mit|avec|con|com|by|von|par|por|di)\s(?P<name>[^\W\d_a-z][^,;]{2,60})\Z"
)
_STOP = re.compile(r"[.?!]\s")
_ABBREVIATED = re.compile(r"(?:[^\w]|\A)(?:\w|[JS]r|\w\.\w|et al|Dr|Anon)\.\Z")
#: What parts a name from a headline in the divisions that need no word for it.
_SIGN_OF = {
    "name-before-quotation": re.compile('[“«„"]'),
    "name-before-colon": re.compile(r":\s"),
    "name-behind-comma": re.compile(r",\s"),
    "name-before-comma": re.compile(r",\s"),
    "name-before-stop": re.compile(r"[.?!]\s"),
    "name-behind-stop": re.compile(r"[.?!]\s"),
}
_SPANS: Mapping[str, SpanRole] = {
    "K": "kicker", "H": "headline", "S": "subtitle", "B": "byline", "F": "standfirst",
    "J": "publication", "N": "punctuation",
}  # fmt: skip


def read_row(
    text: str, segments: Sequence[Segment], rows: Sequence[Row], names: frozenset[str]
) -> Form | None:
    """Return *text* read as one of *rows*, its doubt in it; None if it is none of them."""
    told = fields_of(segments)
    read = _read_row(text, told, rows, names)
    dates = 0 if read is not None else [segment.kind for segment in told].count("D")
    if not dates:
        return read
    if not any("D" in row.signature for row in rows):
        # Where no row has a date, a year is one in a text: "Accounts, 1881 — A".
        joined = _with_years(told)
        read = _read_row(text, joined, rows, names) if len(joined) < len(told) else None
    elif dates > 1:
        # Beside its date a row may have a number that looks like a year: "2020-05-03|1200".
        plain = [
            segment._replace(kind="x", date=None) if _is_year(segment) else segment
            for segment in told
        ]
        read = _read_row(text, plain, rows, names)
    return read


def _is_year(segment: Segment) -> bool:
    date = segment.date
    return date is not None and date.month is None and not date.figures and not date.period


def _with_years(told: Sequence[Segment]) -> list[Segment]:
    """Return *told* with years alone as a part of the text that they stand behind."""
    found: list[Segment] = []
    for segment in told:
        above = found[-1] if found else None
        if _is_year(segment) and above is not None and above.kind == "x":
            found[-1] = above._replace(end=segment.end)
        else:
            found.append(segment)
    return found


def _read_row(
    text: str, told: list[Segment], rows: Sequence[Row], names: frozenset[str]
) -> Form | None:
    key = signature_of(told)
    for row in rows:
        if row.signature == key:
            if (
                key == "x"
                and not is_heading_like(text, told[0], names)
                and not _ends_in_name(text[told[0].start : told[0].end], row, names)
            ):
                return None
            made = _Row(text, row, names).read(told)
            # A line of one text that is not divided like the others may be anything.
            whole = made is not None and (key != "x" or len(made.roles) == len(row.roles))
            return made if whole else None
    if key in ("", "x"):
        return None
    best: Form | None = None
    emptied = text.rstrip()[-1:] in _CELLS
    for row in rows:
        if emptied and row.signature.startswith(key):
            # The last cells are empty; one that a date would fill is no column of texts.
            kinds, signs = _kinds_and_signs(row.signature)
            left = list(zip(kinds, signs, strict=True))[len(told) :]
            ends = [Segment(0, 0, "e", sign) for kind, sign in left if kind == "x"]
            made = _Row(text, row, names).read([*told, *ends]) if ends else None
            if made is not None:
                return made
        for brought, clear in _alignments(text, told, row):
            made = _Row(text, row, names, "" if clear else UNSURE).read(brought)
            if made is not None and (best is None or made.score > best.score):
                best = made
    return best


def _alignments(text: str, told: list[Segment], row: Row) -> Iterator[tuple[list[Segment], bool]]:
    """Yield ways to bring *told* to the columns of *row*, and whether the signs agree."""
    kinds, signs = _kinds_and_signs(row.signature)
    mine = [kind_of(segment) for segment in told]
    if any(mine.count(kind) != kinds.count(kind) for kind in "DV"):
        return
    soft = [place for place, kind in enumerate(kinds) if kind == "x"]
    more = len(mine) - len(kinds)
    if mine == kinds:
        yield told, False
    if more < -1 and kinds[: len(mine)] == mine:
        # It ends sooner: what stands at the end of the others is not there.
        ends = dict(zip(soft, row.columns, strict=True))
        left = range(len(mine), len(kinds))
        if all(place in ends and ends[place].role != "H" for place in left):
            brought = [*told, *(Segment(0, 0, "e", signs[place]) for place in left)]
            yield brought, all(s.sign == signs[at] for at, s in enumerate(told) if at)
    for column, place in zip(row.columns, soft, strict=True):
        if more == -1 and column.role != "H":
            brought = [*told[:place], Segment(0, 0, "e", signs[place]), *told[place:]]
            clear = all(
                segment.kind == "e" or at == 0 or segment.sign == signs[at] or place == at - 1 == 0
                for at, segment in enumerate(brought)
            )
        elif more > 0 and column.role in "HF":
            run = told[place : place + more + 1]
            closed = run[-1].sign == "(" and text[run[-1].end :][:1] in (")", "]")
            joined = Segment(run[0].start, run[-1].end + closed, "x", run[0].sign)
            brought = [*told[:place], joined, *told[place + more + 1 :]]
            clear = all(segment.sign == signs[at] for at, segment in enumerate(brought) if at)
            if any(kind_of(segment) != "x" for segment in run):
                continue
        else:
            continue
        if [kind_of(segment) for segment in brought] == kinds:
            yield brought, clear


def _ends_in_name(text: str, row: Row, names: frozenset[str]) -> bool:
    """Tell whether *text*, which may be names as a whole, is names and a title all the same: "NO
    FERRY, A. Quill".
    """
    if "B" not in "".join(map(_cut_off, row.columns)):
        return False
    last = text.rpartition(", ")[2]
    if last != text and len(text.split()) > 2 and is_name(last, names):
        return True
    # "O. QUILL. IDA MEER": names, and a title that is one.
    parted = ("name-before-stop", "name-before-colon")
    kinds = [name for column in row.columns for name in column.divisions if name in parted]
    return any(DIVISIONS[name].cut(text, 0, len(text), names) is not None for name in kinds)


def _cut_off(column: Column) -> str:
    return "".join(DIVISIONS[name].other for name in column.divisions)


def _kinds_and_signs(signature: str) -> tuple[list[str], list[str]]:
    kinds: list[str] = []
    signs: list[str] = []
    sign = ""
    for mark in signature:
        if mark in "xDV":
            kinds.append(mark)
            signs.append(sign)
            sign = ""
        else:
            sign += mark
    return kinds, signs


class _Row:
    """Reads one line, whose segments are brought to the columns of *row*."""

    __slots__ = ("byline", "date", "doubt", "names", "pieces", "roles", "row", "score", "text")

    def __init__(self, text: str, row: Row, names: frozenset[str], doubt: str = "") -> None:
        self.text, self.row, self.names = text, row, names
        self.doubt = doubt or ("" if row.sure else UNSURE)
        self.score = _SCORE if "H" in row.roles else _SCORE_OF_CREDIT
        if doubt:
            self.score += _BROUGHT
        self.pieces: list[Piece] = []
        self.roles = ""
        self.date: PrintedDate | None = None
        self.byline: str | None = None

    def read(self, told: Sequence[Segment]) -> Form | None:
        """Return the form of the line; None if it has no headline where the rows have one."""
        columns = iter(self.row.columns)
        for segment in told:
            if segment.kind == "D":
                self.date = segment.date
                self._add("date", segment.start, segment.end, "D")
            elif segment.kind == "V":
                self._issue(segment)
            else:
                column = next(columns)
                for role, start, end in self._fields(segment, column):
                    self._field(role, start, end, segment, column)
        if "H" in self.row.roles and "H" not in self.roles:
            return None
        if not self.roles or len(set(self.roles)) != len(self.roles):
            return None
        if "B" in self.row.roles and "B" not in self.roles and not self.doubt:
            self._doubt_headline()
        pieces = tuple(sorted(self.pieces))
        return Form(self.roles, self.score, pieces, self.date, self.byline, self.doubt)

    def _doubt_headline(self) -> None:
        """Doubt a headline that was not divided from its byline as in the other rows, and has the
        sign that parts them there.
        """
        signs = [
            _SIGN_OF[name]
            for column in self.row.columns
            for name in column.divisions
            if name in _SIGN_OF
        ]
        for start, end, role in self.pieces:
            if role == "headline" and any(sign.search(self.text, start, end) for sign in signs):
                self.doubt = UNSURE

    def _add(self, role: SpanRole, start: int, end: int, letter: str = "") -> None:
        self.pieces.append((start, end, role))
        self.roles += letter

    def _issue(self, segment: Segment) -> None:
        issue = issue_line(self.text[segment.start : segment.end])
        if issue is None:
            return
        for span, role in ((issue.volume, "volume"), (issue.issue, "issue")):
            if span is not None:
                place = segment.start + span[0], segment.start + span[1]
                self.pieces.append((*place, "volume" if role == "volume" else "issue"))
        if issue.date is not None and self.date is None and "D" not in self.row.signature:
            self.date = shifted(issue.date, segment.start)
            self._add("date", self.date.start, self.date.end, "D")

    def _field(self, role: str, start: int, end: int, segment: Segment, column: Column) -> None:
        text, row = self.text, self.row
        if role == "B":
            start += name_without_by(text[start:end])
            if text[end - 1] == "." and _ABBREVIATED.search(text[start:end]) is None:
                end -= 1
            self.byline = text[start:end]
            if not row.told and not is_name(self.byline, self.names):
                self._doubt(_NO_NAME)
        elif role in "KJ" and column.role == role and row.known:
            if fold(text[start:end]) not in row.known:
                self._doubt(_NOT_KNOWN)
        elif role == "H":
            if "B" in row.roles and is_name(text[start:end], self.names):
                self.score += _NAME_AS_HEADLINE
            if (
                "name-before-quotation" in column.divisions
                and "J" not in _cut_off(column)
                and not any(piece[2] == "publication" for piece in self.pieces)
                and text[segment.start] not in _OPENING
            ):
                self._paper(end, segment.end)
            inner = quoted_in(text[start:end]) if row.quoted else None
            if inner is not None:
                start, end = start + inner[0], start + inner[1]
            end = self._parted(start, end)
        if role == "J":
            start += behind_in(text[start:end])
            beside = _BESIDE.search(text, start, end)
            if beside is not None and "B" not in row.roles and is_name(beside["name"], self.names):
                self.byline = beside["name"]
                self._add("byline", *beside.span("name"))
                end = start + len(text[start : beside.start()].rstrip("*_ "))
            end = start + without_of(text[start:end])
            stop = start + len(text[start : segment.end].rstrip(" .,"))
            if column.role != "J" and is_numbered_paper(text[start:stop]):
                end = stop
            if column.role != "J" and not is_numbered_paper(text[start:end]):
                self._numbers(start, segment.end, end)
            else:
                self._numbered(start, end)
                return
        if start < end:
            self._add(_SPANS[role], start, end, role if role in "KHSBF" else "")

    def _parted(self, start: int, end: int) -> int:
        """Cut a second sentence off a title, which is its subtitle where the file has such, or a
        note on who translated it; return where the title ends.
        """
        whole = self.text[start:end]
        found = sentences(self.text, start, end) if _STOP.search(whole) else []
        if not found or part_at_end(whole) is not None or part_inside(whole) is not None:
            return end
        cut, behind, _ = found[-1]
        if says_more_than_by(self.text[behind:end]):
            self.pieces.append((behind, end, "byline"))
            return cut
        if self.row.parted and len(found) == 1 and "S" not in self.row.roles:
            self.pieces.append((behind, end, "subtitle"))
            return cut
        return end

    def _doubt(self, weight: float) -> None:
        self.score += weight
        self.doubt = self.doubt or UNSURE

    def _fields(self, segment: Segment, column: Column) -> list[tuple[str, int, int]]:
        if segment.kind == "e" or segment.end <= segment.start:
            return []
        divisions = column.divisions
        if "name-before-quotation" in divisions and self.text[segment.start] in _OPENING:
            # The title comes first, and no name before it.
            divisions = ("paper-behind-quotation",)
        parts = divide(self.text, segment.start, segment.end, divisions, self.names)
        found = [(role or column.role, start, end) for role, start, end in parts]
        return sorted(found, key=lambda field: field[1])

    def _numbered(self, start: int, end: int) -> None:
        """Read a publication with its numbers behind it: "Paper, Vol. 3", "Paper 12, no. 3"."""
        paper = self.text[start:end]
        for name, first, last in numbers_of_paper(paper):
            self._add("volume" if name == "volume" else "issue", start + first, start + last)
        if name_of_paper(paper):
            self._add("publication", start, start + name_of_paper(paper))

    def _numbers(self, start: int, end: int, behind: int = 0) -> None:
        """Read volume and issue behind a publication that begins at *start*: "Paper, 12(3)"; none
        before *behind*, where its name ends.
        """
        match = PAPER.match(self.text, start, end)
        if match is None:
            return
        for group in ("volume", "issue", "number", "alone"):
            if match[group] and match.start(group) >= behind:
                self._add("volume" if group == "volume" else "issue", *match.span(group))

    def _paper(self, start: int, end: int) -> None:
        """Read a publication, with volume and issue, behind a title in quotation marks."""
        rest = self.text[start:end]
        start += len(rest) - len(rest.lstrip('”»“" ,.'))
        if is_numbered_paper(self.text[start:end]):
            self._numbered(start, end)
            return
        match = PAPER.fullmatch(self.text, start, end)
        if match is not None:
            self._add("publication", *match.span("paper"))
            self._numbers(start, end)
