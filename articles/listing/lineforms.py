"""Every way to read one line, each with what speaks for it: the input of ``weaving``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from articles.folding import fold
from articles.listing import rules
from articles.listing.blocks import Block, ReadLine
from articles.listing.credits import Form, bare_name, credit_lines
from articles.listing.dates import shifted, whole_date
from articles.listing.furniture import is_furniture
from articles.listing.issues import issue_line
from articles.listing.records import Piece, SpanRole, Survey
from articles.listing.row_kinds import Rows, is_table_head
from articles.listing.row_reading import read_row
from articles.listing.segments import Reader
from articles.listing.words import CAMEL_HEADS

_VISIBLE = re.compile(r"[^\W_]")
# A year, or figures joined by a sign: without one there is no date.
_MAY_DATE = re.compile(r"[12][0-9]{3}|[0-9][-./][0-9]")
_BULLET = re.compile(r"\s*(?:[•▪▫◦‣⁃*·►▶»→]|[-–—](?=\s))\s*(?=\S)")
_SEPARATED = re.compile(
    r"(?P<head>[^:|•·/»]{2,40}?)(?P<gap>\s?:\s+|：\s*|\s+[|•·/»–—]\s+|\|)(?=\S)"
)
_CAPS = re.compile(
    r"(?P<head>[A-ZÀ-ÖØ-ÞА-ЯЁ][A-ZÀ-ÖØ-ÞА-ЯЁ&’'./ -]{1,38}?[A-ZÀ-ÖØ-ÞА-ЯЁ])(?P<gap>\s+)"
    r"(?=[“‘\"«(]?(?:[A-ZÀ-ÖØ-ÞА-ЯЁ]['’]?[a-zà-öø-ÿа-яё]|[AIАИВОУ]\s[^A-ZÀ-ÞА-ЯЁ]|[0-9]))"
)
_CAPS_GLUED = re.compile(
    r"(?P<head>[A-ZÀ-ÖØ-ÞА-ЯЁ]{3,30})(?P<gap>)(?=[A-ZÀ-ÖØ-ÞА-ЯЁ][a-zà-öø-ÿа-яё\s])"
)
_CAMEL = re.compile(
    r"(?P<head>[A-ZÀ-ÖØ-ÞА-ЯЁ][^\W\d_]{2,24}?[a-zà-öø-ÿа-яё]|[A-Z][a-z]+ (?:and"
    r"|&) [A-Z]?[a-z]+?[a-z])"
    r"(?P<gap>)(?=[A-ZÀ-ÖØ-ÞА-ЯЁ][a-zà-öø-ÿа-яё’' ])"
)
# A sign between two parts, two capitals, or a capital inside a word: without one there is none.
_MAY_HAVE_PREFIX = re.compile(
    r"[:：|•·/»–—]|[^\W\d_a-z][^\W\d_a-zà-öø-ÿа-яё]|[^\W\d_A-Z][^\W\d_a-zà-öø-ÿа-яё]"
)
_LONGEST_HEADLINE = 240
_GLUED_TIMES = 4
#: What a page behind dots weighs for a heading.
_PAGED = 3.0
_SPAN_OF: Mapping[str, SpanRole] = {
    "K": "kicker", "H": "headline", "S": "subtitle", "F": "standfirst", "T": "topic",
}  # fmt: skip
#: What a line costs that no role takes; less before the first entry, where page heads stand.
STRAY = rules.STRAY_COST
STRAY_AT_START = -2.2
FURNITURE = 3.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """What may be a kicker before a headline on the same line: how it is parted from it."""

    folded: str
    start: int
    end: int
    rest: int
    form: str


def prefixes_of(text: str) -> list[Prefix]:
    """Return the prefixes of *text* that may be kickers, one a form."""
    if len(text) > _LONGEST_HEADLINE:
        return []
    start = len(text) - len(text.lstrip())
    found = []
    if _MAY_HAVE_PREFIX.search(text, start, start + 48) is None:
        return []
    for name, form in (
        ("parted", _SEPARATED), ("caps", _CAPS), ("glued", _CAPS_GLUED), ("camel", _CAMEL),
    ):  # fmt: skip
        if name == "glued" and text.isupper():
            continue
        match = form.match(text, start)
        if match is not None and name == "glued" and text[match.end() + 1].isspace():
            # "CULTUREA festival", but not "NASA lands": the file must have others to show it.
            name = "capital"
        if match is not None and len(match["head"].split()) <= 5:
            key = fold(match["head"])
            found.append(Prefix(key, start, match.end("head"), match.end(), name))
    return found


def _prose(block: Block, survey: Survey) -> float:
    shape = block.shape
    weight = rules.prose_weight(shape)
    if shape.ending == "stop":
        return weight + survey.habits.stop
    return weight + survey.habits.no_stop * rules.NO_STOP_SHARE[shape.ending]


@dataclass(slots=True)
class Context:
    """What the file has taught, and the own forms of the dialect it is read in."""

    survey: Survey
    lines: Sequence[re.Pattern[str]] = ()
    furniture: Sequence[re.Pattern[str]] = ()
    rows: Rows | None = None
    reader: Reader | None = None

    def forms(self, block: Block, previous: Block | None) -> list[Form]:
        """Return every way to read *block*, a line below *previous*; "U" is always possible."""
        text = block.line.text
        if _VISIBLE.search(text) is None:
            return [Form("X", FURNITURE, ((0, len(text), "furniture"),))]
        own = self._own(text)
        if own:
            return own
        if self.reader is not None:
            own = self._row(text, self.reader)
            if own:
                return own
        if is_furniture(text) or any(form.search(text) for form in self.furniture):
            return [Form("X", FURNITURE, ((0, len(text), "furniture"),))]
        found = self._issue(text)
        if not found:
            found = credit_lines(text, self.survey.day_first, self.survey.names)
            found = [self._weighed(block, form) for form in found]
        if found and found[0].score >= 6.0 and found[0].roles in ("D", "BD", "DB", "BDF"):
            return found
        if previous is not None and block.folded and block.folded == previous.folded:
            # A doubled title, or the name of the page above its entries once more.
            found.append(Form("X", FURNITURE, ((0, len(text), "furniture"),)))
        elif block.folded and self.survey.topic and block.folded == self.survey.topic_key:
            found.append(Form("X", 1.0, ((0, len(text), "furniture"),)))
        if block.part is not None:
            found.append(self._part(block))
        return found + self._text(block, opening=previous is None)

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
            if date is not None:
                return [Form("Y", 6.0, ((date.start, date.end, "date"),), date)]
        rows = self.rows
        if rows is None or (rows.dated and reader.calendar is None and not _MAY_DATE.search(text)):
            return []
        segments = reader.segments(text)
        if is_furniture(text) and "D" not in [segment.kind for segment in segments]:
            return []
        if len(segments) == 1 and segments[0].kind == "D":
            date = segments[0].date
            assert date is not None  # noqa: S101
            return [Form("D", 6.0, ((date.start, date.end, "date"),), date)]
        if len(segments) > 1 and is_table_head(text, segments):
            return [Form("X", FURNITURE, ((0, len(text), "furniture"),))]
        read = read_row(text, segments, rows.rows, self.survey.names)
        return [read] if read is not None else []

    def _issue(self, text: str) -> list[Form]:
        issue = issue_line(text, self.survey.day_first)
        if issue is None:
            return []
        pieces: list[Piece] = []
        if issue.volume:
            pieces.append((*issue.volume, "volume"))
        if issue.issue:
            pieces.append((*issue.issue, "issue"))
        if issue.date:
            pieces.append((issue.date.start, issue.date.end, "date"))
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
        prose = _prose(inner, self.survey)
        return Form(form.roles, form.score + (prose if role == "F" else -prose),
                    form.pieces, form.date, form.byline)  # fmt: skip

    def _part(self, block: Block) -> Form:
        part = block.part
        assert part is not None  # noqa: S101
        weight = rules.PART_AS_PART
        if part.name is not None:
            weight -= max(0.0, _prose(block, self.survey))
        return Form("P", weight, ((part.start, part.end, "part_label"),))

    def _text(self, block: Block, *, opening: bool) -> list[Form]:
        text = block.line.text
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        bullet = _BULLET.match(text)
        if bullet is not None:
            start = bullet.end()
        behind: tuple[Piece, ...] = ()
        if self.reader is not None:
            start = self.reader.start_of(text)
            page = self.reader.page_of(text, start)
            if page is not None:
                end, behind = page.start(), ((*page.span("page"), "pages"),)
                end = len(text[:end].rstrip())
        prose = _prose(block, self.survey)
        if behind:
            prose -= _PAGED
        heading = -prose
        if block.part is not None:
            named = block.part.name is not None
            cost = rules.NAMED_PART_AS_HEADING if named else rules.BARE_PART_AS_HEADING
            heading, prose = heading + cost, prose + cost
        kicker = rules.kicker_weight(self.survey.phrases.get(block.folded))
        if kicker and bare_name(text.strip(), self.survey.names) is not None:
            kicker = 0.0
        caps = 0.0
        if end - start < 40 and text.isupper() and not self.survey.capitals:
            caps = 2.0
        found = [Form("F", prose - kicker, ((start, end, "standfirst"),))]
        if heading > -9.0:
            weights = {"K": heading + kicker + caps, "H": heading - caps / 2, "S": heading - caps}
            half = _doubled(text, start, end)
            for role, weight in weights.items():
                pieces: tuple[Piece, ...] = ((start, end, _SPAN_OF[role]),)
                if half:
                    pieces = ((start, half, _SPAN_OF[role]), (half, end, "furniture"))
                    weight += 1.5
                found.append(Form(role, weight, pieces + behind))
            found += self._kicker_and_headline(block, start, end)
            if opening:
                topic = rules.TOPIC_PRIOR + rules.topic_weight(block.shape) - kicker
                found.append(Form("T", heading + topic, ((start, end, "topic"),)))
        return found

    def _kicker_and_headline(self, block: Block, start: int, end: int) -> list[Form]:
        """Read a kicker glued before the headline, where the file repeats it or its form."""
        text = block.line.text
        found = []
        for prefix in prefixes_of(text):
            if prefix.rest >= end or prefix.start < start:
                continue
            phrase = self.survey.phrases.get(prefix.folded)
            weight, doubt = self._glued_weight(prefix, (phrase is not None and phrase.entries) or 0,
                                               phrase.remainders if phrase else 0)  # fmt: skip
            if weight is None:
                continue
            rest = Block(ReadLine(block.line.number, text[prefix.rest : end], "text"))
            pieces: tuple[Piece, ...] = (
                (prefix.start, prefix.end, "kicker"), (prefix.rest, end, "headline"),
            )  # fmt: skip
            score = weight - _prose(rest, self.survey)
            found.append(Form("KH", score, pieces, doubt=doubt))
        return found

    def _glued_weight(
        self, prefix: Prefix, entries: int, remainders: int
    ) -> tuple[float | None, str]:
        times = self.survey.prefix_forms.get(prefix.form, 0)
        if (
            prefix.form != "capital"
            and entries >= rules.INLINE_ENTRIES
            and remainders >= rules.INLINE_REMAINDERS
        ):
            return 4.5, ""
        if prefix.form == "camel":
            if entries == 2 and remainders == 2:
                return 3.0, "inline-kicker"
            if times >= _GLUED_TIMES and prefix.folded not in CAMEL_HEADS:
                return 2.0, "inline-kicker"
            return None, ""
        if prefix.form == "parted":
            if entries == 2 and remainders == 2 and times >= 3:
                return 2.4, "inline-kicker"
            known = self.survey.phrases.get(prefix.folded)
            return (2.8, "inline-kicker") if known and known.own_line > 1 else (None, "")
        if prefix.form == "capital":
            if self.survey.prefix_forms.get("glued", 0) >= 3:
                return 4.0, "inline-kicker"
            return None, ""
        if entries >= 2 or times >= 3:
            return 4.0, "" if entries >= 2 else "inline-kicker"
        return None, ""


def own_form(match: re.Match[str], day_first: bool | None) -> Form | None:
    """Return the form that a dialect's own regular expression gives; None if its date is none."""
    letters = {
        "kicker": "K", "headline": "H", "subtitle": "S", "byline": "B", "date": "D",
        "standfirst": "F",
    }  # fmt: skip
    pieces: list[Piece] = []
    date = byline = None
    for name, value in match.groupdict().items():
        if value is None or not value.strip():
            continue
        start = match.start(name) + len(value) - len(value.lstrip())
        end = start + len(value.strip())
        if name == "date":
            date = whole_date(match.string[start:end], day_first)
            if date is None:
                return None
            date = shifted(date, start)
        if name == "byline":
            byline = match.string[start:end]
        pieces.append((start, end, name))  # type: ignore[arg-type]
    pieces.sort()
    roles = "".join(letters[role] for _, _, role in pieces if role in letters)
    if not roles:
        return None
    return Form(roles, 9.0, tuple(pieces), date, byline)


def _doubled(text: str, start: int, end: int) -> int | None:
    """Return where a title that stands twice in a row on its line begins again."""
    length = end - start
    if length < 16 or length % 2:
        return None
    half = start + length // 2
    return half if text[start:half] == text[half:end] else None
