"""What readers' pages are built from, kept in step with the rows.

`refresh` is the only place that decides whether an article has a search document, and the only
one that moves facet totals, the flags beside credits, tags and parts, and the content version. It
brings the credit of each article up to date as well: only under the lock are the names final.
It runs in the transaction of the rows it follows.
"""

import datetime
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import models
from django.db.models import Min, OuterRef, Subquery
from django.utils.translation import gettext as _

from articles import clock
from articles.cleaning import html_to_text
from articles.folding import fold
from articles.models import (
    Article,
    ContentChange,
    ContentVersion,
    Contribution,
    FacetTotal,
    Part,
    SearchDocument,
    Series,
    Tag,
    TaggedArticle,
)
from articles.search import base, columns
from articles.writing import gone_addresses
from articles.writing.changes import StaleVersion
from articles.writing.credits import credit_text
from articles.writing.state import Values
from authors.models import Author

Item = TypeVar("Item")

#: The rows that carry an article's sort key and publicity, and their link to it.
LINKED: tuple[tuple[type[models.Model], str], ...] = (
    (Contribution, "article_id"),
    (TaggedArticle, "content_object_id"),
    (Part, "article_id"),
)
#: What they link to, and the field that names it.
NAMED: tuple[tuple[type[models.Model], str], ...] = (
    (Author, "name"),
    (Tag, "name"),
    (Series, "title"),
)
#: The name of an author, a tag or a series, and the further spellings that search finds it by.
Called = tuple[str, tuple[str, ...]]
#: So many versions say what they changed; an older one is read anew as a whole.
KEPT_CHANGES = 1_000
#: A version that changed more runs of ids than this does not name them.
NAMED_RANGES = 5_000
#: Rows in one statement: below SQLite's limit of variables, and memory stays flat.
BATCH = 500


