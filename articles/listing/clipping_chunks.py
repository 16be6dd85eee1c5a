"""A line of a list by hand cut into chunks: what its commas, stops, dashes and brackets part.

What stands in quotation marks is one chunk, a date is one whatever commas it has, and names behind
"by" or "with" are one with these words. What the other chunks are only the whole file tells: see
``clippings``.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from articles.folding import fold
from articles.listing.calendar_words import MONTHS
from articles.listing.credit_edges import PREFIX
from articles.listing.dates import PrintedDate, date_at_end, date_at_start, shifted, whole_date
from articles.listing.issues import NO_YEAR, issue_line
from articles.listing.papers import is_paper
from articles.listing.partial_dates import heading_of
from articles.listing.periods import SEASONS
from articles.listing.records import SpanRole
from articles.listing.reference_names import Names, names_of
from articles.listing.reference_parts import closing, ends_no_sentence

_SIGN = re.compile(
    r"[,;:]\s+|\.\s+(?:[–—-]\s+)?|\s[–—-]\s+|\s[|/]\s+|(?<=[?!…])\s+(?:[–—-]\s+)?(?=[^\W_a-zà-öø-ÿа-яё]|[“«„]|pp?\.\s?[0-9])"
)
_STOP_OF_NUMBER = re.compile(
    r"(?:\b(?:[Pp]{1,2}|[Ss]|[Cc]|[Сс]|[Сс]тр|[Nn][or]?s?|[Vv]ol|[Bb]d|[Jj]g|[Hh]|[Ee]p|[Pp]t|[Pp][áa]gg?|[Nn][úu]m|[Ии]зд|[Вв]ып|[Тт]"
    r"|[^\W\d_]{3,5})\Z)"
)
_ORDINAL = re.compile(r"(?:\A|[\s(])[0-9]{1,2}\Z")
_WITH = re.compile(
    r"(?P<with>(?i:(?:written\s|together\s)?with|mit|gemeinsam mit|avec|samen met|met"
    r"|совместно с)|con|com)"
    r"\s(?=[^\W\d_a-zà-öø-ÿа-яё])"
    r"|(?P<trl>(?i:(?:trans(?:lated|lation|l?\.)(?:\s(?:from\s(?:the\s)?\S{3,20}\s)?by)?"
    r"|aus de[mr]\s\S{3,25}\s(?:übersetzt\s)?von|übers(?:etzt|etzung)?\.?\s(?:von|v\.)"
    r"|trad(?:uit|uction|ucido|uzido|ucción|ução|otto|uzione)?\.?(?:\s(?:de\sl[’']\S{3,20}|du\s\S{3,20}|dal?\s\S{3,20}|del\s\S{3,20}))?"
    r"\s(?:par|por|de|da|di)|пер(?:евод|\.)(?:\sс(?:о)?\s\S{2,20})?)))\s(?=[^\W\d_a-zà-öø-ÿа-яё])"
)
#: What stands for the name of the paper above.
DITTO = re.compile(r"(?:do|dto|ditto|ibid|ebd|ebenda|idem|id|там же|ib)\b\.?", re.IGNORECASE)
_PAGES = re.compile(
    r"(?:[Pp]ages?|[Pp]{1,2}\.?|Ss?\.|[Сс]\.|[Сс]тр\.?|[Pp][áa]gg?s?\.?|[Pp]áginas?|Seiten?)\s?"
    r"(?P<pages>[A-Z]?[0-9]{1,4}(?:\s?[-–—]\s?[A-Z]?[0-9]{1,4})?(?:,\s?[0-9]{1,4})?)(?:\s?ff?\.?)?\.?"
)
_VOLUME = re.compile(
    r"(?:[Vv]ol(?:ume)?|[Bb]d|[Bb]and|[Jj]g|[Jj]ahrgang|[Tt]om[eo]?|[Aa]nno|[Aa]ño|[Tt])\.?\s?"
    r"(?P<volume>[0-9]{1,4}|[IVXLC]{1,8})|(?:H|Ausg|fasc)\.\s?(?P<issue>[0-9]{1,4}(?:[-–/][0-9]{1,4})?)"
)
_BARE_PAGES = re.compile(r"[A-Z]?[0-9]{1,4}(?:\s?[-–—]\s?[A-Z]?[0-9]{1,4})?\.?")
_NO_DATE = re.compile(
    r"(?:n\.?\s?d\.?|no date|undated|date unknown|ohne datum|o\.\s?[DJ]\.?|s\.\s?d\.?|sans date"
    r"|sin fecha"
    r"|senza data|sem data|без даты|б\.\s?д\.?|[?x0-9]{1,2}[./][?x]{1,2}[./][0-9?]{2,4}"
    r"|\?{1,2}[./][0-9]{1,2}[./][0-9]{2,4}"
    r"|(?:some ?time|irgendwann|around|ca\.?|circa|um)\s(?:in\s)?[12][0-9]{3}.{0,12})",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:unsigned|anon(?:ymous)?\.?|o\.\s?V\.?|ohne Autor|без подписи|sin firma|non signé"
    r"|non firmato)",
    re.IGNORECASE,
)
_IN = re.compile(
    r"(?:[Ii]n|[Dd]ans|[Ee]n|[Ee]m|[Aa]us|[Ff]or)(?::\s?|\s)(?=[“«„\"]|[^\W\d_a-zà-öø-ÿа-яё])"
)
_NUMBER_BEHIND = re.compile(r"\s(?P<volume>[0-9]{1,3})\Z")
_CLOSERS = {"(": ")", "[": "]"}
_QUOTES = frozenset('“«„"')
_EDGES = " \t\xa0,;.:"
#: Kinds of chunks that the file tells: text, quotations and names.
SOFT = frozenset("xqN")
#: Most chunks of a line, and most commas among names.
_MOST, _MOST_COMMAS = 40, 8


class Chunk(NamedTuple):
    """Characters ``start`` to ``end``, the sign before them, and their kind.

    D date, d a date that is not known, I volume or issue, P pages, b names behind a word, N names,
    n nobody, q a quotation, x anything.
    """

    start: int
    end: int
    kind: str
    sign: str
    date: PrintedDate | None = None
    names: Names | None = None
    role: str = ""
    # Whether "in" stands before it.
    within: bool = False


def chunks_of(
    text: str, start: int, day_first: bool | None, *, yearly: bool, headed: bool
) -> list[Chunk]:
    """Return the chunks of *text* from *start*; *yearly* says that dates may have no year, *headed*
    that last names stand first.
    """
    found: list[Chunk] = []
    end = len(text.rstrip())
    head = inverted_head(text, start, end) if headed else None
    place, sign = start, ""
    if head is not None:
        found.append(Chunk(start, head, "N", "", None, names_of(text[start:head], turned=True)))
        place = head
        place, sign = _past(text, place, end)
    _cut(text, place, end, sign, day_first, yearly, found)
    if not any(chunk.kind in "Dd" for chunk in found):
        found = list(chain.from_iterable(_dated(text, chunk, day_first) for chunk in found))
    return found[:_MOST]


def _dated(text: str, chunk: Chunk, day_first: bool | None) -> Iterator[Chunk]:
    """Yield *chunk*, without the date that may stand at its end: "Courier 4 May 1961"."""
    date = None
    if chunk.kind == "x":
        date = date_at_end(text[chunk.start : chunk.end], day_first)
    if date is None or not date.start or (date.month is None and not date.figures):
        yield chunk
        return
    yield chunk._replace(end=len(text[: chunk.start + date.start].rstrip()))
    moved = shifted(date, chunk.start)
    yield Chunk(moved.start, moved.end, "D", " ", moved)


def _past(text: str, place: int, end: int) -> tuple[int, str]:
    """Return where the next chunk begins, and the sign before it."""
    begin = place
    while place < end and (
        text[place] in " \t\xa0,;:.)]"
        or (text[place] in "–—-|/" and text[place - 1 : place].isspace())
    ):
        place += 1
    return place, text[begin:place].strip(" \t\xa0)]")[-1:] or " "


def _cut(
    text: str, place: int, end: int, sign: str, day_first: bool | None, yearly: bool,
    found: list[Chunk],
) -> None:  # fmt: skip
    while place < end and len(found) < _MOST:
        chunk = _chunk(text, place, end, sign, day_first, yearly)
        if text[place] in _CLOSERS and chunk is None:
            shut = text.find(_CLOSERS[text[place]], place, end)
            inner: list[Chunk] = []
            if shut > 0:
                _cut(text, place + 1, shut, "(", day_first, yearly, inner)
            if inner and any(each.kind in "DdIPb" for each in inner):
                found += inner
                place, sign = _past(text, shut + 1, end)
                continue
            names = names_of(text[place + 1 : shut]) if shut > 0 else None
            if names is not None and names.sure and any(" " in c.name for c in names.credits):
                found.append(Chunk(place + 1, shut, "N", "(", None, names))
                place, sign = _past(text, shut + 1, end)
                continue
        if chunk is None:
            chunk = _plain(text, place, end, sign, day_first, yearly)
        if chunk.end <= place:
            break
        found.append(chunk)
        place, sign = _past(text, chunk.end, end)


def _chunk(
    text: str, place: int, end: int, sign: str, day_first: bool | None, yearly: bool
) -> Chunk | None:
    """Return the chunk that begins at *place* if its beginning tells what it is."""
    lead = _IN.match(text, place, end)
    within = lead is not None and sign != ""
    begin = lead.end() if lead is not None and within else place
    if begin < end and text[begin] in _QUOTES:
        shut = closing(text, begin, end)
        if shut > begin + 1:
            return Chunk(begin, shut + 1, "q", sign, within=within)
    ditto = DITTO.match(text, place, end)
    if ditto is not None and text[ditto.end() : ditto.end() + 1] in (",", "", " "):
        return Chunk(place, ditto.end(), "x", sign)
    date = date_at_start(text[place : min(end, place + 60)], day_first)
    if date is not None:
        stop = place + date.end
        if text[stop : stop + 2] == "г.":
            stop += 2
        elif text[stop : stop + 3] == " г.":
            stop += 3
        if stop >= end or text[stop] in ",;.:)]" or text[stop : stop + 2].isspace() or (
            text[stop] == " " and (text[stop + 1] in "–—-|/(" or date.day is not None)
        ):  # fmt: skip
            return Chunk(place, stop, "D", sign, shifted(date, place))
    said = PREFIX.match(text, place, end) or _WITH.match(text, place, end)
    if said is not None and said.end() < end:
        names = _names_from(text, said.end(), end)
        if names is not None:
            stop, told = names
            role = "trl" if said.lastgroup == "trl" else "aut"
            return Chunk(said.end(), stop, "b", sign, None, told, role)
    return None


def _names_from(text: str, begin: int, end: int) -> tuple[int, Names] | None:
    """Return where the longest names end that begin at *begin*, behind a word that says so."""
    best = None
    stops = [
        match.start()
        for match in re.finditer(r"[,;.)\]](?=\s|\Z)|\s[–—-]\s|\s\(|\Z", text[begin:end])
    ]
    for stop in stops[:_MOST_COMMAS]:
        if not stop or (
            text[begin + stop : begin + stop + 1] == "."
            and ends_no_sentence(text[begin : begin + stop])
        ):
            continue
        *_, last = text[begin : begin + stop].rsplit(", ", 1)
        if best is not None and is_paper(last):
            break
        names = names_of(text[begin : begin + stop])
        if names is None or not names.sure or not names.credits:
            break
        best = begin + stop, names
    return best


def _plain(
    text: str, place: int, end: int, sign: str, day_first: bool | None, yearly: bool
) -> Chunk:
    lead = _IN.match(text, place, end) if sign else None
    begin = lead.end() if lead is not None else place
    stop = _end_of(text, begin, end, yearly)
    piece = text[place:stop]
    date = whole_date(piece, day_first) or (_partial(piece) if yearly else None)
    if date is not None:
        return Chunk(place, stop, "D", sign, shifted(date, place))
    if _NO_DATE.fullmatch(piece):
        return Chunk(place, stop, "d", sign)
    if _NOBODY.fullmatch(piece):
        return Chunk(place, stop, "n", sign)
    if _PAGES.fullmatch(piece) or (sign in ",:" and _BARE_PAGES.fullmatch(piece)):
        return Chunk(place, stop, "P", sign)
    if issue_line(piece, day_first) is not None or _VOLUME.fullmatch(piece):
        return Chunk(place, stop, "I", sign)
    shut = text.find(_CLOSERS[text[begin]], begin) if text[begin] in _CLOSERS else -1
    if shut == stop - 1 and text[begin + 1 : shut].strip():
        begin, stop, sign = begin + 1, stop - 1, "("
    return Chunk(begin, stop, "x", sign, within=lead is not None)


def _partial(piece: str) -> PrintedDate | None:
    """Return a month, a day of a month, or a season, without its year."""
    if re.fullmatch(SEASONS, f"{piece} 2000", re.IGNORECASE):
        return PrintedDate(NO_YEAR, None, None, 0, len(piece), period=True)
    month = MONTHS.get(fold(piece.strip(" .")))
    if month is not None:
        return PrintedDate(NO_YEAR, month, None, 0, len(piece))
    date = whole_date(f"{piece} 2000") or whole_date(f"{piece}, 2000")
    if date is None or date.day is None or not any(map(str.isdigit, piece)):
        return None
    return PrintedDate(NO_YEAR, date.month, date.day, 0, len(piece))


def _end_of(text: str, place: int, end: int, yearly: bool) -> int:
    """Return where a chunk without a beginning of its own ends."""
    at = place
    while True:
        match = _SIGN.search(text, at, end)
        bracket = _bracket(text, at, match.start() if match is not None else end, yearly)
        opened = _opened(text, max(at, place + 1), match.start() if match is not None else end)
        first = min(
            each for each in (bracket, opened, match.start() if match else end) if each >= 0
        )
        if match is None or first < match.start():
            return len(text[:first].rstrip()) if first > place else end
        before = text[place : match.start()]
        if match[0][0] == "." and match.end() < end:
            behind = text[match.end()]
            numbered = _STOP_OF_NUMBER.search(before) and (behind.isdigit() or behind in "IVX")
            ordinal = _ORDINAL.search(before) and _month_at(text, match.end())
            if numbered or ordinal or ends_no_sentence(before):
                at = match.end()
                continue
        return match.start()


def _month_at(text: str, place: int) -> bool:
    return fold(re.split(r"[\s.,)\]]", text[place : place + 14], maxsplit=1)[0]) in MONTHS


def _bracket(text: str, start: int, end: int, yearly: bool) -> int:
    """Return where a bracket begins that holds what is no part of a text; -1 without one."""
    place = start
    while (place := text.find("(", place, end)) >= 0:
        shut = text.find(")", place)
        inner = text[place + 1 : shut] if shut > 0 else ""
        if inner and _tells(inner, yearly):
            return place
        place += 1
    return -1


def _tells(inner: str, yearly: bool) -> bool:
    if _WITH.match(inner) or PREFIX.match(inner) or _NO_DATE.fullmatch(inner):
        return True
    parts = re.split(r",\s|;\s", inner)
    return any(
        whole_date(part) is not None or (yearly and _partial(part) is not None)
        or _PAGES.fullmatch(part)
        or (_WITH.match(part) is not None) or _NO_DATE.fullmatch(part)
        for part in parts
    )  # fmt: skip


def _opened(text: str, start: int, end: int) -> int:
    """Return where a quotation begins behind a space, that goes on to a sign; -1 without one."""
    for place in range(start, end):
        if text[place] in _QUOTES and text[place - 1].isspace():
            shut = closing(text, place, len(text))
            if (
                shut > 0
                and shut - place > 3
                and text[shut + 1 : shut + 2] in ("", " ", ",", ".", ";")
            ):
                return place
    return -1


def inverted_head(text: str, start: int, end: int) -> int | None:
    """Return where last names first, with their initials or first names, end at a comma or a stop
    before the rest; None if the line begins with no such names."""
    best = None
    last = at = start
    for _ in range(_MOST_COMMAS):
        at = min(
            (place for place in (text.find(", ", at, end), text.find(": ", at, end)) if place >= 0),
            default=-1,
        )
        if at < 0:
            break
        if best is None:
            names = names_of(text[start:at])
            if names is not None and (names.inverted or names.ditto):
                best, last = at, at + 2
        else:
            names = names_of(re.sub(r"\A(?:&|and|und|et|y|e|и)\s", "", text[last:at]))
            if names is not None and names.inverted:
                best, last = at, at + 2
        at += 2
    return best


def heading(text: str) -> PrintedDate | None:
    """Return the year or the month that *text* is as a heading; None if it is none."""
    return heading_of(text, None) if len(text) < 60 else None


def without_number(text: str, end: int) -> tuple[int, tuple[int, int] | None]:
    """Return where a name ends that a number follows, and where that stands: "Review 14"."""
    match = _NUMBER_BEHIND.search(text[:end])
    return (match.start(), match.span("volume")) if match is not None else (end, None)


def number_of(text: str) -> tuple[SpanRole, int, int]:
    """Return where the number stands in *text*, which names a volume or an issue, and its role."""
    match = _VOLUME.fullmatch(text)
    if match is None:
        return "volume", 0, 0
    return ("issue", *match.span("issue")) if match["issue"] else ("volume", *match.span("volume"))


def pages_of(text: str) -> tuple[int, int]:
    """Return where the numbers stand in *text*, which names pages."""
    match = _PAGES.fullmatch(text)
    return match.span("pages") if match is not None else (0, len(text.rstrip(".")))


def inside(text: str, start: int, end: int) -> tuple[int, int]:
    """Return what stands inside quotation marks from *start* to *end*."""
    start, end = start + 1, end - 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end
