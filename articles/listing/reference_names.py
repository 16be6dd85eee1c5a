"""Names at the head of a bibliographic reference, where the last name may stand first.

"Quill, O., & Meer, I.", "Quill, Orla, and Ida Meer", "Quill O, Meer I", "Лодкин А. П.",
"QUILL Orla", "Orla Quill / Ida Meer", "Board of Pilots". A person is named with the first name
first, as printed otherwise.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from articles.listing.bylines import PARTICLES, is_ditto, looks_like_name, read_byline
from articles.listing.records import Credit

_INITIALS = re.compile(r"[^\W\d_][a-zа-я]?\.(?:[\s-]{0,2}[^\W\d_][a-zа-я]?\.){0,3}")
_BARE_INITIALS = re.compile(r"[^\W\d_]{1,3}")
_SUFFIX = re.compile(r"(?:[JS]r|Esq|II|III|IV)\.?")
_WORD = re.compile(r"[^\W\d_][^\W\d_’'.‘-]*(?:[’'‘-][^\W\d_]+){0,3}\.?")
_PARTS = re.compile(
    r"\s?;\s(?:&\s|and\s)?|\s?/\s?|\s?,?\s(?:&|and|und|et|y|e|и|och|AND|UND|ET|Y|И)\s"
)
#: What may stand behind names: of several only the first is named; who edited.
_OTHERS = re.compile(
    r"[\s,]{1,3}(?:(?:et|and)\s(?:al\b\.?|others)|u\.\s?a\.|и\sдр\.|i\sinni|y\sotros)\s*\Z"
)
_EDITORS = re.compile(
    r"[\s,]{1,3}[(\[]?(?:Eds?|[Ee]ditors?|eds?|Hrsg|Hg|[Dd]ir|[Cc]oord"
    r"|[Oo]rgs?|[Éé]d|[Рр]ед|[Cc]omps?|[Aa] cura di)"
    r"\.?[)\]]?\.?\s*\Z"
)
_NOBODY = re.compile(r"(?:N\.\s?N|[oO]\.\s?[AV]|[Uu]nsigned)\.?\Z")
_IN_BRACKETS = re.compile(r"(?P<last>[^()]{2,40})\s\((?P<first>[^()]{2,40})\)\Z")
_LONGEST, _MOST_WORDS, _LONGEST_ORGANISATION = 400, 4, 14
#: Most full stops among names.
_MOST_STOPS = 24
_KEPT_STOP = re.compile(r"(?:(?:^|[\s.,(-])[^\W\d_]|\b(?:al|др|[JS]r|u\. ?a))\.\Z")


@dataclass(frozen=True, slots=True)
class Names:
    """Who is named, and whether all of it is read; ``inverted``: a last name stands first."""

    credits: tuple[Credit, ...] = ()
    sure: bool = True
    inverted: bool = False
    ditto: bool = False


def names_end(text: str, start: int, end: int) -> int:
    """Return where names end that stand up to *end*, without a full stop that is not theirs."""
    while end > start and text[end - 1] in " \t,;:":
        end -= 1
    if text[start:end].endswith(".") and not (
        _KEPT_STOP.search(text, start, end) or _EDITORS.search(text, start, end)
    ):
        end -= 1
    return end


@lru_cache(maxsize=1_000)
def names_of(text: str, *, turned: bool = False) -> Names | None:
    """Return who *text* names; None if it is no names at all.

    *turned* says that the style puts the last name of the first person first.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if is_ditto(text) or is_ditto(text.rstrip(" .,:")):
        return Names(ditto=True)
    if _NOBODY.match(text):
        return Names()
    editors = _EDITORS.search(text)
    text = text[: editors.start()] if editors else text
    others = _OTHERS.search(text)
    text = text[: others.start()] if others else text
    text = text.strip(" ,;")
    if not text:
        return None
    found = _turned_all(text) or _persons(text, turned=turned)
    if found is None:
        return _organisation(text)
    inverted, names = found
    if not inverted:
        reading = read_byline(text)
        if not reading.credits:
            return None
        return Names(reading.credits, not reading.diagnostics)
    role = "edt" if editors else "aut"
    credits_read = dict.fromkeys(Credit(name, "person", role) for name in names)
    return Names(tuple(credits_read), inverted=True)


def head_end(text: str, start: int, end: int) -> int | None:
    """Return where inverted names, or marks in their place, end that a full stop closes; else None.

    That of an initial may be the one: "Quill, O. The bar.", "Quill O, Meer I. The bar".
    """
    at = start
    for _ in range(_MOST_STOPS):
        at = text.find(". ", at, min(end, start + _LONGEST)) + 1
        if not at:
            return None
        behind = text[at + 1 : at + 3]
        if behind[1:] == "." and behind[0].isalpha():
            continue
        for end_of_names in (at, at - 1):
            names = names_of(text[start:end_of_names], turned=True)
            if names is not None and (names.inverted or names.ditto):
                return at
    return None


