"""An article without a standfirst, where the others of its listing have one."""

from collections.abc import Iterable

from articles.listing.working_titles import looks_like_slug
from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts


class MissingStandfirst(Check):
    code = "missing-standfirst"
    title = "No standfirst"
    explanation = (
        "Most entries of the listing have a standfirst, this one has none. Perhaps it was read as"
        " something else, or the listing lost it."
    )

    def find(self, article: Facts) -> Iterable[Doubt]:
        if not article.wants_standfirst or article.standfirst:
            return
        if not looks_like_slug(article.headline, bylined=bool(article.byline)):
            yield Doubt("There is no standfirst, though most entries of the listing have one.", "")
