"""From the roles of lines to an entry: fields, spans, diagnostics. ``parser`` drives it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from articles.listing import checks, working_titles
from articles.listing.blocks import Block, ReadLine
from articles.listing.bylines import read_byline
from articles.listing.dates import comes_after, date_at_end
from articles.listing.gaps import Anchor, Gap
from articles.listing.parts import part_at_end
from articles.listing.reading import Choice, Rival
from articles.listing.records import Credit, Diagnostic, Entry, Span, SpanRole, Survey
from articles.listing.remarks import UNSURE, cut_short, date_remarks, goes_on, irregular
from articles.listing.rules import PROSE_HEADLINE, is_inline_kicker, is_weak_inline_kicker

_MESSAGES = {
    "kicker-or-subtitle": "Two heading lines: kicker and headline, or headline and subtitle.",
    "standfirst-or-kicker": "Standfirst of the entry above, or kicker of the entry below.",
    "standfirst-or-headline": "Standfirst of the entry above, or headline of the entry below.",
    "standfirst-or-stray": "Standfirst of the entry above, or a line of no entry.",
    "topic-or-kicker": "Topic of the page, or kicker of the first entry.",
    "topic-or-headline": "Topic of the page, or headline of the first entry.",
    "part-or-heading": "A part label, or a heading.",
    "stray-line": "A line of no entry, or a heading of this one.",
}
_CONCERNS_ABOVE = ("standfirst-or-kicker", "standfirst-or-headline", "standfirst-or-stray")
_LONGEST_HEADING = 160

Piece = tuple[int, int, SpanRole]
Other = Callable[[Rival], Mapping[str, str | None]]


@dataclass(slots=True)
class Headings:
    """The fields above a date line, and the pieces of each line they were cut from."""

    kicker: str | None = None
    headline: str = ""
    subtitle: str | None = None
    part_label: str | None = None
    part_number: int | None = None
    pieces: list[tuple[Block, list[Piece]]] = field(default_factory=list)
    label_alone: bool = False
    label_unclear: bool = False
    # What the headline would be without the inline kicker, where that is in doubt.
    whole_headline: str | None = None

    def fields(self) -> dict[str, str | None]:
        """The fields by name."""
        return {
            "kicker": self.kicker,
            "headline": self.headline,
            "subtitle": self.subtitle,
            "part_label": self.part_label,
        }


@dataclass(slots=True)
class OpenEntry:
    """An entry whose date line was read and whose standfirst may follow."""

    ordinal: int
    headings: Headings
    anchor: Anchor
    lines: list[ReadLine]
    furniture: list[ReadLine]
    credits: tuple[Credit, ...]
    diagnostics: list[Diagnostic]
    share: float
    slug: bool


def read_headings(blocks: Sequence[Block], roles: str, survey: Survey) -> Headings:
    """Cut the fields out of *blocks*, one role letter (K, P, H, S) each."""
    headings = Headings()
    for block, role in zip(blocks, roles, strict=True):
        if role == "H":
            headings.pieces.append((block, _headline(block, roles, survey, headings)))
            continue
        start, end = _edges(block.line.text)
        pieces: list[Piece] = []
        if role == "K":
            headings.kicker = block.line.text[start:end]
            pieces = [(start, end, "kicker")]
        elif role == "S":
            headings.subtitle = block.line.text[start:end]
            pieces = [(start, end, "subtitle")]
        elif role == "P" and block.part is not None:
            label = block.part
            headings.part_label = block.line.text[label.start : label.end]
            headings.part_number = label.number
            headings.label_unclear = label.number is None
            pieces = [(label.start, label.end, "part_label")]
        else:
            pieces = _headline(block, roles, survey, headings)
        headings.pieces.append((block, pieces))
    return headings


def _headline(block: Block, roles: str, survey: Survey, headings: Headings) -> list[Piece]:
    """Read a headline: an inline kicker before it, a part in brackets behind it."""
    text = block.line.text
    start, end = _edges(text)
    pieces: list[Piece] = []
    if "K" not in roles:
        for prefix in block.prefixes:
            phrase = survey.phrases.get(prefix.folded)
            if is_inline_kicker(phrase) and prefix.rest < end:
                if is_weak_inline_kicker(phrase):
                    headings.whole_headline = text[start:end]
                headings.kicker = text[start : prefix.end]
                pieces.append((start, prefix.end, "kicker"))
                start = prefix.rest
                break
    label = part_at_end(text) if "P" not in roles else None
    if label is not None and label.cut > start:
        end = label.cut
        headings.part_label = text[label.start : label.end]
        headings.part_number = label.number
        headings.label_unclear = label.number is None
    else:
        label = None
    headings.headline = text[start:end]
    pieces.append((start, end, "headline"))
    if label is not None:
        pieces.append((label.start, label.end, "part_label"))
    if label is None and block.part is not None and "P" not in roles:
        headings.part_number = block.part.number
        headings.label_alone = True
    return pieces


def open_entry(
    ordinal: int, gap: Gap, choice: Choice, survey: Survey, previous: str | None
) -> OpenEntry:
    """Begin the entry that *gap* ends in; *previous* is the date of the entry above."""
    anchor = gap.anchor
    assert anchor is not None  # noqa: S101
    roles = choice.roles.lstrip("FTU")
    offset = len(choice.roles) - len(roles)
    blocks = gap.blocks[offset:]
    headings = read_headings(blocks, roles, survey)
    first = gap.lines.index(blocks[0].line)
    lines = [*gap.lines[first:], *anchor.lines]
    diagnostics = list(_doubts_below(gap.blocks, choice, headings, survey)) if choice.rivals else []
    _heading_remarks(headings, blocks, diagnostics)
    if gap.joined and "F" not in choice.roles and choice.headline_prose >= PROSE_HEADLINE:
        number = blocks[roles.index("H")].line.number
        message = "The only line that could be the headline reads like a standfirst."
        diagnostics.append(Diagnostic("prose-headline", number, message))
    credits_read: tuple[Credit, ...] = ()
    if anchor.bylined is not None:
        number = anchor.bylined.number
        reading = read_byline(anchor.byline or "", number)
        credits_read = reading.credits
        diagnostics += reading.diagnostics
        if anchor.byline is None:
            diagnostics.append(Diagnostic("byline-empty", number, "“By” without a name."))
    share = choice.share_below
    if survey.irregular:
        share *= UNSURE
        diagnostics.append(irregular(lines[0].number))
    _add_date_remarks(diagnostics, anchor, survey, previous)
    _add_possible_dates(diagnostics, blocks, anchor, previous)
    furniture = [line for line in lines if line.kind == "furniture"] if gap.odd else []
    slug = working_titles.looks_like_slug(headings.headline, bylined=anchor.byline is not None)
    return OpenEntry(
        ordinal, headings, anchor, lines, furniture, credits_read, diagnostics,
        share, slug,
    )  # fmt: skip


def close_entry(entry: OpenEntry, gap: Gap, choice: Choice) -> Entry:
    """Finish *entry* with the standfirst that *choice* found at the head of *gap*."""
    count = choice.roles.count("F")
    blocks = gap.blocks[:count]
    lines, furniture, diagnostics = entry.lines, entry.furniture, entry.diagnostics
    spans: list[Span] = []
    for block, pieces in entry.headings.pieces:
        _add_spans(spans, block.line, pieces, entry.ordinal)
    _add_anchor_spans(spans, entry.anchor, entry.ordinal)
    standfirst = None
    unsorted = bool(furniture)
    if blocks:
        last = gap.lines.index(blocks[-1].line)
        lines = [*lines, *gap.lines[: last + 1]]
        for x in gap.lines[:last] if gap.odd else ():
            if x.kind == "furniture":
                furniture = [*furniture, x]
                unsorted = True
            elif x.kind in ("dated_byline", "bare_date") and all(x is not b.line for b in blocks):
                message = "A date line without a headline stands in here."
                diagnostics.append(Diagnostic("stray-line", x.number, message))
        standfirst = "\n".join([block.text for block in blocks])
        for block in blocks:
            start, end = _edges(block.line.text)
            _add_spans(spans, block.line, [(start, end, "standfirst")], entry.ordinal)
        _add_standfirst_remarks(diagnostics, blocks)
        below = gap.blocks[count] if count < len(gap.blocks) else None
        if below is not None and not below.above and goes_on(blocks[-1].text, below.text):
            diagnostics.append(cut_short(below.line.number))
    if entry.slug and (standfirst is None or not entry.headings.headline.lstrip()[:1].isdigit()):
        message = "The headline is an internal working title."
        number = entry.headings.pieces[0][0].line.number
        diagnostics.append(Diagnostic("internal-slug", number, message))
    if choice.rivals:
        diagnostics.extend(_doubts_above(gap.blocks, choice, standfirst))
    if unsorted:
        spans += [Span(x.number, 0, len(x.text), "furniture", None) for x in furniture]
        spans.sort(key=lambda span: (span.line, span.start))
    if len(diagnostics) > 1:
        diagnostics.sort(key=lambda diagnostic: diagnostic.line)
    headings, anchor = entry.headings, entry.anchor
    return Entry(
        ordinal=entry.ordinal,
        first_line=lines[0].number,
        last_line=lines[-1].number,
        kicker=headings.kicker,
        headline=headings.headline,
        subtitle=headings.subtitle,
        part_label=headings.part_label,
        part_number=headings.part_number,
        byline=anchor.byline,
        credits=entry.credits,
        published_on=anchor.date.iso,
        standfirst=standfirst,
        confidence=round(entry.share * choice.share_above, 3),
        diagnostics=tuple(diagnostics),
        text="\n".join([line.text for line in lines]),
        spans=tuple(spans),
    )


def whole_line(line: ReadLine, role: SpanRole) -> Span:
    """Return one span over all of *line*."""
    return Span(line.number, 0, len(line.text), role, None)


def topic_spans(line: ReadLine) -> tuple[Span, ...]:
    """Return the spans of the topic's line: its text, and punctuation at the edges."""
    start, end = _edges(line.text)
    spans: list[Span] = []
    _add_spans(spans, line, [(start, end, "topic")], None)
    return tuple(spans)


