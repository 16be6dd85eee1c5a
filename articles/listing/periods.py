"""Periods as printed dates: ranges of days and of months, seasons, quarters, times before a date.

A range counts as the date it begins with: "12–14 May 2020" is 12 May, "May/June 2020" is May. Of a
season or a quarter only the year is taken. All here works on strings and numbers; ``dates`` makes
dates of it.
"""

import re

from articles.folding import fold
from articles.listing.calendar_words import MONTHS

_WORD = r"[^\W\d_]{3,12}"
_DASH = r"\s?[-–—/]\s?"
_ORDINAL = r"(?:st|nd|rd|th|er|ère|º|°|ª|\.)?"
_DAY_BEFORE = re.compile(
    rf"(?<![\w./-])(?P<day>[0-9]{{1,2}}){_ORDINAL}(?:{_DASH}|\s(?:to|bis|au|al|a)\s)\Z"
)
_DAYS_BEFORE = re.compile(
    rf"(?<![\w./-])(?P<day>[0-9]{{1,2}}){_ORDINAL}\s?[-/]\s?[0-9]{{1,2}}{_ORDINAL}\s(?:de\s)?\Z"
)
_DAY_AND_MONTH_BEFORE = re.compile(
    rf"(?<![\w./-])(?P<day>[0-9]{{1,2}}){_ORDINAL}\s(?:de\s)?(?P<month>{_WORD})\.?{_DASH}\Z"
)
_FULL_BEFORE = re.compile(
    rf"(?<![\w./-])(?:(?P<day>[0-9]{{1,2}}){_ORDINAL}\s(?:de\s)?(?P<month>{_WORD})\.?"
    rf"|(?P<word>{_WORD})\.?\s(?P<then>[0-9]{{1,2}}){_ORDINAL}),?\s(?:de\s)?(?P<year>[12][0-9]{{3}}){_DASH}\Z"
)
_MONTH_BEFORE = re.compile(rf"(?<![\w./-])(?P<month>{_WORD})\.?{_DASH}\Z")
_MONTHS_BEFORE = re.compile(
    rf"(?<![\w./-])(?P<month>{_WORD})\.?\s?[-/]\s?(?P<second>{_WORD})\.?,?\s(?:de\s)?\Z"
)
_MONTH_AND_YEAR_BEFORE = re.compile(
    rf"(?<![\w./-])(?P<month>{_WORD})\.?\s(?:de\s)?(?P<year>[12][0-9]{{3}}){_DASH}\Z"
)
SEASONS = (
    r"(?:(?:early|late|mid)[ -])?(?:spring|summer|autumn|fall|winter|frühjahr|frühling|sommer"
    r"|herbst|printemps|été|automne"
    r"|hiver|primavera|verano|otoño|invierno|estate|autunno|inverno|verão|outono|весна|лето|осень"
    r"|зима)"
    r"(?:\s?[/–-]\s?\w{4,9})?[\s,]{1,3}(?:de\s|of\s|del\s)?"
    r"(?P<year>[12][0-9]{3})(?:\s?[/–-]\s?[0-9]{2,4})?"
)
_PERIOD = re.compile(
    rf"(?:{SEASONS}"
    r"|(?:Q[1-4]|[1-4]Q|(?:first|second|third|fourth|1st|2nd|3rd|4th)\squarter(?:\sof)?"
    r"|[1-4]\.?\s?quartal|[1-4](?:er|e|ème|º|o)?\s?trimestre(?:\s(?:de|del))?"
    r"|[1-4](?:-й|й)?\s?квартал)[\s,/-]{1,3}(?P<then>[12][0-9]{3})"
    r"|(?P<first>[12][0-9]{3})[\s,/-]{1,3}Q[1-4])\Z",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"(?:[0-9]{1,2}(?:[:.h][0-9]{2}(?::[0-9]{2})?(?:\s?[ap]\.?m\b\.?)?|\s?[ap]\.?m\b\.?"
    r"|\s?(?:Uhr|h)\b)(?:\s?(?:Uhr|h|ч|[A-Z]{2,5}(?:[+-][0-9]{1,2}(?::?[0-9]{2})?)?)(?!\w))?"
    r"\s?[,|·–—-]?\s+)?(?:(?:on|am|le|del|il|dia|el|em|den|the)\s+)?\Z",
    re.IGNORECASE,
)
_YEAR_LED = re.compile(
    rf"(?P<year>[12][0-9]{{3}})[,.]?\s(?:(?P<first>[0-9]{{1,2}}){_ORDINAL}\s(?:de\s)?)?(?P<month>{_WORD})"
    r"\.?(?:\s(?P<day>[0-9]{1,2}))?(?![\w])"
)
_ROMAN = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<sign>[./ ])\s?(?P<month>X?(?:IX|IV|V?I{1,3}|V)|X|XII?)(?P=sign)\s?"
    r"(?P<year>[12][0-9]{3})(?!\w)"
)
_ROMAN_AT_END = re.compile(
    r"(?<![\w./-])(?P<day>[0-9]{1,2})(?P<sign>[./-]|\s)(?P<month>X?(?:IX|IV|V?I{1,3}|V)|X|XII?"
    r"|x?(?:ix|iv|v?i{1,3}|v)|x|xii?)(?P=sign)(?P<year>[12][0-9]{3}|(?<=[./-])[0-9]{2})\Z"
)
#: Of two-digit years those from this one on are of the twentieth century.
LAST_CENTURY = 40
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_TIME_AT_END = re.compile(
    r"(?:\s[-–—|·]|,?(?:\s(?:at|um|à|alle(?:\sore)?|ore|a las?|às|as|om|kl\.?|в))?)\s[0-9]{1,2}"
    r"(?:(?:[:.]|\s?h\s?)[0-9]{2}(?::[0-9]{2})?(?:\s?[ap]\.?m\.?)?|\s?[ap]\.?m\.?"
    r"|(?=\s?(?:Uhr|uur|h)))"
    r"(?:\s?\(?(?:Uhr|uur|hs?|ч|(?:GMT|UTC|BST|CES?T|EES?T|MSK|МСК|[ECMP][SD]?T)"
    r"(?:[+-][0-9:]{1,5})?)\)?\.?)?\Z",
    re.IGNORECASE,
)
_MAY_TIME = re.compile(r"[0-9](?:[:.][0-9]|\s?[hapuHAPU])")
_HALF_DAY = re.compile(r"[0-9](?:\s?[ap]\.?m\b|[.h][0-9]{2}\s)", re.IGNORECASE)
_HALVES = frozenset("mMTrs")
_LONE_YEAR = re.compile(r"(?<![–—/-]) (?P<word>[a-z]{2,12}) (?P<year>[12][0-9]{3})\.?\Z")
_OF = frozenset(("de", "del", "do", "of", "di"))
_DASHES = frozenset("-–—/")
_LONGEST = 40

