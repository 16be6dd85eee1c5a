"""Lines that the page puts beside or below its entries, told by where they stand.

Whatever their words: counts that come again with another number, lines below a line of the page to
the end of its block, lines that nearly every entry has, and a title said once more among such ones.
They are read as ornaments of the same length, so that every dialect passes over them, and given
back as they stand.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice

from articles.folding import fold
from articles.listing.bare_names import bare_name
from articles.listing.credit_edges import KEPT_PREFIX, byline_in
from articles.listing.credits import credit_lines
from articles.listing.date_edges import MAY_DATE
from articles.listing.furniture import is_furniture
from articles.listing.page_lines import pages_in
from articles.listing.parts import part_line
from articles.listing.records import Entry, Topic, Unclaimed

_NUMBER = re.compile(r"[0-9][0-9.,\u00a0\u202f ]*[0-9]|[0-9]")
_VISIBLE = re.compile(r"[^\W_]")
_LONGEST, _LONGEST_CREDIT = 80, 160
#: Forms of a line that gives a date, and what one weighs that a sign parts from a text.
_DATED = frozenset(("D", "BD", "DB", "BDF"))
_PARTED = 0.5
#: Lines of a block that are looked at together; of longer ones only each line alone.
_MOST_LINES = 60
#: How often a line comes again at least: times, and by the share of the dates.
_FEWEST, _SHARE, _NEARLY_ALL, _MOST_TIMES = 3, 0.25, 0.8, 2.0
#: Share of its times that a line ends its block.
_AT_END = 0.9
#: Lines above in which a title is said once more.
_ABOVE = 12
_ORNAMENT = "—"
#: Lines that an entry with a line of no entry in it may have.
_KEPT = 1_000
#: Share of blocks of one line from which a file has a blank line below every line; words that a
#: count has beside its number at most.
_SPACED, _MOST_WORDS = 0.7, 5
_SHORTEST_ECHO, _BESIDE, _TWICE = 8, 40, 2
#: Fewest blocks with a date, and the length of a sample that may be a file's beginning only.
_FEWEST_DATED, _WHOLE = 4, 1_600

Item = Topic | Entry | Unclaimed


def _folded(text: str) -> str:
    """Return *text* folded; "" for a text, which is no line of a page."""
    return fold(text) if len(text) <= _LONGEST_CREDIT else ""


def _skeleton(text: str) -> str:
    """Return *text* folded, with a sign for each number."""
    return _NUMBER.sub("#", _folded(text))


def _head(text: str) -> str:
    """Return what stands before the first sign that parts a line in two; "" where none does."""
    before, sign, _ = text.partition(" | ")
    return f"{_skeleton(before)} |" if sign else ""


def _key(text: str, heads: Mapping[str, int], least: float) -> str:
    """Return what *text* has in common with others: what stands before its first sign, or all."""
    head = _head(text)
    return head if head and heads[head] >= least else _skeleton(text)


def _is_count(key: str) -> bool:
    """Tell whether a skeleton is a number with a few words: "3 comments", "1 204"."""
    return "#" in key and len(key.replace("#", " ").split()) <= _MOST_WORDS


def _echoes(blocks: Sequence[Sequence[str]], often: Set[str]) -> list[list[bool]]:
    """Return of each line of *blocks* whether it says a line above it once more."""
    found: list[list[bool]] = []
    above: list[str] = []
    for block in blocks:
        found.append([])
        for place, text in enumerate(block):
            key = _folded(text)
            is_new = key not in often and _may_be_page(text)
            found[-1].append(is_new and _is_echo(key, text, above, place == 0))
            above = [*above, "" if key in often else key][-_ABOVE:]
    return found


@lru_cache(maxsize=2_000)
def _is_dated(text: str) -> bool:
    """Tell whether a line gives the day or the month of an entry."""
    if len(text) > _LONGEST_CREDIT or MAY_DATE.search(text) is None:
        return False
    return any(
        form.date is not None
        and (form.roles in _DATED or form.score >= _PARTED)
        and (form.date.month is not None or form.date.figures is not None)
        for form in credit_lines(text, None, frozenset())
    )


def _may_be_page(text: str) -> bool:
    """Tell whether a line may be one of the page: no credit, name, part or pages."""
    return (
        len(text) <= _LONGEST
        and _VISIBLE.search(text) is not None
        and MAY_DATE.search(text) is None
        and byline_in(text) is None
        and KEPT_PREFIX.match(text) is None
        and pages_in(text) is None
        and part_line(text) is None
    )


def _says_more(text: str) -> bool:
    """Tell whether a line of the page says something of an entry: its pages, who took a picture."""
    return pages_in(text) is not None or bare_name(text.partition(":")[2].strip()) is not None


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield runs of lines without a blank one, and each blank line alone."""
    held: list[str] = []
    for text in lines:
        if text and not text.isspace():
            held.append(text)
            if len(held) < _MOST_LINES:
                continue
        if held:
            yield held
            held = []
        if not text or text.isspace():
            yield [text]
    if held:
        yield held


