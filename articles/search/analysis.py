"""Words as search sees them: one analysis for both databases, for queries and for highlights.

A text becomes space-separated tokens that any plain tokenizer keeps whole. Its **exact** tokens
come first, in the order of the text, so that phrases can be matched by adjacency:

- a word, folded: ``Władysław`` gives ``wladyslaw``; Arabic and Hebrew vowel points go as well;
- ``o'brien``, ``hello-world`` and ``U.S.S.R.`` give their parts, one after the other;
- ``C++``, ``C#`` and ``.NET`` give ``cplusplus``, ``csharp``, ``dotnet``, so that they are not
  found by ``c`` and ``net``;
- scripts without spaces between words (Chinese, Japanese, Korean, Thai and others) give pairs of
  neighbouring characters and the last character alone: 日本語 gives 日本 本語 語. A single
  character is found as the beginning of a pair.

After a `BREAK` follow, each once, tokens whose place means nothing: compounds written together
(``obrien``, ``ussr``) and Snowball **stems** where they differ from the word (``·revolut``).
`BREAK`, `STEM` and `FACET` are no letters, so nothing a reader types can collide with them.
Words are stemmed by the language of the article; those in a script which that language is not
written in, by the language commonly written in it.

Nothing here touches Django or a database.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from articles.folding import fold

#: Stands between texts that share a column, and before the tokens without a place.
BREAK = "¶"
#: Begins a stem.
STEM = "·"
#: Begins a facet term where it shares an index with words.
FACET = "§"

#: A longer word counts by its beginning.
MAX_WORD = 64
#: A chain of more parts is no compound.
_MAX_JOINED = 6

# Soft hyphens and joiners stand inside words and say nothing about them.
_IGNORED = "\u00ad\u200c\u200d\u2060"
_UNSPACED = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6"  # Thai, Lao
    "\u1000-\u103f\u1050-\u108f\u1100-\u11ff\u1780-\u17b3\u2e80-\u2fdf"  # Myanmar, Jamo, Khmer
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\uff66-\uffdc\U0001b000-\U0001b16f"
    "\U00020000-\U0003ffff"
)


def _ranges(pattern: str, characters: str) -> Iterator[str]:
    """Yield the runs of *characters*, which are in order, that match *pattern*, as ranges."""
    for found in re.finditer(pattern, characters):
        yield f"{found[0][0]}-{found[0][-1]}"


def _classes() -> tuple[str, str]:
    """Return the ranges of word characters and of combining marks, for character classes.

    One class for each, since alternatives within a word cost more than all the rest.
    """
    plane = "".join(map(chr, range(0x30, 0x10000)))
    words = "".join(_ranges(rf"[^\W_ʼ{_UNSPACED}]+", plane))
    # No mark is a letter or a figure, so most of the plane need not be asked.
    marks = "".join(
        character
        for character in re.findall(r"\W", plane)
        if unicodedata.category(character)[0] == "M"
    )
    classes = words, "".join(_ranges(f"[{marks}]+", plane))
    # Beyond the first plane: historic scripts and mathematical letters. What is no letter there
    # drops out when the word is normalised.
    return classes[0] + "\U00010000-\U0001afff\U0001b170-\U0001efff", classes[1]


_LETTERS, _MARKS = _classes()
_INSIDE = _MARKS + _IGNORED
_WORD = f"[{_LETTERS}][{_LETTERS}{_INSIDE}]*"
_JOINER = "['’ʼ＇\\-‐‑]"
_LETTER = rf"[^\W\d_ʼ{_UNSPACED}]"
_TOKENS = re.compile(
    rf"(?P<acronym>{_LETTER}(?:\.{_LETTER})+(?!\w)\.?)"
    rf"|(?P<word>{_WORD})(?P<more>(?:{_JOINER}{_WORD})+)?(?P<sign>(?:\+\+|[#♯])(?![\w#♯+]))?"
    rf"|(?P<unspaced>(?:[{_UNSPACED}][{_INSIDE}]{{0,8}})+)"
    rf"|(?P<dotnet>(?<![\w.])\.(?i:net)(?!\w))"
)
_UNIT = re.compile(rf"[{_UNSPACED}][{_INSIDE}]*")
_PIECE = re.compile(_WORD)
_NOT_WORD = re.compile(rf"[^\w{_INSIDE}]|[{_IGNORED}_]")
# Vowel points, hamza above and below, the lengthening stroke; Hebrew points. Readers rarely type
# them, and fold() keeps them since they matter to other uses of a text.
_POINTS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u0591-\u05c7]")
_ARABIC = str.maketrans("ٱىةیک", "ايهيك")
_MARK_RUN = re.compile(rf"([{_MARKS}]{{8}})[{_MARKS}]+")

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "eo": "esperanto", "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian",
    "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
#: First letter of a word: the script, and the language whose rules apply unless the article's
#: own language is one of those written in it.
_SCRIPTS = (
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]"), "el", frozenset({"el"})),
    (re.compile("[\u0400-\u052f]"), "ru", frozenset({"ru", "sr", "uk", "bg", "be", "mk"})),
    (re.compile("[\u0530-\u058f]"), "hy", frozenset({"hy"})),
    (re.compile("[\u0590-\u05ff]"), "", frozenset({"yi"})),
    (re.compile("[\u0600-\u06ff]"), "ar", frozenset({"ar", "fa", "ur", "ckb", "ug", "ps"})),
    (re.compile("[\u0900-\u097f]"), "hi", frozenset({"hi", "ne", "mr", "sa"})),
    (re.compile("[\u0b80-\u0bff]"), "ta", frozenset({"ta"})),
)
_NOT_LATIN = frozenset({"ar", "el", "fa", "hi", "hy", "ne", "ru", "ta", "yi"})
_KNOWN = frozenset(Stemmer.algorithms())


class _Stemmers(threading.local):
    """Snowball stemmers; one object must not serve two threads."""

    def __init__(self) -> None:
        self.made: dict[str, Stemmer.Stemmer] = {}

    def stem(self, word: str, language: str) -> str:
        algorithm = _ALGORITHMS.get(language)
        if algorithm is None or algorithm not in _KNOWN:
            return word
        if language not in self.made:
            self.made[language] = Stemmer.Stemmer(algorithm, 0)
        return str(self.made[language].stemWord(word))


_stemmers = _Stemmers()


class Token(NamedTuple):
    """A word and where it stands in its text; ``stem`` is empty where it says nothing new."""

    start: int
    end: int
    exact: str
    stem: str = ""


class Group(NamedTuple):
    """What the text writes without a space: mostly one word.

    ``joined`` is the compound written together, if the group is one. ``unspaced`` groups hold
    pairs of characters, and last a single one.
    """

    start: int
    end: int
    tokens: tuple[Token, ...]
    joined: str = ""
    unspaced: bool = False


def primary(language: str) -> str:
    """Return the primary subtag of a BCP 47 code: ``en`` of ``en-GB``."""
    return language.replace("_", "-").partition("-")[0].lower()


def language_of(word: str, language: str) -> str:
    """Return the language by whose rules *word* is stemmed in a text of *language*, or ``""``."""
    own = primary(language)
    for script, usual, written in _SCRIPTS:
        if script.match(word):
            return own if own in written else usual
    return "" if own in _NOT_LATIN else own


@lru_cache(maxsize=50_000)
def word_forms(word: str, language: str) -> tuple[str, str]:
    """Return the exact token of one raw word and its stem token; each may be ``""``.

    The stem is taken before marks are dropped, as the rules of Snowball need them, and folded
    afterwards.
    """
    word = _MARK_RUN.sub(r"\1", word[:MAX_WORD])
    plain = _NOT_WORD.sub("", unicodedata.normalize("NFKC", word).casefold())
    exact = _exact(plain)
    if not exact:
        return "", ""
    stem = _exact(_stemmers.stem(plain, language_of(plain, language)))
    return exact, STEM + stem if stem and stem != exact else ""


def _exact(word: str) -> str:
    if word.isascii():
        return word
    folded = _POINTS.sub("", fold(word)).translate(_ARABIC)
    folded = _NOT_WORD.sub("", folded)
    if any(character.isdecimal() for character in folded):
        folded = "".join(
            str(unicodedata.decimal(character)) if character.isdecimal() else character
            for character in folded
        )
    return folded[:MAX_WORD]


def is_word(text: str) -> bool:
    """Return whether *text* is a single word to `groups`, with nothing around it."""
    return _PIECE.fullmatch(text) is not None


def groups(text: str, language: str) -> Iterator[Group]:
    """Yield what *text* consists of, in order. Linear in the length of *text*."""
    for found in _TOKENS.finditer(text):
        start, end = found.span()
        group: Group | None
        kind = found.lastgroup
        if kind == "word":
            exact, stem = word_forms(found.group()[:MAX_WORD], language)
            if exact:
                yield Group(start, end, (Token(start, end, exact, stem),))
            continue
        if kind == "unspaced":
            group = _unspaced_group(found.group(), start, end)
        elif kind == "dotnet":
            group = Group(start, end, (Token(start, end, "dotnet"),))
        else:
            sign = found.group("sign") or ""
            group = _compound(found.group(), start, end, language, sign)
        if group is not None:
            yield group


def _compound(raw: str, start: int, end: int, language: str, sign: str) -> Group | None:
    """Return a group of several words, or of a word and a sign."""
    pieces = [(found.start(), found.end()) for found in _PIECE.finditer(raw)]
    tokens = []
    for first, last in pieces:
        exact, stem = word_forms(raw[first : min(last, first + MAX_WORD)], language)
        if exact:
            tokens.append(Token(start + first, start + last, exact, stem))
    if sign and tokens:
        *_, name = tokens
        if sign == "++":
            tokens[-1] = Token(name.start, end, name.exact + "plusplus")
        elif len(name.exact) == 1:
            tokens[-1] = Token(name.start, end, name.exact + "sharp")
        else:
            end -= len(sign)
    if not tokens:
        return None
    joined = ""
    if 1 < len(tokens) <= _MAX_JOINED and not all(token.exact.isdigit() for token in tokens):
        joined = "".join(token.exact for token in tokens)[:MAX_WORD]
    return Group(start, end, tuple(tokens), joined)


def _unspaced_group(raw: str, start: int, end: int) -> Group | None:
    units = [(found.start(), found.end()) for found in _UNIT.finditer(raw)]
    plain = unicodedata.normalize("NFKC", raw)
    if plain != raw:
        composed = _UNIT.findall(plain)
        if len(composed) != len(units):
            # Half-width letters with their marks apart: the places are those of the whole.
            units = [(0, len(raw))] * len(composed)
    else:
        composed = [raw[first:last] for first, last in units]
    pairs = zip(composed, units, strict=True)
    known = [(_NOT_WORD.sub("", unit)[:MAX_WORD], place) for unit, place in pairs]
    composed, units = [u for u, _ in known if u], [place for u, place in known if u]
    if not composed:
        return None
    tokens = [
        Token(start + units[place][0], start + units[place + 1][1], composed[place] + following)
        for place, following in enumerate(composed[1:])
    ]
    tokens.append(Token(start + units[-1][0], start + units[-1][1], composed[-1]))
    return Group(start, end, tuple(tokens), unspaced=True)
