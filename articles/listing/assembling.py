"""From woven lines to topics, entries and unclaimed lines: fields, spans, diagnostics."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.listing import checks, rules
from articles.listing.bylines import read_byline
from articles.listing.credits import Form, Piece
from articles.listing.dates import PrintedDate, comes_after
from articles.listing.parts import part_in_brackets
from articles.listing.records import (
    Credit,
    Diagnostic,
    Entry,
    Span,
    SpanRole,
    Survey,
    Topic,
    Unclaimed,
)
from articles.listing.remarks import UNSURE, date_remarks, irregular
from articles.listing.weaving import MOST_MARGIN, Node

#: Longest entry, in lines with text; what follows belongs to none.
MOST_LINES = 200
_ORNAMENT = "a line of the page, or an ornament"
_LEAD = "the date of the entries below"
_NO_ENTRY = "no entry takes this line"
_SPACE = 40
_DOUBTS = {
    "HK": "kicker-or-subtitle",
    "HS": "kicker-or-subtitle",
    "FK": "standfirst-or-kicker",
    "FH": "standfirst-or-headline",
    "FS": "standfirst-or-headline",
    "FU": "standfirst-or-stray",
    "KT": "topic-or-kicker",
    "HT": "topic-or-headline",
    "BH": "byline-or-heading",
    "BK": "byline-or-heading",
    "BS": "byline-or-heading",
    "BF": "byline-or-heading",
}
_MESSAGES = {
    "kicker-or-subtitle": "Two heading lines: kicker and headline, or headline and subtitle.",
    "standfirst-or-kicker": "A standfirst, or the kicker of the entry below.",
    "standfirst-or-headline": "A standfirst, or a heading.",
    "standfirst-or-stray": "A standfirst, or a line of no entry.",
    "topic-or-kicker": "Topic of the page, or kicker of the first entry.",
    "topic-or-headline": "Topic of the page, or headline of the first entry.",
    "byline-or-heading": "A byline without “By”, or a heading.",
    "stray-line": "A line of no entry, or a line of this one.",
}
_FIELD_OF = {"K": "kicker", "H": "headline", "S": "subtitle", "F": "standfirst", "B": "byline"}


@dataclass(slots=True)
class _Lead:
    """The date that stands above several entries, with what an issue line says besides."""

    date: PrintedDate | None = None
    line: int = 0
    volume: str | None = None
    issue: str | None = None


@dataclass(slots=True)
class _Draft:
    first: int
    last: int = 0
    texts: list[str] = field(default_factory=list)
    pieces: list[tuple[int, str, tuple[Piece, ...]]] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    date: PrintedDate | None = None
    date_line: int = 0


@dataclass(slots=True)
class Assembler:
    """Takes in nodes and gives out items, in file order."""

    survey: Survey
    ordinal: int = 0
    previous: str | None = None
    lead: _Lead = field(default_factory=_Lead)
    draft: _Draft | None = None
    # What stands behind the last line of the open entry and may yet lie inside it.
    behind: list[Node] = field(default_factory=list)

    def take(self, nodes: list[Node]) -> Iterator[Topic | Entry | Unclaimed]:
        """Take in the next *nodes*; yield what is complete."""
        for node in nodes:
            yield from self._take(node)

    def _take(self, node: Node) -> Iterator[Topic | Entry | Unclaimed]:
        form, step = node.form, node.step
        if form is None or form.roles == "X":
            if self.draft is not None and len(self.behind) < MOST_LINES:
                self.behind.append(node)
            else:
                yield from self.close()
                yield _outside(node)
        elif form.roles == "T":
            assert node.block is not None  # noqa: S101
            text = node.block.line.text
            spans = tuple(_line_spans(node.number, text, form.pieces, None))
            start, end, _ = next(piece for piece in form.pieces if piece[2] == "topic")
            yield Topic(text[start:end], node.number, spans)
        elif step.leads:
            yield from self.close()
            self._set_lead(node, form)
            if step.opens >= 0:
                self._open(node, form)
            else:
                yield _leading(node, form)
        elif step.opens >= 0:
            yield from self.close()
            self._open(node, form)
        elif self.draft is None or len(self.draft.texts) >= MOST_LINES:
            yield from self.close()
            yield _outside(node)
        else:
            self._go_on(node, form)

    def _set_lead(self, node: Node, form: Form) -> None:
        assert node.block is not None  # noqa: S101
        text = node.block.line.text
        said = {role: text[start:end] for start, end, role in form.pieces}
        self.lead = _Lead(form.date, node.number, said.get("volume"), said.get("issue"))

    def _open(self, node: Node, form: Form) -> None:
        self.draft = _Draft(node.number)
        self._go_on(node, form)

    def _go_on(self, node: Node, form: Form) -> None:
        draft = self.draft
        assert draft is not None and node.block is not None  # noqa: S101, PT018
        for other in self.behind:
            assert other.block is not None  # noqa: S101
            draft.nodes.append(other)
            draft.texts += [*other.block.above, other.block.line.text]
        self.behind = []
        text = node.block.line.text
        draft.nodes.append(node)
        draft.texts += [*(node.block.above if draft.texts else ()), text]
        draft.last = node.number
        draft.pieces.append((node.number, text, form.pieces))
        if form.date is not None:
            draft.date, draft.date_line = form.date, node.number

    def close(self) -> Iterator[Topic | Entry | Unclaimed]:
        """End the open entry; what stands behind it belongs to none."""
        draft, self.draft = self.draft, None
        behind, self.behind = self.behind, []
        if draft is not None:
            whole = any(role == "headline" for *_, parts in draft.pieces for *_, role in parts)
            if whole:
                yield self._entry(draft)
            for node in draft.nodes:
                if node.form is None or not whole:
                    yield _outside(node)
        for node in behind:
            yield _outside(node)

    def _entry(self, draft: _Draft) -> Entry:
        ordinal, self.ordinal = self.ordinal, self.ordinal + 1
        remarks: list[Diagnostic] = []
        pieces = [_cut_part(number, text, parts) for number, text, parts in draft.pieces]
        said: dict[str, list[tuple[int, str]]] = {}
        for number, text, parts in pieces:
            for start, end, role in parts:
                said.setdefault(role, []).append((number, text[start:end]))
        values = {role: found[0][1] for role, found in said.items()}
        standfirst = "\n".join(text for _, text in said.get("standfirst", ())) or None
        byline = values.get("byline")
        credits_read: tuple[Credit, ...] = ()
        if byline is not None:
            reading = read_byline(byline, said["byline"][0][0])
            credits_read = reading.credits
            remarks += reading.diagnostics
        label, part_number = values.get("part_label"), None
        for node in draft.nodes:
            if node.form is not None and node.form.roles == "P" and node.block is not None:
                part = node.block.part
                part_number = part.number if part is not None else None
        if label is not None and part_number is None:
            found = part_in_brackets(f"({label})") or part_in_brackets(f"x ({label})")
            part_number = found.number if found is not None else None
        date = draft.date or self.lead.date
        remarks += self._remarks(draft, said, date)
        if self.survey.irregular:
            remarks.append(irregular(draft.first))
        share = 1.0
        for node in draft.nodes:
            if node.rival is not None and node.margin < MOST_MARGIN:
                share *= 1.0 / (1.0 + math.exp(-node.margin))
        if self.survey.irregular:
            share *= UNSURE
        remarks += _doubts(draft.nodes)
        remarks.sort(key=lambda remark: remark.line)
        spans = [s for number, text, parts in pieces
                 for s in _line_spans(number, text, parts, ordinal)]  # fmt: skip
        spans += [
            Span(node.number, 0, len(node.block.line.text), "furniture", None)
            for node in draft.nodes
            if node.form is not None and node.form.roles == "X" and node.block is not None
        ]
        spans.sort(key=lambda span: (span.line, span.start))
        if date is not None:
            self.previous = date.iso
        return Entry(
            ordinal=ordinal,
            first_line=draft.first,
            last_line=draft.last,
            kicker=values.get("kicker"),
            headline=values["headline"],
            subtitle=values.get("subtitle"),
            part_label=label,
            part_number=part_number,
            byline=byline,
            credits=credits_read,
            published_on=date.iso if date is not None else None,
            standfirst=standfirst,
            confidence=round(share, 3),
            diagnostics=tuple(remarks),
            text="\n".join(draft.texts),
            spans=tuple(spans),
            publication=values.get("publication"),
            volume=values.get("volume") or self.lead.volume,
            issue=values.get("issue") or self.lead.issue,
            dialect=self.survey.dialect,
        )

    def _remarks(
        self, draft: _Draft, said: dict[str, list[tuple[int, str]]], date: PrintedDate | None
    ) -> Iterator[Diagnostic]:
        line = draft.date_line or self.lead.line or draft.first
        if date is None:
            yield Diagnostic("date-missing", draft.first, "No date is stated.")
        else:
            yield from date_remarks(date, draft.date_line or draft.first)
            if self.previous is not None and not date.either:
                newest = self.survey.order == "newest-first"
                pair = (date.iso, self.previous) if newest else (self.previous, date.iso)
                if comes_after(*pair):
                    side = "later" if newest else "earlier"
                    message = f"{date.iso} is {side} than the date above it ({self.previous})."
                    yield Diagnostic("date-out-of-order", line, message)
        for role in ("kicker", "headline", "subtitle", "standfirst"):
            for number, text in said.get(role, ()):
                yield from checks.unbalanced_quotes(text, number)
                yield from checks.doubled_words(text, number)
                if role == "standfirst":
                    yield from checks.run_together(text, number)
        lines = said.get("standfirst", ())
        if len(lines) > 1:
            message = f"The standfirst runs over {len(lines)} lines."
            yield Diagnostic("standfirst-lines", lines[0][0], message)
        number, headline = said["headline"][0]
        slug = checks.looks_like_slug(headline, bylined="byline" in said)
        if slug and (not lines or not headline[:1].isdigit()):
            message = "The headline is an internal working title."
            yield Diagnostic("internal-slug", number, message)
        for node in draft.nodes:
            form = node.form
            if form is None:
                message = "A line that belongs to no entry stands in here."
                yield Diagnostic("stray-line", node.number, message)
            elif form.doubt and "headline" in said:
                kicker = said.get("kicker", [(0, "")])[0][1]
                message = f"“{kicker}” may be a kicker or part of the headline."
                whole = node.block.text if node.block is not None else headline
                other = {"kicker": None, "headline": whole}
                yield Diagnostic("inline-kicker", node.number, message, (other,))


def _cut_part(
    number: int, text: str, parts: tuple[Piece, ...]
) -> tuple[int, str, tuple[Piece, ...]]:
    """Cut a part label in brackets off the end of a headline."""
    cut: list[Piece] = []
    for start, end, role in parts:
        label = part_in_brackets(text[start:end]) if role == "headline" else None
        if label is None or label.cut <= 0:
            cut.append((start, end, role))
            continue
        cut.append((start, start + label.cut, role))
        cut.append((start + label.start, start + label.end, "part_label"))
    return number, text, tuple(cut)


def _line_spans(
    number: int, text: str, pieces: tuple[Piece, ...], entry: int | None
) -> Iterator[Span]:
    position = 0
    for start, end, role in pieces:
        if start > position:
            yield Span(number, position, start, "punctuation", entry)
        owner = None if role == "furniture" else entry
        yield Span(number, start, end, role, owner)
        position = end
    if position < len(text):
        yield Span(number, position, len(text), "punctuation", entry)


def _outside(node: Node) -> Unclaimed:
    """Return a line of no entry; `Unclaimed` has one span, so a lead's date counts as furniture."""
    assert node.block is not None  # noqa: S101
    text = node.block.line.text
    role: SpanRole = "unclaimed"
    reason = _NO_ENTRY
    if node.form is not None and node.form.roles == "X":
        role, reason = "furniture", _ORNAMENT
    return Unclaimed(node.number, text, reason, Span(node.number, 0, len(text), role, None))