@dataclass(frozen=True, slots=True)
class Frame:
    """What lines of the page a file has: skeletons, and whether such end its blocks."""

    counts: frozenset[str] = frozenset()
    constant: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    tails: bool = False
    echoes: bool = False
    # What comes again too often to be said once more of the same entry.
    often: frozenset[str] = frozenset()
    # Blocks that are heading and foot of the page: those before a line, and those behind one.
    first: int = 0
    last: int = 0
    # Whether each block is an entry of several lines, its date not the first of them.
    records: bool = False

    def __bool__(self) -> bool:
        return bool(self.lines or self.first or self.last)

    @property
    def lines(self) -> bool:
        """Tell whether lines of the page stand among those of the entries."""
        return bool(self.counts or self.constant or self.heads or self.tails or self.echoes)

    def is_page(self, text: str) -> bool:
        """Tell whether a line is one of the page whatever stands beside it."""
        if is_furniture(text):
            return True
        if len(text) > _LONGEST:
            return False
        key, head = _skeleton(text), _head(text)
        if key in self.constant:
            return True
        return (key in self.counts or head in self.heads) and _may_be_page(text)

    def pages_of(self, block: Sequence[str], above: Sequence[str]) -> list[bool]:
        """Return of each line of *block* whether it is one of the page; *above* stand before."""
        found = [self.is_page(text) for text in block]
        if self.echoes:
            earlier = list(above)
            for place, text in enumerate(block):
                key = _folded(text)
                found[place] = found[place] or (
                    key not in self.often and _is_echo(key, text, earlier, place == 0)
                )
                earlier.append("" if key in self.often else key)
        if self.tails:
            first = _tail(block, found)
            found[first:] = [True] * (len(block) - first)
        if sum(found) >= 2 and sum(found) == len(found) - 1:
            alone = _folded(block[found.index(False)])
            if alone in above:
                found = [True] * len(found)
        return found


def _stands_in(shorter: str, longer: str) -> bool:
    """Tell whether *shorter* stands in *longer* as whole words."""
    place = longer.find(shorter)
    if place < 0:
        return False
    around = longer[max(0, place - 1) : place], longer[place + len(shorter) :][:1]
    return not any(mark.isalnum() for mark in around)


def _is_echo(key: str, text: str, earlier: Sequence[str], begins: bool) -> bool:
    """Tell whether a folded line says a headline above it once more, with a few words beside it."""
    if len(key) < _SHORTEST_ECHO or " " not in key:
        return False
    if bare_name(text) is not None or _is_dated(text):
        return False
    for place, other in enumerate(earlier[-_ABOVE:]):
        if len(other) < _SHORTEST_ECHO or " " not in other:
            continue
        if key == other:
            return True
        if place == len(earlier[-_ABOVE:]) - 1 and not begins:
            # Right below it may be the headline below a kicker.
            continue
        longer, shorter = (key, other) if len(key) > len(other) else (other, key)
        if len(longer) <= len(shorter) + _BESIDE and _stands_in(shorter, longer):
            return True
    return False


def _tail(block: Sequence[str], pages: Sequence[bool]) -> int:
    """Return where the lines of the page at the end of *block* begin; its length if nowhere."""
    end = len(block)
    dated = next((place for place, text in enumerate(block) if _is_dated(text)), end)
    first = next((place for place in range(dated + 1, end) if pages[place]), end)
    if all(_may_be_page(text) and len(text) <= _LONGEST for text in block[first:]):
        return first
    return end


