"""What taking back an import will do, as records, as text and as JSON. Pure.

The same records serve both ways: taking an import back (`UNDO`), and taking that back (`REDO`).
docs/importing.md documents the JSON.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

VERSION = 1
UNDO, REDO = "undo", "redo"

#: A field gets its old value; or it stays, since somebody changed it; or it cannot go back.
RESTORED, KEPT, BLOCKED = "restored", "kept", "blocked"
#: Further outcomes of whole rows: deleted; left as a tombstone; made again.
REMOVED, WITHDRAWN, BROUGHT_BACK = "removed", "withdrawn", "brought back"
#: Fields that stand and fall together.
_TOGETHER = ({"status", "visible_from", "withdrawn_reason"}, {"published_on", "slug"})

Values = dict[str, Any]


@dataclass(slots=True)
class FieldStep:
    """What happens to one field: from ``now`` to ``then``, unless it is kept or blocked."""

    field: str
    outcome: str
    now: Any
    then: Any
    reason: str = ""


@dataclass(slots=True)
class Step:
    """What happens to one article, author, series or tag.

    ``image`` is what a removed row is made from again; ``version`` the article's as it was read;
    ``is_public`` says whether readers see or saw the article.
    """

    kind: str
    id: int
    label: str
    outcome: str
    reason: str = ""
    key: str | None = None
    published_on: str | None = None
    version: int = 0
    is_public: bool = False
    fields: list[FieldStep] = field(default_factory=list)
    image: Values | None = None

    def block(self, names: Iterable[str], reason: str) -> None:
        """Block the fields *names* that would be restored, and those that go with them."""
        wanted = set(names)
        for group in _TOGETHER:
            if group & wanted & self.restored().keys():
                wanted |= group
        for step in self.fields:
            if step.field in wanted and step.outcome == RESTORED:
                step.outcome, step.reason = BLOCKED, reason

    def settle(self) -> None:
        """Let the outcome of a row that stays follow from its fields."""
        outcomes = {step.outcome for step in self.fields}
        self.outcome = next(
            (one for one in (BLOCKED, KEPT) if one in outcomes and RESTORED not in outcomes),
            RESTORED,
        )

    def restored(self) -> dict[str, Any]:
        """Return the fields that change, with their new values."""
        return {step.field: step.then for step in self.fields if step.outcome == RESTORED}

    @property
    def is_clean(self) -> bool:
        """Whether nothing of it is kept or blocked."""
        return self.outcome not in (KEPT, BLOCKED) and all(
            step.outcome == RESTORED for step in self.fields
        )


@dataclass(slots=True)
class UndoPlan:
    """Everything that taking back one import run, or taking that back, will do."""

    run: int
    file_name: str
    action: str
    articles: list[Step] = field(default_factory=list)
    named: list[Step] = field(default_factory=list)
    #: Findings that are closed, or opened again, with the values they get.
    findings: dict[int, Values] = field(default_factory=dict)
    #: Source entries that lead to an article again: entry id to article id.
    links: dict[int, int] = field(default_factory=dict)
    #: Articles to be written one group after the other: a later one takes what an earlier frees.
    order: list[list[int]] = field(default_factory=list)
    #: The operation that did it, once it is done.
    operation: int | None = None

    def totals(self) -> dict[str, int]:
        """Return how many fields, articles and names end how, and how many findings move."""
        fields = Counter(step.outcome for row in self.articles for step in row.fields)
        rows = Counter(row.outcome for row in self.articles if not row.fields)
        named = Counter(row.outcome for row in self.named)
        return {
            "articles": len(self.articles),
            "fields_restored": fields[RESTORED],
            "fields_kept": fields[KEPT],
            "fields_blocked": fields[BLOCKED],
            "removed": rows[REMOVED],
            "withdrawn": rows[WITHDRAWN],
            "brought_back": rows[BROUGHT_BACK],
            "articles_kept": rows[KEPT],
            "articles_blocked": rows[BLOCKED],
            "names_removed": named[REMOVED],
            "names_restored": named[RESTORED] + named[BROUGHT_BACK],
            "names_kept": named[KEPT],
            "names_blocked": named[BLOCKED],
            "findings": len(self.findings),
        }

    @property
    def leaves_something(self) -> bool:
        """Whether something stays as it is although the import wrote it."""
        return not all(row.is_clean for row in (*self.articles, *self.named))

    def digest(self) -> str:
        """Return a text that is another one as soon as the plan does anything else."""
        parts = [
            [
                row.kind, row.id, row.outcome, row.version,
                [[step.field, step.outcome, step.then] for step in row.fields],
            ]
            for row in (*self.articles, *self.named)
        ]  # fmt: skip
        text = json.dumps([self.run, self.action, parts, sorted(self.findings)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def changes_public(self) -> bool:
        """Whether readers' pages change."""
        return any(
            row.is_public and (row.outcome == WITHDRAWN or bool(row.restored()))
            for row in self.articles
        )

    def ids(self, *outcomes: str) -> list[int]:
        """Return the ids of the articles that end as one of *outcomes*."""
        return [row.id for row in self.articles if row.outcome in outcomes]


