"""An entry that was read with little certainty."""

from collections.abc import Iterable

from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts

#: Below this share of all readings the chosen one is a doubt.
LEAST = 0.6


class LowConfidence(Check):
    code = "low-confidence"
    title = "Read with little certainty"
    explanation = (
        "Other readings of the lines were nearly as likely as the chosen one. Compare the fields"
        " with the lines. Saving the article settles it."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        if article.confidence < LEAST:
            yield Doubt(
                f"The entry was read with a confidence of {article.confidence:.0%}.",
                "",
                {"confidence": article.confidence},
            )
