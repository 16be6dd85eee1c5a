"""Whole articles as their pages show them, by statements that are written once."""

import datetime
from collections.abc import Iterable
from itertools import repeat
from typing import Any

from django.db.models import Q, QuerySet

from articles.choices import DatePrecision
from articles.models import Article, Contribution, TaggedArticle
from articles.prepared import PreparedObjects
from articles.querysets import ArticleQuerySet

#: Spellings of a slug that an address may mean: what has fewer asks for one of them again.
_SPELLINGS = 3


def at_address(
    articles: ArticleQuerySet,
    spellings: Iterable[str],
    first: datetime.date,
    last: datetime.date,
    month: datetime.date,
    year: datetime.date,
) -> ArticleQuerySet:
    """Return those of *articles* with one of these *spellings* as their slug that are dated from
    *first* to *last*, or of which only the *month* or the *year* is known: their first days."""
    return articles.filter(slug__in=spellings).filter(
        Q(published_on__range=(first, last))
        | Q(published_on=month, date_precision=DatePrecision.MONTH)
        | Q(published_on=year, date_precision=DatePrecision.YEAR)
    )


_PUBLIC = PreparedObjects(
    Article,
    lambda now, *wanted: at_address(
        Article.objects.published(now), wanted[:_SPELLINGS], *wanted[_SPELLINGS:]
    )[:2],
    *[str] * _SPELLINGS,
    *[datetime.date] * 4,
    related=["public_key"],
)
_CREDITS = PreparedObjects(
    Contribution,
    lambda _now, pk: Contribution.objects.filter(article=pk).order_by("position"),
    int,
    related=["author"],
)
_TAGS = PreparedObjects(
    TaggedArticle,
    lambda _now, pk: TaggedArticle.objects.filter(content_object=pk).order_by("tag__collation_key"),
    int,
    related=["tag"],
)


def public_at(spellings: Iterable[str], *dates: datetime.date) -> list[Article]:
    """Return at most two public articles that an address may mean: see `at_address`. One query."""
    known = list(spellings)
    return _PUBLIC.objects(*known, *repeat(known[0], _SPELLINGS - len(known)), *dates)


def load_links(article: Article) -> None:
    """Read the credits and tags of *article*, as `for_detail` would. Two queries."""
    kept: dict[str, QuerySet[Any]] = {}
    for name, rows, found in (
        ("contributions", Contribution.objects.all(), _CREDITS.objects(article.pk)),
        ("tagged_articles", TaggedArticle.objects.all(), _TAGS.objects(article.pk)),
    ):
        # What stands here is what ``prefetch_related`` leaves behind.
        rows._result_cache = found
        kept[name] = rows
    article._prefetched_objects_cache = kept  # type: ignore[attr-defined]
