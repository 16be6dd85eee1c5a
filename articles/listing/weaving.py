"""The engine of all dialects but the first two: the likeliest way through a layout, line by line.

Each line may be read in several forms (``lineforms``); the layout says which may follow which
(``layouts``). The best path is found as Viterbi (1967) does, and given out as soon as all paths
that still count have their beginning in common: memory depends on the doubt, not on the file.
Where two paths meet, the one that loses by little is kept as the rival of the other.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from articles.listing import rules
from articles.listing.blocks import Block
from articles.listing.bylines import AND_FIRST, read_byline
from articles.listing.forms import Form
from articles.listing.layouts import Automaton, Step
from articles.listing.lineforms import STRAY, STRAY_AT_START, Context

#: Paths further behind the best are given up; so many lines are kept at most.
_FAR_BEHIND = 12.0
MOST_LINES = 300
#: A path that lost by more is no rival.
MOST_MARGIN = 6.0
#: How much more a blank line parts the topic of a page from the first entry.
_TOPIC_APART = 2.5
#: What speaks against a heading over several entries with lines of the page right below it.
_PAGE_BELOW = 3.0
#: What speaks against an entry that begins inside a line: more than any reading is worth.
_WITHIN_A_LINE = 1_000.0
#: What a number or a page before a line, below a heading with one, speaks for another entry; and
#: what it speaks against one that there is none.
_NUMBERED, _UNNUMBERED = 4.0, 1.5
#: Forms of a line that may be a heading alone.
_HEADINGS = frozenset(("K", "H", "KH"))
#: What speaks against a kicker in a file none of whose headings come again.
_NO_RUBRICS = 1.5
#: Forms of lines that belong to no entry.
_NO_ROLES = frozenset("XYT")
_STAY = Step(-1, 0.0, -1, "", False)


@dataclass(slots=True, eq=False)
class Node:
    """A line as read on one path; ``rival`` is the end of the path it won against by ``margin``."""

    above: "Node | None"
    state: int
    score: float
    block: Block | None
    form: Form | None
    step: Step
    margin: float = 99.0
    rival: "Node | None" = None

    @property
    def number(self) -> int:
        """The number of the line."""
        return self.block.line.number if self.block is not None else 0


#: A way to read a line: the score of the path, the line above it, the form, how it leads on.
_Way = tuple[float, Node, Form | None, Step]


class Placed(NamedTuple):
    """A line with what its place weighs, whatever the layout.

    ``ways`` are its forms, their roles and scores, and whether each is a byline that follows no
    other. Blank lines weigh ``within`` an entry, where one is ``begun``, for the ``first`` one, and
    for one that is ``led``, below a heading. ``pairs`` speaks against it and the heading above
    being headline and subtitle, and against kicker and headline.
    """

    ways: list[tuple[Form, str, float, bool]]
    within: float
    begun: float
    first: float
    led: float
    pairs: tuple[float, ...] | None
    apart: bool
    opening: bool


@dataclass(slots=True)
class Weaver:
    """Reads lines in one layout; ``total`` is the score of the best path so far."""

    automaton: Automaton
    context: Context
    total: float = 0.0
    # What two heading lines weigh as a pair: of all lines, where they are read in several layouts,
    # else of the last two.
    pairs: dict[tuple[Block, Block], float] = field(default_factory=dict)
    keeps_pairs: bool = False
    # The line read last if it may be a heading by itself: one of two headings.
    upper: Block | None = None
    # Whether blank lines stand above the lines of the page that were read last.
    apart: bool = False
    # Whether lines of the page were read last.
    paged: bool = False
    # The state before the first line: behind a date above the file, if it has none at all.
    start: int = 0
    # The last state above the entries.
    leads: int = 0

    def __post_init__(self) -> None:
        rows = self.context.rows
        self.leads = len(self.automaton.lead)
        if rows is not None and rows.dateless:
            self.start = self.leads

    def weave(self, lines: Iterable[tuple[Block, list[Form]] | None]) -> Iterator[list[Node]]:
        """Yield the nodes of the best path, in order, some at a time.

        *lines* are blocks with their forms; None parts what stands before and after it.
        """
        start = self.start
        root = Node(None, start, 0.0, None, None, _STAY)
        paths: dict[int, Node] = {start: root}
        previous: Block | None = None
        count = 0
        for line in lines:
            if line is None:
                best = max(paths.values(), key=self._at_end)
                self.total += self._at_end(best)
                yield _since(root, best)
                state = min(best.state, self.leads)
                root = Node(None, state, 0.0, None, None, _STAY)
                paths, count = {state: root}, 0
                continue
            block, forms = line
            paths = self._advance(paths, block, forms, previous)
            previous = self._pass(block, forms, previous)
            count += 1
            if len(paths) == 1 or count > MOST_LINES:
                best = max(paths.values(), key=lambda node: node.score)
                yield _since(root, best)
                self.total += best.score
                root = Node(None, best.state, 0.0, best.block, best.form, _STAY)
                paths, count = {best.state: root}, 0
        best = max(paths.values(), key=self._at_end)
        self.total += self._at_end(best)
        yield _since(root, best)

    def placed(self, lines: Iterable[tuple[Block, list[Form]] | None]) -> list[Placed | None]:
        """Return *lines* as `score` takes them, with what is the same in each layout."""
        found: list[Placed | None] = []
        previous: Block | None = None
        for line in lines:
            if line is None:
                found.append(None)
                continue
            block, forms = line
            within, begun, first = self._of_place(block, previous)
            pairs = None
            if self.upper is not None and any(form.roles[0] in "HKS" for form in forms):
                pairs = tuple(self._paired(pair, self.upper, block) for pair in (-1, 1))
            ways = [
                (form, form.roles, form.score, form.roles == "B" and not _is_further(form))
                for form in forms
            ]
            led = self._below_lead(begun)
            apart, opening = bool(block.above), previous is None
            found.append(Placed(ways, within, begun, first, led, pairs, apart, opening))
            previous = self._pass(block, forms, previous)
        return found

    def score(self, lines: Iterable[Placed | None]) -> float:
        """Return the score of the best path through *lines*, which `weave` would give."""
        steps_of = self.automaton.steps
        start, leads = self.start, self.leads
        paths: dict[int, float] = {start: 0.0}
        total = 0.0
        for line in lines:
            if line is None:
                state, score = max(paths.items(), key=lambda path: self._ended(*path))
                total += self._ended(state, score)
                paths = {min(state, leads): 0.0}
                continue
            ways, within, begun, first, led, pairs, apart, opening = line
            found, fresh = {}, {}
            for state, so_far in paths.items():
                found[state] = so_far + (STRAY_AT_START if state == start else STRAY)
                fresh[state] = first if state == start else led if 0 < state <= leads else begun
            for form, roles, weight, once in ways:
                if roles in _NO_ROLES:
                    for state, so_far in paths.items():
                        for end, value in self._ways(state, form, opening=opening):
                            value += so_far
                            if end not in found or found[end] < value:
                                found[end] = value
                    continue
                steps = steps_of(roles)
                for state, so_far in paths.items():
                    for end, cost, opens, _, _, begins, pair in steps[state]:
                        if once and end == state:
                            continue
                        cost += fresh[state] if begins else within
                        if pair and pairs is not None and not (opens >= 0 and apart):
                            cost -= pairs[pair > 0]
                        value = weight + cost + so_far
                        if end not in found or found[end] < value:
                            found[end] = value
            least = max(found.values()) - _FAR_BEHIND
            paths = {state: value for state, value in found.items() if value >= least}
        return total + max(self._ended(*path) for path in paths.items())

    def _pass(self, block: Block, forms: list[Form], previous: Block | None) -> Block | None:
        """Keep of a line what the next one asks for; return the last line that is not of the page,
        which was *previous* before it.
        """
        if len(forms) == 1 and forms[0].roles == "X":
            self.apart, self.paged = self.apart or bool(block.above), True
            return previous
        self.apart = self.paged = False
        self._above(block, forms)
        return block

    def _of_place(self, block: Block, previous: Block | None) -> tuple[float, float, float]:
        """Return what blank lines and numbers weigh for a line inside an entry, for one that begins
        an entry, and for the first one.
        """
        within, begun, first = _of_blanks(
            self.context.survey.blank_weight,
            previous,
            apart=self.apart or bool(block.above),
            rest=block.rest,
        )
        upper = self.upper
        if self.context.numbered and upper is not None and self.context.is_numbered(upper.text):
            # Right below a heading with a number: with one of its own it is another entry's.
            if self.context.is_numbered(block.text):
                return within - _NUMBERED, begun + _NUMBERED, first
            return within, begun - _UNNUMBERED, first
        return within, begun, first

    def _below_lead(self, begun: float) -> float:
        """Return what blank lines weigh for what begins right below a heading over several entries:
        the first of them needs none, but no lines of the page stand there.
        """
        return max(begun, 0.0) - (_PAGE_BELOW if self.paged else 0.0)

    def _ways(self, state: int, form: Form, *, opening: bool) -> Iterator[tuple[int, float]]:
        """Yield the states to which a line of no entry leads from *state*, and what it weighs."""
        if form.roles == "X":
            yield state, form.score
        elif form.roles == "Y":
            cost = self.automaton.ends(state)
            if cost is not None:
                yield 0, form.score + cost
        elif state == self.start and opening:
            yield state, form.score

    def _paired(self, pair: int, upper: Block, lower: Block) -> float:
        """Return what speaks against two headings being the *pair* that a step makes of them."""
        return math.log1p(math.exp(-pair * self._pair(upper, lower)))

    def _above(self, block: Block, forms: list[Form]) -> None:
        """Keep *block* for the next line if it may be a heading alone, not one field of a row."""
        self.upper = None
        if any(form.roles in _HEADINGS for form in forms):
            self.upper = block

    def _ended(self, state: int, score: float) -> float:
        cost = self.automaton.ends(state)
        return score + (cost if cost is not None else 2 * STRAY)

    def _at_end(self, node: Node) -> float:
        return self._ended(node.state, node.score)

    def _advance(
        self, paths: dict[int, Node], block: Block, forms: list[Form], previous: Block | None
    ) -> dict[int, Node]:
        within, begun, first = self._of_place(block, previous)
        led = self._below_lead(begun)
        start, leads = self.start, self.leads
        found: dict[int, _Way] = {}
        rivals: dict[int, tuple[float, _Way]] = {}
        steps_of = self.automaton.steps
        ways = [
            (form, steps_of(form.roles), form.roles == "B" and not _is_further(form))
            if form.roles not in _NO_ROLES
            else (form, None, False)
            for form in forms
        ]
        apart = bool(block.above)
        for state, path in paths.items():
            so_far = path.score
            stray = so_far + (STRAY_AT_START if state == start else STRAY)
            _put(found, rivals, state, (stray, path, None, _STAY))
            fresh = first if state == start else led if 0 < state <= leads else begun
            for form, steps, once in ways:
                if steps is None:
                    for end, value in self._ways(state, form, opening=previous is None):
                        _put(found, rivals, end, (so_far + value, path, form, _STAY))
                    continue
                weighed = so_far + form.score
                for step in steps[state]:
                    end, cost, opens, _, _, begins, pair = step
                    if once and end == state:
                        continue
                    cost += fresh if begins else within
                    if pair and self.upper is not None and not (opens >= 0 and apart):
                        cost -= self._paired(pair, self.upper, block)
                    score = weighed + cost
                    known = found.get(end)
                    if known is None:
                        found[end] = score, path, form, step
                    elif known[0] - score < MOST_MARGIN:
                        _put(found, rivals, end, (score, path, form, step))
        least = max([way[0] for way in found.values()]) - _FAR_BEHIND
        nodes = {}
        for state, (score, path, form_read, step) in found.items():
            if score >= least:
                node = nodes[state] = Node(path, state, score, block, form_read, step)
                if state in rivals:
                    node.margin, (score, path, form_read, step) = rivals[state]
                    node.rival = Node(path, state, score, block, form_read, step)
        return nodes

    def _pair(self, upper: Block, lower: Block) -> float:
        """Weigh *upper* as a kicker over *lower* against a headline over its subtitle."""
        known = self.pairs.get((upper, lower))
        if known is not None:
            return known
        phrases = self.context.survey.phrases
        weight = rules.KICKER_PRIOR
        weight += rules.kicker_weight(phrases.get(upper.folded))
        weight -= rules.kicker_weight(phrases.get(lower.folded))
        weight += rules.pair_weight(upper.shape, lower.shape)
        if upper.folded not in phrases:
            # A kicker names a rubric: what stands once, in more than a word, is rather a headline.
            weight -= (0.0, 0.0, 0.8)[upper.shape.words] if upper.shape.words < 3 else 1.3
            if upper.shape.words > 1 and not self.context.rubrics:
                weight -= _NO_RUBRICS
        if upper.text.isupper() and not lower.text.isupper():
            weight += 2.5
        weight += self.context.pair_habit
        if not self.keeps_pairs:
            self.pairs.clear()
        self.pairs[upper, lower] = weight
        return weight


def _of_blanks(
    blank: float, previous: Block | None, *, apart: bool, rest: bool
) -> tuple[float, float, float]:
    """Return what blank lines above a line, if it stands *apart*, weigh inside an entry, for a new
    one, and for the first one.

    Whether anything stands above the first line of a file, it does not tell. Where blank lines part
    entries, one parts the topic of the page from the first entry. No entry begins with the *rest*
    of a line.
    """
    if rest:
        return 0.0, -_WITHIN_A_LINE, -_WITHIN_A_LINE
    if previous is None:
        return -blank if apart else 0.0, 0.0, 0.0
    if apart:
        return -blank, blank, blank
    return 0.0, -blank, -_TOPIC_APART * blank


def _is_further(form: Form) -> bool:
    """Tell whether a byline goes on with another: "Translated by A", "and B"."""
    return form.byline is not None and (
        AND_FIRST.match(form.byline) is not None or _says_what(form.byline)
    )


def _says_what(byline: str) -> bool:
    return any(credit.role != "aut" for credit in read_byline(byline).credits)


def _put(
    found: dict[int, _Way], rivals: dict[int, tuple[float, _Way]], state: int, way: _Way
) -> None:
    """Keep the better way into *state*, and the other as its rival if it lost by little."""
    known = found.get(state)
    if known is None:
        found[state] = way
    elif way[0] > known[0]:
        found[state] = way
        rivals[state] = way[0] - known[0], known
    else:
        margin = known[0] - way[0]
        if margin < MOST_MARGIN and (state not in rivals or margin < rivals[state][0]):
            rivals[state] = margin, way


def _since(root: Node, end: Node) -> list[Node]:
    nodes = []
    node: Node | None = end
    while node is not None and node is not root:
        nodes.append(node)
        node = node.above
    nodes.reverse()
    return nodes
