"""Part labels: "Part one", "Part 3", "Part 4: name", "(Part II)" at the end of a headline.

"Volume I: ..." and "Book two" name a work, not a part of a serial, and are not read here; nor is
"Dune: Part Two", a title: at the end of a headline a part stands in brackets or behind a comma, a
full stop, a dash or a stroke. What follows it behind a colon or a full stop is its own name: "The
pit, part 2: Down".
"""

import re
from dataclasses import dataclass

from articles.listing.records import Piece
from articles.listing.words import word_list

_WORDS = word_list(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_ORDINALS = word_list("first second third fourth fifth sixth seventh eighth ninth tenth")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 1)}
_ORDINAL_NUMBERS = {word: number for number, word in enumerate(_ORDINALS, 1)}

_NUMBER = rf"(?:[0-9]{{1,3}}|[ivxl]{{1,8}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})"
_OF = r"(?:\s{1,3}(?:of|/)\s{1,3}(?:a\s)?[\w-]{1,20}(?:\s(?:parts?|series|articles?))?)?"
_LABEL = (
    rf"(?:part\s{{1,3}}(?P<number>{_NUMBER}){_OF}"
    rf"|parts\s{{1,3}}{_NUMBER}(?:\s?(?:and|to|,|&|-|–|—)\s?{_NUMBER}){{1,4}}"
    rf"|(?P<ordinal>{'|'.join(_ORDINALS)})\s{{1,3}}part{_OF})"
)
# In brackets behind a headline, in the other languages: "(Teil 2)", "(2. Teil)", "(Schluss)".
_PART = r"(?:teil|folge|partie|parte|deel|часть)"
_FOREIGN = (
    rf"(?:{_PART}\s{{1,3}}(?P<behind>[0-9]{{1,3}}|[ivxl]{{1,8}})(?:\s?(?:/|von|de|di|из)\s?[0-9]{{1,3}})?"
    r"|(?P<many>[0-9]{1,2})\s?/\s?[0-9]{1,2}"
    r"|(?:(?:y|e|et|und|and|en) )?(?P<lone>[ivx]{2,5}|i|[1-9])"
    rf"|(?P<before>[0-9]{{1,3}})(?:\.|re|ère|er|ème|e|ª|º|a|-я)?\s{{0,3}}{_PART}"
    r"|schlu(?:ss|ß)|fortsetzung|ende|suite|suite et fin|fin|conclusion|concluded|final part"
    r"|(?:y )?final|conclusión|continuación|conclusão|fine|conclusione|окончание|продолжение)"
)
_PART_LINE = re.compile(
    rf"\s*(?P<open>[(\[])?(?P<label>{_LABEL})\.?(?(open)[)\]]|)"
    rf"(?P<tail>\s*[:.\u2013\u2014-]\s*(?P<name>\S.*)|:)?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_PART_IN_BRACKETS = re.compile(
    rf"(?P<gap>\s{{0,3}}[(\[]\s?)(?P<label>{_LABEL}|{_FOREIGN})\s?[)\]]\s*\Z", re.IGNORECASE
)
# The same in words: "prima parte", "zweiter Teil", "часть вторая".
_TURNED = {
    word: number
    for words in (
        "erster zweiter dritter vierter fünfter", "erste zweite dritte vierte fünfte",
        "première deuxième troisième quatrième cinquième", "premier second",
        "prima seconda terza quarta quinta", "primera segunda tercera cuarta quinta",
        "primeira segunda terceira quarta quinta", "eerste tweede derde vierde vijfde",
        "первая вторая третья четвёртая пятая", "первой второй третьей четвёртой пятой",
    )
    for number, word in enumerate(words.split(), 1)
} | {"seconde": 2}  # fmt: skip
_TURNED_WORD = rf"(?P<turned>{'|'.join(_TURNED)})"
_TURNED_PART = (
    rf"(?:{_TURNED_WORD}\s{_PART}|{_PART}\s{_TURNED_WORD.replace('turned', 'turned_behind')})"
)
_KNOWN = (
    r"(?:part|pt\.?|parts|teil|tl\.|folge|partie|parte|deel|часть|ч\.|puntata|épisode|episode|ep\."
    r"|episodio|episódio|aflevering|серия)"
)
_STEMS = (
    "part",
    "teil",
    "pt",
    "folge",
    "deel",
    "част",
    "puntata",
    "pisod",
    "ep.",
    "tl.",
    "ч.",
    "aflev",
    "сери",
)
_PLAIN = (
    rf"(?:{_LABEL}|{_KNOWN}\s{{1,3}}(?P<behind>[0-9]{{1,2}}|[ivx]{{1,5}}(?![\w.]))|{_TURNED_PART})"
)
# "The pit, part 2", "La pioppeta. Seconda parte", "Am Fluss – Teil 2".
_PART_BEHIND = re.compile(rf"(?P<label>{_PLAIN})\.?\s*\Z", re.IGNORECASE)
_BEHIND = (", ", ". ", "? ", "! ", " – ", " — ", " - ")
_LONGEST_BEHIND = 30
# "Alla foce / 2", but not "Apollo / 11".
_NUMBER_BEHIND = re.compile(r"(?<=\s)[^\W\d_]+(?P<gap>\s/\s?)(?P<label>(?P<behind>[1-9]))\s*\Z")
# "The pit, part 2: Down", "Die Grube, Teil 2. Unter Tage".
_PART_INSIDE = re.compile(
    rf"(?<=\S\S\S)(?P<gap>(?:[,.]|\s[–—-])\s)(?P<label>{_PLAIN})\s?[:.]\s+(?P<name>(?=\S))",
    re.IGNORECASE,
)
_LONGEST_IN_BRACKETS = 80
#: Of longer texts the beginning is looked at.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class PartLabel:
    """A part label in a line: its span, its number (None if unclear), the name behind a colon.

    ``cut`` is where the text before the label ends (of use only for labels inside a headline).
    """

    start: int
    end: int
    number: int | None
    name: str | None
    cut: int


