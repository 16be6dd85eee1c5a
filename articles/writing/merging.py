"""Merging an article into another one that it is a copy of, and taking that back.

The copy becomes withdrawn; its addresses and its permanent key lead to the survivor, which takes
over what it lacks. Source entries keep pointing to the copy; imports lead on to the survivor.
"""

from collections.abc import Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.choices import FindingState, OperationKind, Status
from articles.models import Article, FieldChange, Finding, Operation, Series
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
    with transaction.atomic():
        survivor, copy = _both(survivor_id, copy_id, versions)
        _check(survivor, copy)
        operation = operations.begin(OperationKind.MERGE, actor=actor, reason=reason)
        lists = lists_of([survivor.pk, copy.pk])
        changes = _changes(survivor, copy, lists, reason, tags=tags, parts=parts, credits=credits)
        try:
            write_articles(changes, operation)
        except InvalidChange as error:
            raise MergeRefused(" ".join(error.errors.values())) from error
        ledger = [
            Change("article", copy.pk, "merged_into", None, survivor.pk),
            Change("article", survivor.pk, "merged_articles", None, copy.pk),
        ]
        earlier = Article.objects.select_for_update(no_key=True).filter(merged_into=copy)
        for pk in earlier.order_by("pk").values_list("pk", flat=True):
            ledger.append(Change("article", pk, "merged_into", copy.pk, survivor.pk))
        Article.objects.filter(Q(pk=copy.pk) | Q(merged_into=copy)).update(merged_into=survivor)
        operations.record(operation, ledger)
        _settle(copy, operation, actor)
        findings.review_saved([survivor.pk], operation)
        return operation


def _both(
    survivor_id: int, copy_id: int, versions: Mapping[int, int] | None
) -> tuple[Article, Article]:
    if survivor_id == copy_id:
        raise MergeRefused(_("An article cannot be merged into itself."))
    rows = {row.pk: row for row in locked_articles([survivor_id, copy_id])}
    if len(rows) != 2:
        raise StaleVersion(_("One of the two articles no longer exists."))
    for pk, version in (versions or {}).items():
        if pk in rows and rows[pk].version != version:
            raise StaleVersion(_("Somebody saved “%s” since you opened this page.") % rows[pk])
    return rows[survivor_id], rows[copy_id]


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
    copy: Article,
    lists: Mapping[int, Values],
    reason: str,
    *,
    tags: bool,
    parts: bool,
    credits: bool,
) -> list[ArticleChange]:
    mine, theirs = lists[survivor.pk], lists[copy.pk]
    into = ArticleChange(article=survivor, expected_version=survivor.version)
    if tags:
        into.tags = sorted({item["tag"] for item in (*mine["tags"], *theirs["tags"])})
    if parts:
        places = {item["series"]: item["part_number"] for item in mine["parts"]}
        for item in theirs["parts"]:
            places[item["series"]] = places.get(item["series"]) or item["part_number"]
        into.parts = [Place(series, number) for series, number in places.items()]
    if credits:
        wanted = [Credit(item["author"], item["role"]) for item in mine["credits"]]
        wanted += [Credit(item["author"], item["role"]) for item in theirs["credits"]]
        into.credits = list(dict.fromkeys(wanted))
    out = ArticleChange(
        article=copy,
        fields={
            "status": Status.WITHDRAWN,
            "withdrawn_reason": reason or _("Merged into another article."),
        },
        # A part has one place: it goes with the survivor.
        parts=[],
        expected_version=copy.version,
    )
    return [out, into]


def _settle(copy: Article, operation: Operation, actor: AbstractBaseUser | None) -> None:
    """Close what was asked about the copy."""
    rows = Finding.objects.filter(state=FindingState.OPEN)
    about = rows.filter(Q(article=copy) | Q(other_article=copy)).order_by("pk")
    for finding in about.select_for_update(of=("self",)):
        findings.resolve(finding, operation, actor)


