"""The writers of what belongs to an article as files: attached, described, taken off."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import documents
from articles.choices import OperationKind
from articles.cleaning import clean_line
from articles.models import Article, Attachment, Operation
from articles.writing import gone_addresses, index, operations
from articles.writing.articles import locked_articles
from articles.writing.changes import InvalidChange, StaleVersion

#: Longest title and credit, and the most files of one article.
TEXT_LENGTH, MOST = 200, 200


def attach(
    article: Article,
    content: bytes,
    *,
    title: str = "",
    credit: str = "",
    actor: AbstractBaseUser | None,
    operation: Operation | None = None,
) -> Attachment | None:
    """Attach a file to *article*; return its row, or None if the article has that file already.

    Raises `ValueError`, in words, for a file that may not be one, and `InvalidChange` if the
    article can take none.
    """
    document = documents.examined(content)
    # Nobody takes the same file off another article, and away, between its arrival and its row.
    with documents.held():
        # Before the row: none must ever name a file that is not there.
        documents.keep(content, document)
        with transaction.atomic():
            row = _locked(article.pk)
            files = Attachment.objects.filter(article=row)
            if files.filter(sha256=document.sha256).exists():
                return None
            if files.count() >= MOST:
                raise InvalidChange({"file": _("An article has at most %d files.") % MOST})
            before = _shown(row)
            last = files.order_by("-position").values_list("position", flat=True).first()
            made = Attachment.objects.create(
                article=row,
                kind=document.kind,
                title=clean_line(title, TEXT_LENGTH),
                credit=clean_line(credit, TEXT_LENGTH),
                sha256=document.sha256,
                suffix=document.suffix,
                size=document.size,
                position=0 if last is None else min(last + 1, 32_767),
            )
            _record(row, before, actor, operation)
    return made


def mark_of(row: Attachment) -> str:
    """Return what says in which state an attachment is: another one after every change of it."""
    values = json.dumps([row.title, row.credit, row.position])
    return hashlib.sha256(values.encode()).hexdigest()[:32]


def describe(
    pk: int,
    fields: Mapping[str, Any],
    *,
    actor: AbstractBaseUser | None,
    expected: str | None = None,
) -> None:
    """Set title, credit and position of an attachment. Raises `StaleVersion` if it is gone, or is
    no longer as *expected*, the mark that its form had."""
    with transaction.atomic():
        found, row = _locked_file(pk, expected)
        before = _shown(row)
        Attachment.objects.filter(pk=pk).update(
            title=clean_line(str(fields.get("title", found.title)), TEXT_LENGTH),
            credit=clean_line(str(fields.get("credit", found.credit)), TEXT_LENGTH),
            position=min(max(int(fields.get("position", found.position)), 0), 32_767),
        )
        _record(row, before, actor, None)


def detach(pk: int, *, actor: AbstractBaseUser | None, expected: str | None = None) -> None:
    """Take an attachment off its article; remove its file if nothing else has it. Raises as
    `describe`."""
    with transaction.atomic():
        found, row = _locked_file(pk, expected)
        before = _shown(row)
        Attachment.objects.filter(pk=pk).delete()
        _record(row, before, actor, None)
        gone_addresses.note_files([found])
        file = (found.sha256, found.suffix)
        transaction.on_commit(lambda: documents.remove_unused([file]))


def _locked_file(pk: int, expected: str | None) -> tuple[Attachment, Article]:
    """Return an attachment as it is stored, and its article, locked."""
    article = Attachment.objects.filter(pk=pk).values_list("article_id", flat=True).first()
    row = _locked(article or 0)
    found = Attachment.objects.filter(pk=pk).first()
    if found is None:
        raise StaleVersion(_("The file was taken off meanwhile."))
    if expected is not None and expected != mark_of(found):
        raise StaleVersion(_("Somebody changed it since you opened this page."))
    return found, row


def _locked(pk: int) -> Article:
    rows = locked_articles([pk])
    if not rows:
        raise StaleVersion(_("The article no longer exists."))
    if rows[0].redacted is not None:
        raise InvalidChange({"file": _("Its text was removed on legal grounds, for good.")})
    return rows[0]


def _shown(article: Article) -> list[dict[str, Any]]:
    """Return the files of an article as the ledger records them."""
    return [
        {"name": str(row), "credit": row.credit, "sha256": row.sha256}
        for row in Attachment.objects.filter(article=article)
    ]


def _record(
    article: Article,
    before: list[dict[str, Any]],
    actor: AbstractBaseUser | None,
    operation: Operation | None,
) -> None:
    after = _shown(article)
    if after == before:
        return
    operation = operation or operations.begin(OperationKind.EDIT, actor=actor)
    operations.record(
        operation, [operations.Change("article", article.pk, "attachments", before, after)]
    )
    # Nobody's open form must take this for its own: the version stays, the page follows.
    index.refresh([article.pk])
