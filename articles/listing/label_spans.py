"""The spans of one line of a labelled file: its label, its value, and what stands around it."""

from collections.abc import Iterator

from articles.listing.records import Span, SpanRole


def spans_of(
    number: int,
    text: str,
    start: int,
    end: int,
    role: SpanRole,
    entry: int | None,
    *,
    begin: int = 0,
) -> Iterator[Span]:
    """Yield the label, the value and the space behind it as spans; *begin* is where another field
    of the same line ends.
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start > begin:
        yield Span(number, begin, start, "punctuation", entry)
    if end > start:
        yield Span(number, start, end, role, entry)
    if end < len(text):
        yield Span(number, end, len(text), "punctuation", entry)
