"""Headlines that are working titles."""

from collections.abc import Iterable

from articles.listing.working_titles import looks_like_slug
from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts, in_field


class InternalSlug(Check):
    code = "internal-slug"
    title = "Working title for a headline"
    explanation = (
        "The headline is an internal working title (“230 Smith”), not one for readers. An import"
        " keeps the article a draft. Give it a headline before it is published."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        headline = article.headline
        if looks_like_slug(headline, bylined=bool(article.byline)):
            yield Doubt(
                f"“{headline}” looks like an internal working title.",
                headline,
                in_field("headline", headline, 0, len(headline)),
            )
