"""The engine of all dialects but the first two: the likeliest way through a layout, line by line.

Each line may be read in several forms (``lineforms``); the layout says which may follow which
(``layouts``). The best path is found as Viterbi (1967) does, and given out as soon as all paths
that still count have their beginning in common: memory depends on the doubt, not on the file.
Where two paths meet, the one that loses by little is kept as the rival of the other.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.listing import rules
from articles.listing.blocks import Block
from articles.listing.credits import Form
from articles.listing.layouts import Automaton, Step
from articles.listing.lineforms import STRAY, STRAY_AT_START, Context

#: Paths further behind the best are given up; so many lines are kept at most.
_FAR_BEHIND = 12.0
MOST_LINES = 300
#: A path that lost by more is no rival.
MOST_MARGIN = 6.0
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


@dataclass(slots=True)
class Weaver:
    """Reads lines in one layout; ``total`` is the score of the best path so far."""

    automaton: Automaton
    context: Context
    total: float = 0.0

    def weave(self, lines: Iterable[tuple[Block, list[Form]] | None]) -> Iterator[list[Node]]:
        """Yield the nodes of the best path, in order, some at a time.

        *lines* are blocks with their forms; None parts what stands before and after it.
        """
        root = Node(None, 0, 0.0, None, None, _STAY)
        paths: dict[int, Node] = {0: root}
        previous: Block | None = None
        count = 0
        for line in lines:
            if line is None:
                best = max(paths.values(), key=self._at_end)
                self.total += self._at_end(best)
                yield _since(root, best)
                state = min(best.state, len(self.automaton.lead))
                root = Node(None, state, 0.0, None, None, _STAY)
                paths, count = {state: root}, 0
                continue
            block, forms = line
            paths = self._advance(paths, block, forms, previous)
            if not (len(forms) == 1 and forms[0].roles == "X"):
                previous = block
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

    def _at_end(self, node: Node) -> float:
        cost = self.automaton.ends(node.state)
        return node.score + (cost if cost is not None else 2 * STRAY)

    def _advance(
        self,
        paths: dict[int, Node],
        block: Block,
        forms: list[Form],
        previous: Block | None,
    ) -> dict[int, Node]:
        blank = self.context.survey.blank_weight
        after_blank = bool(block.above)
        found: dict[int, Node] = {}
        first = previous is None
        steps_of = self.automaton.steps
        for state, path in paths.items():
            stray = path.score + (STRAY_AT_START if state == 0 else STRAY)
            _put(found, path, state, stray, block, None, _STAY)
            for form in forms:
                roles = form.roles
                score = path.score + form.score
                if roles == "X":
                    _put(found, path, state, score, block, form, _STAY)
                    continue
                if roles == "T":
                    if state == 0 and first:
                        _put(found, path, 0, score, block, form, _STAY)
                    continue
                for step in steps_of(state, roles):
                    value = score + step.cost
                    if blank:
                        opens = step.opens >= 0 or step.leads
                        value += (blank if after_blank else -blank) if opens else (
                            -blank if after_blank else 0.0)  # fmt: skip
                    if previous is not None and step.opens < 0:
                        if roles[0] == "H" and step.before == "K":
                            value += self._pair(previous, block)
                        elif roles == "S" and step.before == "H":
                            value += self._pair(previous, block, turned=True)
                    _put(found, path, step.end, value, block, form, step)
        best = max(node.score for node in found.values()) - _FAR_BEHIND
        return {state: node for state, node in found.items() if node.score >= best}

    def _pair(self, upper: Block, lower: Block, *, turned: bool = False) -> float:
        survey = self.context.survey
        weight = rules.KICKER_PRIOR
        weight += rules.kicker_weight(survey.phrases.get(upper.folded))
        weight -= rules.kicker_weight(survey.phrases.get(lower.folded))
        weight += rules.pair_weight(upper.shape, lower.shape)
        if upper.folded not in survey.phrases:
            # A kicker names a rubric: what stands once, in more than a word, is rather a headline.
            weight -= (0.0, 0.0, 0.8)[upper.shape.words] if upper.shape.words < 3 else 1.3
        if upper.text.isupper() and not lower.text.isupper():
            weight += 2.5
        return -math.log1p(math.exp(weight if turned else -weight))


def _put(
    found: dict[int, Node],
    above: Node,
    state: int,
    score: float,
    block: Block,
    form: Form | None,
    step: Step,
) -> None:
    """Keep the better way into *state*, and the other as its rival if it lost by little."""
    known = found.get(state)
    if known is None:
        found[state] = Node(above, state, score, block, form, step)
    elif score > known.score:
        node = found[state] = Node(above, state, score, block, form, step)
        node.margin, node.rival = score - known.score, known
    elif known.score - score < min(known.margin, MOST_MARGIN):
        known.margin = known.score - score
        known.rival = Node(above, state, score, block, form, step)


def _since(root: Node, end: Node) -> list[Node]:
    nodes = []
    node: Node | None = end
    while node is not None and node is not root:
        nodes.append(node)
        node = node.above
    nodes.reverse()
    return nodes
