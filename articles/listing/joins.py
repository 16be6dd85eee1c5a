"""Where elements that a page shows in separate boxes are joined in one line without a sign.

"HousingThe town that bought its own parkBy Orla QuillJune 30, 2021". A join is told by its kind: a
section before the first capital inside a line, "By" and a name, a date in front of which or behind
which no space stands, two dates, a reading time. A file has a kind of join if most of its lines
that could have it do, three at least: a single one may be a name ("McGeever", "YouTube").
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from articles.folding import fold
from articles.listing.bare_names import bare_name
from articles.listing.credit_edges import byline_in
from articles.listing.credit_joins import LONGEST, MAY_HOLD, Join, credit_joins, may_join
from articles.listing.dates import date_at_end, date_at_start, whole_date
from articles.listing.furniture import is_count
from articles.listing.text_joins import (
    INNER,
    OF_NAMES,
    OPENING,
    aside_place,
    text_join,
)
from articles.listing.words import CAMEL_HEADS, SECTION_WORDS

#: Fewest lines with a kind of join, and their least share of those that could have it.
_FEWEST, _SHARE = 3, 0.5
#: Least share of the entries some of which have a section; entries by lines, if none has a date.
_SOME, _OF_ALL = 0.25, 0.2
_LONGEST_HEAD, _MOST_WORDS = 40, 4
#: Letters of the last word of a section, if it is not known as one.
_SHORTEST = 4
#: Kinds of joins beside a date.
_OF_DATES = frozenset(("behind", "before", "twice"))


class Head(NamedTuple):
    """What may be a section before a headline, and where the headline begins."""

    text: str
    rest: int


@dataclass(frozen=True, slots=True)
class Glue:
    """The kinds of joins that a file has, its sections, and which joins the lines with these have.

    Kinds: ``by``, ``behind`` (a date behind a text), ``before`` (a date before a text), ``twice``
    (two dates), ``count``, ``aside`` (a reading time behind a sign), ``section`` and ``text`` (a
    standfirst behind a headline).
    """

    kinds: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    beside: frozenset[frozenset[str]] = frozenset()
    # Heads that come again in some entries only: sections, or the first halves of names. Where
    # these are too few for a habit, lines with them stay whole.
    unsure: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.unsure)

    def joins(self, text: str) -> list[Join]:
        """Return the joins of a line at which it is to be cut, those of a doubtful section too."""
        if "aside" in self.kinds:
            aside = aside_place(text)
            if aside:
                return [Join(aside, "aside")]
        if not may_join(text):
            return []
        found = [join for join in credit_joins(text) if join.kind in self.kinds]
        head = _head_before(text, found) if "section" in self.kinds else None
        if head is not None and (kind := self._kind_of(text, head, found)):
            found = [Join(head.rest, kind), *found]
        place = _text_place(text, found) if "text" in self.kinds else None
        return found if place is None else sorted([*found, Join(place, "text")])

    def _kind_of(self, text: str, head: Head, found: Sequence[Join]) -> str:
        """Return the kind of the join behind *head*, "" if it is none."""
        if _key(head.text) in self.sections:
            return "section"
        kinds = frozenset(join.kind for join in found)
        if _key(head.text) in self.unsure or (kinds in self.beside and _may_be_section(text, head)):
            return "doubtful"
        return ""

    def noted(self, text: str) -> Head | None:
        """Return what may be a section of a line that stays whole."""
        if not self.unsure or "section" in self.kinds:
            return None
        head = head_of(text)
        return head if head is not None and _key(head.text) in self.unsure else None


def glue_of(sample: Sequence[str]) -> Glue:
    """Return the kinds of joins that *sample*, the first lines of a file, shows as a habit."""
    times: Counter[str] = Counter()
    heads: list[tuple[str, str, frozenset[str]]] = []
    rests: Counter[str] = Counter()
    for text in filter(may_join, sample):
        joins = credit_joins(text)
        kinds = frozenset(join.kind for join in joins)
        times.update(kinds)
        head = _head_before(text, joins)
        if head is not None:
            rest = text[head.rest : joins[0].place if joins else len(text)].split()
            heads.append((_key(head.text), rest[0], kinds))
            rests[" ".join(rest)] += 1
    times["aside"] = sum(aside_place(text) > 0 for text in sample)
    sections = _sections(heads)
    if not sections and max(times.values(), default=0) < _FEWEST:
        return Glue()
    found = _of_habit(sample, times, heads, rests, sections)
    texts = lines = 0
    for text in filter(may_join, sample):
        joins = found.joins(text)
        lines += bool(joins)
        texts += _text_place(text, joins) is not None
    if texts >= max(_FEWEST, _SHARE * lines):
        return replace(found, kinds=found.kinds | {"text"})
    return found


def _of_habit(
    sample: Sequence[str],
    times: Counter[str],
    heads: Sequence[tuple[str, str, frozenset[str]]],
    rests: Counter[str],
    sections: frozenset[str],
) -> Glue:
    could = _could(sample, times)
    again = sum(often for often in _stems(sample).values() if often >= _FEWEST)
    if again > _SHARE * times["behind"] and could["behind"] - times["behind"] >= again:
        # "Print EditionAugust 26, 2023", below the date of each entry: no text, and no date of it.
        times["behind"] -= again
    kinds = frozenset(
        kind for kind, often in times.items() if often >= max(_FEWEST, _SHARE * could[kind])
    )
    sure = sum(key in sections for key, _, _ in heads)
    entries = could["behind"] or _OF_ALL * could["section"]
    # "ReviewsFilm", "ReviewsBooks": what comes again behind a section is another one.
    twofold = sum(often for often in rests.values() if often > 1) > _SHARE * sure
    if twofold or sure < max(_FEWEST, _SOME * entries, _SHARE * len(heads)):
        return Glue(kinds, unsure=sections)
    if sure < _SHARE * entries:
        known = frozenset(key for key in sections if key in SECTION_WORDS)
        return Glue(kinds | {"section"}, known, unsure=sections - known)
    beside = Counter(kinds & joined for key, _, joined in heads if key in sections)
    usual = frozenset(kinds for kinds, often in beside.items() if often >= _SHARE * sure)
    return Glue(kinds | {"section"}, sections, usual)


def _stems(sample: Sequence[str]) -> Counter[str]:
    """Count what stands before glued dates and is no byline."""
    found: Counter[str] = Counter()
    for text in filter(may_join, sample):
        joins = credit_joins(text)
        stem = text[: joins[0].place] if joins and joins[0].kind == "behind" else ""
        if stem and byline_in(stem) is None:
            found[stem] += 1
    return found


def _text_place(text: str, joins: Sequence[Join]) -> int | None:
    """Return where a sentence begins right behind a headline, between a section and a credit."""
    if not joins:
        return None
    first = joins[0]
    start = first.place if first.kind in ("section", "doubtful", "before") else 0
    end = next((join.place for join in joins if join.place > start), len(text))
    return text_join(text, start, end)


def _could(sample: Sequence[str], times: Counter[str]) -> dict[str, int]:
    """Return how many lines of *sample* could have each kind of join, or have it: as many *times*
    as lines have it, and those in which the element stands by itself.
    """
    told = dated = signed = counted = 0
    for text in sample:
        if not text or text.isspace() or len(text) > LONGEST:
            continue
        told += 1
        joined = {join.kind for join in credit_joins(text)}
        dated += bool(joined & _OF_DATES) or (
            MAY_HOLD.search(text) is not None
            and (whole_date(text) or date_at_start(text) or date_at_end(text)) is not None
        )
        signed += "by" in joined or (times["by"] >= _FEWEST and byline_in(text) is not None)
        counted += "count" in joined or (times["count"] >= _FEWEST and is_count(text))
    found = {"by": signed, "count": counted, "section": told, "aside": times["aside"]}
    return dict.fromkeys(_OF_DATES, dated) | found


def _sections(heads: Sequence[tuple[str, str, frozenset[str]]]) -> frozenset[str]:
    """Return the heads that come again before other words: of "WikiLeaks" the second part does."""
    times = Counter(key for key, _, _ in heads)
    below: dict[str, set[str]] = {}
    for key, word, _ in heads:
        below.setdefault(key, set()).add(word)
    return frozenset(
        key
        for key, often in times.items()
        if often > 1 and len(below[key]) > 1 and len(below[key]) >= _SHARE * often
    )


def _key(head: str) -> str:
    return fold(head)


def _head_before(text: str, joins: Sequence[Join]) -> Head | None:
    return head_of(text[: joins[0].place] if joins else text)


def head_of(text: str) -> Head | None:
    """Return what stands before the first capital, figure or quotation mark inside a word."""
    start = len(text) - len(text.lstrip())
    if not text[start : start + 1].isupper():
        return None
    for place in range(start + 2, min(len(text), start + _LONGEST_HEAD)):
        quoted = text[place] in OPENING or text[place] == "»"
        if not text[place - 1].islower() and not (quoted and text[start:place].isupper()):
            if not (text[place - 1].isalpha() or text[place - 1] in " &-"):
                return None
            continue
        mark = text[place]
        if mark.isupper() or mark.isdigit() or quoted:
            head = Head(text[start:place], place)
            return head if _may_head(head.text, text[place:]) else None
    return None


def _may_head(head: str, rest: str) -> bool:
    words = head.split()
    last = words[-1]
    if len(words) > _MOST_WORDS or rest.startswith(INNER) or not rest.strip():
        return False
    if fold(last) in SECTION_WORDS:
        return True
    if last.casefold() in CAMEL_HEADS | OF_NAMES:
        return False
    if len(last) < _SHORTEST:
        # "Ann LeeThe bridge that leans": a name of several words.
        return len(last) == _SHORTEST - 1 and len(words) > 1 and bare_name(head) is not None
    if len(words) > 1 and last.endswith("in") and bare_name(head[:-2]) is not None:
        # "Orla QuillinThe Fen Review": a name, and where it was printed.
        return False
    return last[0].isupper() or len(words) > 1


def _may_be_section(text: str, head: Head) -> bool:
    """Tell whether a head that comes once may be a section all the same: it, or a word of it."""
    words = fold(head.text).split()
    known = not SECTION_WORDS.isdisjoint(words)
    return (known or len(words) == 1) and not text[head.rest].isdigit()
