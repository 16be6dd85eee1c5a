"""An article without a standfirst, where the others of its listing have one."""

from collections.abc import Iterable

from articles.review.checks.base import Check
from articles.review.facts import Doubt, Facts
from articles.review.working_titles import is_working_title


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
        if not is_working_title(article.headline, bylined=bool(article.byline)):
            yield Doubt("There is no standfirst, though most entries of the listing have one.", "")
