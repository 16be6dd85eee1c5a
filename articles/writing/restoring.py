"""Taking rows away so that they can come back, and bringing them back: the writer behind undo.

What is removed stays in the ledger as its image: every column of the row, and of the rows beside
it, as JSON under the field `ROW`. From the image the same rows are made again, with the same ids,
permanent keys and moments. Columns that a later version of the archive adds get their defaults.

Everything here runs inside the caller's transaction and under the caller's operation.
"""

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles import bulk, documents
from articles.choices import FindingState, Status
from articles.models import (
    Article,
    Contribution,
    Finding,
    HeldPicture,
    Operation,
    Part,
    PastAddress,
    PublicKey,
    Series,
    SeriesAlias,
    SourceEntry,
    Tag,
    TagAlias,
    TaggedArticle,
)
from articles.writing import index, operations
from articles.writing.articles import WasPublic
from articles.writing.changes import InvalidChange
from articles.writing.operations import Change
from articles.writing.state import Values
from authors.models import Author, AuthorAlias

#: The ledger's field for a whole row. Old: the image of one that was removed. New, of one that
#: came back: its permanent key or its name, since what it holds stands in the image.
ROW = "row"
#: The rows beside an article that its image holds, and their link to it.
_BESIDE: dict[str, tuple[type[models.Model], str]] = {
    "contributions": (Contribution, "article_id"),
    "tagged": (TaggedArticle, "content_object_id"),
    "parts": (Part, "article_id"),
    "past_addresses": (PastAddress, "article_id"),
    "pictures": (HeldPicture, "article_id"),
}
#: Authors, series and tags by the ledger's word for them: model, its title, its spellings.
NAMED: dict[str, tuple[type[models.Model], str, type[models.Model]]] = {
    "author": (Author, "name", AuthorAlias),
    "series": (Series, "title", SeriesAlias),
    "tag": (Tag, "name", TagAlias),
}


def image_of(row: models.Model) -> Values:
    """Return every column of *row* as JSON: moments and dates in ISO 8601, to the microsecond."""
    return {
        field.attname: _plain(getattr(row, field.attname)) for field in row._meta.concrete_fields
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.date) else value


def row_of(model: type[models.Model], image: Values) -> models.Model:
    """Return the unsaved row that *image* is of."""
    return model(
        **{
            field.attname: field.to_python(image[field.attname])
            for field in model._meta.concrete_fields
            if field.attname in image
        }
    )


def _insert(model: type[models.Model], images: Sequence[Values]) -> None:
    """Store rows as they were, with the ids and moments that saving would give anew."""
    names = [field.attname for field in model._meta.concrete_fields]
    rows = [row_of(model, image) for image in images]
    bulk.insert(model, names, [[getattr(row, name) for name in names] for row in rows])


# Articles


def remove_articles(article_ids: Iterable[int], operation: Operation) -> None:
    """Delete articles that were never public. Their keys stay reserved, their images in the ledger.

    Source entries and findings that lead to one lead nowhere then, and the ledger says so. Raises
    `WasPublic` if readers saw one of them.
    """
    wanted = sorted(set(article_ids))
    if not wanted:
        return
    index.forget(wanted)
    for chunk in index.batches(wanted):
        articles = list(Article.objects.filter(pk__in=chunk).order_by("pk"))
        if seen := next((article for article in articles if article.was_public), None):
            raise WasPublic(seen.headline)
        cut_links(chunk, operation)
        _detach_findings(chunk, operation)
        images = _images(articles)
        operations.record(
            operation, [Change("article", pk, ROW, image, None) for pk, image in images.items()]
        )
        documents.remove_with(chunk)
        PublicKey.objects.filter(article__in=chunk).update(article=None)
        Article.objects.filter(pk__in=chunk).delete()


def _images(articles: Sequence[Article]) -> dict[int, Values]:
    ids = [article.pk for article in articles]
    keys = dict(PublicKey.objects.filter(article__in=ids).values_list("article_id", "key"))
    images: dict[int, Values] = {
        article.pk: {
            "key": keys.get(article.pk),
            "columns": image_of(article),
            **{name: [] for name in _BESIDE},
        }
        for article in articles
    }
    for name, (model, link) in _BESIDE.items():
        for row in model._default_manager.filter(**{f"{link}__in": ids}).order_by("pk"):
            images[getattr(row, link)][name].append(image_of(row))
    return images


