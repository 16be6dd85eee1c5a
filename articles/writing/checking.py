"""Comparing what readers' pages are built from with the rows, and repairing it."""

from collections import Counter
from collections.abc import Iterator

from django.db import transaction

from articles.models import (
    Article,
    ContentChange,
    ContentVersion,
    FacetTotal,
    PublicKey,
    SearchDocument,
)
from articles.models.article import sort_key_of
from articles.search import base
from articles.writing import index, keys
from articles.writing.credits import credit_text
from articles.writing.state import lists_of


def check() -> Iterator[str]:
    """Yield a line for each difference between rows and what is derived from them."""
    yield from _check_articles()
    yield from _check_documents()
    yield from _check_totals()
    yield from _check_changes()
    yield from base.check()


def _check_articles() -> Iterator[str]:
    ids = list(Article.objects.order_by("id").values_list("pk", flat=True))
    public = set(Article.objects.published().values_list("pk", flat=True))
    for chunk in index.batches(ids):
        lists = lists_of(chunk)
        keyed = set(
            PublicKey.objects.filter(article__in=chunk).values_list("article_id", flat=True)
        )
        articles = Article.objects.in_bulk(chunk)
        for pk, article in articles.items():
            dated = article.published_on
            right = None if dated is None else sort_key_of(dated, pk)
            if article.sort_key != right:
                yield f"article {pk}: sort key {article.sort_key} should be {right}"
            if article.is_public != (pk in public):
                yield f"article {pk}: admitted should be {pk in public}"
            if pk not in keyed:
                yield f"article {pk}: no permanent key"
            credit = credit_text(lists[pk]["credits"])
            if article.credit != credit:
                yield f"article {pk}: credit “{article.credit}” should be “{credit}”"
        for model, link in index.LINKED:
            rows = model._default_manager.filter(**{f"{link}__in": chunk})
            for row, owner, key, flag in rows.values_list("pk", link, "sort_key", "is_public"):
                if (key, flag) != (articles[owner].sort_key, owner in public):
                    name = model._meta.verbose_name
                    yield f"article {owner}: {name} {row} has a stale sort key or publicity"


def _check_documents() -> Iterator[str]:
    public = Article.objects.published()
    for pk in public.filter(search_document=None).values_list("pk", flat=True).iterator():
        yield f"article {pk}: public, but not in the search index"
    indexed = SearchDocument.objects.exclude(article__in=public).values_list(
        "article_id", flat=True
    )
    for pk in indexed.iterator():
        yield f"article {pk}: in the search index, but not public"
    ids = list(public.order_by("id").values_list("pk", flat=True))
    for chunk in index.batches(ids):
        wanted = index.documents_for(list(chunk))
        rows = SearchDocument.objects.filter(article__in=chunk)
        for row in rows:
            if base.Document(
                row.sort_key, row.article_id, row.headline, row.heads, row.standfirst, row.body,
                row.names, row.facets,
            ) != wanted.get(row.article_id):  # fmt: skip
                yield f"article {row.article_id}: its search document is stale"


def _true_totals() -> Counter[str]:
    totals: Counter[str] = Counter()
    for facets in SearchDocument.objects.values_list("facets", flat=True).iterator():
        totals.update(facets.split())
    return totals


def _check_totals() -> Iterator[str]:
    stored = dict(FacetTotal.objects.values_list("term", "count"))
    true = _true_totals()
    for term in sorted(stored.keys() | true.keys()):
        if stored.get(term, 0) != true[term]:
            yield f"total {term}: {stored.get(term, 0)} should be {true[term]}"


def _check_changes() -> Iterator[str]:
    # The first version is that of an archive in which readers see nothing yet.
    moved = ContentVersion.objects.filter(version__gt=1) | ContentVersion.objects.filter(
        version__in=ContentChange.objects.values("version")
    )
    present = list(moved.values_list("version", "changed"))
    last = ContentChange.objects.order_by("-version").values_list("version", "changed")[:1]
    if present != list(last):
        yield "content version: what it changed is not recorded"


def repair() -> None:
    """Make everything derived anew from the rows, in one transaction."""
    with transaction.atomic():
        # Articles before the content version, as every writer locks them.
        rows = Article.objects.select_for_update().order_by("id")
        ids = list(rows.values_list("pk", flat=True))
        index.lock_content_version()
        for chunk in index.batches(ids):
            _repair_columns(list(chunk))
        base.remove(list(SearchDocument.objects.values_list("sort_key", flat=True)))
        base.rebuild()
        FacetTotal.objects.all().delete()
        index.refresh(ids)


def _repair_columns(chunk: list[int]) -> None:
    lists = lists_of(chunk)
    articles = list(Article.objects.filter(pk__in=chunk))
    keyed = set(PublicKey.objects.filter(article__in=chunk).values_list("article_id", flat=True))
    keys.give_keys([article for article in articles if article.pk not in keyed])
    stale = []
    for article in articles:
        dated = article.published_on
        right = (
            None if dated is None else sort_key_of(dated, article.pk),
            credit_text(lists[article.pk]["credits"]),
        )
        if (article.sort_key, article.credit) != right:
            article.sort_key, article.credit = right
            stale.append(article)
    Article.objects.bulk_update(stale, ["sort_key", "credit"], batch_size=index.BATCH)