Begin = tuple[int, int | None, int | None, int]


def begin_of_range(before: str, year: int, month: int | None, day: int | None) -> Begin | None:
    """Return year, month and day with which a range begins, and where in *before*; None if none.

    *before* is what stands before the printed date of *year*, *month* and *day* in its line.
    """
    tail = before.rstrip()[-1:]
    if not tail or not (tail in _DASHES or tail.isalnum() or tail in ".,"):
        return None
    if month is None:
        match = _MONTHS_BEFORE.search(before)
        if match is not None and _month(match["second"]):
            first = _month(match["month"])
            return (year, first, None, match.start()) if first else None
        return None
    if day is None:
        match = _DAYS_BEFORE.search(before)
        if match is not None and 1 <= int(match["day"]) <= 31:
            return year, month, int(match["day"]), match.start()
        for form in (_MONTH_AND_YEAR_BEFORE, _MONTH_BEFORE):
            match = form.search(before)
            first = _month(match["month"]) if match is not None else None
            if match is not None and first:
                then = int(match["year"]) if form is _MONTH_AND_YEAR_BEFORE else year
                return then, first, None, match.start()
        return None
    match = _FULL_BEFORE.search(before)
    first = _month(match["month"] or match["word"]) if match is not None else None
    if match is not None and first:
        return int(match["year"]), first, int(match["day"] or match["then"]), match.start()
    match = _DAY_AND_MONTH_BEFORE.search(before)
    first = _month(match["month"]) if match is not None else None
    if match is not None and first:
        return year, first, int(match["day"]), match.start()
    match = _DAY_BEFORE.search(before)
    if match is not None and 1 <= int(match["day"]) < day:
        return year, month, int(match["day"]), match.start()
    return None