_WORDS = {
    "fields_restored": ("field restored", "fields restored"),
    "removed": ("article removed", "articles removed"),
    "withdrawn": ("article withdrawn", "articles withdrawn"),
    "brought_back": ("article brought back", "articles brought back"),
    "fields_kept": ("field kept", "fields kept"),
    "articles_kept": ("article kept", "articles kept"),
    "fields_blocked": ("field blocked", "fields blocked"),
    "articles_blocked": ("article blocked", "articles blocked"),
    "names_removed": ("name removed", "names removed"),
    "names_restored": ("name restored", "names restored"),
    "names_kept": ("name kept", "names kept"),
    "names_blocked": ("name blocked", "names blocked"),
    "findings": ("finding settled", "findings settled"),
}


def summary(plan: UndoPlan) -> str:
    """Return the totals in one line; names are authors, series and tags."""
    totals = plan.totals()
    words = dict(_WORDS)
    if plan.action == REDO:
        words["findings"] = ("finding opened again", "findings opened again")
    found = [
        f"{number} {words[name][number != 1]}"
        for name, number in totals.items()
        if number and name in words
    ]
    return ", ".join(found) or "nothing to do"


def as_json(plan: UndoPlan, *, applied: bool) -> str:
    """Return the whole plan as JSON text."""
    return (
        json.dumps(
            {
                "version": VERSION,
                "run": plan.run,
                "file": plan.file_name,
                "action": plan.action,
                "applied": applied,
                "operation": plan.operation,
                "totals": plan.totals(),
                "articles": [_step_json(row) for row in plan.articles],
                "names": [_step_json(row) for row in plan.named],
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def _step_json(row: Step) -> Values:
    found: Values = {"kind": row.kind, "outcome": row.outcome, "reason": row.reason or None}
    if row.kind == "article":
        found |= {"article": row.key, "headline": row.label, "published_on": row.published_on}
    else:
        found["name"] = row.label
    found["fields"] = [
        {
            "field": step.field,
            "outcome": step.outcome,
            "now": step.now,
            "then": step.then if step.outcome == RESTORED else step.now,
            "reason": step.reason or None,
        }
        for step in row.fields
    ]
    return found


def as_text(plan: UndoPlan, *, applied: bool, every: bool = False) -> str:
    """Return the plan for people: the totals, then what is not simply removed or restored.

    With *every*, everything.
    """
    verb = {
        (UNDO, True): "was undone",
        (UNDO, False): "would be undone",
        (REDO, True): "is back",
        (REDO, False): "would come back",
    }[plan.action, applied]
    lines = [f"Import run {plan.run} ({plan.file_name}) {verb}: {summary(plan)}."]
    for row in (*plan.articles, *plan.named):
        if every or not row.is_clean:
            lines += row_lines(row)
    return "\n".join(lines) + "\n"


def row_lines(row: Step) -> Iterator[str]:
    """Yield one line for a row, and one for each of its fields."""
    reason = f": {row.reason}" if row.reason else ""
    where = f"{row.published_on or 'no date'}  " if row.kind == "article" else f"{row.kind} "
    key = f" [{row.key}]" if row.key else ""
    yield f"  {row.outcome:12} {where}{row.label[:120]}{key}{reason}"
    for step in row.fields:
        if step.outcome == RESTORED:
            yield f"      {step.field}: {brief(step.now)} -> {brief(step.then)}"
        else:
            yield f"      {step.field}: {step.outcome}: {step.reason} (now {brief(step.now)})"


def brief(value: Any) -> str:
    """Return a value in at most some hundred characters."""
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, list):
        return ", ".join(map(_item, value))
    text = " ".join(str(value).split())
    return f"“{text[:117]}…”" if len(text) > 118 else f"“{text}”"


def _item(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    number = item.get("part_number")
    name = str(item.get("name") or item.get("title") or "")
    return f"{name} ({number})" if number else name


def levels(
    ids: Sequence[int], after: dict[int, set[int]], beside: dict[int, set[int]]
) -> tuple[list[list[int]], set[int]]:
    """Return *ids* in groups, one to be written after the other, and those in no possible order.

    *after* says whose address each takes over: those must have moved away before. *beside* says
    whose part number it takes over: those may move in the same group.
    """
    groups: list[list[int]] = []
    left = list(ids)
    while left:
        waiting = set(left)
        ready = [pk for pk in left if not (after.get(pk, set()) | beside.get(pk, set())) & waiting]
        if not ready:
            ready = _together(left, after, beside)
        if not ready:
            return groups, waiting
        groups.append(ready)
        chosen = set(ready)
        left = [pk for pk in left if pk not in chosen]
    return groups, set()


def _together(
    left: Sequence[int], after: dict[int, set[int]], beside: dict[int, set[int]]
) -> list[int]:
    """Return those that only change places among themselves."""
    waiting = set(left)
    chosen = [pk for pk in left if not after.get(pk, set()) & waiting]
    while True:
        outside = waiting - set(chosen)
        kept = [pk for pk in chosen if not beside.get(pk, set()) & outside]
        if len(kept) == len(chosen):
            return chosen
        chosen = kept
