"""The files of an article as its page shows them."""

from typing import NamedTuple

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from articles.choices import AttachmentKind
from articles.models import Attachment
from articles.prepared import Prepared

#: Files that the page of an article shows.
MOST = 200

_FILES = Prepared(
    lambda _now, pk: (
        Attachment.objects.filter(article=pk)
        .order_by("position", "pk")
        .values_list("pk", "kind", "title", "credit", "suffix", "size")[:MOST]
    ),
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
    """Return the files of a public article with the permanent *key*. One query."""
    return [
        File(
            reverse("attachment", args=[key, pk]),
            title or str(AttachmentKind(kind).label).capitalize(),
            credit,
            suffix.upper(),
            filesizeformat(size),
        )
        for pk, kind, title, credit, suffix, size in (_FILES.rows(article_id) if key else ())
    ]
