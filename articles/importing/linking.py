"""Which article an entry is about. Pure.

By the permanent key that the entry states; as the entry of its source that it is (`identity`); by
equal date, heads and byline, wherever the article came from. An article that was typed in by hand
is found by less, if that is clear: a missing byline, kicker, subtitle or part label says nothing.
What is not clear waits for an editor, so that no second copy is made.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from articles.folding import fold
from articles.importing import identity
from articles.importing.records import (
    AMBIGUOUS_ENTRY,
    CREATE,
    REJECT,
    REVIEW,
    UNCHANGED,
    ArticleState,
    KnownEntry,
    Plan,
    PlannedEntry,
    Values,
)

_MAY_BE_MISSING = ("kicker", "subtitle", "part_label", "byline")


@dataclass(frozen=True, slots=True)
class Alike:
    """An article that an entry may be: heads, byline and date, and whether no source brought it."""

    id: int
    key: str | None
    values: Values
    is_typed: bool


class Reader(Protocol):
    """What linking asks of the archive."""

    def keyed_articles(self, stated: Mapping[str, Values]) -> Mapping[str, int | None]:
        """Return the article of each permanent key, None for one that was deleted.

        A key is unknown (absent) if it leads to what was never public, unless the values that
        are stated beside it are those of the article: a key alone opens no draft.
        """

    def alike_articles(self, all_values: Sequence[Values]) -> Sequence[Alike]:
        """Return articles whose heads, or whose headline, and date may be those of an entry."""

    def states(self, article_ids: Iterable[int]) -> Mapping[int, ArticleState]:
        """Return articles with values in the terms of the JSON report."""


@dataclass(slots=True)
class Keyed:
    """What the keys that a file states lead to, by the ordinal of the entry."""

    articles: dict[int, int] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    twice: set[int] = field(default_factory=set)
    unknown: dict[int, str] = field(default_factory=dict)

    def remark(self, planned: PlannedEntry) -> None:
        """Say of *planned* what its key says, if that decides what is done with it."""
        if planned.change == REJECT:
            return
        if planned.entry.ordinal in self.twice:
            planned.change = REJECT
            planned.remark(
                "rejected",
                f"Not imported: an entry above leads to the article {planned.values['key']} too.",
            )
        elif planned.entry.ordinal in self.deleted:
            planned.change = UNCHANGED
            planned.remark("deleted-here", "An editor deleted this article; it stays deleted.")

    def proposals(self) -> list[Values]:
        """Return the remark on keys that no article has, if there are any."""
        if not self.unknown:
            return []
        keys = list(self.unknown.values())
        entries = "1 entry states a key" if len(keys) == 1 else f"{len(keys)} entries state keys"
        shown = ", ".join(keys[:5]) + (" …" if len(keys) > 5 else "")
        return [
            {
                "code": "key-unknown",
                "message": f"{entries} that no article here has: {shown}",
                "evidence": {"keys": keys[:50]},
                "entries": list(self.unknown)[:50],
            }
        ]


def by_key(all_values: Sequence[Values], reader: Reader) -> Keyed:
    """Return what the keys stated in a file lead to. An entry's ordinal is its place."""
    found = Keyed()
    stated = {
        place: str(values["key"]) for place, values in enumerate(all_values) if values.get("key")
    }
    if not stated:
        return found
    first: dict[str, Values] = {}
    for place, key in stated.items():
        first.setdefault(key, all_values[place])
    articles = reader.keyed_articles(first)
    held: set[int] = set()
    for place, key in stated.items():
        if key not in articles:
            found.unknown[place] = key
            continue
        article = articles[key]
        if article is None:
            found.deleted.add(place)
        elif article in held:
            found.twice.add(place)
        else:
            held.add(article)
            found.articles[place] = article
    return found


def match_known(
    all_values: Sequence[Values],
    prints: Sequence[str],
    known: Mapping[str, KnownEntry],
    keyed: Keyed,
) -> list[identity.Match]:
    """Return the entry of an earlier listing that each entry is: by its key, else by alignment."""
    pairs = list(zip(all_values, prints, strict=True))
    decided = keyed.articles.keys() | keyed.deleted | keyed.twice
    if not decided:
        return identity.align(pairs, known)
    held = set(keyed.articles.values())
    newest: dict[int, KnownEntry] = {}
    free: dict[str, KnownEntry] = {}
    for fingerprint, entry in known.items():
        if entry.article not in held:
            free[fingerprint] = entry
            continue
        best = newest.get(entry.article)
        if best is None or (entry.in_latest, entry.id) > (best.in_latest, best.id):
            newest[entry.article] = entry
    matches = [identity.Match() for _ in pairs]
    for place, article in keyed.articles.items():
        matches[place] = identity.Match(newest.get(article))
    rest = [place for place in range(len(pairs)) if place not in decided]
    aligned = identity.align([pairs[place] for place in rest], free)
    for place, match in zip(rest, aligned, strict=True):
        matches[place] = match
    return matches