def _add_spans(
    spans: list[Span], line: ReadLine, pieces: Sequence[Piece], entry: int | None
) -> None:
    """Add the pieces of a line as spans, with punctuation in every place between them."""
    position, number = 0, line.number
    for start, end, role in pieces:
        if start > position:
            spans.append(Span(number, position, start, "punctuation", entry))
        spans.append(Span(number, start, end, role, entry))
        position = end
    if position < len(line.text):
        spans.append(Span(number, position, len(line.text), "punctuation", entry))


def _add_anchor_spans(spans: list[Span], anchor: Anchor, entry: int) -> None:
    line = anchor.dated
    date = anchor.date
    if len(anchor.lines) == 1:
        # "By A and B, 9 May 2030", or the date alone.
        dated: Piece = (date.start, date.end, "date")
        if anchor.bylined is line and line.byline_end > line.byline_start:
            _add_spans(spans, line, ((line.byline_start, line.byline_end, "byline"), dated), entry)
        else:
            _add_spans(spans, line, (dated,), entry)
        return
    for line in anchor.lines:
        pieces: list[Piece] = []
        if line is anchor.bylined and line.byline_end > line.byline_start:
            pieces.append((line.byline_start, line.byline_end, "byline"))
        if line is anchor.dated:
            pieces.append((anchor.date.start, anchor.date.end, "date"))
        if pieces:
            _add_spans(spans, line, pieces, entry)


