"""Second opinions: what other orders of lines, that fit a file nearly as well, make of its entries.

The layout that fits a file best wins whatever the distance, and then every entry of the file is
read in it. Where another came close, an entry that it reads otherwise is one that the file does not
decide: it says so, with the other reading beside it.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice, tee
from operator import attrgetter

from articles.listing import deriving
from articles.listing.fits import fit_of
from articles.listing.layouts import Automaton, Dialect
from articles.listing.pair_kinds import are_labels
from articles.listing.records import Diagnostic, Entry, Survey, Topic, Unclaimed
from articles.listing.registry import woven_dialects
from articles.listing.row_kinds import Rows
from articles.listing.trials import Trials
from articles.listing.weaving import Weaver
from articles.listing.woven import assembled, context_of, read_lines, with_rows

#: How far behind the best a layout may be, in the score of a line on average; and one that differs
#: in headings only. Measured on the listings of tests/listing that nobody had tuned the parser to:
#: of entries that were wrong without a doubt two in five were read otherwise by such a layout, of
#: those that were right one in twenty.
_NEAR, _NEAR_IN_HEADINGS = 0.2, 0.5
_HEADINGS = frozenset("KHSU")
#: Layouts whose variants are tried, orders of lines that these are of, and opinions that are heard.
_VARIED, _ORDERS, _HEARD = 4, 8, 2
_FIELDS = (
    "headline", "kicker", "subtitle", "byline", "published_on", "standfirst", "part_label",
)  # fmt: skip
_fields_of = attrgetter(*_FIELDS)

Item = Topic | Entry | Unclaimed
#: The role of each line, and whether an entry begins with it.
Roles = dict[int, tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Opinion:
    """A layout that fits nearly as well, and how often the entries of a sample have which roles."""

    layout: Dialect
    patterns: Mapping[str, int]


def opinions_on(trials: Trials, best: Dialect, rows: Rows | None) -> tuple[Opinion, ...]:
    """Return the layouts that fit the sample of *trials* nearly as well as *best*, and read it
    otherwise: the nearest first, two at most.
    """
    rows = rows or trials.rows
    lines = trials.lines()
    count = max(1, sum(line is not None for line in lines))
    own = trials.ranked(rows, [best])[0][0]
    first = trials.ranked(rows, list(deriving.candidates(trials.rows.rows, trials.present())))
    orders = [layout for _, layout in first[:_ORDERS]]
    varied = [
        other
        for layout in orders[:_VARIED]
        for other in (*deriving.kicker_places(layout), *deriving.variants(layout))
    ]
    known = [dialect for dialect in woven_dialects().values() if not dialect.lines]
    tried = {(each.lead, each.layout): each for each in (*orders, *varied, *known)}
    tried.pop((best.lead, best.layout), None)
    mine = _roles(trials, best, rows)
    seen = [mine]
    texts = {line[0].line.number: line[0].text for line in lines if line is not None}
    found: list[Opinion] = []
    for score, layout in trials.ranked(rows, list(tried.values())):
        behind = (own - score) / count
        if behind > _NEAR_IN_HEADINGS or len(found) == _HEARD:
            break
        other = _roles(trials, layout, rows)
        if other in seen or behind > _near(mine, other):
            continue
        if _turns_labels(mine, other, texts):
            continue
        seen.append(other)
        context = context_of(with_rows(trials.learned, rows), layout)
        patterns = fit_of(layout, context, lines).patterns
        found.append(Opinion(replace(layout, name=deriving.NAME), dict(patterns)))
    return tuple(found)


def _roles(trials: Trials, layout: Dialect, rows: Rows) -> Roles:
    context = context_of(with_rows(trials.learned, rows), layout)
    weaver = Weaver(Automaton.of(layout), context)
    return {
        node.number: (node.form.roles if node.form is not None else "U", node.step.opens >= 0)
        for node in chain.from_iterable(weaver.weave(trials.lines()))
    }


def _turns_labels(mine: Roles, other: Roles, texts: Mapping[int, str]) -> bool:
    """Tell whether all that *other* does is to make headlines of kickers that are such for sure:
    short, each of them, above headlines of many lengths.
    """
    pairs: list[tuple[str, str]] = []
    upper = ""
    count = 0
    for number, (role, _) in mine.items():
        theirs = other.get(number, ("U", False))[0]
        if (role, theirs) == ("K", "H"):
            upper, count = texts[number], count + 1
        elif upper and (role, theirs) in (("H", "K"), ("H", "S")):
            pairs.append((upper, texts[number]))
            upper = ""
        elif role != theirs:
            return False
    return are_labels(pairs, count)


def _near(mine: Roles, other: Roles) -> float:
    """Return how far behind a layout may be that reads the lines as *other* has them."""
    differing = [
        (mine[number][0], other[number][0]) for number in mine if mine[number] != other.get(number)
    ]
    headings = all(one in _HEADINGS and two in _HEADINGS for one, two in differing)
    return _NEAR_IN_HEADINGS if headings else _NEAR


def parse_with_opinions(lines: Iterable[str], survey: Survey, dialect: Dialect) -> Iterator[Item]:
    """Yield what `parse_woven` does; an entry without a doubt that one of the opinions of *survey*
    reads otherwise carries one.

    Each line is read once, and all go through them in step: what is kept of *lines* depends on the
    longest doubt, not on the file.
    """
    streams = tee(read_lines(lines, survey, dialect), len(survey.opinions) + 1)
    others = [
        _Reader(assembled(stream, _held(survey, opinion), opinion.layout, brief=True))
        for stream, opinion in zip(islice(streams, 1, None), survey.opinions, strict=True)
    ]
    for item in assembled(streams[0], survey, dialect):
        first, last = _lines_of(item)
        beside = [other.beside(first, last) for other in others]
        if isinstance(item, Entry) and not item.diagnostics:
            item = _doubted(item, beside)
        yield item
    for other in others:
        other.finish()


def _held(survey: Survey, opinion: Opinion) -> Survey:
    return replace(survey, layout=opinion.layout, patterns=opinion.patterns, opinions=())


class _Reader:
    """The entries of another reading of the same file, asked for in the order of the file."""

    def __init__(self, items: Iterator[Item]) -> None:
        self._items = items
        self._held: deque[Entry] = deque()
        # The last line of what was read.
        self._read: float = 0

    def beside(self, first: int, last: int) -> list[Entry]:
        """Return the entries that have a line from *first* to *last*."""
        while self._held and self._held[0].last_line < first:
            self._held.popleft()
        while self._read <= last:
            item = next(self._items, None)
            if item is None:
                self._read = math.inf
                break
            # A line of no entry tells as well how far it is: no entry behind it begins above.
            self._read = max(self._read, _lines_of(item)[1])
            if isinstance(item, Entry) and item.last_line >= first:
                self._held.append(item)
        return [each for each in self._held if each.first_line <= last]

    def finish(self) -> None:
        """Read on to the end, so that nothing is kept for this one."""
        for _ in self._items:
            pass


def _lines_of(item: Item) -> tuple[int, int]:
    """Return the first and the last line of *item*."""
    if isinstance(item, Entry):
        return item.first_line, item.last_line
    return item.line, item.line


def _doubted(entry: Entry, beside: list[list[Entry]]) -> Entry:
    mine = _fields_of(entry)
    for others in beside:
        if mine in map(_fields_of, others):
            continue
        message = "Another order of lines fits the file nearly as well, and reads this otherwise."
        remark = Diagnostic("layout-unsure", entry.first_line, message, _otherwise(entry, others))
        return entry._replace(diagnostics=(remark,))
    return entry


def _otherwise(entry: Entry, others: list[Entry]) -> tuple[dict[str, str | None], ...]:
    """Return the fields that another reading of the same lines has, as far as it is one of them."""
    ends = entry.first_line, entry.last_line
    other = next((each for each in others if (each.first_line, each.last_line) == ends), None)
    if other is None:
        return ()
    if other.kicker is not None and entry.kicker == other.headline:
        # What stands as a kicker behind a headline is rather its subtitle.
        other = other._replace(kicker=None, subtitle=other.kicker)
    fields = {
        name: getattr(other, name)
        for name in _FIELDS
        if getattr(other, name) != getattr(entry, name)
    }
    return (fields,) if fields else ()
