"""A plan as text, JSON and CSV. Pure. docs/importing.md documents the JSON.

The JSON of a dry run is the plan file that ``import_listing --apply`` takes: see `plan_file`.
"""

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from textwrap import indent
from typing import Any, overload

from articles.cleaning import one_stop
from articles.importing.formats.columns import in_words
from articles.importing.records import (
    CREATE,
    UPDATE,
    WAITING,
    Plan,
    PlannedEntry,
    Values,
)

VERSION = 1
_TEXT_FIELDS = ("kicker", "headline", "subtitle", "part_label")
_PRINTED_IN = ("publication", "volume", "issue", "pages", "rights")
#: A cell that starts like this is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def entry_json(planned: PlannedEntry) -> Values:
    """Return one planned entry in the shape of the JSON report. Absent is null."""
    values = planned.values
    return {
        "lines": [planned.entry.first_line, planned.entry.last_line],
        **{name: values.get(name) or None for name in _TEXT_FIELDS},
        "part_number": values.get("part_number"),
        "byline": values.get("byline") or None,
        "authors": [
            {"name": item["name"], "kind": item.get("kind", "person"), "role": item.get("role")}
            for item in values.get("authors") or []
        ],
        "published_on": values.get("published_on") or None,
        "standfirst": values.get("standfirst") or None,
        "series": [
            {
                "title": place["title"],
                "kind": place["kind"],
                "part_number": place.get("part_number"),
            }
            for place in values.get("series") or []
        ],
        "tags": list(dict.fromkeys([*(values.get("tags") or []), *planned.extra_tags])),
        "language": values.get("language") or None,
        "source_url": values.get("source_url") or None,
        **{name: values.get(name) or None for name in _PRINTED_IN},
        "status": planned.status or (planned.article.status if planned.article else None),
        "article": planned.article.key if planned.article else None,
        "article_version": planned.article.version if planned.article else None,
        "change": planned.change,
        "confidence": round(planned.entry.confidence, 3),
        "fields": {}
        if planned.change == CREATE
        else {name: [_plain(old), _plain(new)] for name, (old, new) in planned.fields.items()},
        "conflicts": planned.conflicts,
        "diagnostics": planned.diagnostics,
        "digest": _digest_of(planned),
    }


def canonical(value: Any) -> bytes:
    """Return *value* as JSON of one form only: equal values give equal bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _digest_of(planned: PlannedEntry) -> str | None:
    """Return a digest of what will be written for an entry, with the rows that its names lead to;
    None if its article will not be touched."""
    if not planned.fields and not planned.conflicts:
        return None
    written = [planned.status, list(planned.extra_tags), planned.fields, planned.conflicts]
    return hashlib.sha256(canonical(written)).hexdigest()[:16]


def digest(listing: Values) -> str:
    """Return the digest of one listing of the JSON report, over all of it but the digest."""
    seal = _Seal(
        {name: part for name, part in listing.items() if name not in ("digest", "entries")}
    )
    for entry in listing["entries"]:
        seal.add(entry)
    return seal.end()


class _Seal:
    """SHA-256 over ``canonical({**told, "entries": entries})``, entry by entry."""

    def __init__(self, told: Values) -> None:
        self._told, self._hash, self._mark = told, hashlib.sha256(), b"{"
        self._between = b"["
        self._update(name for name in sorted(told) if name < "entries")
        self._hash.update(self._mark + canonical("entries") + b":")
        self._mark = b","

    def add(self, entry: Values) -> None:
        self._hash.update(self._between + canonical(entry))
        self._between = b","

    def end(self) -> str:
        self._hash.update(b"[]" if self._between == b"[" else b"]")
        self._update(name for name in sorted(self._told) if name > "entries")
        self._hash.update(b"}")
        return self._hash.hexdigest()

    def _update(self, names: Iterable[str]) -> None:
        for name in names:
            self._hash.update(self._mark + canonical(name) + b":" + canonical(self._told[name]))
            self._mark = b","


def _plain(value: Any) -> Any:
    """Return a value without the ids of rows."""
    if not isinstance(value, list):
        return value
    return [
        {name: part for name, part in item.items() if name not in {"author", "series"}}
        if isinstance(item, dict)
        else item
        for item in value
    ]


def plan_json(plan: Plan) -> Values:
    """Return one planned file in the shape of the JSON report. Its entries are a sequence that
    makes each when it is asked for."""
    head, tail = listing_json(plan)
    told = {**head, "entries": Told(plan), **tail}
    return {**told, "digest": digest(told)}


class Told(Sequence[Values]):
    """The entries of a plan in the shape of the JSON report."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __len__(self) -> int:
        return len(self._plan.entries)

    def __iter__(self) -> Iterator[Values]:
        return map(entry_json, self._plan.entries)

    @overload
    def __getitem__(self, place: int) -> Values: ...
    @overload
    def __getitem__(self, place: slice) -> list[Values]: ...
    def __getitem__(self, place: int | slice) -> Values | list[Values]:
        found = self._plan.entries[place]
        return [entry_json(one) for one in found] if isinstance(found, list) else entry_json(found)


