"""What an import wrote, looked through by the checks in its own transaction."""

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from articles.importing.records import CONFLICT, CREATE, UPDATE, Plan, PlannedEntry
from articles.importing.spool import Spool, as_it_is, sort
from articles.importing.stored import Rows
from articles.models import ImportRun, Operation
from articles.models.article import default_language
from articles.partial_dates import parse_partial
from articles.review import reading
from articles.review.facts import Credit, Facts, Place
from articles.review.running import raise_alone, raise_pairs
from articles.writing.findings import review, review_series, store_new
from articles.writing.index import BATCH, batches

#: That an article stands in some series: which, the rows tell.
_SOMEWHERE = (Place(0, "", "", None),)
#: What a spool keeps of facts, beside their id, credits and places.
_PLAIN = (
    "headline", "kicker", "subtitle", "part_label", "standfirst", "byline", "published_on", "day",
    "language", "wants_standfirst", "confidence", "is_proposed",
)  # fmt: skip


def review_import(
    plan: Plan, run: ImportRun, rows: Rows, operation: Operation | None
) -> set[tuple[int, str]]:
    """Run the checks over what *plan* created and changed; return what they raised, as (article,
    code). *rows* are the source entries of the run by ordinal."""
    changed: dict[int, int] = {}
    # Nothing more is kept of each review: a file may raise hundreds of thousands.
    found: set[tuple[int, str]] = set()
    series: set[int] = set()
    created = _created(plan, rows, changed)
    if not plan.is_sorted:
        created = _by_day(created)
    while some := list(islice(created, BATCH)):
        entries = {facts.id: row for row, facts in some}
        chunk = [facts for _row, facts in some]
        in_series = {facts.id: facts for facts in chunk if facts.places}
        for facts in in_series.values():
            facts.places = ()
        reading.add_places(in_series)
        series |= {place.series for facts in in_series.values() for place in facts.places}
        raised = [*raise_alone(_in_full(chunk, run.source_id)), *raise_pairs(chunk)]
        found |= store_new(raised, operation=operation, run=run, entries=entries).raised
    for ids in batches(list(changed)):
        known = reading.facts_of(ids)
        series |= {place.series for facts in known for place in facts.places}
        found |= review(known, run=run, entries=changed, operation=operation).raised
    if series:
        found |= review_series(series, operation).raised
    return found


def _created(plan: Plan, rows: Rows, changed: dict[int, int]) -> Iterator[tuple[int, Facts]]:
    """Yield the new articles as (source entry, facts); note in *changed* the others that were
    touched, each with its source entry."""
    if not any(plan.counts[change] for change in (CREATE, UPDATE, CONFLICT)):
        return
    habit = _has_standfirsts(plan)
    proposed = {
        place
        for proposal in plan.proposals
        if proposal["code"] in reading.PROPOSALS
        for place in proposal["entries"]
    }
    for place, planned in enumerate(plan.entries):
        row = rows.get(planned.entry.ordinal)
        if row is None or row.article_id is None:
            continue
        if planned.change == CREATE:
            facts = _facts(planned, row.article_id, habit=habit)
            facts.is_proposed = place in proposed
            yield row.pk, facts
        elif planned.change in (UPDATE, CONFLICT):
            changed[row.article_id] = row.pk


def _by_day(created: Iterator[tuple[int, Facts]]) -> Iterator[tuple[int, Facts]]:
    """Yield what *created* yields by date, so that the articles near those of one chunk are few."""
    rows = ((facts.day, row, _packed(facts)) for row, facts in created)
    for _day, row, values in sort(rows, itemgetter(0), Spool(as_it_is, as_it_is)):
        yield row, _unpacked(values)


def _packed(facts: Facts) -> tuple[Any, ...]:
    """Return *facts* as plain values, the id first, to wait in a spool."""
    return (
        facts.id,
        *(getattr(facts, name) for name in _PLAIN),
        tuple((credit.name, credit.kind) for credit in facts.credits),
        bool(facts.places),
    )


def _unpacked(values: tuple[Any, ...]) -> Facts:
    pk, *plain, credits, has_places = values
    facts = Facts(pk, **dict(zip(_PLAIN, plain, strict=True)))
    facts.credits = tuple(Credit(name, kind) for name, kind in credits)
    facts.places = _SOMEWHERE if has_places else ()
    return facts


def _in_full(planned: Sequence[Facts], source: int) -> list[Facts]:
    """Return those of *planned* about which a check has a doubt, as the rows have them.

    What a plan calls a person may be a collective here, and a spelling lead to another name: few
    articles need the queries that tell.
    """
    doubtful = {raised.article for raised in raise_alone(planned)}
    known = {facts.id: facts for facts in planned if facts.id in doubtful}
    found = reading.facts_of(known, {source})
    for facts in found:
        facts.wants_standfirst = known[facts.id].wants_standfirst
        facts.confidence = known[facts.id].confidence
        facts.is_proposed = known[facts.id].is_proposed
    return found


def _has_standfirsts(plan: Plan) -> bool:
    """Whether most entries of the file have a standfirst."""
    full, count = plan.counts["standfirst"], len(plan.entries)
    return count >= reading.ENOUGH and full >= reading.HABIT * count


def _facts(planned: PlannedEntry, pk: int, *, habit: bool) -> Facts:
    values = planned.values
    dated = values.get("published_on") or ""
    return Facts(
        id=pk,
        headline=values.get("headline") or "",
        kicker=values.get("kicker") or "",
        subtitle=values.get("subtitle") or "",
        part_label=values.get("part_label") or "",
        standfirst=values.get("standfirst") or "",
        byline=values.get("byline") or "",
        published_on=dated,
        day=parse_partial(dated)[0].toordinal() if dated else 0,
        language=values.get("language") or default_language(),
        credits=tuple(
            Credit(credit["name"], credit.get("kind") or "person")
            for credit in values.get("authors") or []
        ),
        places=_SOMEWHERE if values.get("series") else (),
        wants_standfirst=habit,
        # A remark of the parser says more than a number.
        confidence=1.0 if planned.entry.diagnostics else planned.entry.confidence,
    )
