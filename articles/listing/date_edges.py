"""What stands before a date and belongs to it: a weekday, an article; or a sign."""

import re

from articles.folding import fold
from articles.listing.calendar_words import WEEKDAYS

_WEEKDAY_BEFORE = re.compile(
    r"(?<![^\W_])(?P<day>[^\W\d_]{2,12}(?:-feira)?)(?P<dot>\.?)(?P<comma>,?)"
    r"[^\S\n]{1,3}(?:(?:den|the|le|el|dia|il|am)[^\S\n])?\Z",
    re.IGNORECASE,
)
_SIGNS = frozenset(("", *",|·•(–—/-"))
_ARTICLE_BEFORE = re.compile(r"(?<![^\W_])(?:le|den|am|el|il|on)[^\S\n]\Z", re.IGNORECASE)
# "…, Mar 2022", but not "El mar 2022".
SIGN_BEFORE = re.compile(r"(?:\A|[,|·•(\[–—/:-])\s{0,3}\Z")
# "…, par A, le 3 mai 2020": behind a sign, or first on the line, the article belongs to the date.
ARTICLE_BEHIND_SIGN = re.compile(
    r"(?:\A|[,;:|·•(\[–—/-]\s?)(?P<article>(?:le|den|am|el|il|em|on)[^\S\n])\Z", re.IGNORECASE
)
# A year, or figures joined by a sign: without one there is no date. (Written so that it begins with
# one set of characters: the search for these is much faster than that for either form.)
MAY_DATE = re.compile(
    r"[0-9](?:(?<=(?<![0-9])[12])[0-9]{3}|[-./](?:[0-9]|[IVXivx]{1,4}[-./][0-9]))"
)


def weekday_before(piece: str, start: int) -> tuple[int | None, int]:
    """Return the weekday printed before *start*, and where it begins."""
    word = _WEEKDAY_BEFORE.search(piece, max(0, start - 24), start)
    if word is None:
        return None, start
    weekday = WEEKDAYS.get(fold(word["day"]))
    # "Sat 26 Aug 2017", also behind a sign; but not "El mar 2022".
    behind = piece[: word.start()].rstrip()[-1:] in _SIGNS
    told = word["dot"] or word["comma"] or (behind and word["day"][0].isupper())
    # "zo 3 mei 2022": nothing stands before it, and a day behind it.
    alone = word.start() == 0 and not piece[start : start + 4].isdigit()
    if weekday is None or (len(word["day"]) < 4 and not (told or alone)):
        return None, start
    article = _ARTICLE_BEFORE.search(piece, max(0, word.start() - 8), word.start())
    return weekday, article.start() if article is not None else word.start()
