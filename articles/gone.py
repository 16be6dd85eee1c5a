"""Which lists readers once saw and see no more: those of a day, month, year, author, tag or series
of which every article has been withdrawn. Their addresses say so (410), and name nothing.

A withdrawn article may still be edited. What counts is the date, and the authors, tags and series,
that it had when it was withdrawn: what it was given since, no reader ever saw. The ledger tells.
"""

import calendar
import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from articles.choices import OperationKind, Status
from articles.models import Article, FieldChange, PastAddress, Series, Tag
from articles.querysets import ArticleQuerySet
from authors.models import Author

#: By the name of the address: what it shows, the way there from an article, and what the ledger
#: calls the list of them on an article.
_NAMED: dict[str, tuple[type[Model], str, str]] = {
    "author": (Author, "contributions__author", "credits"),
    "tag": (Tag, "tagged_articles__tag", "tags"),
    "series": (Series, "parts__series", "parts"),
}
#: Acts that give an article another name for what it had, or give back what it had.
_RENAMING = (OperationKind.MERGE, OperationKind.UNDO)
#: So many changes since the withdrawal are looked at.
_MOST = 5_000
_FOLDERS = {"author": "authors", "tag": "tags", "series": "series"}


def was_public(name: str, given: Mapping[str, str]) -> bool:
    """Return whether the address called *name* with the arguments *given*, which shows nothing,
    once showed articles. Two queries at most for a date, two for a name and two more for each row
    that has or had it, and none for other addresses."""
    withdrawn = Article.objects.withdrawn()
    if name in ("year", "month", "day"):
        parts = [given[part] for part in ("year", "month", "day") if part in given]
        period = _period(*map(int, parts))
        if period is None:
            return False
        date = "-".join(parts)
        return _were(
            _dated(withdrawn.between(*period), name),
            "published_on",
            f'"{date}',
            lambda value: str(value or "").startswith(date),
        )
    name = name.removesuffix("-feed")
    if name not in _NAMED:
        return False
    slug, (model, way, field) = given["slug"], _NAMED[name]
    ids = set(
        model._default_manager.filter(slug__in={slug, slug.lower()}).values_list("pk", flat=True)
    )
    past = PastAddress.objects.filter(path=f"{_FOLDERS[name]}/{slug}/")
    ids |= set(past.exclude(**{name: None}).values_list(name, flat=True))
    return any(
        _were(
            withdrawn.filter(**{way: pk}),
            field,
            f'"{name}": {pk}',
            lambda value, pk=pk: any(item.get(name) == pk for item in value or ()),  # type: ignore[misc]
        )
        for pk in ids
    )


def _since(article: str) -> Coalesce:
    """Return the number of the operation that withdrew an article, whose id is in the column
    *article*; 0 for one that came here withdrawn."""
    acts = FieldChange.objects.filter(
        subject_type="article", subject_id=OuterRef(article), field="status", new=Status.WITHDRAWN
    )
    return Coalesce(Subquery(acts.order_by("-id").values("operation")[:1]), 0)


def _changes(field: str) -> "QuerySet[FieldChange]":
    return FieldChange.objects.filter(subject_type="article", field=field)


def _were(now: ArticleQuerySet, field: str, text: str, has: Callable[[Any], bool]) -> bool:
    """Return whether readers saw any withdrawn article with something in *field*.

    *now* are the withdrawn ones that have it now, *has* tells whether a value of the ledger has it,
    and the JSON of every value that has it holds *text*.
    """
    since = _changes(field).filter(
        subject_id=OuterRef("pk"), operation__gte=OuterRef("withdrawn_by")
    )
    untouched = ~Exists(since.exclude(operation__kind__in=_RENAMING))
    if now.alias(withdrawn_by=_since("pk")).filter(untouched).exists():
        return True
    found = (
        _changes(field)
        .filter(subject_id__in=Article.objects.withdrawn().values("pk"))
        .alias(withdrawn_by=_since("subject_id"), was=Cast("old", TextField()))
        .alias(became=Cast("new", TextField()))
        .filter(Q(was__contains=text) | Q(became__contains=text))
        .filter(operation__gte=F("withdrawn_by"))
        .order_by("subject_id", "id")
        .values_list("subject_id", "old", "new", "operation__kind")
    )
    told = set()
    for pk, old, new, kind in found[:_MOST]:
        # The first change that concerns it tells whether it was there before.
        if pk not in told and (has(old) or has(new)):
            told.add(pk)
            if has(old) or kind in _RENAMING:
                return True
    return False


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
