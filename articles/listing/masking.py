"""The lines of a page hidden from the parser, and given back in what it reads.

What `framing` tells to be no line of an entry is read as an ornament of the same length, so that
every dialect passes over it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from articles.listing.bare_names import bare_name
from articles.listing.credit_edges import byline_in
from articles.listing.date_edges import MAY_DATE
from articles.listing.framing import ABOVE, VISIBLE, Frame, blocks_of
from articles.listing.furniture import is_furniture
from articles.listing.leads import unparted
from articles.listing.page_lines import pages_in
from articles.listing.records import Entry, Topic, Unclaimed
from articles.listing.skeletons import folded_line

_ORNAMENT = "—"
#: Lines that an entry with a line of no entry in it may have.
_KEPT = 1_000

Item = Topic | Entry | Unclaimed


def _says_more(text: str) -> bool:
    """Tell whether a line of the page says something of an entry: its pages, who took a picture."""
    return pages_in(text) is not None or bare_name(text.partition(":")[2].strip()) is not None


def _says_when_or_who(text: str) -> bool:
    """Tell whether a line has a date or a byline: below the last date of a file it may be the rest
    of the last entry.
    """
    if is_furniture(text):
        return False
    return MAY_DATE.search(text) is not None or byline_in(text) is not None


@dataclass(slots=True)
class Framed:
    """The lines of a file with ornaments for those of its page, which it gives back."""

    frame: Frame
    hidden: dict[int, str] = field(default_factory=dict)
    # How many line breaks a line has inside: none, if it comes from a file.
    breaks: dict[int, int] = field(default_factory=dict)
    # Whether anything was met that is not surely a line of the page.
    begun: bool = False

    def mask(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield *lines*; for a line of the page an ornament of the same length."""
        number = 0
        above: list[str] = []
        stream: Iterator[str] = iter(lines)
        rest: Iterator[str] = iter(())
        if not (self.frame.lines or self.frame.last):
            # There is nothing but the heading of the page.
            stream, rest = islice(stream, self.frame.first), stream
        for told in blocks_of(stream):
            block = list(map(self.frame.shown, told))
            if not block[0] or block[0].isspace():
                number += 1
                yield block[0]
                continue
            pages = self.frame.pages_of(block, above)
            if self._is_outside(number, block):
                # The first line of the file that is not surely one of the page may be its topic.
                topic = next((at for at, text in enumerate(block) if not is_furniture(text)), -1)
                pages = [self.begun or place != topic for place in range(len(block))]
            self.begun = self.begun or not all(map(is_furniture, block))
            for whole, text, is_page in zip(told, block, pages, strict=True):
                number += 1
                if text != whole:
                    self.hidden[number] = whole
                if "\n" in text:
                    self.breaks[number] = text.count("\n")
                if is_page and VISIBLE.search(text) is not None and not _says_more(text):
                    self.hidden[number] = whole
                    yield _ORNAMENT * len(text)
                elif self.frame.labels and unparted(text) in self.frame.labels:
                    # "Author Orla Quill": the label gets the sign that it has not.
                    self.hidden[number] = whole
                    at = text.index(" ", len(text) - len(text.lstrip()))
                    yield f"{text[:at]}:{text[at + 1 :]}"
                else:
                    yield text
            keys = map(folded_line, block)
            above = [*above, *("" if key in self.frame.often else key for key in keys)][-ABOVE:]
        yield from rest

    def _is_outside(self, number: int, block: Sequence[str]) -> bool:
        """Tell whether *block*, behind *number* lines, is heading or foot of the page."""
        frame = self.frame
        return (
            len(block) > 1
            and (number < frame.first or 0 < frame.last <= number)
            and not any(_says_when_or_who(text) for text in block)
        )

    def give_back(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield *items*, read of what `mask` made, with the lines of the file."""
        for item in items:
            if isinstance(item, Unclaimed):
                # It may stand inside an entry, whose text has it too.
                self._forget(item.line - _KEPT)
                yield replace(item, text=self.hidden.get(item.line, item.text))
            elif isinstance(item, Entry):
                self._forget(item.first_line)
                numbers = range(item.first_line, item.last_line + 1)
                if any(number in self.hidden for number in numbers):
                    lines = zip(numbers, self._lines_of(item), strict=True)
                    told = [self.hidden.get(number, text) for number, text in lines]
                    item = item._replace(text="\n".join(told))
                yield item
            else:
                yield item

    def _lines_of(self, entry: Entry) -> Iterator[str]:
        """Yield the lines of *entry* as they were read."""
        parts = iter(entry.text.split("\n"))
        for number in range(entry.first_line, entry.last_line + 1):
            yield "\n".join(islice(parts, 1 + self.breaks.get(number, 0)))

    def _forget(self, number: int) -> None:
        """Let go of what was hidden before line *number*."""
        while self.hidden and (first := next(iter(self.hidden))) < number:
            del self.hidden[first]
