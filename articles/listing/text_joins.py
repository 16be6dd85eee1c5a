"""Where a standfirst is joined to a headline without a sign: "The canneryEleven women work."."""

import re

from articles.listing.credit_edges import byline_in
from articles.listing.furniture import is_count
from articles.listing.words import CAMEL_HEADS, word_set

# "Politics · 4 min read": a heading, and a reading time behind a sign.
_ASIDE = re.compile(
    r"(?<=[^\W\d_])\s*[·|•–—](?=\s{0,3}[0-9]{1,3}[\s-]?(?i:min|мин)[^0-9·|•–—]{0,24}\Z)"
)
_LONGEST_ASIDE = 70
OPENING = '“„«‘"¿¡'
CLOSING = '”“»’")]?!…'
#: What stands before the inner capital of a name, besides the heads of known ones.
OF_NAMES = word_set("mac fitz van von vander saint san santa del della dela des dos das abdul")
#: Behind the inner capital of a word that means men and women: "LehrerInnen".
INNER = "Innen"
#: Letters that a word has at least before a join, and words that a sentence has behind one.
_SHORTEST, _FEWEST_WORDS = 3, 3
_TEXT_BEHIND = re.compile(
    rf"(?<=[a-zß-öø-ÿа-яё0-9{re.escape(CLOSING)}])(?=[A-ZÀ-ÖØ-ÞА-ЯЁ{re.escape(OPENING)}])"
)


def text_join(text: str, start: int, end: int) -> int | None:
    """Return where a sentence begins right behind a headline, from *start* to *end*."""
    rest = text[start:end].rstrip()
    if not rest.endswith((".", "!", "?", "…", "”", "»", "“", '"')):
        return None
    for match in _TEXT_BEHIND.finditer(text, start + 3, end):
        place = match.start()
        if text[place - 1] in '“"' and text[place - 2].isspace():
            # What opens a quotation here may close one elsewhere.
            continue
        if text[place] in OPENING and not text[place + 1 : place + 2].isalnum():
            continue
        word = text[start:place].rsplit(maxsplit=1)[-1]
        inner = word[-1].islower() and (
            len(word) < _SHORTEST or word.casefold() in CAMEL_HEADS | OF_NAMES
        )
        words = text[place:end].split()
        if not inner and len(words) >= _FEWEST_WORDS and not text.startswith(INNER, place):
            return place
    return None


def aside_place(text: str) -> int:
    """Return where a reading time behind a heading begins, its sign included; 0 if none does."""
    if len(text) > _LONGEST_ASIDE or not (text[-1:].isalpha() or text[-1:] == "."):
        return 0
    match = _ASIDE.search(text)
    if match is None or not is_count(text[match.end() :]):
        return 0
    before = text[: match.start()]
    return 0 if any(map(str.isdigit, before)) or byline_in(before) is not None else match.start()
