"""Addresses: slugs that lead nowhere else, and the addresses that an article had before."""

import datetime
import re
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext as _

from articles.choices import DatePrecision
from articles.folding import slugify
from articles.models import Article, PastAddress
from articles.writing import index
from articles.writing.changes import ArticleChange, InvalidChange
from articles.writing.state import Values

MAX_LENGTH = 100
_PERIOD = re.compile(r"\d{1,2}")


def taken_slugs(
    dates: Iterable[datetime.date | None],
) -> dict[datetime.date | None, dict[str, int | None]]:
    """Return the slugs in use on each of *dates*, with the articles that have them."""
    taken: dict[datetime.date | None, dict[str, int | None]] = {date: {} for date in dates}
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
    """Give a slug to each article without one, and to those that would share one on a day."""
    pending = []
    for change, article in zip(changes, articles, strict=True):
        old = before.get(article.pk, {})
        has_moved = article.published_on is not None and (
            old.get("slug") != article.slug
            or (old.get("published_on") or "")[:10] != "-".join(article.address_parts()[:-1])
        )
        if not article.slug or has_moved:
            pending.append((article, "slug" in change.fields and bool(article.slug)))
    taken = taken_slugs({article.published_on for article, _ in pending})
    for article, is_chosen in pending:
        on_that_day = taken[article.published_on]
        others = {slug for slug, pk in on_that_day.items() if pk is None or pk != article.pk}
        if is_chosen and article.slug in others:
            raise InvalidChange(
                {"slug": _("Another article of that date has the slug “%s”.") % article.slug}
            )
        wanted = article.slug or slugify(article.headline, "article", MAX_LENGTH)
        if article.date_precision == DatePrecision.YEAR and _PERIOD.fullmatch(wanted):
            wanted = f"article-{wanted}"  # "05" after a year is the archive of May
        article.slug = free_slug(wanted, others)
        on_that_day[article.slug] = article.pk


def remember_addresses(articles: list[Article], before: dict[int, Values]) -> None:
    """Keep the old address of each article that was public and moved; free the new one."""
    rows = []
    for article in articles:
        old = before.get(article.pk)
        if not old or not article.was_public or not old["published_on"]:
            continue
        path = "/".join(["articles", *old["published_on"].split("-"), old["slug"], ""])
        now = "/".join(["articles", *article.address_parts(), ""])
        if path != now:
            rows.append(PastAddress(path=path[:400], article=article))
    if rows:
        PastAddress.objects.filter(path__in=[row.path for row in rows]).delete()
        PastAddress.objects.bulk_create(rows, batch_size=index.BATCH)
    live = ["/".join(["articles", *article.address_parts(), ""]) for article in articles]
    if live:
        PastAddress.objects.filter(path__in=live).delete()
