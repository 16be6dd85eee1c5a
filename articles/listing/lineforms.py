"""Every way to read one line, each with what speaks for it: the input of ``weaving``."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.listing import rules
from articles.listing.asides import aside, photographer_below, signed
from articles.listing.bare_names import bare_name
from articles.listing.blocks import Block, ReadLine
from articles.listing.credit_edges import tail_of
from articles.listing.credits import credit_lines
from articles.listing.date_edges import MAY_DATE
from articles.listing.forms import Form
from articles.listing.furniture import is_furniture, may_be_title, more_behind, words_of_page
from articles.listing.glued_kickers import kicker_and_headline, prose_of
from articles.listing.issues import issue_behind, issue_line
from articles.listing.line_glances import SENTENCE, doubled, is_sentence, may_be_head
from articles.listing.line_labels import labelled_form
from articles.listing.markup import without_marks
from articles.listing.own_forms import own_form
from articles.listing.page_lines import is_page_number, pages_in, running_head, without_number
from articles.listing.papers import are_newspapers, is_sorting
from articles.listing.partial_dates import heading_of
from articles.listing.records import Piece, SpanRole, Survey
from articles.listing.row_kinds import Rows, is_numbered
from articles.listing.row_reading import read_row
from articles.listing.segments import Reader
from articles.listing.table_heads import head_of
from articles.listing.year_headings import year_heading

_VISIBLE = re.compile(r"[^\W_]")
_BULLET = re.compile(r"\s*(?:[•∙▪▫◦‣⁃*·►▶→]|»(?![^«]*«)|[>–—-](?=\s))\s*(?=\S)")
#: Longer texts that end in a full stop are no kickers, however often they come again.
_SHORT = 25
#: Score of a byline that says "By", or of a known name; what speaks against its being a text.
_SAID, _SAID_BY = 5.0, 4.0
_KNOWN, _KNOWN_NAME = 3.8, 2.0
_LIKELY, _LIKE_NAME = 1.5, 2.5
_DATED_NAME = 4.5
#: What speaks against a heading alone being a kicker where headlines stand in rows.
_BESIDE_ROWS = -2.0
# "PR 2019/14", "Ref. 1203-B": the number of a paper, not its headline.
_CODE = re.compile(
    r"(?:(?i:ref|az|aktenzeichen|doc|réf)\.?:?\s?)?(?:[A-Z]{1,4}[\s-]?[0-9]{1,5}|[0-9]{1,5}/)"
    r"(?:[/.-]?[0-9A-Z]{1,5}){0,3}\s*\Z"
)
_REFERENCE = 2.5
#: A line that looks so much like prose is not read as a heading at all.
_SURELY_PROSE = 4.6
_LOWERED = 2.5
#: What speaks for a text where the way to the whole stands behind it.
_EXCERPT = 3.0
_NO_ROW, _LONGEST_ISSUE = 40, 100
_MOST_HABIT = 1.5
#: What speaks against the name of a section being the topic of a page.
_SORTING = -2.0
#: What speaks for a month or a year alone standing above entries that have full dates.
_DIVIDES = 1.0
#: What speaks for a line that each entry has being one of the page; surely, where signs part it.
_CONSTANT = 1.0
_PARTED_LINE = re.compile(r"\s[|·•/»–—]\s")
#: What a page behind dots weighs for a heading.
_PAGED = 3.0
_SPAN_OF: dict[str, SpanRole] = {
    "K": "kicker", "H": "headline", "S": "subtitle", "F": "standfirst", "T": "topic",
}  # fmt: skip
#: What a line costs that no role takes; less before the first entry, where page heads stand.
STRAY = rules.STRAY_COST
STRAY_AT_START = -2.2
FURNITURE = 3.0
#: A headline that has the words of a line of the page.
_RATHER_PAGE = 0.0


@dataclass(slots=True)
class Context:
    """What the file has taught, and the own forms of the dialect it is read in."""

    survey: Survey
    lines: Sequence[re.Pattern[str]] = ()
    furniture: Sequence[re.Pattern[str]] = ()
    rows: Rows | None = None
    reader: Reader | None = None
    # What ``rows`` tells of itself, asked of every line.
    dated: bool = False
    headed: bool = False
    sectioned: bool = False
    signs: re.Pattern[str] | None = None
    # Whether entries begin with their number or their page.
    numbered: bool = False
    # What the entries of a sample say for kickers, against subtitles.
    pair_habit: float = 0.0
    # Whether any heading of the file comes again as kickers do, and all that do are papers.
    rubrics: bool = False
    papers: bool = False

    def __post_init__(self) -> None:
        patterns, phrases = self.survey.patterns, self.survey.phrases
        again = [key for key, phrase in phrases.items() if rules.kicker_weight(phrase)]
        self.rubrics, self.papers = bool(again), are_newspapers(again)
        if patterns:
            kickers, subtitles = (
                sum(times for roles, times in patterns.items() if role in roles) for role in "KS"
            )
            habit = math.log((kickers + 1.0) / (subtitles + 1.0))
            self.pair_habit = min(max(habit, -_MOST_HABIT), _MOST_HABIT)
        if self.rows is not None:
            rows = self.rows
            self.dated, self.headed, self.sectioned = rows.dated, rows.headed, rows.sectioned
            self.numbered = rows.numbers in ("p", "n") and self.reader is not None
            if self.dated and rows.signs and (self.reader is None or self.reader.calendar is None):
                self.signs = re.compile(f"[{re.escape(rows.signs)}]")

    def forms(self, block: Block, previous: Block | None) -> list[Form]:
        """Return every way to read *block*, a line below *previous*; "U" is always possible."""
        text = without_marks(block.line.text)
        if text is not block.line.text:
            block = Block(ReadLine(block.line.number, text, "text"), block.above)
        if _VISIBLE.search(text) is None:
            return [Form("X", FURNITURE, ((0, len(text), "furniture"),))]
        own = self._own(text)
        if own:
            return own
        constant = bool(self.survey.constant) and block.folded in self.survey.constant
        if constant and _PARTED_LINE.search(text) and not self._is_signed(text):
            return [Form("X", FURNITURE, ((0, len(text), "furniture"),))]
        # What is as long as a text, or ends as one, may be one all the same.
        constant = constant and len(text) < _NO_ROW and text.rstrip()[-1] not in ".?!"
        if self.survey.line_labels:
            labelled = labelled_form(text, self.survey.line_labels, self.survey.day_first)
            if labelled is not None:
                return [labelled]
        yearly = self.survey.years and (self.reader is None or self.reader.calendar is None)
        year = year_heading(text) if yearly else None
        if year is not None:
            return [Form("D", 6.0, ((year.start, year.end, "date"),), year)]
        if self.reader is not None:
            own = self._row(text, self.reader)
            if own:
                return own
        if self.survey.hosts and block.folded in self.survey.hosts:
            return [Form("X", FURNITURE, ((0, len(text), "publication"),))]
        furniture = is_furniture(text) or is_page_number(text)
        if furniture and previous is not None and not block.above:
            further = photographer_below(text, previous.text)
            if further:
                return further
        if furniture or (self.furniture and any(form.search(text) for form in self.furniture)):
            pages = pages_in(text)
            piece: Piece = (*pages, "pages") if pages is not None else (0, len(text), "furniture")
            found = [Form("X", FURNITURE, (piece,))]
            if may_be_title(text) and words_of_page(text) in self.survey.titles:
                # Where nothing else can be the headline of an entry, it is.
                start, end = len(text) - len(text.lstrip()), len(text.rstrip())
                found.append(Form("H", _RATHER_PAGE, ((start, end, "headline"),)))
            return found
        if self.survey.running and not self.numbered:
            head = running_head(text)
            if head is not None and head[0] in self.survey.running:
                return [Form("X", FURNITURE, ((0, len(text), "furniture"),))]
        sentence = is_sentence(text)
        found = [] if sentence else self._issue(text)
        if not found and not sentence:
            found = [self._weighed(block, form) for form in self._credits(text)]
        if self.survey.capital_sections and text.isupper():
            found = [form for form in found if form.roles != "B" or form.score >= _SAID]
        if not found and self.survey.by_words:
            found = signed(text, self.survey)
        if self.survey.first_day is not None and self._is_division(text, found):
            found.append(Form("X", _DIVIDES, ((0, len(text), "furniture"),)))
        if found and found[0].score >= 6.0 and found[0].roles in ("D", "BD", "DB", "BDF"):
            return found
        if previous is not None and block.folded and block.folded == previous.folded:
            # A doubled title, or the name of the page above its entries once more.
            found.append(Form("X", FURNITURE, ((0, len(text), "furniture"),)))
        elif constant:
            found.append(Form("X", _CONSTANT, ((0, len(text), "furniture"),)))
        elif block.folded and self.survey.topic and block.folded == self.survey.topic_key:
            found.append(Form("X", 1.0, ((0, len(text), "furniture"),)))
        sure = max([0.0, *[form.score for form in found if form.roles == "B"]])
        said = _SAID_BY if sure >= _SAID else _KNOWN_NAME if sure >= _KNOWN else 0.0
        if any(form.roles in ("BD", "DB") and form.score >= _DATED_NAME for form in found):
            said = _SAID_BY
        if not said and sure >= _LIKELY and self.survey.lower_case:
            # Headlines of the file have words in lower case: what has none is rather a name.
            said = _LIKE_NAME
        if block.part is not None:
            found.append(self._part(block))
        beside = aside(block, previous, self.survey)
        if beside is not None:
            return [*found, beside]
        found += self._text(block, opening=previous is None, said=said)
        if constant:
            # What each entry has is the headline of none.
            return [form for form in found if form.roles not in ("H", "S", "F")]
        return found

    def _credits(self, text: str) -> list[Form]:
        """Read *text* as a credit, also one with a page behind it: "A ..... 12"."""
        names, day_first = self.survey.names, self.survey.day_first
        if self.rows is not None and self.rows.pages and self.reader is not None:
            page = self.reader.page_of(text, 0)
            if page is not None:
                piece: Piece = (*page.span("page"), "pages")
                return [
                    form._replace(pieces=(*form.pieces, piece))
                    for form in credit_lines(text[: page.start()], day_first, names)
                ]
        return credit_lines(text, day_first, names)

    def is_numbered(self, text: str) -> bool:
        """Tell whether a number or a page stands before *text*."""
        assert self.reader is not None  # noqa: S101
        return is_numbered(text, self.reader)

    def _is_signed(self, text: str) -> bool:
        """Tell whether a line of several parts is a credit: that of an author's own page."""
        return any(form.roles == "B" and form.score >= _LIKELY for form in self._credits(text))

    @staticmethod
    def _is_division(text: str, found: Sequence[Form]) -> bool:
        """Tell whether *text* is a month or a year alone: it may divide a file of full dates."""
        if not found:
            return len(text) < _SHORT and heading_of(text, None) is not None
        date = found[0].date
        return date is not None and date.day is None and found[0].roles == "D" and not date.figures

    def _own(self, text: str) -> list[Form]:
        """Read a line in the own forms of the dialect."""
        for form in self.lines:
            match = form.fullmatch(text)
            if match is not None:
                made = own_form(match, self.survey.day_first)
                if made is not None:
                    return [made]
        return []

    def _row(self, text: str, reader: Reader) -> list[Form]:
        """Read a line of several fields, and what only the habits of the file tell of a line."""
        if reader.calendar is not None:
            date = reader.calendar.heading(text)
            if date is not None and date.month is not None and reader.calendar.habit.months:
                return [Form("D", 6.0, ((date.start, date.end, "date"),), date)]
            if date is not None:
                return [Form("Y", 6.0, ((date.start, date.end, "date"),), date)]
        rows = self.rows
        if rows is not None and rows.rows and (
            may_be_head(text) and head_of(text, reader.segments(text)) is not None
        ):  # fmt: skip
            return [Form("X", FURNITURE, ((0, len(text), "furniture"),))]
        if rows is None or (self.dated and reader.calendar is None and not MAY_DATE.search(text)):
            return []
        if self.signs is not None and len(text) > _NO_ROW and self.signs.search(text) is None:
            # Longer than a date, and without the sign that parts the fields of all rows.
            return []
        segments = reader.segments(text)
        if "D" not in [segment.kind for segment in segments] and is_furniture(text):
            return []
        if len(segments) == 1 and segments[0].kind == "D":
            date = segments[0].date
            assert date is not None  # noqa: S101
            if date.month is None and not date.figures and not date.period:
                return []
            return [Form("D", 6.0, ((date.start, date.end, "date"),), date)]
        read = read_row(text, segments, rows.rows, self.survey.names)
        return [read] if read is not None else []

    def _issue(self, text: str) -> list[Form]:
        issue = issue_line(text, self.survey.day_first)
        pieces: list[Piece] = []
        if issue is None and self.survey.date_lines == 1 and MAY_DATE.search(text):
            # The only date of the page.
            start, issue = issue_behind(text, self.survey.day_first)
            pieces += [(0, start, "furniture")] if issue is not None else []
        if issue is None:
            # "Issue 60, October 2015, pp. 36–40".
            tail = tail_of(text) if len(text) < _LONGEST_ISSUE and MAY_DATE.search(text) else None
            if tail is None or tail[0] != "pages":
                return []
            issue = issue_line(text[: tail[3]], self.survey.day_first)
            pieces.append((tail[1], tail[2], "pages"))
        if issue is None:
            return []
        if issue.volume:
            pieces.append((*issue.volume, "volume"))
        if issue.issue:
            pieces.append((*issue.issue, "issue"))
        if issue.date:
            pieces.append((issue.date.start, issue.date.end, "date"))
        pieces = [piece for piece in pieces if piece[0] < piece[1]]
        if issue.volume is None and issue.issue is None and self.survey.first_day is not None:
            # "From the May 2020 issue": it dates an entry that has no day of its own.
            whole: Piece = (0, len(text), "furniture")
            return [
                Form("X", _DIVIDES, (whole,)), Form("D", 0.0, tuple(sorted(pieces)), issue.date),
            ]  # fmt: skip
        return [
            Form(
                "D",
                6.0 if issue.date or (issue.volume and issue.issue) else 5.0,
                tuple(sorted(pieces)),
                issue.date,
            )
        ]

    def _weighed(self, block: Block, form: Form) -> Form:
        """Add to a form with text glued to a date how much the text looks like its role."""
        role = form.roles[0] if form.roles[0] in "HF" else form.roles[-1]
        if role not in "HF":
            return form
        span: SpanRole = "headline" if role == "H" else "standfirst"
        start, end, _ = next(piece for piece in form.pieces if piece[2] == span)
        inner = Block(ReadLine(block.line.number, block.line.text[start:end], "text"))
        prose = prose_of(inner, self.survey)
        return Form(form.roles, form.score + (prose if role == "F" else -prose),
                    form.pieces, form.date, form.byline)  # fmt: skip

    def _part(self, block: Block) -> Form:
        part = block.part
        assert part is not None  # noqa: S101
        weight = rules.PART_AS_PART
        if part.name is not None:
            weight -= max(0.0, prose_of(block, self.survey))
        return Form("P", weight, ((part.start, part.end, "part_label"),))

    def _text(self, block: Block, *, opening: bool, said: float = 0.0) -> list[Form]:
        """Read a line as text; *said* is what speaks against that: it may well be a byline."""
        text = block.line.text
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        bullet = _BULLET.match(text)
        if bullet is not None:
            start = bullet.end()
        behind: tuple[Piece, ...] = ()
        more = more_behind(text, start, end) if end > _SHORT else None
        if more is not None:
            behind, end = ((*more, "furniture"),), len(text[: more[0]].rstrip(" \t\xa0|·"))
            block = Block(ReadLine(block.line.number, text[:end], "text"), block.above)
        if self.reader is not None:
            start = self.reader.start_of(text)
            page = self.reader.page_of(text, start)
            if page is not None:
                end, behind = page.start(), ((*page.span("page"), "pages"),)
                end = len(text[:end].rstrip())
        prose = prose_of(block, self.survey) + (_EXCERPT if more is not None else 0.0)
        if behind and behind[0][2] == "pages":
            prose -= _PAGED
        heading = -prose
        if block.shape.length >= SENTENCE and block.shape.lower_case:
            # A long line in lower case that goes on with nothing: a standfirst without a full stop.
            prose, heading = prose + _LOWERED, heading - _LOWERED
        if said:
            heading, prose = heading - said, prose - said
        if block.part is not None:
            named = block.part.name is not None
            cost = rules.NAMED_PART_AS_HEADING if named else rules.BARE_PART_AS_HEADING
            heading, prose = heading + cost, prose + cost
        kicker = 0.0
        if block.shape.ending != "stop" or block.shape.length < _SHORT:
            kicker = rules.kicker_weight(self.survey.phrases.get(block.folded))
        if kicker and bare_name(text.strip(), self.survey.names) is not None:
            kicker = 0.0
        caps = 0.0
        if end - start < 40 and text.isupper() and not self.survey.capitals:
            caps = 2.0
        code = block.part is None and (
            _CODE.match(text, start) is not None
            or (text[-1].isdigit() and without_number(text[start:]) in self.survey.counted)
        )
        heading -= _REFERENCE if code else 0.0
        found = [Form("F", prose - kicker, ((start, end, "standfirst"),))]
        if code:
            found.append(Form("X", _REFERENCE, ((0, len(text), "furniture"),)))
        if heading > -9.0 and (behind or prose - kicker < _SURELY_PROSE):
            if self.headed and not kicker:
                # Where headlines stand in rows, a heading alone is one without the other fields.
                kicker = _BESIDE_ROWS
            below = min(kicker, 0.0)
            weights = zip("KHS", (kicker + caps, -caps / 2, below - caps), strict=True)
            half = doubled(text, start, end)
            spans = _SPAN_OF | {"S": "standfirst"} if self.survey.texts else _SPAN_OF
            if self.papers and block.folded in self.survey.phrases:
                spans = {**spans, "K": "publication"}
            for role, more_or_less in weights:
                weight = heading + more_or_less
                # "Culture:" on a line of its own.
                stop = end - (role == "K" and text[end - 1] in ":：")
                pieces: tuple[Piece, ...] = ((start, stop, spans[role]),)
                if half:
                    pieces = ((start, half, spans[role]), (half, end, "furniture"))
                    weight += 1.5
                found.append(Form(role, weight, pieces + behind))
            found += kicker_and_headline(block, start, end, self.survey, sectioned=self.sectioned)
            if opening and not behind and not any(map(str.isalnum, text[:start])):
                # The number of an entry or its page stands before no topic.
                topic = _SORTING if is_sorting(text) and len(text.split()) < 3 else 0.0
                topic += rules.TOPIC_PRIOR + rules.topic_weight(block.shape) - kicker
                found.append(Form("T", heading + topic, ((start, end, "topic"),)))
        return found
