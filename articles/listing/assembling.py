"""From woven lines to topics, entries and unclaimed lines: fields, spans, diagnostics."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from articles.listing import checks, doubts, working_titles
from articles.listing.bylines import is_ditto, read_byline
from articles.listing.dates import PrintedDate, comes_after
from articles.listing.drafts import Draft, Said, add_spans, part_number_of, said_in, spans_of
from articles.listing.forms import Form
from articles.listing.inverted_names import is_inverted
from articles.listing.issues import NO_YEAR
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
from articles.listing.remarks import UNSURE, cut_short, date_remarks, goes_on, irregular
from articles.listing.weaving import MOST_MARGIN, Node

#: Longest entry, in lines with text; what follows belongs to none.
MOST_LINES = 200
#: Standfirsts right below their entries that show that all stand so; what one apart takes away.
_FEWEST_NEAR, _MANY = 3, 1_000_000
#: Fewest entries of a sample that tell whether these have kickers.
_FEWEST = 6
_ORNAMENT = "a line of the page, or an ornament"
_LEAD = "the date, or the author, of the entries below"
_NO_ENTRY = "no entry takes this line"

Item = Topic | Entry | Unclaimed


@dataclass(slots=True)
class _Lead:
    """The date or the name above several entries, with what an issue line says besides."""

    date: PrintedDate | None = None
    line: int = 0
    volume: str | None = None
    issue: str | None = None
    publication: str | None = None
    # An index of authors: who wrote the entries below.
    byline: str | None = None
    # No entry stands below it yet.
    fresh: bool = True


@dataclass(slots=True)
class Assembler:
    """Takes in nodes and gives out items, in file order."""

    survey: Survey
    ordinal: int = 0
    previous: str | None = None
    lead: _Lead = field(default_factory=_Lead)
    draft: Draft | None = None
    # The byline read last, and its credits: "———." below it means the same.
    signed: tuple[str, tuple[Credit, ...]] | None = None
    # What stands behind the last line of the open entry and may yet lie inside it.
    behind: list[Node] = field(default_factory=list)
    # Entries get their fields alone: nothing is judged, and no line is cut into spans.
    brief: bool = False
    # A kicker was taken for the head of the page: its entry begins with the next line.
    headed: bool = False
    # Standfirsts with no blank line above them; less than none once one had.
    near: int = 0
    # What is complete and was not given out yet.
    complete: list[Item] = field(default_factory=list)

    def take(self, nodes: list[Node]) -> list[Item]:
        """Take in the next *nodes*; return what is complete."""
        for node in nodes:
            self._take(node)
        complete, self.complete = self.complete, []
        return complete

    def close(self) -> list[Item]:
        """End the open entry; return what is left."""
        self._close()
        return self.complete

    def _take(self, node: Node) -> None:
        form, step = node.form, node.step
        if self.draft is not None and not self.draft.cut and self._goes_on(node):
            self.draft.cut = node.number
        if form is not None and form.roles == "X" and self._has_pages(node, form):
            self._go_on(node, form)
        elif form is None or form.roles == "X":
            if self.draft is not None and len(self.behind) < MOST_LINES:
                self.behind.append(node)
            else:
                self._close()
                self.complete.append(_outside(node))
        elif form.roles == "T":
            assert node.block is not None  # noqa: S101
            text = node.block.line.text
            spans: list[Span] = []
            add_spans(spans, node.number, text, form.pieces, None)
            start, end, _ = next(piece for piece in form.pieces if piece[2] == "topic")
            self.complete.append(Topic(text[start:end], node.number, tuple(spans)))
        elif step.leads or form.roles == "Y":
            self._close()
            self._set_lead(node, form)
            if step.opens >= 0:
                self._open(node, form)
            else:
                self.complete.append(_leading(node, form))
        elif step.opens >= 0 and self._is_head(form):
            self._close()
            self.complete.append(_outside(node))
            self.headed = True
        elif self.draft is None and self.headed:
            self.headed = False
            self._open(node, form)
        elif step.opens >= 0:
            draft, apart = self.draft, node.block is not None and bool(node.block.above)
            if draft is not None and doubts.is_section(draft.nodes, self.survey, apart=apart):
                self.complete += map(_outside, [*draft.nodes, *self.behind])
                self.draft, self.behind = None, []
            self._close()
            self._open(node, form)
        elif self.draft is None or len(self.draft.texts) >= MOST_LINES:
            self._close()
            self.complete.append(_outside(node))
        else:
            self._go_on(node, form)

    def _is_head(self, form: Form) -> bool:
        """Tell whether a kicker is rather the head of the page: no entry with a date stands above
        it, and of those below hardly any has one.
        """
        patterns = self.survey.patterns
        if form.roles != "K" or self.previous is not None:
            return False
        kickers = sum(times for roles, times in patterns.items() if "K" in roles)
        return kickers <= 1 and sum(patterns.values()) >= _FEWEST

    def _goes_on(self, node: Node) -> bool:
        """Tell whether a line that is no standfirst goes on in lower case with one above it."""
        draft, block = self.draft, node.block
        if draft is None or not draft.pieces or block is None or block.above:
            return False
        if node.form is not None and node.form.roles not in ("H", "K", "KH", "S"):
            return False
        number, text, pieces = draft.pieces[-1]
        return (
            number == node.number - 1
            and pieces[-1][2] == "standfirst"
            and goes_on(text, block.line.text)
        )

    def _has_pages(self, node: Node, form: Form) -> bool:
        """Tell whether a line of the page has the pages or the paper of the open entry: blank lines
        part the entries, and none stands above it.
        """
        return (
            form.pieces[0][2] in ("pages", "publication")
            and node.block is not None
            and not node.block.above
            and bool(self.survey.blank_weight)
            and self.draft is not None
            and len(self.draft.texts) < MOST_LINES
        )

    def _set_lead(self, node: Node, form: Form) -> None:
        assert node.block is not None  # noqa: S101
        text = node.block.line.text
        said = {role: text[start:end] for start, end, role in form.pieces}
        lead = _Lead(self._dated(form.date), node.number, said.get("volume"), said.get("issue"))
        lead.publication, lead.byline = said.get("publication"), said.get("byline")
        if self.lead.fresh and form.roles != "Y":
            # "Vol. 4, No. 2" above "May 2020": two lines of one heading.
            if lead.date is None:
                lead.date = self.lead.date
            lead.volume, lead.issue = (
                lead.volume or self.lead.volume, lead.issue or self.lead.issue,
            )  # fmt: skip
        self.lead = lead

    def _open(self, node: Node, form: Form) -> None:
        self.draft = Draft(node.number)
        self.lead.fresh = False
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
        date = self._dated(form.date)
        if date is not None:
            draft.date, draft.date_line = date, node.number

    def _dated(self, date: PrintedDate | None) -> PrintedDate | None:
        """Return *date* with the year of the heading above if it has none of its own."""
        if date is None or date.year != NO_YEAR:
            return date
        above = self.lead.date
        return replace(date, year=above.year) if above is not None else None

    def _close(self) -> None:
        """End the open entry; what stands behind it belongs to none."""
        draft, self.draft = self.draft, None
        behind, self.behind = self.behind, []
        if draft is not None:
            said = said_in(draft)
            whole = "headline" in said
            if whole:
                self.complete.append(self._entry(draft, said))
            for node in draft.nodes:
                if node.form is None or not whole:
                    self.complete.append(_outside(node))
        self.complete += map(_outside, behind)

    def _entry(self, draft: Draft, said: Said) -> Entry:
        ordinal, self.ordinal = self.ordinal, self.ordinal + 1
        remarks: list[Diagnostic] = []
        values = {role: found[0][1] for role, found in said.items()}
        standfirst = "\n".join([text for _, text in said.get("standfirst", ())]) or None
        byline = values.get("byline") or self.lead.byline
        credits_read: tuple[Credit, ...] = ()
        if byline is not None:
            byline, credits_read = self._signed(draft, said, byline, remarks)
        label, part_number = values.get("part_label"), None
        if label is not None:
            part_number = part_number_of(draft, label)
        date = draft.date or self.lead.date
        share = 1.0
        spans: list[Span] = []
        if not self.brief:
            remarks += [*self._remarks(draft, said, date), *self._apart(draft)]
            self._judge(draft, said, values, remarks)
            remarks.sort(key=lambda remark: remark.line)
            share = self._share(draft)
            spans = spans_of(draft, ordinal)
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
            publication=values.get("publication") or self.lead.publication,
            volume=values.get("volume") or self.lead.volume,
            issue=values.get("issue") or self.lead.issue,
            pages=values.get("pages"),
            dialect=self.survey.dialect,
        )

    def _apart(self, draft: Draft) -> list[Diagnostic]:
        """Doubt a standfirst below a blank line where those of the entries above have none."""
        texts = [node for node in draft.nodes if node.form is not None and node.form.roles == "F"]
        apart = [node for node in texts if node.block is not None and node.block.above]
        self.near += len(texts) - len(apart)
        if not apart or self.near < _FEWEST_NEAR:
            self.near -= _MANY * bool(apart)
            return []
        message = "Apart from its entry: a standfirst, or a line of no entry."
        return [Diagnostic("standfirst-or-stray", apart[0].number, message)]

    def _signed(
        self, draft: Draft, said: Said, byline: str, remarks: list[Diagnostic]
    ) -> tuple[str | None, tuple[Credit, ...]]:
        """Return the byline and its credits: those of the entry above for "———."."""
        if is_ditto(byline):
            if self.signed is None:
                # It stands for the names of an entry above, and none has any.
                message = f"“{byline}” does not look like a name."
                remarks.append(Diagnostic("byline-doubtful", draft.first, message))
                return None, ()
            return self.signed
        inverted = self.survey.rows is not None and self.survey.rows.inverted
        inverted = inverted or ("byline" not in said and is_inverted(byline))
        found: tuple[Credit, ...] = ()
        for number, text in said.get("byline", [(self.lead.line, byline)]):
            reading = read_byline(text, number, inverted=inverted)
            found += tuple([c for c in reading.credits if c not in found])
            remarks += reading.diagnostics
        self.signed = byline, found
        return self.signed

    def _share(self, draft: Draft) -> float:
        """Return the share of the reading of an entry among all those that came near it."""
        share = 1.0
        for node in draft.nodes:
            if node.rival is not None and node.margin < MOST_MARGIN:
                share *= 1.0 / (1.0 + math.exp(-node.margin))
        return share * UNSURE if self.survey.irregular else share

    def _judge(
        self, draft: Draft, said: Said, values: dict[str, str], remarks: list[Diagnostic]
    ) -> None:
        """Add to *remarks* on an entry what is doubtful about it."""
        nodes, survey = draft.nodes, self.survey
        if survey.irregular:
            remarks.append(irregular(draft.first))
        remarks += doubts.rivals(nodes)
        remarks += doubts.pairs(nodes, survey)
        remarks += doubts.apart(nodes, survey)
        if not any(remark.code == "kicker-or-subtitle" for remark in remarks):
            remarks += checks.broken_headline(
                values.get("kicker"), values["headline"], values.get("subtitle"), draft.first
            )
        if not any(remark.code == "kicker-or-subtitle" for remark in remarks):
            remarks += doubts.lone_headings(nodes, survey)
        if survey.patterns:
            remarks += doubts.unlike_others(nodes, survey.patterns)
        residues = doubts.residues(values, survey, said["headline"][0][0])
        remarks += [remark for remark in residues if remark not in remarks]

    def _remarks(self, draft: Draft, said: Said, date: PrintedDate | None) -> Iterator[Diagnostic]:
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
                check = checks.run_together if role == "standfirst" else checks.joined
                yield from check(text, number)
        if draft.cut:
            yield cut_short(draft.cut)
        lines = said.get("standfirst", ())
        if len(lines) > 1:
            message = f"The standfirst runs over {len(lines)} lines."
            yield Diagnostic("standfirst-lines", lines[0][0], message)
        number, headline = said["headline"][0]
        slug = working_titles.looks_like_slug(headline, bylined="byline" in said)
        if slug and (not lines or not headline[:1].isdigit()):
            message = "The headline is an internal working title."
            yield Diagnostic("internal-slug", number, message)
        for node in draft.nodes:
            form = node.form
            if form is None:
                message = "A line that belongs to no entry stands in here."
                yield Diagnostic("stray-line", node.number, message)
            elif form.doubt == "row-unsure":
                message = "The fields of this line are parted otherwise than those of most lines."
                yield Diagnostic("row-unsure", node.number, message)
            elif form.doubt and "headline" in said:
                kicker = said.get("kicker", [(0, "")])[0][1]
                message = f"“{kicker}” may be a kicker or part of the headline."
                whole = node.block.text if node.block is not None else headline
                other = {"kicker": None, "headline": whole}
                yield Diagnostic("inline-kicker", node.number, message, (other,))


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
    roles: dict[str, SpanRole] = {"B": "byline", "D": "issue"}
    role = "date" if form.date is not None else roles.get(form.roles, "issue")
    return Unclaimed(node.number, text, _LEAD, Span(node.number, 0, len(text), role, None))
