"""``import_listing --apply``: a recorded plan held against files and archive, and carried out."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from articles.importing.apply import run_import
from articles.importing.files import UnreadableFile, shown
from articles.importing.formats.columns import pairs
from articles.importing.plan import make_plan
from articles.importing.plan_file import (
    BadPlanFile,
    PlanMoved,
    RecordedListing,
    differences,
    read_plan,
)
from articles.importing.records import Options, ParsedListing, Plan
from articles.importing.snapshot import Snapshot

#: The largest plan file that is read: that of some 200,000 entries.
MAX_PLAN_BYTES = 256 * 2**20

#: Reads a listing as the recorded options say.
Read = Callable[[Path, Options], ParsedListing]
#: A listing of a plan, and its file as it is now.
Pair = tuple[RecordedListing, ParsedListing]
Report = Callable[[int, int], None]


def load(name: str) -> list[RecordedListing]:
    """Return the plan in the file *name*; raise `BadPlanFile` with the reason if there is none."""
    path = Path(name)
    try:
        if not path.is_file():
            raise BadPlanFile(f"{shown(path)}: no such file")
        if (size := path.stat().st_size) > MAX_PLAN_BYTES:
            raise BadPlanFile(
                f"{shown(path)}: {size / 2**20:,.0f} MiB is more than the"
                f" {MAX_PLAN_BYTES // 2**20} MiB that a plan may have"
            )
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadPlanFile(f"{shown(path)}: this is no plan: it is not UTF-8") from None
    except (OSError, ValueError) as error:
        raise BadPlanFile(f"{shown(path)}: {getattr(error, 'strerror', None) or error}") from None
    try:
        return read_plan(text)
    except BadPlanFile as error:
        raise BadPlanFile(f"{shown(path)}: {error}") from None


def given_otherwise(recorded: Sequence[RecordedListing], options: dict[str, Any]) -> list[str]:
    """Return the options of the command line that differ from what the plan recorded."""
    found = []
    columns = options.get("columns") or {}
    for listing in recorded:
        for flag, given, told in (
            ("--status", options["status"], listing.options.status),
            ("--source", options["source"], listing.source),
            ("--tag", options["tag"], list(listing.options.tags)),
            ("--dialect", options["dialect"], listing.options.dialect),
            ("--input-format", options.get("input_format"), listing.options.input_format),
            ("--media", options.get("media"), listing.options.media),
            (
                "--column",
                pairs({**listing.options.columns, **columns}) if columns else None,
                pairs(listing.options.columns),
            ),
        ):
            if given and given != told:
                words = ", ".join(told) if isinstance(told, list) else told
                found.append(
                    f"{listing.path}: {flag} is not what the plan was made with"
                    f" ({words or 'nothing'})"
                )
    return found


def find_files(
    recorded: Sequence[RecordedListing], paths: Sequence[Path], read: Read
) -> tuple[list[Pair], list[str]]:
    """Return each listing of the plan with its file, and what moved, in words.

    Without *paths* the files lie where the plan says; with them each is found by its content.
    """
    pairs: list[Pair] = []
    moved: list[str] = []
    if not paths:
        for listing in recorded:
            try:
                found = read(Path(listing.path), listing.options)
            except UnreadableFile as error:
                moved.append(f"{error} (a listing that lies elsewhere now is named after --apply)")
                continue
            if found.sha256 == listing.sha256:
                pairs.append((listing, found))
            else:
                moved.append(_other_bytes(listing, found))
        return pairs, moved
    left = list(recorded)
    for path in paths:
        pair = _fitting(path, left, read)
        if pair is None:
            moved.append(f"{shown(path)}: no listing of the plan has its content")
            continue
        left.remove(pair[0])
        pairs.append(pair)
    moved += [f"{listing.path}: none of the files given has its content" for listing in left]
    pairs.sort(key=lambda pair: recorded.index(pair[0]))
    return pairs, moved


def _fitting(path: Path, listings: Sequence[RecordedListing], read: Read) -> Pair | None:
    for listing in listings:
        found = read(path, listing.options)
        if found.sha256 == listing.sha256:
            return listing, found
    return None


def _other_bytes(listing: RecordedListing, found: ParsedListing) -> str:
    return (
        f"{listing.path}: the file has changed: its SHA-256 was {listing.sha256[:12]}…,"
        f" is now {found.sha256[:12]}…"
    )


def compare(pairs: Sequence[Pair]) -> list[Plan]:
    """Return what each listing would do now; raise `PlanMoved` if that is not what was planned."""
    plans, moved = [], []
    for recorded, listing in pairs:
        plan = make_plan(listing, recorded.source, recorded.options, Snapshot())
        moved += [f"{recorded.path}: {line}" for line in differences(recorded.told, plan)]
        plans.append(plan)
    if moved:
        raise PlanMoved(moved)
    return plans


def carry_out(pairs: Sequence[Pair], progress: Report) -> list[Plan]:
    """Apply all listings of a plan in one transaction; return the plans.

    Each is planned anew inside it. Raises `PlanMoved`, and nothing is written, if one comes to
    anything else than was recorded: also if a listing before it in the same plan is the reason.
    """
    plans = []
    with transaction.atomic():
        compare(pairs)
        for recorded, listing in pairs:
            plan, _ = run_import(
                listing,
                recorded.source,
                recorded.options,
                progress=progress,
                check=partial(_hold, recorded, is_alone=len(pairs) == 1),
            )
            plans.append(plan)
    return plans


def _hold(recorded: RecordedListing, plan: Plan, *, is_alone: bool) -> None:
    # Of several listings a later one finds the authors, series and tags that an earlier one made.
    moved = [
        f"{recorded.path}: {line}" for line in differences(recorded.told, plan, by_rows=is_alone)
    ]
    if moved and not is_alone:
        moved.append(
            "the listings of the plan touch each other: plan and apply them one after the other"
        )
    if moved:
        raise PlanMoved(moved)
