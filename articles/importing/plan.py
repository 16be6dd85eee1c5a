"""What an import will do, decided before anything is written. Pure.

The plan reads the archive only through the `Reader` it is given, so a dry run is this function
without `apply`.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from articles.folding import casefold_key, fold
from articles.importing import identity, merging, series
from articles.importing.records import (
    AMBIGUOUS_ENTRY,
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

#: Longest texts of the columns that a listing fills, and of the key of a source.
LIMITS = {
    "headline": 500, "kicker": 300, "subtitle": 500, "part_label": 300, "byline": 500,
    "language": 35, "source_url": 2000,
}  # fmt: skip
KEY_LENGTH = 350
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

    def sample_values(self, article_ids: Iterable[int]) -> Mapping[int, Values]:
        """Return what the sample said of these articles, as far as no other source has them."""

    def option_tags(self, source_key: str) -> set[str]:
        """Return the tags, as keys, that earlier runs of a source added by option."""

    def tag_names(self, spellings: Iterable[str]) -> Mapping[str, str]:
        """Return the present name of the tag that each spelling leads to, if it leads to one."""

    def same_articles(self, all_values: Sequence[Values]) -> Mapping[str, Sequence[int]]:
        """Return articles with equal date, heads and byline, by natural key."""


def make_plan(listing: ParsedListing, source_name: str, options: Options, reader: Reader) -> Plan:
    """Return what importing *listing* as part of *source_name* will do."""
    key = fold(source_name)[:KEY_LENGTH]
    all_values = [_values(entry.values, listing, options) for entry in listing.entries]
    proposals = _infer_series(all_values, reader)
    prints = identity.fingerprints(all_values)
    known = reader.known_entries(key)
    matches = identity.align(list(zip(all_values, prints, strict=True)), known)
    plan = Plan(listing, source_name, key, options, [], proposals=proposals)
    for entry, values, fingerprint, match in zip(
        listing.entries, all_values, prints, matches, strict=True
    ):
        planned = PlannedEntry(entry, values, fingerprint, CREATE, diagnostics=[*entry.diagnostics])
        planned.known = match.known
        _check(planned)
        if match.candidates and planned.change != REJECT:
            _ask_which(planned, match.candidates)
        plan.entries.append(planned)
    _add_tags(plan, reader)
    _find_articles(plan, reader, {entry.article for entry in known.values()})
    _check_names(plan, reader)
    _decide(plan, reader)
    _give_numbers(plan, reader)
    accounted = {match.known.id for match in matches if match.known}
    accounted |= {candidate.id for match in matches for candidate in match.candidates}
    held = {planned.article.id for planned in plan.entries if planned.article}
    plan.gone = [
        entry
        for entry in known.values()
        if entry.in_latest and entry.id not in accounted and entry.article not in held
    ]
    return plan


def _values(read: Values, listing: ParsedListing, options: Options) -> Values:
    """Return the values of an entry, apart from the caller's, with the topic as a tag."""
    values = copy.deepcopy(read)
    tags = list(values.get("tags") or [])
    if listing.topic:
        tags.append(listing.topic)
    values["tags"] = list(dict.fromkeys(tags))
    if options.language and not values.get("language"):
        values["language"] = options.language
    return values


def _infer_series(all_values: list[Values], reader: Reader) -> list[Values]:
    """Add inferred series to the values of a listing that names none; return proposals."""
    if any(values.get("series") for values in all_values):
        return []
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


def _check(planned: PlannedEntry) -> None:
    """Reject what cannot be an article."""
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


def _ask_which(planned: PlannedEntry, candidates: Sequence[KnownEntry]) -> None:
    planned.change = REVIEW
    planned.remark(
        AMBIGUOUS_ENTRY,
        "This may be any of several entries imported before.",
        [
            {
                "headline": candidate.values.get("headline"),
                "published_on": candidate.values.get("published_on"),
            }
            for candidate in candidates
        ],
    )


