"""Headlines that are working titles."""

from collections.abc import Iterable

from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts, in_field
from articles.review.working_titles import is_working_title


class InternalSlug(Check):
    code = "internal-slug"
    title = "Working title for a headline"
    explanation = (
        "The headline is an internal working title (“230 Smith”), not one for readers. An import"
        " keeps the article a draft. Give it a headline before it is published."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        headline = article.headline
        if is_working_title(headline, bylined=bool(article.byline)):
            yield Doubt(
                f"“{headline}” looks like an internal working title.",
                headline,
                in_field("headline", headline, 0, len(headline)),
            )
