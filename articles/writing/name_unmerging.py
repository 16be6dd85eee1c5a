"""Taking a merge of authors, series or tags back, from what the ledger holds of it.

The same row comes back, with its address, spellings and links. What was edited since is not
trampled: where an article's list has changed, only the survivor's own place in it is given back;
where that is gone too, the article is left and named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles.choices import OperationKind
from articles.models import Article, FieldChange, Operation, PastAddress, Series, Tag
from articles.writing import index, names, operations, persons
from articles.writing.articles import write_articles
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.ended import closed_by
from articles.writing.findings import open_again
from articles.writing.merge_preview import MergeRefused
from articles.writing.name_merging import LINKS, add_aliases
from articles.writing.names import ALIASES, FIELDS, PATHS, SUBJECTS, TITLE
from articles.writing.operations import Change
from articles.writing.state import Values, identity, lists_of
from authors.models import Author

#: The key of the linked row in an item of each list.
_LINK_KEYS = {"credits": "author", "parts": "series", "tags": "tag"}
#: So many lines of what is kept are told; the number is told in any case.
TOLD = 50


@dataclass(slots=True)
class Unmerged:
    """What taking a merge back did, or would do."""

    survivor: Any
    #: Names of the rows that come back, and how many articles they stand on again.
    names: list[str]
    operation: Operation | None = None
    article_count: int = 0
    #: A line for each thing that stays as it is, since it was edited meanwhile.
    kept: list[str] = field(default_factory=list)
    kept_count: int = 0

    def keep(self, line: str) -> None:
        """Note one thing that stays as it is."""
        self.kept_count += 1
        if len(self.kept) < TOLD:
            self.kept.append(line)


@dataclass(frozen=True, slots=True)
class _Merge:
    """A merge as the ledger holds it."""

    operation: Operation
    kind: type[models.Model]
    survivor: int
    #: Values of each row that went, by id, with "aliases" and "merged_into".
    copies: dict[int, Values]

    @property
    def subject(self) -> str:
        return SUBJECTS[self.kind]

    @property
    def listed(self) -> str:
        return LINKS[self.kind][3]

    @property
    def link_key(self) -> str:
        return _LINK_KEYS[self.listed]

    def names(self) -> list[str]:
        """Return the names of the rows that come back."""
        return [values[TITLE[self.kind]] for values in self.copies.values()]

    def survivor_changes(self) -> models.QuerySet[FieldChange]:
        """Return what the merge changed on the survivor."""
        given = self.operation.changes.filter(subject_type=self.subject, subject_id=self.survivor)
        return given.order_by("id")

    def article_changes(self) -> Iterator[list[FieldChange]]:
        """Yield what the merge changed on articles, in pieces."""
        rows = self.operation.changes.filter(subject_type="article", field=self.listed)
        ids = list(rows.order_by("subject_id").values_list("pk", flat=True))
        for chunk in index.batches(ids):
            yield list(FieldChange.objects.filter(pk__in=chunk).order_by("subject_id"))


def is_merge_of_names(operation: Operation) -> bool:
    """Whether *operation* merged authors, series or tags."""
    return (
        operation.kind == OperationKind.MERGE
        and operation.changes.filter(field="merged_into", subject_type__in=SUBJECTS.values())
        .exclude(subject_type="article")
        .exists()
    )


def is_taken_back(operation: Operation) -> bool:
    """Whether a merge was taken back."""
    return operation.children.filter(kind=OperationKind.UNDO).exists()


def preview_unmerge(operation: Operation) -> Unmerged:
    """Return what `unmerge` would do. Writes nothing; raises `MergeRefused` as it does."""
    with transaction.atomic():
        merge, survivor = _checked(operation)
        result = Unmerged(survivor, merge.names())
        for row in merge.survivor_changes():
            if row.field not in {"merged", "aliases"} and getattr(survivor, row.field) != row.new:
                result.keep(_edited(survivor, row.field))
        for chunk in merge.article_changes():
            result.article_count += len(_article_changes(merge, chunk, result))
    return result


def unmerge(operation: Operation, *, actor: AbstractBaseUser | None, reason: str = "") -> Unmerged:
    """Take the merge *operation* back; return what came back and what was kept.

    Raises `MergeRefused`, and writes nothing, if it is no merge or was taken back before, if the
    survivor is gone or took in more meanwhile that shares an article with this merge, or if an
    address or a name that would come back is another's now.
    """
    with transaction.atomic():
        merge, survivor = _checked(operation)
        stays_on = _lock_articles(merge, survivor)
        undo = operations.begin(OperationKind.UNDO, actor=actor, reason=reason, parent=operation)
        result = Unmerged(survivor, merge.names(), undo)
        changes = _release(merge, survivor, result)
        for pk, values in merge.copies.items():
            changes += _bring_back(merge, pk, values, survivor, result)
        if merge.kind is Author:
            changes += persons.return_from(operation, survivor.pk, merge.copies)
        operations.record(undo, changes)
        # Those too that only lose a spelling to be found by.
        touched = list(stays_on)
        for chunk in merge.article_changes():
            wanted = _article_changes(merge, chunk, result)
            written = write_articles(wanted, undo, refresh=False)
            touched += [row.pk for row in written]
            result.article_count += len(written)
        index.refresh(touched)
        # They are two again: what waited about them does, too.
        open_again(closed_by(operation), undo)
    return result


def _read(operation: Operation) -> _Merge:
    """Return the merge that *operation* was. Raises `MergeRefused` if it was none."""
    kinds = {subject: kind for kind, subject in SUBJECTS.items()}
    rows = list(
        operation.changes.exclude(subject_type="article").filter(subject_type__in=kinds)
        if operation.kind == OperationKind.MERGE
        else ()
    )
    gone = {row.subject_id: row for row in rows if row.field == "merged_into"}
    if not gone:
        raise MergeRefused(_("This is no merge of authors, series or tags."))
    copies: dict[int, Values] = {pk: {} for pk in sorted(gone)}
    first = next(iter(gone.values()))
    for row in rows:
        if row.subject_type == first.subject_type and row.subject_id in copies:
            copies[row.subject_id][row.field] = row.old
    return _Merge(operation, kinds[first.subject_type], int(first.new or 0), copies)


def _checked(operation: Operation) -> tuple[_Merge, Any]:
    """Return a merge that may be taken back, and its survivor, locked."""
    merge = _read(operation)
    survivor = _survivor(merge)
    if is_taken_back(operation):
        raise MergeRefused(_("This merge was taken back already."))
    _check_free(merge)
    _check_later(merge)
    return merge, survivor


def _edited(survivor: Any, name: str) -> str:
    return _("The %(field)s of “%(name)s” was edited since and stays.") % {
        "field": survivor._meta.get_field(name).verbose_name,
        "name": survivor,
    }


def _survivor(merge: _Merge) -> Any:
    rows = merge.kind._default_manager.select_for_update(no_key=True)
    survivor = rows.filter(pk=merge.survivor).first()
    if survivor is None:
        raise MergeRefused(
            _("What they were merged into is no longer here: it was merged on, or deleted. Take"
              " the later merge back first.")
        )  # fmt: skip
    return survivor


def _check_free(merge: _Merge) -> None:
    """Make sure that no other row took a name or an address that comes back."""
    manager = merge.kind._default_manager
    for pk, values in merge.copies.items():
        condition = models.Q(pk=pk) | models.Q(slug=values["slug"])
        if merge.kind is Tag:
            stand_in = Tag(name=values["name"])
            stand_in.prepare()
            condition |= models.Q(key=stand_in.key)
        other = manager.filter(condition).first()
        if other is not None:
            raise MergeRefused(
                _("“%(name)s” cannot come back: its name or address is “%(other)s” now.")
                % {"name": values[TITLE[merge.kind]], "other": other}
            )


def _lock_articles(merge: _Merge, survivor: Any) -> list[int]:
    """Lock what will be written in the order of every writer: articles, then the version.

    Return the ids of the articles that the survivor stands on now.
    """
    rows = merge.operation.changes.filter(subject_type="article", field=merge.listed)
    stays_on = names.articles_of(survivor)
    ids = {*rows.values_list("subject_id", flat=True), *stays_on}
    for chunk in index.batches(sorted(ids)):
        locked = Article.objects.select_for_update(no_key=True).filter(pk__in=chunk)
        list(locked.order_by("pk").values_list("pk"))
    index.lock_content_version()
    return stays_on


def _check_later(merge: _Merge) -> None:
    """Refuse if a later merge into the same row changed an article of this one too: which of its
    places is whose could not be told."""
    later = (
        Operation.objects.filter(
            kind=OperationKind.MERGE,
            pk__gt=merge.operation.pk,
            changes__subject_type=merge.subject,
            changes__subject_id=merge.survivor,
            changes__field="merged",
        )
        .exclude(children__kind=OperationKind.UNDO)
        .distinct()
    )
    mine = merge.operation.changes.filter(subject_type="article", field=merge.listed)
    for other in later.order_by("-pk"):
        theirs = other.changes.filter(subject_type="article", field=merge.listed)
        if theirs.filter(subject_id__in=mine.values("subject_id")).exists():
            raise MergeRefused(
                _("Take the later merge %(number)d back first: it changed the same articles.")
                % {"number": other.pk}
            )


def _release(merge: _Merge, survivor: Any, result: Unmerged) -> list[Change]:
    """Take from the survivor what the merge gave it, as far as it still has it so."""
    changes: list[Change] = []
    for row in merge.survivor_changes():
        if row.field == "merged":
            changes.append(Change(merge.subject, survivor.pk, "merged", row.new, None))
        elif row.field == "aliases":
            changes += _release_aliases(merge.kind, survivor, row)
        elif getattr(survivor, row.field) == row.new:
            empty = type(row.new)()
            changes.append(Change(merge.subject, survivor.pk, row.field, row.new, row.old))
            setattr(survivor, row.field, row.old or empty)
        else:
            result.keep(_edited(survivor, row.field))
    survivor.version += 1
    survivor.save()
    return changes


def _release_aliases(kind: type[models.Model], survivor: Any, row: FieldChange) -> list[Change]:
    before = names.aliases_of(survivor)
    had = {names.alias_key(kind, name) for name in row.old or []}
    own = names.alias_key(kind, str(survivor))
    added = {names.alias_key(kind, name) for name in row.new or []} - had - {own}
    model, link = ALIASES[kind]
    model._default_manager.filter(**{link: survivor, "key__in": added}).delete()
    after = names.aliases_of(survivor)
    if before == after:
        return []
    return [Change(SUBJECTS[kind], survivor.pk, "aliases", before, after)]


def _bring_back(
    merge: _Merge, pk: int, values: Values, survivor: Any, result: Unmerged
) -> list[Change]:
    """Make one row anew, with its id, spellings and addresses; return its ledger."""
    kind, subject = merge.kind, merge.subject
    stored = values["merged_into"]
    row = kind(pk=pk, version=stored["version"] + 1)
    for name in FIELDS[kind]:
        if name in values:
            setattr(row, name, values[name])
    row.save(force_insert=True)
    if moment := parse_datetime(stored.get("created") or ""):
        kind._default_manager.filter(pk=pk).update(created=moment)
    title = values[TITLE[kind]]
    add_aliases(row, [title, *values["aliases"]])
    own = f"{PATHS[kind]}/{values['slug']}/"
    PastAddress.objects.filter(path=own).delete()
    for path in stored["addresses"]:
        slug = path.split("/")[1]
        if kind._default_manager.filter(slug=slug).exists():
            result.keep(_("The address %s leads elsewhere now.") % f"/{path}")
            continue
        past = PastAddress.objects.filter(path=path)
        if not past.exists():
            PastAddress.objects.create(path=path, **{subject: row})
        elif not past.filter(**{subject: survivor}).update(**{subject: row}):
            result.keep(_("The address %s leads elsewhere now.") % f"/{path}")
    changes = [
        Change(subject, pk, name, None, values[name]) for name in FIELDS[kind] if name in values
    ]
    changes.append(Change(subject, pk, "aliases", None, values["aliases"]))
    changes.append(Change(subject, pk, "merged_into", survivor.pk, None))
    return changes


def _article_changes(
    merge: _Merge, chunk: Sequence[FieldChange], result: Unmerged
) -> list[ArticleChange]:
    """Return what gives the articles of *chunk* their links back."""
    ids = [change.subject_id for change in chunk]
    headlines = dict(Article.objects.filter(pk__in=ids).values_list("pk", "headline"))
    present = lists_of(list(headlines))
    found = []
    for change in chunk:
        pk = change.subject_id
        if pk not in headlines:
            result.keep(_("An article that was deleted since (number %d).") % pk)
            continue
        wanted = given_back(merge, change.old or [], change.new or [], present[pk][merge.listed])
        if wanted is None:
            result.keep(_("“%s” was edited since and stays as it is.") % headlines[pk])
            continue
        found.append(_change_of(pk, merge.listed, wanted))
    return found


def given_back(
    merge: _Merge, old: list[Values], new: list[Values], now: list[Values]
) -> list[Values] | None:
    """Return the list of an article with its links given back; None if there is none to give.

    *old* and *new* are the list before and after the merge, *now* is as it stands. Where it was
    edited since, the survivor's places become those they were made of, and the rest stays.
    """
    listed, key = merge.listed, merge.link_key
    if identity(listed, now) == identity(listed, new):
        return old
    ours = {merge.survivor, *merge.copies}
    given: list[Values] = []
    is_given = False
    for item in now:
        origins = [
            {**other}
            for other in old
            if other[key] in ours and other.get("role") == item.get("role")
        ]
        if item[key] != merge.survivor or not origins:
            given.append(item)
            continue
        numbers = {other.get("part_number") for other in new if other[key] == merge.survivor}
        if listed == "parts" and item["part_number"] not in numbers and len(origins) == 1:
            origins[0]["part_number"] = item["part_number"]
        given += [other for other in origins if other not in given]
        is_given = True
    return given if is_given else None


def _change_of(pk: int, listed: str, items: list[Values]) -> ArticleChange:
    change = ArticleChange(article=Article(pk=pk))
    if listed == "credits":
        change.credits = [Credit(item["author"], item["role"]) for item in items]
    elif listed == "parts":
        change.parts = [Place(item["series"], item["part_number"]) for item in items]
    else:
        change.tags = [item["tag"] for item in items]
    return change


def merges_into(row: Author | Series | Tag) -> list[Operation]:
    """Return the merges into *row* that stand, the last first."""
    rows = Operation.objects.filter(
        kind=OperationKind.MERGE,
        changes__subject_type=SUBJECTS[type(row)],
        changes__subject_id=row.pk,
        changes__field="merged",
    ).exclude(children__kind=OperationKind.UNDO)
    return list(rows.select_related("actor").distinct().order_by("-pk"))
