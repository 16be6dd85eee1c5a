"""Kickers before a headline on its line: "POLITICS Headline", "Politics: Headline"."""

import re
from dataclasses import dataclass
from functools import lru_cache

from articles.folding import fold
from articles.listing.date_edges import MAY_DATE
from articles.listing.dates import whole_date

_SEPARATED = re.compile(
    r"(?P<head>[^:|•·/»]{2,40}?)(?P<gap>\s?:\s+|：\s*|\s+[|•·/»–—]\s+|\|)(?=\S)"
)
_CAPS = re.compile(
    r"(?P<head>[A-ZÀ-ÖØ-ÞА-ЯЁ][A-ZÀ-ÖØ-ÞА-ЯЁ&’'./ -]{1,38}?[A-ZÀ-ÖØ-ÞА-ЯЁ])(?P<gap>\s+)"
    r"(?=[“‘\"«(]?(?:[A-ZÀ-ÖØ-ÞА-ЯЁ]['’]?[a-zà-öø-ÿа-яё]|[AIАИВОУ]\s[^A-ZÀ-ÞА-ЯЁ]|[0-9]))"
)
_CAPS_GLUED = re.compile(
    r"(?P<head>[A-ZÀ-ÖØ-ÞА-ЯЁ]{3,30})(?P<gap>)(?=[A-ZÀ-ÖØ-ÞА-ЯЁ][a-zà-öø-ÿа-яё\s])"
)
# A sign between two parts, or two capitals: without one there is none.
_MAY_HAVE_PREFIX = re.compile(r"[:：|•·/»–—]|[^\W\d_a-z][^\W\d_a-zà-öø-ÿа-яё]")
# The same for text of ASCII, quicker.
_MAY_HAVE_PREFIX_ASCII = re.compile(r"[:|/A-Z](?:(?<=[:|/])|(?<=[A-Z][A-Z]))")
_LONGEST_HEADLINE = 240


@dataclass(frozen=True, slots=True)
class Prefix:
    """What may be a kicker before a headline on the same line: how it is parted from it."""

    folded: str
    start: int
    end: int
    rest: int
    form: str


@lru_cache(maxsize=500)
def prefixes_of(text: str) -> tuple[Prefix, ...]:
    """Return the prefixes of *text* that may be kickers, one a form."""
    if len(text) > _LONGEST_HEADLINE:
        return ()
    start = len(text) - len(text.lstrip())
    found = []
    sign = _MAY_HAVE_PREFIX_ASCII if text.isascii() else _MAY_HAVE_PREFIX
    if sign.search(text, start, start + 48) is None:
        return ()
    for name, form in (
        ("parted", _SEPARATED), ("caps", _CAPS), ("glued", _CAPS_GLUED),
    ):  # fmt: skip
        if name != "parted" and text.isupper():
            # All of it is in capitals: "THE FERRY WINS 2-1" has no kicker.
            continue
        match = form.match(text, start)
        if match is not None and name == "glued" and text[match.end() + 1].isspace():
            # "CULTUREA festival", but not "NASA lands": the file must have others to show it.
            name = "capital"
        if (
            match is not None
            and len(text) - match.end() < 4
            and text[match.end() :].strip().isdigit()
        ):
            # "Down the river / 2": a part of a series.
            continue
        if (
            match is not None
            and name == "parted"
            and MAY_DATE.search(text, match.end()) is not None
            and whole_date(text[match.end() :]) is not None
        ):
            # "Orla Quill | 3 May 2020" is a credit.
            continue
        if match is not None and len(match["head"].split()) <= 5:
            key = fold(match["head"])
            found.append(Prefix(key, start, match.end("head"), match.end(), name))
    return tuple(found)