def unusual_date(text: str) -> tuple[int, int, int | None, int] | None:
    """Return year, month, day and end of a date in a rarer form at the start of *text*, or None.

    "2020, May 3" and "2020 May", "2020. 3 May", "3.V.2020".
    """
    match = _YEAR_LED.match(text)
    if match is not None:
        month = _month(match["month"])
        printed = match["first"] or match["day"]
        day = int(printed) if printed else None
        return (int(match["year"]), month, day, match.end()) if month else None
    match = _ROMAN.match(text)
    if match is not None and match["month"] in _NUMERALS:
        month = _NUMERALS.index(match["month"]) + 1
        return int(match["year"]), month, int(match["day"]), match.end()
    return None


def roman_at_end(text: str) -> tuple[int, int, int, int] | None:
    """Return year, month, day and beginning of a date with a month in Roman figures at the end."""
    match = _ROMAN_AT_END.search(text)
    if match is None or match["month"].upper() not in _NUMERALS:
        return None
    year, month = int(match["year"]), _NUMERALS.index(match["month"].upper()) + 1
    if year < 100:
        year += 1900 if year >= LAST_CENTURY else 2000
    return year, month, int(match["day"]), match.start()


def period_year(text: str) -> int | None:
    """Return the year of a season or a quarter that *text* is as a whole, or None."""
    if len(text) > _LONGEST or not text[-1:].isdigit():
        return None
    match = _PERIOD.match(text)
    if match is None:
        return None
    return int(match["year"] or match["then"] or match["first"])


def leads_in(before: str) -> bool:
    """Tell whether *before*, what stands before a date, is a time of day or an article."""
    return len(before) <= _LONGEST and _LEAD_IN.match(before) is not None


def ends_in_dash(text: str, end: int) -> bool:
    """Tell whether *text* up to *end* ends in a dash or a stroke: a range may begin before it."""
    return text[max(0, end - 2) : end].rstrip()[-1:] in _DASHES and end > 0


def no_date_ends(tail: str) -> bool:
    """Tell at a glance that *tail*, which ends in a digit, ends in no year, figures or time."""
    year = tail[-4:]
    if len(year) == 4 and year[0] in "12" and year.isdigit():
        return False
    return not ("." in tail or ":" in tail or "h" in tail or "/" in tail[-3:] or "-" in tail[-3:])


def may_end_in_time(text: str, end: int, last: str) -> bool:
    """Tell at a glance whether *text* may end in a time of day, before *end*, with *last*."""
    if ":" in text[max(0, end - 16) : end] or last in ("h", "r", "H"):
        return True
    return last in _HALVES and _HALF_DAY.search(text, max(0, end - 14), end) is not None


def lone_year(text: str, end: int) -> re.Match[str] | None:
    """Return the match of a year with which *text* ends before *end*, behind a word that is no
    month: "since 1905".
    """
    match = _LONE_YEAR.search(text, max(0, end - 20), end)
    if match is None or match["word"] in _OF or match["word"] in MONTHS:
        return None
    return match


def without_time(text: str, end: int) -> int:
    """Return where *text* up to *end* ends without the time of day behind its date."""
    offset = max(0, end - 40)
    if _MAY_TIME.search(text, offset, end) is None:
        return end
    match = _TIME_AT_END.search(text[offset:end])
    return offset + match.start() if match is not None else end


def _month(word: str) -> int | None:
    return MONTHS.get(fold(word))
