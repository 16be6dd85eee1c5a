"""A part of a serial whose part before is not in the archive."""

from collections.abc import Iterable

from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts


class PartGap(Check):
    code = "part-gap"
    title = "A part without the one before"
    explanation = (
        "The article is a later part of a serial, and the archive lacks the part before. It may be"
        " there without its place in the series, or it was never imported. The finding ends by"
        " itself when the part comes."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        for place in article.places:
            if place.kind == "serial" and place.number is not None and not place.has_before:
                yield Doubt(
                    f"Part {place.number} of “{place.title}” is here, part"
                    f" {place.number - 1} is not.",
                    f"{place.series}\n{place.number}",
                    {"series": place.title, "part_number": place.number},
                )
