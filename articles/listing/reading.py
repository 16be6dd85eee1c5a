"""The engine: every way to read the lines of a gap, scored; the best one and its rivals.

A reading gives each text line of the gap one role (see ``rules`` for the letters). There are at
most ``MOST_STANDFIRSTS`` + 1 times ``len(HEADINGS)`` readings of a gap, whatever its length.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from articles.listing import rules
from articles.listing.blocks import Block
from articles.listing.records import Habits, Phrase, Survey
from articles.listing.shapes import Shape

_FAR_BEHIND = 12.0
_ROUNDING = 1e-6
#: Shorter lines are never so clearly a standfirst that nothing else comes into question.
_SURELY_LONG = 60
_LEAST_AHEAD = -rules.STRAY_COST - _FAR_BEHIND - _ROUNDING
_STANDFIRSTS = tuple("F" * length for length in range(rules.MOST_STANDFIRSTS + 1))
_CODES = {
    "HK": "kicker-or-subtitle",
    "FK": "standfirst-or-kicker",
    "FH": "standfirst-or-headline",
    "FU": "standfirst-or-stray",
    "KT": "topic-or-kicker",
    "HT": "topic-or-headline",
    "HS": "kicker-or-subtitle",
}


@dataclass(slots=True)
class Reading:
    """One letter a line, and the sum of the weights."""

    roles: str
    score: float


@dataclass(frozen=True, slots=True)
class Rival:
    """A reading nearly as good: the kind of doubt, and the first line that it reads otherwise."""

    code: str
    block: int
    roles: str


@dataclass(slots=True)
class Choice:
    """The best reading, its rivals within the margin, and the share of it among all readings.

    ``share_above`` is the share of all readings that agree on the entry above, ``share_below``
    of those that agree on the headings below. ``headline_prose``
    is how much the line taken as the headline looks like prose.
    """

    roles: str
    rivals: tuple[Rival, ...]
    share_above: float
    share_below: float
    headline_prose: float = 0.0


@dataclass(slots=True)
class Place:
    """Where the gap stands: after an open entry, at the start of the file, before a date line."""

    joined: bool
    opening: bool
    anchored: bool
    standfirst: float


def choose(blocks: Sequence[Block], place: Place, survey: Survey) -> Choice:
    """Return the best reading of *blocks*; the first in the order of the tables on a tie."""
    if not blocks:
        return _NOTHING
    if len(blocks) == 2 and place.joined and place.anchored and _is_plain(blocks, place, survey):
        return _PLAIN
    scorer = _Scorer(blocks, place, survey)
    readings = scorer.readings()
    if len(readings) == 1:
        roles = readings[0].roles
        prose = scorer.prose[roles.index("H")] if "H" in roles else 0.0
        return Choice(roles, (), 1.0, 1.0, prose)
    best = max(readings, key=lambda reading: reading.score)
    near = sorted(
        (r for r in readings if r is not best and r.score >= best.score - rules.MARGIN),
        key=lambda reading: -reading.score,
    )
    rivals = tuple(_rival(best.roles, r.roles) for r in near[: rules.MOST_ALTERNATIVES])
    weights = [math.exp(max(reading.score - best.score, -50.0)) for reading in readings]
    total = sum(weights)
    above, below = _above(best.roles), _below(best.roles)
    share_above = share_below = 0.0
    for reading, weight in zip(readings, weights, strict=True):
        share_above += weight if _above(reading.roles) == above else 0.0
        share_below += weight if _below(reading.roles) == below else 0.0
    prose = scorer.prose[best.roles.index("H")] if "H" in best.roles else 0.0
    return Choice(best.roles, rivals, share_above / total, share_below / total, prose)


_NOTHING = Choice("", (), 1.0, 1.0)
_PLAIN = Choice("FH", (), 1.0, 1.0)


def _is_plain(blocks: Sequence[Block], place: Place, survey: Survey) -> bool:
    """Tell whether two lines are so clearly a standfirst and a headline that no other reading
    comes into question: the commonest gap, told without weighing every reading of it.
    """
    first = blocks[0]
    shape = first.shape
    if shape.length < _SURELY_LONG or first.part is not None or blocks[1].part is not None:
        return False
    prose = rules.prose_weight(shape) + _stop_weight(shape, survey.habits)
    if survey.phrases:
        prose -= rules.kicker_weight(survey.phrases.get(first.folded))
    ahead = math.log(place.standfirst / (1.0 - place.standfirst)) + prose
    # Ahead of a stray line, and of two heading lines (whose order and pair cost something).
    return ahead + _LEAST_AHEAD > 0.0 and ahead + prose > _FAR_BEHIND + _ROUNDING


def _stop_weight(shape: Shape, habits: Habits) -> float:
    if rules.ends_as_prose(shape):
        return habits.stop
    return habits.no_stop * rules.NO_STOP_SHARE[shape.ending]


@lru_cache(maxsize=4_000)
def _orders(
    count: int, leads: tuple[str, ...], parts: tuple[bool, ...], *, anchored: bool
) -> tuple[tuple[str, str, float], ...]:
    """Return every reading of *count* lines: its roles, the lead in it, the prior of its order.

    *parts* tells which lines can be read as a part label; no other line is.
    """
    found = []
    for lead in leads:
        for order in rules.HEADINGS if anchored else (rules.Heading("", 0.0),):
            strays = count - len(lead) - len(order.roles)
            label = order.roles.find("P")
            if strays < 0 or (label >= 0 and not parts[label - len(order.roles)]):
                continue
            found.append((lead + "U" * strays + order.roles, lead, order.prior))
    return tuple(found)


class _Scorer:
    __slots__ = ("blocks", "pairs", "parts", "phrases", "place", "prose", "survey", "weights")

    def __init__(self, blocks: Sequence[Block], place: Place, survey: Survey) -> None:
        self.blocks = blocks
        self.place = place
        self.survey = survey
        get = survey.phrases.get
        self.phrases: list[Phrase | None] = (
            [get(block.folded) for block in blocks] if survey.phrases else [None] * len(blocks)
        )
        self.parts = tuple([block.part is not None for block in blocks])
        self.prose: list[float] = []
        habits = survey.habits
        for block, phrase in zip(blocks, self.phrases, strict=True):
            shape = block.shape
            weight = rules.prose_weight(shape) + _stop_weight(shape, habits)
            self.prose.append(weight - rules.kicker_weight(phrase))
        self.weights = self._weigh()
        self.pairs: dict[tuple[int, int], float] = {}

    def readings(self) -> list[Reading]:
        """Return every reading that may matter, those with the best lines first.

        The weight of a pair is never above nought, so a reading whose lines alone are far behind
        the best one found cannot catch up and is left out.
        """
        by_lines = self._by_lines()
        if len(by_lines) > 1:
            by_lines.sort(key=_descending)
        best = -math.inf
        found = []
        for score, roles in by_lines:
            if score < best - _FAR_BEHIND:
                break
            if "K" in roles or "S" in roles:
                score = score + self._pairs(roles)
            best = max(best, score)
            found.append(Reading(roles, score))
        return found

    def _by_lines(self) -> list[tuple[float, str]]:
        count, place, weights = len(self.blocks), self.place, self.weights
        found = []
        known: dict[str, float] = {}
        for roles, lead, prior in _orders(
            count, self._leads(count), self.parts, anchored=place.anchored
        ):
            if not place.joined:
                score = 0.0
            elif lead in known:
                score = known[lead]
            else:
                score = math.log(place.standfirst if lead else 1.0 - place.standfirst)
                score += rules.SECOND_STANDFIRST_COST * max(0, len(lead) - 1)
                known[lead] = score
            score += prior
            for position, role in enumerate(roles):
                score += weights[role][position]
            found.append((score, roles))
        return found

    def _leads(self, count: int) -> tuple[str, ...]:
        room = count - 1 if self.place.anchored else count
        if self.place.joined:
            return _STANDFIRSTS[: min(rules.MOST_STANDFIRSTS, room) + 1]
        return ("", "T") if self.place.opening and room else ("",)

    def _pairs(self, roles: str) -> float:
        score = 0.0
        headline = roles.find("H")
        for position, role in enumerate(roles):
            if role == "K":
                score += _log_sigmoid(self._kicker_over(position, headline))
            elif role == "S":
                score += _log_sigmoid(-self._kicker_over(headline, position))
        return score

    def _weigh(self) -> dict[str, list[float]]:
        """Weigh each line in each role, its neighbours aside."""
        as_prose, as_heading, as_topic, as_part = self.prose, [], [], []
        if any(self.parts):
            as_prose = []
            for block, prose in zip(self.blocks, self.prose, strict=True):
                cost = label = 0.0
                part = block.part
                if part is not None:
                    named = part.name is not None
                    cost = rules.NAMED_PART_AS_HEADING if named else rules.BARE_PART_AS_HEADING
                    # A named label may be a sentence that begins like one ("Part two: it ends.").
                    label = rules.PART_AS_PART - (max(0.0, prose) if named else 0.0)
                as_prose.append(prose + cost)
                as_heading.append(cost - prose)
                as_part.append(label)
        else:
            as_heading = [0.0 - prose for prose in self.prose]
        if self.place.opening:
            for block, heading, phrase in zip(self.blocks, as_heading, self.phrases, strict=True):
                topic = sum(rule.weight for rule in rules.TOPIC if rule.holds(block.shape))
                topic += rules.TOPIC_PRIOR - rules.kicker_weight(phrase)
                if len(self.blocks) == 2:
                    # Each entry has two heading lines: the first has them too.
                    topic += 2.0 * self.survey.habits.pair
                as_topic.append(heading + topic)
        stray = [rules.STRAY_COST] * len(self.blocks)
        return {"F": as_prose, "T": as_topic, "P": as_part, "U": stray,
                "K": as_heading, "H": as_heading, "S": as_heading}  # fmt: skip

    def _kicker_over(self, upper: int, lower: int) -> float:
        """Weigh "kicker over headline" against "headline over subtitle" for two lines."""
        known = self.pairs.get((upper, lower))
        if known is not None:
            return known
        above, below = self.blocks[upper], self.blocks[lower]
        shapes = above.shape, below.shape
        weight = rules.KICKER_PRIOR + rules.kicker_weight(self.phrases[upper])
        weight += self.survey.habits.pair
        weight -= rules.kicker_weight(self.phrases[lower])
        above.shape.settle_heading()
        below.shape.settle_heading()
        for rule in rules.KICKER_OVER_HEADLINE:
            if rule.holds(*shapes):
                weight += rule.weight
        if self.survey.phrases:
            if self._has_inline_kicker(above):
                weight -= rules.INLINE_KICKER_ALREADY
            elif self._has_inline_kicker(below):
                weight -= rules.INLINE_KICKER_BELOW
        self.pairs[upper, lower] = weight
        return weight

    def _has_inline_kicker(self, block: Block) -> bool:
        get = self.survey.phrases.get
        return any(rules.is_inline_kicker(get(prefix.folded)) for prefix in block.prefixes)


def _rival(best: str, other: str) -> Rival:
    position = next(i for i, pair in enumerate(zip(best, other, strict=True)) if pair[0] != pair[1])
    pair = "".join(sorted(best[position] + other[position]))
    if "P" in pair:
        code = "part-or-heading"
    elif "U" in pair and "F" not in pair:
        code = "stray-line"
    else:
        code = _CODES.get(pair, "stray-line")
    return Rival(code, position, other)


def _above(roles: str) -> int:
    return roles.count("F")


def _below(roles: str) -> str:
    return roles.lstrip("FTU")


def _descending(scored: tuple[float, str]) -> float:
    return -scored[0]


def _log_sigmoid(weight: float) -> float:
    return -math.log1p(math.exp(-weight))
