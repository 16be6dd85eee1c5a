"""Lines that the page puts beside or below its entries, told by where they stand.

Whatever their words: counts that come again with another number, lines below a line of the page to
the end of its block, lines that nearly every entry has, and a title said once more among such ones.
They are read as ornaments of the same length, so that every dialect passes over them, and given
back as they stand.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from articles.listing.bare_names import bare_name
from articles.listing.credit_edges import KEPT_PREFIX, PREFIX, byline_in
from articles.listing.credits import credit_lines
from articles.listing.date_edges import MAY_DATE
from articles.listing.date_rests import rests_of, without_rest
from articles.listing.furniture import is_furniture, may_be_title
from articles.listing.inverted_names import is_inverted
from articles.listing.leads import says_who, unparted
from articles.listing.page_lines import pages_in
from articles.listing.papers import is_paper
from articles.listing.parts import part_line
from articles.listing.repeats import picture_above, said_twice
from articles.listing.skeletons import (
    LONGEST,
    LONGEST_CREDIT,
    dated_skeleton,
    folded_line,
    head_of,
    is_count,
    key_of,
    skeleton,
)

_SIGN = re.compile(r"\s[|·•–—/-]\s|,\s")
VISIBLE = re.compile(r"[^\W_]")
#: Forms of a line that gives a date, and what one weighs that a sign parts from a text.
_DATED = frozenset(("D", "BD", "DB", "BDF"))
_PARTED = 0.5
#: Lines of a block that are looked at together; of longer ones only each line alone.
_MOST_LINES = 60
#: How often a line comes again at least: times, and by the share of the dates.
_FEWEST, _SHARE, _NEARLY_ALL, _MOST_TIMES = 3, 0.25, 0.8, 2.0
_MOST_OF = 0.6
#: Share of its times that a line ends its block.
_AT_END = 0.9
#: Lines above in which a title is said once more.
ABOVE = 12
#: Share of blocks of one line from which a file has a blank line below every line.
_SPACED = 0.7
_SHORTEST_ECHO, _BESIDE, _TWICE = 8, 40, 2
#: Share of blocks with a date where each entry is one, and how a text ends.
_DATED_BLOCKS, _ENDS = 0.7, ".?!…"
#: Share of blocks below which headings over several entries are hardly what they begin with.
_FEW_LED = 0.4
#: Fewest blocks with a date, and the length of a sample that may be a file's beginning only.
_FEWEST_DATED, WHOLE = 4, 1_600


def _echoes(blocks: Sequence[Sequence[str]], often: Set[str]) -> list[list[bool]]:
    """Return of each line of *blocks* whether it says a line above it once more."""
    found: list[list[bool]] = []
    above: list[str] = []
    for block in blocks:
        found.append([])
        for place, text in enumerate(block):
            key = folded_line(text)
            is_new = key not in often and _may_be_page(text)
            found[-1].append(is_new and _is_echo(key, text, above, place == 0))
            above = [*above, "" if key in often else key][-ABOVE:]
    return found


@lru_cache(maxsize=2_000)
def _is_dated(text: str) -> bool:
    """Tell whether a line gives the day or the month of an entry."""
    if len(text) > LONGEST_CREDIT or MAY_DATE.search(text) is None:
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
        len(text) <= LONGEST
        and VISIBLE.search(text) is not None
        and MAY_DATE.search(text) is None
        and PREFIX.match(text) is None
        and KEPT_PREFIX.match(text) is None
        and pages_in(text) is None
        and part_line(text) is None
    )


def blocks_of(lines: Iterable[str]) -> Iterator[list[str]]:
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
    # Of lines with a second date, in the same words in each entry: of a printed edition, a change.
    dated: frozenset[str] = frozenset()
    tails: bool = False
    # Whether several lines in a row stand below once more.
    twice: bool = False
    # Labels that no sign parts from their values: "Tags salt, tides".
    labels: frozenset[str] = frozenset()
    echoes: bool = False
    # What comes again too often to be said once more of the same entry.
    often: frozenset[str] = frozenset()
    # What stands beside dates that cannot be read with it.
    rests: frozenset[str] = frozenset()
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
        return bool(
            self.counts or self.constant or self.heads or self.dated or self.labels
            or self.tails or self.twice or self.echoes or self.rests
        )  # fmt: skip

    def is_page(self, text: str) -> bool:
        """Tell whether a line is one of the page whatever stands beside it."""
        if is_furniture(text) and not may_be_title(text):
            return True
        if len(text) > LONGEST:
            return False
        if self.dated and dated_skeleton(text) in self.dated:
            return True
        if self.labels and (label := unparted(text)) in self.labels:
            return not says_who(label)
        key, head = skeleton(text), head_of(text)
        if key in self.constant:
            return True
        return (key in self.counts or head in self.heads) and _may_be_page(text)

    def shown(self, text: str) -> str:
        """Return *text* as it is to be read: with blanks for the rest beside its date."""
        return without_rest(text, self.rests) if self.rests else text

    def pages_of(self, block: Sequence[str], above: Sequence[str]) -> list[bool]:
        """Return of each line of *block* whether it is one of the page; *above* stand before."""
        found = [self.is_page(text) for text in block]
        if self.echoes:
            earlier = list(above)
            for place, text in enumerate(block):
                key = folded_line(text)
                found[place] = found[place] or (
                    key not in self.often and _is_echo(key, text, earlier, place == 0)
                )
                earlier.append("" if key in self.often else key)
            first = next((place for place, is_page in enumerate(found) if not is_page), 0)
            headline = picture_above(block, first)
            if headline is not None:
                found[first], found[headline] = True, False
        for place in said_twice(block) if self.twice else ():
            found[place] = True
        if self.tails:
            first = _tail(block, found)
            found[first:] = [True] * (len(block) - first)
        if sum(found) >= 2 and sum(found) == len(found) - 1:
            alone = folded_line(block[found.index(False)])
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
    if bare_name(text) is not None or byline_in(text) is not None or is_inverted(text):
        return False
    if _is_dated(text):
        return False
    for place, other in enumerate(earlier[-ABOVE:]):
        if len(other) < _SHORTEST_ECHO or " " not in other:
            continue
        if key == other:
            return True
        if place == len(earlier[-ABOVE:]) - 1 and not begins:
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
    if not any(
        not is_page and bare_name(text) is None
        for text, is_page in zip(block[:dated], pages[:dated], strict=True)
    ):
        # No headline stands above its date: it may stand below the line of the page.
        return end
    if all(_may_be_page(text) and len(text) <= LONGEST for text in block[first:]):
        return first
    return end


def frame_of(sample: Sequence[str]) -> Frame:
    """Return what *sample*, the first lines of a file, shows of the lines of its page."""
    dates = sum(map(_is_dated, sample))
    rests = rests_of(sample, max(_FEWEST, _MOST_OF * dates))
    if rests:
        sample = [without_rest(text, rests) for text in sample]
        dates = sum(map(_is_dated, sample))
    blocks = [block for block in blocks_of(sample) if block[0] and not block[0].isspace()]
    least = max(_FEWEST, _SHARE * dates)
    times: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    named: set[str] = set()
    heads = Counter(head_of(text) for block in blocks for text in block)
    folded = Counter(folded_line(text) for block in blocks for text in block)
    known = frozenset(key for key, often in folded.items() if often > _TWICE)
    said = _echoes(blocks, known)
    echoes = sum(map(sum, said)) >= least
    lines = [
        [(key_of(text, heads, least) if _may_be_page(text) else "", text) for text in block]
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
        texts = sum(key != "" or len(text) > LONGEST for key, text in block)
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
    counts = frozenset(key for key in often_enough if is_count(key))
    constant = frozenset(
        key
        for key in below.keys() - named
        if "#" not in key and key[-1] not in ".?!" and nearly_all <= below[key] <= most
    )
    parted = frozenset(key for key in often_enough if key.endswith("|"))
    twice = sum(any(True for _ in said_twice(texts)) for texts in blocks) >= _FEWEST
    labels = Counter(filter(None, (unparted(text) for block in blocks for text in block)))
    frame = Frame(
        counts, constant, parted, _second_dates(blocks), twice=twice, rests=rests,
        labels=frozenset(label for label, often in labels.items() if often >= least),
    )  # fmt: skip
    tails = sum(
        _tail(texts, [frame.is_page(text) for text in texts]) < len(texts) for texts in blocks
    )
    if echoes:
        frame = replace(frame, echoes=True, often=known)
    frame = replace(frame, tails=tails >= max(_FEWEST, _SHARE * len(blocks)))
    return _with_records(sample, frame)


def _is_credit(text: str) -> bool:
    """Tell whether a line is the credit of an entry: "By A, 3 May 2020", "A · 3 May 2020", or where
    it was printed: "Vell Courier, 3 May 2020".
    """
    if PREFIX.match(text) is not None:
        return True
    head = _SIGN.split(text, maxsplit=1)
    return len(head) > 1 and (bare_name(head[0].strip()) is not None or is_paper(head[0].strip()))


def _behind_texts(blocks: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of *blocks* with a text above them in their block: a headline is no such."""
    for block in blocks:
        texts = 0
        for text in block:
            if texts:
                yield text
            texts += not _is_dated(text) and not dated_skeleton(text)


