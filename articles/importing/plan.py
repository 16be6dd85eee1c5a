"""What an import will do, decided before anything is written. Pure.

The plan reads the archive only through the `Reader` it is given, so a dry run is this function
without `apply`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from articles.folding import casefold_key, fold
from articles.importing import identity, linking, merging, proposals, returning, spellings
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
from articles.listing.checks import looks_like_slug
from articles.partial_dates import parse_partial

#: Longest texts of the columns that a listing fills, and of the key of a source.
LIMITS = {
    "headline": 500, "kicker": 300, "subtitle": 500, "part_label": 300, "byline": 500,
    "language": 35, "source_url": 2000,
}  # fmt: skip
KEY_LENGTH = 350
#: Diagnostics that hold an entry back from the public.
HELD_BACK = frozenset({"internal-slug"})
_ON_ARRIVAL = frozenset({"status", "visible_from"})


class Reader(linking.Reader, spellings.Reader, proposals.Reader, Protocol):
    """What a plan asks of the archive, beside what other modules do."""

    def known_entries(self, source_key: str) -> Mapping[str, KnownEntry]:
        """Return the entries of a source's earlier listings by fingerprint."""

    def taken_parts(self, series_ids: Iterable[int]) -> Mapping[tuple[int, int], int]:
        """Return the article at each (series, part number)."""

    def sample_values(self, article_ids: Iterable[int]) -> Mapping[int, Values]:
        """Return what the sample said of these articles, as far as no other source has them."""

    def option_tags(self, source_key: str) -> set[str]:
        """Return the tags, as keys, that earlier runs of a source added by option."""

    def withdrawn_by_undo(self, article_ids: Iterable[int]) -> set[int]:
        """Return those of the articles that an undo withdrew and nobody edited since."""

    def tag_names(self, spellings: Iterable[str]) -> Mapping[str, str]:
        """Return the present name of the tag that each spelling leads to, if it leads to one."""


def make_plan(listing: ParsedListing, source_name: str, options: Options, reader: Reader) -> Plan:
    """Return what importing *listing* as part of *source_name* will do."""
    key = fold(source_name)[:KEY_LENGTH]
    all_values = [_values(entry.values, listing, options) for entry in listing.entries]
    doubts = proposals.infer_series(all_values, reader)
    prints = identity.fingerprints(all_values)
    known = reader.known_entries(key)
    keyed = linking.by_key(all_values, reader)
    matches = linking.match_known(all_values, prints, known, keyed)
    known_values = [entry.values for entry in known.values()]
    spelled = spellings.Spellings(reader, key, [*all_values, *known_values])
    again = {match.known.id for match in matches if match.known}
    doubts += proposals.propose_authors(all_values, known.values(), again, spelled)
    doubts += keyed.proposals()
    plan = Plan(listing, source_name, key, options, [], proposals=doubts)
    for entry, values, fingerprint, match in zip(
        listing.entries, all_values, prints, matches, strict=True
    ):
        planned = PlannedEntry(entry, values, fingerprint, CREATE, diagnostics=[*entry.diagnostics])
        planned.known = match.known
        _check(planned)
        keyed.remark(planned)
        if match.candidates and planned.change != REJECT:
            linking.ask_which(planned, [_shown(candidate) for candidate in match.candidates])
        plan.entries.append(planned)
    _add_tags(plan, reader)
    linking.find_articles(plan, reader, keyed, {entry.article for entry in known.values()})
    _check_names(plan, spelled)
    _decide(plan, reader)
    proposals.keep_away(plan, reader)
    _give_numbers(plan, reader)
    plan.is_selection = bool(keyed.articles)
    if plan.is_selection:
        return plan
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
    values: Values = _copied(read)
    tags = list(values.get("tags") or [])
    # An entry that names its article says all of it: nothing is added to what it states.
    if listing.topic and not values.get("key"):
        tags.append(listing.topic)
    values["tags"] = list(dict.fromkeys(tags))
    if options.language and not values.get("language"):
        values["language"] = options.language
    return values