def listing_json(plan: Plan) -> tuple[Values, Values]:
    """Return what stands before and behind the entries of one file, but for its digest."""
    head = {
        "path": plan.listing.path,
        "sha256": plan.listing.sha256,
        "source": plan.source_name,
        "topic": plan.listing.topic,
        "options": plan.options.as_json(),
        "columns": list(plan.listing.columns),
    }
    tail = {
        "unclaimed_lines": list(plan.listing.unclaimed_lines),
        "diagnostics": plan_diagnostics(plan),
        "gone": [
            {
                "headline": entry.values.get("headline"),
                "published_on": entry.values.get("published_on"),
            }
            for entry in plan.gone
        ],
    }
    return head, tail


def plan_diagnostics(plan: Plan) -> list[Values]:
    """Return the doubts about the file as a whole and about several of its entries."""
    return [*plan.listing.diagnostics, *_proposals_json(plan)]


def _proposals_json(plan: Plan) -> Iterator[Values]:
    for proposal in plan.proposals:
        places = proposal["entries"]
        line = plan.entries[places[0]].entry.first_line if places else 1
        yield {
            "code": proposal["code"],
            "line": line,
            "message": proposal["message"],
            "alternatives": [],
            **{name: True for name in ("settled",) if name in proposal},
        }


def sum_totals(plans: Sequence[Plan]) -> Values:
    """Return the totals of several files."""
    totals: Values = {}
    for plan in plans:
        for name, number in plan.totals().items():
            totals[name] = totals.get(name, 0) + number
    return totals


def json_pieces(plans: Sequence[Plan]) -> Iterator[str]:
    """Yield the report as JSON text piece by piece, so that long ones take no memory."""
    yield f'{{\n  "version": {VERSION},\n  "listings": ['
    mark = "\n"
    for plan in plans:
        yield mark
        mark = ",\n"
        head, tail = listing_json(plan)
        yield f"    {{\n{_members(head, 6)},\n" + '      "entries": ['
        between = "\n"
        seal = _Seal({**head, **tail})
        for planned in plan.entries:
            entry = entry_json(planned)
            seal.add(entry)
            yield between + indent(_shown(entry), " " * 8)
            between = ",\n"
        yield "],\n" if between == "\n" else "\n      ],\n"
        yield _members({**tail, "digest": seal.end()}, 6) + "\n    }"
    yield "],\n" if mark == "\n" else "\n  ],\n"
    yield _members({"totals": sum_totals(plans)}, 2) + "\n}\n"


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _members(values: Values, spaces: int) -> str:
    """Return the members of an object as lines, without its braces."""
    return indent(_shown(values)[2:-2], " " * (spaces - 2))


def csv_pieces(plans: Sequence[Plan]) -> Iterator[str]:
    """Yield a row for each entry as CSV (RFC 4180); no cell is a formula to a spreadsheet."""
    names = (
        "path", "first_line", "last_line", "change", "published_on", "kicker", "headline",
        "subtitle", "part_label", "byline", "status", "article", "confidence", "fields",
        "diagnostics",
    )  # fmt: skip
    yield _csv_row(names)
    for plan in plans:
        for planned in plan.entries:
            row = entry_json(planned)
            row |= {
                "path": plan.listing.path,
                "first_line": planned.entry.first_line,
                "last_line": planned.entry.last_line,
                "fields": " ".join(row["fields"]),
                "diagnostics": " ".join(remark["code"] for remark in planned.diagnostics),
            }
            yield _csv_row([_cell(row[name]) for name in names])


