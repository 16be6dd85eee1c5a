"""Authors, series or tags side by side, each with some of its articles: are they one?"""

from dataclasses import dataclass
from typing import Any

from articles.models import Article
from articles.writing.name_merging import LINKS

#: Articles of each that stand side by side.
SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the rows that a proposal takes for one, with some of its articles."""

    row: Any
    article_count: int
    articles: list[Article]


def beside(row: Any) -> Beside:
    """Return an author, a series or a tag with its newest articles."""
    model, link, to_article, _listed = LINKS[type(row)]
    linked = model._default_manager.filter(**{link: row.pk}).order_by("-sort_key")
    ids = list(dict.fromkeys(linked.values_list(to_article, flat=True)))
    articles = Article.objects.in_bulk(ids[:SAMPLES])
    return Beside(row, len(ids), [articles[pk] for pk in ids[:SAMPLES]])
