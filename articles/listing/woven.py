"""The two passes of every dialect that has a layout: what a file repeats, and its items."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from articles.folding import fold
from articles.listing import surveying
from articles.listing.assembling import Assembler
from articles.listing.bare_names import IN_TITLES, bare_name
from articles.listing.blocks import Block, ReadLine
from articles.listing.bylines import read_byline
from articles.listing.credit_edges import byline_in, tail_of
from articles.listing.credit_words import date_said
from articles.listing.date_edges import MAY_DATE
from articles.listing.date_orders import FigureDates
from articles.listing.dates import comes_after, date_at_end, date_at_start, whole_date
from articles.listing.deriving import reader_of
from articles.listing.forms import Form
from articles.listing.framing import VISIBLE
from articles.listing.furniture import is_furniture, may_be_title, words_of_page
from articles.listing.imprints import dated_hit, says_printed
from articles.listing.inline_kickers import prefixes_of
from articles.listing.layouts import Automaton, Dialect, compiled
from articles.listing.leads import Hosts
from articles.listing.line_labels import LineLabels
from articles.listing.lineforms import Context
from articles.listing.markup import without_marks
from articles.listing.page_lines import running_head, without_number
from articles.listing.records import (
    DateOrder,
    Diagnostic,
    Entry,
    Habits,
    Phrase,
    Survey,
    Topic,
    Unclaimed,
)
from articles.listing.row_kinds import Rows
from articles.listing.segments import leading
from articles.listing.ungluing import Rest
from articles.listing.weaving import Weaver
from articles.listing.year_headings import MOST_HEADINGS, are_dates, year_heading

#: Blank lines that part whatever stands before and after them.
_MOST_BLANK = 100
_MOST_NAMES = 4_096
_LONGEST_PHRASE = 80
_SURELY_PROSE = 50
_LONGEST_SECTION = 40
_LONGEST_CREDIT = 240
_BLANK_WEIGHT = 1.5
_OPENING_LINES = 40
_MARKS = frozenset("0123456789")
#: Pages on which the same words are a running head.
_FEWEST_PAGES = 2
#: Fewest headings of several words with one in lower case, and least share of such.
_FEWEST_LOWERED, _LOWERED = 5, 0.8
#: Bylines with the same word before them that make one of what stands behind it elsewhere.
_FEWEST_SAID = 3
#: How often a line comes again that each entry has: times, and by the share of the dates.
_FEWEST_CONSTANT, _CONSTANT, _MOST_CONSTANT = 4, 0.8, 2.0
#: Lines with the same words and another number that are counted, not headed.
_COUNTED = 3
#: Share of the lines in capitals that are one word from which all of them are sections, no names.
_SINGLE = 0.4

Line = tuple[Block, list[Form]]


@dataclass(slots=True)
class _Learner:
    """Counts what the lines of a file repeat, in bounded memory."""

    phrases: surveying.Vocabulary
    figures: FigureDates = field(default_factory=FigureDates)
    names: set[str] = field(default_factory=set)
    once: set[str] = field(default_factory=set)
    forms: Counter[str] = field(default_factory=Counter)
    lines: int = 0
    after_blank: int = 0
    short: int = 0
    capitals: int = 0
    new_capitals: int = 0
    capital_words: int = 0
    prose: int = 0
    prose_with_stop: int = 0
    dates: int = 0
    rises: int = 0
    falls: int = 0
    first: str | None = None
    last: str | None = None
    previous_date: str | None = None
    # The line above if it may be a phrase, folded too, and the line above that one.
    above: str | None = None
    above_key: str = ""
    before: str | None = None
    # A short line right above a date alone: a section, if it comes again above other headlines.
    section: tuple[str, str] | None = None
    parted: bool = False
    years: list[int] = field(default_factory=list)
    heads: dict[str, set[int]] = field(default_factory=dict)
    headings: int = 0
    lowered: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    of_page: Counter[str] = field(default_factory=Counter)
    by_words: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    labels: LineLabels = field(default_factory=LineLabels)
    hosts: Hosts = field(default_factory=Hosts)

    def add(self, number: int, text: str, *, after_blank: bool) -> None:
        """Take in one line that is not blank."""
        self.lines += 1
        self.after_blank += after_blank
        if VISIBLE.search(text) is None:
            # An ornament, or a line of the page that is hidden: no kicker stands above one.
            self.parted = True
            return
        parted, self.parted = self.parted, False
        text = without_marks(text)
        self.labels.add(text)
        self.hosts.add(text)
        year = year_heading(text)
        if year is not None:
            if len(self.years) < MOST_HEADINGS:
                self.years.append(year.year)
            self.above = self.before = None
            return
        head = running_head(text)
        if head is not None and len(self.heads) < MOST_HEADINGS:
            pages = self.heads.setdefault(head[0], set())
            if len(pages) < _FEWEST_PAGES:
                pages.add(head[1])
        if len(text) > _LONGEST_CREDIT:
            if self.above is not None:
                self._phrase(number, text[:_LONGEST_PHRASE])
                self.above = None
            if text[:1] in _MARKS:
                self._date(text)
            return
        dated = MAY_DATE.search(text) is not None and self._date(text)
        name = byline_in(text)
        if name is not None:
            self.by_words[text.split(maxsplit=1)[0]] += 1
        if name is not None or dated:
            # Below a byline or a date nothing is a kicker of it; above it a section may stand.
            if name is not None:
                self._names(name)
            above, before = self.above, self.before
            if above is not None and len(above) <= _LONGEST_SECTION:
                if before is not None:
                    self._phrase(number, fold(before))
                elif name is None:
                    self.section = above, self.above_key
            self.above = self.before = None
            return
        if is_furniture(text):
            if may_be_title(text) and len(self.of_page) < _MOST_NAMES:
                self.of_page[words_of_page(text)] += 1
            return
        if text[-1] in _MARKS and len(text) <= _LONGEST_SECTION and len(self.counted) < _MOST_NAMES:
            self.counted[without_number(text)] += 1
        if len(text) > _SURELY_PROSE:
            self.prose += 1
            self.prose_with_stop += text.rstrip('”»"’) ').endswith((".", "!", "?", "…"))
        key = fold(text)
        if self.above is not None and text.strip().casefold() in self.names:
            # A name again, without "By": what stands above it is a kicker of what is below.
            self.section = self.above, self.above_key
        elif self.section is not None:
            self.above, self.above_key = self.section
            self.section = None
        if self.above is not None and key != self.above_key and not parted:
            self._phrase(number, key)
        self.before = self.above
        self.above, self.above_key = (text, key) if len(text) <= _LONGEST_PHRASE else (None, "")
        if self.above is not None:
            self.short += 1
            words = text.split()
            if text.isupper():
                self.capitals += 1
                self.capital_words += len(words) == 1
            if len(words) > 2:
                lowered = any(word[0].islower() and word not in IN_TITLES for word in words)
                self.lowered += lowered
                self.headings += lowered or bare_name(text) is None
            self.new_capitals += key not in self.once and text.isupper()
            if key in self.once:
                self.again[key] += 1
                if bare_name(text) is not None:
                    self._names(text)
            else:
                if len(self.once) >= _MOST_NAMES:
                    self.once.clear()
                self.once.add(key)
        for prefix in prefixes_of(text) if not says_printed(text) else ():
            self.forms[prefix.form] += 1
            if prefix.form == "capital":
                continue
            rest = text[prefix.rest :].strip().casefold()
            self.phrases.add(
                prefix.folded, text[prefix.start : prefix.end], rest, number, inline=True
            )

    def _phrase(self, number: int, below: str) -> None:
        """Count the line above, with what stands *below* it."""
        key = self.above_key.rstrip(" :")
        if self.above is not None and key and len(key.split()) <= 8:
            self.phrases.add(key, self.above.strip(), below, number, inline=False)

    def _names(self, byline: str) -> None:
        if len(self.names) < _MOST_NAMES:
            for credit in read_byline(byline).credits:
                if credit.kind != "person" or len(credit.name.split()) > 1:
                    self.names.add(credit.name.casefold())

    def _date(self, text: str) -> bool:
        tail = tail_of(text)
        if tail is not None:
            text = text[: tail[3]]
        text = text[leading(text) :]
        date = date_at_end(text.rstrip(" )]"))
        if date is None or (date.precision == "year" and not date.figures):
            date = date_at_start(text) or date_said(text) or dated_hit(text)
        if date is None or (date.precision == "year" and not date.figures):
            return False
        self.dates += 1
        self.figures.add(date)
        iso = date.iso
        if date.figures is None:
            if self.previous_date is not None:
                self.rises += comes_after(iso, self.previous_date)
                self.falls += comes_after(self.previous_date, iso)
            self.previous_date = iso
        if date.day is not None:
            self.first = iso if self.first is None else min(self.first, iso)
            self.last = iso if self.last is None else max(self.last, iso)
        return whole_date(text) is not None or byline_in(text) is not None

    def _habits(self) -> Habits:
        """Weigh a missing full stop by how many long lines have one, with ten imagined ones."""
        prose = (self.prose_with_stop + 9.0) / (self.prose + 10.0)
        no_stop = math.log((1.0 - prose) / 0.93)
        return Habits(no_stop=min(max(no_stop, Habits().no_stop), -0.3))

    def _has_capitals(self) -> bool:
        """Tell whether headlines are in capitals: most short lines, or lines that differ."""
        if self.capitals > 0.5 * self.short:
            return True
        again = self.capitals - self.new_capitals
        return self.new_capitals > max(3, 0.6 * self.dates) and again < 0.3 * self.new_capitals

    def _constant(self) -> frozenset[str]:
        """Return the lines that nearly every entry has, one date an entry: they tell it nothing."""
        least = max(_FEWEST_CONSTANT, _CONSTANT * self.dates) - 1
        # What comes more often than there are dates stands in no entry.
        most = _MOST_CONSTANT * self.dates
        return frozenset(
            key
            for key, times in self.again.items()
            if least <= times <= most and key not in self.names
        )

    def survey(self, dialect: str) -> Survey:
        """Return what was learned."""
        day_first = self.figures.decided()
        run = self.figures.runs[1 if day_first is False else 0]
        rises, falls = self.rises + run.rises, self.falls + run.falls
        order: DateOrder = "oldest-first" if rises > falls + 1 else "newest-first"
        share, remarks = self.after_blank / max(1, self.lines), []
        years, hosts = are_dates(self.years, self.dates), self.hosts.names
        if years:
            order = "oldest-first" if self.years[-1] > self.years[0] else "newest-first"
        if not self.dates and not years:
            remarks.append(Diagnostic("no-dates", 1, "No date line was found: no entries."))
        if order == "oldest-first":
            message = "Dates rise down the file: its order is checked as oldest first."
            remarks.append(Diagnostic("oldest-first", 1, message))
        if self.phrases.pruned:
            message = "Too many distinct headings to count each: rare kickers may be missed."
            remarks.append(Diagnostic("vocabulary-pruned", 1, message))
        phrases = {
            key: Phrase(c.spelling, c.own_line, c.inline, c.entries, len(c.remainders))
            for key, c in self.phrases.repeated().items()
            if key not in hosts
        }
        return Survey(
            topic=None, topic_line=None, lines=0, date_lines=self.dates, first_day=self.first,
            last_day=self.last, order=order,
            order_breaks=rises if order == "newest-first" else falls,
            phrases=phrases, headlines={}, habits=self._habits(), diagnostics=tuple(remarks),
            dialect=dialect, day_first=day_first, names=frozenset(self.names),
            prefix_forms=dict(self.forms), capitals=self._has_capitals(),
            capital_sections=self.capital_words >= max(3, _SINGLE * self.capitals),
            blank_weight=_BLANK_WEIGHT if 0.08 < share < 0.62 else 0.0, years=years,
            running=frozenset(k for k, pages in self.heads.items() if len(pages) >= _FEWEST_PAGES),
            counted=frozenset(k for k, times in self.counted.items() if k and times >= _COUNTED),
            titles=frozenset(key for key, times in self.of_page.items() if times == 1),
            by_words=tuple(f"{w} " for w, times in self.by_words.items() if times >= _FEWEST_SAID),
            constant=self._constant(), again=frozenset(self.again),
            hosts=hosts, line_labels=self.labels.roles(self.dates),
            lower_case=self.lowered >= max(_FEWEST_LOWERED, _LOWERED * self.headings),
        )  # fmt: skip


def survey_woven(
    lines: Iterable[str],
    dialect: Dialect,
    *,
    most_phrases: int = surveying.MOST_PHRASES,
    rows: Rows | None = None,
) -> Survey:
    """Return what a first pass over *lines*, read in *dialect*, learns."""
    learner = _Learner(surveying.Vocabulary(most_phrases))
    opening: list[str] = []
    number, after_blank = 0, False
    for number, text in enumerate(lines, 1):
        if len(opening) < _OPENING_LINES:
            opening.append(text)
        if not text or text.isspace():
            after_blank = True
            continue
        learner.add(number, text, after_blank=after_blank)
        after_blank = False
    found = replace(learner.survey(dialect.name), lines=number)
    if rows is not None:
        found = replace(with_rows(found, rows), layout=dialect)
    for item in parse_woven(opening, found, dialect):
        if isinstance(item, Topic):
            key = fold(item.text)
            return replace(found, topic=item.text, topic_line=item.line, topic_key=key)
        if isinstance(item, Entry):
            # The topic stands above all entries.
            break
    return found


def with_rows(survey: Survey, rows: Rows) -> Survey:
    """Return *survey* with what *rows* knows besides."""
    order = survey.day_first if survey.day_first is not None else rows.day_first
    weight = survey.blank_weight if rows.parted else 0.0
    return replace(survey, rows=rows, day_first=order, blank_weight=weight)


def parse_woven(
    lines: Iterable[str], survey: Survey, dialect: Dialect
) -> Iterator[Topic | Entry | Unclaimed]:
    """Yield topic, entries and unclaimed lines of *lines*, in file order; see `parser.parse`."""
    return assembled(read_lines(lines, survey, dialect), survey, dialect)


def read_lines(lines: Iterable[str], survey: Survey, dialect: Dialect) -> Iterator[Line | None]:
    """Yield each of *lines* with every way to read it; None for a wide empty space."""
    return chain.from_iterable(map_lines(lines, context_of(survey, dialect)))


def assembled(
    lines: Iterable[Line | None], survey: Survey, dialect: Dialect, *, brief: bool = False
) -> Iterator[Topic | Entry | Unclaimed]:
    """Yield topic, entries and unclaimed lines of *lines*, read by `read_lines`.

    Of *brief* entries only the fields are told: neither what is doubtful about them, nor spans.
    """
    context = context_of(survey, dialect)
    weaver = Weaver(Automaton.of(dialect, survey.patterns, undated=True), context)
    assembler = Assembler(survey, brief=brief)
    for nodes in weaver.weave(lines):
        yield from assembler.take(nodes)
    yield from assembler.close()


def context_of(survey: Survey, dialect: Dialect) -> Context:
    """Return the context of lines read in *dialect*."""
    own = compiled(dialect)
    rows = survey.rows
    reader = reader_of(rows, survey.day_first) if rows is not None else None
    return Context(survey, own["lines"], own["furniture"], rows, reader)


def map_lines(lines: Iterable[str], context: Context) -> Iterator[tuple[Line | None, ...]]:
    """Yield each line that is not blank with its forms, and None for a wide empty space."""
    blanks: list[str] = []
    previous: Block | None = None
    for number, text in enumerate(lines, 1):
        if not text or text.isspace():
            blanks.append(text)
            if len(blanks) > _MOST_BLANK:
                blanks = blanks[:1]
                yield (None,)
            continue
        block = Block(ReadLine(number, text, "text"), tuple(blanks), isinstance(text, Rest))
        blanks = []
        forms = context.forms(block, previous)
        if not (len(forms) == 1 and forms[0].roles == "X"):
            previous = block
        yield ((block, forms),)