def _leading(node: Node, form: Form) -> Unclaimed:
    assert node.block is not None  # noqa: S101
    text = node.block.line.text
    role: SpanRole = "date" if form.date is not None else "issue"
    return Unclaimed(node.number, text, _LEAD, Span(node.number, 0, len(text), role, None))


def _doubts(nodes: list[Node]) -> Iterator[Diagnostic]:
    """Yield one diagnostic a rival that lost by little: which line it reads otherwise, and how."""
    seen = set()
    for node in nodes:
        if node.rival is None or node.margin > rules.MARGIN:
            continue
        chosen, other = _paths(node, node.rival)
        first = next(
            (
                (mine, theirs)
                for mine, theirs in zip(chosen, other, strict=False)
                if _roles(mine) != _roles(theirs)
            ),
            None,
        )
        if first is None:
            continue
        mine, theirs = first
        pair = "".join(sorted(_roles(mine)[:1] + _roles(theirs)[:1]))
        code = _DOUBTS.get(pair, "part-or-heading" if "P" in pair else "stray-line")
        if (code, mine.number) in seen:
            continue
        seen.add((code, mine.number))
        message = _MESSAGES.get(code, "A part label, or a heading.")
        yield Diagnostic(code, mine.number, message, _alternative(chosen, other))


def _paths(chosen: Node, rival: Node) -> tuple[list[Node], list[Node]]:
    """Return both paths back to where they part, oldest first."""
    one: list[Node] = []
    two: list[Node] = []
    left: Node | None = chosen
    right: Node | None = rival
    while left is not None and right is not None and left is not right and len(one) < _SPACE:
        one.append(left)
        two.append(right)
        left, right = left.above, right.above
    return one[::-1], two[::-1]


def _roles(node: Node) -> str:
    return node.form.roles if node.form is not None else "U"


def _alternative(chosen: list[Node], other: list[Node]) -> tuple[dict[str, str | None], ...]:
    """Return the fields that the rival reads otherwise, as far as both read the same entry."""
    if any(node.step.opens >= 0 for node in other[1:]) or any(
        node.step.opens >= 0 for node in chosen[1:]
    ):
        return ()
    mine, theirs = _fields(chosen), _fields(other)
    fields: dict[str, str | None] = {
        name: theirs.get(name) for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)
    }
    return (fields,) if fields else ()


def _fields(nodes: list[Node]) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in nodes:
        if node.form is None or node.block is None:
            continue
        for start, end, role in node.form.pieces:
            if role in _FIELD_OF.values():
                text = node.block.line.text[start:end]
                found[role] = f"{found[role]}\n{text}" if role in found else text
    return found
