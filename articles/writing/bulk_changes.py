"""One change to many articles: what it does to each, and carrying it out a part at a time.

All parts belong to one operation of the ledger. Each part is one transaction, which also remembers
how far the work has come: whatever ends in between, nothing is done twice and nothing is forgotten.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import clock
from articles.choices import OperationKind
from articles.models import Article, BulkWork, FieldChange, Operation
from articles.writing import findings, operations, sheet_changes, versions
from articles.writing.articles import locked_articles, write_articles
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place
from articles.writing.state import FIELDS, Values, columns_of, lists_of

#: Articles in one part: a second or two.
PART = 200
#: So many articles at once, and so many of those that were left are named.
MOST, NAMED = 20_000, 100
#: What may be set or cleared, and what may be searched for words.
SETTABLE = (
    "kicker", "subtitle", "part_label", "byline", "publication", "volume", "issue", "pages",
    "rights", "language", "source_url", "correction_note",
)  # fmt: skip
SEARCHABLE = ("headline", "kicker", "subtitle", "part_label", "byline", "standfirst", "body")
#: The lists, and what the ledger calls the id of an item.
LISTED = {"tags": "tag", "credits": "author", "parts": "series"}
#: Markup of a body: nothing in it is a word.
_MARKUP = re.compile(r'(<[^<>"]*(?:"[^"]*"[^<>"]*)*>)')


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to each article.

    ``do``: "set", "clear", "find" (``text`` becomes ``value`` in ``fields``), or "add", "remove",
    "replace" (``one`` by ``other``) in the list that is the only one of ``fields``; "sheet" gives
    each what the rows of the sheet ``one`` say; "undo" takes the operation ``one`` back.
    """

    do: str
    fields: tuple[str, ...] = ()
    value: str = ""
    text: str = ""
    whole_words: bool = False
    any_case: bool = False
    one: int = 0
    other: int = 0
    role: str = "aut"

    def as_json(self) -> dict[str, Any]:
        """Return the act as it is stored."""
        return asdict(self)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Act":
        """Return the act that was stored."""
        return cls(**{**stored, "fields": tuple(stored["fields"])})


def pattern_of(act: Act, *, in_markup: bool = False) -> re.Pattern[str]:
    """Return what an act searches for. Linear: it is a fixed text."""
    text = html.escape(act.text, quote=False) if in_markup else act.text
    found = re.escape(text)
    if act.whole_words:
        found = rf"(?<!\w){found}(?!\w)"
    return re.compile(found, re.IGNORECASE if act.any_case else 0)


def replaced(act: Act, name: str, value: str) -> str:
    """Return the *value* of a field with every place replaced that the act finds."""
    if name != "body":
        return pattern_of(act).sub(lambda _found: act.value, value)
    pattern, new = pattern_of(act, in_markup=True), html.escape(act.value, quote=False)
    pieces = _MARKUP.split(value)
    return "".join(
        piece if place % 2 else pattern.sub(lambda _found: new, piece)
        for place, piece in enumerate(pieces)
    )


def values_after(act: Act, now: Values) -> Values:
    """Return the values of the ledger that the act gives an article that holds *now*: only those
    that differ. Names beside ids are those of before."""
    if act.do in {"set", "clear"}:
        wanted: Values = dict.fromkeys(act.fields, act.value if act.do == "set" else "")
    elif act.do == "find":
        wanted = {name: replaced(act, name, now[name] or "") for name in act.fields}
    else:
        (name,) = act.fields
        wanted = {name: _listed(act, name, now[name] or [])}
    return {
        name: value
        for name, value in wanted.items()
        if not versions.is_same(name, value, now[name])
    }


