"""The dialect as data: which orders of lines there are, and how a line or a pair is weighed.

Weights are log-odds by judgement, of use only against each other; ``reading`` is the engine that
adds them up and knows nothing of any rule. A new dialect is a new table here.

Roles of lines, one letter each: T topic, F standfirst of the entry above, U stray line of no entry,
K kicker, P part label, H headline, S subtitle.
"""

from collections.abc import Callable
from dataclasses import dataclass

from articles.listing.records import Phrase
from articles.listing.shapes import Shape


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule about one line: its weight counts when it holds."""

    name: str
    weight: float
    holds: Callable[[Shape], bool]


@dataclass(frozen=True, slots=True)
class PairRule:
    """A rule about two heading lines, the upper and the lower."""

    name: str
    weight: float
    holds: Callable[[Shape, Shape], bool]


@dataclass(frozen=True, slots=True)
class Heading:
    """An order of heading lines between a standfirst and a date line, with its log prior."""

    roles: str
    prior: float


HEADINGS = (
    Heading("H", 0.0),
    Heading("KH", -1.2),
    Heading("HS", -1.6),
    Heading("HP", 0.0),
    Heading("PH", -0.5),
    Heading("KHS", -2.8),
    Heading("KHP", -1.2),
    Heading("KPH", -1.7),
    Heading("PKH", -2.7),
    Heading("HSP", -1.8),
    Heading("HPS", -2.4),
    Heading("PHS", -2.4),
    Heading("KHSP", -3.0),
    Heading("KHPS", -3.6),
    Heading("KPHS", -4.0),
)

# How much speaks for prose (a standfirst) against a heading. The final full stop is weighed by the
# habits of the file instead, see ``records.Habits``.
PROSE = (
    LineRule("very long", 3.0, lambda s: s.length > 220),
    LineRule("long", 2.0, lambda s: 140 < s.length <= 220),
    LineRule("rather long", 0.8, lambda s: 100 < s.length <= 140),
    LineRule("short", -0.7, lambda s: 40 <= s.length < 70),
    LineRule("very short", -1.4, lambda s: s.length < 40),
    LineRule("several sentences", 2.0, lambda s: s.sentences),
    LineRule("speaks of itself", 1.2, lambda s: s.speaks_of_itself),
    LineRule("title case", -1.2, lambda s: s.title_case),
    LineRule("begins in lower case", -0.3, lambda s: s.lower_case),
    LineRule("question or exclamation", -0.4, lambda s: s.ending == "query" and s.length < 100),
    LineRule("life dates at the end", -1.5, lambda s: s.life_dates),
    LineRule("says a kind of piece", -0.6, lambda s: s.genre and s.length < 100),
    LineRule("volume", -1.5, lambda s: s.volume),
)

# How much speaks for kicker over headline, against headline over subtitle.
KICKER_OVER_HEADLINE = (
    PairRule("upper says a kind of piece", 2.0, lambda u, _: u.genre),
    PairRule("upper is a rubric", 1.3, lambda u, _: u.rubric and not u.colon),
    PairRule("upper is a bare rubric", 3.0, lambda u, _: u.bare_rubric),
    PairRule("upper is a labelled work", 3.0, lambda u, w: u.labelled and not w.labelled),
    PairRule("upper explains", -1.0, lambda u, _: u.explains),
    PairRule("upper opens with a number", -0.8, lambda u, w: u.numeral and not w.numeral),
    PairRule("upper is a person and a role", 2.6, lambda u, _: u.role_of_person),
    PairRule("upper ends in a day", 1.2, lambda u, _: u.event_date and not u.verb),
    PairRule("upper has a colon", -1.5, lambda u, w: u.colon and not w.colon),
    PairRule("lower has a colon", 1.0, lambda u, w: w.colon and not u.colon and not w.volume),
    PairRule("upper is a quotation", -2.0, lambda u, _: u.quotation),
    PairRule("upper asks or exclaims", -2.0, lambda u, _: u.asks or u.exclaims),
    PairRule("lower asks", 0.8, lambda u, w: w.asks and not u.asks),
    PairRule("lower is a quotation", 1.0, lambda u, w: w.quotation and not u.quotation),
    PairRule("upper has a verb", -0.9, lambda u, w: u.verb and not w.verb),
    PairRule("lower has a verb", 0.9, lambda u, w: w.verb and not u.verb),
    PairRule("upper opens with a possessive", -0.7, lambda u, _: u.possessive),
    PairRule("upper is short", 0.7, lambda u, _: u.words <= 5),
    PairRule("upper is long", -1.3, lambda u, _: u.words > 11),
    PairRule("lower is longer", 0.7, lambda u, w: w.length > 1.3 * u.length),
    PairRule("upper is longer", -0.7, lambda u, w: u.length > 1.5 * w.length),
    PairRule("upper opens with a or an", -1.0, lambda u, _: u.article in ("a", "an")),
    PairRule("lower explains", -1.2, lambda u, w: w.explains and not u.explains),
    PairRule("lower opens with a or an", -1.5, lambda _, w: w.article in ("a", "an")),
    PairRule("lower opens with the", -0.5, lambda u, w: w.article == "the" and not w.colon),
    PairRule("lower begins in lower case", -2.0, lambda u, w: w.lower_case and not u.lower_case),
    PairRule("lower is a volume", -3.0, lambda _, w: w.volume),
    PairRule("lower is a kind of piece", -0.8, lambda u, w: w.genre and not u.genre),
    PairRule("lower has life dates", 1.5, lambda u, w: w.life_dates and not u.life_dates),
    PairRule("lower is a memorial", 1.5, lambda _, w: w.memorial),
    PairRule("lower ends in a full stop", -1.5, lambda u, w: w.ending == "stop" != u.ending),
)

# How much speaks against the first line being the topic of the page, a plain short name.
TOPIC = (
    LineRule("colon", -2.4, lambda s: s.colon),
    LineRule("verb", -1.2, lambda s: s.verb),
    LineRule("long", -1.2, lambda s: s.length > 60),
    LineRule("asks or exclaims", -1.5, lambda s: s.asks or s.exclaims),
    LineRule("quotation", -1.5, lambda s: s.quotation),
    LineRule("kind of piece", -0.7, lambda s: s.genre),
)

# What share of the habit "no full stop" an ending without one shows.
NO_STOP_SHARE = {"none": 1.0, "query": 0.4, "ellipsis": 0.2, "abbreviation": 0.0}
#: So long a line that ends in an ellipsis is an excerpt: a standfirst cut off.
_EXCERPT = 70

# Priors and costs that are no rule about the look of a line.
KICKER_PRIOR = 0.3
TOPIC_PRIOR = 2.6
STRAY_COST = -4.5
INLINE_KICKER_ALREADY = 3.0
INLINE_KICKER_BELOW = 1.5
SECOND_STANDFIRST_COST = -4.0
PART_AS_PART = 2.5
BARE_PART_AS_HEADING = -6.0
NAMED_PART_AS_HEADING = -3.0
MOST_STANDFIRSTS = 3
# An internal working title is rarely followed by a standfirst.
STANDFIRST_AFTER_SLUG = 0.25
# A reading this close to the best one is reported as an alternative.
MARGIN = 2.2
MOST_ALTERNATIVES = 3
# A headline that looks so much like prose is reported where the entry above has no standfirst.
PROSE_HEADLINE = 2.0

# A folded prefix counts as an inline kicker from so many entries on, with so many remainders.
INLINE_ENTRIES = 3
INLINE_REMAINDERS = 2


def is_inline_kicker(phrase: Phrase | None) -> bool:
    """Tell whether a phrase before a colon is a kicker: a rubric of the file, not one title."""
    return (
        phrase is not None
        and phrase.inline > 0
        and phrase.entries >= INLINE_ENTRIES
        and phrase.remainders >= INLINE_REMAINDERS
    )


def is_weak_inline_kicker(phrase: Phrase | None) -> bool:
    """Tell whether an inline kicker may yet be a title: never on its own line, few remainders."""
    return phrase is not None and not phrase.own_line and phrase.remainders <= INLINE_REMAINDERS


def ends_as_prose(shape: Shape) -> bool:
    """Tell whether a line ends as standfirsts do: in a full stop, or cut off in a sentence."""
    return shape.ending == "stop" or (shape.ending == "ellipsis" and shape.length >= _EXCERPT)


def kicker_weight(phrase: Phrase | None) -> float:
    """Weigh the evidence of the file that a line standing alone is a kicker (0 if none)."""
    if phrase is None or phrase.remainders < INLINE_REMAINDERS or not phrase.own_line:
        return 0.0
    return 6.0 if phrase.entries >= INLINE_ENTRIES else 2.0


_WEIGHT = {rule.name: rule.weight for rule in PROSE}
_VERY_LONG, _LONG, _RATHER_LONG = (_WEIGHT[n] for n in ("very long", "long", "rather long"))
_SHORT, _VERY_SHORT = _WEIGHT["short"], _WEIGHT["very short"]
_SENTENCES, _SPEAKS = _WEIGHT["several sentences"], _WEIGHT["speaks of itself"]
_TITLE_CASE, _LOWER_CASE = _WEIGHT["title case"], _WEIGHT["begins in lower case"]
_QUERY, _LIFE_DATES = _WEIGHT["question or exclamation"], _WEIGHT["life dates at the end"]
_GENRE, _VOLUME = _WEIGHT["says a kind of piece"], _WEIGHT["volume"]


def prose_weight(shape: Shape) -> float:
    """Weigh how much a line's shape, its final full stop aside, speaks for prose.

    The sum of the rules of ``PROSE`` that hold, written out: it is asked of every line. A test
    holds the two together.
    """
    length = shape.length
    weight = 0.0
    if length < 70:
        weight = _VERY_SHORT if length < 40 else _SHORT
    elif length > 100:
        weight = _VERY_LONG if length > 220 else _LONG if length > 140 else _RATHER_LONG
    if shape.sentences:
        weight += _SENTENCES
    if shape.speaks_of_itself:
        weight += _SPEAKS
    if shape.title_case:
        weight += _TITLE_CASE
    if shape.lower_case:
        weight += _LOWER_CASE
    if length < 100:
        if shape.ending == "query":
            weight += _QUERY
        if shape.life_dates:
            weight += _LIFE_DATES
        if shape.genre:
            weight += _GENRE
    elif shape.life_dates:
        weight += _LIFE_DATES
    if shape.volume:
        weight += _VOLUME
    return weight


def topic_weight(shape: Shape) -> float:
    """Weigh how much a line's shape speaks for the topic of a page (nought or less)."""
    return sum(rule.weight for rule in TOPIC if rule.holds(shape))


def pair_weight(upper: Shape, lower: Shape) -> float:
    """Weigh how much two heading lines look like kicker over headline."""
    upper.settle_heading()
    lower.settle_heading()
    return sum([rule.weight for rule in KICKER_OVER_HEADLINE if rule.holds(upper, lower)])
