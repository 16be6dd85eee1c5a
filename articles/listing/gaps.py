"""The stream of lines cut into gaps: what stands between two date lines, and the second of them.

Both passes run over this stream. It keeps one gap at a time, and of a long gap only its two ends,
so that memory does not depend on the length of the file:

* a gap of more than ``MOST_BLOCKS`` text lines is closed for the entry above, and of what follows
  only the last ``HEADING_BLOCKS`` lines before the next date line are kept;
* blank lines and ornaments beyond ``MOST_FILLER`` part whatever stands before and after them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from articles.listing.blocks import Block, ReadLine, read_line
from articles.listing.dates import PrintedDate, comes_after

MOST_BLOCKS = 10
FRONT_BLOCKS = 4
HEADING_BLOCKS = 6
MOST_FILLER = 100
_FILLER_CHARACTERS = 200


class Anchor:
    """A date line, or two: a byline and a date below it. ``dated`` holds the date.

    ``byline`` is the byline as printed, None where there is none.
    """

    __slots__ = ("byline", "bylined", "date", "dated", "lines")

    def __init__(
        self, dated: ReadLine, bylined: ReadLine | None, lines: tuple[ReadLine, ...]
    ) -> None:
        assert dated.date is not None  # noqa: S101  (only lines with a date become anchors)
        self.dated, self.bylined, self.lines = dated, bylined, lines
        self.date: PrintedDate = dated.date
        self.byline = bylined.byline if bylined is not None else None


@dataclass(slots=True)
class Gap:
    """The lines from a date line (or the start) up to the next.

    ``lines`` has every line in order, ``blocks`` the text lines among them; a date line that no
    heading precedes is no anchor and stands among ``lines``. ``joined``: the entry above is still
    open; ``opening``: nothing precedes; ``odd``: ornaments, or dates that are no anchors, stand in
    it. Without ``anchor`` the entry above ends here and nothing
    begins.
    """

    lines: list[ReadLine]
    blocks: list[Block]
    anchor: Anchor | None
    joined: bool
    opening: bool
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Loose:
    """A line far from any date line."""

    line: ReadLine


def gaps(
    lines: Iterable[str], is_month: Callable[[PrintedDate], bool] = lambda _: True
) -> Iterator[Gap | Loose]:
    """Yield the gaps of *lines* in order; *is_month* tells whether "May 1968" alone is a date."""
    cutter = _Cutter(is_month)
    # A date that stands alone waits, with the filler before it, for the next line: see ``settle``.
    held: ReadLine | None = None
    held_filler: list[ReadLine] = []
    filler: list[ReadLine] = []
    weight = 0
    odd = held_odd = False
    for number, text in enumerate(lines, 1):
        line = read_line(number, text) if text else ReadLine(number, text, "blank")
        kind = line.kind
        if kind == "blank" or kind == "furniture":
            filler.append(line)
            odd = odd or kind == "furniture"
            weight += 1 + len(text) // _FILLER_CHARACTERS
            if weight > MOST_FILLER:
                if held is not None:
                    cutter.add(held_filler, odd=held_odd)
                    yield from cutter.settle(held, None)
                    held = None
                cutter.add(filler, odd=odd)
                yield from cutter.close()
                filler, weight, odd = [], 0, False
            continue
        if held is not None:
            cutter.add(held_filler, odd=held_odd)
            yield from cutter.settle(held, line)
            held = None
        if kind == "bare_date":
            held, held_filler, held_odd = line, filler, odd
            filler, weight, odd = [], 0, False
        else:
            if filler:
                cutter.add(filler, odd=odd)
                filler, weight, odd = [], 0, False
            if kind == "dated_byline":
                yield from cutter.anchor(line)
            elif cutter.rolling or len(cutter.blocks) >= MOST_BLOCKS:
                yield from cutter.text(line)
            else:
                cutter.lines.append(line)
                cutter.blocks.append(Block(line))
    if held is not None:
        cutter.add(held_filler, odd=held_odd)
        yield from cutter.settle(held, None)
    if filler:
        cutter.add(filler, odd=odd)
        yield from cutter.close()
    yield from cutter.close()


@dataclass(slots=True)
class _Cutter:
    is_month: Callable[[PrintedDate], bool]
    lines: list[ReadLine] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    strays: int = 0
    odd: bool = False
    joined: bool = False
    opening: bool = True
    rolling: bool = False
    last_date: str | None = None

    def add(self, filler: list[ReadLine], *, odd: bool) -> None:
        """Take in blank lines and ornaments; *odd* if there are any of these."""
        self.lines += filler
        self.odd = self.odd or odd

    def settle(self, line: ReadLine, following: ReadLine | None) -> Iterable[Gap | Loose]:
        """Decide whether a date that stands alone is a date line, by the next line."""
        assert line.date is not None  # noqa: S101
        below_byline = len(self.blocks) >= 2 and self.blocks[-1].line.kind == "byline"
        if not below_byline and self._is_heading(line.date, following):
            return self.text(line)
        return self.anchor(line)

    def close(self) -> Iterator[Gap | Loose]:
        """End the gap without a date line: end of the file, or a wide empty space."""
        if self.rolling:
            for line in self.lines:
                yield Loose(line)
        elif self.lines or self.joined:
            yield self._gap(None)
        self._start(joined=False)

    def _is_heading(self, date: PrintedDate, following: ReadLine | None) -> bool:
        if date.precision == "year":
            return True
        if date.precision == "month" and date.possible and not self.is_month(date):
            return True
        if following is None or following.date is None:
            return False
        if following.kind == "dated_byline":
            # "9 November 1989", then "By A, 1 May 2019": a heading. The same date twice: no.
            return date.iso != following.date.iso
        if following.date.precision == "year":
            return False
        # Two dates alone, one below the other: the first is a heading if it breaks the order of
        # dates and the second keeps it. A mere list of dates gives neither.
        return (
            bool(self.blocks)
            and comes_after(following.date.iso, date.iso)
            and (self.last_date is None or not comes_after(following.date.iso, self.last_date))
        )

    def anchor(self, line: ReadLine) -> Iterable[Gap | Loose]:
        """Take in a date line."""
        above = self.blocks[-1].line if self.blocks else None
        below_byline = above is not None and above.kind == "byline" and len(self.blocks) > 1
        if above is not None and below_byline and line.kind == "bare_date":
            self.blocks.pop()
            position = next(i for i, item in enumerate(self.lines) if item is above)
            between = tuple(self.lines[position:])
            del self.lines[position:]
            return self._found(Anchor(line, above, (*between, line)))
        if not self.blocks:
            return self._stray(line)
        bylined = line if line.kind == "dated_byline" else None
        return self._found(Anchor(line, bylined, (line,)))

    def _found(self, anchor: Anchor) -> tuple[Gap]:
        found = self._gap(anchor)
        self.last_date = anchor.date.iso
        self._start(joined=True)
        return (found,)

    def _stray(self, line: ReadLine) -> Iterator[Gap | Loose]:
        self.lines.append(line)
        self.strays += 1
        self.odd = True
        if self.strays > MOST_BLOCKS:
            yield from self.close()

    def text(self, line: ReadLine) -> Iterator[Gap | Loose]:
        """Take in a text line."""
        self.lines.append(line)
        self.blocks.append(Block(line))
        if self.rolling and len(self.blocks) > HEADING_BLOCKS:
            self.blocks.pop(0)
            yield from self._release(self.blocks[0].line)
        elif not self.rolling and len(self.blocks) > MOST_BLOCKS:
            rest, rest_blocks = self.lines, self.blocks
            first_kept = rest_blocks[FRONT_BLOCKS].line
            cut = next(i for i, item in enumerate(rest) if item is first_kept)
            self.lines, self.blocks = rest[:cut], rest_blocks[:FRONT_BLOCKS]
            yield self._gap(None)
            self._start(joined=False)
            self.rolling = self.odd = True
            self.lines, self.blocks = rest[cut:], rest_blocks[FRONT_BLOCKS:]
            self.blocks = self.blocks[-HEADING_BLOCKS:]
            yield from self._release(self.blocks[0].line)

    def _release(self, first_kept: ReadLine) -> Iterator[Loose]:
        position = 0
        while self.lines[position] is not first_kept:
            yield Loose(self.lines[position])
            position += 1
        del self.lines[:position]

    def _gap(self, anchor: Anchor | None) -> Gap:
        return Gap(self.lines, self.blocks, anchor, self.joined, self.opening, self.odd)

    def _start(self, *, joined: bool) -> None:
        self.lines, self.blocks, self.strays, self.odd = [], [], 0, False
        self.joined, self.opening, self.rolling = joined, False, False