def _second_dates(blocks: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the skeletons of lines with a date and the same words, in most entries, where another
    line has one as well.
    """
    told = [text for text in _behind_texts(blocks) if not _is_credit(text)]
    times = Counter(filter(None, map(dated_skeleton, told)))
    others = sum(_is_dated(text) and not dated_skeleton(text) for block in blocks for text in block)
    least = max(_FEWEST_DATED, _MOST_OF * others)
    return frozenset(key for key, often in times.items() if least <= often <= others / _NEARLY_ALL)


def _with_records(sample: Sequence[str], frame: Frame) -> Frame:
    """Return *frame* with how many lines stand before the first block with a date, and before what
    stands behind the last one, where nearly all blocks between have just one date.
    """
    number = end = several = led = 0
    above: Counter[str] = Counter()
    dated: list[tuple[int, int]] = []
    # Of each block from the first date on: how many dates it has, or -1 for a text alone.
    kinds: list[int] = []
    for block in blocks_of(sample):
        pages = frame.pages_of(block, ())
        if block[0] and not block[0].isspace() and not all(pages):
            told = [text for text, is_page in zip(block, pages, strict=True) if not is_page]
            dates = list(map(_is_dated, told))
            if any(dates) or dated:
                is_text = len(told) == 1 and not any(dates) and told[0].rstrip()[-1] in _ENDS
                kinds.append(-1 if is_text else sum(dates))
            if any(dates):
                dated.append((number, len(kinds)))
                end = number + len(block)
                several += len(told) > 1
                led += dates[0]
                above[skeleton(told[0])] += dates[1:2] == [True]
        number += len(block)
    if len(dated) < _FEWEST_DATED:
        return frame
    between = kinds[: dated[-1][1]]
    # "Press release 12" above a date is no kicker.
    led += max((often for key, often in above.items() if "#" in key), default=0)
    # What a page puts between its entries has no date: "You may like", a form for a newsletter.
    others = sum(dates not in (0, 1) for dates in between)
    if others > (1 - _AT_END) * len(between) or len(dated) < _DATED_BLOCKS * len(between):
        return frame
    return replace(
        frame,
        first=dated[0][0],
        last=end if number < WHOLE else 0,
        records=led <= _FEW_LED * len(dated) and several >= _AT_END * len(dated),
    )
