"""What an import will do, decided before anything is written. Pure.

The plan reads the archive only through the `Reader` it is given, so a dry run is this function
without `apply`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from articles.folding import casefold_key, fold
from articles.importing import arriving, asked, linking, numbering, outcomes, overview, proposals
from articles.importing.numbering import Numbers
from articles.importing.overview import Overview
from articles.importing.packing import planned_entries
from articles.importing.records import (
    CREATE,
    REJECT,
    REMOVED_TEXT,
    REVIEW,
    TWICE,
    UNCHANGED,
    KnownEntry,
    Options,
    ParsedEntry,
    ParsedListing,
    Plan,
    PlannedEntry,
    Values,
)
from articles.partial_dates import parse_partial

#: Longest texts of the columns that a listing fills, and of the key of a source.
LIMITS = {
    "headline": 500, "kicker": 300, "subtitle": 500, "part_label": 300, "byline": 500,
    "language": 35, "source_url": 2000,
}  # fmt: skip
KEY_LENGTH = 350


class Reader(
    overview.Reader, outcomes.Reader, numbering.Reader, arriving.Reader, asked.Reader, Protocol
):
    """What a plan asks of the archive, beside what other modules do."""

    def option_tags(self, source_key: str) -> set[str]:
        """Return the tags, as keys, that earlier runs of a source added by option."""


def make_plan(listing: ParsedListing, source_name: str, options: Options, reader: Reader) -> Plan:
    """Return what importing *listing* as part of *source_name* will do.

    The entries are planned some at a time, and wait in a temporary file: see `spool`.
    """
    key = fold(source_name)[:KEY_LENGTH]
    options = replace(options, columns=listing.columns_by_hand())
    file = Overview(listing, options, reader, key)
    plan = Plan(listing, source_name, key, options, planned_entries(), proposals=file.doubts)
    tags = _Tags(plan, reader)
    linked, held = linking.find_articles(
        lambda: _unknown(file), reader, file.known.leads_to, file.targets_among
    )
    missing = sorted(file.missing(), key=file.known.ordinal)
    wanted = {article for place in missing if (article := file.known.article(place))}
    found: set[int] = set()
    names = outcomes.Names(reader, file.spelled)
    numbers = Numbers()
    for entries, targets in _planned(file):
        entries = [held.get(planned.entry.ordinal, planned) for planned in entries]
        ordinals = [planned.entry.ordinal for planned in entries]
        targets |= {ordinal: linked[ordinal] for ordinal in ordinals if ordinal in linked}
        states = reader.states(set(targets.values()))
        for planned in entries:
            planned.extra_tags = tags.of(planned)
            planned.article = states.get(targets.get(planned.entry.ordinal, 0))
            if planned.article is not None and planned.article.id in wanted:
                found.add(planned.article.id)
        outcomes.check_names(entries, file.spelled)
        outcomes.decide(plan, entries, reader, names)
        if not file.states_series:
            proposals.keep_away(entries, reader)
        if len(file.known):
            asked.mark_entries(key, entries, reader)
        for planned in entries:
            numbers.note(planned)
            plan.add(planned)
    numbers.give(plan, reader)
    arriving.foresee(plan, reader)
    if len(file.known):
        asked.mark_proposals(plan, reader)
    plan.is_selection = file.keyed.leads
    if not plan.is_selection:
        # Of what was rejected nothing is here that could be gone.
        gone = [
            place
            for place in missing
            if file.known.article(place) not in found
            and (file.known.article(place) or file.known.change(place) != REJECT)
        ]
        plan.gone = list(file.known.load(gone).values())
    return plan


def _planned(file: Overview) -> Iterator[tuple[list[PlannedEntry], dict[int, int]]]:
    """Yield the entries in their order, some at a time, before anything is decided but what the
    entry itself tells; and the articles that they lead to, by ordinal."""
    for chunk in file.chunks():
        yield _begun(file, chunk)


def _unknown(file: Overview) -> Iterator[PlannedEntry]:
    """Yield the entries of which nothing tells yet whether they have an article here."""
    if not any(file.is_open(place) for place in range(len(file.prints))):
        return
    for chunk in file.chunks():
        some = [(entry, values) for entry, values in chunk if file.is_open(entry.ordinal)]
        entries, targets = _begun(file, some)
        for planned in entries:
            if (
                planned.change == CREATE
                and planned.entry.ordinal not in targets
                and (planned.known is None or planned.known.change in (REVIEW, REJECT))
            ):
                yield planned


def _begun(
    file: Overview, chunk: Sequence[tuple[ParsedEntry, Values]]
) -> tuple[list[PlannedEntry], dict[int, int]]:
    matches = file.matches.load([entry.ordinal for entry, _values in chunk], file.known)
    entries: list[PlannedEntry] = []
    targets: dict[int, int] = {}
    for entry, values in chunk:
        match = matches.get(entry.ordinal)
        planned = PlannedEntry(
            entry,
            values,
            file.prints.text(entry.ordinal),
            CREATE,
            known=match.known if match else None,
            diagnostics=[*entry.diagnostics],
        )
        _check(planned)
        if (twin := file.twin(entry.ordinal)) is not None and planned.change == CREATE:
            lines = f"{twin.first_line}–{twin.last_line}"
            planned.remark(TWICE, f"The same entry stands on lines {lines}, too.")
        planned.copy = file.keyed.copies.get(entry.ordinal)
        file.keyed.remark(planned)
        if match and match.candidates and planned.change != REJECT:
            linking.ask_which(planned, [_shown(candidate) for candidate in match.candidates])
        if target := file.target(entry.ordinal, match):
            targets[entry.ordinal] = target
        entries.append(planned)
    return entries, targets


def _check(planned: PlannedEntry) -> None:
    """Reject what cannot be an article, and leave what must not be one again."""
    values = planned.values
    if any(remark["code"] == REMOVED_TEXT for remark in planned.diagnostics):
        planned.change = UNCHANGED
        return
    problems = []
    for name, limit in LIMITS.items():
        value = values.get(name)
        if value and len(value) > limit:
            problems.append(f"{name} has {len(value)} characters; at most {limit} fit")
    if not values.get("headline"):
        problems.append("there is no headline")
    try:
        parse_partial(values.get("published_on") or "")
    except ValueError:
        problems.append("there is no date of publication")
    if problems:
        planned.change = REJECT
        planned.remark("rejected", "Not imported: " + "; ".join(problems) + ".")


def _shown(candidate: KnownEntry) -> Values:
    return {name: candidate.values.get(name) for name in ("headline", "published_on")}


class _Tags:
    """The tags that the person importing adds now and did not add before."""

    def __init__(self, plan: Plan, reader: Reader) -> None:
        self.all = plan.options.tags
        before = reader.option_tags(plan.source_key) if self.all else set()
        self.new = tuple(tag for tag in self.all if casefold_key(tag) not in before)

    def of(self, planned: PlannedEntry) -> tuple[str, ...]:
        """Return those that *planned* is given: all, if what it said before was not applied."""
        known = planned.known
        return self.new if known and known.change not in (REVIEW, REJECT) else self.all
