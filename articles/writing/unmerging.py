"""Taking a merge of articles back, from what the ledger holds of it.

The copy is again what it was. The survivor loses what came with the merge; what was edited since
stays. Authors, series and tags that were merged meanwhile are followed to where they lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils.translation import gettext as _

from articles.choices import OperationKind
from articles.models import Article, Attachment, FieldChange, Operation, Part, Series, Tag
from articles.writing import findings, gone_addresses, operations
from articles.writing.articles import locked_articles, write_articles
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place, StaleVersion
from articles.writing.ended import closed_by
from articles.writing.merging import MergeRefused, copies_of
from articles.writing.name_merging import merged_into
from articles.writing.operations import Change
from articles.writing.state import LISTS, Values, lists_of
from authors.models import Author

#: What the items of each list link to, and under which key.
_LINKED: dict[str, tuple[str, type[models.Model]]] = {
    "credits": ("author", Author), "tags": ("tag", Tag), "parts": ("series", Series),
}  # fmt: skip
#: What makes an item of a list the same one: an id, and in credits the role beside it.
Key = tuple[int, str]


def unmerge_article(copy_id: int, *, actor: AbstractBaseUser | None, reason: str = "") -> Operation:
    """Take the merge of a copy back as one operation, with whatever was merged in the same act;
    return it.

    The copies are again what they were; the survivor loses the tags, places and credits that came
    with the merge, and keeps whatever was edited since; what was asked about the copies is asked
    again. Raises `MergeRefused` if it is no merged copy, or if its survivor was itself merged on,
    and `StaleVersion` if somebody merged one of the articles just now.
    """
    with transaction.atomic():
        merge, survivor_id = _merge_of(copy_id)
        copies = [copy_id, *merged_beside(copy_id)]
        led_on = {pk: _moved_by(merge, pk) for pk in copies}
        every = [pk for ids in led_on.values() for pk in ids]
        rows = {row.pk: row for row in locked_articles([*copies, survivor_id, *every])}
        for pk in copies:
            if rows[pk].merged_into_id != survivor_id or _merge_of(pk)[0] != merge:
                raise StaleVersion(_("Somebody merged “%s” just now. Look again.") % rows[pk])
        operation = operations.begin(
            OperationKind.RESTORE, actor=actor, reason=reason, parent=merge
        )
        for pk in copies:
            moved = [
                one for one in led_on[pk] if one in rows and rows[one].merged_into_id == survivor_id
            ]
            Article.objects.filter(pk=pk).update(merged_into=None)
            Article.objects.filter(pk__in=moved).update(merged_into=pk)
            operations.record(
                operation,
                [
                    Change("article", pk, "merged_into", survivor_id, None),
                    Change("article", survivor_id, "merged_articles", pk, None),
                    *(Change("article", one, "merged_into", survivor_id, pk) for one in moved),
                ],
            )
        lists = lists_of([*copies, survivor_id])
        into = _given_back(rows[survivor_id], merge, lists[survivor_id])
        kept = into.parts
        if kept is None:
            kept = [_place(item) for item in lists[survivor_id]["parts"]]
        out = [_restored(rows[pk], merge, lists[pk]) for pk in copies]
        for change in out:
            _leave_taken_numbers(change, kept, [*copies, survivor_id])
            kept = [*kept, *(change.parts or ())]
        try:
            write_articles([into, *out], operation)
        except InvalidChange as error:
            raise MergeRefused(" ".join(error.errors.values())) from error
        # Readers found them at the survivor, too.
        files = Attachment.objects.filter(article__in=[*copies, *every])
        gone_addresses.note_files(files, at=survivor_id)
        findings.open_again(closed_by(merge), operation)
        findings.review_saved([*copies, survivor_id], operation)
        return operation


def merged_beside(copy_id: int) -> list[int]:
    """Return the other articles that the same act merged: they come back with the copy. Raises
    `MergeRefused` if it is none, or its survivor was merged on."""
    merge, survivor_id = _merge_of(copy_id)
    made = merge.changes.filter(
        subject_type="article", field="merged_into", old__isnull=True, new=survivor_id
    )
    ids = made.exclude(subject_id=copy_id).values_list("subject_id", flat=True)
    present = Article.objects.filter(pk__in=list(ids), merged_into=survivor_id).order_by("pk")
    # One that was taken back and merged anew is another act's.
    return [pk for pk in present.values_list("pk", flat=True) if _merge_of(pk)[0] == merge]


def _merge_of(copy_id: int) -> tuple[Operation, int]:
    """Return the merge that made an article a copy, and the article that it leads to now."""
    copy = Article.objects.merged().filter(pk=copy_id).first()
    change = (
        FieldChange.objects.filter(
            subject_type="article", subject_id=copy_id, field="merged_into", old__isnull=True,
            new__isnull=False, operation__kind=OperationKind.MERGE,
        )
        .select_related("operation")
        .order_by("-id")
        .first()
    )  # fmt: skip
    if copy is None or copy.merged_into_id is None or change is None:
        raise MergeRefused(_("This article is not merged into another one."))
    if change.new != copy.merged_into_id:
        between = Article.objects.filter(pk=int(change.new or 0)).first()
        raise MergeRefused(
            _("“%(copy)s” was merged into “%(between)s”, and that into another one: take the merge"
              " of “%(between)s” back first.") % {"copy": copy, "between": between}
        )  # fmt: skip
    return change.operation, copy.merged_into_id


def _moved_by(merge: Operation, copy_id: int) -> list[int]:
    """Return the earlier copies that a merge led on from *copy_id*."""
    rows = merge.changes.filter(subject_type="article", field="merged_into", old=copy_id)
    return list(rows.order_by("subject_id").values_list("subject_id", flat=True))


# What the survivor gives back


@dataclass(slots=True)
class _Brought:
    """What merges brought to one list of the survivor, and nobody gave it since by hand."""

    #: By the merge in question, or by one that was taken back before.
    leaving: set[Key]
    #: What merges that stand brought, or numbered.
    standing: set[Key]
    #: The numbers that merges gave, by key.
    numbers: dict[Key, set[int | None]]


def _given_back(survivor: Article, merge: Operation, now: Values) -> ArticleChange:
    """Return the change that takes from the survivor what the merge gave it."""
    change = ArticleChange(article=survivor, expected_version=survivor.version)
    brought = _brought_to(survivor.pk, merge)
    # A tag that a later copy has too came for both: it stays as long as that copy is one.
    later = _later_copies(survivor.pk, merge)
    shared = {_key("tags", item) for lists in lists_of(later).values() for item in lists["tags"]}
    if going := brought["tags"].leaving - brought["tags"].standing - shared:
        change.tags = [item["tag"] for item in now["tags"] if _key("tags", item) not in going]
    if going := brought["credits"].leaving - brought["credits"].standing:
        change.credits = [
            Credit(item["author"], item["role"])
            for item in now["credits"]
            if _key("credits", item) not in going
        ]
    numbered = _numbered_by(merge, survivor.pk)
    change.parts = [
        Place(item["series"], _number_before(item, numbered))
        for item in now["parts"]
        if not _leaves(item, brought["parts"])
    ]
    return change


def _later_copies(survivor_id: int, merge: Operation) -> list[int]:
    """Return the copies that were merged into the survivor after *merge*."""
    rows = FieldChange.objects.filter(
        subject_type="article", subject_id__in=copies_of(survivor_id), field="merged_into",
        old__isnull=True, new=survivor_id, operation__pk__gt=merge.pk,
    )  # fmt: skip
    return sorted(set(rows.values_list("subject_id", flat=True)))


def _leaves(item: Values, brought: _Brought) -> bool:
    """Whether a place came with a merge, with the number that it has."""
    key = _key("parts", item)
    return key in brought.leaving - brought.standing and item["part_number"] in brought.numbers[key]


def _number_before(item: Values, numbered: Mapping[int, tuple[Any, Any]]) -> int | None:
    """Return the number of a place that was there before the merge: unless edited, what it was."""
    number: int | None = item["part_number"]
    before, given = numbered.get(item["series"], (number, number))
    return before if given == number else number


def _brought_to(survivor_id: int, merge: Operation) -> dict[str, _Brought]:
    """Return what merges brought to each list of the survivor: its ledger, read in order."""
    rows = list(
        FieldChange.objects.filter(
            subject_type="article", subject_id=survivor_id, field__in=[*LISTS, "merged_articles"]
        )
        .select_related("operation__parent")
        .order_by("id")
    )
    standing, back = _merges_into(survivor_id, rows, merge)
    found = {name: _Brought(set(), set(), {}) for name in LISTS}
    for name in LISTS:
        listed = [row for row in rows if row.field == name]
        follow = _leads(name, (item for row in listed for item in _items(row)))
        for row in listed:
            _walk(found[name], name, row, follow, standing, back)
    return found


def _merges_into(
    survivor_id: int, rows: list[FieldChange], merge: Operation
) -> tuple[set[int], set[int]]:
    """Return the merges into the survivor that stand beside *merge*, and those taken back, with
    *merge* among them."""
    present = set(copies_of(survivor_id))
    last = {
        row.new: row.operation_id
        for row in rows
        if row.field == "merged_articles" and row.new is not None
    }
    every = {
        row.operation_id for row in rows if row.field == "merged_articles" and row.new is not None
    }
    standing = {pk for copy, pk in last.items() if copy in present} - {merge.pk}
    return standing, every - standing


def _walk(
    brought: _Brought,
    name: str,
    row: FieldChange,
    follow: Mapping[int, int],
    standing: set[int],
    back: set[int],
) -> None:
    """Follow one change of a list: what a merge adds is its gift, what others add is their own."""
    old, new = (
        {_key(name, item, follow): item.get("part_number") for item in items or []}
        for items in (row.old, row.new)
    )
    added = new.keys() - old.keys()
    if row.operation_id in standing:
        brought.standing |= {key for key in new if key in added or old[key] != new[key]}
    elif row.operation_id in back:
        brought.leaving |= added
    elif _is_of_merge(row.operation):
        return  # of names, which are followed; or as a copy itself, which came back as it was
    else:
        brought.leaving -= added | (old.keys() - new.keys())
        brought.standing -= added | (old.keys() - new.keys())
        return
    for key, number in new.items():
        if key in added or old[key] != number:
            brought.numbers.setdefault(key, set()).add(number)


def _is_of_merge(operation: Operation) -> bool:
    """Whether an operation merged something, or took that back."""
    parent = operation.parent
    return OperationKind.MERGE in (operation.kind, parent.kind if parent else "")


def _items(row: FieldChange) -> list[Values]:
    return [*(row.old or []), *(row.new or [])]


def _leads(name: str, items: Any) -> dict[int, int]:
    """Return where the authors, series or tags of *items* lead that were merged meanwhile."""
    link, kind = _LINKED[name]
    return merged_into(kind, {item[link] for item in items})


def _key(name: str, item: Values, follow: Mapping[int, int] | None = None) -> Key:
    pk = item[_LINKED[name][0]]
    return (follow or {}).get(pk, pk), item.get("role", "")


def _numbered_by(merge: Operation, survivor_id: int) -> dict[int, tuple[Any, Any]]:
    """Return the numbers, before and after, that a merge gave to places the survivor had."""
    row = merge.changes.filter(
        subject_id=survivor_id, subject_type="article", field="parts"
    ).first()
    if row is None:
        return {}
    follow = _leads("parts", _items(row))
    old, new = (
        {_key("parts", item, follow)[0]: item["part_number"] for item in items or []}
        for items in (row.old, row.new)
    )
    return {pk: (old[pk], new[pk]) for pk in old.keys() & new.keys() if old[pk] != new[pk]}


# What the copy gets back


def _restored(copy: Article, merge: Operation, now: Values) -> ArticleChange:
    """Return the change that makes the copy what it was before the merge."""
    then = merge.changes.filter(subject_type="article", subject_id=copy.pk)
    was = {change.field: change for change in then}
    copy.merged_into_id = None
    change = ArticleChange(article=copy, expected_version=copy.version)
    change.fields = {
        name: row.old or ""
        for name in ("status", "withdrawn_reason")
        if (row := was.get(name)) is not None and getattr(copy, name) == row.new
    }
    if (row := was.get("parts")) is not None:
        follow = _leads("parts", row.old or [])
        there = {item["series"]: _place(item) for item in now["parts"]}
        for item in row.old or []:
            pk = follow.get(item["series"], item["series"])
            there.setdefault(pk, Place(pk, item["part_number"]))
        # A series that was deleted since takes nobody back.
        left = set(Series.objects.filter(pk__in=there).values_list("pk", flat=True))
        change.parts = [place for pk, place in there.items() if pk in left]
    return change


def _place(item: Values) -> Place:
    return Place(item["series"], item["part_number"])


def _leave_taken_numbers(change: ArticleChange, kept: list[Place], own: list[int]) -> None:
    """Leave out the numbers that another article, or the survivor, has by now."""
    wanted = change.parts or []
    rows = Part.objects.filter(series__in=[place.series for place in wanted])
    taken = set(rows.exclude(article__in=own).values_list("series_id", "part_number"))
    taken |= {(place.series, place.part_number) for place in kept}
    if change.parts is not None:
        change.parts = [
            Place(place.series) if (place.series, place.part_number) in taken else place
            for place in wanted
        ]