def unmerge_article(copy_id: int, *, actor: AbstractBaseUser | None, reason: str = "") -> Operation:
    """Take the merge of a copy back as one operation; return it.

    The copy is again what it was; the survivor loses the tags, places and credits that came with
    the merge, and keeps whatever was edited since. Raises `MergeRefused` if it is no merged copy.
    """
    with transaction.atomic():
        merge = _merge_of(copy_id)
        copy = Article.objects.get(pk=copy_id)
        survivor_id = copy.merged_into_id
        rows = {row.pk: row for row in locked_articles([copy_id, survivor_id or copy_id])}
        copy = rows[copy_id]
        if copy.merged_into_id != survivor_id or survivor_id is None:
            raise MergeRefused(_("“%s” is not merged into another article.") % copy)
        operation = operations.begin(
            OperationKind.RESTORE, actor=actor, reason=reason, parent=merge
        )
        then = FieldChange.objects.filter(operation=merge, subject_type="article")
        moved = list(
            then.filter(field="merged_into", old=copy_id).values_list("subject_id", flat=True)
        )
        Article.objects.filter(pk=copy_id).update(merged_into=None)
        Article.objects.filter(pk__in=moved, merged_into=survivor_id).update(merged_into=copy_id)
        operations.record(
            operation,
            [
                Change("article", copy_id, "merged_into", survivor_id, None),
                Change("article", survivor_id, "merged_articles", copy_id, None),
                *(Change("article", pk, "merged_into", survivor_id, copy_id) for pk in moved),
            ],
        )
        copy.merged_into_id = None
        was = {(change.subject_id, change.field): change for change in then}
        lists = lists_of(rows)
        into = _given_back(rows[survivor_id], was, lists[survivor_id])
        out = _restored(copy, was)
        try:
            with transaction.atomic():
                write_articles([into, out], operation)
        except InvalidChange:
            # A number that the copy had is another article's by now.
            out.parts = [Place(place.series) for place in out.parts or []]
            write_articles([into, out], operation)
        findings.review_saved([copy_id, survivor_id], operation)
        return operation


def _merge_of(copy_id: int) -> Operation:
    change = (
        FieldChange.objects.filter(
            subject_type="article", subject_id=copy_id, field="merged_into", new__isnull=False,
            operation__kind=OperationKind.MERGE,
        )
        .select_related("operation")
        .filter(old__isnull=True)
        .order_by("-id")
        .first()
    )  # fmt: skip
    if change is None or not Article.objects.merged().filter(pk=copy_id).exists():
        raise MergeRefused(_("This article is not merged into another one."))
    return change.operation


Was = Mapping[tuple[int, str], FieldChange]


def _given_back(survivor: Article, was: Was, now: Values) -> ArticleChange:
    """Return the change that takes from the survivor what the merge gave it."""
    change = ArticleChange(article=survivor, expected_version=survivor.version)

    def added(field: str, key: str) -> set[int]:
        row = was.get((survivor.pk, field))
        if row is None:
            return set()
        return _ids(row.new, key) - _ids(row.old, key)

    if came := added("tags", "tag"):
        change.tags = [item["tag"] for item in now["tags"] if item["tag"] not in came]
    if (row := was.get((survivor.pk, "parts"))) is not None:
        before = {item["series"]: item["part_number"] for item in row.old or []}
        after = {item["series"]: item["part_number"] for item in row.new or []}
        change.parts = [
            Place(item["series"], before[item["series"]])
            if item["series"] in before and after.get(item["series"]) == item["part_number"]
            else Place(item["series"], item["part_number"])
            for item in now["parts"]
            if item["series"] in before or after.get(item["series"], 0) != item["part_number"]
        ]
    if came := added("credits", "author"):
        change.credits = [
            Credit(item["author"], item["role"])
            for item in now["credits"]
            if item["author"] not in came
        ]
    return change


def _ids(items: Sequence[Values] | None, key: str) -> set[int]:
    return {item[key] for item in items or []}


def _restored(copy: Article, was: Was) -> ArticleChange:
    """Return the change that makes the copy what it was before the merge."""
    fields = {
        name: row.old or ""
        for name in ("status", "withdrawn_reason")
        if (row := was.get((copy.pk, name))) is not None
    }
    parts = was.get((copy.pk, "parts"))
    stood = (parts.old or []) if parts is not None else []
    # A series that was deleted or merged away since takes nobody back.
    there = set(
        Series.objects.filter(pk__in=[item["series"] for item in stood]).values_list(
            "pk", flat=True
        )
    )
    return ArticleChange(
        article=copy,
        fields=fields,
        parts=None
        if parts is None
        else [
            Place(item["series"], item["part_number"]) for item in stood if item["series"] in there
        ],
        expected_version=copy.version,
    )
