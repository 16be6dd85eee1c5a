"""What the listing parser hands over: plain frozen records, no behaviour.

Diagnostic codes (stable: they are stored, filtered on and translated by those who read them):

========================  =========================================================================
code                      meaning
========================  =========================================================================
``kicker-or-subtitle``    two heading lines: kicker and headline, or headline and subtitle
``inline-kicker``         what stands before a colon repeats, yet it may be part of a title
``standfirst-or-kicker``  a line is the standfirst of the entry above or the kicker of the one below
``standfirst-or-headline``  the same doubt between a standfirst and a headline that has a subtitle
``standfirst-or-stray``   a line is the standfirst of the entry above, or belongs to no entry
``topic-or-kicker``       the first line is the topic of the page, or the first entry's kicker
``topic-or-headline``     the first line is the topic of the page, or the first entry's headline
``part-or-heading``       a line that looks like a part label could be a heading, or the reverse
``stray-line``            a line of no entry could be a heading of this one, or stands inside it
``prose-headline``        the only line that could be the headline reads like a standfirst
``standfirst-lines``      the standfirst runs over more than one line (joined with a line break)
``internal-slug``         the headline is an internal working title, not one for readers
``part-without-headline`` the only heading line is a part label; it was taken as the headline
``part-number-unclear``   a part label that names more than one part; no number was taken
``byline-unclear``        the printed byline could be divided into names in another way
``byline-doubtful``       a name in the byline does not look like one
``byline-empty``          "By" and a date with no name between them
``impossible-date``       the day does not exist in its month; only month and year were taken
``date-out-of-order``     the date breaks the order of the file (a listing runs newest first)
``possible-date-line``    a line ends in a date that would fit here, but does not stand alone
``run-together``          two sentences of the standfirst run into each other without a space
``unbalanced-quotes``     opening and closing quotation marks of a field differ in number
``doubled-word``          a small word stands twice in a row
``no-dates``              survey: the file has no date line, hence no entries
``oldest-first``          survey: dates rise down the file; order is checked that way round
``vocabulary-pruned``     survey: too many distinct headings; rare kickers may go unseen
========================  =========================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CreditKind = Literal["person", "collective", "organisation"]
SpanRole = Literal[
    "topic",
    "kicker",
    "headline",
    "subtitle",
    "part_label",
    "byline",
    "date",
    "standfirst",
    "punctuation",
    "furniture",
    "unclaimed",
]
DateOrder = Literal["newest-first", "oldest-first"]


@dataclass(frozen=True, slots=True)
class Credit:
    """One name of a byline; ``role`` is a MARC relator code (aut, trl, edt, ill ...)."""

    name: str
    kind: CreditKind
    role: str = "aut"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A remark of the parser; ``alternatives`` are other readings, each a field -> value map."""

    code: str
    line: int
    message: str
    alternatives: tuple[Mapping[str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` (half open) of a line (from 1) and what they are.

    ``entry`` is the ordinal of the entry they belong to, None for topic, furniture and unclaimed.
    """

    line: int
    start: int
    end: int
    role: SpanRole
    entry: int | None


@dataclass(frozen=True, slots=True)
class Topic:
    """The heading of the page."""

    text: str
    line: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """A line that belongs to no entry, whole, with the reason.

    ``span.role`` is "furniture" for lines without a letter or a digit (rules, ornaments), and
    "unclaimed" for all others: only these are a loss that somebody must look at.
    """

    line: int
    text: str
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as the listing gives it; every field is a slice of its lines.

    ``published_on`` has the precision of the listing: YYYY-MM-DD, YYYY-MM or YYYY. ``text`` holds
    the lines ``first_line`` to ``last_line`` as they stand, joined with line breaks. ``confidence``
    (0 to 1) is the share of the chosen reading among all readings of the lines around it.
    """

    ordinal: int
    first_line: int
    last_line: int
    kicker: str | None
    headline: str
    subtitle: str | None
    part_label: str | None
    part_number: int | None
    byline: str | None
    credits: tuple[Credit, ...]
    published_on: str
    standfirst: str | None
    confidence: float
    diagnostics: tuple[Diagnostic, ...]
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A repeated heading: how often it stood alone, before a colon, with how many remainders.

    ``entries`` counts gaps between date lines in which it occurred; ``remainders`` (capped) the
    distinct texts that followed it; ``spelling`` is the first spelling met.
    """

    spelling: str
    own_line: int
    inline: int
    entries: int
    remainders: int


@dataclass(frozen=True, slots=True)
class Habits:
    """What this file does, as log-likelihood weights for the scoring of readings.

    ``stop`` and ``no_stop`` weigh a line's final full stop (for: it is prose, against: a heading);
    ``standfirst`` is the share of entries that have a standfirst.
    """

    stop: float = 3.0
    no_stop: float = -2.0
    standfirst: float = 0.85


@dataclass(frozen=True, slots=True)
class Survey:
    """What the first pass learned of a file; the second pass reads it with this knowledge.

    ``phrases`` (repeated folded headings that may be kickers) and ``headlines`` (folded headlines
    met more than once) hold repeated vocabulary only and are capped. ``first_day`` and
    ``last_day`` are the ISO bounds of the full dates met, ``order`` the prevailing direction.
    """

    topic: str | None
    topic_line: int | None
    lines: int
    date_lines: int
    first_day: str | None
    last_day: str | None
    order: DateOrder
    order_breaks: int
    phrases: Mapping[str, Phrase]
    headlines: Mapping[str, int]
    habits: Habits
    diagnostics: tuple[Diagnostic, ...]
