"""The first pass: what a file repeats and what its habits are, in bounded memory.

Counts are exact while a file has at most ``MOST_PHRASES`` distinct candidates; beyond that the
phrases met once are forgotten from time to time (lossy counting, Manku and Motwani 2002), and the
survey says so. What stays is repeated vocabulary.
"""

import itertools
import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from operator import itemgetter

from articles.listing.blocks import Block
from articles.listing.dates import PrintedDate, comes_after
from articles.listing.gaps import Gap, gaps
from articles.listing.reading import Place, choose
from articles.listing.records import DateOrder, Diagnostic, Habits, Phrase, Survey

MOST_PHRASES = 4096
_MOST_REMAINDERS = 4
_HEADING_LINES = 4
_LONGEST_PREFIX_LINE = 400
_SURELY_PROSE = 60
#: Fewest entries with two heading lines, least share of them, and of different upper lines.
_FEWEST_PAIRS, _PAIRED, _DIFFERENT = 5, 0.8, 0.95
_UPPERS_DIFFER = -2.5


@dataclass(slots=True)
class _Count:
    spelling: str
    own_line: int = 0
    inline: int = 0
    entries: int = 0
    last_gap: int = 0
    remainders: tuple[int, ...] = ()


@dataclass(slots=True)
class Vocabulary:
    limit: int
    counts: dict[str, _Count] = field(default_factory=dict)
    pruned: bool = False

    def add(self, key: str, spelling: str, remainder: str, gap: int, *, inline: bool) -> None:
        count = self.counts.get(key)
        if count is None:
            if len(self.counts) >= self.limit:
                self._prune()
            count = self.counts[key] = _Count(spelling)
        if inline:
            count.inline += 1
        else:
            count.own_line += 1
        if count.last_gap != gap:
            count.entries += 1
            count.last_gap = gap
        mark = zlib.crc32(remainder.encode("utf-8", "surrogatepass"))
        if len(count.remainders) < _MOST_REMAINDERS and mark not in count.remainders:
            count.remainders += (mark,)

    def repeated(self) -> dict[str, _Count]:
        return {key: count for key, count in self.counts.items() if count.entries > 1}

    def _prune(self) -> None:
        self.pruned = True
        at_most = 1
        while len(self.counts) >= self.limit * 3 // 4:
            self.counts = {k: c for k, c in self.counts.items() if c.entries > at_most}
            at_most *= 2


@dataclass(slots=True)
class _Shares:
    """How often headings and standfirsts end in a full stop, and standfirsts stand at all."""

    headings: int = 0
    headings_with_stop: int = 0
    standfirsts: int = 0
    standfirsts_with_stop: int = 0
    with_standfirst: int = 0
    without_standfirst: int = 0
    paired: int = 0
    uppers: set[str] = field(default_factory=set)

    def add(self, gap: Gap, headings: list[Block]) -> None:
        if gap.anchor is not None and headings:
            self.headings += 1
            self.headings_with_stop += headings[-1].shape.ending == "stop"
            if len(headings) > 1 and all(map(_may_be_heading, headings[-2:])):
                self.paired += 1
                if len(self.uppers) < MOST_PHRASES:
                    self.uppers.add(headings[-2].folded)
        if not gap.joined or not gap.blocks:
            return
        first = gap.blocks[0].shape
        if len(headings) < 2:
            self.without_standfirst += gap.anchor is not None
            return
        if first.length > _SURELY_PROSE:
            # Shorter lines may be headings: they would teach that standfirsts have no full stop.
            self.standfirsts += 1
            self.standfirsts_with_stop += first.ending == "stop"
        self.with_standfirst += first.ending == "stop" or first.length > 140

    def habits(self) -> Habits:
        """Weigh with ten imagined lines of each sort, so that a short file changes little."""
        prose = (self.standfirsts_with_stop + 9.0) / (self.standfirsts + 10.0)
        heading = (self.headings_with_stop + 0.4) / (self.headings + 10.0)
        stop = math.log(prose / heading)
        no_stop = math.log((1.0 - prose) / (1.0 - heading))
        known = self.with_standfirst + self.without_standfirst
        share = (self.with_standfirst + 8.5) / (known + 10.0)
        return Habits(
            stop=min(max(stop, 0.5), 4.0),
            no_stop=min(max(no_stop, -3.0), -0.3),
            standfirst=min(max(share, 0.05), 0.95),
            pair=_UPPERS_DIFFER if self._has_subtitles() else 0.0,
        )

    def _has_subtitles(self) -> bool:
        """Tell whether nearly all entries have two heading lines, the upper of which never comes
        again: a headline, as kickers do.
        """
        return self.paired >= max(_FEWEST_PAIRS, _PAIRED * self.headings) and (
            len(self.uppers) >= _DIFFERENT * self.paired
        )


