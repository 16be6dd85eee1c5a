"""Dates that count from the day on which a page was copied: "3 hours ago", "Yesterday, 10:15".

No date can be made of them, but they stand where the dates of the other entries stand. They are
read as if a date of the file stood there, so that their entries are found like the others, and
given back without a date, with a doubt.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from articles.listing.bare_names import bare_name
from articles.listing.credit_edges import PREFIX
from articles.listing.date_edges import MAY_DATE
from articles.listing.dates import PrintedDate, date_at_end, date_at_start, whole_date
from articles.listing.framing import blocks_of
from articles.listing.records import Diagnostic, Entry, Span, Topic, Unclaimed

_ONE = r"(?:[0-9]{1,3}|an?|one|eine[mr]?|une?|una?|uma?|één)"
_AGO = (
    rf"(?:{_ONE}\s?(?:sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|h|m|d|w|days?|weeks?)\.?\sago"
    rf"|vor\s{_ONE}\s(?:sekunden?|minuten?|min\.?|stunden?|std\.?|tag(?:en?)?|wochen?)"
    rf"|il\sy\sa\s{_ONE}\s(?:secondes?|minutes?|min\.?|heures?|h|jours?|semaines?)"
    rf"|hace\s{_ONE}\s(?:segundos?|minutos?|min\.?|horas?|h|días?|semanas?)"
    rf"|há\s{_ONE}\s(?:segundos?|minutos?|min\.?|horas?|h|dias?|semanas?)"
    rf"|{_ONE}\s(?:second[oi]|minut[oi]|or[ae]|giorn[oi]|settiman[ae])\sfa"
    rf"|{_ONE}\s(?:seconden?|minuten?|min\.?|uur|uren|dag(?:en)?|we(?:ek|ken))\sgeleden"
    r"|(?:[0-9]{1,3}\s)?(?:секунд[уы]?|минут[уы]?|мин\.?|час(?:а|ов)?|дн(?:я|ей)|день"
    r"|недел[юиь])\sназад)"
)
_DAY = (
    r"(?:yesterday|today|just now|gestern|vorgestern|heute|hier|aujourd[’']hui|ayer|hoy|ieri|oggi"
    r"|ontem|hoje|gisteren|vandaag|вчера|сегодня)"
    r"(?:,?\s(?:(?:at|um|à|alle|a las|às|om|в)\s)?[0-9]{1,2}[:.h][0-9]{2}"
    r"(?:\s?(?:[ap]\.?m\.?|uhr|h))?)?"
)
_LABEL = (
    r"(?:(?:posted|published|veröffentlicht|publié|publicado|pubblicato|опубликовано)"
    r"(?:\son)?:?\s)?"
)
_AGO_INSIDE = re.compile(rf"(?<!\w){_AGO}(?!\w)", re.IGNORECASE)
_WHOLE = re.compile(rf"\s*{_LABEL}(?P<said>{_AGO}|{_DAY})\s*\Z", re.IGNORECASE)
_FIRST = re.compile(rf"\s*(?P<said>{_AGO}|{_DAY})\s?(?=[·•|,–—-]|by\s)", re.IGNORECASE)
_LAST = re.compile(rf"(?P<sign>[·•|,–—-])?\s?(?<!\w)(?P<said>{_AGO}|{_DAY})\s*\Z", re.IGNORECASE)
_PARTING = frozenset("·•|")
_LONGEST, _LONGEST_HEAD = 160, 80
#: Fewest dates of a file beside which such lines are dates of entries.
_FEWEST = 3
#: Lines of a block with a date of its own, so far from which nothing else dates an entry.
_NEAR = 1
#: Lines that an entry with a line of no entry in it may have.
_KEPT = 1_000
_FIELDS = (
    "kicker", "headline", "subtitle", "part_label", "byline", "standfirst", "publication", "volume",
    "issue", "pages", "rights",
)  # fmt: skip

Item = Topic | Entry | Unclaimed


def said_in(text: str) -> tuple[int, int] | None:
    """Return where in *text* a date stands that counts from today: alone, at the beginning before a
    sign, or at the end behind a sign or a name; None if there is none.
    """
    if not text or len(text) > _LONGEST or "\n" in text or MAY_DATE.search(text) is not None:
        return None
    found = _WHOLE.match(text) or _FIRST.match(text)
    if found is not None:
        return found.span("said")
    found = _LAST.search(text)
    if found is None:
        return None
    head = text[: found.start()].strip()
    if not head or len(head) > _LONGEST_HEAD:
        return None
    if found["sign"] in _PARTING or PREFIX.match(text) or bare_name(head) is not None:
        return found.span("said")
    return None


def stand_in_of(sample: Sequence[str]) -> str:
    """Return the text of a date of *sample*, the first lines of a file, that may stand for those
    that count from today; "" if it has none of these, or hardly any dates.
    """
    if not any(_AGO_INSIDE.search(text) for text in sample if len(text) <= _LONGEST):
        return ""
    if not any(said_in(text) for text in sample):
        return ""
    dates = [(text, date) for text in sample if (date := _printed(text)) is not None]
    if len(dates) < _FEWEST:
        return ""
    text, date = dates[0]
    return text[date.start : date.end]


def _printed(text: str) -> PrintedDate | None:
    if len(text) > _LONGEST or MAY_DATE.search(text) is None:
        return None
    date = whole_date(text) or date_at_end(text) or date_at_start(text)
    return date if date is not None and date.day is not None else None


@dataclass(slots=True)
class Relative:
    """Lines with *stand_in* for dates that count from today, and what is read of them."""

    stand_in: str
    # Of a line that was changed: the line as it is, and where the date stands in it.
    changed: dict[int, tuple[str, int, int]] = field(default_factory=dict)

    # How many line breaks stand inside a line.
    breaks: dict[int, int] = field(default_factory=dict)
    # Whether the last date above counts from today.
    relative: bool = False

    def mask(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield *lines*; where a date counts from today, with another one for it."""
        number = 0
        for block in blocks_of(lines):
            dated = [place for place, text in enumerate(block) if _printed(text) is not None]
            for place, text in enumerate(block):
                number += 1
                if "\n" in text:
                    self.breaks[number] = text.count("\n")
                near = any(abs(place - other) <= _NEAR for other in dated)
                said = None if near else said_in(text)
                if said is None:
                    yield text
                    continue
                self.changed[number] = (text, *said)
                yield f"{text[: said[0]]}{self.stand_in}{text[said[1] :]}"

    def give_back(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield *items*, read of what `mask` made, with the lines of the file."""
        date = whole_date(self.stand_in)
        iso = date.iso if date is not None else None
        for item in items:
            if isinstance(item, Entry):
                self._forget(item.first_line)
                yield self._entry(item, iso)
                self._note(item.spans)
                continue
            self._forget(item.line - _KEPT)
            self._note(item.spans if isinstance(item, Topic) else (item.span,))
            if item.line not in self.changed:
                yield item
            elif isinstance(item, Topic):
                whole = self.changed[item.line][0].strip()
                yield replace(item, text=whole, spans=tuple(self._placed(item.spans)))
            else:
                (span,) = self._placed([item.span])
                yield replace(item, text=self.changed[item.line][0], span=span)

    def _note(self, spans: Iterable[Span]) -> None:
        """Remember whether the last date of *spans* counts from today."""
        for span in spans:
            if span.role == "date":
                self.relative = span.line in self.changed

    def _entry(self, entry: Entry, iso: str | None) -> Entry:
        numbers = range(entry.first_line, entry.last_line + 1)
        changed = [number for number in numbers if number in self.changed]
        own = {span.line for span in entry.spans if span.role == "date"}
        # The date of a heading is that of all entries below it.
        below = self.relative and not own and entry.published_on == iso
        if not changed and not self.relative:
            return entry
        text = self._text(entry, changed)
        dates = {
            number
            for number in changed
            if any(
                span.role == "date"
                and span.line == number
                and self.changed[number][1] < span.end
                and span.start < self.changed[number][1] + len(self.stand_in)
                for span in entry.spans
            )
        }
        told = bool(own - dates) and entry.published_on != iso
        remarks = [
            self._remark(each, changed, text)
            for each in entry.diagnostics
            # Whether it follows on a date that is none is nothing to remark on.
            if each.line not in dates and not (self.relative and each.code == "date-out-of-order")
        ]
        for number in sorted(dates):
            line, start, end = self.changed[number]
            message = f"“{line[start:end]}” counts from the day on which the page was copied."
            remarks.append(Diagnostic("date-unreadable", number, message))
        if below:
            message = "The date above counts from the day on which the page was copied."
            remarks.append(Diagnostic("date-unreadable", entry.first_line, message))
        values: dict[str, Any] = {
            name: self._told(value, changed, text)
            for name in _FIELDS
            if (value := getattr(entry, name)) is not None
        }
        return entry._replace(
            **values,
            credits=tuple(
                replace(credit, name=self._told(credit.name, changed, text))
                for credit in entry.credits
            ),
            published_on=None if below or (dates and not told) else entry.published_on,
            diagnostics=tuple(sorted(remarks, key=lambda remark: remark.line)),
            text=text,
            spans=tuple(self._placed(entry.spans)),
        )

    def _text(self, entry: Entry, changed: Sequence[int]) -> str:
        """Return the text of *entry* with the lines of the file."""
        texts = entry.text.split("\n")
        first, place = entry.first_line, 0
        for number in changed:
            place += sum(1 + self.breaks.get(above, 0) for above in range(first, number))
            first = number
            text, start, end = self.changed[number]
            if texts[place : place + 1] == [f"{text[:start]}{self.stand_in}{text[end:]}"]:
                texts[place] = text
        return "\n".join(texts)

    def _told(self, value: str, changed: Sequence[int], text: str) -> str:
        """Return *value* as it stands in *text*, that of its entry."""
        if self.stand_in not in value or value in text:
            return value
        said = [line[start:end] for line, start, end in map(self.changed.__getitem__, changed)]
        for each in said:
            whole = value.replace(self.stand_in, each)
            if whole in text:
                return whole
        # It has several lines of them.
        for each in said:
            value = value.replace(self.stand_in, each, 1)
        return value

    def _remark(self, remark: Diagnostic, changed: Sequence[int], text: str) -> Diagnostic:
        others = tuple(
            {
                name: value if value is None else self._told(value, changed, text)
                for name, value in other.items()
            }
            for other in remark.alternatives
        )
        message = remark.message
        if self.stand_in in message and self.stand_in not in text:
            message = self._told(message, changed, text)
        return remark._replace(message=message, alternatives=others)

    def _placed(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Yield *spans* as they stand in the lines of the file; none is empty."""
        for span in spans:
            if span.line in self.changed:
                begin, end = self._place(span.line, span.start), self._place(span.line, span.end)
                if begin == end:
                    continue
                span = span._replace(start=begin, end=end)
            yield span

    def _place(self, number: int, place: int) -> int:
        _text, start, end = self.changed[number]
        last = start + len(self.stand_in)
        if place >= last:
            return place - last + end
        return min(place, end)

    def _forget(self, number: int) -> None:
        """Let go of what was changed before line *number*."""
        while self.changed and (first := next(iter(self.changed))) < number:
            del self.changed[first]
        while self.breaks and (first := next(iter(self.breaks))) < number:
            del self.breaks[first]