def part_line(text: str) -> PartLabel | None:
    """Return the part label that *text* is as a whole, or None.

    The label is the whole line without its edges: "Part 4: The pit" is a label of number 4 and
    name "The pit". Brackets around a bare label are left out of it.
    """
    head = text[:40].casefold()
    if "part" not in head:
        return None
    match = _PART_LINE.match(text)
    if match is None:
        return None
    name = match["name"]
    start, end = match.start("label"), match.end("label")
    if name is not None or match["tail"]:
        start = match.start("open") if match["open"] else start
        end = len(text.rstrip())
    return PartLabel(start, end, _number(match), name.rstrip() if name else None, start)


def part_at_end(text: str) -> PartLabel | None:
    """Return the part label that ends *text*, in brackets or behind a sign, or None: "A life (Part
    II)", "A life, part 2".
    """
    end = len(text.rstrip())
    offset = max(0, end - _LONGEST_IN_BRACKETS)
    if not text[:end].endswith((")", "]")):
        return _behind_sign(text, end)
    match = _PART_IN_BRACKETS.search(text[offset:end])
    if match is None:
        return None
    if (match["many"] or match["lone"]) and not text[: offset + match.start("gap")].strip():
        # A number in brackets that is all there is.
        return None
    start, stop = offset + match.start("label"), offset + match.end("label")
    return PartLabel(start, stop, _number(match), None, offset + match.start("gap"))


def part_inside(text: str) -> tuple[PartLabel, int] | None:
    """Return a part label in *text* with a name of its own behind it, and where that begins."""
    if (":" not in text and ". " not in text) or not _may_tell(text[:_LONGEST]):
        return None
    match = _PART_INSIDE.search(text[:_LONGEST])
    if match is None:
        return None
    label = PartLabel(*match.span("label"), _number(match), None, match.start("gap"))
    return label, match.start("name")


def with_part(text: str, parts: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Cut a part label off the end of a headline, or one in it with its own name behind it."""
    cut: list[Piece] = []
    single = not any(role in ("part_label", "subtitle") for _, _, role in parts)
    for start, end, role in parts:
        label = part_at_end(text[start:end]) if role == "headline" else None
        inside = part_inside(text[start:end]) if role == "headline" and single else None
        if label is None and inside is not None:
            label, begin = inside
            cut.append((start, start + label.cut, role))
            cut.append((start + label.start, start + label.end, "part_label"))
            cut.append((start + begin, end, "subtitle"))
        elif label is None or label.cut <= 0:
            cut.append((start, end, role))
        else:
            cut.append((start, start + label.cut, role))
            cut.append((start + label.start, start + label.end, "part_label"))
    return tuple(cut)


def _may_tell(text: str) -> bool:
    """Tell at a glance whether a word for a part may stand in *text*: hardly any has one."""
    lowered = text.lower()
    return any(stem in lowered for stem in _STEMS)


def _behind_sign(text: str, end: int) -> PartLabel | None:
    """Return the part label that ends *text* behind a comma, a full stop, a dash or a stroke."""
    if text[end - 1 : end].isdigit():
        match = _NUMBER_BEHIND.search(text, max(0, end - _LONGEST_BEHIND))
        if match is not None and int(match["behind"]) > 0:
            return PartLabel(*match.span("label"), _number(match), None, match.start("gap"))
    begin = max(3, end - _LONGEST_BEHIND)
    if not _may_tell(text[begin:end]):
        return None
    for sign in _BEHIND:
        cut = text.rfind(sign, begin, end)
        match = _PART_BEHIND.match(text, cut + len(sign)) if cut > 0 else None
        if match is not None:
            cut += sign[0] in "?!"
            return PartLabel(*match.span("label"), _number(match), None, cut)
    return None


def _number(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    turned = groups.get("turned") or groups.get("turned_behind")
    if turned:
        return _TURNED[turned.casefold()]
    foreign = groups.get("behind") or groups.get("before") or groups.get("many")
    foreign = foreign or groups.get("lone")
    if foreign:
        return int(foreign) if foreign.isdigit() else _roman(foreign.casefold())
    if match["ordinal"]:
        return _ORDINAL_NUMBERS[match["ordinal"].casefold()]
    if not match["number"]:
        return None
    printed = match["number"].casefold()
    if printed.isascii() and printed.isdigit():
        return int(printed)
    return _NUMBERS.get(printed) or _roman(printed)


def _roman(printed: str) -> int | None:
    total = 0
    values = [_ROMAN[letter] for letter in printed]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total if 0 < total < 50 and _as_roman(total) == printed else None


def _as_roman(number: int) -> str:
    parts = []
    for value, letters in ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        while number >= value:
            parts.append(letters)
            number -= value
    return "".join(parts)
