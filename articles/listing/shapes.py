"""What can be seen of one line without its neighbours: length, ending, openings, verbs.

A shape is computed once per line and looks at its first 600 and last 80 characters only, so that
the cost of judging a line is bounded whatever its length.
"""

import re
from dataclasses import dataclass
from typing import Literal

from articles.listing import words as lists

Ending = Literal["stop", "abbreviation", "ellipsis", "query", "none"]

_FRONT = 600
_BACK = 80
_CLOSERS = "\"'”’»)]› "
_OPENING_QUOTES = '“"«‘„'
_CLOSING_QUOTES = '”"»’“'
_SENTENCE_BREAK = re.compile(r"[a-z0-9’)”]{2}[.][”’\")]{0,2}\s[“‘\"(]?[A-Z]")
_INITIALS = re.compile(r"(?:^|[\s(.])[^\W\d_]\.$")
_VERBS = lists.AUXILIARIES | lists.HEADLINE_VERBS
_RUBRIC_TURN = re.compile("|".join(lists.RUBRIC_TURNS))
_COLON = re.compile(r":\s|：")
_LIFE_DATES = re.compile(
    r"[(\[]\s?(?:born |b\. |c\. ?)?[12][0-9]{3}\s?[-–—]\s?(?:[12][0-9]{3})?\s?[)\]]\Z"
)
_WORD_EDGES = ".,;:!?()[]“”‘’\"'«»…—–-"


@dataclass(frozen=True, slots=True)
class Shape:
    """The visible features of a line; see ``shape_of``."""

    length: int
    words: int
    ending: Ending
    sentences: bool
    colon: bool
    verb: bool
    quotation: bool
    exclaims: bool
    asks: bool
    speaks_of_itself: bool
    title_case: bool
    lower_case: bool
    article: str
    explains: bool
    possessive: bool
    genre: bool
    bare_rubric: bool
    labelled: bool
    numeral: bool
    rubric: bool
    role_of_person: bool
    event_date: bool
    volume: bool
    life_dates: bool
    memorial: bool


def shape_of(text: str) -> Shape:
    """Return the shape of *text*, any string with at least one character that is not a space."""
    stripped = text.strip()
    front, back = stripped[:_FRONT], stripped[-_BACK:]
    split = front.split()
    plain = [word.strip(_WORD_EDGES).casefold() for word in split]
    ending = _ending(back)
    first = plain[0] if plain else ""
    second = plain[1] if len(plain) > 1 else ""
    lowered = front.casefold()
    return Shape(
        length=len(stripped),
        words=len(split),
        ending=ending,
        sentences=_SENTENCE_BREAK.search(front) is not None,
        colon=_COLON.search(front) is not None,
        verb=not _VERBS.isdisjoint(plain[1:]) or any(map(_participle, plain[1:])),
        quotation=front[0] in _OPENING_QUOTES and back[-1] in _CLOSING_QUOTES,
        exclaims="!" in front,
        asks=ending == "query" and back.rstrip(_CLOSERS).endswith("?"),
        speaks_of_itself=first in ("this", "these", "the", "we", "here", "it")
        and (second in lists.SELF_REFERENCES or first in ("we", "it"))
        and any(word in lists.AUXILIARIES for word in plain[1:12]),
        title_case=_title_case(split),
        lower_case=front[0].islower(),
        article=first if first in ("a", "an", "the") else "",
        explains=first in ("how", "why", "where", "when") and ending != "query",
        possessive=any(w.endswith(("’s", "'s", "s’", "s'")) for w in split[:4]),
        genre=_genre(plain),
        bare_rubric=stripped.endswith(":")
        or (len(plain) <= 3 and (plain[-1] in lists.RUBRIC_ENDINGS or plain[-1] in lists.GENRES)),
        labelled=_labelled(front),
        numeral=first[:1].isdigit() and not _RUBRIC_TURN.search(lowered, 0, 60),
        rubric=lowered.startswith(lists.RUBRIC_OPENINGS)
        or _RUBRIC_TURN.search(lowered, 0, 60) is not None
        or (len(plain) > 1 and plain[-1] in lists.RUBRIC_ENDINGS),
        role_of_person=_role_of_person(split, plain),
        event_date=_event_date(plain),
        volume=first in lists.VOLUMES and _numberlike(second),
        life_dates=_LIFE_DATES.search(back) is not None,
        memorial=lowered.startswith(lists.MEMORIAL_OPENINGS),
    )


def _ending(back: str) -> Ending:
    core = back.rstrip(_CLOSERS)
    if core.endswith(("...", "…")):
        return "ellipsis"
    if core.endswith(("?", "!")):
        return "query"
    if not core.endswith((".", "。", "।", "۔", "։")):
        return "none"
    last = core.rsplit(maxsplit=1)[-1].strip("“‘(\"'").rstrip(".").casefold()
    if _INITIALS.search(core) or last in lists.ABBREVIATIONS:
        return "abbreviation"
    return "stop"


def _title_case(split: list[str]) -> bool:
    """Tell whether nearly all long words after the first are capitalised: a title, not prose."""
    long_words = [word.lstrip('“‘"(') for word in split[1:40]]
    long_words = [word for word in long_words if len(word) > 3]
    capitals = sum(1 for word in long_words if word[0].isupper())
    return len(long_words) >= 2 and capitals >= 0.8 * len(long_words)


def _participle(word: str) -> bool:
    return word.endswith("ed") and len(word) > 4 and word not in lists.NO_PARTICIPLES


def _genre(plain: list[str]) -> bool:
    """Tell whether the line opens "Lecture on", "Book review of", "New from"."""
    for position in (0, 1):
        if len(plain) > position + 1 and plain[position] in lists.GENRES:
            return plain[position + 1] in lists.GENRE_PREPOSITIONS
    return False


def _labelled(front: str) -> bool:
    """Tell whether the line opens with a kind of piece and a colon: "Book review: ..."."""
    colon = front.find(": ")
    label = front[:colon].casefold().split() if 0 < colon < 40 else []
    return 1 <= len(label) <= 3 and (label[-1] in lists.RUBRIC_ENDINGS or label[-1] in lists.GENRES)


def _role_of_person(split: list[str], plain: list[str]) -> bool:
    """Tell whether the line reads "Name, author of ...": an apposition, not a clause."""
    for position in range(1, min(len(split), 7)):
        if split[position - 1].endswith(","):
            following = plain[position : position + 3]
            return any(word in lists.ROLE_NOUNS for word in following) and not any(
                word in lists.AUXILIARIES or word in lists.HEADLINE_VERBS or word == "dead"
                for word in plain[position:]
            )
    return False


def _event_date(plain: list[str]) -> bool:
    """Tell whether the line ends "on October 24" or "on 24 October"."""
    if len(plain) < 4 or plain[-3] != "on":
        return False
    pair = plain[-2:]
    return any(word in lists.MONTH_WORDS for word in pair) and any(word.isdigit() for word in pair)


def _numberlike(word: str) -> bool:
    return word.isdigit() or (bool(word) and set(word) <= set("ivxlc")) or word in (
        "one", "two", "three", "four", "five", "six"
    )  # fmt: skip
