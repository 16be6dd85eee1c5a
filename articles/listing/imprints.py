"""Where and when a piece was printed: "Published in The Paper, 2004", "El Faro, 3 May 2020"."""

import re
from collections.abc import Iterator

from articles.listing.bare_names import bare_name
from articles.listing.bylines import looks_like_byline
from articles.listing.calendar_words import WEEKDAYS
from articles.listing.credit_edges import BEFORE, SPACES
from articles.listing.dates import PrintedDate, date_at_end, shifted, whole_date
from articles.listing.forms import Form
from articles.listing.papers import (
    is_imprint,
    is_numbered_paper,
    is_paper,
    is_titled,
    name_of_paper,
    numbers_of_paper,
)
from articles.listing.records import Piece

_PRINTED_IN = re.compile(
    r"\s*(?:[(\[]\s?)?(?:(?:first |originally )?(?:published|printed|appeared|reprinted) in"
    r"|(?:zuerst )?erschienen in(?: der| dem)?|parue? dans|publicad[oa] e[nm]"
    r"|pubblicato (?:in|su)|опубликовано в"
    r"|(?:in|aus|source|quelle|fonte|fuente|bron|источник)(?=\s?:)\s?)(?:\sthe(?=\s(?-i:[a-z])))?:?\s",
    re.IGNORECASE,
)
_LONGEST_PAPER = 60
#: What speaks for the name of a paper before a date: one told by its words, or by its article.
SURE_PAPER, _TITLED = 5.5, 3.0
# "The Courier, 3 May 2020 Sunday, NEWS; Pg. 14, 812 words, A": how databases name what they found.
_PART = re.compile(
    r"\s?[,;|]\s|:\s(?=[A-Z]?\.?[0-9])|\.\s(?=[0-9]{1,2}\s[A-Z][a-z]{2}\s[12][0-9]{3})"
    r"|(?<=[0-9])\s(?=[A-Z][a-z]{2,6}day\b)"
)
_COUNT = re.compile(r"[0-9][0-9,.]{0,6} (?:words|wörter|mots|palabras|parole|слов)", re.IGNORECASE)
_PAGE = re.compile(
    r"(?:(?i:pages?|pgs?|pp?|seiten?|s)\.?\s?(?:[A-Z]\s?[-.]?)?[0-9]{1,4}(?:\s?[-–,]\s?[0-9]{1,4})*"
    r"|[A-Z]{1,2}\.?[0-9]{1,3})\.?\Z"
)
# A page or a number of words, or a place behind all: what it names, if anything.
_MAY_BE_HIT = re.compile(
    r"[A-Z0-9)](?:(?<=[0-9])[0-9,.]{0,6} [wmpсWMPСᲃ]|(?<=[A-Z])\.?[0-9]|(?<=\))\s*\Z)"
)
_LETTERED = re.compile(r"[A-Z]{1,2}\.?[0-9]")
_SAYS_NOTHING = re.compile(
    r"[0-9]{1,2}[:.][0-9]{2}(?:\s?[ap]\.?m\.?|\sGMT)?|\([A-Z][a-z]{3,12}\)|[^a-z]{3,40}",
)
_PLACE_BEHIND = re.compile(r"\s[(\[][^()\[\]]{2,40}[)\]]\Z")
_YEAR = re.compile(r"[12][0-9]{3}(?!\s[a-zа-я])(?=\s?[,;|]|\s|\Z)")
# "May 3, 2020 | The Courier (Vell, MA)".
_PLACED = re.compile(
    r"\s*(?P<date>[^|·•]{6,40})\s[|·•]\s(?P<paper>[^|·•()]{3,60})\s\([A-Z][^()]{1,40}\)\s*\Z"
)
_LONGEST_HIT, _MOST_PARTS = 200, 10


def says_printed(text: str) -> bool:
    """Tell whether *text* begins with words that say where it was printed."""
    said = _PRINTED_IN.match(text)
    # "Publicado em 3 de maio" says when.
    return said is not None and not text[said.end() : said.end() + 1].isdigit()


