"""Which lists readers once saw and see no more: those of a day, month, year, author, tag or series
of which every article has been withdrawn. Their addresses say so (410), and name nothing."""

import calendar
import datetime
from collections.abc import Mapping

from articles.models import Article, PastAddress
from articles.querysets import ArticleQuerySet

#: The way from an article to the slug of what it stands with, by the name of the address.
_NAMED = {
    "author": "contributions__author",
    "tag": "tagged_articles__tag",
    "series": "parts__series",
}
_FOLDERS = {"author": "authors", "tag": "tags", "series": "series"}


def was_public(name: str, given: Mapping[str, str]) -> bool:
    """Return whether the address called *name* with the arguments *given*, which shows nothing,
    once showed articles. Two queries at most, and none for other addresses."""
    withdrawn = Article.objects.withdrawn()
    if name in ("year", "month", "day"):
        period = _period(*(int(given[part]) for part in ("year", "month", "day") if part in given))
        return period is not None and _dated(withdrawn.between(*period), name).exists()
    name = name.removesuffix("-feed")
    if name not in _NAMED:
        return False
    slug, way = given["slug"], _NAMED[name]
    if withdrawn.filter(**{f"{way}__slug__in": {slug, slug.lower()}}).exists():
        return True
    past = PastAddress.objects.filter(path=f"{_FOLDERS[name]}/{slug}/")
    return withdrawn.filter(**{f"{way}__in": past.values(name)}).exists()


def _period(
    year: int, month: int | None = None, day: int | None = None
) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and the last day of a year, a month or a day; None if there is no such."""
    try:
        if month is None:
            return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        last = calendar.monthrange(year, month)[1]
        return datetime.date(year, month, day or 1), datetime.date(year, month, day or last)
    except ValueError:
        return None


def _dated(articles: ArticleQuerySet, name: str) -> ArticleQuerySet:
    """Return those of *articles* whose date is known well enough to stand in a *name*'s list."""
    return (
        articles
        if name == "year"
        else articles.exclude(
            date_precision__in=("year",) if name == "month" else ("year", "month")
        )
    )
