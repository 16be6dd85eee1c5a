"""Addresses of a site that moves here: kept as past ones, and put into the links between bodies."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.urls import Resolver404, resolve

from articles.models import (
    Article,
    FieldChange,
    ImportRun,
    PastAddress,
    PublicKey,
    Series,
    SitePage,
    Tag,
)
from articles.writing import index
from articles.writing.addresses import taken_slugs
from authors.models import Author

_NAMED: dict[str, Any] = {"author": Author, "series": Series, "tag": Tag, "page": SitePage}


def remember(owners: Mapping[str, int]) -> set[str]:
    """Let each old path lead to its article from now on; return the paths that cannot.

    A path that already leads elsewhere, or at which this site has a page of its own, stays what
    it is. One that is the article's present address needs nothing.
    """
    held = holders(owners)
    rows = [
        PastAddress(path=path, article_id=pk) for path, pk in owners.items() if path not in held
    ]
    PastAddress.objects.bulk_create(rows, batch_size=index.BATCH)
    return {path for path, holder in held.items() if holder != owners[path]}


def holders(paths: Collection[str]) -> dict[str, int]:
    """Return what stands at those of the old *paths* that are in use here: the id of the article
    that they are the address of, or lead to; 0 for anything else."""
    found: dict[str, int] = {}
    for chunk in index.batches(list(paths)):
        rows = PastAddress.objects.filter(path__in=chunk).values_list("path", "article_id")
        known = {path: pk or 0 for path, pk in rows}
        for path in chunk:
            holder = known[path] if path in known else _live_at(path)
            if holder is not None:
                found[path] = holder
    return found


def _live_at(path: str) -> int | None:
    """Return what this site has at *path*: an article's id, 0 for another page, None for nothing.

    Pages of lists and archives count even while they are empty.
    """
    if "?" in path:
        return None
    try:
        match = resolve(f"/{path}")
    except Resolver404:
        return None
    name, given = match.url_name or "", match.kwargs
    if name.startswith("article-") and "slug" in given:
        return _article_at(given)
    if name == "permanent":
        return 0 if PublicKey.objects.filter(key=given["key"]).exists() else None
    if name in _NAMED:
        return 0 if _NAMED[name].objects.filter(slug=given["slug"]).exists() else None
    return 0


def _article_at(given: Mapping[str, str]) -> int | None:
    try:
        day = datetime.date(
            int(given["year"]), int(given.get("month") or 1), int(given.get("day") or 1)
        )
    except ValueError:
        return None
    precision = "day" if "day" in given else "month" if "month" in given else "year"
    rows = Article.objects.filter(
        published_on=day, date_precision=precision, slug=given["slug"].lower()
    )
    return rows.values_list("pk", flat=True).first()


def present_addresses(paths: Collection[str]) -> dict[str, str]:
    """Return the present address of the article that each old path leads to."""
    found: dict[str, int] = {}
    for chunk in index.batches(sorted(paths)):
        rows = PastAddress.objects.filter(path__in=chunk, article__isnull=False)
        found |= {path: pk for path, pk in rows.values_list("path", "article_id") if pk}
    addresses: dict[int, str] = {}
    for ids in index.batches(sorted(set(found.values()))):
        for article in Article.objects.filter(pk__in=ids).only(
            "published_on", "date_precision", "slug"
        ):
            addresses[article.pk] = article.get_absolute_url()
    return {path: addresses[pk] for path, pk in found.items() if addresses.get(pk)}


def holders_of(places: Iterable[tuple[datetime.date, str]]) -> dict[tuple[Any, str], int]:
    """Return the articles that have the slug of a day, or to which its address leads readers."""
    paths = {f"articles/{day:%Y/%m/%d}/{slug}/": (day, slug) for day, slug in places}
    found: dict[tuple[Any, str], int] = {}
    for chunk in index.batches(sorted(paths)):
        past = PastAddress.objects.filter(path__in=chunk, article__isnull=False)
        found |= {paths[path]: pk for path, pk in past.values_list("path", "article_id") if pk}
    for day, slugs in taken_slugs({day for day, _ in paths.values()}).items():
        found |= {(day, slug): pk for slug, pk in slugs.items() if pk is not None}
    return found


def link_bodies(bodies: Mapping[int, str], run: ImportRun) -> None:
    """Store bodies that *run* wrote and whose links have only now got their addresses.

    No further change of the articles: the ledger's entry of the run gets the same text, and the
    words, which are what is searched, stay as they are.
    """
    rows = [Article(pk=pk, body=body) for pk, body in sorted(bodies.items())]
    Article.objects.bulk_update(rows, ["body"], batch_size=100)
    for chunk in index.batches(list(bodies)):
        changes = FieldChange.objects.filter(
            operation__import_run=run, subject_type="article", subject_id__in=chunk, field="body"
        )
        for change in changes:
            change.new = bodies[change.subject_id]
            change.save(update_fields=["new"])
