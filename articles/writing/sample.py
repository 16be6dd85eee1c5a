"""Taking the sample out again, without touching what editors made of it."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles import clock, documents
from articles.choices import OperationKind
from articles.models import (
    Article,
    FieldChange,
    Finding,
    Operation,
    PublicKey,
    Series,
    Source,
    SourceEntry,
    Tag,
)
from articles.writing import illustrating, index, names, operations
from authors.models import Author


def remove_sample(*, actor: AbstractBaseUser | None = None) -> tuple[int, int]:
    """Remove the articles of the sample that nobody edited; return (removed, kept).

    Articles that an editor changed, or that another source brought too, are kept, and so is every
    author, series and tag that still stands on an article or was edited. The sample's sources are
    marked, so that `make serve` does not bring it back. One transaction.
    """
    with transaction.atomic():
        sources = Source.objects.filter(is_sample=True, removed=None)
        ids = set(
            SourceEntry.objects.filter(
                listing__source__in=sources, article__isnull=False
            ).values_list("article_id", flat=True)
        )
        kept = {pk for chunk in index.batches(sorted(ids)) for pk in _kept(list(chunk))}
        doomed = sorted(ids - kept)
        operation = operations.begin(OperationKind.UNDO, actor=actor, reason="sample removed")
        candidates = _named_on(doomed)
        index.forget(doomed)
        for chunk in index.batches(doomed):
            documents.remove_with(chunk)
            illustrating.remove_with(chunk)
            PublicKey.objects.filter(article__in=chunk).update(article=None)
            Finding.objects.filter(article__in=chunk).delete()
            Article.objects.filter(pk__in=chunk).delete()
        Finding.objects.filter(source_entry__listing__source__in=sources, article=None).delete()
        for instance in candidates:
            if not names.articles_of(instance) and not _was_edited(instance):
                instance.delete()
        operations.record(
            operation,
            [operations.Change("article", pk, "removed", None, True) for pk in doomed],
        )
        sources.update(removed=clock.now())
        # The first page speaks of the sample.
        index.touch()
    return len(doomed), len(kept)


def _kept(ids: list[int]) -> set[int]:
    """Return those that somebody edited, or that a source beside the sample brought."""
    edited = FieldChange.objects.filter(subject_type="article", subject_id__in=ids).exclude(
        operation__kind=OperationKind.IMPORT
    )
    elsewhere = SourceEntry.objects.filter(
        article__in=ids, listing__source__is_sample=False
    ).values_list("article_id", flat=True)
    return set(edited.values_list("subject_id", flat=True)) | {pk for pk in elsewhere if pk}


def _named_on(ids: list[int]) -> list[Author | Series | Tag]:
    found: dict[tuple[str, int], Author | Series | Tag] = {}
    for chunk in index.batches(ids):
        for rows in (
            Author.objects.filter(contributions__article__in=chunk),
            Series.objects.filter(parts__article__in=chunk),
            Tag.objects.filter(tagged_articles__content_object__in=chunk),
        ):
            for row in rows.distinct():
                found[type(row).__name__, row.pk] = row
    return list(found.values())


def _was_edited(instance: Author | Series | Tag) -> bool:
    subject = type(instance).__name__.lower()
    changes = Operation.objects.filter(
        changes__subject_type=subject, changes__subject_id=instance.pk
    )
    return changes.exclude(kind=OperationKind.IMPORT).exists()
