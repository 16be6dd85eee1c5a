"""Carrying out a plan: one file, one transaction, one run in the ledger."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles import clock
from articles.choices import OperationKind
from articles.cleaning import clean_line
from articles.folding import fold
from articles.importing import arrivals, report, selections
from articles.importing.collector import rare_collections
from articles.importing.findings import record_findings
from articles.importing.lock import be_patient
from articles.importing.plan import make_plan
from articles.importing.records import (
    CONFLICT,
    CREATE,
    UPDATE,
    Options,
    ParsedListing,
    Plan,
    PlannedEntry,
    Values,
)
from articles.importing.snapshot import Snapshot
from articles.importing.stated import own_rights
from articles.importing.stored import StoredEntries
from articles.importing.storing import Storing
from articles.models import Article, ImportRun, Operation, Source, SourceEntry, SourceListing
from articles.search import base
from articles.site_rights import site_rights
from articles.writing import index, names, new_names, operations
from articles.writing.articles import write_articles
from articles.writing.changes import ArticleChange, Credit, Place, StaleVersion
from articles.writing.creating import Creation
from articles.writing.state import BLOCK_FIELDS, LINE_FIELDS
from authors.models import Author

#: Report fields that are columns of an article.
_COLUMNS = set(LINE_FIELDS) | set(BLOCK_FIELDS) | {
    "published_on", "source_url", "body", "slug", "visible_from",
}  # fmt: skip

#: How often a plan is made anew because an editor was quicker.
ATTEMPTS = 3

Progress = Callable[[int, int], None]


def run_import(
    listing: ParsedListing,
    source_name: str,
    options: Options,
    *,
    actor: AbstractBaseUser | None = None,
    is_sample: bool = False,
    progress: Progress | None = None,
    check: Callable[[Plan], None] | None = None,
) -> tuple[Plan, ImportRun]:
    """Plan and apply *listing* in one transaction; return the plan and the run.

    *check* is given the plan before it is applied; what it raises ends the import.

    An editor's save in between makes it start again, `ATTEMPTS` times at most; then `StaleVersion`
    is raised and nothing is written.

    The plan is made inside the transaction, so that it cannot be stale when it is applied. The
    record of the run commits with the rows or not at all.
    """
    started = clock.now()
    with rare_collections():
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    be_patient()
                    plan = make_plan(listing, source_name, options, Snapshot())
                    if check is not None:
                        check(plan)
                    run = apply_plan(
                        plan, started=started, actor=actor, is_sample=is_sample, progress=progress
                    )
                break
            except StaleVersion:
                # An editor saved one of the articles between plan and apply: plan anew.
                if attempt == ATTEMPTS:
                    raise
    base.optimise()
    return plan, run


def apply_plan(
    plan: Plan,
    *,
    started: datetime.datetime,
    actor: AbstractBaseUser | None,
    is_sample: bool = False,
    progress: Progress | None = None,
) -> ImportRun:
    """Carry out *plan*; return its run. Must be called inside a transaction."""
    source, _ = Source.objects.get_or_create(
        key=plan.source_key,
        defaults={"name": clean_line(plan.source_name, 300), "is_sample": is_sample},
    )
    listing, is_new = SourceListing.objects.get_or_create(
        source=source,
        sha256=plan.listing.sha256,
        defaults={
            "file_name": clean_line(plan.listing.path, 500),
            "size": plan.listing.size,
            "encoding": plan.listing.encoding,
            "input_format": plan.listing.input_format,
            "topic": clean_line(plan.listing.topic or "", 500),
            "line_count": plan.listing.line_count,
            "unclaimed_lines": list(plan.listing.unclaimed_lines),
        },
    )
    # A file of which every run was undone is as good as new.
    is_new = is_new or not listing.runs.filter(undone=None).exists()
    run = ImportRun.objects.create(
        source=source,
        listing=listing,
        actor_id=actor.pk if actor else None,
        file_name=clean_line(plan.listing.path, 500),
        started=started,
        finished=started,
        options={
            "status": plan.options.status,
            "tags": list(plan.options.tags),
            **({"columns": dict(plan.options.columns)} if plan.options.columns else {}),
            **({selections.MARK: True} if plan.is_selection else {}),
        },
        totals=dict(plan.totals()),
    )
    operation = operations.begin(OperationKind.IMPORT, actor=actor, import_run=run)
    rows = _Applier(plan, run, operation, is_new).apply(progress)
    arrivals.settle(plan, run, rows)
    record_findings(plan, run, rows)
    run.finished = clock.now()
    run.report = {
        "diagnostics": report.plan_diagnostics(plan)[:1000],
        "gone": len(plan.gone),
    }
    run.save(update_fields=["finished", "report"])
    return run


class _Applier:
    """Writes the entries of one plan."""

    def __init__(self, plan: Plan, run: ImportRun, operation: Operation, is_new: bool) -> None:
        self.plan = plan
        self.run = run
        self.operation = operation
        self.authors: dict[str, int] = {}
        self.series: dict[tuple[str, str], int] = {}
        self.tags: dict[str, int] = {}
        self.storing = Storing(plan, run, operation, is_new=is_new)

    def apply(self, progress: Progress | None) -> StoredEntries:
        """Write everything; return the source entries.

        Updates come first, those that move parts before all others, so that a new article finds
        the number free that an old one gave up.
        """
        self._lock()
        self._resolve_names()
        total = len(self.plan.entries)
        touched: list[int] = []
        done = 0
        for chunk in _chunks(self._others()):
            rows = self.storing.store(chunk, {})
            if changes := [self._update(planned, rows) for planned in chunk if planned.fields]:
                articles = write_articles(changes, self.operation, refresh=False)
                touched += [article.pk for article in articles]
            done += len(chunk)
            if progress:
                progress(done, total)
        creation = Creation()
        for chunk in _chunks(self._created()):
            articles = creation.create([self._creation(planned) for planned in chunk])
            made = {
                planned.entry.ordinal: article.pk
                for planned, article in zip(chunk, articles, strict=True)
            }
            self.storing.store(chunk, made)
            done += len(chunk)
            if progress:
                progress(done, total)
        creation.finish()
        if touched:
            index.refresh(touched)
        return self.storing.stored

    def _lock(self) -> None:
        """Lock the articles that change, by id, as every writer does: theirs is no order here."""
        if not (self.plan.counts[UPDATE] or self.plan.counts[CONFLICT]):
            return
        ids = {planned.article.id for planned in self._changing() if planned.article is not None}
        rows = Article.objects.select_for_update(no_key=True).order_by("pk").values_list("pk")
        for chunk in index.batches(sorted(ids)):
            list(rows.filter(pk__in=chunk))

    def _others(self) -> Iterator[PlannedEntry]:
        """Yield what is no new article, those that move parts before all others."""
        if self.plan.counts[CREATE] == len(self.plan.entries):
            return
        moves = bool(self.plan.counts[UPDATE] or self.plan.counts[CONFLICT])
        for is_moving in (True, False) if moves else (False,):
            for planned in self.plan.entries:
                if planned.change != CREATE and ("series" in planned.fields) == is_moving:
                    yield planned

    def _created(self) -> Iterator[PlannedEntry]:
        """Yield the new articles, of a newest-first file from its end: so that articles of one day
        keep the listing's order."""
        if not self.plan.counts[CREATE]:
            return
        entries = self.plan.entries
        for planned in reversed(entries) if self.plan.listing.newest_first else entries:
            if planned.change == CREATE:
                yield planned

    def _resolve_names(self) -> None:
        """Create the authors, series and tags that the plan needs and the archive lacks."""
        authors: dict[str, tuple[str, str]] = {}
        series: dict[tuple[str, str], str] = {}
        tags: dict[str, None] = {}
        for planned in self._changing():
            values = _wanted(planned)
            for credit in values.get("authors") or []:
                if credit.get("author") is None:
                    authors.setdefault(
                        fold(credit["name"]), (credit["name"], credit.get("kind") or "person")
                    )
            for place in values.get("series") or []:
                if place.get("series") is None:
                    series.setdefault((fold(place["title"]), place["kind"]), place["title"])
            tags.update(dict.fromkeys(values.get("tags") or []))
        known = names.find_spelled(Author, [name for name, _ in authors.values()])
        missing = [(name, kind) for name, kind in authors.values() if not known[name]]
        made = new_names.create_authors(missing, self.operation)
        for key, (name, _) in authors.items():
            self.authors[key] = made[name] if name in made else known[name][0]
        spelled = Snapshot().spelled_series(series.values())
        new: list[tuple[str, str]] = []
        for (key, kind), title in series.items():
            ids = [pk for pk, other in spelled[title] if other == kind]
            if len(ids) == 1:
                self.series[key, kind] = ids[0]
            else:
                new.append((title, kind))
        for (title, kind), pk in new_names.create_series(new, self.operation).items():
            self.series[fold(title), kind] = pk
        self.tags = new_names.tags_for(tags, self.operation)

    def _changing(self) -> Iterator[PlannedEntry]:
        if any(self.plan.counts[change] for change in (CREATE, UPDATE, CONFLICT)):
            return (planned for planned in self.plan.entries if planned.fields)
        return iter(())

    def _creation(self, planned: PlannedEntry) -> ArticleChange:
        wanted = {name: new for name, (_, new) in planned.fields.items()}
        fields = {name: value for name, value in wanted.items() if name in _COLUMNS}
        fields["status"] = planned.status
        given = self.run.source.rights
        # Beside what new articles of the source are given, a statement is one of its own.
        fields["rights"] = own_rights(fields.get("rights") or "", given, site_rights()) or given
        return ArticleChange(
            fields=fields,
            credits=self._credits(wanted.get("authors") or []),
            tags=self._tags(wanted.get("tags") or []),
            parts=self._parts(wanted.get("series") or []),
            from_source=True,
        )

    def _update(self, planned: PlannedEntry, rows: Mapping[int, int]) -> ArticleChange:
        assert planned.article is not None  # noqa: S101  an update has a target
        wanted = {name: new for name, (_, new) in planned.fields.items()}
        fields = {
            name: value if name == "published_on" else value or ""
            for name, value in wanted.items()
            if name in _COLUMNS
        }
        if planned.status is not None:  # it comes back: see `returning`
            fields["status"] = planned.status
        return ArticleChange(
            article=Article(pk=planned.article.id),
            fields=fields,
            credits=self._credits(wanted["authors"]) if "authors" in wanted else None,
            tags=self._tags(wanted["tags"]) if "tags" in wanted else None,
            parts=self._parts(wanted["series"]) if "series" in wanted else None,
            expected_version=planned.article.version,
            source_entry=SourceEntry(pk=rows[planned.entry.ordinal]),
        )

    def _credits(self, authors: Sequence[Values]) -> list[Credit]:
        found = [
            Credit(
                credit.get("author") or self.authors[fold(credit["name"])],
                credit.get("role") or "aut",
            )
            for credit in authors
        ]
        return list(dict.fromkeys(found))

    def _tags(self, tags: Sequence[str]) -> list[int]:
        return [self.tags[name] for name in tags if name in self.tags]

    def _parts(self, places: Sequence[Values]) -> list[Place]:
        found: dict[int, Place] = {}
        for place in places:
            pk = place.get("series") or self.series[fold(place["title"]), place["kind"]]
            found.setdefault(pk, Place(pk, place.get("part_number")))
        return list(found.values())


def _chunks(entries: Iterator[PlannedEntry]) -> Iterator[list[PlannedEntry]]:
    while chunk := list(islice(entries, index.BATCH)):
        yield chunk


def _wanted(planned: PlannedEntry) -> dict[str, Any]:
    return {name: new for name, (_, new) in planned.fields.items()}
