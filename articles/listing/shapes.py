"""What can be seen of one line without its neighbours: length, ending, openings, verbs.

A shape is computed once per line and looks at its first 600 and last 80 characters only, so that
the cost of judging a line is bounded whatever its length.
"""

import re
from functools import lru_cache
from typing import Any, Literal

from articles.listing import words as lists

Ending = Literal["stop", "abbreviation", "ellipsis", "query", "none"]

_FRONT = 600
_BACK = 80
_CLOSERS = "\"'”’»)]› "
_END_MARKS = frozenset(_CLOSERS + ".…?!。।۔։")
_OPENING_QUOTES = '“"«‘„'
_CLOSING_QUOTES = '”"»’“'
_SENTENCE_BREAK = re.compile(r"[a-z0-9’)”]{2}[.][”’\")]{0,2}\s[“‘\"(]?[A-Z]")
_INITIALS = re.compile(r"(?:^|[\s(.])[^\W\d_]\.$")
#: Where an editor, or a page, has cut off a text: no heading ends so.
_CUT_OFF = ("[…]", "[...]", "(…)")
_VERBS = lists.AUXILIARIES | lists.HEADLINE_VERBS
_COLON = re.compile(r":\s|：")
_LIFE_DATES = re.compile(
    r"[(\[]\s?(?:born |b\. |c\. ?)?[12][0-9]{3}\s?[-–—]\s?(?:[12][0-9]{3})?\s?[)\]]\Z"
)
_WORD_EDGES = ".,;:!?()[]“”‘’\"'«»…—–-"
_POSSESSIVES = ("’s", "'s", "s’", "s'")
_OPENING_WORDS = frozenset(("this", "these", "the", "we", "here", "it"))
_OF_PROSE = frozenset(
    ("_split", "sentences", "speaks_of_itself", "title_case", "lower_case", "genre", "volume",
     "life_dates")
)  # fmt: skip
_OF_HEADINGS = frozenset(
    ("words", "colon", "verb", "quotation", "exclaims", "asks", "article", "explains",
     "possessive", "bare_rubric", "labelled", "numeral", "rubric", "role_of_person", "event_date",
     "memorial")
)  # fmt: skip


