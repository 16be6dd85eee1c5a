"""A standfirst that speaks of a part, of an article that stands in no series."""

import re
from collections.abc import Iterable

from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts, in_field
from articles.review.suggesting import new_serial

_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[1-9][0-9]?"
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|concluding"
    "|[1-9][0-9]?(?:st|nd|rd|th)"
)
_PART = "part|instal?lment|instalment"
_SPOKEN = re.compile(
    rf"\b(?:(?:{_ORDINALS}) (?:and (?:final|last|concluding) )?(?:{_PART}) (?:of|in)"
    rf"|part (?:{_NUMBERS}|[ivx]{{1,4}}) (?:of|in)"
    rf"|(?:{_ORDINALS}) (?:in|of) (?:a|an|the|our) (?:series|(?:{_NUMBERS})[- ]part)"
    rf"|(?:{_ORDINALS}) of (?:{_NUMBERS}) (?:parts|articles|instal?lments)"
    rf"|(?:a|an|the|our) (?:{_NUMBERS})[- ]part"
    r" (?:series|article|essay|report|review|interview|study))"
    r"|\b(?:erster|zweiter|dritter|vierter|letzter) teil\b|\bteil (?:[1-9]|eins|zwei|drei) von\b"
    r"|\b(?:première|deuxième|troisième|dernière) partie\b"
    r"|\b(?:primera|segunda|tercera|última) parte\b",
    re.IGNORECASE,
)
#: Of the words that count: which part they make it.
_WORDS = {
    word: number
    for row in (
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "one two three four five six seven eight nine ten eleven twelve",
        "i ii iii iv v vi vii viii ix x xi xii",
        "erster zweiter dritter vierter",
        "eins zwei drei",
        "première deuxième troisième",
        "primera segunda tercera",
    )
    for number, word in enumerate(row.split(), 1)
}
_DIGITS = re.compile(r"\d+")
_LAST = frozenset({"last", "final", "concluding", "letzter", "dernière", "última"})
#: "… of a two-part", "… of three articles": how many parts there are.
_TOTAL = re.compile(rf"\b(?:of|in) (?:(?:a|an|the|our) )?({_NUMBERS})\b", re.IGNORECASE)
#: One of these stands in whatever the pattern finds.
_HINTS = ("part", "serie", "teil", "instal", "articles")


class PartInStandfirst(Check):
    code = "part-in-standfirst"
    title = "A part, in no series"
    explanation = (
        "The standfirst says that this is a part of something longer, but the article stands in no"
        " series. Confirm to make a serial of its headline, with the number that is said; or put it"
        " and its other parts into one by hand."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        text = article.standfirst
        is_placed = article.is_proposed or any(place.kind == "serial" for place in article.places)
        if not text or is_placed:
            return
        folded = text.casefold()
        if any(hint in folded for hint in _HINTS) and (found := _SPOKEN.search(text)):
            yield Doubt(
                f"The standfirst says “{found[0]}”, but the article stands in no series.",
                found[0].casefold(),
                in_field("standfirst", text, found.start(), found.end()),
                new_serial(article.headline, article.id, _number(found[0], text[found.end() :])),
            )


def _number(spoken: str, rest: str) -> int | None:
    """Return which part *spoken* says that it is, None if it does not say; *rest* follows it."""
    words = re.findall(r"[\w]+", spoken.casefold())
    if words[0] in ("a", "an", "the", "our"):
        return None  # "a two-part report": one of the two
    if words[0] in _LAST:
        found = _TOTAL.search(spoken + rest[:20])
        return _counted(found[1].casefold()) if found else None
    return next((number for word in words if (number := _counted(word))), None)


def _counted(word: str) -> int | None:
    figures = _DIGITS.match(word)
    return int(figures[0]) if figures else _WORDS.get(word)
