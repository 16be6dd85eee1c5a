"""What the listing parser hands over: plain frozen records, no behaviour.

Those made for every line or entry are named tuples, the quickest of frozen records to make.

Diagnostic codes (stable: they are stored, filtered on and translated by those who read them):

========================  =========================================================================
code                      meaning
========================  =========================================================================
``kicker-or-subtitle``    two heading lines: kicker and headline, or headline and subtitle
``inline-kicker``         what stands before a colon, or joined to what follows, may be a kicker,
                          or part of a title
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
``date-order-unknown``    a date in figures: day/month or month/day? The file does not tell
``date-unreadable``       what is labelled as a date, or stands where the dates stand ("3 hours
                          ago"), cannot be read as one
``date-missing``          a labelled entry without a date
``weekday-differs``       the weekday printed beside the date is not that date's
``key-unreadable``        what is labelled as a permanent key has not the form of one; left out
``label-twice``           a field is stated twice in one entry; the first value was taken
``unlabelled-line``       a line without a label inside a labelled entry; read as standfirst
``byline-or-heading``     a name without "By": a byline, or a heading
``unlike-others``         a line has a role that few other entries of the file have
``headline-holds-more``   the headline seems to hold another field: a date, a name, a separator
``field-implausible``     a field looks like something else, the same way all over the file
``reference-unsure``      a reference holds more than the grammar of its style knows
``row-unsure``            a line of several fields that is cut otherwise than the others of the file
``dialect-unsure``        survey: another dialect makes nearly as regular a listing of the file
``layout-unsure``         another order of lines fits the file nearly as well; it differs here
``listing-irregular``     the file is regular in no dialect: said of it, and of each of its entries
``no-dates``              survey: the file has no date line, hence no entries
``oldest-first``          survey: dates rise down the file; order is checked that way round
``vocabulary-pruned``     survey: too many distinct headings; rare kickers may go unseen
========================  =========================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from articles.listing.by_line import Grammar
    from articles.listing.framing import Frame
    from articles.listing.glances import Sign
    from articles.listing.joins import Glue
    from articles.listing.label_forms import Labels
    from articles.listing.layouts import Dialect
    from articles.listing.opinions import Opinion
    from articles.listing.row_kinds import Rows

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
    "credits",
    "series",
    "tags",
    "language",
    "link",
    "key",
    "publication",
    "volume",
    "issue",
    "pages",
    "rights",
    "punctuation",
    "furniture",
    "unclaimed",
]
#: A piece of a line, from start to end, and what it is.
Piece = tuple[int, int, SpanRole]
IRREGULAR = "listing-irregular"
DateOrder = Literal["newest-first", "oldest-first"]
SeriesKind = Literal["serial", "column"]


@dataclass(frozen=True, slots=True)
class Credit:
    """One name of a byline; ``role`` is a MARC relator code (aut, trl, edt, ill ...)."""

    name: str
    kind: CreditKind
    role: str = "aut"


@dataclass(frozen=True, slots=True)
class SeriesPlace:
    """A series that a listing states for an entry, and the entry's number in it."""

    title: str
    kind: SeriesKind
    part_number: int | None = None


class Diagnostic(NamedTuple):
    """A remark of the parser; ``alternatives`` are other readings, each a field -> value map."""

    code: str
    line: int
    message: str
    alternatives: tuple[Mapping[str, str | None], ...] = ()


class Span(NamedTuple):
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
    """A line that belongs to no entry, whole, with the reason; of a line whose elements are joined
    without a sign, what is left of it.

    ``span.role`` is "furniture" for lines without a letter or a digit (rules, ornaments), and
    "unclaimed" for all others: only these are a loss that somebody must look at.
    """

    line: int
    text: str
    reason: str
    span: Span


class Entry(NamedTuple):
    """One article as the listing gives it; every field is a slice of its lines.

    (Labelled values are unescaped slices.) ``published_on`` has the precision of the listing:
    YYYY-MM-DD, YYYY-MM or YYYY; only labelled entries may come without (None). ``text`` holds
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
    published_on: str | None
    standfirst: str | None
    confidence: float
    diagnostics: tuple[Diagnostic, ...]
    text: str
    spans: tuple[Span, ...]
    # What only some dialects state; None where the listing says nothing of it.
    publication: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    rights: str | None = None
    tags: tuple[str, ...] | None = None
    series: tuple[SeriesPlace, ...] | None = None
    language: str | None = None
    source_url: str | None = None
    key: str | None = None
    dialect: str = "classic"


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
    ``standfirst`` is the share of entries that have a standfirst; ``pair`` weighs the upper of two
    heading lines for a kicker (against: a headline with its subtitle).
    """

    stop: float = 3.0
    no_stop: float = -2.0
    standfirst: float = 0.85
    pair: float = 0.0


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
    # The dialect that the file is read in; whether it writes 3/4/2019 day first (None: unknown).
    dialect: str = "classic"
    day_first: bool | None = None
    # Labelled: blank lines stand between fields too, so that they part no entries.
    spread: bool = False
    # Labelled: how the file writes its labels.
    labels: "Labels | None" = None
    # What the woven dialects know besides: folded topic; names seen in bylines, folded; how often
    # each form of a kicker before a headline was met; whether headlines are in capitals, or
    # sections; what a blank line weighs for a new entry.
    topic_key: str = ""
    names: frozenset[str] = frozenset()
    prefix_forms: Mapping[str, int] = field(default_factory=dict)
    capitals: bool = False
    capital_sections: bool = False
    blank_weight: float = 0.0
    # Words of lines that differ in their number alone, folded: "Press release 2019/31".
    counted: frozenset[str] = frozenset()
    # Words of a page that stand once in the file, and so may be a title: "In", "#:#".
    titles: frozenset[str] = frozenset()
    # Words before bylines, with a space, that come again: "by ".
    by_words: tuple[str, ...] = ()
    # Lines that stand as they are in nearly every entry, folded; that
    # stand more than once; labels and the roles they give.
    constant: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    # Papers that stand below "in" on a line of its own, folded.
    hosts: frozenset[str] = frozenset()
    line_labels: Mapping[str, str] = field(default_factory=dict)
    # Years alone stand as headings and date the entries below them: the file has no other dates.
    years: bool = False
    # Heads of printed pages, folded, without their numbers; whether headings have words in lower
    # case, so that names differ from them.
    running: frozenset[str] = frozenset()
    lower_case: bool = False
    # The file is regular in no dialect: every entry of it is doubtful.
    irregular: bool = False
    # The roles of the entries of a sample, in their order, and how many have them so.
    patterns: Mapping[str, int] = field(default_factory=dict)
    # The width at which texts are broken into lines; 0 if they are not.
    width: int = 0
    # Second headings say in a sentence what an entry is about, and nothing else does: standfirsts.
    texts: bool = False
    # Derived: the layout, and the rows that were learned of the file.
    layout: "Dialect | None" = None
    rows: "Rows | None" = None
    # Other layouts that fit nearly as well.
    opinions: "tuple[Opinion, ...]" = ()
    # Which elements of its lines are joined without a sign.
    glue: "Glue | None" = None
    # Each entry is a line or a paragraph of this grammar.
    by_line: "Grammar | None" = None
    # A date of the file that is read where one counts from today: "3 hours ago".
    stand_in: str = ""
    # Publications are named above the entries: "Published in Field Repairs".
    hosted: bool = False
    # What lines of the page the file has.
    frame: "Frame | None" = None
    # What is implausible all over the file, as it is read.
    signs: "tuple[Sign, ...]" = ()
