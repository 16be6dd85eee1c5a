"""Merging authors, series or tags that are one: the copies become spellings of the survivor.

Every link moves, the copies' names and addresses lead to the survivor, and the ledger holds what
`articles.writing.name_unmerging` needs to take it back. One transaction, one operation.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles import clock
from articles.choices import OperationKind
from articles.models import (
    Article,
    Contribution,
    FieldChange,
    Operation,
    Part,
    PastAddress,
    Pin,
    Series,
    Tag,
    TaggedArticle,
)
from articles.writing import gone_addresses, index, name_pairs, names, operations, persons
from articles.writing.changes import StaleVersion
from articles.writing.merge_preview import MergeRefused, Preview, past_paths, preview_merge
from articles.writing.names import ALIASES, FIELDS, PATHS, SUBJECTS, Named
from articles.writing.operations import Change
from articles.writing.state import identity, lists_of
from authors.models import Author

#: The rows that link an article to an author, a series or a tag: model, its link there, its link
#: to the article, and what the ledger calls the list on the article.
LINKS: dict[type[models.Model], tuple[type[models.Model], str, str, str]] = {
    Author: (Contribution, "author_id", "article_id", "credits"),
    Series: (Part, "series_id", "article_id", "parts"),
    Tag: (TaggedArticle, "tag_id", "content_object_id", "tags"),
}


def merge_named(
    survivor: Named,
    copies: Iterable[Named],
    *,
    actor: AbstractBaseUser | None,
    reason: str = "",
    versions: Mapping[int, int] | None = None,
    asked_by: int | None = None,
) -> Operation:
    """Merge *copies* into *survivor*; return the operation. Findings about pairs of them end.

    *versions*, by id, are those that the person saw; *asked_by* is the finding that proposed the
    merge, which the caller settles. Raises `StaleVersion` if a row was saved since or is gone, and
    `MergeRefused` if the merge would put two articles on one part number, or join what differs in
    kind.
    """
    kind = type(survivor)
    with transaction.atomic():
        survivor, rows = _locked(survivor, copies, versions)
        # The survivor's too: search finds them by the new spellings.
        ids = names.lock_articles_of(survivor, *rows)
        moved = sorted({pk for row in rows for pk in names.articles_of(row)})
        preview: Preview = preview_merge(survivor, rows)
        if preview.refusals:
            raise MergeRefused(" ".join(preview.refusals))
        operation = operations.begin(OperationKind.MERGE, actor=actor, reason=reason)
        gone_addresses.note(f"{PATHS[kind]}/{row.slug}/" for row in rows if names.is_shown(row))
        for chunk in index.batches(moved):
            _move_chunk(kind, survivor.pk, [row.pk for row in rows], list(chunk), operation)
        gone = [row.pk for row in rows]
        changes = _take(survivor, preview)
        for row in rows:
            changes += _absorb(survivor, row)
        operations.record(operation, changes)
        index.refresh(ids)
        spelled = [str(survivor), *(name for copy in preview.copies for name in copy.aliases)]
        name_pairs.end_pairs(kind, gone, operation, spelled=spelled, but=asked_by)
    return operation


def merged_into(kind: type[models.Model], ids: Iterable[int]) -> dict[int, int]:
    """Return what became of those of *ids* that were merged: the id each leads to now.

    Chains are followed; what was taken back, or never merged, is absent.
    """
    found: dict[int, int] = {}
    wanted = set(ids)
    leads: dict[int, int | None] = {}
    while wanted:
        changes = FieldChange.objects.filter(
            subject_type=SUBJECTS[kind], subject_id__in=wanted, field="merged_into"
        )
        last = dict(changes.order_by("id").values_list("subject_id", "new"))
        leads |= {pk: last.get(pk) for pk in wanted}
        wanted = {pk for pk in last.values() if pk is not None} - leads.keys()
    for pk in ids:
        place, seen = pk, {pk}
        while (after := leads.get(place)) is not None and after not in seen:
            seen.add(after)
            place = after
        if place != pk:
            found[pk] = place
    return found


def _locked(
    survivor: Named, copies: Iterable[Named], versions: Mapping[int, int] | None
) -> tuple[Named, list[Named]]:
    """Return the rows as stored, locked. Raises `StaleVersion`."""
    ids = {survivor.pk, *(row.pk for row in copies)}
    manager = type(survivor)._default_manager
    # Not against references, as in `names.save_named`.
    found = {
        row.pk: row
        for row in manager.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    }
    if ids - found.keys():
        raise StaleVersion(_("One of them no longer exists."))
    for pk, row in found.items():
        if versions is not None and versions.get(pk) != row.version:
            raise StaleVersion(_("Someone else has saved “%s” since the page was opened.") % row)
    return found[survivor.pk], [row for pk, row in found.items() if pk != survivor.pk]


def _move_chunk(
    kind: type[models.Model],
    survivor: int,
    copies: list[int],
    articles: list[int],
    operation: Operation,
) -> None:
    """Move the links of *articles* from *copies* to *survivor*, and record each article's list."""
    model, link, to_article, listed = LINKS[kind]
    before = lists_of(articles)
    rows = model._default_manager.filter(
        **{f"{link}__in": [survivor, *copies], f"{to_article}__in": articles}
    )
    kept: dict[tuple[int, str], Any] = {}
    doubled, numbered = [], []
    order = ("position", "id") if kind is not Tag else ("id",)
    for row in rows.order_by(*order):
        place = (getattr(row, to_article), getattr(row, "role", ""))
        first: Any = kept.setdefault(place, row)
        if first is row:
            continue
        doubled.append(row.pk)
        number = getattr(row, "part_number", None)
        if number is not None and first.part_number is None:
            first.part_number = first.position = number
            numbered.append(first)
    model._default_manager.filter(pk__in=doubled).delete()
    if numbered:
        model._default_manager.bulk_update(numbered, ["part_number", "position"])
    rows.filter(**{f"{link}__in": copies}).update(**{link: survivor})
    after = lists_of(articles)
    changed = [
        Change("article", pk, listed, before[pk][listed], after[pk][listed])
        for pk in articles
        if identity(listed, before[pk][listed]) != identity(listed, after[pk][listed])
    ]
    operations.record(operation, changed)
    Article.objects.filter(pk__in=[change.subject_id for change in changed]).update(
        version=F("version") + 1, updated=clock.now()
    )


