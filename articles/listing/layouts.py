"""A dialect as data, and the automaton that its layout makes.

A layout names what stands in an entry, in order: K kicker, P part label, H headline, S subtitle,
B byline, D date, F standfirst; ``?`` may be missing, ``*`` may be missing or repeat, ``+`` stands
at least once. ``"K? P? H S? P? B? D F*"`` is a headline with what belongs to it, a byline and a
date, a standfirst; ``"H B D F* | D H F* B"`` is two kinds of entries, one after the other. ``lead``
stands once above several entries ("D": one date heading over all of them).
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

_ELEMENT = re.compile(r"([KPHSBDF])([?*+]?)\s*")

#: What it costs to take an element, to go without it, and to repeat it: log-odds.
_TAKE = {"K": -1.4, "S": -1.4, "P": -0.2, "F": -0.2}
_SKIP = {"F": -1.8, "B": -1.2}
_REPEAT = {"F": -3.5, "B": -2.0}
#: What it costs to go without an element that has no mark.
_RARELY = {"K": -5.0, "S": -5.0}
#: What it costs an entry to go without its date, where entries have one.
_UNDATED = -9.0
#: What it costs to go on with entries of another kind.
_TURN = -5.0
#: What it costs a date above entries to have none below it.
_LED_NOTHING = -9.0
#: Fewest entries of a sample that tell what entries have, and how many are imagined beside them.
_FEWEST_PATTERNS = 6
_IMAGINED = 1.0


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to write a listing.

    ``layout`` and ``lead`` are described above. ``lines`` are regular expressions for whole lines
    of a form of its own, with groups named kicker, headline, subtitle, byline, date, standfirst,
    publication, volume, issue: each group becomes that field. ``furniture`` are regular
    expressions for lines that belong to no entry. ``prior`` is what speaks for the dialect before
    anything is read; all that is found in a file weighs more.
    """

    name: str
    summary: str
    layout: str
    lead: str = ""
    lines: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    prior: float = 0.0


class Step(NamedTuple):
    """One way to read a line from a state on: where it leads, its cost, where entries begin.

    ``opens`` is the index of the role with which a new entry begins, -1 if none does; ``before``
    the role read last before it. ``begins`` tells whether something new begins, an entry or what
    stands above several; ``pair`` is 1 for a headline below a kicker, -1 for a subtitle below a
    headline, else 0.
    """

    end: int
    cost: float
    opens: int
    before: str
    leads: bool
    begins: bool = False
    pair: int = 0


@dataclass(frozen=True, slots=True)
class _Element:
    role: str
    optional: bool
    repeats: bool
    skip: float = 0.0
    # Taken at no cost, as most entries have it.
    usual: bool = False


@dataclass(slots=True)
class Automaton:
    """The states of a layout: 0 before anything, then one behind each element of lead and entry."""

    lead: tuple[_Element, ...]
    entry: tuple[_Element, ...]
    _steps: dict[str, "_Steps"] = field(default_factory=dict)

    costs: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    # Where in ``entry`` each kind of entry begins and ends.
    kinds: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(
        cls, dialect: Dialect, patterns: Mapping[str, int] | None = None, *, undated: bool = False
    ) -> "Automaton":
        """Return the automaton of *dialect*; *patterns*, of a sample, tell what its entries have.

        With *undated* an entry may go without its date, at a price. Raises `ValueError` for a
        layout that is none.
        """
        try:
            return _automaton(dialect.lead, dialect.layout, _costs(patterns or {}), undated)
        except ValueError as error:
            raise ValueError(f"dialect {dialect.name}: {error}") from None

    def role_of(self, state: int) -> str:
        """Return the role read last in *state*."""
        if state == 0:
            return ""
        elements = self.lead + self.entry
        return elements[state - 1].role

    def ends(self, state: int) -> float | None:
        """Return the cost of ending the file in *state*; None where an entry is incomplete."""
        if state <= len(self.lead):
            return _LED_NOTHING if state else 0.0
        return self._rest(state - len(self.lead))

    def _rest(self, position: int) -> float | None:
        """Return the cost of ending an entry before the element at *position*."""
        return _skipped(self.entry[position : self._kind(position - 1)[1]])

    def _kind(self, position: int) -> tuple[int, int]:
        """Return where the kind of entry begins and ends that has the element at *position*."""
        return next(kind for kind in self.kinds if position < kind[1])

    def steps(self, roles: str) -> Mapping[int, tuple[Step, ...]]:
        """Return the ways to read *roles*, which stand on one line, from each state on."""
        known = self._steps.get(roles)
        if known is None:
            known = self._steps[roles] = _Steps(self, roles)
        return known

    def best(self, state: int, roles: str) -> tuple[Step, ...]:
        """Return the ways to read *roles* from *state* on, the cheapest to each end."""
        best: dict[tuple[int, int], Step] = {}
        for step in self._walk(state, roles):
            place = step.end, step.opens
            if place not in best or best[place].cost < step.cost:
                best[place] = step
        return tuple(
            Step(*step[:5], step.opens >= 0 or step.leads, _pair(step, roles))
            for step in best.values()
        )

    def _walk(self, state: int, roles: str) -> Iterator[Step]:
        paths = [Step(state, 0.0, -1, self.role_of(state), False)]
        for place, role in enumerate(roles):
            following = []
            for path in paths:
                for end, cost, opens, leads in self._next(path.end, role):
                    if opens and (path.opens >= 0 or (place > 0 and not path.leads)):
                        continue
                    if leads and place > 0:
                        continue
                    at = place if opens else path.opens
                    step = Step(end, path.cost + cost, at, path.before, path.leads or leads)
                    following.append(step)
            paths = following
        yield from paths

    def _next(self, state: int, role: str) -> Iterator[tuple[int, float, bool, bool]]:
        first = len(self.lead)
        kind: tuple[int, int] | None = None
        if state > first:
            # Inside an entry: on to a later element, or the same again.
            position = state - first - 1
            element = self.entry[position]
            if element.repeats and element.role == role:
                yield state, _REPEAT.get(role, 0.0), False, False
            kind = self._kind(position)
            yield from self._inside(position + 1, kind[1], role, 0.0, opens=False)
            rest = self._rest(position + 1)
            if rest is None:
                return
        elif 0 < state < first:
            if self.lead[state].role == role:
                yield state + 1, 0.0, False, True
            return
        else:
            rest = 0.0
        if self.lead and role == self.lead[0].role:
            yield 1, rest - 0.5, False, True
        if not self.lead or state >= first:
            for other in self.kinds:
                turn = _TURN if kind is not None and kind != other else 0.0
                for end, cost, _, _ in self._inside(*other, role, turn, opens=True):
                    yield end, cost + rest, True, False

    def _inside(
        self, start: int, stop: int, role: str, cost: float, *, opens: bool
    ) -> Iterator[tuple[int, float, bool, bool]]:
        for position in range(start, stop):
            element = self.entry[position]
            if element.role == role:
                end = len(self.lead) + position + 1
                take = self._take(role) if element.optional and not element.usual else 0.0
                yield end, cost + take, opens, False
            if not element.optional:
                return
            cost += element.skip

    def _take(self, role: str) -> float:
        known = self.costs.get(role)
        return known[0] if known is not None else _TAKE.get(role, 0.0)


