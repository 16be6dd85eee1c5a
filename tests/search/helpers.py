"""Articles made for search alone: the row and its document, nothing else."""

import datetime
import itertools
from collections.abc import Iterable
from typing import Any

from articles import clock
from articles.models import Article
from articles.models.article import sort_key_of
from articles.search import columns as search_columns
from articles.search.base import Document, Found, index, search

_numbers = itertools.count(1)
FIRST_DAY = datetime.date(2001, 1, 1)
#: What the analysis takes besides the fields of an article.
ARTICLE_FIELDS = ("headline", "kicker", "subtitle", "part_label", "standfirst", "body", "language")


def document_of(article: Article, names: Iterable[str] = (), facets: str = "") -> Document:
    """Return the document of *article*, its body taken as plain text."""
    assert article.sort_key is not None
    columns = search_columns.document(
        headline=article.headline,
        kicker=article.kicker,
        subtitle=article.subtitle,
        part_label=article.part_label,
        standfirst=article.standfirst,
        body_text=article.body,
        names=names,
        language=article.language,
    )
    return Document.of(article.sort_key, article.pk, columns, facets)


def make(
    headline: str,
    *,
    day: int = 0,
    names: Iterable[str] = (),
    facets: str = "",
    indexed: bool = True,
    **fields: Any,
) -> Article:
    """Return a public article of the *day*-th day, stored and (unless told otherwise) indexed."""
    article = Article(
        headline=headline,
        slug=f"article-{next(_numbers)}",
        status="published",
        published_on=FIRST_DAY + datetime.timedelta(days=day),
        visible_from=clock.now(),
        **{"language": "en", **fields},
    )
    article.save()
    article.sort_key = sort_key_of(article.published_on, article.pk)
    article.save(update_fields=["sort_key"])
    if indexed:
        index([document_of(article, names, facets)])
    return article


def look(text: str, **options: Any) -> Found:
    """Return what a search of all public articles finds."""
    return search(Article.objects.published(), text, **{"language": "en", **options})


def found(text: str, **options: Any) -> set[str]:
    """Return the headlines of the hits."""
    return set(look(text, **options).queryset.values_list("headline", flat=True))


def ranking(text: str, **options: Any) -> list[str]:
    """Return the headlines of the hits by relevance."""
    result = look(text, **options)
    return [row["headline"] for row in result.rows(result.ranked(100))]
