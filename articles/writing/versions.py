"""What a row was at any time, read back from the ledger, and giving it such values again.

A version is what a row held after an operation: the values of today, with every later change of
the row taken back, the latest first. The ledger is whole, so this is exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from articles.choices import OperationKind, Status
from articles.cleaning import is_blank
from articles.models import (
    Article,
    FieldChange,
    HomePage,
    Operation,
    Series,
    SiteLink,
    SitePage,
    Tag,
)
from articles.writing import articles, findings, names, operations, site
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place
from articles.writing.name_merging import merged_into
from articles.writing.state import COLUMNS, FIELDS, LISTS, Values, columns_of, identity, lists_of
from authors.models import Author

#: Of a list of an article: the id of each item, the model that it numbers, and its name.
_LINKS: dict[str, tuple[str, type[Author | Series | Tag], str]] = {
    "credits": ("author", Author, "name"),
    "tags": ("tag", Tag, "name"),
    "parts": ("series", Series, "title"),
}


#: What has versions, by the ledger's word for it.
KINDS: dict[str, type[models.Model]] = {
    "article": Article, "author": Author, "series": Series, "tag": Tag,
    **{subject: kind for kind, subject in site.SUBJECTS.items()},
}  # fmt: skip


def fields_of(kind: type[models.Model]) -> tuple[str, ...]:
    """Return the fields of a row of *kind* that have versions."""
    if kind in site.FIELDS:
        return site.FIELDS[kind]
    return FIELDS if kind is Article else (*names.FIELDS[kind], "aliases")


def values_now(row: models.Model) -> Values:
    """Return the values of *row* as the ledger would record them."""
    if isinstance(row, Article):
        return columns_of(row) | lists_of([row.pk])[row.pk]
    if isinstance(row, SitePage | SiteLink | HomePage):
        return site.values_of(row)
    assert isinstance(row, Author | Series | Tag)  # noqa: S101  nothing else has versions
    values: Values = {name: getattr(row, name) for name in names.FIELDS[type(row)]}
    return values | {"aliases": names.aliases_of(row)}


def position(subject: str, pk: int, operation: int | None = None) -> int:
    """Return the id of the last change of a row; with *operation*, of the last change by it.

    Changes of one row are stored while it is locked, so their ids are in the order in which they
    happened, as those of operations need not be. 0 if there is none.
    """
    rows = FieldChange.objects.filter(subject_type=subject, subject_id=pk)
    if operation is not None:
        rows = rows.filter(operation=operation)
    return rows.aggregate(last=Max("id"))["last"] or 0


def before_position(subject: str, pk: int, operation: int) -> int:
    """Return the position just before *operation* changed a row; 0 if it never did."""
    rows = FieldChange.objects.filter(subject_type=subject, subject_id=pk, operation=operation)
    first = rows.aggregate(first=Min("id"))["first"]
    return first - 1 if first else 0


def values_at(subject: str, row: models.Model, now: Values, at: int) -> Values:
    """Return the values of *row*, which are *now*, as they were at the position *at*. 1 query."""
    later = FieldChange.objects.filter(subject_type=subject, subject_id=row.pk, id__gt=at)
    later = later.filter(field__in=now)
    first = later.order_by().values("field").annotate(first=Min("id")).values("first")
    found = FieldChange.objects.filter(pk__in=first).values_list("field", "old")
    return now | dict(found)


def is_same(name: str, one: Any, two: Any) -> bool:
    """Whether two values of a field are the same: absent and empty are, and a list's names do not
    count beside its ids."""
    if name in LISTS:
        return bool(identity(name, one) == identity(name, two))
    return site.is_same(name, one, two)


@dataclass(slots=True)
class Missing:
    """What earlier values name that is no longer there: field to the names. ``followed`` are ids
    that were merged into others: field to old id and new."""

    names: dict[str, list[str]] = field(default_factory=dict)
    followed: dict[str, dict[int, int]] = field(default_factory=dict)


def missing(values: Mapping[str, Any]) -> Missing:
    """Return what *values* of an article name that no longer exists. What was merged leads on."""
    found = Missing()
    for name, (key, kind, _title) in _LINKS.items():
        items = values.get(name) or []
        wanted = {item[key] for item in items}
        lost = wanted - _existing(kind, wanted)
        survivors = merged_into(kind, lost) if lost else {}
        alive = _existing(kind, set(survivors.values()))
        found.followed[name] = {old: new for old, new in survivors.items() if new in alive}
        gone = lost - found.followed[name].keys()
        if gone:
            shown = [str(item.get("name") or item.get("title") or "") for item in items
                     if item[key] in gone]  # fmt: skip
            found.names[name] = shown
    original = values.get("translation_of")
    if original is not None and not Article.objects.filter(pk=original).exists():
        found.names["translation_of"] = [_("article %d") % original]
    owner = values.get("owner")
    if owner is not None and not get_user_model()._default_manager.filter(pk=owner).exists():
        found.names["owner"] = [_("account %d") % owner]
    return found


def _existing(kind: type[models.Model], ids: set[int]) -> set[int]:
    if not ids:
        return set()
    return set(kind._default_manager.filter(pk__in=ids).values_list("pk", flat=True))


def restore(
    row: models.Model,
    values: Mapping[str, Any],
    *,
    actor: AbstractBaseUser | None,
    expected_version: int,
    reason: str = "",
    version: Operation | None = None,
) -> models.Model:
    """Give *row* the earlier *values*, as one operation of kind restore; return the row.

    *version* is the operation after which it had them. Raises `InvalidChange` for what can no
    longer be, as a credit to an author who was deleted, and `StaleVersion` if the row was saved
    since it had *expected_version*. All or nothing.
    """
    if isinstance(row, Article):
        return _restore_article(row, values, actor, expected_version, reason, version)
    named: Any = row
    saved: models.Model
    if isinstance(row, SitePage | SiteLink | HomePage):
        saved = site.save_site(
            named, values, actor=actor, expected_version=expected_version, reason=reason,
            kind_of_act=OperationKind.RESTORE,
        )  # fmt: skip
        return saved
    for name in names.FIELDS[type(row)]:
        if name in values:
            empty: Any = {"external_ids": {}, "portrait": {}, "author_id": None}.get(name, "")
            setattr(named, name, values[name] if values[name] is not None else empty)
    saved = names.save_named(
        named,
        aliases=values.get("aliases"),
        actor=actor,
        kind_of_act=OperationKind.RESTORE,
        reason=reason,
        expected_version=expected_version,
    )
    return saved


def _restore_article(
    article: Article,
    values: Mapping[str, Any],
    actor: AbstractBaseUser | None,
    expected_version: int,
    reason: str,
    version: Operation | None,
) -> Article:
    with transaction.atomic():
        change = change_to(article, values, expected_version)
        operation = operations.begin(
            OperationKind.RESTORE, actor=actor, reason=reason, parent=version
        )
        written = articles.write_articles([change], operation)[0]
        findings.review_saved([written.pk], operation)
        operations.drop_if_empty(operation)
        return written


def change_to(article: Article, values: Mapping[str, Any], expected_version: int) -> ArticleChange:
    """Return the change that gives *article* the *values* of the ledger.

    Raises `InvalidChange` for what names something that no longer exists, and for a withdrawal
    without its reason.
    """
    lost = missing(values)
    if lost.names:
        raise InvalidChange(
            {
                name: _("No longer exists: %s.") % "; ".join(found)
                for name, found in lost.names.items()
            }
        )
    reason = values.get("withdrawn_reason", article.withdrawn_reason)
    if values.get("status") == Status.WITHDRAWN and is_blank(reason or ""):
        raise InvalidChange({"withdrawn_reason": _("Say why it is withdrawn.")})
    ids = {
        name: [lost.followed[name].get(item[key], item[key]) for item in values.get(name) or []]
        for name, (key, _kind, _title) in _LINKS.items()
    }
    credits = parts = None
    if "credits" in values:
        items = zip(ids["credits"], values["credits"] or [], strict=True)
        # Two that were merged into one stand once.
        credits = list(dict.fromkeys(Credit(pk, item["role"]) for pk, item in items))
    if "parts" in values:
        places = zip(ids["parts"], values["parts"] or [], strict=True)
        by_series = {pk: Place(pk, item.get("part_number")) for pk, item in places}
        parts = list(by_series.values())
    return ArticleChange(
        article=article,
        fields={name: values[name] for name in COLUMNS if name in values},
        credits=credits,
        tags=ids["tags"] if "tags" in values else None,
        parts=parts,
        expected_version=expected_version,
    )


def restorable(subject: str, names_of_fields: Sequence[str]) -> list[str]:
    """Return those of the fields of *subject* that can be restored at all."""
    known = fields_of(KINDS[subject]) if subject in KINDS else ()
    return [name for name in names_of_fields if name in known]


def values_of_version(subject: str, row: Any, now: Values, version: int) -> Values:
    """Return what *row*, which holds *now*, held when it had *version*. 2 queries.

    Every act that changes a field raises the version by one. Where more was raised, the result is
    older than asked for, never younger: nobody's change is taken for somebody else's.
    """
    count = max(1, min(row.version - version, 10_000))
    rows = FieldChange.objects.filter(
        subject_type=subject, subject_id=row.pk, field__in=fields_of(type(row))
    )
    acts = rows.order_by().values("operation").annotate(first=Min("id")).order_by("-first")
    found = list(acts.values_list("first", flat=True)[:count])
    return values_at(subject, row, now, found[-1] - 1 if len(found) == count else 0)
