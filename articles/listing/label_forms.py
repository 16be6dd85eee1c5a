"""How a labelled file writes its labels, told from the file: "Title: …", "TI  - …", "title = {…}".

A file has one form of label. Labels that say nothing to this archive ("Word count: 900") are known
by coming again in its entries: they are labels all the same, and their values belong to no field.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from articles.folding import fold
from articles.listing.bare_names import bare_name
from articles.listing.credit_words import says_so, says_update
from articles.listing.date_edges import MAY_DATE
from articles.listing.dates import whole_date
from articles.listing.inverted_names import is_inverted
from articles.listing.label_words import LABELS, TAGS, WRITTEN, label_key, says_by

_WORDS = r"(?P<label>[^\W\d_][^:：=|\n*]{0,30}?)"
#: The forms, the usual one first: what stands before a value, by the sign that shows it.
_FORMS = {
    ":": re.compile(r"(?P<label>[^\W\d_][^:\n]{0,30}?)[^\S\n]{0,2}[:：](?!//)"),
    "*": re.compile(
        rf"\s{{0,4}}(?:[-*•]\s+)?(?:\*\*|__|\*|_){_WORDS}\s?(?:[:：]\s?(?:\*\*|__|\*|_)"
        r"|(?:\*\*|__|\*|_)\s?[:：])"
    ),
    "-": re.compile(rf"\s{{0,4}}(?:[-*•]\s+)?{_WORDS}\s?[:：](?!//)"),
    "tag": re.compile(r"(?P<label>[A-Z][A-Z0-9]{1,3})\s{1,2}-(?=\s|\Z)"),
    "%": re.compile(r"%(?P<label>[A-Z0-9])(?=\s)"),
    "=": re.compile(rf"\s{{0,8}}{_WORDS}\s{{0,12}}=(?!=)"),
    "wide": re.compile(rf"{_WORDS}(?:\t+|\s{{2,20}}|\s[|–—]\s)(?=\S)"),
}
_QUOTES = {'"': '"', "'": "'", "{": "}", "“": "”", "«": "»", "„": "“"}
#: Forms in which the sign at the end of a value parts it from the next one.
_LISTED = frozenset("=")
#: Lines that tell the form, the most looked at for labels, and the words that a label has at most.
_FEW, _MANY, _MOST_WORDS = 60, 400, 4
#: Least share of lines with a known label, and with a label that is known or comes again.
_KNOWN, _LABELLED = 0.4, 0.6
#: The same for known ones where all lines have a label; share of values from which they are names.
_ALL, _KNOWN_OF_ALL, _NEARLY_ALL = 0.95, 0.15, 0.9
#: How often a label that says nothing must come again: times, and by the share of headlines.
_AGAIN, _IN_ENTRIES = 3, 0.5
_LOOKED_AT = frozenset(("headline", "standfirst", "byline"))
_VISIBLE = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Labels:
    """The form of the labels of a file; others than the known ones, folded; whether values stand
    in quotation marks that are no part of them; whether bylines put the last name first, and
    kickers stand behind their headlines.
    """

    form: str = ":"
    others: frozenset[str] = frozenset()
    quoted: bool = False
    inverted: bool = False
    kicker_behind: bool = False
    # The labels of the dates and of the names, where none of the known ones is.
    dated: str = ""
    signed: str = ""

    def label_of(self, text: str) -> tuple[str, int] | None:
        """Return the field that a label at the start of *text* names, and where its value begins.

        A label that is none of this archive's comes with a colon before it.
        """
        match = _FORMS[self.form].match(text)
        if match is None:
            return None
        label = match["label"]
        name = _named(label, self.form)
        if name is None:
            key = fold(label)
            if key in (self.dated, self.signed):
                return "date" if key == self.dated else "byline", match.end()
            return (f":{key}", match.end()) if key in self.others else None
        return name, match.end()

    def value_of(self, text: str, start: int) -> tuple[int, int]:
        """Return where the value behind a label that ends at *start* begins and ends."""
        if not self.quoted and self.form not in _LISTED:
            return start, len(text)
        end = len(text.rstrip())
        start += len(text[start:]) - len(text[start:].lstrip())
        if self.form in _LISTED and end > start and text[end - 1] in ",;":
            end -= 1
        while self.quoted and end - start > 1 and _QUOTES.get(text[start]) == text[end - 1]:
            start, end = start + 1, end - 1
        return start, max(start, end)


def label_of(text: str) -> tuple[str, int] | None:
    """Return the field that a label of any form names, and where its value begins."""
    return next(filter(None, (Labels(form).label_of(text) for form in _FORMS)), None)


@lru_cache(maxsize=2_000)
def _named(label: str, form: str) -> str | None:
    if form in ("tag", "%"):
        return TAGS.get(label)
    key = label_key(label)
    return LABELS.get(key) or ("byline" if says_by(key) else None)


def labels_of(sample: Iterable[str]) -> Labels | None:
    """Return how *sample*, the beginning of a file, writes labels; None if it is not labelled."""
    shown = (text for text in sample if _VISIBLE.search(text) or not text.strip())
    told = list(islice(shown, _MANY))
    usual = _labels_of(told, ":")
    if usual is not None:
        return usual
    return _labels_of(told, max(_FORMS, key=lambda each: _named_lines(told[:_FEW], each)))


def _labels_of(told: Iterable[str], form: str) -> Labels | None:
    known: Counter[str] = Counter()
    others: Counter[str] = Counter()
    dates: Counter[str] = Counter()
    names: Counter[str] = Counter()
    lines = quoted = quotable = inverted = parted = plain = above = 0
    last = ""
    whole = Labels(form, quoted=True)
    for text in told:
        if not text.strip():
            last = ""
            continue
        if form == ":" and text.startswith(("  ", "\t")):
            continue
        lines += 1
        match = _FORMS[form].match(text)
        if match is None:
            continue
        name = _named(match["label"], form)
        if name is None:
            if len(match["label"].split()) <= _MOST_WORDS:
                key = fold(match["label"])
                others[key] += 1
                value = text[slice(*whole.value_of(text, match.end()))]
                names[key] += bare_name(value) is not None
                dates[key] += MAY_DATE.search(value) is not None and whole_date(value) is not None
            continue
        known[name] += 1
        above += name == "headline" and last == "kicker"
        last = name
        if name not in _LOOKED_AT:
            continue
        start, end = whole.value_of(text, match.end())
        if name in ("headline", "standfirst"):
            quotable += 1
            # What the archive itself writes keeps its quotation marks.
            value = text[match.end() : len(text.rstrip())].strip(" \t,;")
            quoted += end - start < len(value) and match["label"] not in _WRITTEN
        if name == "byline":
            # Committees and initials are not turned round, and tell nothing.
            parted += "," in text[start:end]
            plain += "," not in text[start:end] and " " in text[start:end]
            inverted += is_inverted(text[start:end])
    again = {
        key: times
        for key, times in others.items()
        if times >= max(_AGAIN, _IN_ENTRIES * known["headline"])
    }
    dated = [key for key, times in again.items() if dates[key] == times and not says_update(key)]
    dated.sort(key=lambda key: not says_so(key))
    named = known.total()
    signed = [key for key, times in again.items() if names[key] >= _NEARLY_ALL * times]
    enough = _KNOWN if named + sum(again.values()) < _ALL * lines else _KNOWN_OF_ALL
    if not lines or named < enough * lines or named + sum(again.values()) < _LABELLED * lines:
        return None
    if not known["headline"] and not (known["listing"] and named == lines):
        return None
    return Labels(
        form,
        frozenset(again),
        quoted=quoted > 0.8 * quotable,
        inverted=inverted > 0.6 * parted and inverted > plain,
        dated=dated[0] if dated and not known["date"] else "",
        signed=signed[0] if signed and not known["byline"] else "",
        kicker_behind=above < 0.5 * known["kicker"],
    )


_WRITTEN = frozenset(WRITTEN.values())


def _named_lines(lines: Iterable[str], form: str) -> int:
    """Return how many of *lines* have a known label of this form."""
    named = 0
    for text in lines:
        match = _FORMS[form].match(text)
        named += match is not None and _named(match["label"], form) is not None
    return named
