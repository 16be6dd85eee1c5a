"""Authors, series and tags when an import is taken back: which go, which come back, which stay."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from articles.importing.undoing.facts import Later, Written, existing, same
from articles.importing.undoing.plan import (
    BLOCKED,
    BROUGHT_BACK,
    KEPT,
    REMOVED,
    RESTORED,
    FieldStep,
    Step,
    UndoPlan,
)
from articles.models import Article, Contribution, FieldChange, Operation, Part, TaggedArticle
from articles.writing.index import batches
from articles.writing.names import FIELDS, aliases_of
from articles.writing.restoring import NAMED, ROW
from articles.writing.state import Values

#: Where articles link to them: model, column, column of the article, field of the ledger.
_LINKS: dict[str, tuple[Any, str, str, str]] = {
    "author": (Contribution, "author_id", "article_id", "credits"),
    "series": (Part, "series_id", "article_id", "parts"),
    "tag": (TaggedArticle, "tag_id", "content_object_id", "tags"),
}


def plan_named(plan: UndoPlan, operation: Operation, later: Later, written: Written) -> list[Step]:
    """Return what becomes of the authors, series and tags that *operation* created or changed.

    Created ones go if nothing stands on them then, nobody edited them, and readers never saw one
    of their articles. *plan* has the articles.
    """
    steps: list[Step] = []
    for kind, (model, title, _aliases) in NAMED.items():
        fields = {pk: found for (subject, pk), found in written.items() if subject == kind}
        created = {pk for pk, found in fields.items() if title in found and not found[title][0]}
        rows: dict[int, Any] = {}
        acts: dict[int, list[Any]] = {}
        for chunk in batches(sorted(fields)):
            rows |= model._default_manager.in_bulk(chunk)
            acts |= later.acts(kind, chunk)
        used = _in_use(kind, plan, operation, sorted(created & rows.keys()))
        for pk, row in sorted(rows.items()):
            step = Step(kind, pk, str(row), REMOVED)
            if pk not in created:
                step.fields = _fields(row, fields[pk], acts.get(pk, []))
                step.settle()
            elif acts.get(pk):
                step.outcome, step.reason = KEPT, str(acts[pk][-1])
            elif pk in used:
                step.outcome, step.reason = KEPT, used[pk]
            steps.append(step)
    return steps


def plan_named_again(operation: Operation, later: Later, written: Written) -> list[Step]:
    """Return which of the rows that an undo took come back, and what its changes become."""
    steps: list[Step] = []
    for kind, (model, title, _aliases) in NAMED.items():
        rows = operation.changes.filter(subject_type=kind, field=ROW)
        images: dict[int, Values] = {
            pk: image or {} for pk, image in rows.values_list("subject_id", "old")
        }
        taken = _taken_names(model, images.values())
        present = existing(model, images)
        for pk, image in sorted(images.items()):
            step = Step(kind, pk, image["columns"][title], BROUGHT_BACK, image=image)
            if pk in present:
                step.outcome, step.reason = KEPT, "it is here"
            elif taken & _names_of(image["columns"]):
                step.outcome, step.reason = BLOCKED, "its name or its address is taken"
            steps.append(step)
        fields = {pk: found for (subject, pk), found in written.items() if subject == kind}
        for chunk in batches(sorted(fields)):
            acts = later.acts(kind, chunk)
            for pk, row in sorted(model._default_manager.in_bulk(chunk).items()):
                step = Step(kind, pk, str(row), RESTORED)
                step.fields = _fields(row, fields[pk], acts.get(pk, []))
                step.settle()
                steps.append(step)
    return steps


def _fields(row: Any, written: dict[str, tuple[Any, Any]], acts: Sequence[Any]) -> list[FieldStep]:
    last = {act.field: act for act in acts}
    steps = []
    for name, (was, wrote) in sorted(written.items()):
        if name == "aliases":
            # One by one: what an editor added stays.
            now = aliases_of(row)
            given, taken = set(was or ()) - set(wrote or ()), set(wrote or ()) - set(was or ())
            steps.append(FieldStep(name, RESTORED, now, sorted(set(now) - taken | given)))
        elif name in FIELDS[type(row)]:
            now = getattr(row, name)
            step = FieldStep(name, RESTORED, now, type(now)() if was is None else was)
            if not same(name, now, wrote) and not same(name, now, was):
                step.outcome, step.then = KEPT, now
                step.reason = str(last.get(name) or "changed since")
            steps.append(step)
    return steps


def _names_of(columns: dict[str, Any]) -> set[tuple[str, str]]:
    return {(name, columns[name]) for name in ("slug", "key", "name") if name in columns}


def _taken_names(model: Any, images: Iterable[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return the unique texts of *images* that other rows have."""
    unique = [
        field.attname
        for field in model._meta.concrete_fields
        if field.unique and field.attname in {"slug", "key", "name"}
    ]
    rows = list(images)
    taken: set[tuple[str, str]] = set()
    for name in unique:
        for chunk in batches([image["columns"][name] for image in rows]):
            found = model._default_manager.filter(**{f"{name}__in": chunk})
            taken |= {(name, text) for text in found.values_list(name, flat=True)}
    return taken


def _in_use(kind: str, plan: UndoPlan, operation: Operation, ids: Sequence[int]) -> dict[int, str]:
    """Return why those of *ids* stay that stand on an article then, or did on a public one."""
    model, column, article_column, field = _LINKS[kind]
    gone = set(plan.ids(REMOVED))
    then = {
        row.id: {item[kind] for item in row.restored()[field] or []}
        for row in plan.articles
        if field in row.restored()
    }
    used: dict[int, str] = {}
    loose: dict[int, set[int]] = defaultdict(set)
    for chunk in batches(ids):
        rows = model._default_manager.filter(**{f"{column}__in": chunk})
        for pk, article in rows.values_list(column, article_column).iterator():
            if article in then and pk not in then[article]:
                loose[article].add(pk)
            elif article not in gone:
                used[pk] = "it stands on an article that stays"
    # Where it stood once: an editor took it off, or this plan does.
    wanted = set(ids) - used.keys()
    past = FieldChange.objects.filter(
        subject_type="article", field=field, operation_id__gt=operation.pk
    )
    if wanted:
        for article, old in past.values_list("subject_id", "old").iterator():
            if found := wanted & {item[kind] for item in old or [] if isinstance(item, dict)}:
                loose[article] |= found
    for chunk in batches(sorted(loose)):
        seen = Article.objects.filter(pk__in=chunk, first_public_at__isnull=False)
        for article in seen.values_list("pk", flat=True):
            for pk in loose[article]:
                used.setdefault(pk, "readers saw it on an article")
    return used
