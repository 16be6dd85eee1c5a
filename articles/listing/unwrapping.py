"""Texts broken at a width: "The board met twice before noon" / "and settled nothing."

A file is wrapped if lines go on in the next ones in lower case, and each of them is as full as its
width allows. Such lines are put together before anything else is read; what was read is then given
back in the lines that there are.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from articles.listing.credit_edges import byline_in
from articles.listing.dates import date_at_end, date_at_start
from articles.listing.records import Diagnostic, Entry, Span, SpanRole, Topic, Unclaimed

#: Fewest lines that go on in lower case, and their least share of all lines with text.
_FEWEST = 3
_LEAST_SHARE = 0.04
#: Widths that texts are broken at.
_NARROWEST, _WIDEST = 34, 110
#: Most lines beyond the width, by their share.
_MOST_BEYOND = 0.3
#: Lines put together at most, and lines remembered behind the item last given out.
_MOST_JOINED = 40
_REMEMBERED = 4_000
_GOES_ON = frozenset(",;–—-&/")
_ENDS = (". ", "? ", "! ")

Item = Topic | Entry | Unclaimed


def width_of(sample: Sequence[str]) -> int:
    """Return the width at which *sample*, the first lines of a file, is broken; 0 if it is not."""
    told = sum(1 for text in sample if text and not text.isspace())
    broken = [
        (len(above.rstrip()), text.split(maxsplit=1)[0])
        for above, text in pairwise(sample)
        if _runs_on(above, text)
    ]
    if len(broken) < max(_FEWEST, _LEAST_SHARE * told):
        return 0
    width = max(length for length, _ in broken)
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(length + 1 + len(word) > width for length, word in broken)
    beyond = sum(len(text.rstrip()) > width + 1 for text in sample)
    return width if full >= 0.85 * len(broken) and beyond <= _MOST_BEYOND * told + 1 else 0


def _runs_on(above: str, text: str) -> bool:
    """Tell whether *text* goes on in lower case with what *above* has not ended."""
    above, text = above.rstrip(), text.lstrip()
    return (
        text[:1].islower()
        and len(above) >= _NARROWEST // 2
        and (above[-1].isalnum() or above[-1] in _GOES_ON)
    )


@dataclass(slots=True)
class Unwrapper:
    """Puts the lines of a file of *width* together, and items of these back into its lines."""

    width: int
    # Parts of each line put together, from number ``first`` on: number, start, text.
    parts: deque[tuple[tuple[int, int, str], ...]] = field(default_factory=deque)
    first: int = 1

    def join(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield *lines*, those that were one put together."""
        held: list[tuple[int, str]] = []
        for number, text in enumerate(lines, 1):
            if held and self._belongs(held, text):
                held.append((number, text))
                continue
            if held:
                yield self._joined(held)
            held = [(number, text)]
        if held:
            yield self._joined(held)

    def _belongs(self, held: list[tuple[int, str]], text: str) -> bool:
        above = held[-1][1].rstrip()
        below = text.strip()
        if not below or not above.strip() or len(held) >= _MOST_JOINED:
            return False
        if len(above) > self.width + 1 or len(above) + 1 + len(below.split(maxsplit=1)[0]) <= (
            self.width
        ):
            return False
        if below[0].islower() and (above[-1].isalnum() or above[-1] in _GOES_ON):
            return True
        first = held[0][1]
        hanging = len(text) - len(text.lstrip()) > len(first) - len(first.lstrip())
        prose = len(held) > 1 or any(end in above for end in _ENDS)
        if not (prose or hanging) or not (below[0].isalnum() or below[0] in "“\"«„‘('"):
            return False
        return byline_in(below) is None and not (
            below[-1].isdigit() and (date_at_end(below) or date_at_start(below))
        )

    def _joined(self, held: list[tuple[int, str]]) -> str:
        (number, text), *more = held
        parts = [(number, 0, text)]
        for number, below in more:
            text = text.rstrip()
            text += "" if text[-1] == "-" and below.lstrip()[:1].islower() else " "
            parts.append((number, len(text), below))
            text += below.strip()
        self.parts.append(tuple(parts))
        if len(self.parts) > _REMEMBERED:
            self.parts.popleft()
            self.first += 1
        return text

    def lines_of(self, number: int) -> tuple[tuple[int, int, str], ...]:
        """Return the parts of line *number*: number in the file, place in the whole, text."""
        place = min(max(number - self.first, 0), len(self.parts) - 1)
        return self.parts[place]

    def give_back(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield *items*, read of lines put together, as items of the lines of the file."""
        for item in items:
            if isinstance(item, Unclaimed):
                for number, _, text in self.lines_of(item.line):
                    span = item.span._replace(line=number, start=0, end=len(text))
                    yield replace(item, line=number, text=text, span=span)
                continue
            spans = tuple(part for span in self._grouped(item.spans) for part in span)
            if isinstance(item, Topic):
                yield replace(item, line=spans[0].line, spans=spans)
            else:
                yield self._entry(item, spans)

    def _entry(self, entry: Entry, spans: tuple[Span, ...]) -> Entry:
        lines = [
            part
            for number in range(entry.first_line, entry.last_line + 1)
            for part in self.lines_of(number)
        ]
        first, last = lines[0][0], lines[-1][0]
        texts = {number: text for number, _, text in lines}
        remarks = tuple(self._remark(remark, first, last) for remark in entry.diagnostics)
        standfirst = "\n".join(
            texts[span.line][span.start : span.end] for span in spans if span.role == "standfirst"
        )
        return entry._replace(
            first_line=first,
            last_line=last,
            diagnostics=remarks,
            text="\n".join(text for _, _, text in lines),
            spans=spans,
            standfirst=standfirst or None,
        )

    def _remark(self, remark: Diagnostic, first: int, last: int) -> Diagnostic:
        number = self.lines_of(remark.line)[0][0]
        return remark._replace(line=min(max(number, first), last))

    def _grouped(self, spans: Sequence[Span]) -> Iterator[list[Span]]:
        """Yield the spans in each line of the file that *spans*, of lines put together, come to."""
        by_line: dict[int, list[Span]] = {}
        for span in spans:
            by_line.setdefault(span.line, []).append(span)
        for number, found in by_line.items():
            for line, offset, text in self.lines_of(number):
                yield _within(found, line, offset, text, whole=len(self.lines_of(number)) == 1)


def _within(spans: Sequence[Span], line: int, offset: int, text: str, *, whole: bool) -> list[Span]:
    """Return what *spans* are in one line of the file, which begins at *offset* of the whole."""
    if whole:
        return [span._replace(line=line) for span in spans]
    indent = len(text) - len(text.lstrip()) if offset else 0
    length = len(text.strip()) if offset else len(text.rstrip())
    found: list[Span] = []
    for span in spans:
        start, end = max(span.start - offset, 0), min(span.end - offset, length)
        if start < end:
            found.append(Span(line, start + indent, end + indent, span.role, span.entry))
    role: SpanRole = "punctuation"
    owner = found[0].entry if found else None
    if found and found[0].start > 0:
        found.insert(0, Span(line, 0, found[0].start, role, owner))
    end = found[-1].end if found else 0
    if end < len(text):
        found.append(Span(line, end, len(text), role, owner))
    return found