def _turned_all(text: str) -> tuple[bool, list[str]] | None:
    """Read names with initials behind, without a comma: "Лодкин А. П., Мель И.", "Quill O"."""
    names = []
    for part in re.split(r"\s?[,;]\s(?:&\s|and\s|и\s)?|\s(?:и|and|&)\s", text):
        words = part.split()
        cut = next((at for at, word in enumerate(words) if at and _is_initial(word)), 0)
        behind = " ".join(words[cut:])
        if not cut or not _is_last(words[:cut]):
            return None
        if not _INITIALS.fullmatch(behind):
            bare = _BARE_INITIALS.fullmatch(behind) and behind.isupper()
            if not bare or any(word.isupper() for word in words[:cut]):
                return None
        names.append(f"{behind} {' '.join(words[:cut])}")
    return (True, names) if names else None


def _is_initial(word: str) -> bool:
    if word.endswith("."):
        return _INITIALS.fullmatch(word) is not None
    return word.isupper() and len(word) <= 3


def _persons(text: str, *, turned: bool) -> tuple[bool, list[str]] | None:
    """Read names parted by commas, "and" and strokes; None if any of it is no name."""
    names: list[str] = []
    inverted = False
    for chunk in _PARTS.split(text):
        pieces = [piece.strip() for piece in chunk.split(",")]
        pieces = [piece for piece in pieces if piece]
        at = 0
        while at < len(pieces):
            last = pieces[at]
            first = pieces[at + 1] if at + 1 < len(pieces) else ""
            if first and _goes_before(first, last, first_of_all=not names, turned=turned):
                name, at, inverted = f"{first} {last}", at + 2, True
            elif (bracketed := _IN_BRACKETS.match(last)) is not None and _goes_before(
                bracketed["first"], bracketed["last"], first_of_all=True, turned=True
            ):
                name, at, inverted = f"{bracketed['first']} {bracketed['last']}", at + 1, True
            elif (of_capitals := _capitals_first(last)) is not None:
                name, at, inverted = of_capitals, at + 1, True
            elif len(last.split()) > 1 and looks_like_name(last):
                name, at = last, at + 1
            else:
                return None
            if at < len(pieces) and _SUFFIX.fullmatch(pieces[at]):
                name, at = f"{name}, {pieces[at]}", at + 1
            names.append(name)
    return (inverted, names) if names else None


def _goes_before(first: str, last: str, *, first_of_all: bool, turned: bool) -> bool:
    """Tell whether *first*, behind a comma, is the first name of *last*."""
    words = last.split()
    if not _is_last(words):
        return False
    if _INITIALS.fullmatch(first):
        return True
    given = first.split()
    if len(given) > _MOST_WORDS or not all(_WORD.fullmatch(word) for word in given):
        return False
    if not given[0][:1].isupper():
        return False
    alone = len(words) == 1 or words[0].casefold() in PARTICLES
    return alone or (first_of_all and (turned or len(given) == 1))


def _is_last(words: list[str]) -> bool:
    """Tell whether *words* may be a last name."""
    if not 1 <= len(words) <= _MOST_WORDS or not all(_WORD.fullmatch(word) for word in words):
        return False
    capital = any(word[:1].isupper() for word in words)
    return capital and all(word[:1].isupper() or word in PARTICLES for word in words)


def _capitals_first(name: str) -> str | None:
    """Return "Orla QUILL" for "QUILL Orla"; None for a name of another form."""
    words = name.split()
    cut = next((at for at, word in enumerate(words) if not word.isupper()), 0)
    if not cut or len(words) > _MOST_WORDS or len(words[0].strip(".")) < 2:
        return None
    given = words[cut:]
    if not all(_WORD.fullmatch(word) and word[0].isupper() for word in given):
        return None
    return " ".join((*given, *words[:cut]))


def _organisation(text: str) -> Names | None:
    """Return the one name of an office or a society; None if *text* reads like no name."""
    words = text.split()
    if len(words) > _LONGEST_ORGANISATION or not words[0][:1].isupper():
        return None
    if any(mark in text for mark in '?!“”"«»:'):
        return None
    reading = read_byline(text)
    known = [credit for credit in reading.credits if credit.kind != "person"]
    if len(known) == 1 and len(reading.credits) == 1:
        return Names(tuple(known))
    if len(words) == 1 or "," in text:
        # "Anonymous", "Quill, Orla Maria Anna Josefa and others": a name, or none.
        return Names(reading.credits, sure=len(words) == 1 and not reading.diagnostics)
    return Names((Credit(text, "organisation"),), sure=False)