def _take(survivor: Named, preview: Preview) -> list[Change]:
    """Give the survivor what it lacks, and every spelling; return what changed on it."""
    kind = type(survivor)
    subject = SUBJECTS[kind]
    changes = [
        Change(
            subject, survivor.pk, "merged", None,
            "; ".join(f"{copy.row} ({copy.row.pk})" for copy in preview.copies),
        )
    ]  # fmt: skip
    for name, value in preview.taken.items():
        changes.append(Change(subject, survivor.pk, name, getattr(survivor, name), value))
        setattr(survivor, name, value)
    before = names.aliases_of(survivor)
    add_aliases(survivor, [name for copy in preview.copies for name in copy.aliases])
    after = names.aliases_of(survivor)
    if after != before:
        changes.append(Change(subject, survivor.pk, "aliases", before, after))
    survivor.version += 1
    survivor.save()
    return changes


def add_aliases(row: models.Model, spellings: Iterable[str]) -> None:
    """Let *spellings* lead to *row*, beside those that do."""
    model, link = ALIASES[type(row)]
    keyed: dict[str, str] = {}
    for name in spellings:
        keyed.setdefault(names.alias_key(type(row), name), name)
    keyed.pop("", None)
    rows = model._default_manager.filter(**{link: row})
    present = set(rows.filter(key__in=keyed).values_list("key", flat=True))
    model._default_manager.bulk_create(
        [
            model(**{link: row, "name": name, "key": key})
            for key, name in keyed.items()
            if key not in present
        ]
    )


def _absorb(survivor: Named, row: Named) -> list[Change]:
    """Lead the addresses of *row* to *survivor* and delete it; return what it was."""
    kind = type(row)
    subject = SUBJECTS[kind]
    addresses = past_paths(row)
    stored = {"addresses": addresses, "version": row.version}
    if created := getattr(row, "created", None):
        stored["created"] = created.isoformat()
    changes = [
        Change(subject, row.pk, name, value, None)
        for name in FIELDS[kind]
        if (value := getattr(row, name))
    ]
    changes.append(Change(subject, row.pk, "aliases", names.aliases_of(row), None))
    changes.append(Change(subject, row.pk, "merged_into", stored, survivor.pk))
    PastAddress.objects.filter(**{subject: row}).update(**{subject: survivor})
    path = f"{PATHS[kind]}/{row.slug}/"
    PastAddress.objects.filter(path=path).delete()
    PastAddress.objects.create(path=path, **{subject: survivor})
    if isinstance(row, Series):
        Pin.objects.filter(series=row).update(series=survivor.pk)
    if isinstance(row, Author):
        changes += persons.follow(row.pk, survivor.pk)
    row.delete()
    return changes
