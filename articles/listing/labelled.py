"""The labelled dialect: "Headline: …", "Date: …", one field a line, entries parted by blank lines.

`survey_labelled` and `parse_labelled` are its two passes. It is what the archive writes
(`labelled_text.write_entry`) and what people write who would rather say than be guessed at: see
docs/dialects.md for every label. Labels are read in eight languages, whatever their case.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from articles.listing import labelled_text as texts
from articles.listing.bylines import parse_byline, read_byline
from articles.listing.date_orders import FigureDates
from articles.listing.dates import PrintedDate, comes_after
from articles.listing.label_dates import date_of, more_exact
from articles.listing.label_forms import Labels, labels_of
from articles.listing.label_spans import spans_of
from articles.listing.label_words import ROLE_LABELS
from articles.listing.parts import part_at_end
from articles.listing.records import (
    Credit,
    DateOrder,
    Diagnostic,
    Entry,
    Habits,
    SeriesPlace,
    Span,
    SpanRole,
    Survey,
    Topic,
    Unclaimed,
)
from articles.listing.remarks import date_remarks
from articles.public_keys import is_key, normalise_key

NAME = "labelled"
_CONTINUED = re.compile(r"(?: {2}|\t)\s{0,200}\S")
_VISIBLE = re.compile(r"[^\W_]")
#: Longest entry, in lines; what follows belongs to none. It keeps memory flat on any file.
MOST_LINES = 5_000
#: Lines that tell how the file writes its labels.
_SAMPLE_LINES = 1_600
_ROLES: dict[str, SpanRole] = {
    "kicker": "kicker", "headline": "headline", "subtitle": "subtitle", "part": "part_label",
    "part_number": "part_label", "byline": "byline", "credits": "credits", "date": "date",
    "standfirst": "standfirst", "series": "series", "tags": "tags", "language": "language",
    "link": "link", "key": "key", "publication": "publication", "volume": "volume",
    "issue": "issue", "pages": "pages", "rights": "rights", **dict.fromkeys(ROLE_LABELS, "byline"),
}  # fmt: skip
_MAY_REPEAT = ("series", "tags", "byline", *ROLE_LABELS)
_BODY = ("date", "standfirst")
_AS_WRITTEN = "Headline:"


@dataclass(slots=True)
class _Field:
    name: str
    # Line number, text, where the value begins and ends; an empty text inside the value.
    lines: list[tuple[int, str, int, int]]
    unlabelled: bool = False
    # Where what is said of its first line begins, behind another field.
    begin: int = 0

    def values(self) -> list[str]:
        return [text[start:end] for _, text, start, end in self.lines]


@dataclass(slots=True)
class _Draft:
    """An entry being read."""

    fields: list[_Field] = field(default_factory=list)
    lines: list[tuple[int, str]] = field(default_factory=list)

    def has(self, *names: str) -> bool:
        return any(item.name in names for item in self.fields)

    def is_closed_by(self, name: str, *, kicker_behind: bool) -> bool:
        """Tell whether a field called *name* begins another entry."""
        if not self.fields or name in ("series", "tags"):
            return False
        if name == "headline":
            return self.has("headline")
        if name == "kicker":
            begun = self.has("headline") and self.has(*_BODY) and not kicker_behind
            return begun or self.has("kicker")
        return name == self.fields[0].name and name not in _MAY_REPEAT


def survey_labelled(lines: Iterable[str]) -> Survey:
    """Return what a first pass over *lines* learns: labels, topic, order of dates, of figures."""
    stream = iter(lines)
    sample = list(islice(stream, _SAMPLE_LINES))
    labels = labels_of(sample) or Labels()
    topic: str | None = None
    topic_line: int | None = None
    number = dated = rises = falls = with_headline = without = 0
    first = last = previous = None
    headline = labelled = False
    figures = FigureDates()
    for number, text in enumerate(chain(sample, stream), 1):
        if not text or text.isspace():
            with_headline, without = with_headline + headline, without + (labelled and not headline)
            headline = labelled = False
            continue
        found = labels.label_of(text)
        if found is None:
            continue
        name, start = found
        if name == "listing":
            if topic is None:
                topic, topic_line = texts.unescaped(text[start:].strip()) or None, number
            continue
        labelled, headline = True, headline or name == "headline"
        if name != "date":
            continue
        date = date_of(text[slice(*labels.value_of(text, start))])
        if date is None:
            continue
        dated += 1
        figures.add(date)
        if previous is not None:
            rises += comes_after(date.iso, previous)
            falls += comes_after(previous, date.iso)
        previous = date.iso
        if date.day is not None:
            first = date.iso if first is None else min(first, date.iso)
            last = date.iso if last is None else max(last, date.iso)
    with_headline, without = with_headline + headline, without + (labelled and not headline)
    order: DateOrder = "oldest-first" if rises > falls + 1 else "newest-first"
    remarks = []
    if order == "oldest-first":
        message = "Dates rise down the file: its order is checked as oldest first."
        remarks.append(Diagnostic("oldest-first", 1, message))
    return Survey(
        topic, topic_line if topic else None, number, dated, first, last, order,
        rises if order == "newest-first" else falls, {}, {}, Habits(), tuple(remarks),
        NAME, figures.decided(), without >= max(1, with_headline), labels=labels,
    )  # fmt: skip


def parse_labelled(lines: Iterable[str], survey: Survey) -> Iterator[Topic | Entry | Unclaimed]:
    """Yield topic, entries and unclaimed lines of *lines*, in file order; see `parser.parse`."""
    reader = _Reader(survey, survey.labels or Labels())
    for number, text in enumerate(lines, 1):
        yield from reader.take(number, text)
    yield from reader.close()


@dataclass(slots=True)
class _Reader:
    survey: Survey
    labels: Labels
    draft: _Draft = field(default_factory=_Draft)
    blanks: list[tuple[int, str]] = field(default_factory=list)
    ordinal: int = 0
    topic_read: bool = False
    # Labels with a colon, values as they are: the form that the archive writes.
    plain: bool = True

    def __post_init__(self) -> None:
        self.plain = self.labels.form == ":" and not self.labels.quoted

    def take(self, number: int, text: str) -> Iterator[Topic | Entry | Unclaimed]:
        if not text or text.isspace():
            self.blanks.append((number, text))
            if not self.draft.fields or len(self.blanks) >= MOST_LINES:
                yield from self.close()
            return
        labels = self.labels
        found = None if self.plain else labels.label_of(text)
        if found is None and self.draft.fields and _CONTINUED.match(text):
            yield from self._continue(number, text)
            return
        if self.plain:
            found = labels.label_of(text)
        if found is None:
            yield from self._unlabelled(number, text)
        elif found[0] == "listing":
            yield from self.close()
            yield from self._topic(number, text, found[1])
        else:
            apart = self.blanks and not self.survey.spread
            if apart or self.draft.is_closed_by(found[0], kicker_behind=labels.kicker_behind):
                yield from self.close()
            start, end = found[1], len(text)
            if not self.plain:
                start, end = labels.value_of(text, start)
            self._add(_Field(found[0], [(number, text, start, end)]), number, text)
            if found[0] == "headline" and not (self.plain and text.startswith(_AS_WRITTEN)):
                self._part(number, text, start, end)

    def _continue(self, number: int, text: str) -> Iterator[Topic | Entry | Unclaimed]:
        if len(self.draft.lines) + len(self.blanks) >= MOST_LINES:
            yield from self.close()
            yield _stray(number, text, "an entry of too many lines ends above")
            return
        last = self.draft.fields[-1]
        last.lines += [(blank, "", 0, 0) for blank, _ in self.blanks]
        last.lines.append((number, text, len(text) - len(text.lstrip()), len(text)))
        self._keep(number, text)

    def _unlabelled(self, number: int, text: str) -> Iterator[Topic | Entry | Unclaimed]:
        if _VISIBLE.search(text) is None:
            yield from self.close()
            yield _stray(number, text, "an ornament without letters or digits", "furniture")
            return
        inside = self.draft.fields and not (self.blanks and not self.survey.spread)
        whole = len(self.draft.lines) + len(self.blanks) >= MOST_LINES
        if inside and not whole:
            last = self.draft.fields[-1]
            if last.name == "standfirst":
                last.lines.append((number, text, 0, len(text)))
                last.unlabelled = True
                self._keep(number, text)
                return
            if self.draft.has("headline") and not self.draft.has("standfirst"):
                item = _Field("standfirst", [(number, text, 0, len(text))], unlabelled=True)
                self._add(item, number, text)
                return
        yield from self.close()
        yield _stray(number, text, "a line without a label")

    def _add(self, item: _Field, number: int, text: str) -> None:
        self.draft.fields.append(item)
        self._keep(number, text)

    def _part(self, number: int, text: str, start: int, end: int) -> None:
        """Cut a part label off the end of a headline: no list of another archive has its label."""
        label = part_at_end(text[start:end])
        if label is not None and label.cut > 0 and text[start : start + label.cut].strip():
            begin = start + label.start
            self.draft.fields[-1].lines = [(number, text[:begin], start, start + label.cut)]
            place = (number, text, begin, start + label.end)
            self.draft.fields.append(_Field("part", [place], begin=begin))

    def _keep(self, number: int, text: str) -> None:
        self.draft.lines += [*self.blanks, (number, text)]
        self.blanks = []

    def _topic(self, number: int, text: str, start: int) -> Iterator[Topic | Unclaimed]:
        value = text[start:].strip()
        if self.topic_read or not value:
            reason = "a second name of the listing" if self.topic_read else "a label without value"
            yield _stray(number, text, reason)
            return
        self.topic_read = True
        spans = tuple(spans_of(number, text, start, len(text), "topic", None))
        yield Topic(texts.unescaped(value), number, spans)

    def close(self) -> Iterator[Topic | Entry | Unclaimed]:
        """End the entry; fields without a headline belong to none."""
        draft, self.draft, self.blanks = self.draft, _Draft(), []
        if not draft.fields:
            return
        entry = _entry(draft, self.ordinal, self.survey)
        if entry is None:
            for number, text in draft.lines:
                if text and not text.isspace():
                    yield _stray(number, text, "labelled fields without a headline")
            return
        self.ordinal += 1
        yield entry


def _entry(draft: _Draft, ordinal: int, survey: Survey) -> Entry | None:
    values: dict[str, str] = {}
    tags: list[str] | None = None
    series: list[SeriesPlace] | None = None
    remarks: list[Diagnostic] = []
    others: list[Credit] = []
    for item in draft.fields:
        name, number = item.name, item.lines[0][0]
        raw = item.values()
        if item.unlabelled:
            remarks.append(Diagnostic("unlabelled-line", number, "A line without a label."))
        if name == "tags":
            tags = [*(tags or []), *texts.split_list(" ".join(raw))]
        elif name == "series":
            series = series or []
            if value := " ".join(raw).strip():
                series.append(texts.read_series(value))
        elif name == "credits":
            values.setdefault(name, " ".join(raw))
        elif name in ROLE_LABELS:
            names = parse_byline(texts.read_lines(raw))
            others += [Credit(found.name, found.kind, ROLE_LABELS[name]) for found in names]
        elif not name.startswith(":") and (value := texts.read_lines(raw)):
            if name == "byline" and name in values:
                values[name] += f"; {value}" if "," in value else f", {value}"
            elif name == "date" and (said := more_exact(values.get(name, ""), value)):
                values[name] = said
            elif name in values:
                message = "The field is stated twice; the first value was taken."
                remarks.append(Diagnostic("label-twice", number, message, ({name: value},)))
            else:
                values[name] = value
    if not values.get("headline", "").strip():
        return None
    places = {item.name: item.lines[0][0] for item in draft.fields}
    date = _date(values.get("date"), values.get("month"), places, survey, remarks)
    byline = values.get("byline")
    inverted = survey.labels is not None and survey.labels.inverted
    credits_read = _credits(values, byline, places, remarks, inverted=inverted)
    if "credits" not in places:
        credits_read += tuple(others)
    key = _key(values.get("key"), places, remarks)
    remarks.sort(key=lambda remark: remark.line)
    return Entry(
        ordinal=ordinal,
        first_line=draft.lines[0][0],
        last_line=draft.lines[-1][0],
        kicker=values.get("kicker"),
        headline=values["headline"],
        subtitle=values.get("subtitle"),
        part_label=values.get("part"),
        part_number=_part_number(values),
        byline=byline,
        credits=credits_read,
        published_on=date.iso if date is not None else None,
        standfirst=values.get("standfirst"),
        confidence=1.0 if not remarks else 0.8,
        diagnostics=tuple(remarks),
        text="\n".join(text for _, text in draft.lines),
        spans=tuple(_all_spans(draft, ordinal)),
        publication=values.get("publication"),
        volume=values.get("volume"),
        issue=values.get("issue"),
        pages=values.get("pages"),
        rights=values.get("rights"),
        tags=None if tags is None else tuple(tags),
        series=None if series is None else tuple(series),
        language=values.get("language"),
        source_url=values.get("link"),
        key=key,
        dialect=NAME,
    )


def _date(
    text: str | None, month: str | None, places: dict[str, int], survey: Survey,
    remarks: list[Diagnostic],
) -> PrintedDate | None:  # fmt: skip
    line = places.get("date", min(places.values()))
    if text is None:
        remarks.append(Diagnostic("date-missing", line, "No date is stated."))
        return None
    date = date_of(f"{month} {text}" if month else text, survey.day_first)
    if date is None:
        date = date_of(text, survey.day_first)
    if date is None:
        remarks.append(Diagnostic("date-unreadable", line, f"“{text[:80]}” is not read as a date."))
    else:
        remarks.extend(date_remarks(date, line))
    return date


def _credits(
    values: dict[str, str], byline: str | None, places: dict[str, int], remarks: list[Diagnostic],
    *, inverted: bool,
) -> tuple[Credit, ...]:  # fmt: skip
    if "credits" in places:
        return texts.read_credits(values.get("credits", ""))
    if byline is None:
        return ()
    reading = read_byline(byline, places["byline"], inverted=inverted)
    remarks.extend(reading.diagnostics)
    return reading.credits


def _key(text: str | None, places: dict[str, int], remarks: list[Diagnostic]) -> str | None:
    if text is None:
        return None
    key = normalise_key(text.strip())
    if is_key(key):
        return key
    message = f"“{text[:40]}” has not the form of a permanent key."
    remarks.append(Diagnostic("key-unreadable", places["key"], message))
    return None


def _part_number(values: dict[str, str]) -> int | None:
    stated = values.get("part_number", "")
    if stated.isascii() and stated.isdigit() and len(stated) < 10:
        return int(stated)
    return None if stated else texts.label_number(values.get("part"))


def _all_spans(draft: _Draft, ordinal: int) -> Iterator[Span]:
    for item in draft.fields:
        role = _ROLES.get(item.name, "furniture")
        for number, text, start, end in item.lines:
            if text:
                yield from spans_of(number, text, start, end, role, ordinal, begin=item.begin)


def _stray(number: int, text: str, reason: str, role: SpanRole = "unclaimed") -> Unclaimed:
    return Unclaimed(number, text, reason, Span(number, 0, len(text), role, None))
