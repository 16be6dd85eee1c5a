"""Reads of articles that chain. Visibility is decided here and nowhere else."""

import calendar
import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from articles import clock
from articles.choices import Status
from articles.criteria import Criteria

if TYPE_CHECKING:
    from articles.models.article import Article

#: The columns that a row of a public list shows.
LIST_FIELDS = (
    "id", "sort_key", "headline", "kicker", "subtitle", "standfirst", "part_label", "byline",
    "credit", "language", "published_on", "date_precision", "slug",
)  # fmt: skip


def _within(periods: Iterable[tuple[datetime.date, datetime.date]]) -> models.Q:
    """Return the condition that an article is dated in one of *periods*."""
    from articles.models.article import sort_key_of

    # Two bounds on the one ordered integer: the list's own index answers it.
    found = models.Q()
    for first, last in periods:
        low, high = sort_key_of(first, 0), sort_key_of(last, 2**31 - 1)
        found |= models.Q(sort_key__gte=low, sort_key__lte=high)
    return found


def _keys(dimension: str, slugs: Iterable[str]) -> "models.QuerySet[Any, Any]":
    """Return the sort keys of the public articles with any of these authors, series or tags."""
    from articles.models.article import Contribution
    from articles.models.series import Part
    from articles.models.tag import TaggedArticle

    found: models.QuerySet[Any]
    if dimension == "authors":
        found = Contribution.objects.filter(author__slug__in=slugs)
    elif dimension == "series":
        found = Part.objects.filter(series__slug__in=slugs)
    else:
        found = TaggedArticle.objects.filter(tag__slug__in=slugs)
    return found.filter(is_public=True).values("sort_key")


