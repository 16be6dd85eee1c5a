"""A standfirst that speaks of a part, of an article that stands in no series."""

import re
from collections.abc import Iterable

from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts, in_field

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
#: One of these stands in whatever the pattern finds.
_HINTS = ("part", "serie", "teil", "instal", "articles")


class PartInStandfirst(Check):
    code = "part-in-standfirst"
    title = "A part, in no series"
    explanation = (
        "The standfirst says that this is a part of something longer, but the article stands in no"
        " series. Put it and its other parts into one."
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
            )
