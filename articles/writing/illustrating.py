"""The pictures in the texts of articles: which article has which, and when a file may go.

A picture stays as long as an article that ever showed it: its history can bring it back. What was
uploaded and is in no text after a week goes when the next one is uploaded.
"""

import datetime
from collections.abc import Collection, Iterable
from functools import partial

from django.db import transaction

from articles import clock, documents, pictures
from articles.cleaning import pictures_in
from articles.models import Article, HeldPicture, SitePage
from articles.writing.index import batches

#: How long an uploaded picture waits for the text that it was meant for.
WAITS = datetime.timedelta(days=7)
#: Of those that waited too long, so many are looked at in one go.
_AT_ONCE = 100


def take_in(content: bytes) -> tuple[str, int, int]:
    """Store a picture that somebody uploaded for a text; return its name, width and height.

    Raises `ValueError`, in words for whoever gave it, and `OSError`. Outside of a transaction: it
    waits for those who remove files.
    """
    with documents.held():
        name, width, height = pictures.make(content)
        with transaction.atomic():
            waiting = HeldPicture.objects.filter(name=name, article=None)
            if not waiting.update(created=clock.now()):
                HeldPicture.objects.create(name=name)
    _forget_waiting()
    return name, width, height


def hold(articles: Iterable[Article]) -> None:
    """Note which pictures the bodies of these articles show. No query if they show none."""
    rows = [
        HeldPicture(name=name, article=article)
        for article in articles
        for name in pictures_in(article.body)
    ]
    if rows:
        HeldPicture.objects.bulk_create(rows, ignore_conflicts=True)


def remove_with(article_ids: Iterable[int]) -> None:
    """Remove the pictures of these articles that nothing else shows, once they are gone: when the
    caller's transaction, which deletes them, is committed."""
    rows = HeldPicture.objects.filter(article__in=list(article_ids))
    if names := list(rows.values_list("name", flat=True).distinct()):
        transaction.on_commit(partial(_remove_unused, names))


def shown_elsewhere(names: Collection[str], article_ids: Collection[int]) -> set[str]:
    """Return those of *names* that other articles, or pages of the site, show or showed."""
    found: set[str] = set()
    for chunk in batches(sorted(names)):
        rows = HeldPicture.objects.filter(name__in=chunk, article__isnull=False)
        found |= set(rows.exclude(article__in=article_ids).values_list("name", flat=True))
    for body in SitePage.objects.filter(body__contains="/media/").values_list("body", flat=True):
        found |= set(pictures_in(body)) & set(names)
    return found


def _forget_waiting() -> None:
    late = HeldPicture.objects.filter(article=None, created__lt=clock.now() - WAITS)
    rows = dict(late.order_by("pk").values_list("pk", "name")[:_AT_ONCE])
    HeldPicture.objects.filter(pk__in=rows).delete()
    _remove_unused(rows.values())


def _remove_unused(names: Iterable[str]) -> None:
    wanted = set(names)
    with documents.held():
        waiting = HeldPicture.objects.filter(article=None, name__in=wanted)
        kept = shown_elsewhere(wanted, ()) | set(waiting.values_list("name", flat=True))
        for name in sorted(wanted - kept):
            for path in pictures.files_of(name):
                path.unlink(missing_ok=True)