def restore_articles(images: Sequence[Values], operation: Operation) -> list[int]:
    """Make articles again from their images; return their ids, which are those they had.

    The caller refreshes the index. An owner or an original that is gone meanwhile is left out, as
    its deletion would have done. Raises `InvalidChange` if something else has taken an address, a
    number or a key.
    """
    ids: list[int] = []
    for chunk in index.batches(images):
        columns = [dict(image["columns"]) for image in chunk]
        _leave_out_missing(columns, "owner_id", get_user_model())
        _leave_out_missing(columns, "translation_of_id", Article)
        keys = {image["key"]: image["columns"]["id"] for image in chunk if image["key"]}
        reserved = PublicKey.objects.filter(key__in=keys, article=None)
        kept = [image_of(row) for row in reserved]
        if len(kept) != len(keys):
            raise InvalidChange({"key": _("A permanent key belongs to another article.")})
        try:
            with transaction.atomic():
                _insert(Article, columns)
                for name, (model, _link) in _BESIDE.items():
                    _insert(model, [row for image in chunk for row in image.get(name, ())])
        except IntegrityError as error:
            raise InvalidChange({"slug": _("An address or a part number is taken.")}) from error
        # Written anew, since one statement cannot give 500 rows as many values fast.
        reserved.delete()
        _insert(PublicKey, [row | {"article_id": keys[row["key"]]} for row in kept])
        operations.record(
            operation,
            [
                Change("article", image["columns"]["id"], ROW, None, {"key": image["key"]})
                for image in chunk
            ],
        )
        ids += [image["columns"]["id"] for image in chunk]
    return ids


