"""Publications that a page names above its entries: "Published in Field Repairs" / "Title"."""

import re
from collections.abc import Iterable, Iterator, Sequence

from articles.listing.papers import may_host
from articles.listing.records import Entry, Piece, Span, Topic, Unclaimed

_SAID = re.compile(r"\s*published in\s(?=(?-i:[^\W\d_a-zà-öø-ÿа-яё]))", re.IGNORECASE)
#: Fewest lines from which a page is seen to name them so.
_FEWEST = 2

Item = Topic | Entry | Unclaimed


def host_said(text: str) -> int:
    """Return where the name of a publication begins in *text*, a line that says nothing else; 0 for
    any other, also for "Published in News", a section.
    """
    said = _SAID.match(text)
    return said.end() if said is not None and may_host(text[said.end() :].strip()) else 0


def names_hosts(sample: Sequence[str]) -> bool:
    """Tell whether *sample*, the first lines of a file, names publications above its entries."""
    return sum(host_said(text) > 0 for text in sample) >= _FEWEST


def with_hosts(items: Iterable[Item]) -> Iterator[Item]:
    """Yield *items*; an entry with the publication that the line right above it names."""
    held: Unclaimed | None = None
    for item in items:
        if held is not None:
            if isinstance(item, Entry) and item.first_line == held.line + 1:
                item = _hosted(item, held)
            else:
                yield held
            held = None
        if isinstance(item, Unclaimed) and host_said(item.text):
            held = item
        else:
            yield item
    if held is not None:
        yield held


def _hosted(entry: Entry, above: Unclaimed) -> Entry:
    start, end = host_said(above.text), len(above.text.rstrip())
    places: list[Piece] = [(0, start, "punctuation"), (start, end, "publication")]
    if end < len(above.text):
        places.append((end, len(above.text), "punctuation"))
    spans = [Span(above.line, begin, stop, role, entry.ordinal) for begin, stop, role in places]
    return entry._replace(
        first_line=above.line,
        publication=entry.publication or above.text[start:end],
        text=f"{above.text}\n{entry.text}",
        spans=(*spans, *entry.spans),
    )
