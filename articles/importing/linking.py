"""Which article an entry is about. Pure.

By the permanent key that the entry states (`keyed`); as the entry of its source that it is
(`identity`); by equal date, heads and byline, wherever the article came from. An article that was
typed in by hand is found by less, if that is clear: a missing byline, kicker, subtitle or part
label says nothing.
What is not clear waits for an editor, so that no second copy is made.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from articles.folding import fold
from articles.importing import identity
from articles.importing.bylines import say_the_same
from articles.importing.records import (
    AMBIGUOUS_ENTRY,
    REJECT,
    REVIEW,
    ArticleState,
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

    def alike_articles(self, all_values: Iterable[Values]) -> Sequence[Alike]:
        """Return articles whose heads, or whose headline, and date may be those of an entry."""

    def states(self, article_ids: Iterable[int]) -> Mapping[int, ArticleState]:
        """Return articles with values in the terms of the JSON report."""


def ask_which(planned: PlannedEntry, candidates: Sequence[Values], message: str = "") -> None:
    """Hold *planned* until an editor says which of *candidates* it is."""
    planned.change = REVIEW
    planned.remark(
        AMBIGUOUS_ENTRY,
        message or "This may be any of several entries imported before.",
        candidates,
    )


def find_articles(
    unknown: Callable[[], Iterator[PlannedEntry]],
    reader: Reader,
    of_source: Callable[[Iterable[int]], set[int]],
    targets_among: Callable[[set[int]], dict[int, int]],
) -> tuple[dict[int, int], dict[int, PlannedEntry]]:
    """Return the article of each entry of *unknown* that has one here, and the entries that may
    be one typed in by hand and are held: both by ordinal.

    *unknown* yields entries of no known article, any number of times. *of_source* tells which
    articles the source brought: they are found as its entries only. *targets_among* gives the
    entries, by ordinal, that lead to some of these articles already.
    """
    rows = reader.alike_articles(planned.values for planned in unknown())
    brought = of_source(row.id for row in rows)
    rows = [row for row in rows if row.id not in brought]
    if not rows:
        return {}, {}
    taken = targets_among({row.id for row in rows})
    targets = dict(taken)
    keys = {
        key for row in rows for key in (identity.heads(row.values), fold(row.values["headline"]))
    }
    concerned = [
        planned
        for planned in unknown()
        if identity.heads(planned.values) in keys
        or fold(planned.values.get("headline") or "") in keys
    ]
    _link(concerned, rows, targets)
    held = {planned.entry.ordinal: planned for planned in concerned if planned.change == REVIEW}
    return {place: pk for place, pk in targets.items() if place not in taken}, held


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
        not mine.get(name)
        or not theirs[name]
        or fold(mine[name]) == fold(theirs[name])
        or (name == "byline" and say_the_same(mine[name], theirs[name]))
        for name in names
    )


def _shown(values: Values) -> Values:
    return {name: values.get(name) for name in ("headline", "published_on", "byline")}