def ask_which(planned: PlannedEntry, candidates: Sequence[Values], message: str = "") -> None:
    """Hold *planned* until an editor says which of *candidates* it is."""
    planned.change = REVIEW
    planned.remark(
        AMBIGUOUS_ENTRY,
        message or "This may be any of several entries imported before.",
        candidates,
    )


def find_articles(plan: Plan, reader: Reader, keyed: Keyed, of_source: set[int | None]) -> None:
    """Find the article of each entry, or hold the entry that may be one typed in by hand.

    *of_source* are the articles that the source brought: they are found as its entries only.
    """
    targets = dict(keyed.articles)
    for planned in plan.entries:
        if planned.known is not None and planned.known.article is not None:
            targets.setdefault(planned.entry.ordinal, planned.known.article)
    unknown = [
        planned
        for planned in plan.entries
        if planned.change == CREATE
        and planned.entry.ordinal not in targets
        and (planned.known is None or planned.known.change in (REVIEW, REJECT))
    ]
    rows = [
        row
        for row in reader.alike_articles([planned.values for planned in unknown])
        if row.id not in of_source
    ]
    if rows:
        _link(unknown, rows, targets)
    states = reader.states(set(targets.values()))
    for planned in plan.entries:
        planned.article = states.get(targets.get(planned.entry.ordinal, 0))


def _link(unknown: Sequence[PlannedEntry], rows: Sequence[Alike], targets: dict[int, int]) -> None:
    taken = set(targets.values())
    equal: dict[str, list[Alike]] = {}
    typed: dict[str, list[Alike]] = {}
    for row in rows:
        equal.setdefault(identity.natural_key(row.values), []).append(row)
        if row.is_typed:
            for key in {identity.heads(row.values), fold(row.values["headline"])}:
                typed.setdefault(key, []).append(row)
    left = []
    for planned in unknown:
        free = [
            row
            for row in equal.get(identity.natural_key(planned.values), ())
            if row.id not in taken
        ]
        if free:
            targets[planned.entry.ordinal] = free[0].id
            taken.add(free[0].id)
        elif planned.known is None or planned.known.change == REJECT or planned.known.waits:
            left.append(planned)
    near = {
        planned.entry.ordinal: [row for row in _near(planned.values, typed) if row.id not in taken]
        for planned in left
    }
    claims = Counter(row.id for rows_ in near.values() for row in rows_)
    for planned in left:
        found = near[planned.entry.ordinal]
        if not found:
            continue
        row = found[0]
        if len(found) == 1 and claims[row.id] == 1 and _is_clear(planned.values, row.values):
            targets[planned.entry.ordinal] = row.id
            continue
        ask_which(
            planned,
            [{**_shown(item.values), "article": item.key} for item in found],
            "This may be an article that was typed in by hand.",
        )


def _near(values: Values, typed: Mapping[str, Sequence[Alike]]) -> list[Alike]:
    """Return the articles typed in by hand that an entry may be."""
    keys = {identity.heads(values), fold(values.get("headline") or "")}
    rows = {row.id: row for key in keys for row in typed.get(key, ())}
    date = str(values.get("published_on") or "")
    return [
        row
        for _, row in sorted(rows.items())
        if date.startswith(row.values["published_on"] or "-")
        or (row.values["published_on"] or "").startswith(date)
    ]


def _is_clear(mine: Values, theirs: Values) -> bool:
    """Whether nothing that both state differs, the roles of the head lines apart."""
    if mine.get("published_on") != theirs["published_on"]:
        return False
    names = ("byline",) if identity.heads(mine) == identity.heads(theirs) else _MAY_BE_MISSING
    return all(
        not mine.get(name) or not theirs[name] or fold(mine[name]) == fold(theirs[name])
        for name in names
    )


def _shown(values: Values) -> Values:
    return {name: values.get(name) for name in ("headline", "published_on", "byline")}
