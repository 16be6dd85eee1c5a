"""How one column may hold two fields: the weaker divisions of a text, each with its test."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from articles.listing.bare_names import IN_TITLES, bare_name
from articles.listing.bylines import ditto_in, is_ditto, looks_like_byline, read_byline
from articles.listing.inverted_names import is_inverted
from articles.listing.page_lines import pages_in
from articles.listing.papers import is_paper

Place = tuple[int, int]
Cut = tuple[Place, Place]

_BY = re.compile(
    r"(?:(?i:(?:(?:written|words|text|story|reviewed|presented|compiled|told|posted"
    r"|submitted|contributed|added|published|created) )?by)|"
    r"[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Аа]втор:?)"
    r"(?::\s?|\s)(?=\S)"
)
_USER = re.compile(r"(?=[^\W\d_])[\w.-]{3,24}")
_BY_LABEL = re.compile(
    r"(?:by|von|par|por|di|text|texte?o?|автор|author|autore?|auteur)\s?:", re.IGNORECASE
)
_BY_INSIDE = re.compile(r",?\s(?:by|von|par|por|di|da)\s(?=[^\W\d_a-zà-öø-ÿа-яё])")
# "Photographs by A", "Interviewed by A": a line of credits, no headline and its author.
_SAID_FIRST = re.compile(
    r"(?:(?:and\s)?(?:translated|edited|interview(?:ed)?|photograph(?:s|ed)?|photos|pictures|drawings|drawn"
    r"|illustrat(?:ed|ions)|introduced|written|words|text|story|report(?:ing|ed)?|compiled|researched"
    r"|additional reporting|with reporting|übersetzt|fotos?|interview|traduit|propos recueillis"
    r"|traducido|traducción|traduzido|tradotto|fotografías?|fotografie)\s)(?:\S+\s){0,3}?"
    r"(?:by|von|par|por|di|da|de)\s",
    re.IGNORECASE,
)
# "A, translated by B": both are names.
_SAID_BEFORE = re.compile(
    r"(?:\A|\W)(?:translated|edited|photographed|illustrated|introduced|interviewed|übersetzt"
    r"|herausgegeben|fotografiert|illustriert|traduite?s?|illustrée?s?|traducid[oa]s?|ilustrad[oa]s?"
    r"|traduzid[oa]s?|tradott[oaie]|illustrat[oaie])\Z",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“«„\"](?P<title>[^”»“\"]{3,300})[”»“\"]")
_QUOTED_WHOLE = re.compile(r"[“«„\"]\s?(?P<title>[^”»“«„\"]{2,300}?)\s?[”»“\"]")
_QUOTED_FIRST = re.compile(
    r"(?:“(?P<a>[^”]{3,300}?)[,.]?”|‘(?P<b>.{3,300}?)[,.]?’(?=[,.])|«\s?(?P<c>[^»]{3,300}?)\s?»"
    r"|„(?P<d>[^“”]{3,300}?)[“”]|\"(?P<e>[^\"]{3,300}?)[,.]?\")[,.]?\s(?:[Ii]n:?\s)?"
)
_COLON = re.compile(r"\s?[:：]\s")
_COMMA = re.compile(r",\s")
_STOP = re.compile(r"[.?!]\s")
PAPER = re.compile(
    r"(?:(?:In|in|Aus|Dans|dans|En|Em):?\s)?(?P<paper>[^\W\d_][^,.;]{2,60})"
    r"(?:,?\s(?:(?:[Vv]ol|Bd|T|т)\.?\s)?(?P<volume>[0-9]{1,4})"
    r"(?:\s?\((?P<issue>[0-9]{1,4})\)|,?\s(?:[Nn]o|[Nn]r|[Nn][º°]|[Nn]|№)\.?\s?(?P<number>[0-9]{1,4}))?"
    r"[^.]{0,30}|,?\s(?:[Nn]o|[Nn]r|[Nn][º°]|[Nn]|№)\.?\s?(?P<alone>[0-9]{1,4})[^.]{0,20})?"
)
_IN_INSIDE = re.compile(r",?\s(?:in|for|dans|en|em|für|per|in:|In:|Dans:|En:|Em:|Aus:)\s")
_IN_BEFORE = re.compile(r"(?:In|in|Aus|Dans|En|Em):?\s\Z")
_IN = re.compile(r"(?:In|Aus|Dans|En|Em|В)(?::\s{0,3}|\s)")
_EDGES = " \t\xa0,;:.–—-"
_LONGEST_NAMES = 120
_MOST_COMMAS, _MOST_STOPS = 6, 12
_MOST_WORDS_OF_PAPER = 6
_MOST_SECTION_WORDS = 4
_COLLECTIVES = re.compile(
    r"(?i:staff|admin|editors?|the editors|editorial|redaktion|redacción|la redacción|redazione"
    r"|la rédaction|rédaction|redação|редакция|anonymous|anon\.?|unsigned|agencies|agencias"
    r"|agenturen|agenzie|ohne autor)\Z|[A-Z]{2,6}\Z|dpa\Z|afp\Z"
)


def divide(
    text: str, start: int, end: int, divisions: Sequence[str], names: frozenset[str]
) -> Iterator[tuple[str, int, int]]:
    """Yield what *divisions*, one after the other, cut off *text* from *start* to *end*.

    Each part comes with its role, "" for what remains.
    """
    for name in divisions:
        cut = DIVISIONS[name].cut(text, start, end, names)
        if cut is not None:
            (start, end), other = cut
            yield DIVISIONS[name].other, *other
    yield "", start, end


@dataclass(frozen=True, slots=True)
class Division:
    """A division: the role of the field that it cuts off, and whether a word says that it is so."""

    other: str
    says_by: bool
    cut: Callable[[str, int, int, frozenset[str]], Cut | None]


@lru_cache(maxsize=2_000)
def is_name(text: str, names: frozenset[str]) -> bool:
    """Tell whether *text* may well be a byline: names, inverted names, or an editorial board."""
    if not text or len(text) > _LONGEST_NAMES or text[0] in "“«„" or is_paper(text):
        return False
    if is_ditto(text):
        return True
    if _COLLECTIVES.match(text) or bare_name(text, names) is not None:
        return True
    by = _BY.match(text)
    if by is not None:
        # Also the name of a user: "Submitted by mthorne".
        if looks_like_byline(text[by.end() :]):
            return True
        return " " in by[0].strip() and _USER.fullmatch(text, by.end()) is not None
    if text.casefold() in names or is_inverted(text):
        return True
    first = text.split(",")[0]
    if len(text.split()) > 1 and text.count(",") <= _MOST_COMMAS and first.casefold() in names:
        return True
    return (
        1 < len(text.split()) <= 5
        and looks_like_byline(text)
        and all(credit.kind != "person" for credit in read_byline(text).credits)
    )


def quoted_in(text: str) -> Place | None:
    """Return where what *text*, in quotation marks as a whole, says stands in it; else None."""
    quoted = _QUOTED_WHOLE.fullmatch(text)
    return quoted.span("title") if quoted is not None else None


def behind_in(text: str) -> int:
    """Return where a publication begins in *text*, behind "In" or its like; 0 without it."""
    match = _IN.match(text)
    return match.end() if match is not None else 0


def says_in(text: str, start: int) -> bool:
    """Tell whether "In" or its like stands in *text* right before *start*."""
    return _IN_BEFORE.search(text, max(0, start - 8), start) is not None


def name_without_by(text: str) -> int:
    """Return where the names begin in *text*, behind "by"."""
    by = _BY.match(text)
    return by.end() if by is not None else 0


def _name_behind_comma(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    for match in list(_COMMA.finditer(text, start, end))[:_MOST_COMMAS]:
        if match.start() > start and is_name(text[match.end() : end], names):
            return (start, match.start()), (match.end(), end)
    return None


def _name_before_comma(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    for match in list(_COMMA.finditer(text, start, end))[:_MOST_COMMAS][::-1]:
        if is_name(text[start : match.start()], names):
            return (match.end(), end), (start, match.start())
    return None


def _name_before_colon(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    match = _COLON.search(text, start, end)
    if match is not None and match.start() > start and is_name(text[start : match.start()], names):
        return (match.end(), end), (start, match.start())
    return None


def _name_before_stop(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    stops = list(_STOP.finditer(text, start, end))[:_MOST_STOPS]
    if stops and stops[0].start() == start + 1:
        # "A. Quill, I. Meer. The bar": an initial stands before its name, and ends nothing.
        stops = [
            stop
            for stop in stops[1:]
            if text[stop.start() - 2] not in " ." or text[stop.start()] != "."
        ]
    else:
        stops = stops[:3][::-1]
    for match in stops:
        stop = (
            match.start()
            if text[match.start()] != "." or text[match.start() - 2 : match.start() - 1] != " "
            else match.end() - 1
        )
        if match.end() < end and is_name(text[start:stop], names):
            return (match.end(), end), (start, stop)
    return None


def _name_behind_stop(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    for match in list(_STOP.finditer(text, start, end))[:3]:
        if match.start() > start and is_name(text[match.end() : end], names):
            return (start, match.start() + (text[match.start()] != ".")), (match.end(), end)
    return None


def _name_behind_by(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    if _SAID_FIRST.match(text, start):
        return None
    matches = list(_BY_INSIDE.finditer(text, start, end))[-3:]
    for match in matches:
        name = text[match.end() : end]
        if (
            match.start() > start
            and not _SAID_BEFORE.search(text, start, match.start())
            and (name.casefold() in names or bare_name(name, names) is not None)
        ):
            return (start, match.start()), (match.end(), end)
    return None


def _name_before_quotation(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    quoted = _QUOTED.search(text, start, end)
    if quoted is None:
        return None
    # A title may begin with a quotation of its own: "““We were never asked”: voices”".
    nested = text[quoted.start() - 1 : quoted.start() + 1] in ("““", "««")
    stop = start + len(text[start : quoted.start() - nested].rstrip(_EDGES))
    if stop <= start:
        stop = start + ditto_in(text[start : quoted.start()])
    if stop <= start:
        return None
    if text[stop : stop + 1] == "." and text[stop - 2 : stop - 1] in " .":
        stop += 1
    if not is_name(text[start:stop], names):
        return None
    title = quoted.span("title")
    if nested:
        close = "”" if text[quoted.start()] == "“" else "»"
        title = quoted.start(), max(title[1], text.rfind(close, title[1], end))
    while text[title[1] - 1] in "., \xa0\u202f" and title[1] - title[0] > 3:
        title = title[0], title[1] - 1
    while text[title[0]].isspace():
        title = title[0] + 1, title[1]
    return title, (start, stop)


def _paper_behind_quotation(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    """Cut a publication off behind a title in quotation marks that the text begins with."""
    quoted = _QUOTED_FIRST.match(text, start, end)
    if quoted is None:
        return None
    paper = PAPER.fullmatch(text, quoted.end(), end - (text[end - 1] == "."))
    title = next(quoted.span(name) for name in "abcde" if quoted[name] is not None)
    return (title, paper.span("paper")) if paper is not None else None


def _paper_behind_stop(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    end -= text[end - 1] == "."
    for match in list(_STOP.finditer(text, start, end))[::-1][:3]:
        paper = PAPER.fullmatch(text, match.end(), end)
        if paper is not None and match.start() > start:
            stop = match.start()
            if text[stop] == "." or text[stop - 1] in "?!":
                return (start, stop), paper.span("paper")
            return (start, stop + 1), paper.span("paper")
    return None


def _paper_behind_comma(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    for match in list(_COMMA.finditer(text, start, end))[::-1][:2]:
        if match.start() > start and is_paper(text[match.end() : end]):
            return (start, match.start()), (match.end(), end)
    return None


def _text_behind_comma(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    """Cut off what may be a paper that no word of it shows: several words, all with capitals."""
    place = text.rfind(", ", start, end)
    if place <= start:
        return None
    words = text[place + 2 : end].split()
    if not 1 < len(words) <= _MOST_WORDS_OF_PAPER or not words[-1][0].isupper():
        return None
    if any(word[0].islower() and word not in IN_TITLES for word in words):
        return None
    return (start, place), (place + 2, end)


def _paper_behind_in(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    for match in list(_IN_INSIDE.finditer(text, start, end))[::-1][:2]:
        told = ":" in match[0] and end - match.end() < _LONGEST_NAMES
        if match.start() > start and (told or is_paper(text[match.end() : end])):
            stop = match.start() - (text[match.start() - 1] == "." and match.start() - 1 > start)
            return (start, stop), (match.end(), end)
    return None


def _section_before_colon(text: str, start: int, end: int, names: frozenset[str]) -> Cut | None:
    match = _COLON.search(text, start, min(end, start + 44))
    if (
        match is None
        or match.start() == start
        or match.end() >= end
        or _BY_LABEL.match(text, start)
        or pages_in(text[start : match.start()]) is not None
    ):
        return None
    words = len(text[start : match.start()].split())
    if words > _MOST_SECTION_WORDS or (words > 2 and text[match.end()].islower()):
        # "The nativity donkey: a short memoir" is a title.
        return None
    return (match.end(), end), (start, match.start())


DIVISIONS: Mapping[str, Division] = {
    "paper-behind-in": Division("J", False, _paper_behind_in),
    "paper-behind-comma": Division("J", False, _paper_behind_comma),
    "name-before-quotation": Division("B", False, _name_before_quotation),
    "paper-behind-quotation": Division("J", False, _paper_behind_quotation),
    "name-before-colon": Division("B", False, _name_before_colon),
    "name-behind-by": Division("B", True, _name_behind_by),
    "name-behind-comma": Division("B", False, _name_behind_comma),
    "name-before-comma": Division("B", False, _name_before_comma),
    "name-before-stop": Division("B", False, _name_before_stop),
    "paper-behind-stop": Division("J", False, _paper_behind_stop),
    "name-behind-stop": Division("B", False, _name_behind_stop),
    "text-behind-comma": Division("J", False, _text_behind_comma),
    "section-before-colon": Division("K", False, _section_before_colon),
}
