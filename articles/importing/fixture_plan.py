"""What importing a fixture will do, by the same records and the same merge as a listing. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from articles.importing import merging, returning
from articles.importing.fixture_format import Fixture, FixtureArticle
from articles.importing.records import (
    CONFLICT,
    CREATE,
    REJECT,
    UNCHANGED,
    UPDATE,
    ArticleState,
    KnownEntry,
    Options,
    ParsedEntry,
    ParsedListing,
    Plan,
    PlannedEntry,
    Values,
)

#: Fields of an author, a series, a tag, beside the slug that identifies it.
NAMED_FIELDS = {
    "authors": ("name", "kind", "sort_name", "bio", "born", "died", "external_ids", "aliases"),
    "series": ("title", "kind", "description", "aliases"),
    "tags": ("name", "kind", "description", "aliases"),
}


@dataclass(frozen=True, slots=True)
class NamedState:
    """An author, series or tag in the archive: its values, and those it was given by an import
    last (blank for a field that no import set)."""

    id: int
    version: int
    values: Values
    imported: Values
    #: The aliases in the fixture as they will be stored.
    aliases: list[str]


@dataclass(frozen=True, slots=True)
class Archive:
    """What the plan needs to know, by kind and slug, and by key."""

    named: Mapping[str, Mapping[str, NamedState]]
    articles: Mapping[str, ArticleState]
    known: Mapping[str, KnownEntry]
    #: Keys of articles that were deleted.
    reserved: frozenset[str]
    #: Ids of articles that an undo withdrew and nobody edited since.
    withdrawn_by_undo: frozenset[int]
    #: Articles by the keys that translations in the fixture name as their originals.
    originals: Mapping[str, int]
    #: By kind, what former slugs of authors, series and tags lead to.
    present: Mapping[str, Mapping[str, str]]
    #: The present moment as ISO text in UTC, to tell what is scheduled.
    now: str


@dataclass(slots=True)
class NamedPlan:
    """What happens to one author, series or tag."""

    kind: str
    slug: str
    values: Values
    change: str
    state: NamedState | None = None
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    conflicts: dict[str, Values] = field(default_factory=dict)


@dataclass(slots=True)
class FixturePlan(Plan):
    """A plan with the authors, series and tags that come before the articles."""

    named: list[NamedPlan] = field(default_factory=list)
    #: Articles that are in the archive already, by key: those of the fixture and originals.
    ids: dict[str, int] = field(default_factory=dict)

    def preface(self) -> list[str]:
        """Return a line for each author, series and tag that changes."""
        return [
            f"  {planned.change:9} {planned.kind} {planned.slug}"
            + "".join(f" {name}" for name in sorted({*planned.fields, *planned.conflicts}))
            for planned in self.named
            if planned.change != UNCHANGED
        ]


def fingerprint_of(key: str) -> str:
    """Return the fingerprint of an article that is identified by its permanent key."""
    return hashlib.sha256(f"key\n{key}".encode()).hexdigest()


def entry_values(values: Values) -> Values:
    """Return an article of a fixture in the terms of the JSON report, its references as slugs."""
    found = {name: value for name, value in values.items() if name not in _REFERENCES}
    found["authors"] = [
        {"name": row["author"], "author": row["author"], "role": row["role"]}
        for row in values["contributions"]
    ]
    found["series"] = [
        {
            "title": row["series"],
            "series": row["series"],
            "kind": "",
            "part_number": row["part_number"],
        }
        for row in values["parts"]
    ]
    found["tags"] = list(values["tags"])
    return found


_REFERENCES = {"contributions", "parts", "tags"}


def make_fixture_plan(
    fixture: Fixture, listing: ParsedListing, source_name: str, options: Options, archive: Archive
) -> FixturePlan:
    """Return what importing *fixture* will do to *archive*."""
    plan = FixturePlan(listing, source_name, source_name, options, [])
    for kind, rows in (
        ("authors", fixture.authors), ("series", fixture.series), ("tags", fixture.tags),
    ):  # fmt: skip
        plan.named += [_plan_named(kind, row, archive.named[kind].get(row["slug"])) for row in rows]
    plan.ids = {**archive.originals, **{key: row.id for key, row in archive.articles.items()}}
    coming = {
        key
        for key in (article.values["key"] for article in fixture.articles)
        if key not in archive.reserved and fingerprint_of(key) not in archive.known
    }
    for place, article in enumerate(fixture.articles):
        plan.add(_plan_article(place, article, archive, plan.ids.keys() | coming))
    for named in plan.named:
        for name in named.conflicts:
            plan.waits = True
            plan.proposals.append(
                {
                    "code": "conflict",
                    "message": (
                        f"The fixture and an editor both changed {name} of {named.kind}"
                        f" {named.slug}; the editor's value stands."
                    ),
                    "evidence": {name: named.conflicts[name]},
                    "entries": [],
                }
            )
    return plan


def _plan_named(kind: str, row: Values, state: NamedState | None) -> NamedPlan:
    values = {name: row[name] for name in NAMED_FIELDS[kind]}
    if state is None:
        return NamedPlan(kind, row["slug"], values, CREATE)
    values["aliases"] = state.aliases
    planned = NamedPlan(kind, row["slug"], values, UNCHANGED, state)
    for name, new in values.items():
        now, last = state.values[name], state.imported.get(name) or type(new)()
        if new in (now, last):
            continue
        if now == last or not now:
            planned.fields[name] = (now, new)
        else:
            planned.conflicts[name] = {"imported": last, "source": new, "archive": now}
    if planned.conflicts:
        planned.change = CONFLICT
    elif planned.fields:
        planned.change = UPDATE
    return planned


def _plan_article(
    place: int, article: FixtureArticle, archive: Archive, linkable: Set[str]
) -> PlannedEntry:
    values = entry_values(article.values)
    key = article.values["key"]
    entry = ParsedEntry(place, article.first_line, article.last_line, article.text, values)
    planned = PlannedEntry(entry, values, fingerprint_of(key), CREATE)
    original = values["translation_of"]
    if original is not None and original not in linkable:
        # Not what the source said last, so that the link is made once the original is here.
        values["translation_of"] = None
        planned.remark(
            "translation-unknown",
            f"It is a translation of {original}, which is neither in the fixture nor in the"
            " archive; the link is left out.",
        )
    planned.known = archive.known.get(planned.fingerprint)
    planned.article = archive.articles.get(key)
    planned.is_scheduled = (values["visible_from"] or "") > archive.now
    if planned.article is not None:
        base = planned.known.values if planned.known else None
        if planned.known is None and planned.article.id in archive.withdrawn_by_undo:
            base = returning.base_of(planned)
            planned.status = values["status"]
        merged = merging.merge(
            _led(base, archive), _led(values, archive) or {}, planned.article.values
        )
        planned.fields, planned.conflicts = merged.fields, merged.conflicts
        _keep_public(planned, archive.now)
        if merged.conflicts:
            planned.change = CONFLICT
            planned.remark(
                "conflict",
                "The fixture and an editor both changed "
                + ", ".join(sorted(merged.conflicts))
                + "; the editor's values stand.",
            )
        else:
            planned.change = UPDATE if merged.fields else UNCHANGED
    elif planned.known is not None:
        planned.change = UNCHANGED
        planned.remark("deleted-here", "An editor deleted this article; it stays deleted.")
    elif key in archive.reserved:
        planned.change = REJECT
        planned.remark("key-reserved", f"The key {key} belonged to an article that was deleted.")
    else:
        planned.status = values["status"]
        led = _led(values, archive) or {}
        planned.fields = {name: (None, value) for name, value in led.items() if value}
    return planned


def _led(values: Values | None, archive: Archive) -> Values | None:
    """Return *values* with the present slugs of what was renamed or merged since: what the archive
    has is compared with them. Two that are one by now are one."""
    if values is None:
        return None
    led = dict(values)
    for kind, name in (("authors", "author"), ("series", "series")):
        present = archive.present[kind]
        rows: dict[tuple[str, str | None], Values] = {}
        for row in values.get(kind) or []:
            slug = present.get(row[name], row[name])
            item = row if slug == row[name] else {**row, name: slug, _CALLED[kind]: slug}
            rows.setdefault((slug, row.get("role")), item)
        led[kind] = list(rows.values())
    led["series"].sort(key=lambda row: str(row["series"]))
    tags = archive.present["tags"]
    led["tags"] = sorted({tags.get(slug, slug) for slug in values.get("tags") or []})
    return led


_CALLED = {"authors": "name", "series": "title"}


def _keep_public(planned: PlannedEntry, now: str) -> None:
    """Turn into a conflict what would hide a published article otherwise than by withdrawal."""
    if planned.article is None or planned.article.status != "published":
        return
    for name in ("status", "visible_from"):
        old, new = planned.fields.get(name, (None, None))
        if new in ("draft", "in_review") or (name == "visible_from" and (new or "") > now):
            del planned.fields[name]
            planned.conflicts[name] = {"imported": old, "source": new, "archive": old}


def find_released(
    entries: Iterable[PlannedEntry],
) -> list[tuple[PlannedEntry, bool, set[tuple[str, int]]]]:
    """Return the entries whose article gives up what another entry's takes, to be freed first:
    whether it is the address, and which (series, part number)."""
    moves = []
    for planned in entries:
        now = planned.article.values if planned.article else {}
        new = {name: value for name, (_, value) in planned.fields.items()}
        if new:
            moves.append((planned, now, {**now, **new}))
    addresses = {_address(then) for _, now, then in moves if _address(now) != _address(then)}
    numbers = {number for _, now, then in moves for number in _numbers(then) - _numbers(now)}
    found = []
    for planned, now, then in moves:
        address = _address(now)
        leaves = address is not None and address != _address(then) and address in addresses
        freed = (_numbers(now) - _numbers(then)) & numbers
        if leaves or freed:
            found.append((planned, leaves, freed))
    return found


def _address(values: Values) -> tuple[str, str] | None:
    dated = values.get("published_on")
    return (f"{dated}-01-01"[:10], values.get("slug") or "") if dated else None


def _numbers(values: Values) -> set[tuple[str, int]]:
    return {
        (place["series"], place["part_number"])
        for place in values.get("series") or []
        if place["part_number"]
    }
