"""Rows under a header, wherever they come from: to entries, with every cell accounted for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from articles.cleaning import clean_block, clean_line
from articles.importing.formats import fields, headers
from articles.importing.formats.context import Context, remark
from articles.importing.formats.dates import DateColumn
from articles.importing.formats.fields import Row
from articles.importing.records import ParsedEntry, Values

#: Rows among which the header is looked for.
HEADER_WITHIN = 20
#: Columns that are not imported and are named one by one.
_NAMED = 50


@dataclass(frozen=True, slots=True)
class Cells:
    """A row as it stands in its file: its cells, its lines and its text."""

    cells: Sequence[Any]
    first_line: int
    last_line: int
    text: str

    def is_blank(self) -> bool:
        return not any(cell is not None and str(cell).strip() for cell in self.cells)


@dataclass(slots=True)
class Table:
    """What a table holds: entries, lines outside them, and remarks on the whole."""

    entries: list[ParsedEntry]
    unclaimed_lines: list[int]
    remarks: list[Values]


def header_place(rows: Sequence[Cells]) -> int | None:
    """Return which of the first *rows* names the columns; None if none does."""
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        if headers.is_header(_texts(row.cells)):
            return place
    return None


def read_table(rows: Sequence[Cells], header: int, context: Context, start: int = 0) -> Table:
    """Return the entries of *rows*, whose columns row *header* names; ordinals from *start*."""
    names = _texts(rows[header].cells)
    columns = headers.mapping(names)
    line = rows[header].first_line
    remarks = _unknown_columns(names, columns, rows[header + 1 :], line)
    unclaimed = [
        number
        for row in rows[:header]
        if not row.is_blank()
        for number in range(row.first_line, row.last_line + 1)
    ]
    found: list[tuple[Cells, dict[str, Any]]] = []
    for row in rows[header + 1 :]:
        if row.is_blank() or _texts(row.cells) == names:
            continue
        found.append((row, _raw(row.cells, columns)))
    wide = [row.first_line for row, _ in found if _has_more(row.cells, len(names))]
    if wide:
        remarks.append(
            remark(
                "row-too-long",
                f"{len(wide)} rows have cells beyond the last column named; they are not imported.",
                wide[0],
            )
        )
    entries, more = entries_of(found, context, start)
    return Table(entries, unclaimed, remarks + more)


def entries_of(
    found: Sequence[tuple[Cells, dict[str, Any]]], context: Context, start: int = 0
) -> tuple[list[ParsedEntry], list[Values]]:
    """Return entries of rows with their raw values by field, and remarks on the whole."""
    rows = [Row(cells.first_line, raw) for cells, raw in found]
    stated = frozenset(name for row in rows for name in row.raw)
    column = DateColumn(context.zone)
    dates = column.read([(row.raw.get("published_on"), row.line) for row in rows])
    for place, (row, (date, doubts)) in enumerate(zip(rows, dates, strict=True)):
        row.values["published_on"] = date
        row.remarks += doubts
        fields.fill(row, stated)
        if place % 1000 == 0:
            context.tell(place, len(rows))
    fields.number_series(rows)
    entries = [
        ParsedEntry(
            ordinal=start + place,
            first_line=cells.first_line,
            last_line=cells.last_line,
            text=clean_block(cells.text),
            values=row.values,
            confidence=0.5 if row.remarks else 1.0,
            diagnostics=tuple(row.remarks),
        )
        for place, ((cells, _), row) in enumerate(zip(found, rows, strict=True))
    ]
    return entries, column.remarks


def _raw(cells: Sequence[Any], columns: dict[int, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for place, field in columns.items():
        value = cells[place] if place < len(cells) else None
        if value is None or not str(value).strip():
            continue
        raw[field] = f"{raw[field]}; {value}" if field in raw else value
    return raw


def _unknown_columns(
    names: Sequence[str], columns: dict[int, str], rows: Iterable[Cells], line: int
) -> list[Values]:
    unknown = [place for place in range(len(names)) if place not in columns]
    filled = dict.fromkeys(unknown, 0)
    for row in rows:
        for place in unknown[:_NAMED]:
            if place < len(row.cells) and str(row.cells[place] or "").strip():
                filled[place] += 1
    found = [
        remark(
            "column-unknown",
            f"The column “{clean_line(names[place], 80) or place + 1}” is not imported;"
            f" {filled[place]} rows have a value in it.",
            line,
        )
        for place in unknown[:_NAMED]
        if names[place].strip() or filled[place]
    ]
    if len(unknown) > _NAMED:
        more = f"{len(unknown) - _NAMED} more columns are not imported."
        found.append(remark("column-unknown", more, line))
    return found


def _texts(cells: Sequence[Any]) -> list[str]:
    return ["" if cell is None else clean_line(str(cell)) for cell in cells]


def _has_more(cells: Sequence[Any], width: int) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells[width:])
