"""Lines in which a page's elements are joined without a sign, read as several lines.

The reverse of `unwrapping`: what `joins` finds as a habit of the file is cut before anything else
is read, and what was read is given back in the lines that there are.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from articles.listing.credit_joins import Join
from articles.listing.dates import date_at_end, whole_date
from articles.listing.joins import Glue
from articles.listing.records import Diagnostic, Entry, Span, Topic, Unclaimed

#: Parts of lines remembered behind the item last given out.
_REMEMBERED = 4_000
_ORNAMENT = "—"

Item = Topic | Entry | Unclaimed


class Rest(str):
    """A line that is the rest of one of the file: no entry begins with it."""

    __slots__ = ()


class _Part(NamedTuple):
    """A part of a line of the file: its number, where in it the part begins, and both texts."""

    number: int
    start: int
    text: str
    line: str
    # What may be a section before a headline: at the beginning, or all of the part.
    head: str = ""


@dataclass(slots=True)
class Unglued:
    """Cuts the lines of a file with *glue* apart, and gives items of these back in its lines."""

    glue: Glue
    # The parts, in order, from number ``first`` on.
    parts: deque[_Part] = field(default_factory=deque)
    first: int = 1

    def split(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield *lines*, each element of those that have several as a line of its own."""
        for number, text in enumerate(lines, 1):
            joins = self.glue.joins(text)
            places = [0, *[join.place for join in joins], len(text)]
            pieces = [text[start:end] for start, end in pairwise(places)]
            hidden = _updates(pieces, joins)
            for place, piece in enumerate(pieces):
                head = ""
                if place < len(joins) and joins[place].kind == "doubtful":
                    head = piece.strip()
                elif place == 0 and (noted := self.glue.noted(piece)) is not None:
                    head = noted.text
                self._remember(_Part(number, places[place], piece, text, head))
                shown = _ORNAMENT * len(piece) if place in hidden else piece
                yield Rest(shown) if place else shown

    def _remember(self, part: _Part) -> None:
        self.parts.append(part)
        if len(self.parts) > _REMEMBERED:
            self.parts.popleft()
            self.first += 1

    def line_of(self, number: int) -> int:
        """Return which line of the file has part *number*."""
        return self._part(number).number

    def _part(self, number: int) -> _Part:
        return self.parts[min(max(number - self.first, 0), len(self.parts) - 1)]

    def give_back(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield *items*, read of parts of lines, as items of the lines of the file."""
        held: Unclaimed | None = None
        for item in items:
            if isinstance(item, Unclaimed):
                span = self._placed(item.span)
                if held is not None and _go_on(held.span, span):
                    span = held.span._replace(end=span.end)
                    held = replace(held, text=held.text + self._part(item.line).text, span=span)
                    continue
                if held is not None:
                    yield held
                held = replace(item, line=span.line, text=self._part(item.line).text, span=span)
                continue
            if held is not None:
                yield held
                held = None
            if isinstance(item, Topic):
                line = self.line_of(item.line)
                yield replace(item, line=line, spans=tuple(map(self._placed, item.spans)))
            else:
                yield self._entry(item)
        if held is not None:
            yield held

    def _placed(self, span: Span) -> Span:
        part = self._part(span.line)
        return span._replace(
            line=part.number, start=part.start + span.start, end=part.start + span.end
        )

    def _entry(self, entry: Entry) -> Entry:
        numbers = range(entry.first_line, entry.last_line + 1)
        parts = [self._part(number) for number in numbers]
        texts = {part.number: part.line for part in parts}
        spans = _joined(list(map(self._placed, entry.spans)))
        remarks = [remark._replace(line=self.line_of(remark.line)) for remark in entry.diagnostics]
        said = {(remark.code, remark.line) for remark in remarks}
        doubts = [_doubt(part) for part in parts if part.head]
        remarks += [doubt for doubt in doubts if (doubt.code, doubt.line) not in said]
        standfirst = entry.standfirst
        if standfirst is not None and len(spans) < len(entry.spans):
            standfirst = "\n".join(
                texts[span.line][span.start : span.end]
                for span in spans
                if span.role == "standfirst"
            )
        return entry._replace(
            first_line=parts[0].number,
            last_line=parts[-1].number,
            diagnostics=tuple(sorted(remarks, key=lambda remark: remark.line)),
            text="\n".join(texts.values()),
            spans=tuple(spans),
            standfirst=standfirst,
        )


def whole_line(glue: Glue, sample: Sequence[str], number: int) -> int:
    """Return which line of *sample*, the first of a file, has part *number* of its lines."""
    unglued = Unglued(glue)
    for _ in unglued.split(sample[:number]):
        pass
    return unglued.line_of(number)


def _go_on(above: Span, below: Span) -> bool:
    return above.line == below.line and above.end == below.start and above.role == below.role


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Return *spans*, those put together that are one field of a line all the same."""
    found: list[Span] = []
    for span in spans:
        if found and _go_on(found[-1], span) and found[-1].entry == span.entry:
            found[-1] = found[-1]._replace(end=span.end)
        else:
            found.append(span)
    return found


def _doubt(part: _Part) -> Diagnostic:
    """Remark on what may be a section, or the first half of a name."""
    message = f"“{part.head}” may be a kicker or part of the headline."
    return Diagnostic("inline-kicker", part.number, message)


def _updates(pieces: Sequence[str], joins: Sequence[Join]) -> set[int]:
    """Return which of *pieces* are the later of two dates: a page that was changed shows both."""
    found = set()
    for place, join in enumerate(joins, 1):
        if join.kind == "twice":
            first, second = date_at_end(pieces[place - 1]), whole_date(pieces[place])
            turned = first is not None and second is not None and second.iso < first.iso
            found.add(place - 1 if turned else place)
    return found