def _add_tags(plan: Plan, reader: Reader) -> None:
    """Note the tags that the person importing adds now and did not add before."""
    before = reader.option_tags(plan.source_key) if plan.options.tags else set()
    extra = tuple(tag for tag in plan.options.tags if casefold_key(tag) not in before)
    for planned in plan.entries:
        planned.extra_tags = extra if planned.known else plan.options.tags


def _find_articles(plan: Plan, reader: Reader, of_source: set[int | None]) -> None:
    """Find the article of each entry: its own, or an equal one that this source never brought."""
    unknown = [
        planned for planned in plan.entries if planned.known is None and planned.change == CREATE
    ]
    elsewhere = reader.same_articles([planned.values for planned in unknown])
    targets: dict[int, int] = {}
    for planned in plan.entries:
        if planned.known is not None and planned.known.article is not None:
            targets[planned.entry.ordinal] = planned.known.article
    taken = set(targets.values())
    for planned in unknown:
        ids = elsewhere.get(identity.natural_key(planned.values), ())
        free = [pk for pk in ids if pk not in taken and pk not in of_source]
        if free:
            targets[planned.entry.ordinal] = free[0]
            taken.add(free[0])
    states = reader.states(set(targets.values()))
    for planned in plan.entries:
        planned.article = states.get(targets.get(planned.entry.ordinal, 0))


def _check_names(plan: Plan, reader: Reader) -> None:
    """Hold for review what would be credited to one of several authors of a name."""
    names = {
        credit["name"] for planned in plan.entries for credit in planned.values.get("authors") or []
    }
    spelled = reader.spelled_authors(names)
    for planned in plan.entries:
        credits = planned.values.get("authors") or []
        if planned.change != CREATE or (
            planned.article is not None
            and planned.known is not None
            and _named(credits) == _named(planned.known.values.get("authors") or [])
        ):
            continue
        for credit in credits:
            if len(spelled.get(credit["name"], ())) > 1:
                planned.change = REVIEW
                planned.remark(
                    "author-ambiguous",
                    f"“{credit['name']}” is the spelling of {len(spelled[credit['name']])}"
                    " authors.",
                )


class _Names:
    """What the spellings of a file lead to in the archive, asked once for all entries."""

    def __init__(self, reader: Reader, all_values: Sequence[Values]) -> None:
        self.authors = reader.spelled_authors(
            {credit["name"] for values in all_values for credit in values.get("authors") or []}
        )
        self.series = reader.spelled_series(
            {place["title"] for values in all_values for place in values.get("series") or []}
        )
        self.tags = reader.tag_names(
            {tag for values in all_values for tag in values.get("tags") or []}
        )

    def identify(self, values: Values) -> Values:
        """Return *values* with the ids of known authors and series beside their names, and with
        the present names of tags: to compare by identity."""
        credits = values.get("authors") or []
        places = values.get("series") or []
        return {
            **values,
            "authors": [
                {**credit, "author": found[0]}
                if len(found := self.authors.get(credit["name"], ())) == 1
                else dict(credit)
                for credit in credits
            ],
            "series": [
                {**place, "series": ids[0]}
                if len(ids := _of_kind(self.series.get(place["title"], ()), place["kind"])) == 1
                else dict(place)
                for place in places
            ],
            "tags": list(
                dict.fromkeys(self.tags.get(tag, tag) for tag in values.get("tags") or [])
            ),
        }


def _of_kind(rows: Sequence[tuple[int, str]], kind: str) -> list[int]:
    return [pk for pk, other in rows if other == kind]


def _decide(plan: Plan, reader: Reader) -> None:
    linked = [
        planned.article.id
        for planned in plan.entries
        if planned.article is not None and planned.known is None
    ]
    sample = reader.sample_values(linked) if linked else {}
    names = _Names(
        reader,
        [planned.values for planned in plan.entries]
        + [planned.known.values for planned in plan.entries if planned.known]
        + [*sample.values(), {"tags": plan.options.tags}],
    )
    for planned in plan.entries:
        known = planned.known
        if planned.change != CREATE:
            continue
        if planned.article is not None:
            if known is not None and not planned.extra_tags and _same(planned.values, known.values):
                planned.change = UNCHANGED
            else:
                base = known.values if known else sample.get(planned.article.id)
                _merge(planned, base, planned.article, names)
        elif known is None or known.change == REJECT:
            _create(planned, plan.options, names)
        elif known.change == REVIEW:
            if known.waits:
                _ask_which(planned, ())
            else:
                _create(planned, plan.options, names)
        else:
            planned.change = UNCHANGED
            planned.remark("deleted-here", "An editor deleted this article; it stays deleted.")