def _leave_out_missing(columns: list[Values], name: str, model: type[models.Model]) -> None:
    own = {image["id"] for image in columns} if model is Article else set()
    wanted = {image[name] for image in columns if image.get(name) is not None} - own
    found = set(model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    for image in columns:
        if image.get(name) in wanted - found:
            image[name] = None


def set_standing(
    article_ids: Iterable[int], status: Status, reason: str, operation: Operation
) -> list[int]:
    """Withdraw articles for *reason*, or publish again what was withdrawn; return their ids.

    What `write_articles` would write, in a few statements for 500 of them. The caller has made
    sure that each may be there, and refreshes the index.
    """
    wanted = sorted(set(article_ids))
    withdrawn_at = operation.at if status == Status.WITHDRAWN else None
    for chunk in index.batches(wanted):
        rows = Article.objects.filter(pk__in=chunk)
        changes = []
        for pk, old, old_reason in rows.order_by("pk").values_list(
            "pk", "status", "withdrawn_reason"
        ):
            if old != status:
                changes.append(Change("article", pk, "status", old, status.value))
            if old_reason != reason:
                changes.append(Change("article", pk, "withdrawn_reason", old_reason, reason))
        rows.exclude(status=status).update(status=status, withdrawn_at=withdrawn_at)
        rows.update(withdrawn_reason=reason, version=F("version") + 1, updated=operation.at)
        operations.record(operation, changes)
    return wanted


# Links from source entries


def cut_links(article_ids: Sequence[int], operation: Operation) -> None:
    """Let the source entries of these articles lead nowhere, as the ledger remembers."""
    for chunk in index.batches(article_ids):
        entries = SourceEntry.objects.filter(article__in=chunk)
        operations.record(
            operation,
            [
                Change("entry", pk, "article", article, None)
                for pk, article in entries.order_by("pk").values_list("pk", "article_id")
            ],
        )
        entries.update(article=None)


def join_links(links: Mapping[int, int], operation: Operation) -> None:
    """Let source entries lead to articles again: entry id to article id."""
    for chunk in index.batches(sorted(links)):
        entries = list(SourceEntry.objects.filter(pk__in=chunk, article=None).only("pk"))
        for entry in entries:
            entry.article_id = links[entry.pk]
        SourceEntry.objects.bulk_update(entries, ["article"], batch_size=index.BATCH)
        operations.record(
            operation,
            [Change("entry", entry.pk, "article", None, entry.article_id) for entry in entries],
        )


# Findings


def close_findings(finding_ids: Iterable[int], operation: Operation) -> None:
    """Settle open findings whose import is undone.

    Each gives up its fingerprint, so that an import that finds the same doubt again may ask again.
    """
    for chunk in index.batches(sorted(finding_ids)):
        findings = list(Finding.objects.filter(pk__in=chunk, state=FindingState.OPEN))
        changes = []
        for finding in findings:
            given_up = f"{finding.fingerprint}\nundone\n{finding.pk}\n{operation.pk}"
            new = hashlib.sha256(given_up.encode()).hexdigest()
            resolved = FindingState.RESOLVED.value
            changes += [
                Change("finding", finding.pk, "state", finding.state, resolved),
                Change("finding", finding.pk, "fingerprint", finding.fingerprint, new),
            ]
            finding.fingerprint = new
        Finding.objects.bulk_update(findings, ["fingerprint"], batch_size=index.BATCH)
        Finding.objects.filter(pk__in=[finding.pk for finding in findings]).update(
            state=FindingState.RESOLVED, settled=operation.at, settled_by=operation.actor_id
        )
        operations.record(operation, changes)


def _detach_findings(article_ids: Sequence[int], operation: Operation) -> None:
    """Keep the findings of articles that go: what an editor settled is remembered."""
    for name in ("article", "other_article"):
        findings = Finding.objects.filter(**{f"{name}__in": article_ids})
        operations.record(
            operation,
            [
                Change("finding", pk, name, article, None)
                for pk, article in findings.order_by("pk").values_list("pk", f"{name}_id")
            ],
        )
        findings.update(**{name: None})


def reopen_findings(images: Mapping[int, Values], operation: Operation) -> None:
    """Give findings back what an undo took: finding id to the values of ``state``,
    ``fingerprint``, ``article`` and ``other_article``, as far as it took them."""
    columns = {"article": "article_id", "other_article": "other_article_id"}
    for chunk in index.batches(sorted(images)):
        findings = list(Finding.objects.filter(pk__in=chunk))
        changes = []
        for finding in findings:
            for name, value in images[finding.pk].items():
                column = columns.get(name, name)
                changes.append(Change("finding", finding.pk, name, getattr(finding, column), value))
                setattr(finding, column, value)
            if finding.state == FindingState.OPEN:
                finding.settled, finding.settled_by_id = None, None
        Finding.objects.bulk_update(
            findings,
            ["state", "fingerprint", "article", "other_article", "settled", "settled_by"],
            batch_size=100,
        )
        operations.record(operation, changes)


# Authors, series, tags


def remove_named(kind: str, ids: Iterable[int], operation: Operation) -> None:
    """Delete authors, series or tags that stand on no article; their images stay in the ledger.

    Raises `InvalidChange` if an article stands on one of them.
    """
    model, _title, spellings = NAMED[kind]
    for chunk in index.batches(sorted(ids)):
        rows = list(model._default_manager.filter(pk__in=chunk).order_by("pk"))
        images: dict[int, Values] = {
            row.pk: {"columns": image_of(row), "aliases": [], "past_addresses": []} for row in rows
        }
        for name, beside in (("aliases", spellings), ("past_addresses", PastAddress)):
            for row in beside._default_manager.filter(**{f"{kind}__in": chunk}).order_by("pk"):
                images[getattr(row, f"{kind}_id")][name].append(image_of(row))
        operations.record(
            operation, [Change(kind, pk, ROW, image, None) for pk, image in images.items()]
        )
        try:
            with transaction.atomic():
                model._default_manager.filter(pk__in=chunk).delete()
        except models.ProtectedError as error:
            raise InvalidChange({kind: _("An article stands on it.")}) from error


def restore_named(kind: str, images: Sequence[Values], operation: Operation) -> None:
    """Make authors, series or tags again from their images. Raises `InvalidChange` if a name or
    an address is taken."""
    model, title, spellings = NAMED[kind]
    try:
        with transaction.atomic():
            _insert(model, [image["columns"] for image in images])
            for name, beside in (("aliases", spellings), ("past_addresses", PastAddress)):
                _insert(beside, [row for image in images for row in image[name]])
    except IntegrityError as error:
        raise InvalidChange({kind: _("A name or an address is taken.")}) from error
    operations.record(
        operation,
        [
            Change(kind, image["columns"]["id"], ROW, None, {"name": image["columns"][title]})
            for image in images
        ],
    )
