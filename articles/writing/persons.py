"""The tags of persons who wrote, too, when authors are merged and the merge is taken back."""

from collections.abc import Iterable

from django.db.models import F

from articles.models import Operation, Tag
from articles.writing.operations import Change


def follow(copy_id: int, survivor_id: int) -> list[Change]:
    """Let the tags about an author be about the one it is merged into; return what changed."""
    ids = list(Tag.objects.filter(author=copy_id).order_by("pk").values_list("pk", flat=True))
    return _set(ids, copy_id, survivor_id)


def return_from(merge: Operation, survivor_id: int, copies: Iterable[int]) -> list[Change]:
    """Let the tags that a *merge* of authors moved be about the *copies* again.

    Return what changed. A tag that was given to somebody else since stays with them.
    """
    moved = merge.changes.filter(subject_type="tag", field="author_id")
    changes: list[Change] = []
    for copy_id in copies:
        ids = [row.subject_id for row in moved.order_by("id") if row.old == copy_id]
        still = Tag.objects.filter(pk__in=ids, author=survivor_id).order_by("pk")
        changes += _set(list(still.values_list("pk", flat=True)), survivor_id, copy_id)
    return changes


def _set(ids: list[int], before: int, after: int) -> list[Change]:
    Tag.objects.filter(pk__in=ids).update(author=after, version=F("version") + 1)
    return [Change("tag", pk, "author_id", before, after) for pk in ids]
