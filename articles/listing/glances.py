"""What an editor sees at a glance on a listing that was read: a field is not what it should be, and
the same way all over the file.

A form of listing that the parser does not know is read wrong from its first entry to its last, and
each entry by itself may look fine: only beside the others it shows that all headlines begin with a
number, that a standfirst says the same everywhere but for a figure, that headlines are sentences
and what stands below them is not. The beginning of the file is read for such signs in the first
pass; each that is found is put to the entries that have it in the second.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from articles.listing.papers import is_sorting
from articles.listing.records import Diagnostic, Entry, Topic, Unclaimed
from articles.listing.words import word_set

#: Lines at the beginning of a file that are read for signs, and fewest entries that show any.
LINES, _FEWEST = 250, 3
#: Share of the values of a field from which it is nearly all of them; with a word that may well be
#: part of it, and fewest values then; with what seldom stands in it; with a dash.
_MOST, _OF_WORDS, _FEWEST_WORDS, _HALF, _DASHED = 0.6, 0.8, 5, 0.5, 0.85
#: Share of headings from which those that end in dots, or where none can end, tell of the others;
#: share of the entries that have the same headlines; words of a headline that may be a text.
_DOTTED, _HANGS, _TWICE, _LONG = 0.2, 0.08, 0.6, 8

_LETTERS, _FIGURES = re.compile(r"[^\W\d_]+"), re.compile(r"[0-9]+")
#: Signs that part fields, and hardly stand in headlines; and such as may.
_PARTING = re.compile(r"\s(::|//|\|\||->|[~@>|·•/»›→⟶=+*¦_])\s")
_DASH = re.compile(r"\s[-–—]\s|[;\t]")
_STOPS, _DOTS = (".", "…"), ("…", "...")
_HANGING = re.compile(
    r"(?:[,;–—-]|\s(?:of|the|and|de|la|el|del|los|las|y|du|des|le|les|et|di|il|e"
    r"|da|do|der|die|das|den|dem|und|von|im|für|het|и|в|на|с))\Z"
)
_NAMED = re.compile(
    r"\s[^\W\d_A-ZÀ-ÞА-Я][\w’'-]*(?:[^\w\s]{1,3})?(?:\s[^\w\s]{1,2})?(?:\s[^\s:]{2,12}\s?:)?"
    r"\s(?P<name>(?:(?:By|Von|Par|Por|Di|Door)\s)?[A-ZÀ-ÞА-Я][\w’'-]+\s(?:[A-Z]\.\s)?"
    r"[A-ZÀ-ÞА-Я][\w’'-]+)\Z"
)
_HEAD = re.compile(r"(?P<head>[^\W_][^.:!?]{1,28}?)(?:\.|\s[-–—]|\s?:)\s(?=\S)")
_STOPPED_HEAD = re.compile(r"[^\W\d_]{3,}(?:\s[^\W\d_]+)?\.\s(?=\S)")
#: Words that many headlines begin with.
_SMALL = word_set(
    "the a an how why what when der die das ein eine wie warum le la les un une des l el los las"
    " il lo i gli o os as het de een как что in on и в на zur zum im q"
)

Item = Topic | Entry | Unclaimed
Entries = Sequence[Entry]


class Sign(NamedTuple):
    """What is implausible of a field: its kind, and the text that tells the entries that have it.

    What ``text`` is depends on the kind: a word, a sign, a name, a whole value; or nothing.
    """

    kind: str
    role: str
    text: str = ""


def signs_in(items: Sequence[Item], lines: Sequence[str]) -> tuple[Sign, ...]:
    """Return what is implausible in *items*, which were read in *lines*, the first of a file."""
    entries = [item for item in items if isinstance(item, Entry)]
    if len(entries) < _FEWEST:
        return ()
    found = [sign for check in _CHECKS for sign in check(entries)]
    return (*found, *_neighbours(items, entries, lines), *_inherited(items))


def doubted(items: Iterable[Item], signs: Sequence[Sign]) -> Iterator[Item]:
    """Yield *items*; an entry without a doubt that has one of *signs* carries one."""
    below = 0
    for item in items:
        if isinstance(item, Entry):
            below += 1
            if not item.diagnostics:
                found = next((sign for sign in signs if _has(item, sign, below)), None)
                if found is not None:
                    item = item._replace(diagnostics=(_remark(item, found),))
        elif _is_heading(item):
            below = 0
        yield item


def _values(entries: Entries, role: str) -> list[str]:
    return [value for entry in entries if (value := getattr(entry, role))]


def _most(count: int, total: int, share: float = _MOST) -> bool:
    return count >= max(_FEWEST, share * total)


def _first(text: str) -> str:
    """Return the first word of *text*, with signs for figures and for what stands beside them."""
    words = text.split(None, 1)
    return _masked(words[0].lstrip("“„«\"‘'¿¡(")) if words else ""


def _last(text: str) -> str:
    words = text.rsplit(None, 1)
    return _masked(words[-1].rstrip("”“»\"’'.…!?")) if words else ""


def _masked(word: str) -> str:
    masked = _FIGURES.sub("#", word).casefold()
    return _LETTERS.sub("a", masked) if "#" in masked else masked


def _but_for_figures(text: str) -> str:
    return _FIGURES.sub("#", text)


def _edges(entries: Entries) -> Iterator[Sign]:
    """What nearly all values of a field begin or end with: a number, a label, a button."""
    for role in ("headline", "subtitle", "standfirst"):
        values = _values(entries, role)
        _, alike = _commonest(map(_but_for_figures, values))
        if _most(alike, len(values), _HALF):
            continue  # "Notes of the week 12"
        for kind, word_of in (("begins", _first), ("ends", _last)):
            word, count = _commonest(map(word_of, values))
            plain = re.sub(r"[-’']", "", word).isalpha()
            if not word or word.rstrip(":") in _SMALL:
                continue
            if plain and (role == "headline" or len(values) < _FEWEST_WORDS):
                continue  # "Letter from Vell"
            if word == "#" and kind == "begins" and not _count_on(values):
                continue  # "12 Angry Men", "7 ways to cross the quay"
            if _most(count, len(values), _OF_WORDS if plain else _MOST):
                yield Sign(kind, role, word)


def _count_on(values: Sequence[str]) -> bool:
    """Tell whether the numbers that *values* begin with are those of a list: one by one."""
    numbers = [
        int(match[0][:9]) for value in values if (match := _FIGURES.match(value)) is not None
    ]
    steps = sum(abs(one - two) == 1 for one, two in pairwise(numbers))
    return steps >= _MOST * (len(numbers) - 1)


def _commonest(values: Iterable[str]) -> tuple[str, int]:
    return next(iter(Counter(values).most_common(1)), ("", 0))


def _parted(entries: Entries) -> Iterator[Sign]:
    """A sign that parts fields, inside most values of one."""
    for role in ("headline", "subtitle", "standfirst"):
        values = _values(entries, role)
        for pattern, share in ((_PARTING, _HALF), (_DASH, _DASHED)):
            if pattern is _DASH and role == "standfirst":
                continue  # "VELL — The dam holds."
            sign, count = _commonest(m[0].strip() for v in values if (m := pattern.search(v)))
            if _most(count, len(values), share):
                yield Sign("holds", role, sign)


def _again(entries: Entries) -> Iterator[Sign]:
    """Texts that come again as they are, or but for a figure; kickers that are figures."""
    for role in ("subtitle", "standfirst"):
        values = _values(entries, role)
        text, count = _commonest(map(_but_for_figures, values))
        if _most(count, len(values), _HALF) and len(text.split()) <= _LONG:
            yield Sign("again", role, text)
    headlines = Counter(entry.headline for entry in entries if entry.part_label is None)
    twice = {text: times for text, times in headlines.items() if times > 1}
    if _most(sum(twice.values()), len(entries), _TWICE):
        for text in twice:
            yield Sign("again", "headline", text)
    kickers = _values(entries, "kicker")
    if _most(len(kickers), len(entries)) and len(set(kickers)) == 1 and not is_sorting(kickers[0]):
        yield Sign("again", "kicker", _but_for_figures(kickers[0]))
    if _most(sum(_FIGURES.search(value) is not None for value in kickers), len(kickers)):
        yield Sign("figures", "kicker")


def _texts(entries: Entries) -> Iterator[Sign]:
    """Headings that are sentences, where standfirsts are few; longer than what stands below them;
    cut short by dots; or such as cannot end where they do.
    """
    few = len(_values(entries, "standfirst")) < 0.2 * len(entries)
    for role in ("headline", "subtitle"):
        values = _values(entries, role)
        if _most(sum(v.endswith(_STOPS) for v in values), len(values)) and (
            few or role == "headline"
        ):
            yield Sign("sentence", role)
        dots = sum(value.endswith(_DOTS) for value in values)
        if dots > 1 and dots >= _DOTTED * len(values):
            yield Sign("dots", role)
    hanging = sum(_HANGING.search(entry.headline) is not None for entry in entries)
    if hanging > 1 and hanging >= _HANGS * len(entries):
        yield Sign("hanging", "headline")
    labels = [e for e in entries if len(e.headline.split()) <= 2 and not e.kicker and e.standfirst]
    if _most(len(labels), len(entries), _OF_WORDS):
        yield Sign("labels", "headline")
    both = [(e.headline, e.subtitle) for e in entries if e.subtitle and not e.standfirst]
    longer = sum(len(one.split()) >= _LONG and len(one) > len(two) for one, two in both)
    if _most(longer, len(both)) and 2 * len(both) > len(entries):
        yield Sign("long", "headline")


def _names(entries: Entries) -> Iterator[Sign]:
    """Names at the end of headlines in a file without bylines; one name beside all others."""
    named = sum(_NAMED.search(entry.headline) is not None for entry in entries)
    if _most(named, len(entries)) and len(_values(entries, "byline")) < 0.2 * len(entries):
        yield Sign("named", "headline")
    signed = [{one.name for one in e.credits if one.role == "aut"} for e in entries if e.credits]
    name, _ = _commonest(name for names in signed for name in names)
    shared = sum(name in names and len(names) > 1 for names in signed)
    if _most(shared, len(signed)) and len(set().union(*signed)) > _FEWEST:
        yield Sign("credited", "byline", name)


def _kickers(entries: Entries) -> Iterator[Sign]:
    """A few words, with a stop or a dash behind them, at the head of most headlines."""
    heads = Counter(m["head"] for e in entries if (m := _HEAD.match(e.headline)))
    again = sum(count for count in heads.values() if count > 1)
    stopped = sum(_STOPPED_HEAD.match(entry.headline) is not None for entry in entries)
    if max(again, stopped) > _FEWEST and _most(max(again, stopped), len(entries)):
        yield Sign("headed", "headline")


_CHECKS: tuple[Callable[[Entries], Iterator[Sign]], ...] = (
    _edges, _parted, _again, _texts, _names, _kickers,
)  # fmt: skip


def _neighbours(items: Sequence[Item], entries: Entries, lines: Sequence[str]) -> Iterator[Sign]:
    """Texts parted by blank lines from the entry that has them and not from the next one, or one
    above the first entry where the last has none; dates that stand so below an entry.
    """
    blank = {number for number, text in enumerate(lines, 1) if not text.strip()}
    dates = texts = below = 0
    for upper, lower in pairwise(items):
        if not isinstance(upper, Entry):
            continue
        close = _first_line(lower) == upper.last_line + 1
        if isinstance(lower, Entry) and close and upper.last_line - 1 in blank:
            texts += any(s.role == "standfirst" and s.line == upper.last_line for s in upper.spans)
        if isinstance(lower, Unclaimed) and lower.span.role == "date":
            dates += 1
            below += close and lower.line + 1 in blank
    if _most(below, dates):
        yield Sign("below", "published_on")
    have = len(_values(entries, "standfirst"))
    place = next(number for number, item in enumerate(items) if isinstance(item, Entry))
    above = items[place - 1] if place else None
    lost = (
        above is not None
        and not isinstance(above, Entry)
        and above.line + 1 == entries[0].first_line
        and above.text.rstrip().endswith(_STOPS)
        and entries[-1].standfirst is None
    )
    if _most(texts, have, _HALF) or (lost and 2 * have > len(entries)):
        yield Sign("above", "standfirst")


def _inherited(items: Iterable[Item]) -> Iterator[Sign]:
    """Dates above entries, most of them of one alone: a second one below may have none."""
    below: list[int] = []
    for item in items:
        if _is_heading(item):
            below.append(0)
        elif isinstance(item, Entry) and below and not _has_date(item):
            below[-1] += 1
    if _most(below.count(1), len(below), _HALF) and max(below) > 1:
        yield Sign("inherited", "published_on")


def _first_line(item: Item) -> int:
    return item.first_line if isinstance(item, Entry) else item.line


def _is_heading(item: Item) -> bool:
    return isinstance(item, Unclaimed) and item.span.role in ("date", "issue")


def _has_date(entry: Entry) -> bool:
    return any(span.role == "date" for span in entry.spans)


def _has(entry: Entry, sign: Sign, below: int) -> bool:
    """Tell whether *entry*, the nth *below* a heading with a date, has what *sign* tells of."""
    value = getattr(entry, sign.role)
    if value is None:
        # A standfirst that was given to the entry above is missed here.
        return sign.kind == "above"
    match sign.kind:
        case "begins":
            return _first(value) == sign.text
        case "ends":
            return _last(value) == sign.text
        case "holds":
            return any(
                m[0].strip() == sign.text for p in (_PARTING, _DASH) for m in p.finditer(value)
            )
        case "again":
            return sign.text in (value, _but_for_figures(value))
        case "sentence":
            return bool(value.endswith(_STOPS))
        case "dots":
            return bool(value.endswith(_DOTS))
        case "hanging":
            return _HANGING.search(value) is not None
        case "named":
            return _NAMED.search(value) is not None
        case "credited":
            return any(credit.name == sign.text for credit in entry.credits)
        case "headed":
            return _HEAD.match(value) is not None
        case "inherited":
            return below > 1 and not _has_date(entry)
        case _:
            return True


_MESSAGES: Mapping[str, str] = {
    "begins": "Nearly every {role} of the file begins with the like of “{text}”.",
    "ends": "Nearly every {role} of the file ends with the like of “{text}”.",
    "holds": "Nearly every {role} of the file has “{text}” inside: it may be two fields.",
    "again": "The same {role} comes again and again in the file: it may be something else.",
    "figures": "Nearly every kicker of the file has figures: it may be a number, or a date.",
    "sentence": "Nearly every {role} of the file is a sentence: it may be a standfirst.",
    "dots": "Some texts read as {role} end in dots in this file, as texts do that are cut short.",
    "labels": "Headlines of the file are a word or two above texts: they may be sections.",
    "hanging": "Headlines of the file end where none can: their lines may be broken.",
    "long": "Nearly every headline of the file is longer than its subtitle: it may be a text.",
    "named": "Nearly every headline of the file ends with what may be a name.",
    "credited": "“{text}” is credited beside all others of the file: it may be no name.",
    "headed": "Nearly every headline of the file begins with what may be a kicker.",
    "above": "The standfirsts of the file may be those of the entries below them.",
    "below": "The dates of the file may be those of the entries above them.",
    "inherited": "Most other entries of the file have a date of their own: this one may have none.",
}


def _remark(entry: Entry, sign: Sign) -> Diagnostic:
    value = getattr(entry, sign.role) or ""
    line = next((s.line for s in entry.spans if s.role == sign.role), entry.first_line)
    text = sign.text
    if sign.kind in ("begins", "ends"):
        text = value.split()[0 if sign.kind == "begins" else -1]
    message = _MESSAGES[sign.kind].format(role=sign.role, text=text)
    other = _otherwise(entry, sign, value)
    return Diagnostic("field-implausible", line, message, (other,) if other else ())


def _otherwise(entry: Entry, sign: Sign, value: str) -> dict[str, str | None]:
    """Return the reading that *sign* speaks for, as far as it is one."""
    role = sign.role
    match sign.kind:
        case "begins" if len(words := value.split(None, 1)) > 1:
            return {role: words[1]}
        case "ends" if len(words := value.rsplit(None, 1)) > 1:
            return {role: words[0]}
        case "again" | "figures" if role != "headline":
            return {role: None}
        case "sentence" | "dots" if role == "subtitle" and entry.standfirst is None:
            return {"subtitle": None, "standfirst": value}
        case "sentence" | "dots" | "long" if entry.subtitle and entry.standfirst is None:
            return {"headline": entry.subtitle, "subtitle": None, "standfirst": value}
        case "named" if entry.byline is None and (match := _NAMED.search(value)):
            return {"headline": value[: match.start("name")].rstrip(), "byline": match["name"]}
        case "headed" if entry.kicker is None and (match := _HEAD.match(value)):
            return {"kicker": match["head"], "headline": value[match.end() :]}
    return {}
