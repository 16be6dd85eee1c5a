"""The door to search: one interface, two back ends.

Writers keep the index: inside their own transaction they call `index` and `remove`; nothing else
writes `SearchDocument`. Database triggers (migration 0002) carry every change of that table into
the full-text index, so that the two cannot part, whoever deletes a row. ::

    found = columns.document(headline=article.headline, ..., language=article.language)
    index([Document.of(article.sort_key, article.pk, found, facets="all a12 y1921 m192103")])
    remove([article.sort_key])

Views ask `search`, which chains with everything a queryset can do::

    found = search(Article.objects.published().matching(criteria), criteria.text)
    found.queryset.newest_first().for_list()[:25]     # or .filter(...), .count(), .values(...)
    found.rows(found.ranked(limit=25, offset=50))     # by relevance: plain rows, in order
    found.count(); found.is_exact; found.query.is_empty

A text without a word to look for (``""``, ``"---"``, ``-foo``) has ``found.query.is_empty``: then
nothing is narrowed, and "by relevance" means newest first.

The fast path. If every filter of the queryset can be said in facet terms (those of
`FacetTotal`), say them: ``facets=[("a12", "a15"), ("y1921",)]`` means (a12 or a15) and y1921. The
caller thereby promises that the queryset holds no filter besides these and ``published()``;
``count``, ``newest`` and ``ranked`` then ask the full-text index alone, at any depth.
``facets=[]`` says that there is no filter at all. Left out, the queryset's filters decide,
whatever they are.

Relevance, the same on both back ends: articles with all words in the headline come first; then
those with all words in headline, kicker, subtitle, part label, credit, series and tags; then
those for which the standfirst is needed as well; then the rest. Within each of the four, a score
by frequency and field (bm25, ts_rank); at equal score the newest first. Above `RANK_LIMIT` hits
of the text (and of ``facets``, if given) ``is_exact`` is false: headline hits newest first, then
the rest newest first, and the page must say so.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.db import router, transaction
from django.db.models import Q

from articles import bulk
from articles.models.search import SearchDocument
from articles.querysets import ArticleQuerySet
from articles.search.back_ends import back_end
from articles.search.match import Among, Document, Facets, Match, Part
from articles.search.query import Query, parse

__all__ = ["Document", "Found", "add", "check", "index", "migrated", "optimise", "rebuild",
           "remove", "search"]  # fmt: skip

#: Up to so many hits, relevance is exact.
RANK_LIMIT = 5_000
#: So many documents go into one round of statements.
BATCH = 500

_FIELDS = tuple(field.name for field in fields(Document))
_COLUMNS = tuple("article" if name == "article_id" else name for name in _FIELDS)
_NO_TERM = "none"
_FACET_TERM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def _for_write() -> str:
    return router.db_for_write(SearchDocument)


def among_keys(using: str, sort_keys: Sequence[int]) -> Among:
    """Return the condition that a sort key is among *sort_keys*, however many they are."""
    return back_end(using).among_keys(sort_keys)


def index(documents: Iterable[Document]) -> None:
    """Put *documents* into the table and the full-text index, replacing older ones.

    A document replaces whatever stands there of its article or under its sort key, so an article
    whose date changes needs no `remove`. Runs inside the caller's transaction; a handful of
    statements for each `BATCH` documents. If an article comes twice, its last document counts.
    """
    using = _for_write()
    waiting = list({document.article_id: document for document in documents}.values())
    table = SearchDocument.objects.using(using)
    with transaction.atomic(using=using, savepoint=False):
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            table.filter(
                Q(article_id__in=[document.article_id for document in batch])
                | Q(sort_key__in=[document.sort_key for document in batch])
            ).delete()
            table.bulk_create(
                SearchDocument(
                    sort_key=document.sort_key,
                    article_id=document.article_id,
                    headline=document.headline,
                    heads=document.heads,
                    standfirst=document.standfirst,
                    body=document.body,
                    names=document.names,
                    facets=document.facets,
                )
                for document in batch
            )


def add(documents: Sequence[Document]) -> None:
    """Put *documents* of articles that never had one into table and index; as `index`, but for
    what it looks for first."""
    bulk.insert(
        SearchDocument,
        _COLUMNS,
        [[getattr(document, name) for name in _FIELDS] for document in documents],
    )


def remove(sort_keys: Iterable[int]) -> None:
    """Take the documents with these sort keys, where there are any, out of table and index. Runs
    inside the caller's transaction."""
    using = _for_write()
    keys = list(sort_keys)
    table = SearchDocument.objects.using(using)
    with transaction.atomic(using=using, savepoint=False):
        for start in range(0, len(keys), BATCH):
            table.filter(sort_key__in=keys[start : start + BATCH]).delete()


