"""What an import wrote, looked through by the checks in its own transaction."""

from collections.abc import Mapping, Sequence

from articles.importing.records import CONFLICT, CREATE, UPDATE, Plan, PlannedEntry
from articles.models import ImportRun, Operation, SourceEntry
from articles.models.article import default_language
from articles.partial_dates import parse_partial
from articles.review import reading
from articles.review.facts import Credit, Facts, Place
from articles.review.running import raise_alone, raise_pairs
from articles.writing.findings import Reviewed, review, review_series, store_new
from articles.writing.index import batches


def review_import(
    plan: Plan, run: ImportRun, rows: Mapping[int, SourceEntry], operation: Operation | None
) -> set[tuple[int, str]]:
    """Run the checks over what *plan* created and changed; return what they raised, as (article,
    code). *rows* are the source entries of the run by ordinal."""
    habit = _has_standfirsts(plan)
    proposed = {
        place
        for proposal in plan.proposals
        if proposal["code"] in reading.PROPOSALS
        for place in proposal["entries"]
    }
    created: list[Facts] = []
    changed: list[int] = []
    entries: dict[int, int] = {}
    for place, planned in enumerate(plan.entries):
        row = rows.get(planned.entry.ordinal)
        if row is None or row.article_id is None:
            continue
        if planned.change == CREATE:
            facts = _facts(planned, row.article_id, habit=habit)
            facts.is_proposed = place in proposed
            created.append(facts)
        elif planned.change in (UPDATE, CONFLICT):
            changed.append(row.article_id)
        else:
            continue
        entries[row.article_id] = row.pk
    done = Reviewed()
    series: set[int] = set()
    # By date, so that the articles near those of one chunk are few.
    created.sort(key=lambda facts: facts.day)
    for chunk in batches(created):
        in_series = {facts.id: facts for facts in chunk if facts.places}
        for facts in in_series.values():
            facts.places = ()
        reading.add_places(in_series)
        series |= {place.series for facts in in_series.values() for place in facts.places}
        raised = [*raise_alone(_in_full(chunk, run.source_id)), *raise_pairs(chunk)]
        done.add(store_new(raised, operation=operation, run=run, entries=entries))
    if changed:
        known = reading.facts_of(changed)
        series |= {place.series for facts in known for place in facts.places}
        done.add(review(known, run=run, entries=entries, operation=operation))
    if series:
        done.add(review_series(series, operation))
    return done.raised


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
    full = sum(bool(planned.values.get("standfirst")) for planned in plan.entries)
    return len(plan.entries) >= reading.ENOUGH and full >= reading.HABIT * len(plan.entries)


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
        places=(Place(0, "", "", None),) if values.get("series") else (),
        wants_standfirst=habit,
        # A remark of the parser says more than a number.
        confidence=1.0 if planned.entry.diagnostics else planned.entry.confidence,
    )
