"""What an import will do, decided before anything is written. Pure.

The plan reads the archive only through the `Reader` it is given, so a dry run is this function
without `apply`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from articles.folding import fold
from articles.importing import identity, merging, series
from articles.importing.records import (
    CONFLICT,
    CREATE,
    REJECT,
    REVIEW,
    UNCHANGED,
    UPDATE,
    ArticleState,
    KnownEntry,
    Options,
    ParsedListing,
    Plan,
    PlannedEntry,
    Values,
)
from articles.partial_dates import parse_partial

#: Longest texts of the columns that a listing fills.
LIMITS = {
    "headline": 500, "kicker": 300, "subtitle": 500, "part_label": 300, "byline": 500,
    "language": 35, "source_url": 2000,
}  # fmt: skip
#: Diagnostics that hold an entry back from the public.
HELD_BACK = frozenset({"internal-slug"})


class Reader(Protocol):
    """What a plan asks of the archive."""

    def known_entries(self, source_key: str) -> Mapping[str, KnownEntry]:
        """Return the entries of a source's earlier listings by fingerprint."""

    def states(self, article_ids: Iterable[int]) -> Mapping[int, ArticleState]:
        """Return articles with values in the terms of the JSON report."""

    def spelled_authors(self, names: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """Return the authors that each spelling leads to."""

    def spelled_series(self, titles: Iterable[str]) -> Mapping[str, Sequence[tuple[int, str]]]:
        """Return the series, as (id, kind), that each spelling leads to."""

    def taken_parts(self, series_ids: Iterable[int]) -> Mapping[tuple[int, int], int]:
        """Return the article at each (series, part number)."""

    def same_articles(self, all_values: Sequence[Values]) -> Mapping[str, Sequence[int]]:
        """Return articles with equal date, heads and byline, by natural key."""


def make_plan(listing: ParsedListing, source_name: str, options: Options, reader: Reader) -> Plan:
    """Return what importing *listing* as part of *source_name* will do."""
    key = fold(source_name)
    all_values = [_values(entry.values, listing, options) for entry in listing.entries]
    proposals = _infer_series(all_values, reader)
    authors = _resolve_authors(all_values, reader)
    prints = identity.fingerprints(all_values)
    known = reader.known_entries(key)
    matches = identity.align(list(zip(all_values, prints, strict=True)), known)
    plan = Plan(listing, source_name, key, options, [], proposals=proposals)
    for entry, values, fingerprint, match in zip(
        listing.entries, all_values, prints, matches, strict=True
    ):
        planned = PlannedEntry(entry, values, fingerprint, CREATE, diagnostics=[*entry.diagnostics])
        planned.known = match.known
        _check(planned, authors, match)
        plan.entries.append(planned)
    _decide(plan, reader)
    matched = {match.known.id for match in matches if match.known}
    plan.gone = [entry for entry in known.values() if entry.in_latest and entry.id not in matched]
    return plan


def _values(read: Values, listing: ParsedListing, options: Options) -> Values:
    values = dict(read)
    tags = list(values.get("tags") or [])
    if listing.topic:
        tags.append(listing.topic)
    values["tags"] = list(dict.fromkeys([*tags, *options.tags]))
    if options.language and not values.get("language"):
        values["language"] = options.language
    return values


def _infer_series(all_values: list[Values], reader: Reader) -> list[Values]:
    """Add inferred series to the values of a listing that names none; return proposals."""
    if any(values.get("series") for values in all_values):
        proposals: list[Values] = []
    else:
        titles = {
            str(values[name])
            for values in all_values
            for name in ("kicker", "headline")
            if values.get(name) and (name == "kicker" or values.get("part_number") is not None)
        }
        spelled = reader.spelled_series(titles)
        known = {(fold(title), kind) for title, rows in spelled.items() for _, kind in rows}
        found, proposals = series.infer(all_values, sorted(known))
        for values, places in zip(all_values, found, strict=True):
            values["series"] = places
    return proposals


def _resolve_authors(all_values: list[Values], reader: Reader) -> Mapping[str, Sequence[int]]:
    names = {credit["name"] for values in all_values for credit in values.get("authors") or []}
    return reader.spelled_authors(names)


def _check(
    planned: PlannedEntry, authors: Mapping[str, Sequence[int]], match: identity.Match
) -> None:
    """Reject what cannot be an article, and hold for review what is ambiguous."""
    values = planned.values
    problems = [
        f"{name} has {len(values[name])} characters; at most {limit} fit"
        for name, limit in LIMITS.items()
        if len(values.get(name) or "") > limit
    ]
    if not values.get("headline"):
        problems.append("there is no headline")
    try:
        parse_partial(values.get("published_on") or "")
    except ValueError:
        problems.append("there is no date of publication")
    if problems:
        planned.change = REJECT
        planned.remark("rejected", "Not imported: " + "; ".join(problems) + ".")
        return
    for credit in values.get("authors") or []:
        ids = authors.get(credit["name"], ())
        if len(ids) == 1:
            credit["author"] = ids[0]
        elif len(ids) > 1:
            planned.change = REVIEW
            planned.remark(
                "author-ambiguous",
                f"“{credit['name']}” is the spelling of {len(ids)} authors.",
            )
    if match.candidates:
        planned.change = REVIEW
        planned.remark(
            "entry-ambiguous",
            "This may be any of several entries imported before.",
            [
                {
                    "headline": candidate.values.get("headline"),
                    "published_on": candidate.values.get("published_on"),
                }
                for candidate in match.candidates
            ],
        )


def _decide(plan: Plan, reader: Reader) -> None:
    open_entries = [planned for planned in plan.entries if planned.change == CREATE]
    unknown = [planned for planned in open_entries if planned.known is None]
    elsewhere = reader.same_articles([planned.values for planned in unknown])
    linked: dict[int, int] = {}
    for planned in unknown:
        ids = elsewhere.get(identity.natural_key(planned.values), ())
        free = [pk for pk in ids if pk not in linked.values()]
        if free:
            linked[id(planned)] = free[0]
    for planned in open_entries:
        known = planned.known
        if known is not None and known.article is not None and _same(planned.values, known.values):
            planned.change = UNCHANGED
    targets = [
        linked.get(id(planned)) or (planned.known.article if planned.known else None)
        for planned in open_entries
    ]
    states = reader.states({target for target in targets if target is not None})
    for planned, target in zip(open_entries, targets, strict=True):
        planned.article = states.get(target) if target is not None else None
        if planned.change == UNCHANGED:
            continue
        if planned.article is not None:
            _merge(planned, reader)
        elif planned.known is not None and planned.known.change not in (REVIEW, REJECT):
            planned.change = UNCHANGED
            planned.remark("deleted-here", "An editor deleted this article; it stays deleted.")
        else:
            _create(planned, plan.options)
    _free_numbers(plan, reader)


def _free_numbers(plan: Plan, reader: Reader) -> None:
    """Drop part numbers that another article has: the database would refuse them."""
    changing = [planned for planned in plan.entries if planned.change in (CREATE, UPDATE)]
    _identify(reader, [planned.values for planned in changing])
    ids = {
        place["series"]
        for planned in changing
        for place in planned.values["series"]
        if "series" in place
    }
    taken = dict(reader.taken_parts(ids))
    for planned in changing:
        own = planned.article.id if planned.article else None
        for place in planned.values["series"]:
            number = place.get("part_number")
            holder = taken.get((place.get("series", 0), number or 0))
            if number is None or holder is None or holder == own:
                continue
            place["part_number"] = None
            planned.remark(
                "part-number-taken",
                f"Part {number} of “{place['title']}” is another article.",
            )
            if "series" in planned.fields:
                old, _ = planned.fields["series"]
                planned.fields["series"] = (old, planned.values["series"])


def _same(new: Values, old: Values) -> bool:
    return _comparable(new) == _comparable(old)


def _comparable(values: Values) -> Values:
    """Return *values* without ids and without what is absent."""
    found: Values = {name: value for name, value in values.items() if value}
    found["authors"] = [
        (fold(credit["name"]), credit.get("role") or "aut")
        for credit in values.get("authors") or []
    ]
    found["series"] = sorted(
        (fold(place["title"]), place["kind"], place.get("part_number") or 0)
        for place in values.get("series") or []
    )
    found["tags"] = sorted(fold(tag) for tag in values.get("tags") or [])
    return found


def _merge(planned: PlannedEntry, reader: Reader) -> None:
    assert planned.article is not None  # noqa: S101  the caller looked
    base = dict(planned.known.values) if planned.known else None
    new = planned.values
    _identify(reader, [values for values in (base, new) if values is not None])
    merged = merging.merge(base, new, planned.article.values)
    planned.fields, planned.conflicts = merged.fields, merged.conflicts
    if merged.conflicts:
        planned.change = CONFLICT
        for name, sides in merged.conflicts.items():
            planned.remark(
                "conflict",
                f"The listing and an editor both changed {name}; the editor's value stands.",
                [{"source": _brief(sides["source"]), "archive": _brief(sides["archive"])}],
            )
    else:
        planned.change = UPDATE if merged.fields else UNCHANGED


def _identify(reader: Reader, all_values: Sequence[Values]) -> None:
    """Put the ids of known authors and series beside their names, to compare by identity."""
    names = {credit["name"] for values in all_values for credit in values.get("authors") or []}
    authors = reader.spelled_authors(names)
    titles = {place["title"] for values in all_values for place in values.get("series") or []}
    spelled = reader.spelled_series(titles)
    for values in all_values:
        values["authors"] = [
            {**credit, "author": ids[0]}
            if len(ids := authors.get(credit["name"], ())) == 1
            else credit
            for credit in values.get("authors") or []
        ]
        values["series"] = [
            {**place, "series": ids[0]}
            if len(
                ids := [pk for pk, kind in spelled.get(place["title"], ()) if kind == place["kind"]]
            )
            == 1
            else place
            for place in values.get("series") or []
        ]


def _brief(value: Any) -> str:
    return str(value)[:300]


def _create(planned: PlannedEntry, options: Options) -> None:
    planned.change = CREATE
    held = any(remark["code"] in HELD_BACK for remark in planned.diagnostics)
    planned.status = "draft" if held else planned.values.get("status") or options.status
    planned.fields = {
        name: (None, value)
        for name, value in planned.values.items()
        if value and name not in {"part_number", "status"}
    }
