"""Carrying out a fixture's plan: authors, series and tags, then articles, in one transaction."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from articles import clock
from articles.choices import OperationKind
from articles.cleaning import clean_line
from articles.folding import fold
from articles.importing.apply import ATTEMPTS
from articles.importing.findings import record_findings
from articles.importing.fixture_format import Fixture
from articles.importing.fixture_plan import (
    FixturePlan,
    NamedPlan,
    find_released,
    fingerprint_of,
    make_fixture_plan,
)
from articles.importing.fixtures import MODELS, read_archive
from articles.importing.records import (
    CONFLICT,
    CREATE,
    UNCHANGED,
    UPDATE,
    Options,
    ParsedListing,
    PlannedEntry,
)
from articles.models import (
    Article,
    FieldChange,
    ImportRun,
    Operation,
    PastAddress,
    Source,
    SourceEntry,
    SourceListing,
)
from articles.search import base
from articles.writing import index, names, operations
from articles.writing.articles import link_translations, write_articles
from articles.writing.changes import ArticleChange, Credit, Place, StaleVersion
from articles.writing.state import COLUMNS


def run_fixture_import(
    fixture: Fixture,
    listing: ParsedListing,
    source_name: str,
    *,
    actor: AbstractBaseUser | None = None,
) -> tuple[FixturePlan, ImportRun]:
    """Plan and apply a fixture in one transaction; return the plan and the run.

    An editor's save in between makes it start again, `ATTEMPTS` times at most; then `StaleVersion`
    is raised and nothing is written.
    """
    started = clock.now()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                plan = plan_fixture(fixture, listing, source_name)
                run = _apply(plan, started, actor)
            break
        except StaleVersion:
            if attempt == ATTEMPTS:
                raise
    base.optimise()
    return plan, run


def plan_fixture(fixture: Fixture, listing: ParsedListing, source_name: str) -> FixturePlan:
    """Return what importing *fixture* would do; writes nothing."""
    key = fold(source_name)[:350]
    plan = make_fixture_plan(
        fixture, listing, source_name, Options(status=""), read_archive(fixture, key)
    )
    plan.source_key = key
    return plan


def _apply(
    plan: FixturePlan, started: datetime.datetime, actor: AbstractBaseUser | None
) -> ImportRun:
    source, _ = Source.objects.get_or_create(
        key=plan.source_key, defaults={"name": clean_line(plan.source_name, 300)}
    )
    listing, is_new = SourceListing.objects.get_or_create(
        source=source,
        sha256=plan.listing.sha256,
        defaults={
            "file_name": clean_line(plan.listing.path, 500),
            "size": plan.listing.size,
            "encoding": plan.listing.encoding,
            "input_format": plan.listing.input_format,
            "line_count": plan.listing.line_count,
        },
    )
    run = ImportRun.objects.create(
        source=source,
        listing=listing,
        actor_id=actor.pk if actor else None,
        file_name=clean_line(plan.listing.path, 500),
        started=started,
        finished=started,
        totals=dict(plan.totals()),
    )
    operation = operations.begin(OperationKind.IMPORT, actor=actor, import_run=run)
    ids = {kind: _write_named(kind, plan.named, operation) for kind in MODELS}
    rows = _write_entries(plan, run, operation, ids, is_new)
    record_findings(plan, run, rows)
    run.finished = clock.now()
    run.save(update_fields=["finished"])
    return run


def _write_named(kind: str, plans: list[NamedPlan], operation: Operation) -> dict[str, int]:
    """Write the authors, series or tags that change; return the ids of all by slug."""
    model = MODELS[kind]
    ids: dict[str, int] = {}
    for planned in plans:
        if planned.kind != kind:
            continue
        if planned.state is None:
            row = model(slug=planned.slug)
            wanted, version = planned.values, None
        else:
            ids[planned.slug] = planned.state.id
            wanted = {name: new for name, (_, new) in planned.fields.items()}
            if not wanted:
                continue
            row = model.objects.filter(pk=planned.state.id).first()
            if row is None:
                raise StaleVersion("An editor has deleted it since the plan was made.")
            version = planned.state.version
        for name, value in wanted.items():
            if name != "aliases":
                setattr(row, name, value)
        names.save_named(
            row,
            aliases=wanted.get("aliases"),
            actor=None,
            expected_version=version,
            operation=operation,
        )
        ids[planned.slug] = row.pk
    return ids


def _write_entries(
    plan: FixturePlan,
    run: ImportRun,
    operation: Operation,
    ids: dict[str, dict[str, int]],
    is_new: bool,
) -> dict[int, SourceEntry]:
    rows: dict[int, SourceEntry] = {}
    by_key = dict(plan.ids)
    touched: list[int] = []
    released = _Released(plan, operation, ids)
    ordered = list(reversed(plan.entries))
    for chunk in index.batches(ordered):
        created = [planned for planned in chunk if planned.change == CREATE]
        articles = write_articles(
            [_change(planned, ids, by_key) for planned in created], operation, refresh=False
        )
        by_key |= {
            planned.values["key"]: article.pk
            for planned, article in zip(created, articles, strict=True)
        }
        rows |= _store_entries(chunk, run, by_key, is_new)
        touched += [article.pk for article in articles]
    _link_originals(plan, by_key)
    updated = [
        planned for planned in ordered if planned.change in (UPDATE, CONFLICT) and planned.fields
    ]
    changes = [_change(planned, ids, by_key) for planned in updated]
    for planned, change in zip(updated, changes, strict=True):
        change.source_entry = rows[planned.entry.ordinal]
        released.complete(change)
    touched += [article.pk for article in write_articles(changes, operation, refresh=False)]
    released.settle()
    index.refresh(touched)
    return rows


class _Released:
    """Frees the addresses and part numbers that pass from one article of the plan to another.

    They stand elsewhere until the articles are written; `settle` takes the trace of that out of
    ledger and past addresses.
    """

    def __init__(
        self, plan: FixturePlan, operation: Operation, ids: dict[str, dict[str, int]]
    ) -> None:
        self.operation = operation
        self.slugs: dict[int, str] = {}
        self.old: dict[tuple[int, str], Any] = {}
        changes = []
        spare = 2**31 - 1
        for planned, leaves, freed in find_released(plan.entries):
            assert planned.article is not None  # noqa: S101  it has something to give up
            article = planned.article
            change = ArticleChange(article=Article(pk=article.id), expected_version=article.version)
            if leaves:
                self.slugs[article.id] = change.fields["slug"] = f"moving-{article.key}"
            if freed:
                change.parts = []
                for place in article.values["series"]:
                    number = place["part_number"]
                    if (place["series"], number) in freed:
                        number, spare = spare, spare - 1
                    change.parts.append(Place(_id(ids, "series", place["series"]), number))
            changes.append(change)
        self.ids = [article.pk for article in write_articles(changes, operation, refresh=False)]
        for rows in self._ledger():
            self.old |= {(row.subject_id, row.field): row.old for row in rows}
            FieldChange.objects.filter(pk__in=[row.pk for row in rows]).delete()
        for chunk in index.batches(self.ids):
            Article.objects.filter(pk__in=chunk).update(version=F("version") - 1)

    def _ledger(self) -> Iterator[list[FieldChange]]:
        for chunk in index.batches(self.ids):
            yield list(
                FieldChange.objects.filter(
                    operation=self.operation, subject_type="article", subject_id__in=chunk
                )
            )

    def complete(self, change: ArticleChange) -> None:
        """Give an article that keeps its slug, and moved by its date, that slug again."""
        pk = change.article.pk if change.article else None
        if pk in self.slugs:
            change.fields.setdefault("slug", self.old[pk, "slug"])

    def settle(self) -> None:
        """Let the ledger say what the values were before, and forget the addresses between."""
        for rows in self._ledger():
            moved = [row for row in rows if (row.subject_id, row.field) in self.old]
            for row in moved:
                row.old = self.old[row.subject_id, row.field]
            FieldChange.objects.bulk_update(moved, ["old"], batch_size=index.BATCH)
            same = [row.pk for row in moved if row.old == row.new]
            FieldChange.objects.filter(pk__in=same).delete()
        for pk, slug in self.slugs.items():
            PastAddress.objects.filter(article=pk, path__endswith=f"/{slug}/").delete()


def _link_originals(plan: FixturePlan, by_key: dict[str, int]) -> None:
    link_translations(
        {
            by_key[planned.values["key"]]: by_key[original]
            for planned in plan.entries
            if planned.change == CREATE and (original := planned.values["translation_of"])
        }
    )


def _change(
    planned: PlannedEntry, ids: dict[str, dict[str, int]], by_key: dict[str, int]
) -> ArticleChange:
    wanted: dict[str, Any] = {name: new for name, (_, new) in planned.fields.items()}
    is_creation = planned.article is None
    fields = {name: value for name, value in wanted.items() if name in COLUMNS}
    if is_creation:
        fields.pop("translation_of", None)
        fields["status"] = planned.status
    elif "translation_of" in fields:
        original = fields["translation_of"]
        fields["translation_of"] = by_key[original] if original else None
    nullable = {"published_on", "visible_from", "translation_of"}
    fields = {name: value if name in nullable else value or "" for name, value in fields.items()}
    change = ArticleChange(fields=fields, from_source=is_creation)
    if is_creation:
        change.key = planned.values["key"]
    elif planned.article is not None:
        change.article = Article(pk=planned.article.id)
        change.expected_version = planned.article.version
    if is_creation or "authors" in wanted:
        change.credits = [
            Credit(_id(ids, "authors", row["author"]), row["role"])
            for row in wanted.get("authors") or []
        ]
    if is_creation or "series" in wanted:
        change.parts = [
            Place(_id(ids, "series", row["series"]), row["part_number"])
            for row in wanted.get("series") or []
        ]
    if is_creation or "tags" in wanted:
        change.tags = [_id(ids, "tags", slug) for slug in wanted.get("tags") or []]
    return change


def _id(ids: dict[str, dict[str, int]], kind: str, slug: str) -> int:
    """Return the id of an author, series or tag: one of the fixture's, or one that an editor put
    on the article."""
    if slug not in ids[kind]:
        ids[kind][slug] = MODELS[kind].objects.get(slug=slug).pk
    return ids[kind][slug]


def _store_entries(
    chunk: Iterable[PlannedEntry], run: ImportRun, by_key: dict[str, int], is_new: bool
) -> dict[int, SourceEntry]:
    """Store the source entries of *chunk*; of a file read before, only those that say something
    else than the source did last."""
    rows = []
    for planned in chunk:
        known = planned.known
        is_same = known is not None and known.values == planned.values
        if not is_new and is_same and planned.change == UNCHANGED:
            continue
        rows.append(
            SourceEntry(
                listing=run.listing,
                run=run,
                article_id=by_key.get(planned.values["key"]),
                ordinal=planned.entry.ordinal,
                first_line=planned.entry.first_line,
                last_line=planned.entry.last_line,
                text="" if is_same else planned.entry.text,
                values=None if is_same else planned.values,
                fingerprint=fingerprint_of(planned.values["key"]),
                change=planned.change,
                unchanged_from_id=known.root_id if known and is_same else None,
            )
        )
    SourceEntry.objects.bulk_create(rows, batch_size=index.BATCH)
    return {row.ordinal: row for row in rows}