class Shape:
    """The visible features of a line; see ``shape_of``.

    They are worked out when one of their kind is first asked for: of most lines only a few are.
    """

    __slots__ = (
        "_back",
        "_front",
        "_settled",
        "_split",
        "article",
        "asks",
        "bare_rubric",
        "colon",
        "ending",
        "event_date",
        "exclaims",
        "explains",
        "genre",
        "labelled",
        "length",
        "life_dates",
        "lower_case",
        "memorial",
        "numeral",
        "possessive",
        "quotation",
        "role_of_person",
        "rubric",
        "sentences",
        "speaks_of_itself",
        "title_case",
        "verb",
        "volume",
        "words",
    )  # fmt: skip
    _front: str
    _back: str
    _split: list[str]
    _settled: bool
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

    def __init__(self, stripped: str) -> None:
        self._front, self._back = stripped[:_FRONT], stripped[-_BACK:]
        self.length = len(stripped)
        # Asked of every line in both passes.
        self.ending = _ending(self._back)
        self._settled = False

    def __getattr__(self, name: str) -> Any:
        """Work out the features that were not asked for yet."""
        if name in _OF_PROSE:
            self.settle()
        elif name in _OF_HEADINGS:
            self.settle_heading()
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def settle(self) -> None:
        """Work out at once what every line is asked for: the features of the rules for prose."""
        front, back = self._front, self._back
        split = self._split = front.split()
        first = split[0].strip(_WORD_EDGES).casefold()
        second = split[1].strip(_WORD_EDGES).casefold() if len(split) > 1 else ""
        self.lower_case = front[0].islower()
        self.sentences = (
            front.find(".", 0, len(front) - 2) > 0 and _SENTENCE_BREAK.search(front) is not None
        )
        self.title_case = _title_case(split)
        self.life_dates = back[-1] in ")]" and _LIFE_DATES.search(back) is not None
        self.volume = first in lists.VOLUMES and _numberlike(second)
        self.speaks_of_itself = (
            first in _OPENING_WORDS
            and (second in lists.SELF_REFERENCES or first in ("we", "it"))
            and any(word.strip(_WORD_EDGES).casefold() in lists.AUXILIARIES for word in split[1:12])
        )
        if first in lists.GENRES:
            self.genre = second in lists.GENRE_PREPOSITIONS
        elif second in lists.GENRES and len(split) > 2:
            third = split[2].strip(_WORD_EDGES).casefold()
            self.genre = third in lists.GENRE_PREPOSITIONS
        else:
            self.genre = False

    def settle_heading(self) -> None:
        """Work out at once what two heading lines are asked for."""
        if self._settled:
            return
        self._settled = True
        front, back, split = self._front, self._back, self._split
        plain = [word.strip(_WORD_EDGES).casefold() for word in split]
        lowered = front.casefold()
        first, last = plain[0], plain[-1]
        turns = _turns(lowered[:60])
        self.words = len(split)
        self.colon = _COLON.search(front) is not None
        self.verb = _verb(plain)
        self.quotation = front[0] in _OPENING_QUOTES and back[-1] in _CLOSING_QUOTES
        self.exclaims = "!" in front
        self.asks = self.ending == "query" and back.rstrip(_CLOSERS).endswith("?")
        self.article = first if first in ("a", "an", "the") else ""
        self.explains = first in ("how", "why", "where", "when") and self.ending != "query"
        self.possessive = any(word.endswith(_POSSESSIVES) for word in split[:4])
        self.bare_rubric = back.endswith(":") or (
            len(plain) <= 3 and (last in lists.RUBRIC_ENDINGS or last in lists.GENRES)
        )
        self.labelled = _labelled(front)
        self.numeral = first[:1].isdigit() and not turns
        self.rubric = (
            lowered.startswith(lists.RUBRIC_OPENINGS)
            or turns
            or (len(plain) > 1 and last in lists.RUBRIC_ENDINGS)
        )
        self.role_of_person = _role_of_person(split, plain)
        self.event_date = _event_date(plain)
        self.memorial = lowered.startswith(lists.MEMORIAL_OPENINGS)


@lru_cache(maxsize=500)
def shape_of(text: str) -> Shape:
    """Return the shape of *text*, any string with at least one character that is not a space."""
    return Shape(text.strip())


def _verb(plain: list[str]) -> bool:
    words = plain[1:]
    if not _VERBS.isdisjoint(words):
        return True
    return any(_participle(word) for word in words if word.endswith("ed"))


def _turns(head: str) -> bool:
    return ("ago " in head or "years " in head) and any(turn in head for turn in lists.RUBRIC_TURNS)


def _ending(back: str) -> Ending:
    last = back[-1:]
    if last not in _END_MARKS:
        return "none"
    word = back[back.rfind(" ") + 1 : -1]
    if last == "." and len(word) > 1 and word.isalnum():
        return "abbreviation" if word.casefold() in lists.ABBREVIATIONS else "stop"
    if back.endswith(_CUT_OFF):
        return "stop"
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
    words = split[1:40]
    # So many words in lower case make it prose, whatever follows.
    most = len(words) // 5
    capitals = lower = 0
    for word in words:
        if len(word) > 3:
            first = word[0]
            if first in '“‘"(':
                word = word.lstrip('“‘"(')
                if len(word) < 4:
                    continue
                first = word[0]
            if first.isupper():
                capitals += 1
            elif lower == most:
                return False
            else:
                lower += 1
    return capitals + lower >= 2 and capitals >= 0.8 * (capitals + lower)


def _participle(word: str) -> bool:
    return word.endswith("ed") and len(word) > 4 and word not in lists.NO_PARTICIPLES


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