def _copied(value: Any) -> Any:
    """Return a JSON value of its own; `copy.deepcopy` takes five times as long."""
    if isinstance(value, dict):
        return {name: _copied(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_copied(part) for part in value]
    return value


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


def _shown(candidate: KnownEntry) -> Values:
    return {name: candidate.values.get(name) for name in ("headline", "published_on")}


def _add_tags(plan: Plan, reader: Reader) -> None:
    """Note the tags that the person importing adds now and did not add before."""
    before = reader.option_tags(plan.source_key) if plan.options.tags else set()
    extra = tuple(tag for tag in plan.options.tags if casefold_key(tag) not in before)
    for planned in plan.entries:
        planned.extra_tags = extra if planned.known else plan.options.tags


def _check_names(plan: Plan, spelled: spellings.Spellings) -> None:
    """Hold for review what would be credited to one of several authors of a name."""
    for planned in plan.entries:
        credits = planned.values.get("authors") or []
        if planned.change != CREATE or _is_credited(planned, _named(credits)):
            continue
        for credit in credits:
            if doubt := spelled.doubt(credit):
                planned.change = REVIEW
                planned.remark("author-ambiguous", doubt)


def _is_credited(planned: PlannedEntry, names: list[tuple[str, str]]) -> bool:
    """Whether the article is credited so, or was by the listing before: nobody need be chosen."""
    if planned.article is None:
        return False
    if planned.known and names == _named(planned.known.values.get("authors") or []):
        return True
    return names == _named(planned.article.values.get("authors") or [])


class _Names:
    """What the spellings of a file lead to in the archive, asked once for all entries."""

    def __init__(self, reader: Reader, source_key: str, all_values: Sequence[Values]) -> None:
        self.authors = spellings.Spellings(reader, source_key, all_values)
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
                if len(found := self.authors.of(credit)) == 1
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
    back = reader.withdrawn_by_undo(linked) if linked else set()
    names = _Names(
        reader,
        plan.source_key,
        [planned.values for planned in plan.entries]
        + [planned.known.base(planned.values) for planned in plan.entries if planned.known]
        + [*sample.values(), {"tags": plan.options.tags}],
    )
    for planned in plan.entries:
        known = planned.known
        if planned.change != CREATE:
            continue
        if planned.article is not None:
            last = known.base(planned.values) if known else None
            if last is not None and not planned.extra_tags and _same(planned.values, last):
                planned.change = UNCHANGED
            else:
                comes_back = planned.article.id in back
                base = last if known else sample.get(planned.article.id)
                base = returning.base_of(planned) if comes_back else base
                _merge(planned, base, planned.article, names)
                if comes_back:
                    returning.bring_back(planned, _status(planned, plan.options))
        elif known is None or known.change == REJECT:
            _create(planned, plan.options, names)
        elif known.change == REVIEW:
            if known.waits:
                linking.ask_which(planned, ())
            else:
                _create(planned, plan.options, names)
        else:
            planned.change = UNCHANGED
            planned.remark("deleted-here", "An editor deleted this article; it stays deleted.")


def _same(new: Values, old: Values) -> bool:
    return new == old or _comparable(new) == _comparable(old)


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
    # Where an article stood elsewhere matters when it comes in; from then on editors decide.
    told = {name: value for name, value in planned.values.items() if name not in _ON_ARRIVAL}
    new = names.identify({**told, "tags": tags})
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


def _status(planned: PlannedEntry, options: Options) -> str:
    """Return what the article of an entry becomes: doubtful heads keep it from the public."""
    headline, byline = planned.values.get("headline") or "", planned.values.get("byline")
    held = looks_like_slug(headline, bylined=bool(byline)) or any(
        remark["code"] in HELD_BACK for remark in planned.diagnostics
    )
    if held or options.status != "published":
        return "draft"
    return str(planned.values.get("status") or options.status)


def _create(planned: PlannedEntry, options: Options, names: _Names) -> None:
    planned.change = CREATE
    planned.status = _status(planned, options)
    planned.is_scheduled = bool(planned.values.get("visible_from"))
    tags = [*planned.values["tags"], *planned.extra_tags]
    planned.fields = {
        name: (None, value)
        for name, value in names.identify({**planned.values, "tags": tags}).items()
        if value and name not in {"part_number", "status", "key"}
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