def _edges(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _doubts_below(
    blocks: Sequence[Block], choice: Choice, best: Headings, survey: Survey
) -> Iterator[Diagnostic]:
    """Yield the rivals that read the headings otherwise, one diagnostic a kind of doubt."""
    chosen = best.fields()

    def other(rival: Rival) -> Mapping[str, str | None]:
        roles = rival.roles.lstrip("FTU")
        headings = read_headings(blocks[len(blocks) - len(roles) :], roles, survey)
        return {k: v for k, v in headings.fields().items() if v != chosen[k]}

    yield from _doubts(blocks, choice, other)


def _doubts_above(
    blocks: Sequence[Block], choice: Choice, chosen: str | None
) -> Iterator[Diagnostic]:
    """Yield the rivals that read the standfirst of the entry above otherwise."""

    def other(rival: Rival) -> Mapping[str, str | None]:
        count = rival.roles.count("F")
        value = "\n".join(block.text for block in blocks[:count]) or None
        return {"standfirst": value} if value != chosen else {}

    for doubt in _doubts(blocks, choice, other):
        if doubt.code in _CONCERNS_ABOVE:
            yield doubt


def _doubts(blocks: Sequence[Block], choice: Choice, other: Other) -> Iterator[Diagnostic]:
    grouped: dict[tuple[str, int], list[Mapping[str, str | None]]] = {}
    for rival in choice.rivals:
        fields = other(rival)
        if fields:
            key = (rival.code, blocks[rival.block].line.number)
            alternatives = grouped.setdefault(key, [])
            if fields not in alternatives:
                alternatives.append(fields)
    for (code, number), alternatives in grouped.items():
        yield Diagnostic(code, number, _MESSAGES[code], tuple(alternatives))


def _heading_remarks(
    headings: Headings, blocks: Sequence[Block], remarks: list[Diagnostic]
) -> None:
    """Add to *remarks* what is to be said of the heading lines."""
    for block in blocks:
        text, number = block.line.text, block.line.number
        remarks += checks.joined(text, number)
        remarks += checks.unbalanced_quotes(text, number)
        remarks += checks.doubled_words(text, number)
    number = blocks[-1].line.number
    if headings.whole_headline is not None:
        message = f"“{headings.kicker}” may be a kicker or part of the headline."
        whole: dict[str, str | None] = {"kicker": None, "headline": headings.whole_headline}
        remarks.append(Diagnostic("inline-kicker", number, message, (whole,)))
    if headings.kicker or headings.subtitle:
        parts = headings.kicker, headings.headline, headings.subtitle
        remarks += checks.broken_headline(*parts, number)
    if headings.label_alone:
        message = "A part label is the only heading line; it was taken as the headline."
        remarks.append(Diagnostic("part-without-headline", number, message))
    if headings.label_unclear:
        message = f"“{headings.part_label}” gives no single part number."
        remarks.append(Diagnostic("part-number-unclear", number, message))


def _add_date_remarks(
    remarks: list[Diagnostic], anchor: Anchor, survey: Survey, previous: str | None
) -> None:
    date = anchor.date
    number, iso = anchor.dated.number, date.iso
    if not date.possible or date.figures is not None or date.weekday is not None:
        remarks.extend(date_remarks(date, number))
    if previous is None or iso == previous:
        return
    newest_first = survey.order == "newest-first"
    if comes_after(iso, previous) if newest_first else comes_after(previous, iso):
        side = "later" if newest_first else "earlier"
        message = f"{iso} is {side} than the date above it ({previous})."
        remarks.append(Diagnostic("date-out-of-order", number, message))


def _add_possible_dates(
    remarks: list[Diagnostic], blocks: Sequence[Block], anchor: Anchor, previous: str | None
) -> None:
    """Remark on a heading that ends in a date between the entry above and this one."""
    if previous is None:
        return
    for block in blocks:
        text = block.line.text
        last = text[-1:]
        # Nearly no heading ends in a figure; the others need no second look.
        if (last.isalpha() and last.isascii() and ":" not in text[-16:]) or (
            len(text) > _LONGEST_HEADING
        ):
            continue
        date = date_at_end(text)
        if date is None or date.day is None:
            continue
        if not comes_after(date.iso, previous) and not comes_after(anchor.date.iso, date.iso):
            message = "The line ends in a date that would fit here: is an entry hidden in it?"
            remarks.append(Diagnostic("possible-date-line", block.line.number, message))


def _add_standfirst_remarks(remarks: list[Diagnostic], blocks: Sequence[Block]) -> None:
    if len(blocks) > 1:
        message = f"The standfirst runs over {len(blocks)} lines."
        remarks.append(Diagnostic("standfirst-lines", blocks[0].line.number, message))
    for block in blocks:
        text, number = block.text, block.line.number
        remarks += checks.run_together(text, number)
        remarks += checks.unbalanced_quotes(text, number)
        remarks += checks.doubled_words(text, number)
