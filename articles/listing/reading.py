"""The engine: every way to read the lines of a gap, scored; the best one and its rivals.

A reading gives each text line of the gap one role (see ``rules`` for the letters). There are at
most ``MOST_STANDFIRSTS`` + 1 times ``len(HEADINGS)`` readings of a gap, whatever its length.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.listing import rules
from articles.listing.blocks import Block
from articles.listing.records import Phrase, Survey

_FAR_BEHIND = 12.0
_CODES = {
    "HK": "kicker-or-subtitle",
    "FK": "standfirst-or-kicker",
    "FH": "standfirst-or-headline",
    "FU": "standfirst-or-stray",
    "KT": "topic-or-kicker",
    "HT": "topic-or-headline",
    "HS": "kicker-or-subtitle",
}


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where the gap stands: after an open entry, at the start of the file, before a date line."""

    joined: bool
    opening: bool
    anchored: bool
    standfirst: float


def choose(blocks: Sequence[Block], place: Place, survey: Survey) -> Choice:
    """Return the best reading of *blocks*; the first in the order of the tables on a tie."""
    if not blocks:
        return Choice("", (), 1.0, 1.0)
    scorer = _Scorer(blocks, place, survey)
    readings = list(scorer.readings())
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


class _Scorer:
    def __init__(self, blocks: Sequence[Block], place: Place, survey: Survey) -> None:
        self.blocks = blocks
        self.place = place
        self.survey = survey
        self.phrases: list[Phrase | None] = [
            survey.phrases.get(block.folded) if survey.phrases else None for block in blocks
        ]
        self.prose = [self._prose(position) for position in range(len(blocks))]
        self.weights = self._weigh()
        self.pairs: dict[tuple[int, int], float] = {}

    def readings(self) -> Iterator[Reading]:
        """Yield every reading that may matter, those with the best lines first.

        The weight of a pair is never above nought, so a reading whose lines alone are far behind
        the best one found cannot catch up and is left out.
        """
        best = -math.inf
        for lines in sorted(self._by_lines(), key=lambda reading: -reading.score):
            if lines.score < best - _FAR_BEHIND:
                return
            score = lines.score + self._pairs(lines.roles)
            best = max(best, score)
            yield Reading(lines.roles, score)

    def _by_lines(self) -> Iterator[Reading]:
        count = len(self.blocks)
        orders = rules.HEADINGS if self.place.anchored else (rules.Heading("", 0.0),)
        share = self.place.standfirst
        for lead in self._leads(count):
            prior = 0.0
            if self.place.joined:
                prior = math.log(share if lead else 1.0 - share)
                prior += rules.SECOND_STANDFIRST_COST * max(0, len(lead) - 1)
            for order in orders:
                strays = count - len(lead) - len(order.roles)
                if strays < 0 or not self._labels_fit(order.roles):
                    continue
                roles = lead + "U" * strays + order.roles
                score = prior + order.prior
                for position, role in enumerate(roles):
                    score += self.weights[role][position]
                yield Reading(roles, score)

    def _leads(self, count: int) -> list[str]:
        room = count - 1 if self.place.anchored else count
        if self.place.joined:
            return ["F" * length for length in range(min(rules.MOST_STANDFIRSTS, room) + 1)]
        return ["", "T"] if self.place.opening and room else [""]

    def _labels_fit(self, order: str) -> bool:
        """Only a part label can be read as one."""
        position = order.find("P")
        return position < 0 or self.blocks[position - len(order)].part is not None

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
        as_prose, as_heading, as_topic, as_part = [], [], [], []
        for block, prose, phrase in zip(self.blocks, self.prose, self.phrases, strict=True):
            cost = label = 0.0
            part = block.part
            if part is not None:
                named = part.name is not None
                cost = rules.NAMED_PART_AS_HEADING if named else rules.BARE_PART_AS_HEADING
                # A named label may be a sentence that begins like one ("Part two: it ends.").
                label = rules.PART_AS_PART - (max(0.0, prose) if named else 0.0)
            as_prose.append(prose + cost)
            as_heading.append(cost - prose)
            shape = block.shape
            topic = sum(rule.weight for rule in rules.TOPIC if rule.holds(shape))
            topic += rules.TOPIC_PRIOR - rules.kicker_weight(phrase)
            as_topic.append(cost - prose + topic)
            as_part.append(label)
        headings = dict.fromkeys("KHS", as_heading)
        stray = [rules.STRAY_COST] * len(self.blocks)
        return {"F": as_prose, "T": as_topic, "P": as_part, "U": stray, **headings}

    def _prose(self, position: int) -> float:
        shape = self.blocks[position].shape
        habits = self.survey.habits
        weight = sum(rule.weight for rule in rules.PROSE if rule.holds(shape))
        if shape.ending == "stop":
            weight += habits.stop
        else:
            weight += habits.no_stop * rules.NO_STOP_SHARE[shape.ending]
        return weight - rules.kicker_weight(self.phrases[position])

    def _kicker_over(self, upper: int, lower: int) -> float:
        """Weigh "kicker over headline" against "headline over subtitle" for two lines."""
        known = self.pairs.get((upper, lower))
        if known is not None:
            return known
        above, below = self.blocks[upper], self.blocks[lower]
        shapes = above.shape, below.shape
        weight = rules.KICKER_PRIOR + rules.kicker_weight(self.phrases[upper])
        weight -= rules.kicker_weight(self.phrases[lower])
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


def _log_sigmoid(weight: float) -> float:
    return -math.log1p(math.exp(-weight))