def _same(new: Values, old: Values) -> bool:
    return _comparable(new) == _comparable(old)


def _named(credits: Sequence[Values]) -> list[tuple[str, str]]:
    return [(fold(credit["name"]), credit.get("role") or "aut") for credit in credits]


def _comparable(values: Values) -> Values:
    """Return *values* without ids and without what is absent."""
    found: Values = {name: value for name, value in values.items() if value}
    found["authors"] = _named(values.get("authors") or [])
    found["series"] = sorted(
        (fold(place["title"]), place["kind"], place.get("part_number") or 0)
        for place in values.get("series") or []
    )
    found["tags"] = sorted(casefold_key(tag) for tag in values.get("tags") or [])
    return found


def _merge(
    planned: PlannedEntry, base: Values | None, article: ArticleState, names: _Names
) -> None:
    tags = [*planned.values["tags"], *planned.extra_tags]
    new = names.identify({**planned.values, "tags": tags})
    base = None if base is None else names.identify(base)
    merged = merging.merge(base, new, article.values)
    planned.fields, planned.conflicts = merged.fields, merged.conflicts
    for name, sides in merged.conflicts.items():
        planned.remark(
            "conflict",
            f"The listing and an editor both changed {name}; the editor's value stands.",
            [{"source": _brief(sides["source"]), "archive": _brief(sides["archive"])}],
        )
    if merged.conflicts:
        planned.change = CONFLICT
    else:
        planned.change = UPDATE if merged.fields else UNCHANGED


def _brief(value: Any) -> str:
    return str(value)[:300]


def _create(planned: PlannedEntry, options: Options, names: _Names) -> None:
    planned.change = CREATE
    held = any(remark["code"] in HELD_BACK for remark in planned.diagnostics)
    planned.status = "draft" if held else planned.values.get("status") or options.status
    tags = [*planned.values["tags"], *planned.extra_tags]
    planned.fields = {
        name: (None, value)
        for name, value in names.identify({**planned.values, "tags": tags}).items()
        if value and name not in {"part_number", "status"}
    }


def _give_numbers(plan: Plan, reader: Reader) -> None:
    """Drop part numbers that another article has and keeps: the database would refuse them."""
    moving = [planned for planned in plan.entries if "series" in planned.fields]
    ids = {
        place["series"]
        for planned in moving
        for place in planned.fields["series"][1]
        if place.get("series")
    }
    taken: dict[tuple[Any, int], Any] = dict(reader.taken_parts(ids)) if ids else {}
    movers = {planned.article.id for planned in moving if planned.article}
    taken = {place: holder for place, holder in taken.items() if holder not in movers}
    for planned in moving:
        if planned.article is not None:
            kept = {_seat(place) for place in planned.fields["series"][0] or []}
            kept &= {_seat(place) for place in planned.fields["series"][1]}
            taken |= dict.fromkeys(kept, planned.article.id)
    for planned in moving:
        holder = planned.article.id if planned.article else ("new", planned.entry.ordinal)
        for place in planned.fields["series"][1]:
            number = place.get("part_number")
            if number is None or taken.setdefault(_seat(place), holder) == holder:
                continue
            place["part_number"] = None
            planned.remark(
                "part-number-taken",
                f"Part {number} of “{place['title']}” is another article.",
            )


def _seat(place: Values) -> tuple[Any, int]:
    """Return the series, by id or else by title, and the number of a place."""
    return (
        place.get("series") or (fold(place["title"]), place["kind"]),
        place.get("part_number") or 0,
    )
