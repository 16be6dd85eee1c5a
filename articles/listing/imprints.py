"""Where and when a piece was printed, on a line that says so: "Published in The Paper, 2004"."""

import re

from articles.listing.credit_edges import BEFORE, SPACES
from articles.listing.dates import date_at_end
from articles.listing.forms import Form
from articles.listing.papers import name_of_paper, numbers_of_paper
from articles.listing.records import Piece

_PRINTED_IN = re.compile(
    r"\s*(?:[(\[]\s?)?(?:(?:first |originally )?(?:published|printed|appeared|reprinted) in"
    r"|(?:zuerst )?erschienen in(?: der| dem)?|parue? dans|publicad[oa] e[nm]"
    r"|pubblicato (?:in|su)|опубликовано в)(?:\sthe(?=\s(?-i:[a-z])))?:?\s",
    re.IGNORECASE,
)
_LONGEST_PAPER = 60


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
    paper = text[start:stop]
    place: Piece = (start, start + name_of_paper(paper), "publication")
    numbers: list[Piece] = [
        (start + a, start + b, "volume" if name == "volume" else "issue")
        for name, a, b in numbers_of_paper(paper)
    ]
    return Form("D", 6.0, (place, *numbers, dated), date)
