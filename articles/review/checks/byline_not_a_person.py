"""A credit to a person whose name is none."""

import re
from collections.abc import Iterable

from articles.review.checks.base import Check, words
from articles.review.facts import Doubt, Facts, in_field

_NO_NAME = re.compile(r"[0-9@/_<>:;!?\"“”]")
_PARTICLES = words(
    "van von de der den di da del della du la le bin ibn al ter ten zu zur dos das do e y und and"
    " of el dei degli af av vom zum i san st d’ d'"
)
_OFFICES = words(
    "staff correspondent correspondents reporter reporters editor editors editorial board committee"
    " team newsroom agency agencies bureau desk union university institute association redaktion"
    " redazione rédaction redacción редакция anonymous unknown group league"
)
_LONGEST = 6


class BylineNotAPerson(Check):
    code = "byline-doubtful"
    title = "A byline that is no person"
    explanation = (
        "A credit to a person whose name does not look like one. If it is a group or an office,"
        " change the kind of the author to collective or organisation; if it is no name, take the"
        " credit away."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        for name, kind in article.credits:
            if kind == "person" and (reason := _reason(name)):
                yield Doubt(
                    f"“{name}” is credited as a person, but {reason}.",
                    name,
                    in_field("byline", article.byline, 0, len(article.byline)),
                )


def _reason(name: str) -> str:
    if _NO_NAME.search(name):
        return "has characters that no name has"
    parts = name.split()
    if len(parts) > _LONGEST:
        return "is longer than names are"
    for word in parts:
        if word.lower().strip(".,") in _OFFICES:
            return "names a group or an office"
        if word[0].islower() and word not in _PARTICLES and not word.startswith(("d’", "d'")):
            return "has words in lower case"
    return ""