def printed_in(text: str, day_first: bool | None) -> Form | None:
    """Return *text* read as where and when a piece was printed; None if it does not say so."""
    said = _PRINTED_IN.match(text)
    if said is None:
        return None
    start = said.end()
    date = date_at_end(text.rstrip(SPACES + ".)]"), day_first)
    if date is None or (date.month is None and not date.figures) or date.start <= start:
        return None
    stop = len(text[: date.start].rstrip(BEFORE))
    dated: Piece = (date.start, date.end, "date")
    if stop <= start or stop - start > _LONGEST_PAPER:
        return None
    return Form("D", 6.0, (*_pieces(text[start:stop], start), dated), date)


def paper_before(paper: str, start: int, date: PrintedDate) -> Form | None:
    """Return *paper*, from *start* on in its line, before *date*, read as where it was printed;
    None if it is no name of a paper. One that only its article tells may be a headline as well.
    """
    dated: Piece = (date.start, date.end, "date")
    if is_imprint(paper) and (date.month is not None or is_numbered_paper(paper)):
        return Form("D", SURE_PAPER, (*_pieces(paper, start), dated), date)
    if is_titled(paper) and (date.month is not None or date.figures):
        return Form("D", _TITLED, ((start, start + len(paper), "publication"), dated), date)
    return None


def _pieces(paper: str, start: int) -> list[Piece]:
    """Return the places of the name of *paper*, from *start* on, and of its numbers."""
    numbers: list[Piece] = [
        (start + a, start + b, "volume" if name == "volume" else "issue")
        for name, a, b in numbers_of_paper(paper)
    ]
    return [(start, start + name_of_paper(paper), "publication"), *numbers]


def hit(text: str, day_first: bool | None) -> Form | None:
    """Return *text* read as a line in which a database says where it found a piece: paper, date and
    a number of words or a page, in any order but for the paper, which stands first; else None.
    """
    if len(text) > _LONGEST_HIT or _MAY_BE_HIT.search(text) is None or _PART.search(text) is None:
        return None
    placed = _PLACED.match(text)
    if placed is not None:
        date = whole_date(placed["date"], day_first)
        if date is not None and date.day is not None:
            paper: Piece = (*placed.span("paper"), "publication")
            return Form("D", 6.0, ((date.start, date.end, "date"), paper), date)
    parts = list(_parts(text.rstrip()))
    dated: PrintedDate | None = None
    names: tuple[int, int] | None = None
    pages: tuple[int, int] | None = None
    counted = beside = False
    for start, end in parts[1:]:
        part = text[start:end]
        date = date_at_end(part, day_first)
        if date is not None and date.start == 0 and date.day is not None and dated is None:
            dated = shifted(date, start)
        elif _COUNT.fullmatch(part) is not None:
            counted = True
        elif _PAGE.match(part) is not None and dated is not None:
            pages = start, end
        elif part.casefold() in WEEKDAYS or _SAYS_NOTHING.fullmatch(part) is not None:
            beside = True
        elif dated is None and start == parts[1][0]:
            # "The Courier; Vell [Vell]".
            continue
        elif names is None and counted and looks_like_byline(part):
            names = start, end
        else:
            return None
    lettered = pages is not None and _LETTERED.match(text, pages[0]) is not None
    if dated is None or not (counted or lettered) or parts[0][1] > _LONGEST_PAPER:
        return None
    first = text[: parts[0][1]]
    if names is None and not beside and bare_name(first) is not None and not is_paper(first):
        # "Orla Quill, 3 May 2020, 812 words".
        return None
    named = len(_PLACE_BEHIND.sub("", first))
    found: list[Piece] = [(0, named, "publication"), (dated.start, dated.end, "date")]
    if pages is not None:
        found.append((*pages, "pages"))
    if names is None:
        return Form("D", 6.0, tuple(sorted(found)), dated)
    found.append((*names, "byline"))
    return Form("DB", 6.0, tuple(sorted(found)), dated, text[slice(*names)])


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the parts of *text* begin and end; a date that holds a comma is one."""
    start = 0
    ends = [match.span() for match in _PART.finditer(text)][:_MOST_PARTS]
    for place, (end, after) in enumerate([*ends, (len(text), len(text))]):
        further = ends[place + 1][0] if place + 1 < len(ends) else len(text)
        if place < len(ends) and _YEAR.match(text, after, further) and text[end] == ",":
            # "March 6, 2014".
            continue
        yield start, end
        start = after


def dated_hit(text: str) -> PrintedDate | None:
    """Return the date of a line in which a database says where it found a piece; else None."""
    found = hit(text, None)
    return found.date if found is not None else None
