"""What can be told of a line at a glance: running text, heads of a table, a doubled title."""

import re

from articles.listing.bare_names import IN_TITLES
from articles.listing.date_edges import MAY_DATE

#: Length from which a line may be running text.
SENTENCE = 50
_SIGN = re.compile(r"[|·•/()\[\]–—:\t]")
_BY_BEHIND = re.compile(r"[.?!]\s(?:[Bb]y|[Vv]on|[Pp]ar|[Pp]or|[Dd]i)\s")
_OPENS_CREDIT = re.compile(
    r"\s*(?:by|von|par|por|di|text|words|report|written|story|reporting|reviewed"
    r"|presented|compiled"
    r"|told|submitted|contributed|prepared|curated|organi|hosted|directed|translat|edited"
    r"|introduc|illustrat"
    r"|photo|interview|übersetzt|herausg|tradu|trado|aus dem|propos|a cura|recogido|entrev|interv"
    r"|raccolto"
    r"|фото|перевод|пер|под|бесед|автор|текст)",
    re.IGNORECASE,
)
_LONGEST_HEAD = 120
_HEAD_SIGN = re.compile(r"[\t|;,]|\s{2}|\s-\s")
_DIGIT = re.compile("[0-9]")


def is_sentence(text: str) -> bool:
    """Tell at a glance that *text* is running text: no date, sign or byline in it."""
    return (
        len(text) > SENTENCE
        and _SIGN.search(text) is None
        and " - " not in text
        and "--" not in text
        and _OPENS_CREDIT.match(text) is None
        and MAY_DATE.search(text) is None
        and _BY_BEHIND.search(text) is None
        and any(word[0].islower() and word not in IN_TITLES for word in text.split())
    )


def may_be_head(text: str) -> bool:
    """Tell at a glance whether *text* may be the heads of a table: short, without a figure."""
    return len(text) < _LONGEST_HEAD and (
        _DIGIT.search(text) is None and _HEAD_SIGN.search(text) is not None
    )


def doubled(text: str, start: int, end: int) -> int | None:
    """Return where a title that stands twice in a row on its line begins again."""
    length = end - start
    if length < 16 or length % 2:
        return None
    half = start + length // 2
    return half if text[start:half] == text[half:end] else None