def _may_be_heading(block: Block) -> bool:
    return block.shape.ending != "stop" and block.shape.length <= _SURELY_PROSE


@dataclass(slots=True)
class _Dates:
    count: int = 0
    first: str | None = None
    last: str | None = None
    previous: str | None = None
    falls: int = 0
    rises: int = 0

    def add(self, date: PrintedDate) -> None:
        iso = date.iso
        self.count += 1
        if self.previous is not None:
            self.rises += comes_after(iso, self.previous)
            self.falls += comes_after(self.previous, iso)
        self.previous = iso
        if date.day is not None:
            self.first = iso if self.first is None else min(self.first, iso)
            self.last = iso if self.last is None else max(self.last, iso)


def survey(lines: Iterable[str], *, most_phrases: int = MOST_PHRASES) -> Survey:
    """Return what a first pass over *lines* learns; any text is accepted, none fails."""
    phrases, headlines = Vocabulary(most_phrases), Vocabulary(most_phrases)
    shares, dates = _Shares(), _Dates()
    opening: Gap | None = None
    # Counts the lines as they are taken, without a step of its own for each.
    counter = itertools.count()
    counted = map(itemgetter(0), zip(lines, counter, strict=False))
    for number, gap in enumerate(gaps(counted), 1):
        if not isinstance(gap, Gap):
            continue
        if gap.opening:
            opening = gap
        headings = [block for block in gap.blocks if block.part is None]
        shares.add(gap, headings)
        if gap.anchor is not None:
            dates.add(gap.anchor.date)
            _count_phrases(headings[-_HEADING_LINES:], phrases, headlines, number)
    result = _summary(next(counter), phrases, headlines, shares, dates)
    return _with_topic(result, opening)


def _count_phrases(
    headings: list[Block], phrases: Vocabulary, headlines: Vocabulary, gap: int
) -> None:
    if not headings:
        return
    last = headings[-1].folded
    if last:
        headlines.add(last, headings[-1].text, "", gap, inline=False)
    for position, block in enumerate(headings):
        shape = block.shape
        if position + 1 < len(headings):
            # A line with a heading below it, itself no prose, may be a kicker on its own line.
            if shape.ending == "stop" or shape.speaks_of_itself or not block.folded:
                continue
            below = headings[position + 1].folded
            phrases.add(block.folded, block.text, below, gap, inline=False)
        if shape.ending == "stop" and shape.length > 60:
            continue
        if len(block.line.text) <= _LONGEST_PREFIX_LINE:
            for prefix in block.prefixes:
                spelling = block.line.text[: prefix.end].strip()
                rest = block.line.text[prefix.rest :].strip().casefold()
                phrases.add(prefix.folded, spelling, rest, gap, inline=True)


def _summary(
    lines: int, phrases: Vocabulary, headlines: Vocabulary, shares: _Shares, dates: _Dates
) -> Survey:
    diagnostics = []
    order: DateOrder = "oldest-first" if dates.rises > dates.falls + 1 else "newest-first"
    breaks = dates.rises if order == "newest-first" else dates.falls
    if not dates.count:
        diagnostics.append(Diagnostic("no-dates", 1, "No date line was found: no entries."))
    if order == "oldest-first":
        message = "Dates rise down the file: its order is checked as oldest first."
        diagnostics.append(Diagnostic("oldest-first", 1, message))
    if phrases.pruned or headlines.pruned:
        message = "Too many distinct headings to count each: rare kickers may have been missed."
        diagnostics.append(Diagnostic("vocabulary-pruned", 1, message))
    return Survey(
        topic=None,
        topic_line=None,
        lines=lines,
        date_lines=dates.count,
        first_day=dates.first,
        last_day=dates.last,
        order=order,
        order_breaks=breaks,
        phrases={
            key: Phrase(c.spelling, c.own_line, c.inline, c.entries, len(c.remainders))
            for key, c in phrases.repeated().items()
        },
        headlines={key: count.entries for key, count in headlines.repeated().items()},
        habits=shares.habits(),
        diagnostics=tuple(diagnostics),
    )


def _with_topic(result: Survey, opening: Gap | None) -> Survey:
    if opening is None or not result.date_lines:
        return result
    place = Place(joined=False, opening=True, anchored=opening.anchor is not None, standfirst=0.5)
    roles = choose(opening.blocks, place, result).roles
    if not roles.startswith("T"):
        return result
    topic = opening.blocks[0]
    return replace(result, topic=topic.text, topic_line=topic.line.number)