def batches(items: Sequence[Item], size: int = BATCH) -> Iterator[Sequence[Item]]:
    """Yield *items* in pieces of at most *size*."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def lock_content_version() -> ContentVersion:
    """Return the content version, locked: writers of what is public go one after another.

    Totals can then be read and moved without losing another writer's counts.
    """
    ContentVersion.objects.get_or_create(id=1, defaults={"changed": clock.now()})
    return ContentVersion.objects.select_for_update().get(id=1)


def refresh(article_ids: Iterable[int]) -> None:
    """Bring search documents, totals, flags and content version in step with these articles.

    Must run inside the transaction that changed them. Raises `StaleVersion` if an author, a series
    or a tag of theirs was merged or deleted meanwhile: under the lock, whoever did so is done.
    """
    version = lock_content_version()
    moved: Counter[str] = Counter()
    ids = sorted(set(article_ids))
    is_seen = False
    left: set[str] = set()
    for chunk in batches(ids):
        is_seen |= _refresh_chunk(list(chunk), moved, left)
    gone_addresses.note_lists(left)
    move_totals(moved)
    touch_version(version, ids, is_seen=is_seen)


def touch() -> None:
    """Move the content version for a change that is on no article: a biography, say."""
    touch_version(lock_content_version(), ())


def reschedule() -> None:
    """Note when the next article is due. Nothing that readers see has changed."""
    touch_version(lock_content_version(), (), is_seen=False)


def touch_version(
    version: ContentVersion, article_ids: Iterable[int], *, is_seen: bool = True
) -> None:
    """Move the locked content *version*; note which articles that is for, and when the next one
    is due.

    Only the latter, unless the change *is_seen* by readers: a version that moves tells everybody
    who asks that something changed.
    """
    _set_next_due(version)
    if not is_seen:
        version.save()
        return
    version.version += 1
    # Later than the one before, whatever the clock says: versions are told apart by it.
    version.changed = max(clock.now(), version.changed + datetime.timedelta(microseconds=1))
    version.save()
    ranges = ranges_of(article_ids)
    # What is too old goes, and what another history left.
    current = models.Q(version__gt=version.version - KEPT_CHANGES, version__lt=version.version)
    ContentChange.objects.exclude(current).delete()
    ContentChange.objects.create(
        version=version.version,
        changed=version.changed,
        articles=ranges if len(ranges) <= NAMED_RANGES else None,
    )


def _set_next_due(version: ContentVersion) -> None:
    # What is due and was not admitted here comes first: another writer has it in hand, or it fell
    # due a moment ago. It must not be forgotten, should that writer give up.
    due = Article.objects.due().aggregate(due=Min("visible_from"))["due"]
    scheduled = Article.objects.scheduled().aggregate(due=Min("visible_from"))["due"]
    version.next_due = due or scheduled


def ranges_of(ids: Iterable[int]) -> list[list[int]]:
    """Return *ids* as ranges, first and last: what an import makes follows one after the other.

    An array is taken to be in order, each id once: it may be long, and is not copied.
    """
    ranges: list[list[int]] = []
    for pk in ids if isinstance(ids, array) else sorted(set(ids)):
        if ranges and ranges[-1][1] == pk - 1:
            ranges[-1][1] = pk
        else:
            ranges.append([pk, pk])
    return ranges


def forget(article_ids: Iterable[int]) -> None:
    """Remove the documents of articles that are about to be deleted, and what they counted."""
    version = lock_content_version()
    moved: Counter[str] = Counter()
    ids = sorted(set(article_ids))
    is_seen = False
    for chunk in batches(ids):
        # Of what was public once a tombstone speaks.
        is_seen |= Article.objects.filter(pk__in=chunk, first_public_at__isnull=False).exists()
        found = SearchDocument.objects.filter(article__in=chunk)
        sort_keys = []
        for sort_key, terms in found.values_list("sort_key", "facets"):
            sort_keys.append(sort_key)
            moved.subtract(terms.split())
        base.remove(sort_keys)
    move_totals(moved)
    touch_version(version, ids, is_seen=is_seen)


def facet_terms(
    article: Article, authors: Iterable[int], tags: Iterable[int], series: Iterable[int]
) -> str:
    """Return the terms under which a public article is counted; see `FacetTotal`."""
    terms = ["all", "b1" if article.byline else "b0"]
    if article.body:
        terms.append("f1")
    if article.published_on is not None:
        terms.append(f"y{article.published_on.year:04d}")
        if article.date_precision != "year":
            # Not %Y, which some platforms do not pad.
            terms.append(f"m{article.published_on.year:04d}{article.published_on.month:02d}")
        if article.date_precision == "month":
            terms.append(gone_addresses.NO_DAY)
    terms.append(f"l{article.language.split('-')[0].lower()[:35]}")
    for prefix, ids in (("a", authors), ("t", tags), ("s", series)):
        terms += [f"{prefix}{pk}" for pk in sorted(set(ids))]
    return " ".join(terms)


def documents_for(
    ids: list[int], beside: "dict[int, _Beside] | None" = None
) -> dict[int, base.Document]:
    """Return the documents that the public ones of these articles should have."""
    beside = _beside(ids) if beside is None else beside
    wanted: dict[int, base.Document] = {}
    for article in Article.objects.published().filter(pk__in=ids):
        pk = article.pk
        stands = beside[pk]
        facets = facet_terms(article, *stands.ids)
        wanted[pk] = document_of(article, stands.names, stands.spellings, facets)
    return wanted


def document_of(
    article: Article, names: Sequence[str], spellings: Sequence[str], facets: str
) -> base.Document:
    """Return the document of a public article.

    *names* are those of its authors, tags and series, and *spellings* what else they are called.
    """
    assert article.sort_key is not None  # noqa: S101  a published article has a date
    found = columns.document(
        headline=article.headline,
        kicker=article.kicker,
        subtitle=article.subtitle,
        part_label=article.part_label,
        standfirst=article.standfirst,
        body_text=html_to_text(article.body) if article.body else "",
        names=[*names, article.byline, *spellings],
        language=article.language,
    )
    return base.Document(
        sort_key=article.sort_key,
        article_id=article.pk,
        headline=found.headline,
        heads=found.heads,
        standfirst=found.standfirst,
        body=found.body,
        names=found.names,
        facets=facets,
    )


def _refresh_chunk(ids: list[int], moved: Counter[str], left: set[str]) -> bool:
    """Return whether readers see any of these articles, or saw it before; add the lists that any
    of them has left."""
    articles = Article.objects.in_bulk(ids)
    beside = _beside(ids)
    if any(stands.misses for stands in beside.values()):
        raise lost()
    wanted = documents_for(ids, beside)
    public = set(wanted)
    old = {document.article_id: document for document in _documents(ids)}
    gone = [
        document.sort_key
        for pk, document in old.items()
        if pk not in wanted or wanted[pk].sort_key != document.sort_key
    ]
    for pk, document in old.items():
        moved.subtract(document.facets.split())
        left |= gone_addresses.lists_of(document) - gone_addresses.lists_of(wanted.get(pk))
    for article in articles.values():
        if article.came_withdrawn and article.sort_key is not None:
            terms = facet_terms(article, *beside[article.pk].ids)
            left |= gone_addresses.lists_in(article.sort_key, terms)
    for new in wanted.values():
        moved.update(new.facets.split())
    if gone:
        base.remove(gone)
    changed = [new for pk, new in wanted.items() if old.get(pk) != new]
    if changed:
        base.index(changed)
    _set_credits(articles.values(), beside)
    _set_flags(ids, public)
    now = clock.now()
    fresh = [pk for pk in public if articles[pk].first_public_at is None]
    if fresh:
        Article.objects.filter(pk__in=fresh).update(first_public_at=now)
    # Of what was public once a tombstone speaks.
    was_public = any(article.was_public for article in articles.values())
    return bool(old or wanted) or was_public


def _documents(ids: list[int]) -> list[base.Document]:
    rows = SearchDocument.objects.filter(article__in=ids).values_list(
        "sort_key", "article_id", "headline", "heads", "standfirst", "body", "names", "facets"
    )
    return [base.Document(*row) for row in rows]


def called(place: int, ids: Collection[int]) -> dict[int, Called]:
    """Return how the rows *ids* of one of `NAMED` are called. What is gone is absent.

    A spelling that differs from the name in case and accents only is left out: search does not
    tell them apart.
    """
    kind, title = NAMED[place]
    names: dict[int, str] = {}
    spellings: dict[int, list[str]] = {}
    for chunk in batches(sorted(ids)):
        rows = kind._default_manager.filter(pk__in=chunk)
        for pk, name, spelling in rows.values_list("pk", title, "aliases__name"):
            names[pk] = name
            if spelling and spelling != name and fold(spelling) != fold(name):
                spellings.setdefault(pk, []).append(spelling)
    return {pk: (name, tuple(sorted(spellings.get(pk, ())))) for pk, name in names.items()}


def lost() -> StaleVersion:
    """Return the error that says that what an article is to stand on is no longer there."""
    return StaleVersion(
        _("An author, a series or a tag of the article was merged or deleted just now. Try again.")
    )


@dataclass(slots=True)
class _Beside:
    """What stands beside one article: ids of authors, tags and series, names, contributions."""

    ids: tuple[set[int], set[int], set[int]] = field(default_factory=lambda: (set(), set(), set()))
    names: list[str] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)
    credits: list[Values] = field(default_factory=list)
    #: Whether it stands on something that is gone.
    misses: bool = False


def _beside(ids: list[int]) -> dict[int, _Beside]:
    """Return what stands beside each of these articles. Three queries, and three for names."""
    beside = {pk: _Beside() for pk in ids}
    none = models.Value("", output_field=models.CharField())
    queries = (
        Contribution.objects.filter(article__in=ids)
        .order_by("article_id", "position", "id")
        .values_list("article_id", "author_id", "role"),
        TaggedArticle.objects.filter(content_object__in=ids)
        .order_by("content_object_id", "tag_id")
        .values_list("content_object_id", "tag_id", none),
        Part.objects.filter(article__in=ids)
        .order_by("article_id", "series_id")
        .values_list("article_id", "series_id", none),
    )
    for place, query in enumerate(queries):
        rows = list(query)
        known = called(place, {other_id for _article_id, other_id, _role in rows})
        for article_id, other_id, role in rows:
            stands = beside[article_id]
            if other_id not in known:
                stands.misses = True
                continue
            name, spellings = known[other_id]
            if other_id not in stands.ids[place]:
                stands.ids[place].add(other_id)
                stands.spellings += spellings
            stands.names.append(name)
            if role:
                stands.credits.append({"name": name, "role": role})
    return beside


def _set_credits(articles: Iterable[Article], beside: dict[int, _Beside]) -> None:
    """Store the credit of each article where it differs: an author may have another name now."""
    stale = []
    for article in articles:
        credit = credit_text(beside[article.pk].credits)
        if article.credit != credit:
            article.credit = credit
            stale.append(article)
    if stale:
        Article.objects.bulk_update(stale, ["credit"], batch_size=BATCH)


def _set_flags(ids: list[int], public: set[int]) -> None:
    """Copy sort key and publicity to the rows beside the articles, where they differ."""
    hidden = [pk for pk in ids if pk not in public]
    Article.objects.filter(pk__in=list(public), is_public=False).update(is_public=True)
    Article.objects.filter(pk__in=hidden, is_public=True).update(is_public=False)
    for model, link in LINKED:
        rows = model._default_manager
        article = Article.objects.filter(pk=OuterRef(link)).values("sort_key")
        stale = rows.filter(**{f"{link}__in": ids}).exclude(sort_key=Subquery(article))
        stale.update(sort_key=Subquery(article))
        rows.filter(**{f"{link}__in": list(public)}, is_public=False).update(is_public=True)
        rows.filter(**{f"{link}__in": hidden}, is_public=True).update(is_public=False)


def move_totals(moved: Counter[str]) -> None:
    """Add *moved* to the facet totals, term by term; the content version must be locked."""
    deltas = {term: delta for term, delta in moved.items() if delta}
    for chunk in batches(sorted(deltas)):
        totals = FacetTotal.objects.in_bulk(list(chunk))
        missing = [
            FacetTotal(term=term, count=deltas[term]) for term in chunk if term not in totals
        ]
        for term, total in totals.items():
            total.count += deltas[term]
        FacetTotal.objects.bulk_update(totals.values(), ["count"], batch_size=BATCH)
        FacetTotal.objects.bulk_create(missing, batch_size=BATCH)
    if deltas:
        FacetTotal.objects.filter(count=0).delete()