class _Steps(dict[int, tuple[Step, ...]]):
    """The ways to read *roles* from each state on, worked out when they are first asked for."""

    def __init__(self, automaton: Automaton, roles: str) -> None:
        super().__init__()
        self.automaton, self.roles = automaton, roles

    def __missing__(self, state: int) -> tuple[Step, ...]:
        steps = self[state] = self.automaton.best(state, self.roles)
        return steps


def _pair(step: Step, roles: str) -> int:
    if roles[0] == "H" and step.before == "K":
        # Also where the kicker is the last line of the entry above.
        return 1
    # What stands right below a headline is its subtitle, also where it is called a kicker.
    return -1 if step.opens < 0 and roles in ("S", "K") and step.before == "H" else 0


Costs = tuple[tuple[str, float, float], ...]


def _costs(patterns: Mapping[str, int]) -> Costs:
    """Return what it costs to take and to go without a role in a file with *patterns* of roles."""
    total = sum(patterns.values())
    if total < _FEWEST_PATTERNS:
        return ()
    found = []
    for role in "BF":
        times = sum(count for roles, count in patterns.items() if role in roles)
        # As if one entry more had it and one had it not, in steps of a twentieth.
        share = round(20 * (times + _IMAGINED) / (total + 2 * _IMAGINED)) / 20
        share = min(max(share, 0.05), 0.95)
        found.append((role, round(math.log(share), 2), round(math.log(1.0 - share), 2)))
    return tuple(found)


@lru_cache(maxsize=1_000)
def _automaton(before: str, layout: str, costs: Costs, undated: bool) -> Automaton:
    """Return the automaton of a layout; what it works out of its steps is kept with it."""
    told = {role: (take, skip) for role, take, skip in costs}
    lead = _elements(before, {})
    entry: tuple[_Element, ...] = ()
    kinds: list[tuple[int, int]] = []
    for each in layout.split("|"):
        elements = _elements(each, told)
        if not any(element.role == "H" and not element.optional for element in elements):
            raise ValueError("an entry needs its headline (H)")
        kinds.append((len(entry), len(entry) + len(elements)))
        entry += elements
    if all(element.role != "D" for element in lead + entry):
        raise ValueError("no date (D) stands anywhere")
    if undated and not lead:
        entry = tuple(
            replace(each, optional=True, skip=_UNDATED) if each.role == "D" else each
            for each in entry
        )
    return Automaton(lead, entry, {}, told, tuple(kinds))


def _elements(layout: str, told: Mapping[str, tuple[float, float]]) -> tuple[_Element, ...]:
    found, position = [], 0
    layout = layout.strip()
    while position < len(layout):
        match = _ELEMENT.match(layout, position)
        if match is None:
            raise ValueError(f"not a layout: {layout!r} at {layout[position:]!r}")
        role, mark = match.groups()
        # Where a role has two places, going without it costs as much as where it has one.
        skip = told[role][1] if role in told else _SKIP.get(role, 0.0)
        skip /= max(1, layout.count(role))
        # "By A" may have "Translated by B" below it.
        repeats = role == "B" or (bool(mark) and mark in "*+")
        optional = bool(mark) and mark in "?*"
        if role in _RARELY and not mark:
            # In every entry of the sample; one may yet go without it.
            found.append(_Element(role, True, repeats, _RARELY[role], usual=True))
        else:
            found.append(_Element(role, optional, repeats, skip))
        position = match.end()
    return tuple(found)


def _skipped(elements: tuple[_Element, ...]) -> float | None:
    """Return the cost of going without *elements*, None if one of them must stand."""
    cost = 0.0
    for element in elements:
        if not element.optional:
            return None
        cost += element.skip
    return cost


def compiled(dialect: Dialect) -> Mapping[str, tuple[re.Pattern[str], ...]]:
    """Return the regular expressions of *dialect*, compiled: ``lines`` and ``furniture``."""
    return {
        "lines": tuple(re.compile(text) for text in dialect.lines),
        "furniture": tuple(re.compile(text, re.IGNORECASE) for text in dialect.furniture),
    }
