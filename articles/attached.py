"""The files of an article as its page shows them."""

from typing import Any, NamedTuple

from django.db.models import F, Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from articles.choices import AttachmentKind
from articles.models import Article, Attachment
from articles.prepared import Prepared

#: Files that the page of an article shows.
MOST = 200

_FILES = Prepared(
    # Of what was merged into it too: its page is where that is read now.
    lambda _now, pk, merged: (
        Attachment.objects.filter(
            article__in=Article.objects.filter(
                Q(pk=pk) | Q(merged_into=merged), redacted=None
            ).order_by()
        )
        .order_by(F("article__merged_into_id").asc(nulls_first=True), "position", "pk")
        .values_list("sha256", "pk", "kind", "title", "credit", "suffix", "size")[:MOST]
    ),
    int,
    int,
)


class File(NamedTuple):
    """One file: its address, what it is called, whose it is, and what and how large it is."""

    url: str
    title: str
    credit: str
    kind: str
    size: str


def files_of(article_id: int, key: str) -> list[File]:
    """Return the files of a public article with the permanent *key*, and of what was merged into
    it, each once. One query."""
    rows = _FILES.rows(article_id, article_id) if key else []
    # Its own ones stand first, and are kept of two that are the same.
    files: dict[str, list[Any]] = {}
    for sha256, *rest in rows:
        files.setdefault(sha256, rest)
    return [
        File(
            reverse("attachment", args=[key, pk]),
            title or str(AttachmentKind(kind).label).capitalize(),
            credit,
            suffix.upper(),
            filesizeformat(size),
        )
        for pk, kind, title, credit, suffix, size in files.values()
    ]
