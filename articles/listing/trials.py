"""Trials: how regular a listing each dialect, known or derived, makes of a sample of a file."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from articles.listing import deriving, rules
from articles.listing.blocks import Block
from articles.listing.date_ends import Ends, against, ends_of
from articles.listing.fits import Fit, Lines, fit_of
from articles.listing.framing import WHOLE, Frame
from articles.listing.layouts import Automaton, Dialect
from articles.listing.line_labels import labelled_form
from articles.listing.lineforms import Context
from articles.listing.records import Survey
from articles.listing.registry import woven_dialects
from articles.listing.row_kinds import Rows
from articles.listing.weaving import Placed, Weaver
from articles.listing.woven import context_of, map_lines, survey_woven, with_rows

#: Lines with text that each dialect is tried on: the beginning, the middle and the end of these.
_TRIED = (140, 60, 60)
#: Lines on which every derived layout is tried, and how many of the best go on.
_FIRST_TRIED = (60, 0, 0)
_SECOND_TRIED = (100, 0, 0)
_MOST = 4
#: How many orders have their kicker tried in other places: without it some are as good as others.
_PLACED = 6
#: How many variants go on of an order of lines that did not fit best at first.
_FEW_OF = 2
#: How far such a one must be ahead on all that is tried.
_AHEAD_OF_FIRST = 5.0
#: Lines at either end of a file that may have a layout of its own, and layouts that go on.
_OF_ONE_KIND = 40
_BEST_OF_ENDS = 3
#: What is left of a score at least where the same reading gets another name.
_STILL = 0.6
#: A layout with kickers this far ahead of one with subtitles is sure to have them, and the reverse.
_SURE_PAIRS = 8.0
#: What blank lines must be worth at least where they are to part entries.
_UNPARTED = 3.0
#: Score of a byline that counts as one, and share of the lines below which a role is not there.
_BYLINE = 1.0
_FEW = 0.03
#: Score of a byline that says "By": one is enough.
_SAID_BYLINE = 5.0
#: Fewest bylines that may be the headings of an index.
_FEWEST_NAMES = 3
#: What a blank line weighs where entries are never without one between them, and least share of
#: the entries that have a date where some have none.
APART, _MOST_DATED = 3.0, 0.6
#: The same where each block between blank lines is an entry with its date.
OF_RECORDS = 6.0
_LEARNER = "credit-after-headline"

Pairs = dict[tuple[Block, Block], float]
Scores = dict[tuple[str, str], float]


@dataclass(slots=True)
class Trials:
    """A sample of a file, what it teaches, and the parts of it on which dialects are tried."""

    sample: list[str]
    learned: Survey
    rows: Rows
    # How many lines of the sample have text.
    told: int
    read: dict[tuple[int, int, int], tuple[Lines, Pairs]] = field(default_factory=dict)
    # The scores of layouts, by lead and layout, on the parts tried, with or without blank lines
    # that part entries.
    scores: dict[tuple[tuple[int, int, int], bool], Scores] = field(default_factory=dict)
    frame: Frame = field(default_factory=Frame)

    @classmethod
    def of(cls, sample: list[str], frame: Frame | None = None) -> "Trials":
        """Return the trials of *sample*, the first lines of a file, with what was seen of its
        blocks.
        """
        learned = survey_woven(sample, woven_dialects()[_LEARNER])
        if frame is not None and frame.records:
            learned = replace(learned, blank_weight=OF_RECORDS)
        labels = learned.line_labels
        # A label with its value is a row of no fields.
        plain = [text for text in sample if labelled_form(text, labels, None) is None]
        rows = deriving.learn_rows(plain, learned.day_first, learned.names)
        told = sum(not _is_blank(text) for text in sample)
        return cls(sample, learned, rows, told, frame=frame if frame is not None else Frame())

    def dateless(self) -> "Trials | None":
        """Return trials as if a date stood above the file; None if there is any in it."""
        if self.learned.date_lines or self.learned.years or self.rows.days is not None:
            return None
        return replace(self, rows=replace(self.rows, dateless=True), read={}, scores={})

    def known(self, own: set[str], only: str | None = None) -> dict[str, Fit]:
        """Return how regular a listing each known dialect, or *only* one, makes of the sample.

        One with lines of a form of its own is tried only where they occur: those in *own*.
        """
        plain = Context(self.learned)
        shared = self._read(plain, _TRIED)
        found = {}
        for name, dialect in woven_dialects().items():
            if (dialect.lines and name not in own) or (only is not None and name != only):
                continue
            if self.frame.records and dialect.lead and only is None:
                continue
            context, lines = context_of(self.learned, dialect), shared
            if dialect.lines or dialect.furniture:
                lines = self._read(context, _TRIED)
            found[name] = fit_of(dialect, context, lines)
            found[name].score -= against(dialect, self.ends())
        return found

    def derived(self) -> tuple[Dialect, Fit, Rows] | None:
        """Return the layout that fits best, how well, and what is to be known to read it."""
        rows = self.rows
        layouts = list(deriving.candidates(rows.rows, self.present()))
        if self.frame.records:
            layouts = [layout for layout in layouts if not layout.lead] or layouts
        if any(map(rules.kicker_weight, self.learned.phrases.values())):
            # A section above a date comes again: what does not is rather the end of a text.
            layouts += deriving.below_kickers(layouts)
        ends = self.ends()
        layouts = [replace(each, prior=each.prior - against(each, ends)) for each in layouts]
        ranked = self.ranked(rows, layouts, _FIRST_TRIED)[:_PLACED]
        if not ranked:
            return None
        placed = [
            replace(other, prior=other.prior + against(layout, ends) - against(other, ends))
            for _, layout in ranked
            for other in deriving.kicker_places(layout)
        ]
        best = self.ranked(rows, placed, _FIRST_TRIED)
        if self.learned.blank_weight and not self.frame.records:
            # Blank lines may part something else than entries: days, or groups of rows.
            loose = replace(rows, parted=False)
            leading = [layout for _, layout in best[_MOST:] if layout.lead][:_MOST]
            tried = [layout for _, layout in best[:_MOST]] + leading
            others = self.ranked(loose, tried, _FIRST_TRIED)
            if others[0][0] + _UNPARTED > best[0][0]:
                rows, best = loose, others
        # The first lines do not tell where an entry ends: other orders of lines go on as well.
        orders = [
            self.ranked(rows, list(deriving.variants(layout)), _SECOND_TRIED)
            for _, layout in best[:_MOST]
            if layout.lead == best[0][1].lead
        ]
        others = orders[0]
        chosen = [layout for _, layout in (*ranked[:1], *others[:_MOST])]
        score, layout = self.ranked(rows, chosen, _TRIED)[0]
        for order in orders[1:]:
            nearest = [other for _, other in order[:_FEW_OF]]
            rival = self.ranked(rows, nearest, _TRIED)[0]
            if rival[0] > score + _AHEAD_OF_FIRST:
                (score, layout), others = rival, order
        turns = [
            replace(turn, prior=layout.prior + against(layout, ends) - against(turn, ends))
            for turn in deriving.turns(layout)
        ]
        if turns and (rival := self.ranked(rows, turns, _TRIED)[0])[0] > score + _AHEAD_OF_FIRST:
            score, layout = rival
        context = context_of(with_rows(self.learned, rows), layout)
        fit = fit_of(layout, context, self.lines())
        begins = layout.layout.startswith
        if (begins("K? D ") and not fit.sections) or (begins("K D ") and fit.once):
            # What stands above dates and names no sections is the end of the entries above.
            told = layout.layout.partition("D ")[2]
            told = told if "S" in told else told.replace("H", "H S?")
            layout = replace(layout, layout=f"D {told}")
            fit = fit_of(layout, context, self.lines())
        unsure = _pairs_unsure(layout, others)
        other = deriving.with_subtitles(layout, fit.patterns, sections=fit.sections)
        if fit.named:
            other = deriving.with_bylines(layout, fit.named)
        elif fit.labels:
            other = deriving.with_kickers(layout)
        elif fit.once and unsure:
            other = deriving.turned(other)
        if other != layout:
            # It is the same reading under another name: it counts as much as that.
            best_score = fit.score
            renamed = fit_of(other, context, self.lines())
            if renamed.labels:
                other = deriving.with_kickers(other)
                renamed = fit_of(other, context, self.lines())
            if renamed.score >= _STILL * best_score:
                layout, fit = other, renamed
                fit.score = max(fit.score, best_score)
        return layout, fit, replace(rows, pairs_unsure=unsure)

    def mixed(self) -> tuple[Dialect, Fit, Rows]:
        """Return two layouts that together fit best, for a file that changes its own: one of those
        that fit its beginning, and one of those that fit its end.
        """
        lines, _ = self._lines(_TRIED)
        every = [each for each in deriving.candidates(()) if not each.lead]
        count = min(_OF_ONE_KIND, len(lines) // 2)
        ends = lines[:count], lines[-count:]
        first, last = (
            [
                layout.layout
                for _, layout in self._scored(self.rows, every, part, {}, {})[:_BEST_OF_ENDS]
            ]
            for part in ends
        )
        layouts = [
            Dialect(deriving.NAME, "", one if one == two else f"{one} | {two}")
            for one in first
            for two in last
        ]
        layout = self.ranked(self.rows, layouts, _TRIED)[0][1]
        context = context_of(with_rows(self.learned, self.rows), layout)
        return layout, fit_of(layout, context, lines), self.rows

    def undated(self) -> tuple[str, Fit] | None:
        """Return the known dialect that makes the most regular listing where blank lines part all
        entries, and some have no date; None if none makes one without strays.
        """
        if not self.learned.blank_weight:
            return None
        learned = replace(self.learned, blank_weight=APART)
        lines = self._read(Context(learned), _TRIED)
        best: tuple[str, Fit] | None = None
        for name, dialect in woven_dialects().items():
            if dialect.lines or dialect.lead:
                continue
            fit = fit_of(dialect, context_of(learned, dialect), lines, undated=True)
            total = sum(fit.patterns.values())
            dated = sum(count for roles, count in fit.patterns.items() if "D" in roles)
            fit.undated = fit.apart and not fit.strays and total > dated >= _MOST_DATED * total
            if fit.undated and (best is None or fit.score > best[1].score):
                best = name, fit
        return best

    def present(self) -> set[str]:
        """Return which of byline and standfirst stand on lines of their own in the sample; "I" if
        there are bylines enough to be the headings of an index.
        """
        found: Counter[str] = Counter()
        lines = self.lines()
        said, hits = False, 0
        for line in lines:
            for form in line[1] if line is not None else ():
                said = said or (form.roles == "B" and form.score >= _SAID_BYLINE)
                # What a database says of a piece: the paper, its date and who wrote it.
                hits += form.roles == "DB" and form.pieces[0][2] == "publication"
                found[form.roles] += form.score >= (_BYLINE if form.roles == "B" else 0.0)
        few = max(1, _FEW * len(lines))
        index = {"I"} if found["B"] >= _FEWEST_NAMES else set()
        shared = {role for roles in ("FB", "BF") if found[roles] for role in roles}
        alone = {"B"} if said or hits >= few else set()
        return {role for role in "BF" if found[role] >= few} | shared | index | alone

    def ends(self) -> Ends:
        """Return what the beginning and the end of the file tell of the place of dates."""
        return ends_of(self.lines(), whole=len(self.sample) < WHOLE)

    def ranked(
        self, rows: Rows, layouts: Sequence[Dialect], tried: tuple[int, int, int] = _TRIED
    ) -> list[tuple[float, Dialect]]:
        """Return *layouts* with their scores on the parts that are tried, the best first."""
        known = self.scores.setdefault((self._parts(tried), rows.parted), {})
        return self._scored(rows, layouts, *self._lines(tried), known)

    def _scored(
        self, rows: Rows, layouts: Sequence[Dialect], lines: Lines, pairs: Pairs, known: Scores
    ) -> list[tuple[float, Dialect]]:
        """Return *layouts* with their scores on *lines*, the best first; *known* keeps these."""
        context = context_of(with_rows(self.learned, rows), woven_dialects()[_LEARNER])
        scores = []
        placed: list[Placed | None] | None = None
        for layout in layouts:
            key = layout.lead, layout.layout
            if key not in known:
                weaver = Weaver(Automaton.of(layout), context, pairs=pairs, keeps_pairs=True)
                placed = weaver.placed(lines) if placed is None else placed
                known[key] = weaver.score(placed)
            scores.append((known[key] + layout.prior, layout))
        return sorted(scores, key=lambda found: -found[0])

    def lines(self) -> Lines:
        """Return the lines on which layouts are tried last, with their forms."""
        return self._lines(_TRIED)[0]

    def _parts(self, tried: tuple[int, int, int]) -> tuple[int, int, int]:
        """Return *tried*; of a sample no longer than these the most, which are all of it."""
        return tried if sum(tried) < self.told else _TRIED

    def _lines(self, tried: tuple[int, int, int]) -> tuple[Lines, Pairs]:
        """Return the lines of the parts that are tried as rows have them, read only once."""
        tried = self._parts(tried)
        known = self.read.get(tried)
        if known is None:
            context = context_of(with_rows(self.learned, self.rows), woven_dialects()[_LEARNER])
            known = self.read[tried] = self._read(context, tried), {}
        return known

    def _read(self, context: Context, tried: Sequence[int]) -> Lines:
        """Return the lines of the parts that are tried, with their forms; None after each part."""
        return [
            item
            for part in _windows(self.sample, tried)
            for item in [*chain.from_iterable(map_lines(part, context)), None]
        ][:-1]


def _pairs_unsure(layout: Dialect, others: Sequence[tuple[float, Dialect]]) -> bool:
    """Tell whether kickers could as well be headlines, with the headlines as their subtitles.

    *layout* has one of both; *others* are its variants with their scores.
    """
    kinds = {"K" in layout.layout, "S" in layout.layout}
    if len(kinds) == 1:
        return False
    has_kicker = "K" in layout.layout
    scores = {
        kicker: max(
            (
                score
                for score, other in others
                if ("K" in other.layout) is kicker and ("S" in other.layout) is not kicker
            ),
            default=-math.inf,
        )
        for kicker in (True, False)
    }
    return scores[has_kicker] - scores[not has_kicker] < _SURE_PAIRS


def _windows(sample: list[str], tried: Sequence[int]) -> Iterator[list[str]]:
    """Yield the beginning, the middle and the end of *sample*, or all of it if it is short."""
    told = [place for place, text in enumerate(sample) if not _is_blank(text)]
    if len(told) <= sum(tried):
        yield sample
        return
    first, middle, last = tried
    half = len(told) // 2
    yield sample[: told[first]]
    if middle:
        yield sample[told[half] : told[half + middle]]
    if last:
        yield sample[told[-last] :]


def _is_blank(text: str) -> bool:
    return not text or text.isspace()