def _listed(act: Act, name: str, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    key = LISTED[name]
    new = {key: act.one, **({"role": act.role} if name == "credits" else {})}
    if name == "parts":
        new["part_number"] = None
    if act.do == "add":
        known = {(item[key], item.get("role")) for item in items}
        return [*items, *([] if (act.one, new.get("role")) in known else [new])]
    if act.do == "remove":
        return [item for item in items if item[key] != act.one]
    result: list[dict[str, Any]] = []
    for item in items:
        changed = {**item, key: act.other} if item[key] == act.one else item
        if not any(
            (one[key], one.get("role")) == (changed[key], changed.get("role")) for one in result
        ):
            result.append(changed)
    return result


def change_of(article: Article, version: int, values: Values) -> ArticleChange:
    """Return the change that gives an article *values* of the ledger."""
    change = ArticleChange(
        article=article,
        fields={name: value for name, value in values.items() if name not in LISTED},
        expected_version=version,
    )
    if "tags" in values:
        change.tags = [item["tag"] for item in values["tags"]]
    if "credits" in values:
        change.credits = [Credit(item["author"], item["role"]) for item in values["credits"]]
    if "parts" in values:
        change.parts = [Place(item["series"], item["part_number"]) for item in values["parts"]]
    return change


def begin_work(
    act: Act,
    wanted: Sequence[tuple[int, int]],
    *,
    actor: AbstractBaseUser | None,
    reason: str = "",
    parent: Operation | None = None,
) -> BulkWork:
    """Store what is to be done to the articles *wanted* (id and version); nothing is done yet.

    Raises `ValueError` for more than `MOST`.
    """
    if len(wanted) > MOST:
        raise ValueError(f"at most {MOST} articles at once")
    kind = OperationKind.UNDO if act.do == "undo" else OperationKind.BULK
    with transaction.atomic():
        operation = operations.begin(kind, actor=actor, reason=reason, parent=parent)
        return BulkWork.objects.create(
            actor_id=actor.pk if actor is not None else None,
            operation=operation,
            act=act.as_json(),
            wanted=[list(pair) for pair in wanted],
            total=len(wanted),
        )


@dataclass(slots=True)
class _Part:
    """One part of a work: the changes that it makes, and what it leaves."""

    changes: list[ArticleChange] = field(default_factory=list)
    left: list[tuple[int, str]] = field(default_factory=list)


def carry_on(pk: int, may_change: Callable[[Article], bool], *, limit: int = PART) -> BulkWork:
    """Do the next part of a work, at most *limit* articles; return it as it then stands.

    *may_change* says of each article whether the person may change it, now. One that was saved
    since the preview is left, and so is one that cannot take the change; ``left`` says why.
    """
    with transaction.atomic():
        work = BulkWork.objects.select_for_update().select_related("operation").get(pk=pk)
        if work.finished is not None:
            return work
        act = Act.of(work.act)
        chunk = dict(work.wanted[work.done : work.done + limit])
        part = _plan(act, chunk, work.operation, may_change)
        written = _write(part, work.operation)
        if written:
            findings.review_saved(written, work.operation)
        work.done = min(work.done + limit, work.total)
        work.changed += len(written)
        work.left_count += len(part.left)
        work.left = [*work.left, *map(list, part.left)][:NAMED]
        if work.done >= work.total:
            work.finished = clock.now()
            # Whom it did not change needs no longer be remembered with a version.
            work.wanted = []
        work.save()
    return work


def _plan(
    act: Act,
    chunk: Mapping[int, int],
    operation: Operation,
    may_change: Callable[[Article], bool],
) -> _Part:
    part = _Part()
    articles = {article.pk: article for article in locked_articles(chunk)}
    lists = lists_of(articles)
    undoing = _taken_back(act.one, chunk) if act.do == "undo" else {}
    given: dict[int, Values] = {}
    unclear: dict[int, str] = {}
    if act.do == "sheet":
        ready = [pk for pk, one in articles.items() if one.version == chunk[pk] and may_change(one)]
        given = sheet_changes.values_of(act.one, ready)
        unclear = sheet_changes.give_ids(given, operation)
    for pk, version in chunk.items():
        article = articles.get(pk)
        if article is None:
            part.left.append((pk, _("It no longer exists.")))
        elif not may_change(article):
            part.left.append((pk, _("Your group may not change it.")))
        elif act.do != "undo" and article.version != version:
            part.left.append((pk, _("Somebody saved it since the preview.")))
        else:
            now = columns_of(article) | lists[pk]
            if act.do == "undo":
                values, kept = _given_back(undoing.get(pk, []), now)
                if kept:
                    part.left.append((pk, _("Changed since: %s.") % ", ".join(kept)))
            elif act.do == "sheet":
                values = {} if pk in unclear else given.get(pk, {})
            else:
                values = values_after(act, now)
            if pk in unclear:
                part.left.append((pk, unclear[pk]))
            elif act.do == "undo" and (lost := versions.missing(values).names):
                gone = "; ".join(name for found in lost.values() for name in found)
                part.left.append((pk, _("No longer exists: %s.") % gone))
            elif values:
                part.changes.append(change_of(article, article.version, values))
    return part


def _taken_back(operation_id: int, ids: Iterable[int]) -> dict[int, list[FieldChange]]:
    found: dict[int, list[FieldChange]] = {}
    rows = FieldChange.objects.filter(
        operation=operation_id, subject_type="article", subject_id__in=list(ids), field__in=FIELDS
    )
    for row in rows.order_by("id"):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _given_back(rows: Iterable[FieldChange], now: Values) -> tuple[Values, list[str]]:
    """Return the values before an operation, and the fields that were changed since."""
    values: Values = {}
    kept = []
    for row in rows:
        if versions.is_same(row.field, row.new, now[row.field]):
            empty: Any = [] if row.field in LISTED else ""
            values[row.field] = row.old if row.old is not None else empty
        else:
            kept.append(row.field)
    return values, kept


def _write(part: _Part, operation: Operation) -> list[int]:
    """Write the changes of a part; return the articles that it changed. What cannot be is left."""
    before = {
        change.article.pk: change.article.version for change in part.changes if change.article
    }
    try:
        with transaction.atomic():
            written = write_articles(part.changes, operation)
    except InvalidChange:
        written = []
        for change in part.changes:
            try:
                with transaction.atomic():
                    written += write_articles([change], operation)
            except InvalidChange as error:
                assert change.article is not None  # noqa: S101  of articles that are there
                part.left.append((change.article.pk, " ".join(error.errors.values())))
    return [article.pk for article in written if article.version != before[article.pk]]


def can_be_undone(operation: Operation) -> bool:
    """Return whether *operation* is a finished bulk change that was not taken back."""
    work = BulkWork.objects.filter(operation=operation).first()
    if work is None or work.finished is None or operation.kind != OperationKind.BULK:
        return False
    return not operation.children.filter(kind=OperationKind.UNDO).exists()


def begin_undo(operation: Operation, *, actor: AbstractBaseUser | None) -> BulkWork:
    """Store that a bulk change shall be taken back; `carry_on` does it."""
    ids = operation.changes.filter(subject_type="article").order_by("subject_id")
    wanted = ids.values_list("subject_id", flat=True).distinct()
    return begin_work(
        Act("undo", one=operation.pk), [(pk, 0) for pk in wanted], actor=actor, parent=operation
    )
