"""Merging an article into another one that it is a copy of.

The copy becomes withdrawn; its addresses and its permanent key lead to the survivor, which takes
over what it lacks. Source entries keep pointing to the copy; imports lead on to the survivor.
`articles.writing.unmerging` takes it back.
"""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.choices import FindingState, OperationKind, Status
from articles.cleaning import is_blank
from articles.models import Article, Finding, Operation
from articles.writing import findings, operations
from articles.writing.articles import locked_articles, write_articles
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place, StaleVersion
from articles.writing.operations import Change
from articles.writing.state import Values, lists_of


class MergeRefused(Exception):
    """Two articles that may not be merged; the text says why, for the editor."""


def merge_articles(
    survivor_id: int,
    copy_id: int,
    *,
    actor: AbstractBaseUser | None,
    reason: str = "",
    tags: bool = True,
    parts: bool = True,
    credits: bool = False,
    versions: Mapping[int, int] | None = None,
) -> Operation:
    """Merge the copy into the survivor as one operation; return it.

    *tags*, *parts* and *credits* say whether the survivor takes over those that it lacks. What was
    merged into the copy before leads to the survivor, too. *versions*, by id, are those that the
    editor saw. Raises `StaleVersion` if an article was saved since or is gone, and `MergeRefused`.
    """
    return merge_all(
        survivor_id, [copy_id], actor=actor, reason=reason, tags=tags, parts=parts,
        credits=credits, versions=versions,
    )  # fmt: skip


def merge_all(
    survivor_id: int,
    copy_ids: Sequence[int],
    *,
    actor: AbstractBaseUser | None,
    reason: str = "",
    tags: bool = True,
    parts: bool = True,
    credits: bool = False,
    versions: Mapping[int, int] | None = None,
) -> Operation:
    """Merge several copies into the survivor, in their order: all of them, or none.

    It is one operation, and is taken back as one. Otherwise as `merge_articles`.
    """
    with transaction.atomic():
        survivor, copies, earlier = _held(survivor_id, copy_ids, versions)
        for copy in copies:
            _check(survivor, copy)
        operation = operations.begin(OperationKind.MERGE, actor=actor, reason=reason)
        lists = lists_of([survivor.pk, *(copy.pk for copy in copies)])
        changes = _changes(survivor, copies, lists, reason, tags=tags, parts=parts, credits=credits)
        try:
            write_articles(changes, operation)
        except InvalidChange as error:
            raise MergeRefused(" ".join(error.errors.values())) from error
        for copy in copies:
            led_on = earlier[copy.pk]
            Article.objects.filter(pk__in=[copy.pk, *led_on]).update(merged_into=survivor)
            operations.record(
                operation,
                [
                    Change("article", copy.pk, "merged_into", None, survivor.pk),
                    Change("article", survivor.pk, "merged_articles", None, copy.pk),
                    *(Change("article", pk, "merged_into", copy.pk, survivor.pk) for pk in led_on),
                ],
            )
            _settle(copy, operation, actor)
        findings.review_saved([survivor.pk], operation)
        findings.review_after(
            (
                (item["series"], item["part_number"])
                for copy in copies
                for item in lists[copy.pk]["parts"]
                if item["part_number"] is not None
            ),
            operation,
        )
        return operation


def _refuse_stale(rows: Mapping[int, Article], versions: Mapping[int, int] | None) -> None:
    for pk, version in (versions or {}).items():
        if pk in rows and rows[pk].version != version:
            raise StaleVersion(_("Somebody saved “%s” since you opened this page.") % rows[pk])


def copies_of(article_id: int) -> list[int]:
    """Return the ids of the articles that are merged into this one."""
    return list(
        Article.objects.filter(merged_into=article_id).order_by("pk").values_list("pk", flat=True)
    )


def _held(
    survivor_id: int, copy_ids: Sequence[int], versions: Mapping[int, int] | None
) -> tuple[Article, list[Article], dict[int, list[int]]]:
    """Return the survivor, the copies, and by copy the ids of what was merged into it before; all
    locked."""
    if survivor_id in copy_ids:
        raise MergeRefused(_("An article cannot be merged into itself."))
    earlier = {pk: copies_of(pk) for pk in copy_ids}
    led_on = [pk for ids in earlier.values() for pk in ids]
    rows = {row.pk: row for row in locked_articles([survivor_id, *copy_ids, *led_on])}
    if not {survivor_id, *copy_ids} <= rows.keys():
        raise StaleVersion(_("One of the two articles no longer exists."))
    if {pk: copies_of(pk) for pk in copy_ids} != earlier:
        raise StaleVersion(_("Somebody merged another article just now. Look again."))
    _refuse_stale(rows, versions)
    return rows[survivor_id], [rows[pk] for pk in dict.fromkeys(copy_ids)], earlier


def _check(survivor: Article, copy: Article) -> None:
    if error := refusal(survivor, copy):
        raise MergeRefused(error)


def refusal(survivor: Article, copy: Article) -> str:
    """Return why *copy* cannot be merged into *survivor*, or ``""``."""
    if survivor.merged_into_id is not None or survivor.status == Status.WITHDRAWN:
        return _("“%s” is withdrawn: nothing can be merged into it.") % survivor
    if copy.merged_into_id is not None:
        return _("“%s” is merged into another article already.") % copy
    if copy.was_public and not Article.objects.published().filter(pk=survivor.pk).exists():
        return _(
            "Readers know “%(copy)s”, and “%(survivor)s” is not public: merge it the other way"
            " round, or publish it first."
        ) % {"copy": copy, "survivor": survivor}
    return ""


def _changes(
    survivor: Article,
    copies: Sequence[Article],
    lists: Mapping[int, Values],
    reason: str,
    *,
    tags: bool,
    parts: bool,
    credits: bool,
) -> list[ArticleChange]:
    every = [lists[survivor.pk], *(lists[copy.pk] for copy in copies)]
    into = ArticleChange(article=survivor, expected_version=survivor.version)
    if tags:
        into.tags = sorted({item["tag"] for one in every for item in one["tags"]})
    if parts:
        places: dict[int, int | None] = {}
        for item in (item for one in every for item in one["parts"]):
            if places.get(item["series"]) is None:
                places[item["series"]] = item["part_number"]
        into.parts = [Place(series, number) for series, number in places.items()]
    if credits:
        wanted = [Credit(item["author"], item["role"]) for one in every for item in one["credits"]]
        into.credits = list(dict.fromkeys(wanted))
    why = _("Merged into another article.") if is_blank(reason) else reason
    out = [
        ArticleChange(
            article=copy,
            fields={"status": Status.WITHDRAWN, "withdrawn_reason": why},
            # A part has one place: it goes with the survivor.
            parts=[],
            expected_version=copy.version,
        )
        for copy in copies
    ]
    return [*out, into]


def _settle(copy: Article, operation: Operation, actor: AbstractBaseUser | None) -> None:
    """Close what was asked about the copy."""
    rows = Finding.objects.filter(state=FindingState.OPEN)
    about = rows.filter(Q(article=copy) | Q(other_article=copy)).order_by("pk")
    for finding in about.select_for_update(of=("self",)):
        findings.resolve(finding, operation, actor)
