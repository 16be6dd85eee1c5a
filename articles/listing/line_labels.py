"""Lines of a label and its value in a file of no labelled dialect: "From: …", "Word count: 900".

What the values of a label are, all of them together, tells its role where the label itself does
not: dates, names, pages. A label that comes again beside such ones, and says nothing to this
archive, makes its line one of the page. A lone label before texts is rather a kicker.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from articles.listing.bare_names import bare_name
from articles.listing.credit_edges import KEPT_PREFIX, byline_in
from articles.listing.credit_words import says_so, says_update
from articles.listing.credits import credit_lines
from articles.listing.date_edges import MAY_DATE
from articles.listing.dates import shifted, whole_date
from articles.listing.forms import Form
from articles.listing.furniture import is_furniture
from articles.listing.imprints import says_printed
from articles.listing.label_words import LABELS, label_key, says_by
from articles.listing.records import SpanRole

_LABEL = re.compile(
    r"\s{0,4}(?P<label>[^\W\d_][^\W_]*(?:[ -][^\W_]+){0,3}(?:\((?:s|in|es|e)\))?)\s?[:：]"
    r"\s{1,12}(?P<value>\S.*?)\s*\Z"
)
_FIGURES = re.compile(r"[\W\d]{1,20}(?:[^\W\d_]{1,10})?\Z")
#: Words before a byline that are too common to be one of the labels of the labelled dialect.
_FROM = frozenset(("from", "source", "quelle", "de", "da", "fuente", "fonte", "от", "источник"))
_PAGE = ("pages", "volume", "issue", "link", "key", "language", "tags", "rights", "publication")
#: Words that a code has at most: "HB 2020/14".
_CODE_WORDS = 2
_LONGEST_LABEL, _LONGEST_VALUE, _MOST = 36, 80, 200
#: How often a label comes again at least, and by the share of the entries one of several.
_AGAIN, _AS_OFTEN = 3, 0.6
_NEARLY_ALL, _MOST_OF = 0.9, 0.7
_SURE = 6.0


@dataclass(slots=True)
class _Values:
    times: int = 0
    dates: int = 0
    figures: int = 0
    names: int = 0
    # Values that are a code with digits, and those that differ.
    numbered: int = 0
    told: set[str] = field(default_factory=set)


@dataclass(slots=True)
class LineLabels:
    """The labels of a file, counted in bounded memory, with what their values are."""

    found: dict[str, _Values] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Take in one line."""
        if text.find(":", 0, _LONGEST_LABEL) < 0 and text.find("：", 0, _LONGEST_LABEL) < 0:
            return
        match = _LABEL.match(text)
        if match is None or KEPT_PREFIX.match(text) or byline_in(text) or is_furniture(text):
            return
        key = label_key(match["label"])
        if MAY_DATE.search(match["value"]) is not None and (
            says_printed(text)
            or any("B" in form.roles for form in credit_lines(text, None, frozenset()))
        ):
            # "Text: A – 3 May 2020", "Source: Vell Courier, 3 May 2020".
            return
        values = self.found.get(key)
        if values is None:
            if len(self.found) >= _MOST:
                self.found = {key: one for key, one in self.found.items() if one.times > 1}
                if len(self.found) >= _MOST:
                    return
            values = self.found[key] = _Values()
        values.times += 1
        value = match["value"]
        if values.times > _MOST or len(value) > _LONGEST_VALUE:
            return
        if MAY_DATE.search(value) and whole_date(value) is not None:
            values.dates += 1
        else:
            values.told.add(value)
            values.names += bare_name(value) is not None
            code = any(mark.isdigit() for mark in value) and len(value.split()) <= _CODE_WORDS
            values.numbered += code
            values.figures += _FIGURES.match(value) is not None

    def roles(self, entries: int) -> Mapping[str, str]:
        """Return the role of each label that has one in a file of so many *entries*, by their
        dates: B, D, F, H, X for none.
        """
        often = {key: one for key, one in self.found.items() if one.times >= _AGAIN}
        told = {key: _role(key, one) for key, one in often.items()}
        dates = [key for key, role in told.items() if role == "D"]
        changed = [key for key, one in often.items() if says_update(key) and one.dates]
        if not dates and changed and often[changed[0]].dates >= _NEARLY_ALL * entries:
            # "Stand: …", and the file has no other date.
            told[changed[0]] = "D"
        if len(dates) > 1:
            first = next((key for key in dates if says_so(key) and not says_update(key)), dates[0])
            told.update((key, "X") for key in dates if key != first)
        # Two that most entries have can be no kickers, of which an entry has one.
        usual = [key for key in told if often[key].times >= _AS_OFTEN * entries]
        for key in usual if len(usual) > 1 else ():
            if not told[key] and _are_names(often[key]):
                told[key] = "X" if "B" in told.values() else "B"
            told[key] = told[key] or ("X" if _sorts(often[key]) else "")
        return {key: role for key, role in told.items() if role}


def _role(key: str, values: _Values) -> str:
    """Return the role that a label says, or its values all together; "" for none."""
    looked_at = min(values.times, _MOST)
    name = LABELS.get(key, "")
    if values.dates >= _NEARLY_ALL * looked_at:
        return "D" if name in ("", "date") and not says_update(key) else "X"
    if name in _PAGE or values.figures >= _NEARLY_ALL * looked_at:
        return "X"
    if key in _FROM or name == "byline" or says_by(key):
        return "B" if not values.dates else ""
    if name in ("standfirst", "headline"):
        return "F" if name == "standfirst" else "H"
    return ""


def _are_names(values: _Values) -> bool:
    return values.names >= _NEARLY_ALL * min(values.times, _MOST)


def _sorts(values: _Values) -> bool:
    """Tell whether values sort or number the entries: they come again, or hold digits."""
    looked_at = min(values.times, _MOST)
    return len(values.told) <= _MOST_OF * looked_at or values.numbered >= _NEARLY_ALL * looked_at


def labelled_form(text: str, roles: Mapping[str, str], day_first: bool | None) -> Form | None:
    """Return *text* read as a label of *roles* and its value; None if it is none."""
    if text.find(":", 0, _LONGEST_LABEL) < 0 and text.find("：", 0, _LONGEST_LABEL) < 0:
        return None
    match = _LABEL.match(text)
    role = roles.get(label_key(match["label"])) if match is not None else None
    if match is None or role is None:
        return None
    start, end = match.span("value")
    span: SpanRole = "furniture"
    if role == "D":
        date = whole_date(match["value"], day_first)
        if date is None:
            return None
        date = shifted(date, start)
        return Form("D", _SURE, ((date.start, date.end, "date"),), date)
    if role == "B" and byline_in(text) is not None:
        # "Author: A, 3 May 2020" may hold more.
        return None
    if role == "B":
        return Form("B", _SURE, ((start, end, "byline"),), None, match["value"])
    if role in "FH":
        span = "standfirst" if role == "F" else "headline"
        return Form(role, _SURE, ((start, end, span),))
    return Form("X", _SURE, ((0, len(text), span),))
