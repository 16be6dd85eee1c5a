"""Addresses: slugs that lead nowhere else, and the addresses that an article had before."""

import datetime
import re
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from articles import clock
from articles.choices import DatePrecision
from articles.folding import slugify
from articles.models import Article, PastAddress
from articles.querysets import is_published
from articles.writing import index
from articles.writing.changes import ArticleChange, InvalidChange
from articles.writing.state import Values

#: Slugs in use by date, with the articles that have them (None: one that is new).
Taken = dict[datetime.date | None, dict[str, int | None]]

MAX_LENGTH = 100
_LONG = 100
_PERIOD = re.compile(r"\d{1,2}")


def taken_slugs(dates: Iterable[datetime.date | None]) -> Taken:
    """Return the slugs in use on each of *dates*, with the articles that have them."""
    taken: Taken = {date: {} for date in dates}
    for chunk in index.batches([date for date in taken if date is not None]):
        rows = Article.objects.filter(published_on__in=chunk)
        for date, slug, pk in rows.values_list("published_on", "slug", "pk"):
            taken[date][slug] = pk
    return taken


def free_slug(slug: str, taken: Collection[str]) -> str:
    """Return *slug* if it is not in *taken*, else with the first number that makes it free."""
    attempt, number = slug, 1
    while attempt in taken:
        number += 1
        attempt = f"{slug}-{number}"
    return attempt


def give_slugs(
    changes: Sequence[ArticleChange], articles: list[Article], before: dict[int, Values]
) -> None:
    """Give a slug to each article without one, and to those that would share one on a day.

    A slug that nobody chose takes no address that leads to another article, be it by a redirect.
    """
    chosen: list[Article] = []
    automatic: list[Article] = []
    for change, article in zip(changes, articles, strict=True):
        old = before.get(article.pk, {})
        has_moved = article.published_on is not None and (
            old.get("slug") != article.slug
            or (old.get("published_on") or "")[:10] != "-".join(article.address_parts()[:-1])
        )
        if not article.slug or has_moved:
            is_chosen = "slug" in change.fields and bool(article.slug)
            (chosen if is_chosen else automatic).append(article)
    taken = taken_slugs({article.published_on for article in (*chosen, *automatic)})
    for article in chosen:
        if article.slug in _others(taken, article):
            raise InvalidChange(
                {"slug": _("Another article of that date has the slug “%s”.") % article.slug}
            )
        _give(article, taken)
    while automatic:
        wanted = [article.slug for article in automatic]
        for article in automatic:
            _give(article, taken)
        automatic = _on_redirects(automatic, wanted, taken)


def _others(taken: Taken, article: Article) -> set[str]:
    on_that_day = taken[article.published_on]
    return {slug for slug, pk in on_that_day.items() if pk is None or pk != article.pk}


def _give(article: Article, taken: Taken) -> None:
    wanted = article.slug or slugify(article.headline, "article", MAX_LENGTH)
    if article.date_precision == DatePrecision.YEAR and _PERIOD.fullmatch(wanted):
        wanted = f"article-{wanted}"  # "05" after a year is the archive of May
    article.slug = free_slug(wanted, _others(taken, article))
    taken[article.published_on][article.slug] = article.pk


def _on_redirects(articles: list[Article], wanted: list[str], taken: Taken) -> list[Article]:
    """Return those of *articles* that need another slug, since an address leads elsewhere now.

    That slug counts as taken. All of its date begin anew, from what was *wanted*, so that numbers
    follow their order.
    """
    if not _maybe_past(len(articles)):
        return []
    by_path = {_path(article): article for article in articles if article.published_on is not None}
    found: Taken = {}
    for chunk in index.batches(list(by_path)):
        past = PastAddress.objects.filter(path__in=chunk)
        for path, pk in past.values_list("path", "article_id"):
            article = by_path[path]
            if pk != article.pk:
                found.setdefault(article.published_on, {})[article.slug] = pk
    again = []
    for article, slug in zip(articles, wanted, strict=True):
        if article.published_on in found:
            if article.pk is None:  # what a stored one has stays taken until it is saved
                del taken[article.published_on][article.slug]
            article.slug = slug
            again.append(article)
    for date, slugs in found.items():
        taken[date].update(slugs)
    return again


def _maybe_past(count: int) -> bool:
    """Whether any of *count* addresses may lead elsewhere. That none whatever does is asked only
    where it spares the database a long list."""
    return count < _LONG or PastAddress.objects.exists()


def _path(article: Article) -> str:
    return "/".join(["articles", *article.address_parts(), ""])


def _is_at_its_address(article: Article) -> bool:
    """Whether readers find *article*, or its tombstone, at its address."""
    return article.was_public or is_published(article, clock.now())


def remember_addresses(articles: list[Article], before: dict[int, Values]) -> None:
    """Keep the old address of each article that was public and moved; free the new one.

    An address that leads to another article goes on doing so until readers find the new one there.
    """
    rows = []
    for article in articles:
        old = before.get(article.pk)
        if not old or not article.was_public or not old["published_on"]:
            continue
        path = "/".join(["articles", *old["published_on"].split("-"), old["slug"], ""])
        if path != _path(article):
            rows.append(PastAddress(path=path[:400], article=article))
    if rows:
        PastAddress.objects.filter(path__in=[row.path for row in rows]).delete()
        PastAddress.objects.bulk_create(rows, batch_size=index.BATCH)
    if not _maybe_past(len(articles)):
        return
    live = [_path(article) for article in articles if _is_at_its_address(article)]
    if live:
        PastAddress.objects.filter(path__in=live).delete()
