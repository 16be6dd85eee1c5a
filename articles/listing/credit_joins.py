"""Where a credit is joined in a line to what stands beside it: dates, "By" and a name, times."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from articles.folding import fold
from articles.listing.calendar_words import MONTHS, ONLY_WITH_DAY, WEEKDAYS
from articles.listing.credit_edges import byline_in
from articles.listing.dates import whole_date
from articles.listing.furniture import is_count, is_furniture
from articles.listing.text_joins import CLOSING, OPENING

LONGEST, _MOST = 800, 12
#: Words before a date as a whole: "Posted on 3 May 2020Ferry sinks".
_MOST_BEFORE = 3
_YEAR = r"[12][0-9]{3}"
_MONTH = r"(?P<word>[^\W\d_]{3,24})\.?"
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_DATE = re.compile(
    rf"(?:{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"
    r"(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    rf"|[0-9]{{1,2}}(?P<sign>[./-])[0-9]{{1,2}}(?P=sign)(?:{_YEAR}|[0-9]{{2}}(?![0-9]))"
    rf"|[0-9]{{1,2}}{_ORDINAL}\s(?:de\s)?[^\W\d_]{{3,12}}\.?,?\s(?:del?\s)?{_YEAR}(?:\sг\.?|\sгода)?"
    rf"|{_MONTH}\s(?:[0-9]{{1,2}}{_ORDINAL},?\s)?{_YEAR})"
    r"(?:,?\s(?:(?:at|um|à|às|alle|a las|в)\s|[-–—|]\s)?[0-9]{1,2}[:.h][0-9]{2}"
    r"(?:\s?(?:[apAP]\.?[mM]\b\.?|[apAP][mM]|Uhr|h|ч))?)?"
)
# A capital, a mark that opens or a figure right behind something: nearly all texts have none.
# (Written so that it begins with one set of characters: the search for these is the fastest.)
_MAY_JOIN = re.compile(
    r"[A-Z0-9“„«\"¿¡À-ÖØ-ÞĀ-ſЀ-Я](?:(?<=[^\s\-A-Z(/“„«‘\[0-9][“„«\"¿¡A-ZÀ-ÖØ-ÞĀ-ſЀ-Я0-9])"
    r"|(?<=[A-Z][0-9])|(?<=[0-9][A-Z“„«\"¿¡À-ÖØ-ÞЀ-Я])|(?<=[12][0-9]{4})[0-9]?[\s./-])"
)
# A date has a year, or figures with a sign between.
MAY_HOLD = re.compile(r"[12][0-9]{3}|[0-9][./-][0-9]")
_WEEKDAY_BEHIND = re.compile(r"[^\W\d_]{2,12}\.?,?\s(?:den\s|the\s)?")
# "… mehrVeröffentlicht am 3. Mai 2020".
_LABEL = re.compile(
    r"(?<=[^\s])(?:Published|Posted|Updated|Date|Veröffentlicht|Erschienen|Datum|Aktualisiert|Publiée?"
    r"|Parue?|Publicado|Fecha|Pubblicato|Data|Опубликовано|Gepubliceerd)"
    r"(?:\s(?:on|am|vom|le|el|em|il|op))?\s?:?\s?\Z"
)
_WEEKDAY = re.compile(r"(?P<word>[^\W\d_]{2,24})\.?,?\s(?:den\s|the\s)?\Z")
_NUMBERED = re.compile(
    r"\b(?:[^\W\d_]|(?:no|nr|vol|bd|jg|art|pp|st|hft|iss|núm|num|fig|cap|kap))\.\Z", re.I
)
_BY = re.compile(
    rf"(?<=[\w.{re.escape(CLOSING)}])"
    r"(?:By|Written by|Von|Par|Por|Di|Door|Author|Autor(?:in|a|e)?|Auteure?|Texte?|Texto|Testo"
    r"|Words|Автор|Текст)(?=\s?:|\s)"
)
_COUNT = re.compile(r"(?<=[^\W\d_])[0-9]{1,3}[\s-]?(?i:min|мин)[^0-9]{0,24}\Z")


class Join(NamedTuple):
    """A place in a line before which it is cut, and the kind of the join."""

    place: int
    kind: str


def may_join(text: str) -> bool:
    """Tell at a glance whether anything may be joined in *text*; a tab parts what could be."""
    return len(text) <= LONGEST and _MAY_JOIN.search(text) is not None and "\t" not in text


def credit_joins(text: str) -> list[Join]:
    """Return the joins beside the dates, bylines and reading times of *text*, in order."""
    if not may_join(text):
        return []
    found = list(_date_joins(text)) if MAY_HOLD.search(text) is not None else []
    ends = [join.place for join in found]
    count = _COUNT.search(text)
    if count is not None and text[count.start() - 1].islower() and is_count(count[0]):
        found.append(Join(count.start(), "count"))
        ends.append(count.start())
    for match in _BY.finditer(text):
        end = min((place for place in ends if place > match.start()), default=len(text))
        if _is_closed(text, match.start()) and byline_in(text[match.start() : end]) is not None:
            found.append(Join(match.start(), "by"))
    return sorted(found)[:_MOST]


def _is_closed(text: str, place: int) -> bool:
    """Tell whether what stands before *place* may be the end of an element."""
    before = text[place - 1]
    if before == ".":
        return _NUMBERED.search(text, max(0, place - 6), place) is None
    return before.islower() or before.isdigit() or before in CLOSING


def _date_joins(text: str) -> Iterator[Join]:
    end = len(text.rstrip(" .)"))
    last = -1
    for match in _DATE.finditer(text):
        start, stop = match.span()
        if match["word"] is not None:
            start = _last_word(text, *match.span("word"))
            word = fold(text[start : match.end("word")])
            if word not in MONTHS or (word in ONLY_WITH_DAY and start == match.start()):
                continue
        if whole_date(text[start:stop]) is None:
            continue
        start = _from_label(text, _from_weekday(text, start))
        twice = start == last
        joined = start > 0 and (twice or _is_joined(text, start))
        behind = text[stop : stop + 1]
        # The same mark may close: "of 3 May 2020".
        opens = behind != "" and behind in OPENING and text[stop + 1 : stop + 2].isalnum()
        glued = behind.isupper() or opens
        further = behind.isdigit() and _DATE.match(text, stop) is not None
        if joined and (
            glued or further or stop >= end or is_furniture(text[stop:]) or behind in "|·•,–-"
        ):
            yield Join(start, "twice" if twice else "behind")
        further = further or _DATE.match(text, _after_weekday(text, stop)) is not None
        if glued and not further and (joined or len(text[:start].split()) <= _MOST_BEFORE):
            yield Join(stop, "before")
        last = stop


def _last_word(text: str, start: int, end: int) -> int:
    """Return where the word begins that follows the last join inside "QuillJune"."""
    for place in range(end - 1, start, -1):
        if text[place].isupper() and text[place - 1].islower():
            return place
    return start


def _from_weekday(text: str, start: int) -> int:
    """Return where a date begins whose weekday may be glued to what stands before it."""
    match = _WEEKDAY.search(text, max(0, start - 32), start)
    if match is None:
        return start
    place = _last_word(text, *match.span("word"))
    return place if fold(text[place : match.end("word")]) in WEEKDAYS else start


def _from_label(text: str, start: int) -> int:
    """Return where a date begins with the word for it, if that is glued to what stands before."""
    match = _LABEL.search(text, max(0, start - 32), start)
    return match.start() if match is not None else start


def _after_weekday(text: str, start: int) -> int:
    """Return where a date may begin behind a weekday at *start*."""
    match = _WEEKDAY_BEHIND.match(text, start)
    if match is None or fold(match[0].split()[0].rstrip(".,")) not in WEEKDAYS:
        return start
    return match.end()


def _is_joined(text: str, start: int) -> bool:
    """Tell whether no space parts a date from what stands before it."""
    before = text[start - 1]
    if before.isupper():
        # "ORLA QUILL3 May 2020", but not "G20 May 2020".
        return text[start].isdigit() and text[max(0, start - 4) : start].isalpha()
    if before.isdigit():
        return False
    return _is_closed(text, start) and text[max(0, start - 2) : start].strip(" ") != before
