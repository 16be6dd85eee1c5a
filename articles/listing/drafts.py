"""The lines of one entry as they are put together: what they say by field, and their spans."""

from dataclasses import dataclass, field

from articles.listing.dates import PrintedDate
from articles.listing.parts import part_at_end, with_part
from articles.listing.records import Piece, Span
from articles.listing.weaving import Node

#: The texts of each field, with their lines.
Said = dict[str, list[tuple[int, str]]]


@dataclass(slots=True)
class Draft:
    """An entry so far: its lines, with their readings, and the date that was read in them."""

    first: int
    last: int = 0
    texts: list[str] = field(default_factory=list)
    pieces: list[tuple[int, str, tuple[Piece, ...]]] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    date: PrintedDate | None = None
    date_line: int = 0
    # A line right below the standfirst that seems to go on with it, and was read otherwise.
    cut: int = 0


def said_in(draft: Draft) -> Said:
    """Return what the lines of *draft* say, by field; parts are cut off headlines."""
    found: Said = {}
    for place, (number, text, parts) in enumerate(draft.pieces):
        if any(role == "headline" for _, _, role in parts):
            parts = with_part(text, parts)
            draft.pieces[place] = number, text, parts
        for start, end, role in parts:
            found.setdefault(role, []).append((number, text[start:end]))
    return found


def part_number_of(draft: Draft, label: str) -> int | None:
    """Return the number of the part that *label* names."""
    number = None
    for node in draft.nodes:
        if node.form is not None and node.form.roles == "P" and node.block is not None:
            part = node.block.part
            number = part.number if part is not None else None
    if number is None:
        found = part_at_end(f"({label})") or part_at_end(f"x ({label})")
        number = found.number if found is not None else None
    return number


def spans_of(draft: Draft, ordinal: int) -> list[Span]:
    """Return the lines of *draft*, also those of the page within it, as spans in their order."""
    spans: list[Span] = []
    for number, text, parts in draft.pieces:
        add_spans(spans, number, text, parts, ordinal)
    placed = {number for number, _, _ in draft.pieces}
    for node in draft.nodes:
        furniture = node.form is not None and node.form.roles == "X" and node.number not in placed
        if furniture and node.block is not None:
            text = node.block.line.text
            spans.append(Span(node.number, 0, len(text), "furniture", None))
    spans.sort(key=lambda span: (span.line, span.start))
    return spans


def add_spans(
    spans: list[Span], number: int, text: str, pieces: tuple[Piece, ...], entry: int | None
) -> None:
    """Add the pieces of a line as spans, with punctuation in every place between them."""
    position = 0
    for start, end, role in pieces:
        if start > position:
            spans.append(Span(number, position, start, "punctuation", entry))
        spans.append(Span(number, start, end, role, None if role == "furniture" else entry))
        position = end
    if position < len(text):
        spans.append(Span(number, position, len(text), "punctuation", entry))
