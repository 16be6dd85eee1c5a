"""Why an entry is read as it is: the dialect, and for each line the rules that chose its role.

Nothing is kept for this while a file is parsed: the rules are asked again, line by line, when
somebody wants to know.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from articles.listing import rules
from articles.listing.dates import date_at_end, date_at_start, whole_date
from articles.listing.label_forms import label_of
from articles.listing.labelled import NAME as LABELLED
from articles.listing.records import Diagnostic, Entry, Habits, Span
from articles.listing.shapes import Shape, shape_of

_HEADINGS = ("kicker", "headline", "subtitle")
_STOP = "ends in a full stop"
_NO_STOP = "ends in no full stop"


def explain(entry: Entry) -> list[str]:
    """Return lines of text that tell how *entry* was read, and what else it might be.

    Each line of the entry is named with its roles, how sure its own form makes them (0 to 1), and
    the rules with their weights (log-odds; above nought for prose, or for a kicker over a
    headline). Doubts follow, with the other readings.
    """
    shown = [
        f"Entry {entry.ordinal + 1}, lines {entry.first_line} to {entry.last_line}:"
        f" dialect {entry.dialect}, confidence {entry.confidence:.2f}"
    ]
    texts = entry.text.split("\n")
    by_line: dict[int, list[Span]] = defaultdict(list)
    for span in entry.spans:
        by_line[span.line].append(span)
    headings: list[tuple[str, Shape]] = []
    for number, spans in sorted(by_line.items()):
        place = number - entry.first_line
        text = texts[place] if place < len(texts) else ""
        shown += [f"  line {number}: {part}" for part in _line(entry, text, spans, headings)]
    shown += [f"  doubt: {doubt}" for doubt in map(_doubt, entry.diagnostics)]
    return shown


def explain_remarks(remarks: Sequence[Diagnostic]) -> list[str]:
    """Return one line of text for each remark on a whole file."""
    return [_doubt(remark) for remark in remarks]


def _line(
    entry: Entry, text: str, spans: Sequence[Span], headings: list[tuple[str, Shape]]
) -> Iterator[str]:
    """Yield what is to be said of each role on one line."""
    for span in spans:
        piece = text[span.start : span.end]
        if span.role == "punctuation":
            continue
        if span.role == "furniture":
            yield f"furniture: {_short(piece)}: a line of the page, or an ornament"
        elif entry.dialect == LABELLED:
            yield f"{span.role} (1.00): {_short(piece)}: {_label(text)}"
        elif span.role in _HEADINGS or span.role == "standfirst":
            shape = shape_of(piece)
            yield _by_form(span.role, piece, shape)
            if span.role in _HEADINGS:
                if headings:
                    yield from _pair(headings[-1], (span.role, shape))
                headings.append((span.role, shape))
        elif span.role == "date":
            yield f"date: {_short(piece)}: {_date(piece, entry)}"
        else:
            yield f"{span.role}: {_short(piece)}"


def _by_form(role: str, piece: str, shape: Shape) -> str:
    habits = Habits()
    held = [(rule.name, rule.weight) for rule in rules.PROSE if rule.holds(shape)]
    if rules.ends_as_prose(shape):
        held.append((_STOP, habits.stop))
    else:
        held.append((_NO_STOP, habits.no_stop * rules.NO_STOP_SHARE[shape.ending]))
    total = sum(weight for _, weight in held)
    sure = 1.0 / (1.0 + math.exp(-total if role == "standfirst" else total))
    return f"{role} ({sure:.2f}): {_short(piece)}: {_weights(held)}"


def _pair(upper: tuple[str, Shape], lower: tuple[str, Shape]) -> Iterator[str]:
    """Yield why two heading lines are kicker and headline, or headline and subtitle."""
    roles = upper[0], lower[0]
    if roles not in (("kicker", "headline"), ("headline", "subtitle")):
        return
    held = [
        (rule.name, rule.weight)
        for rule in rules.KICKER_OVER_HEADLINE
        if rule.holds(upper[1], lower[1])
    ]
    held.append(("as a rule", rules.KICKER_PRIOR))
    yield f"{roles[0]} over {roles[1]}: {_weights(held)}"


def _weights(held: Sequence[tuple[str, float]]) -> str:
    return ", ".join(f"{name} {weight:+.1f}" for name, weight in held)


def _date(piece: str, entry: Entry) -> str:
    date = whole_date(piece) or date_at_end(piece) or date_at_start(piece)
    if date is None or entry.published_on is None:
        return "a date"
    form = "in words" if any(mark.isalpha() for mark in piece) else "in figures"
    if date.either:
        form += ", order told by the file" if len(entry.published_on) == 10 else ", order unknown"
    precision = {4: "year", 7: "month", 10: "day"}[len(entry.published_on)]
    return f"{precision} {entry.published_on}, {form}"


def _label(text: str) -> str:
    found = label_of(text)
    return f"label of {found[0]}" if found is not None else "goes on from the line above"


def _doubt(remark: Diagnostic) -> str:
    others = "; or ".join(_fields(other) for other in remark.alternatives)
    tail = f" Otherwise: {others}." if others else ""
    return f"line {remark.line}, {remark.code}: {remark.message}{tail}"


def _fields(other: Mapping[str, str | None]) -> str:
    return ", ".join(
        f"{name} {_short(value)}" if value is not None else f"no {name}"
        for name, value in other.items()
    )


def _short(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text}”" if len(text) <= 60 else f"“{text[:59]}…”"
