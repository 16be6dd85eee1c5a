"""Lines that only the lines above, or the whole file, tell: a signature that is no name, a position
below a byline, the paper below a headline.
"""

import re

from articles.listing.bare_names import bare_name
from articles.listing.blocks import Block
from articles.listing.bylines import looks_like_byline
from articles.listing.credit_edges import byline_in
from articles.listing.forms import Form
from articles.listing.papers import is_paper, is_titled
from articles.listing.positions import is_position_line
from articles.listing.records import Survey

#: A byline shown by the word before it alone, and how long one is at most.
_SIGNED, _LONGEST_SIGNATURE = 3.0, 60
_ASIDE = 3.0
_NO_NAME_ENDS = ".?!:,;"
_PHOTOS = re.compile(
    r"\s*(?:photos?|pictures?|images?|fotos?|bilder|фото)\s?:\s{1,3}", re.IGNORECASE
)


def signed(text: str, survey: Survey) -> list[Form]:
    """Read a byline that is no name behind the word that the file's bylines have: "by Class 4B"."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if (
        end - start > _LONGEST_SIGNATURE
        or not text.startswith(survey.by_words, start)
        or text[end - 1] in _NO_NAME_ENDS
    ):
        return []
    start = text.index(" ", start)
    start += len(text[start:]) - len(text[start:].lstrip())
    if start >= end:
        return []
    return [Form("B", _SIGNED, ((start, end, "byline"),), None, text[start:end])]


def aside(block: Block, previous: Block | None, survey: Survey) -> Form | None:
    """Read what stands right below a line: a position below a byline, or a paper that comes again
    below a headline.
    """
    if previous is None or block.above:
        return None
    text = block.line.text
    if is_position_line(block.text) and (
        byline_in(previous.text) is not None or bare_name(previous.text, survey.names) is not None
    ):
        return Form("X", _ASIDE, ((0, len(text), "furniture"),))
    is_name = is_paper(block.text) or is_titled(block.text.strip())
    if survey.blank_weight and block.folded in survey.again and is_name:
        place = len(text) - len(text.lstrip()), len(text.rstrip())
        return Form("X", _ASIDE, ((*place, "publication"),))
    return None


def photographer_below(text: str, above: str) -> list[Form]:
    """Read "Photos: B" right below "Text: A" as a credit; elsewhere it is one of a picture."""
    match = _PHOTOS.match(text)
    if match is None or byline_in(above) is None:
        return []
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if not looks_like_byline(text[match.end() : end]):
        return []
    return [Form("B", 5.0, ((start, end, "byline"),), None, text[start:end])]