def frame_of(sample: Sequence[str]) -> Frame:
    """Return what *sample*, the first lines of a file, shows of the lines of its page."""
    blocks = [block for block in _blocks(sample) if block[0] and not block[0].isspace()]
    dates = sum(_is_dated(text) for block in blocks for text in block)
    least = max(_FEWEST, _SHARE * dates)
    times: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    named: set[str] = set()
    heads = Counter(_head(text) for block in blocks for text in block)
    folded = Counter(_folded(text) for block in blocks for text in block)
    known = frozenset(key for key, often in folded.items() if often > _TWICE)
    said = _echoes(blocks, known)
    echoes = sum(map(sum, said)) >= least
    lines = [
        [(_key(text, heads, least) if _may_be_page(text) else "", text) for text in block]
        for block in blocks
    ]
    for block in lines:
        for key, text in block:
            times[key] += 1
            if key and bare_name(text) is not None:
                named.add(key)
    # Where a blank line stands below every line, none tells where an entry ends.
    spaced = sum(len(block) == 1 for block in blocks) > _SPACED * len(blocks)
    for block, again in zip(lines, said, strict=True):
        texts = sum(key != "" or len(text) > _LONGEST for key, text in block)
        # What stands alone beside a date is the headline, however often it comes again.
        last = not spaced and (texts > 1 or not any(_is_dated(text) for _, text in block))
        for (key, text), is_said in zip(reversed(block), reversed(again), strict=True):
            ends[key] += last
            last = last and (
                is_furniture(text)
                or (echoes and is_said)
                or (key != "" and times[key] >= least and key not in named)
            )
    below = {key: often for key, often in times.items() if key and ends[key] >= _AT_END * often}
    often_enough = {key for key, often in below.items() if often >= least}
    # Once an entry: what comes more often than there are dates belongs to none of them.
    nearly_all, most = max(_FEWEST, _NEARLY_ALL * dates), _MOST_TIMES * dates
    counts = frozenset(key for key in often_enough if _is_count(key))
    constant = frozenset(
        key
        for key in below.keys() - named
        if "#" not in key and key[-1] not in ".?!" and nearly_all <= below[key] <= most
    )
    parted = frozenset(key for key in often_enough if key.endswith("|"))
    frame = Frame(counts, constant, parted)
    tails = sum(
        _tail(texts, [frame.is_page(text) for text in texts]) < len(texts) for texts in blocks
    )
    if echoes:
        frame = replace(frame, echoes=True, often=known)
    frame = replace(frame, tails=tails >= max(_FEWEST, _SHARE * len(blocks)))
    return _with_records(sample, frame)


def _with_records(sample: Sequence[str], frame: Frame) -> Frame:
    """Return *frame* with how many lines stand before the first block with a date, and before what
    stands behind the last one, where nearly all blocks between have just one date.
    """
    number = end = several = led = 0
    dated: list[tuple[int, int]] = []
    kinds: list[int] = []
    for block in _blocks(sample):
        pages = frame.pages_of(block, ())
        if block[0] and not block[0].isspace() and not all(pages):
            told = [text for text, is_page in zip(block, pages, strict=True) if not is_page]
            dates = list(map(_is_dated, told))
            if any(dates) or dated:
                kinds.append(sum(dates) if len(told) > 1 or any(dates) else 1)
            if any(dates):
                dated.append((number, len(kinds)))
                end = number + len(block)
                several += len(told) > 1
                led += any(dates[:2])
        number += len(block)
    if len(dated) < _FEWEST_DATED:
        return frame
    between = kinds[: dated[-1][1]]
    if sum(dates == 1 for dates in between) < _AT_END * len(between):
        return frame
    return replace(
        frame,
        first=dated[0][0],
        last=end if number < _WHOLE else 0,
        records=led <= _SHARE * len(dated)
        and several >= _AT_END * len(dated)
        and len(dated) >= _AT_END * len(between),
    )


@dataclass(slots=True)
class Framed:
    """The lines of a file with ornaments for those of its page, which it gives back."""

    frame: Frame
    hidden: dict[int, str] = field(default_factory=dict)
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
        for block in _blocks(stream):
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
            for text, is_page in zip(block, pages, strict=True):
                number += 1
                if is_page and _VISIBLE.search(text) is not None and not _says_more(text):
                    self.hidden[number] = text
                    yield _ORNAMENT * len(text)
                else:
                    yield text
            keys = map(_folded, block)
            above = [*above, *("" if key in self.frame.often else key for key in keys)][-_ABOVE:]
        yield from rest

    def _is_outside(self, number: int, block: Sequence[str]) -> bool:
        """Tell whether *block*, behind *number* lines, is heading or foot of the page."""
        frame = self.frame
        return (
            len(block) > 1
            and (number < frame.first or 0 < frame.last <= number)
            and not any(MAY_DATE.search(text) and not is_furniture(text) for text in block)
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
                    lines = zip(numbers, item.text.split("\n"), strict=True)
                    told = [self.hidden.get(number, text) for number, text in lines]
                    item = item._replace(text="\n".join(told))
                yield item
            else:
                yield item

    def _forget(self, number: int) -> None:
        """Let go of what was hidden before line *number*."""
        while self.hidden and (first := next(iter(self.hidden))) < number:
            del self.hidden[first]