def rebuild() -> None:
    """Make the full-text index anew from the table `SearchDocument`."""
    using = _for_write()
    back_end(using).rebuild(using)


def check() -> list[str]:
    """Return the differences between the table and the full-text index, in words."""
    using = _for_write()
    return back_end(using).check(using)


def optimise() -> None:
    """Settle the index after an import: merge segments, flush lists, renew statistics."""
    using = _for_write()
    back_end(using).optimise(using)


def migrated(using: str) -> None:
    """Renew what a migration of the database *using* lost of its statistics; see `optimise`."""
    back_end(using).migrated(using)


class Found:
    """What a search found. Lazy: the first use of anything but ``query`` asks the database.

    Up to `RANK_LIMIT` hits one statement fetches all their keys and the rest builds on them.
    """

    def __init__(self, queryset: ArticleQuerySet, query: Query, facets: Facets | None) -> None:
        #: The parsed text: for highlights, and for ``query.is_empty``.
        self.query = query
        self._given = queryset
        self._facets = facets
        self._using = queryset.db
        self._back_end = back_end(queryset.db)

    @cached_property
    def is_exact(self) -> bool:
        """Whether `ranked` is true relevance. If not, the page says how hits are ordered."""
        return self.query.is_empty or len(self._probed) <= RANK_LIMIT

    @cached_property
    def queryset(self) -> ArticleQuerySet:
        """The given queryset narrowed to the hits. Chain filters, order, slices, values on it."""
        return self._narrowed(Part.ALL)

    def count(self) -> int:
        """Return the exact number of hits. Asked once, then remembered."""
        return self._count

    def newest(
        self,
        limit: int,
        offset: int = 0,
        *,
        older_than: int | None = None,
        newer_than: int | None = None,
    ) -> list[int]:
        """Return sort keys of hits, newest first.

        For keyset pages: with *older_than* (a sort key) only older hits, the newest of them; with
        *newer_than* only newer ones, those nearest to it.
        """
        if self._by_index:
            return self._newest_of_index(Part.ALL, limit, offset, older_than, newer_than)
        found = self.queryset
        if older_than is not None:
            found = found.filter(sort_key__lt=older_than)
        if newer_than is not None:
            found = found.filter(sort_key__gt=newer_than)
            nearest = _keys_of(found.order_by("sort_key"), limit, offset)
            return nearest[::-1]
        return _keys_of(found.order_by("-sort_key"), limit, offset)

    def ranked(self, limit: int, offset: int = 0) -> list[int]:
        """Return sort keys of hits by relevance, as the module describes it."""
        if self.query.is_empty:
            return self.newest(limit, offset)
        if self.is_exact:
            return self._ranking[offset : offset + limit]
        return self.headline_first(limit, offset)

    def as_many(self) -> "Found":
        """Return this search, which is known to have more than `RANK_LIMIT` hits of text and
        facets, so that they are not looked for."""
        self.is_exact = False
        return self

    def headline_first(self, limit: int, offset: int = 0) -> list[int]:
        """Return sort keys of hits: those in the headline newest first, then all others so."""
        first = self._part(Part.HEADLINE, limit, offset)
        if len(first) == limit:
            return first
        skipped = max(0, offset - self._headline_count)
        return first + self._part(Part.REST, limit - len(first), skipped)

    def in_headline(self, limit: int) -> list[int]:
        """Return sort keys of hits with every word in the headline, newest first."""
        return self._part(Part.HEADLINE, limit, 0)

    def has_surely_more_than(self, limit: int) -> bool:
        """Return whether it is known without looking that text and facets have more hits."""
        return self._back_end.surely_more(self._using, self._match(), limit)

    def has_more_than(self, limit: int) -> bool:
        """Return whether there are more hits of text and facets than *limit*."""
        return self._back_end.has_more(self._using, self._match(), limit)

    def ids(self, limit: int | None = None) -> Sequence[int] | None:
        """Return the ids of the articles that are hits of text and facets, in any order; None if
        they are more than *limit*. One query."""
        return self._back_end.ids(self._using, self._match(), limit)

    def headline_ids(self) -> Sequence[int]:
        """Return the ids of those with all words in the headline, in any order."""
        return self._back_end.ids(self._using, self._match(Part.HEADLINE), None) or ()

    def by_relevance(self, sort_keys: Sequence[int], part: Part = Part.ALL) -> list[int]:
        """Return *sort_keys*, which are hits of *part* and few, by relevance."""
        return self._back_end.ranked(self._using, self._match(part), sort_keys) if sort_keys else []

    def rows(self, sort_keys: Sequence[int]) -> list[dict[str, Any]]:
        """Return the plain rows (`for_list`) of these articles, in the order of the keys.

        One statement. Only articles that the given queryset admits come back.
        """
        if not sort_keys:
            return []
        among = self._back_end.among_keys(sort_keys)
        rows = {row["sort_key"]: row for row in self._given.filter(among).order_by().for_list()}
        return [rows[key] for key in sort_keys if key in rows]

    @property
    def _by_index(self) -> bool:
        """Whether the full-text index alone decides."""
        return self._facets is not None and not self.query.is_empty

    def _match(self, part: Part = Part.ALL) -> Match:
        return Match(self.query, self._facets or (), part)

    @cached_property
    def _probed(self) -> list[int]:
        """All hits of text and facets, newest first; or one more than `RANK_LIMIT` of them."""
        keys = self._back_end.probe(self._using, self._match(), RANK_LIMIT)
        return sorted(keys, reverse=True)

    def _narrowed(self, part: Part) -> ArticleQuerySet:
        if self.query.is_empty:
            return self._given
        if part is Part.ALL and self.is_exact:
            return self._given.filter(self._back_end.among_keys(self._probed))
        return self._given.filter(self._back_end.among(self._match(part)))

    @cached_property
    def _count(self) -> int:
        if not self._by_index:
            return self.queryset.count()
        if self.is_exact:
            return len(self._probed)
        return self._back_end.count(self._using, self._match())

    @cached_property
    def _ranking(self) -> list[int]:
        keys = self._probed
        if not self._by_index:
            admitted = set(self.queryset.order_by().values_list("sort_key", flat=True))
            keys = [key for key in keys if key in admitted]
        return self.by_relevance(keys)

    @cached_property
    def _headline_count(self) -> int:
        if self._by_index:
            return self._back_end.count(self._using, self._match(Part.HEADLINE))
        return self._narrowed(Part.HEADLINE).count()

    def _part(self, part: Part, limit: int, offset: int) -> list[int]:
        if self._by_index:
            return self._newest_of_index(part, limit, offset, None, None)
        return _keys_of(self._narrowed(part).order_by("-sort_key"), limit, offset)

    def _newest_of_index(
        self, part: Part, limit: int, offset: int, older_than: int | None, newer_than: int | None
    ) -> list[int]:
        if part is Part.ALL and self.is_exact:
            keys = [
                key
                for key in self._probed
                if (older_than is None or key < older_than)
                and (newer_than is None or key > newer_than)
            ]
            if newer_than is None:
                return keys[offset : offset + limit]
            return keys[::-1][offset : offset + limit][::-1]
        return self._back_end.newest(
            self._using, self._match(part), limit, offset, older_than, newer_than
        )


def _keys_of(queryset: ArticleQuerySet, limit: int, offset: int) -> list[int]:
    keys = queryset.filter(sort_key__isnull=False).values_list("sort_key", flat=True)
    return cast(list[int], list(keys[offset : offset + limit]))


def search(
    queryset: ArticleQuerySet,
    text: str,
    *,
    language: str | None = None,
    facets: Iterable[Collection[str]] | None = None,
) -> Found:
    """Look for *text* among the articles of *queryset*.

    Any text will do; what looks like an operator of some search engine is text. *language* is the
    reader's, by whose rules words are stemmed (the site's, if left out); exact forms are found in
    every language. *facets* opens the fast path, with the promise the module describes; they are
    never a reader's text: a term of another form is a `ValueError`.
    """
    groups: Facets | None = None
    if facets is not None:
        # No alternative at all (a filter that names nothing known) admits nothing.
        groups = tuple(tuple(sorted(group)) or (_NO_TERM,) for group in facets)
        for term in (term for group in groups for term in group):
            if not _FACET_TERM.fullmatch(term):
                raise ValueError(f"Not a facet term: {term!r}")
    return Found(queryset, parse(text, language or settings.LANGUAGE_CODE), groups)
