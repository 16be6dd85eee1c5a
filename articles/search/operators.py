"""Operators in a reader's text: ``author:``, ``year:1917..1921``, ``has:body`` and their like.

The whole grammar: ``name:value`` or ``name:"a value of words"``, the two written together; with a
hyphen before the name it is left out. Names are those that people know from other searches
(GitHub, Google, Blacklight). A value that an operator cannot read, and an operator that is none,
is text like any other: it is searched, and a hint says so.

==============  ========================================================================
``author:``     by the author of that name, surname or slug; ``by:`` is the same
``tag:``        with the tag; ``series:`` in the series
``year:``       ``year:1917``, ``year:1917..1921``
``before:``     dated earlier than the year, month or day: ``before:1917-11``
``after:``      dated later than it
``language:``   in that language, by its code: ``language:de``; ``lang:`` is the same
``has:``        ``has:body`` with full text, ``has:byline``; ``-has:body`` without
==============  ========================================================================

Several of ``author:`` (or of ``tag:``, ``series:``, ``language:``) are alternatives; different
operators narrow each other, as filters do. Nothing here touches Django or a database.
"""

import datetime
import re
from dataclasses import dataclass, field

from articles.partial_dates import last_day, parse_partial

#: Operators by what a reader may type, with the dimension that each one narrows.
NAMED = {
    "author": "authors", "by": "authors", "tag": "tags", "series": "series",
}  # fmt: skip
NAMES = (*NAMED, "year", "before", "after", "language", "lang", "has")
_HAS = {"body": "body", "text": "body", "byline": "byline"}

_QUOTES = '"“”„«»‟'
_TOKEN = re.compile(
    rf"(?<!\S)(?P<minus>-)?(?P<name>[A-Za-z]{{2,12}}):"
    rf"(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>[^\s{_QUOTES}/][^\s{_QUOTES}]*))"
    rf"(?!\S)"
)
_PHRASE = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]")
_YEARS = re.compile(r"([0-9]{1,4})(?:(?:\.\.|[-–])([0-9]{1,4}))?", re.ASCII)
_LANGUAGE = re.compile(r"([A-Za-z]{2,8})(?:-[A-Za-z0-9]{1,8})*", re.ASCII)


@dataclass(slots=True)
class Asked:
    """What a text asks for: ``text`` without its operators, and what these say.

    ``named`` holds names as typed, by dimension, those to leave out under ``not_`` and the
    dimension. ``unread`` are the parts that look like operators and were left in the text.
    """

    text: str = ""
    named: dict[str, list[str]] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    since: datetime.date | None = None
    until: datetime.date | None = None
    body: bool | None = None
    byline: bool | None = None
    unread: list[str] = field(default_factory=list)

    @property
    def has_operators(self) -> bool:
        """Whether anything but words was asked for."""
        return bool(self.named or self.languages or self.since or self.until) or (
            self.body is not None or self.byline is not None
        )


def read_operators(text: str) -> Asked:
    """Return what *text* asks for. Total: any text can be read."""
    asked = Asked()
    # An operator inside quotation marks is a part of the phrase.
    phrases = [found.span() for found in _PHRASE.finditer(text)]
    kept: list[str] = []
    end = 0
    for found in _TOKEN.finditer(text):
        if any(start < found.start() < stop for start, stop in phrases):
            continue
        phrase = found["phrase"]
        value = (phrase if phrase is not None else found["word"]).strip()
        if _take(asked, found["name"].lower(), value, bool(found["minus"])):
            kept.append(text[end : found.start()])
            end = found.end()
        else:
            asked.unread.append(found[0])
    kept.append(text[end:])
    asked.text = " ".join("".join(kept).split())
    return asked


def _take(asked: Asked, name: str, value: str, negated: bool) -> bool:
    """Add what one operator says to *asked*; return False if it says nothing that can be read."""
    if not value:
        return False
    if name in NAMED:
        dimension = ("not_" if negated else "") + NAMED[name]
        names = asked.named.setdefault(dimension, [])
        if value not in names:
            names.append(value)
        return True
    if name == "has" and value.lower() in _HAS:
        setattr(asked, _HAS[value.lower()], not negated)
        return True
    if negated:
        return False
    if name in ("language", "lang") and (language := _LANGUAGE.fullmatch(value)):
        asked.languages.append(language[1].lower())
        return True
    if name in ("year", "before", "after"):
        period = _period(name, value)
        if period is None:
            return False
        since, until = period
        # What is asked for twice holds twice: the later beginning, the earlier end.
        asked.since = max(filter(None, (asked.since, since)), default=None)
        asked.until = min(filter(None, (asked.until, until)), default=None)
        return True
    return False


def _period(name: str, value: str) -> tuple[datetime.date | None, datetime.date | None] | None:
    """Return the first and the last day that ``year:``, ``before:`` or ``after:`` admits."""
    try:
        if name == "year":
            return _years(value)
        first, precision = parse_partial(value)
        if name == "before":
            return None, first - datetime.timedelta(days=1)
        return last_day(first, precision) + datetime.timedelta(days=1), None
    except (ValueError, OverflowError):
        return None


def _years(value: str) -> tuple[datetime.date | None, datetime.date | None]:
    found = _YEARS.fullmatch(value)
    if found is None:
        raise ValueError(value)
    first = int(found[1])
    last = int(found[2] or first)
    first, last = min(first, last), max(first, last)
    return datetime.date(first, 1, 1), datetime.date(last, 12, 31)
