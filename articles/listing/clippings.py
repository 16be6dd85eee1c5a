"""Lists of articles by hand: a title, where and when it was printed, who wrote it, in any order.

"“The bar,” Courier (May 6), 22–29." below a year, "Courier, 1/2/74. “The bar” O. Quill. p. 4",
"1. The bar. — The Courier, 6 May 2018. By: Orla Quill", "Quill, O., The bar, no. 3 (May 2001), 7".
Dates, pages, issues and names behind "by" are known by their form (``clipping_chunks``). What else
stands at either end of a line, all lines together tell: papers come again, names look like names,
and what differs, or stands in quotation marks, is the title.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from articles.folding import fold
from articles.listing import clipping_chunks as cut
from articles.listing.bare_names import bare_name
from articles.listing.by_line import Reading, Remark, Unit, units_of
from articles.listing.bylines import read_byline
from articles.listing.clipping_chunks import Chunk
from articles.listing.columns import is_name
from articles.listing.credit_words import says_update
from articles.listing.issues import issue_line
from articles.listing.markup import without_marks
from articles.listing.papers import is_paper
from articles.listing.parts import with_part
from articles.listing.records import Credit, Piece, SpanRole
from articles.listing.reference_names import names_end
from articles.listing.reference_parts import NUMBERED

NAME = "clippings"
#: Longest unit, in characters and in lines; fewest words of one, and most of a name.
LONGEST, _MOST_LINES, FEWEST_WORDS, _MOST_WORDS_OF_PAPER = 600, 6, 3, 6
_LONGEST_AUTHOR = 80
_LINE_UNSURE = "The fields of this line are parted otherwise than those of most lines."


@dataclass(frozen=True, slots=True)
class Clippings:
    """The grammar of a file: how it is cut, and what stands at the ends of its units."""

    cut: str = "line"
    quoted: bool = False
    yearly: bool = False
    headed: bool = False
    # The names of papers, folded; what stands first and last, "J" or "B"; what most units have.
    papers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    first: str = ""
    last: str = ""
    usual: frozenset[str] = frozenset()
    # Whether names alone stand above what they wrote: an index by author.
    by_author: bool = False
    name: str = NAME

    def units(self, lines: Iterable[str]) -> Iterator[Unit]:
        return units_of(lines, lambda _: self.cut == "line", _MOST_LINES)

    def chunks(self, text: str, day_first: bool | None) -> list[Chunk]:
        return cut.chunks_of(
            text, self.start(text), day_first, yearly=self.yearly, headed=self.headed
        )

    def start(self, text: str) -> int:
        """Return where *text* begins behind a number or a bullet."""
        numbered = NUMBERED.match(text)
        return numbered.end() if numbered else len(text) - len(text.lstrip())

    def read(self, text: str, day_first: bool | None) -> Reading | None:
        if len(text) > LONGEST:
            return None
        date = cut.heading(text) if self.yearly else None
        if date is not None:
            return Reading([(date.start, date.end, "date")], date, heading=True)
        if self.by_author and is_author(text):
            start, end = len(text) - len(text.lstrip()), len(text.rstrip(" :"))
            return Reading([(start, end, "byline")], None, heading=True)
        if len(text.split()) < FEWEST_WORDS or says_update(text):
            return None
        text = without_marks(text)
        chunks = self.chunks(text, day_first)
        roles = self.roles(text, chunks)
        if "H" not in roles or not any(chunk.kind in "DdIPb" for chunk in chunks):
            return None
        return self._reading(text, chunks, roles)

    def is_furniture(self, text: str) -> bool:
        # "Last updated January 2018": when the list was changed, not what it has.
        return says_update(text)

    def roles(self, text: str, chunks: Sequence[Chunk]) -> list[str]:
        """Return the role of each chunk: H, J, B or F; "" for what has none, or one by its kind."""
        roles = [""] * len(chunks)
        soft = [at for at, chunk in enumerate(chunks) if chunk.kind in cut.SOFT]
        title = self.quotation(text, chunks) if self.quoted else None
        if title is not None:
            roles[title] = "H"
            for at in soft:
                if at != title:
                    side = self.first if at < title else self.last
                    roles[at] = self._role(text, chunks, at, side, roles)
            return roles
        while len(soft) > 1 and self.first and roles.count("B") < 4:
            role = self._role(text, chunks, soft[0], self.first, [])
            again = (
                role == "B"
                and chunks[soft[0]].sign == ","
                and self._is_known(text, chunks, soft[0])
            )
            if role != self.first or not (soft[0] == 0 or again):
                break
            roles[soft.pop(0)] = role
        behind = self._text_behind(chunks, soft)
        for at in behind:
            roles[at] = "F" if at == behind[0] else "f"
            soft.remove(at)
        while len(soft) > 1:
            role = self._role(text, chunks, soft[-1], self.last, roles)
            if not role:
                break
            roles[soft.pop()] = role
        runs: list[list[int]] = []
        for at in soft:
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        if not runs:
            return roles
        longest = max(runs, key=lambda run: chunks[run[-1]].end - chunks[run[0]].start)
        for at in longest:
            roles[at] = "H"
        return roles

    def _text_behind(self, chunks: Sequence[Chunk], soft: Sequence[int]) -> list[int]:
        """Return the places of a text behind a dash that follows all that is known of an entry."""
        last = list(soft[-1:])
        while last and last[0] - 1 in soft:
            last = [last[0] - 1, *last]
        parted = bool(last) and last[0] > soft[0] and chunks[last[0] - 1].kind in "DdPIb"
        return last if parted and chunks[last[0]].sign in "–—-" else []

    def quotation(self, text: str, chunks: Sequence[Chunk]) -> int | None:
        """Return the place of the title in quotation marks."""
        for at, chunk in enumerate(chunks):
            inner = text[slice(*cut.inside(text, chunk.start, chunk.end))]
            if chunk.kind == "q" and not chunk.within and fold(inner) not in self.papers:
                return at
        return None

    def _role(
        self, text: str, chunks: Sequence[Chunk], at: int, side: str, roles: Sequence[str]
    ) -> str:
        chunk = chunks[at]
        if "J" not in roles and side != "B" and self._is_paper(text, chunks, at):
            return "J"
        if "J" not in roles and chunk.within:
            return "J"
        if "B" not in roles and (side == "B" or self.quoted) and is_named(text, chunk):
            return "B"
        if "J" not in roles and self._is_paper(text, chunks, at):
            return "J"
        return ""

    def _is_known(self, text: str, chunks: Sequence[Chunk], at: int) -> bool:
        """Tell whether a name that stands behind another one is that of a further author."""
        return at > 0 and fold(name_in(text, chunks[at])) in self.names

    def _is_paper(self, text: str, chunks: Sequence[Chunk], at: int) -> bool:
        name = name_in(text, chunks[at])
        if fold(name) in self.papers or (self.papers and cut.DITTO.fullmatch(name)):
            return True
        if not self.papers or len(name.split()) > _MOST_WORDS_OF_PAPER:
            return False
        followed = at + 1 < len(chunks) and chunks[at + 1].kind in "DdI"
        return is_paper(name) or (
            followed and "J" in self.usual and not any(mark in name for mark in "?!")
        )

    def _reading(self, text: str, chunks: Sequence[Chunk], roles: Sequence[str]) -> Reading:
        pieces: list[Piece] = []
        remarks: list[Remark] = []
        reading = Reading(pieces, None, (), remarks)
        by: list[Credit] = []
        title: list[int] = [at for at, role in enumerate(roles) if role == "H"]
        lowest, highest = title[0], title[-1]
        for at, (chunk, role) in enumerate(zip(chunks, roles, strict=True)):
            start, end = chunk.start, chunk.end
            if lowest < at <= highest or role == "f":
                continue
            if at == lowest:
                self._title(text, start, chunks[highest].end, pieces, single=lowest == highest)
            elif role == "F":
                last = max(place for place in range(at, len(roles)) if roles[place] in ("F", "f"))
                pieces.append((start, chunks[last].end, "standfirst"))
            elif role == "J":
                self._paper(text, chunks, at, reading)
            elif role == "B" or chunk.kind == "b":
                by += self._names(text, chunk, reading)
            elif chunk.kind == "D" and reading.date is None:
                reading.date = chunk.date
                pieces.append((start, end, "date"))
            elif chunk.kind == "I":
                _issue(text, chunk, reading)
            elif chunk.kind == "P" and not any(piece[2] == "pages" for piece in pieces):
                first, last = cut.pages_of(text[start:end])
                pieces.append((start + first, start + last, "pages"))
            else:
                pieces.append((start, end, "furniture"))
                if chunk.kind not in ("n", "d"):
                    said = f"“{text[start:end][:80]}” belongs to no field of the reference."
                    remarks.append(Remark("reference-unsure", said))
        # Of an index by author the names above are read.
        reading.credits = tuple(dict.fromkeys(by)) if by or not self.by_author else None
        if reading.date is not None and len([c for c in chunks if c.kind == "D"]) > 1:
            remarks.append(Remark("row-unsure", _LINE_UNSURE))
        elif (
            (
                highest > lowest
                and chunks[lowest].kind == "x"
                and chunks[lowest + 1].sign == ","
                and "B" in self.usual
                and is_named(text, chunks[lowest])
            )
            or any(chunks[at].kind in "DI" for at in range(lowest, highest))
            or (self._lacks(roles, chunks) and highest > lowest)
        ):
            remarks.append(
                Remark("headline-holds-more", "The headline seems to hold another field.")
            )
        return reading

    def _lacks(self, roles: Sequence[str], chunks: Sequence[Chunk]) -> bool:
        """Tell whether a unit has no name or paper where most have one."""
        has = {role for role in roles if role} | {"B" for chunk in chunks if chunk.kind == "b"}
        return bool(self.usual - has)

    def _title(self, text: str, start: int, end: int, pieces: list[Piece], *, single: bool) -> None:
        if self.quoted and single and text[start] in '“«„"':
            start, end = cut.inside(text, start, end)
        while end > start and text[end - 1] in " .,;:" and not text[:end].endswith("..."):
            end -= 1
        for first, last, role in with_part(text[start:end], ((0, end - start, "headline"),)):
            pieces.append((start + first, start + last, role))

    def _paper(self, text: str, chunks: Sequence[Chunk], at: int, reading: Reading) -> None:
        chunk = chunks[at]
        name = name_in(text, chunk)
        if cut.DITTO.fullmatch(name):
            reading.ditto_paper = True
            reading.pieces.append((chunk.start, chunk.end, "furniture"))
            return
        begin = text.index(name, chunk.start)
        reading.pieces.append((begin, begin + len(name), "publication"))
        _, volume = cut.without_number(text[chunk.start : chunk.end], chunk.end - chunk.start)
        if volume is not None:
            reading.pieces.append((chunk.start + volume[0], chunk.start + volume[1], "volume"))

    def _names(self, text: str, chunk: Chunk, reading: Reading) -> Iterator[Credit]:
        start, end = chunk.start, names_end(text, chunk.start, chunk.end)
        role: SpanRole = "byline"
        if chunk.role == "trl" or any(piece[2] == "byline" for piece in reading.pieces):
            role = "credits"
        reading.pieces.append((start, end, role))
        if chunk.names is not None:
            reading.ditto = chunk.names.ditto and role == "byline"
            for credit in chunk.names.credits:
                yield replace(credit, role="trl") if chunk.role == "trl" else credit
            return
        found = read_byline(text[start:end])
        reading.remarks += [Remark(d.code, d.message, d.alternatives) for d in found.diagnostics]
        yield from found.credits


def is_author(text: str) -> bool:
    """Tell whether *text* is one or more names and nothing else."""
    told = text.strip(" :")
    return len(told) <= _LONGEST_AUTHOR and not any(map(str.isdigit, told)) and (
        bare_name(told) is not None
    )  # fmt: skip


def name_in(text: str, chunk: Chunk) -> str:
    """Return what *chunk* says without quotation marks and without a volume behind it."""
    start, end = chunk.start, chunk.end
    if chunk.kind == "q":
        start, end = cut.inside(text, start, end)
    stop, _ = cut.without_number(text[start:end], end - start)
    return text[start : start + stop].strip(" ,;:")


def is_named(text: str, chunk: Chunk) -> bool:
    """Tell whether *chunk* may be names."""
    return chunk.kind == "N" or is_name(text[chunk.start : chunk.end], frozenset())


def _issue(text: str, chunk: Chunk, reading: Reading) -> None:
    issue = issue_line(text[chunk.start : chunk.end])
    if issue is None:
        role, first, last = cut.number_of(text[chunk.start : chunk.end])
        reading.pieces.append((chunk.start + first, chunk.start + last, role))
        return
    if issue.volume is not None:
        first, last = issue.volume
        reading.pieces.append((chunk.start + first, chunk.start + last, "volume"))
    if issue.issue is not None:
        first, last = issue.issue
        reading.pieces.append((chunk.start + first, chunk.start + last, "issue"))