def _csv_row(cells: Sequence[Any]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def text_pieces(plans: Sequence[Plan], *, applied: bool, every: bool = False) -> Iterator[str]:
    """Yield the report for people: what becomes public first, then what is not UNCHANGED.

    With *every*, unchanged entries too. One line for an entry, its changes and doubts below it.
    """
    return (f"{line}\n" for line in _text_lines(plans, applied=applied, every=every))


def _text_lines(plans: Sequence[Plan], *, applied: bool, every: bool) -> Iterator[str]:
    totals = sum_totals(plans)
    yield _public_line(totals["public"], applied=applied)
    for plan in plans:
        counts = plan.totals()
        shown = ", ".join(
            f"{counts[name]} {name}"
            for name in ("create", "update", "unchanged", "conflict", "review", "reject")
            if counts[name]
        )
        noun = "entry" if counts["entries"] == 1 else "entries"
        yield f"{plan.listing.path} ({plan.source_name}): {counts['entries']} {noun}"
        yield f"  {shown or 'nothing to do'}"
        yield from plan.preface()
        # What is said of the whole file may be why each of its entries is what it is.
        yield from _file_lines(plan)
        for planned in plan.entries:
            if every or planned.change != "UNCHANGED":
                yield from _entry_lines(plan, planned)
        for number in plan.listing.unclaimed_lines:
            yield f"  {plan.listing.path}:{number}: this line stands in no entry"
        for entry in plan.gone:
            values = entry.values
            yield (
                "  no longer in the listing, kept:"
                f" {values.get('published_on')} {values.get('headline')}"
            )


def _file_lines(plan: Plan) -> list[str]:
    return in_words(plan.listing.columns) + [
        f"  {plan.listing.path}:{remark['line']}: {_said(remark)}"
        for remark in plan_diagnostics(plan)
    ]


def summary(plan: Plan, shown: int = 8) -> str:
    """Return what a person should know before agreeing to *plan*: the totals, what becomes public,
    what is said of the whole file, and the first *shown* entries that touch what is in the archive
    or that wait for a decision."""
    totals = plan.totals()
    counts = ", ".join(
        f"{number} {name.replace('_', ' ')}" for name, number in totals.items() if number
    )
    lines = [
        f"{plan.listing.path} ({plan.source_name}): {counts or 'nothing to do'}",
        _public_line(totals["public"], applied=False),
        *plan.preface(),
        *_file_lines(plan)[:shown],
    ]
    telling = len(plan.entries) - totals["create"] - totals["unchanged"]
    # What waits for a decision comes before what is settled by itself.
    for planned in chain(
        islice(_of_changes(plan, WAITING), shown), islice(_of_changes(plan, [UPDATE]), shown)
    ):
        if shown:
            lines += _entry_lines(plan, planned)
            shown -= 1
            telling -= 1
    if telling:
        lines.append(f"  and {telling} more; --dry-run shows all")
    if plan.gone:
        lines.append(f"  {len(plan.gone)} no longer in the listing, kept")
    return "\n".join(lines)


def _of_changes(plan: Plan, wanted: Collection[str]) -> Iterator[PlannedEntry]:
    """Yield the entries with one of the outcomes *wanted*, if there are any."""
    if any(plan.counts[change] for change in wanted):
        yield from (planned for planned in plan.entries if planned.change in wanted)


def _public_line(count: int, *, applied: bool) -> str:
    subject = "1 article" if count == 1 else f"{count} articles"
    return f"{subject} {'became' if applied else 'would become'} public."


def _entry_lines(plan: Plan, planned: PlannedEntry) -> Iterator[str]:
    entry, values = planned.entry, planned.values
    heads = ": ".join(
        str(values[name]) for name in ("kicker", "headline", "part_label") if values.get(name)
    )
    status = " (draft)" if planned.change == CREATE and not planned.becomes_public else ""
    yield (
        f"  {planned.change:9} lines {entry.first_line}-{entry.last_line}"
        f"  {values.get('published_on') or 'no date'}  {heads[:120]}{status}"
    )
    if planned.change != CREATE:
        for name, (old, new) in planned.fields.items():
            yield f"            {name}: {_short(old)} -> {_short(new)}"
    for name, sides in planned.conflicts.items():
        source, archive = _short(sides["source"]), _short(sides["archive"])
        yield f"            {name}: listing {source}, archive {archive} (kept)"
    for remark in planned.diagnostics:
        yield (
            f"            {plan.listing.path}:{remark['line']}: {remark['code']}: {_said(remark)}"
        )


def _said(remark: Values) -> str:
    return one_stop(remark["message"]) + " (settled before)" * ("settled" in remark)


def _short(value: Any) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(
            item.get("name") or item.get("title") or "" if isinstance(item, dict) else str(item)
            for item in value
        )
    text = str(value)
    return f"“{text[:117]}…”" if len(text) > 118 else f"“{text}”"
