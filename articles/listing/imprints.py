"""Where and when a piece was printed: "Published in The Paper, 2004", "El Faro, 3 May 2020"."""

import re

from articles.listing.credit_edges import BEFORE, SPACES
from articles.listing.dates import PrintedDate, date_at_end
from articles.listing.forms import Form
from articles.listing.papers import (
    is_imprint,
    is_numbered_paper,
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
