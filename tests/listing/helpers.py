"""What the tests of the parser share: parsing a text, and the books of a parse."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from articles.listing.parser import parse, survey
from articles.listing.records import Entry, Span, Topic, Unclaimed

STANDFIRST = "The board met twice before noon and settled nothing at all, as its clerk records."

Item = Topic | Entry | Unclaimed


def items_of(lines: Sequence[str]) -> list[Item]:
    return list(parse(lines, survey(lines)))


def entries_of(lines: Sequence[str]) -> list[Entry]:
    return [item for item in items_of(lines) if isinstance(item, Entry)]


def unclaimed_of(lines: Sequence[str]) -> list[int]:
    return [
        item.line
        for item in items_of(lines)
        if isinstance(item, Unclaimed) and item.span.role == "unclaimed"
    ]


def listing(text: str) -> list[str]:
    """The lines of *text*, each followed by a blank one, as a listing has them."""
    lines: list[str] = []
    for line in text.strip().split("\n"):
        lines += [line.strip(), ""]
    return lines[:-1]


def codes_of(entry: Entry) -> list[str]:
    return sorted(diagnostic.code for diagnostic in entry.diagnostics)


def roles_of(entry: Entry, lines: Sequence[str]) -> list[tuple[str, str]]:
    """The pieces of text of *entry* with their roles."""
    return [(span.role, lines[span.line - 1][span.start : span.end]) for span in entry.spans]


def spans_of(item: Item) -> tuple[Span, ...]:
    return (item.span,) if isinstance(item, Unclaimed) else item.spans


def assert_books_balance(lines: Sequence[str], items: Sequence[Item]) -> None:
    """Every character of a line that is not blank lies in exactly one span."""
    by_line: dict[int, list[Span]] = defaultdict(list)
    for item in items:
        for span in spans_of(item):
            by_line[span.line].append(span)
    for number, line in enumerate(lines, 1):
        spans = sorted(by_line.pop(number, []), key=lambda span: span.start)
        if not line.strip():
            assert not spans
            continue
        assert "".join(line[span.start : span.end] for span in spans) == line
        assert all(span.start < span.end for span in spans)
        assert spans[0].start == 0
        assert all(a.end == b.start for a, b in pairwise(spans))
    assert not by_line


def entry_below_a_standfirst(headings: str, date: str = "By Orla Quill, 3 May 2030") -> Entry:
    """The entry that *headings* make below an entry with a standfirst."""
    lines = listing(
        f"""Harbours
        Board sits again
        By Orla Quill, 9 May 2030
        {STANDFIRST}
        {headings}
        {date}
        {STANDFIRST}"""
    )
    assert_books_balance(lines, items_of(lines))
    entries = entries_of(lines)
    assert len(entries) == 2
    assert entries[0].standfirst == STANDFIRST
    return entries[1]


def entries_with_standfirsts(*headlines: str) -> list[Entry]:
    text = "Harbours\n"
    for day, headline in enumerate(headlines):
        text += f"{headline}\nBy Orla Quill, {28 - day} May 2030\n{STANDFIRST}\n"
    return entries_of(listing(text))
