"""Issue lines: "No. 12, Spring 2019", "Vol. 4, No. 10 (October 2018)", "Heft 3/2017".

A season is kept in the line, not in the date: of "Spring 2019" only the year is sure.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from articles.folding import fold
from articles.listing.calendar_words import MONTHS
from articles.listing.dates import PrintedDate, shifted, whole_date
from articles.listing.periods import SEASONS

# "3/2017" is a number and a year; of "1421 – 26 May 2014" the second number is a day.
_NUMBER = (
    r"[0-9]{1,3}(?=\s?/\s?(?:1[6-9]|20)[0-9]{2}\b)"
    r"|[0-9]{1,5}(?:\s?[-–/+]\s?[0-9]{1,5}\b(?!\.?\s(?:de\s)?[^\W\d_]{3}))?|[IVXLC]{1,8}"
)
_ISSUE = re.compile(
    r"(?:no|nr|num|núm|number|issue|numéro|número|numero|n\.?[º°ª]|n\.|№|nummer|fascicolo|fasc|fascicule|aflevering|afl|heft|ausgabe|номер"
    r"|выпуск)\.?\s{0,2}#?"
    # "No. 2 (88)" has its number in the whole as well, "No. 2 (2014)" its year.
    rf"(?P<issue>{_NUMBER})\b(?:\s?\((?!(?:1[6-9]|20)[0-9]{{2}}\))[0-9]{{1,5}}\))?",
    re.IGNORECASE,
)
_VOLUME = re.compile(
    rf"(?:volume|vol|v(?=\.?\s?[0-9]{{1,3}}\s?[,(|·–-])|band|bd|jahrgang|jg|jaargang|jrg|tome|tomo|том)\b\.?\s{{0,2}}(?P<volume>{_NUMBER})\b",
    re.IGNORECASE,
)
_LAST = re.compile(
    rf"(?:(?<=[\s.,;:(·|–—-])(?:{_ISSUE.pattern}|{_VOLUME.pattern}))\Z", re.IGNORECASE
)
_LONGEST_LAST, _MAY_END = 30, frozenset("0123456789IVXLCivxlcİı)")
# "28. Jahrgang", behind the number of the issue.
_VOLUME_BEHIND = re.compile(
    r"[\s,;(]+(?P<volume>[0-9]{1,3})(?:\.\s?(?:Jahrgang|Jg|Band)|e (?:jaargang|année))\.?\Z",
    re.IGNORECASE,
)
# "45 | 2022", as journals on the web head their issues.
_NUMBER_AND_YEAR = re.compile(
    r"\s*(?P<issue>[0-9]{1,3}(?:[-–/][0-9]{1,3})?)\s\|\s(?P<year>[12][0-9]{3})\s*\Z"
)
_YEAR_OF = re.compile(rf"(?:anno|año|ano|année|year|год)\s(?:{_NUMBER})\b", re.IGNORECASE)
# "Sommaire du numéro 41 (printemps 2015)", "Contents – No. 3".
_CONTENTS = re.compile(
    r"\s*(?:(?:table of )?contents|in this issue|inhalt(?:sverzeichnis)?|sommaire|au sommaire"
    r"|sumario|sumário|índice|indice|sommario|содержание)(?:\s(?:of|for|du|de|des|del|di|von|zu))?"
    r"(?=[\s:–—-])",
    re.IGNORECASE,
)
# "From the May 2020 issue", "Aus Heft 5/2017", "Dans le numéro de mai 2020".
_FROM = re.compile(
    r"\s*(?:from (?:the )?|in (?:the |our )?|aus (?:dem |der )?|dans le |del |dal |do )"
    r"(?:(?P<date>.{6,24}?)\s(?:issue|edition)|(?:numéro|número|numero)\s(?:de|di|d[’'])\s?(?P<then>.{6,24}))"
    r"\s*\Z",
    re.IGNORECASE,
)
_YEAR_AND_DATE = re.compile(r"(?P<year>[12][0-9]{3})[\s,;:(–—-]{1,4}(?P<date>[^\W_].*(?P=year))\Z")
_SEASON = re.compile(rf"{SEASONS}\Z", re.IGNORECASE)
#: The year of a date that has none: that of the heading above counts.
NO_YEAR = 0
_BETWEEN = " \t\xa0,;:.()[]|·•–—-/"
_DIGIT = re.compile("[0-9]")
_LONGEST = 100
#: What parts the name of a paper from its issue, the most such signs, and the longest line.
_BEHIND_NAME = re.compile(r"[,:.]\s+|\s[–—|-]\s")
_MOST_SIGNS, _LONGEST_NAMED = 4, 120


@dataclass(frozen=True, slots=True)
class IssueLine:
    """What an issue line says, each with its place; ``date`` may be absent."""

    volume: tuple[int, int] | None
    issue: tuple[int, int] | None
    date: PrintedDate | None


@lru_cache(maxsize=500)
def issue_line(text: str, day_first: bool | None = None) -> IssueLine | None:
    """Return what *text* says of an issue if that is all it says, else None."""
    if len(text) > _LONGEST or _DIGIT.search(text) is None:
        return None
    from_ = _FROM.match(text)
    if from_ is not None:
        name = "date" if from_["date"] else "then"
        printed = whole_date(from_[name], day_first)
        return IssueLine(None, None, shifted(printed, from_.start(name))) if printed else None
    alone = _NUMBER_AND_YEAR.match(text)
    if alone is not None:
        printed = PrintedDate(int(alone["year"]), None, None, *alone.span("year"))
        return IssueLine(None, alone.span("issue"), printed)
    contents = _CONTENTS.match(text)
    position = contents.end() if contents is not None else 0
    position += len(text[position:]) - len(text[position:].lstrip(_BETWEEN))
    year = _YEAR_OF.match(text, position)
    if year is not None:
        position = year.end() + len(text[year.end() :]) - len(text[year.end() :].lstrip(_BETWEEN))
    places: dict[str, tuple[int, int]] = {}
    while len(places) < 2:
        for name, form in (("volume", _VOLUME), ("issue", _ISSUE)):
            match = form.match(text, position)
            if match is not None and name not in places:
                places[name] = match.span(name)
                position = match.end()
                break
        else:
            break
        position += len(text[position:]) - len(text[position:].lstrip(_BETWEEN))
    rest = text[position:].rstrip(" \t\xa0)].")
    while len(places) < 2 and rest[-1:] in _MAY_END:
        last = _LAST.search(rest, max(0, len(rest) - _LONGEST_LAST))
        if last is None or ("issue" if last["issue"] else "volume") in places:
            break
        # "Vol. XXIV. July 1931. No. 7", "May 1973 – No. 5": behind the date.
        name = "issue" if last["issue"] else "volume"
        places[name] = position + last.start(name), position + last.end(name)
        rest = rest[: last.start()].rstrip(_BETWEEN)
    if not places:
        return None
    behind = _VOLUME_BEHIND.search(rest) if "volume" not in places else None
    if behind is not None:
        places["volume"] = (
            position + behind.start("volume"),
            position + behind.end("volume"),
        )
        rest = rest[: behind.start()]
    date = None
    if rest:
        season = _SEASON.match(rest)
        if season is not None:
            start, end = season.span("year")
            date = PrintedDate(int(season["year"]), None, None, position + start, position + end)
        else:
            date = whole_date(rest, day_first)
            again = _YEAR_AND_DATE.match(rest) if date is None else None
            if again is not None:
                # "Heft 9/2018 (September 2018)": the year stands twice.
                date = whole_date(again["date"], day_first)
                date = shifted(date, again.start("date")) if date is not None else None
            if date is None:
                month = MONTHS.get(fold(rest.strip(" .")))
                if month is None or "issue" not in places:
                    return None
                # Its year stands in a heading above.
                date = PrintedDate(NO_YEAR, month, None, 0, len(rest))
            date = shifted(date, position)
    elif "issue" not in places:
        return None
    return IssueLine(places.get("volume"), places.get("issue"), date)


def issue_behind(text: str, day_first: bool | None = None) -> tuple[int, IssueLine | None]:
    """Return what *text* says of an issue and its date behind the name of a paper, and where that
    begins: "the magazine of the harbour, issue 9, August 2022".
    """
    if len(text) <= _LONGEST_NAMED:
        for sign in list(_BEHIND_NAME.finditer(text))[:_MOST_SIGNS]:
            found = issue_line(text[sign.end() :], day_first)
            if found is not None and found.date is not None:
                return sign.end(), _moved(found, sign.end())
    return 0, None


def _moved(line: IssueLine, offset: int) -> IssueLine:
    volume, issue = (
        (span[0] + offset, span[1] + offset) if span is not None else None
        for span in (line.volume, line.issue)
    )
    return IssueLine(volume, issue, shifted(line.date, offset) if line.date is not None else None)