def _last_day(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def is_published(article: "Article", now: datetime.datetime) -> bool:
    """Whether the public may see *article* at *now*: `ArticleQuerySet.published` of one in hand."""
    return (
        article.status == Status.PUBLISHED
        and article.visible_from is not None
        and article.visible_from <= now
    )


class _Waiting(models.Func):
    """The status of what waits, as part of the statement: SQLite uses the partial index over them
    only if it reads the index's own condition there, and a parameter it cannot read."""

    template = f"'{Status.PUBLISHED.value}'"
    output_field = models.CharField()


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles. Adjectives filter, ``with_*`` annotates, ``for_*`` loads a shape."""

    def published(self, now: datetime.datetime | None = None) -> "ArticleQuerySet":
        """Those that the public may see now."""
        return self.filter(status=Status.PUBLISHED, visible_from__lte=now or clock.now())

    def withdrawn(self) -> "ArticleQuerySet":
        """Those that the public could once see, and that only a tombstone speaks of now."""
        return self.filter(status=Status.WITHDRAWN, first_public_at__isnull=False)

    def merged(self) -> "ArticleQuerySet":
        """Copies of other articles, to which their addresses lead."""
        return self.filter(merged_into__isnull=False)

    def gone(self) -> "ArticleQuerySet":
        """Those whose address answers although they are withdrawn: with a tombstone, or, if they
        are merged, with the way to the other article."""
        return self.filter(status=Status.WITHDRAWN).filter(
            models.Q(first_public_at__isnull=False) | models.Q(merged_into__isnull=False)
        )

    def present(self) -> "ArticleQuerySet":
        """Those that are not withdrawn: readers see them, or editors work at them."""
        return self.exclude(status=Status.WITHDRAWN)

    def due(self) -> "ArticleQuerySet":
        """Those that are visible by the clock and not yet in the search index."""
        return self.published().filter(status=_Waiting(), is_public=False)

    def scheduled(self) -> "ArticleQuerySet":
        """Those that are published but become visible later."""
        return self.filter(status=_Waiting(), is_public=False, visible_from__gt=clock.now())

    def by_author(self, *slugs: str) -> "ArticleQuerySet":
        """Public ones credited to any of these authors, in any role."""
        return self.filter(sort_key__in=_keys("authors", slugs))

    def in_series(self, *slugs: str) -> "ArticleQuerySet":
        """Public ones that stand in any of these series."""
        return self.filter(sort_key__in=_keys("series", slugs))

    def tagged(self, *slugs: str) -> "ArticleQuerySet":
        """Public ones that carry any of these tags."""
        return self.filter(sort_key__in=_keys("tags", slugs))

    def without(self, dimension: str, *slugs: str) -> "ArticleQuerySet":
        """Those that have none of these ``authors``, ``tags`` or ``series``."""
        return self.exclude(sort_key__in=_keys(dimension, slugs))

    def between(self, first: datetime.date, last: datetime.date) -> "ArticleQuerySet":
        """Those published from *first* to *last*, both included."""
        return self.filter(_within([(first, last)]))

    def on_days(self, days: Iterable[datetime.date]) -> "ArticleQuerySet":
        """Those dated on any of *days*; those of which only the month is known are on its first."""
        return self.filter(_within((day, day) for day in days))

    def in_years(self, *years: int) -> "ArticleQuerySet":
        """Those published in any of *years*."""
        periods = ((datetime.date(year, 1, 1), datetime.date(year, 12, 31)) for year in years)
        return self.filter(_within(periods))

    def in_decades(self, *decades: int) -> "ArticleQuerySet":
        """Those published in any of *decades*, each named by its first year."""
        periods = (
            (datetime.date(max(decade, 1), 1, 1), datetime.date(decade + 9, 12, 31))
            for decade in decades
        )
        return self.filter(_within(periods))

    def in_months(self, *months: tuple[int, int]) -> "ArticleQuerySet":
        """Those published in any of *months*, as (year, month); those of which only the year is
        known are not."""
        periods = (
            (datetime.date(year, month, 1), _last_day(year, month)) for year, month in months
        )
        return self.filter(_within(periods)).exclude(date_precision="year")

    def with_byline(self, wanted: bool = True) -> "ArticleQuerySet":
        """Those with a printed byline; with ``False``, those without."""
        return self.exclude(byline="") if wanted else self.filter(byline="")

    def with_body(self, wanted: bool = True) -> "ArticleQuerySet":
        """Those whose full text is in the archive; with ``False``, those without."""
        return self.exclude(body="") if wanted else self.filter(body="")

    def in_languages(self, *codes: str) -> "ArticleQuerySet":
        """Those in any of these languages (primary codes of BCP 47: ``de`` is ``de-AT`` too)."""
        found = models.Q(language__in=codes)
        for code in codes:
            found |= models.Q(language__startswith=f"{code}-")
        return self.filter(found)

    def matching(self, criteria: Criteria) -> "ArticleQuerySet":
        """Those that all filters of *criteria* admit. Its search text is the search's business."""
        found = self
        if criteria.authors:
            found = found.by_author(*criteria.authors)
        if criteria.tags:
            found = found.tagged(*criteria.tags)
        if criteria.series:
            found = found.in_series(*criteria.series)
        if criteria.decades:
            found = found.in_decades(*criteria.decades)
        if criteria.years and criteria.months:
            months = [(year, month) for year in criteria.years for month in criteria.months]
            found = found.in_months(*months)
        elif criteria.years:
            found = found.in_years(*criteria.years)
        if criteria.since or criteria.until:
            found = found.between(
                criteria.since or datetime.date.min, criteria.until or datetime.date.max
            )
        if criteria.languages:
            found = found.in_languages(*criteria.languages)
        if criteria.byline is not None:
            found = found.with_byline(criteria.byline)
        if criteria.body is not None:
            found = found.with_body(criteria.body)
        for dimension, slugs in criteria.excluded().items():
            if slugs:
                found = found.without(dimension, *slugs)
        return found

    def newest_first(self) -> "ArticleQuerySet":
        """By date, the newest first; within a day in the order of the listing."""
        return self.order_by("-sort_key")

    def oldest_first(self) -> "ArticleQuerySet":
        """By date, the oldest first."""
        return self.order_by("sort_key")

    def for_list(self) -> "models.QuerySet[Article, dict[str, Any]]":
        """Plain rows for public lists, with ``has_body``."""
        has_body = models.Case(
            models.When(body="", then=models.Value(False)), default=models.Value(True)
        )
        rows: models.QuerySet[Article, dict[str, Any]]
        rows = self.annotate(has_body=has_body).values(*LIST_FIELDS, "has_body")
        return rows

    def for_detail(self) -> "ArticleQuerySet":
        """Whole articles with what stands on their page, in a fixed number of queries."""
        from articles.models.article import Contribution
        from articles.models.tag import TaggedArticle

        return self.select_related("public_key").prefetch_related(
            models.Prefetch(
                "contributions", Contribution.objects.select_related("author").order_by("position")
            ),
            models.Prefetch(
                "tagged_articles",
                TaggedArticle.objects.select_related("tag").order_by("tag__collation_key"),
            ),
        )
