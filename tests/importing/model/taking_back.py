"""What an undo, or a redo, does to the plain dictionary: the second half of the model."""

import copy
from dataclasses import dataclass, field
from typing import Any

from tests.importing.model.dictionary import Archive
from tests.importing.model.records import WITHDRAWN, Act, Held, Run

RESTORED, KEPT, BLOCKED = "restored", "kept", "blocked"
REMOVED, BROUGHT_BACK = "removed", "brought back"
#: What an undone import's tombstone says.
REASON = "import undone"


@dataclass
class Fate:
    """What becomes of one article: as a whole (``outcome``), or field by field."""

    outcome: str = ""
    fields: dict[str, tuple[str, Any, Any]] = field(default_factory=dict)


def fates(archive: Archive, run: Run, *, redo: bool) -> dict[int, Fate]:
    """Return what becomes of each article when *run* is taken back, or that is."""
    found: dict[int, Fate] = {}
    writes = run.taken if redo else run.writes
    since = run.undone_at if redo else run.at
    if redo:
        for pk in run.removed:
            found[pk] = Fate(BROUGHT_BACK)
    else:
        for row in run.rows:
            if row.change == "CREATE" and row.article in archive.articles:
                found[row.article] = Fate(_of_created(archive, run, archive.articles[row.article]))
    for pk, fields in writes.items():
        if pk in found:
            continue
        held = archive.articles.get(pk)
        found[pk] = Fate()
        for name, (was, wrote) in fields.items():
            if held is None:
                found[pk].fields[name] = (BLOCKED, None, None)
            else:
                found[pk].fields[name] = _of_field(held, name, was, wrote)
        later = later_acts(held, run, since) if held else []
        is_moved = held and (held.merged_into or any(act.field == "status" for act in later))
        if held and held.status == WITHDRAWN and is_moved:
            for name, (outcome, now, _then) in found[pk].fields.items():
                if outcome == RESTORED:
                    found[pk].fields[name] = (BLOCKED, now, now)
    return found


def later_acts(held: Held, run: Run, since: int) -> list[Act]:
    """Return what others did to an article since: editors, and runs that stand."""
    return [
        act
        for act in held.acts
        if act.at > since and (act.run is None or (act.run is not run and not act.run.is_undone))
    ]


def _of_created(archive: Archive, run: Run, held: Held) -> str:
    if later_acts(held, run, run.at):
        return KEPT
    if any(other.merged_into == held.pk for other in archive.articles.values()):
        return KEPT
    for other in archive.runs:
        stands = other is not run and not other.is_undone
        if stands and any(row.article == held.pk for row in other.rows):
            return KEPT
    return WITHDRAWN if held.was_public else REMOVED


def value_of(held: Held, name: str) -> Any:
    """Return the value of a field in the terms of the model; what is not modelled is None."""
    if name in held.values:
        return held.values[name]
    return {"status": held.status, "slug": held.slug}.get(name)


def _of_field(held: Held, name: str, was: Any, wrote: Any) -> tuple[str, Any, Any]:
    if name in {"withdrawn_reason", "visible_from"}:
        # They go with the status, and say nothing of their own.
        return RESTORED, None, was
    now = value_of(held, name)
    if name == "tags":
        before, after = set(was or ()), set(wrote or ())
        then = sorted((set(now or ()) - (after - before)) | (before - after))
        if then == sorted(now or ()) and then != sorted(before):
            return KEPT, now, now
        return RESTORED, now, then
    if (now or None) not in ((wrote or None), (was or None)):
        return KEPT, now, now
    return RESTORED, now, was


def carry_out(archive: Archive, run: Run, done: dict[int, Fate], *, redo: bool) -> None:
    """Do to the dictionary what *done* says."""
    at = archive.at
    taken: dict[int, dict[str, tuple[Any, Any]]] = {}
    removed: dict[int, Held] = {}
    cut = []
    if redo:
        for pk, fate in done.items():
            if fate.outcome == BROUGHT_BACK:
                archive.articles[pk] = run.removed.pop(pk)
    for pk, fate in done.items():
        if fate.outcome == REMOVED:
            removed[pk] = copy.copy(archive.articles.pop(pk))
        elif fate.outcome == WITHDRAWN:
            held = archive.articles[pk]
            taken[pk] = {
                "status": (held.status, WITHDRAWN),
                "withdrawn_reason": (None, REASON),
            }
            held.change(at, run, {"status": WITHDRAWN, "withdrawn_reason": REASON})
            held.is_tombstone = True
        if fate.outcome in (REMOVED, WITHDRAWN):
            cut += [(row, pk) for other in archive.runs for row in other.rows if row.article == pk]
        changed = {
            name: (now, then)
            for name, (outcome, now, then) in fate.fields.items()
            if outcome == RESTORED and (now or None) != (then or None)
        }
        if changed:
            taken[pk] = changed
            held = archive.articles[pk]
            stood = held.is_tombstone
            held.change(at, run, {name: then for name, (_, then) in changed.items()})
            if "status" not in changed:
                held.is_tombstone = stood
            elif not redo and changed["status"][1] == WITHDRAWN:
                held.is_tombstone = True
    for row, _pk in cut:
        row.article, row.is_cut = None, True
    if redo:
        for row, pk in run.cut:
            if row.article is None and pk in archive.articles:
                row.article, row.is_cut = pk, False
    run.is_undone = not redo
    if not redo:
        # What no redo could bring back is owed still.
        cut += [(row, pk) for row, pk in run.cut if pk in run.removed]
        run.removed |= removed
        run.undone_at, run.taken, run.cut = at, taken, cut
