"""The plan of taking back an import run: what each article will be. Reads, writes nothing."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.timezone import localtime

from articles.choices import Status
from articles.importing.undoing.facts import (
    REFERENCES,
    Act,
    Ids,
    Later,
    Written,
    existing,
    import_operation,
    missing_of_images,
    of_created,
    references,
    referring,
    same,
    undo_operation,
    written_by,
)
from articles.importing.undoing.findings import closing, links, reopening
from articles.importing.undoing.names import plan_named, plan_named_again
from articles.importing.undoing.places import settle_places
from articles.importing.undoing.plan import (
    BLOCKED,
    BROUGHT_BACK,
    KEPT,
    REDO,
    REMOVED,
    RESTORED,
    UNDO,
    WITHDRAWN,
    FieldStep,
    Step,
    UndoPlan,
)
from articles.importing.undoing.undone import deleted_since
from articles.models import (
    Article,
    ImportRun,
    Operation,
    PublicKey,
)
from articles.partial_dates import partial_text
from articles.writing.changes import InvalidChange, apply_columns, clean_fields
from articles.writing.index import batches
from articles.writing.restoring import ROW
from articles.writing.state import COLUMNS, Values, columns_of, lists_of
from articles.writing.translations import check_originals


class NotPossible(Exception):
    """The run is undone already, or it is not; the message says since when."""


def created_by(run: ImportRun) -> set[int]:
    """Return the articles that *run* created and its entries still lead to."""
    return {pk for (pk,) in of_created(run).values_list("article_id") if pk is not None}


def operation_to_reverse(run: ImportRun, action: str) -> Operation:
    """Return the operation that *action* takes back. Raises `NotPossible`."""
    undo = undo_operation(run)
    if action == UNDO:
        if run.undone is not None:
            raise NotPossible(
                f"Run {run.pk} is already undone"
                f" (operation {undo.pk if undo else '–'}, {localtime(run.undone):%Y-%m-%d %H:%M})."
            )
        if (operation := import_operation(run)) is None:
            raise NotPossible(f"Run {run.pk} has no operation in the ledger.")
        return operation
    if run.undone is None or undo is None:
        back = run.operations.filter(kind="restore").order_by("-id").first()
        since = f" (operation {back.pk}, {localtime(back.at):%Y-%m-%d %H:%M})" if back else ""
        raise NotPossible(f"Run {run.pk} is not undone{since}.")
    return undo


def touched_by(run: ImportRun, action: str) -> list[int]:
    """Return the articles that exist and that *action* may write, to be locked by id."""
    operation = operation_to_reverse(run, action)
    ids = set(operation.changes.filter(subject_type="article").values_list("subject_id", flat=True))
    return sorted(ids | created_by(run) if action == UNDO else ids)


def make_undo_plan(run: ImportRun) -> UndoPlan:
    """Return what taking back *run* would do. Raises `NotPossible` if it is undone."""
    operation = operation_to_reverse(run, UNDO)
    plan = UndoPlan(run.pk, run.file_name, UNDO)
    later = Later(run, operation)
    created = created_by(run)
    written = written_by(operation)
    reading = _Reading(plan, later, written)
    reading.created(of_created(run).values("article"))
    for entry in deleted_since(run).select_related("unchanged_from"):
        values = (entry.unchanged_from or entry).values or {}
        # No article has a negative number: the row only tells what happened.
        step = Step("article", -entry.pk, values.get("headline") or "–", KEPT)
        step.reason, step.published_on = "deleted since; stays deleted", values.get("published_on")
        plan.articles.append(step)
    ids = {pk for subject, pk in written if subject == "article"} - created
    reading.changed(sorted(ids), set())
    settle_places(plan, reading.values, {})
    plan.named = plan_named(plan, operation, later, written)
    plan.findings = closing(plan, run, created)
    return plan


def make_redo_plan(run: ImportRun) -> UndoPlan:
    """Return what bringing back *run* would do. Raises `NotPossible` if it is not undone."""
    operation = operation_to_reverse(run, REDO)
    plan = UndoPlan(run.pk, run.file_name, REDO)
    later = Later(run, operation)
    written = written_by(operation)
    plan.named = plan_named_again(operation, later, written)
    coming = {(row.kind, row.id) for row in plan.named if row.outcome == BROUGHT_BACK}
    reading = _Reading(plan, later, written)
    images = reading.brought_back(operation, coming)
    reading.changed(
        sorted({pk for subject, pk in written if subject == "article"}),
        coming | {("article", pk) for pk in images},
    )
    settle_places(plan, reading.values, images)
    plan.links = links(plan, written)
    plan.findings = reopening(plan, later, written)
    return plan


class _Reading:
    """Fills one plan, piece by piece."""

    def __init__(self, plan: UndoPlan, later: Later, written: Written) -> None:
        self.plan = plan
        self.later = later
        self.written = written
        #: Of the articles whose fields go back: their values now.
        self.values: dict[int, Values] = {}

    # What the run created

    def created(self, created: Ids) -> None:
        """Decide for each article that the run created whether it goes, stays, or is withdrawn.

        However many they are, it takes the same queries.
        """
        steps: dict[int, Step] = {}
        acts = self.later.acts("article", created)
        elsewhere = self.later.other_runs(created)
        rows = Article.objects.filter(pk__in=created)
        visible = {pk for (pk,) in rows.published().values_list("pk")}
        for pk, headline, day, precision, version, first_public, key in rows.order_by(
            "pk"
        ).values_list(
            "pk", "headline", "published_on", "date_precision", "version", "first_public_at",
            "public_key__key",
        ):  # fmt: skip
            outcome, reason = _fate(
                acts.get(pk, ()),
                elsewhere.get(pk),
                is_public=first_public is not None or pk in visible,
            )
            steps[pk] = Step(
                "article", pk, headline, outcome, reason, key=key,
                published_on=partial_text(day, precision), version=version,
                is_public=outcome == WITHDRAWN,
            )  # fmt: skip
        _keep_referred(steps, referring(created))
        self.plan.articles += steps.values()

    # Fields of articles that stay

    def changed(self, ids: Sequence[int], coming: set[tuple[str, int]]) -> None:
        """Decide for each field that was written on these articles.

        *coming* are the rows, by subject and id, that this plan brings back.
        """
        for chunk in batches(ids):
            articles = {
                row.pk: row
                for row in Article.objects.filter(pk__in=chunk).select_related("public_key")
            }
            lists = lists_of(list(articles))
            acts = self.later.acts("article", chunk)
            steps: dict[int, Step] = {}
            for pk in chunk:
                written = self.written["article", pk]
                article = articles.get(pk)
                if article is None:
                    steps[pk] = _missing_article(pk, written)
                    continue
                now = columns_of(article) | lists[pk]
                step = _step(article, RESTORED, "")
                step.fields = field_steps(now, written, acts.get(pk, []))
                _block_withdrawn(step, article, acts.get(pk, []))
                steps[pk] = step
                self.values[pk] = now
            _block_missing(steps.values(), coming)
            for pk, article in articles.items():
                _block_refused(steps[pk], article)
                steps[pk].settle()
            self.plan.articles += steps.values()

    # Rows that come back

    def brought_back(
        self, operation: Operation, coming: set[tuple[str, int]]
    ) -> dict[int, dict[str, Any]]:
        """Decide for each article that was removed; return address and seats of those that can
        come back, by id."""
        rows = operation.changes.filter(subject_type="article", field=ROW).order_by("id")
        ids = list(rows.values_list("subject_id", flat=True))
        found: dict[int, dict[str, Any]] = {}
        for chunk in batches(ids):
            images: dict[int, Values] = {
                pk: image or {}
                for pk, image in rows.filter(subject_id__in=chunk).values_list("subject_id", "old")
            }
            present = existing(Article, chunk)
            missing = missing_of_images(images.values(), coming)
            keys = [image["key"] for image in images.values() if image["key"]]
            used = PublicKey.objects.filter(key__in=keys, article__isnull=False)
            used_keys = set(used.values_list("key", flat=True))
            for pk, image in images.items():
                columns = image["columns"]
                step = Step(
                    "article", pk, columns["headline"], BROUGHT_BACK, key=image["key"],
                    published_on=_dated(columns),
                )  # fmt: skip
                lost = [missing[ref] for ref in references(image) if ref in missing]
                if pk in present:
                    step.outcome, step.reason = KEPT, "it is here"
                elif image["key"] in used_keys:
                    step.outcome, step.reason = BLOCKED, "its permanent key is in use again"
                elif lost:
                    step.outcome, step.reason = BLOCKED, f"{lost[0]} is gone"
                else:
                    found[pk] = {
                        "address": (columns["published_on"], columns["slug"]),
                        "dated": step.published_on,
                        "seats": [
                            (part["series_id"], part["part_number"])
                            for part in image["parts"]
                            if part["part_number"]
                        ],
                    }
                self.plan.articles.append(step)
        return found


def _step(article: Article, outcome: str, reason: str) -> Step:
    key = getattr(article, "public_key", None)
    return Step(
        "article", article.pk, article.headline, outcome, reason,
        key=key.key if key else None, published_on=article.published_text() or None,
        version=article.version, is_public=article.was_public,
    )  # fmt: skip


def _fate(acts: Sequence[Act], other_run: int | None, *, is_public: bool) -> tuple[str, str]:
    """Return what becomes of an article that the run created, and why it stays if it does."""
    edits = [act for act in acts if act.is_edit]
    if edits or acts:
        return KEPT, str((edits or acts)[-1])
    if other_run is not None:
        return KEPT, f"brought by run {other_run} too"
    return (WITHDRAWN if is_public else REMOVED), ""


def _keep_referred(steps: dict[int, Step], referrers: dict[int, set[int]]) -> None:
    """Keep what an article that stays names as its original."""
    again = True
    while again:
        again = False
        for pk, step in steps.items():
            if step.outcome != REMOVED:
                continue
            stays = [
                other
                for other in referrers.get(pk, ())
                if other not in steps or steps[other].outcome != REMOVED
            ]
            if stays:
                step.outcome, again = KEPT, True
                step.reason = f"article {min(stays)}, which stays, refers to it"


def field_steps(
    now: Values, written: dict[str, tuple[Any, Any]], acts: Sequence[Act]
) -> list[FieldStep]:
    """Return what happens to each field that was *written*: (value before, value written)."""
    last = {act.field: act for act in acts}
    steps = []
    for name, (was, wrote) in sorted(written.items()):
        if name not in now:
            continue
        step = FieldStep(name, RESTORED, now[name], was)
        if name == "tags":
            step.then = _tags_without(now[name], was, wrote)
            if same(name, step.then, now[name]) and not same(name, now[name], was):
                step.outcome, step.then = KEPT, now[name]
        elif name == "aliases":
            taken, given = set(wrote or ()) - set(was or ()), set(was or ()) - set(wrote or ())
            step.then = sorted(set(now[name]) - taken | given)
        elif not same(name, now[name], wrote) and not same(name, now[name], was):
            step.outcome, step.then = KEPT, now[name]
        if step.outcome == KEPT:
            step.reason = str(last.get(name) or "changed since")
        steps.append(step)
    return steps


def _tags_without(now: Any, was: Any, wrote: Any) -> list[Values]:
    """Return the tags *now* without those that were added, and with those that were taken away."""
    before = {item["tag"]: item for item in was or []}
    after = {item["tag"]: item for item in wrote or []}
    kept = {item["tag"]: item for item in now or [] if item["tag"] not in after.keys() - before}
    return list((kept | {pk: before[pk] for pk in before.keys() - after}).values())


def _missing_article(pk: int, written: dict[str, tuple[Any, Any]]) -> Step:
    label = next((str(v) for v in written.get("headline", ())[::-1] if v), f"article {pk}")
    reason = "the article was deleted since"
    step = Step("article", pk, label, BLOCKED, reason)
    step.fields = [
        FieldStep(name, BLOCKED, None, was, reason) for name, (was, _) in sorted(written.items())
    ]
    return step


def _block_withdrawn(step: Step, article: Article, acts: Sequence[Act]) -> None:
    """Leave alone what was withdrawn since, or merged into another article."""
    withdrawals = [act for act in acts if act.field == "status"]
    if article.status != Status.WITHDRAWN:
        return
    if article.merged_into_id and not withdrawals:
        step.block({field.field for field in step.fields}, "merged into another article since")
        return
    if not withdrawals:
        return
    done = "merged into another article" if article.merged_into_id else "withdrawn"
    act = str(withdrawals[-1]).replace("edited ", "", 1).replace("changed ", "", 1)
    step.block({field.field for field in step.fields}, f"{done} since, {act}")


def _block_missing(steps: Iterable[Step], coming: set[tuple[str, int]]) -> None:
    """Block lists and links that name what is gone."""
    rows = list(steps)
    for field, (subject, name, model) in {
        **REFERENCES, "translation_of": ("article", "", Article),
    }.items():  # fmt: skip
        restored = [(row, row.restored()[field]) for row in rows if field in row.restored()]
        items = {
            (value if not name else item[name]): (value if not name else item)
            for _, value in restored
            for item in (value or [] if name else [value] if value else [])
        }
        gone = {pk for pk in items if (subject, pk) not in coming} - existing(model, items)
        for row, value in restored:
            named = {item[name] for item in value or []} if name else {value}
            if lost := sorted(named & gone):
                label = items[lost[0]]
                label = (label.get("name") or label.get("title")) if name else f"article {lost[0]}"
                row.block({field}, f"{subject} “{label}” is gone")


def _block_refused(step: Step, article: Article) -> None:
    """Block what the writers would refuse, in their words: a public article without a date, say."""
    for _attempt in range(len(step.fields)):
        restored = step.restored()
        fields = {name: value for name, value in restored.items() if name in COLUMNS}
        if not fields:
            return
        trial = Article(**{f.attname: getattr(article, f.attname) for f in Article._meta.fields})
        try:
            apply_columns(trial, clean_fields(fields))
            if fields.get("translation_of"):
                check_originals({article.pk: fields["translation_of"]})
        except InvalidChange as error:
            name, words = next(iter(error.errors.items()))
            before = len(restored)
            step.block({name}, words)
            if len(step.restored()) == before:
                step.block(fields, words)
        else:
            return


def _dated(columns: Values) -> str | None:
    field = Article._meta.get_field("published_on")
    return partial_text(field.to_python(columns["published_on"]), columns["date_precision"])
