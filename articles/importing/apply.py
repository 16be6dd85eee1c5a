"""Carrying out a plan: one file, one transaction, one run in the ledger."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles import bulk, clock
from articles.choices import OperationKind
from articles.cleaning import clean_block, clean_line
from articles.folding import fold
from articles.importing import arrivals, report, selections
from articles.importing.collector import rare_collections
from articles.importing.findings import record_findings
from articles.importing.plan import make_plan
from articles.importing.records import (
    CREATE,
    REJECT,
    REVIEW,
    UNCHANGED,
    Options,
    ParsedListing,
    Plan,
    PlannedEntry,
    Values,
)
from articles.importing.snapshot import Snapshot
from articles.models import Article, ImportRun, Operation, Source, SourceEntry, SourceListing
from articles.search import base
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

_ENTRY_FIELDS = SourceEntry._meta.concrete_fields
_ENTRY_COLUMNS = tuple(field.name for field in _ENTRY_FIELDS)
_ENTRY_ATTRIBUTES = tuple(field.attname for field in _ENTRY_FIELDS)

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
            **({selections.MARK: True} if plan.is_selection else {}),
        },
        totals=dict(plan.totals()),
    )
    operation = operations.begin(OperationKind.IMPORT, actor=actor, import_run=run)
    arrivals.free_slugs(plan)
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
        self.is_new = is_new
        self.authors: dict[str, int] = {}
        self.series: dict[tuple[str, str], int] = {}
        self.tags: dict[str, int] = {}

    def apply(self, progress: Progress | None) -> dict[int, SourceEntry]:
        """Write everything; return the source entries by ordinal.

        Updates come first, those that move parts before all others, so that a new article finds
        the number free that an old one gave up.
        """
        self._resolve_names()
        rows: dict[int, SourceEntry] = {}
        touched: list[int] = []
        created = [planned for planned in self.plan.entries if planned.change == CREATE]
        others = [planned for planned in self.plan.entries if planned.change != CREATE]
        others.sort(key=lambda planned: "series" not in planned.fields)
        if self.plan.listing.newest_first:
            # From the file's end, so that articles of one day keep the listing's order.
            created.reverse()
        for chunk in index.batches(others):
            rows |= self._entries(chunk, {})
            articles = write_articles(
                [self._update(planned, rows) for planned in chunk if planned.fields],
                self.operation,
                refresh=False,
            )
            touched += [article.pk for article in articles]
            if progress:
                progress(len(rows), len(self.plan.entries))
        creation = Creation()
        for chunk in index.batches(created):
            articles = creation.create([self._creation(planned) for planned in chunk])
            made = {
                planned.entry.ordinal: article.pk
                for planned, article in zip(chunk, articles, strict=True)
            }
            rows |= self._entries(chunk, made)
            if progress:
                progress(len(rows), len(self.plan.entries))
        creation.finish()
        if touched:
            index.refresh(touched)
        return rows

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
        return (planned for planned in self.plan.entries if planned.fields)

    def _creation(self, planned: PlannedEntry) -> ArticleChange:
        wanted = {name: new for name, (_, new) in planned.fields.items()}
        fields = {name: value for name, value in wanted.items() if name in _COLUMNS}
        fields["status"] = planned.status
        return ArticleChange(
            fields=fields,
            credits=self._credits(wanted.get("authors") or []),
            tags=self._tags(wanted.get("tags") or []),
            parts=self._parts(wanted.get("series") or []),
            from_source=True,
        )

    def _update(self, planned: PlannedEntry, rows: dict[int, SourceEntry]) -> ArticleChange:
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
            source_entry=rows[planned.entry.ordinal],
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

    def _entries(
        self, chunk: Sequence[PlannedEntry], made: dict[int, int]
    ) -> dict[int, SourceEntry]:
        """Store the source entries of *chunk*; of a file read before, only those that differ."""
        if not self.is_new:
            chunk = [planned for planned in chunk if not _is_known(planned)]
        roots = {
            row.pk: row
            for row in SourceEntry.objects.filter(
                pk__in=[planned.known.root_id for planned in chunk if planned.known]
            )
        }
        rows = []
        for planned in chunk:
            values = stored_values(planned.values)
            root = roots.get(planned.known.root_id) if planned.known else None
            text = clean_block(planned.entry.text)
            is_same = root is not None and root.text == text and root.values == values
            rows.append(
                SourceEntry(
                    listing=self.run.listing,
                    run=self.run,
                    article_id=self._target(planned, made),
                    ordinal=planned.entry.ordinal,
                    first_line=planned.entry.first_line,
                    last_line=planned.entry.last_line,
                    text="" if is_same else text,
                    values=None if is_same else values,
                    fingerprint=planned.fingerprint,
                    confidence=planned.entry.confidence,
                    change=planned.change,
                    unchanged_from=root if is_same else None,
                )
            )
        for row, pk in zip(rows, bulk.reserve_ids(SourceEntry, len(rows)), strict=True):
            row.pk = pk
        bulk.insert(
            SourceEntry,
            _ENTRY_COLUMNS,
            [[getattr(row, name) for name in _ENTRY_ATTRIBUTES] for row in rows],
        )
        return {row.ordinal: row for row in rows}

    def _target(self, planned: PlannedEntry, made: dict[int, int]) -> int | None:
        if planned.entry.ordinal in made:
            return made[planned.entry.ordinal]
        if planned.article is not None:
            return planned.article.id
        return planned.known.article if planned.known else None


def _is_known(planned: PlannedEntry) -> bool:
    """Whether a later run over the same file has nothing to add to what is stored."""
    if planned.change in (REVIEW, REJECT):
        return planned.known is not None and planned.known.change == planned.change
    if planned.change != UNCHANGED:
        return False
    # Where the source goes back to what an editor wrote, nothing changes here; but what it said
    # last has changed, and the next version is compared with that.
    return planned.known is None or stored_values(planned.values) == planned.known.values


def _wanted(planned: PlannedEntry) -> dict[str, Any]:
    return {name: new for name, (_, new) in planned.fields.items()}


def stored_values(values: Values) -> Values:
    """Return the values of an entry as stored: names without the ids they led to."""
    stored = dict(values)
    stored["authors"] = [
        {name: value for name, value in credit.items() if name != "author"}
        for credit in values.get("authors") or []
    ]
    stored["series"] = [
        {name: value for name, value in place.items() if name != "series"}
        for place in values.get("series") or []
    ]
    return stored
