"""Rows under a header, wherever they come from: to entries, with every cell accounted for."""

import datetime
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from articles.cleaning import clean_block, clean_line
from articles.importing.files import UnreadableFile
from articles.importing.formats import columns as table_columns
from articles.importing.formats import fields, headers
from articles.importing.formats.columns import Told
from articles.importing.formats.context import Context, remark
from articles.importing.formats.dates import DateColumn
from articles.importing.formats.fields import Row
from articles.importing.packing import parsed_entries
from articles.importing.records import BY_CONTENT, BY_NAME, ParsedEntry, Values
from articles.importing.spool import Spool

#: Rows among which the header is looked for.
HEADER_WITHIN = 20
#: So many rows tell which column holds the dates where no name does.
_SAMPLE = 100
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


#: A row and its raw values by field.
Found = tuple[Cells, dict[str, Any]]


def rows_found() -> Spool[Found]:
    """Return an empty spool for rows: of the cells only their lines and their text are kept."""
    return Spool(_pack_row, _unpack_row)


def _pack_row(found: Found) -> Any:
    cells, raw = found
    values = {
        name: (type(value) is datetime.date, value.isoformat())
        if isinstance(value, datetime.date)
        else value
        for name, value in raw.items()
    }
    return cells.first_line, cells.last_line, cells.text, values


def _unpack_row(packed: Any) -> Found:
    first, last, text, values = packed
    for name, value in values.items():
        if isinstance(value, tuple):
            kind = datetime.date if value[0] else datetime.datetime
            values[name] = kind.fromisoformat(value[1])
    return Cells((), first, last, text), values


@dataclass(slots=True)
class Table:
    """What a table holds: entries, lines outside them, remarks on the whole, and its columns."""

    entries: Spool[ParsedEntry]
    unclaimed_lines: list[int]
    remarks: list[Values]
    columns: list[Values]


def header_place(rows: Sequence[Cells], told: Told = table_columns.NOTHING) -> int | None:
    """Return which of the first *rows* names the columns; None if none does."""
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        names = _texts(row.cells)
        if headers.is_header(names, told.fields(names)):
            return place
    return None


def refuse_sheet(path: str, rows: Sequence[Cells]) -> None:
    """Refuse a sheet that the archive wrote to be edited: by its words alone it would make new
    articles of those that were changed. Raises `UnreadableFile`."""
    first = _texts(rows[0].cells)[:2] if rows else []
    if len(first) == 2 and first[0].startswith("key") and first[1] == "version":
        raise UnreadableFile(
            f"{path}: this is a sheet of articles from the archive. Its changes are taken in on the"
            " list of articles, under “Take in a sheet”"
        )


def read_table(rows: Iterable[Cells], header: int, context: Context, start: int = 0) -> Table:
    """Return the entries of *rows*, whose columns row *header* names; ordinals from *start*.

    *rows* are gone through once.
    """
    waiting = iter(rows)
    unclaimed = [
        number
        for row in islice(waiting, header)
        if not row.is_blank()
        for number in range(row.first_line, row.last_line + 1)
    ]
    first = next(waiting)
    names = _texts(first.cells)
    said = context.columns.said(names)
    columns = headers.mapping(names, {place: field for place, (field, _) in said.items()})
    sample = list(islice(waiting, _SAMPLE))
    waiting = chain(sample, waiting)
    settled = columns.keys() | said.keys()
    dated = None if "published_on" in columns.values() else _dated(sample, settled, names, context)
    if dated is not None:
        columns[dated] = "published_on"
    unknown = [place for place in range(len(names)) if place not in settled and place != dated]
    filled = dict.fromkeys(unknown, 0)
    wide = wide_line = 0
    found = rows_found()
    for row in waiting:
        for place in unknown[:_NAMED]:
            if place < len(row.cells) and str(row.cells[place] or "").strip():
                filled[place] += 1
        if row.is_blank() or _texts(row.cells) == names:
            continue
        found.append((row, _raw(row.cells, columns)))
        if _has_more(row.cells, len(names)):
            wide, wide_line = wide + 1, wide_line or row.first_line
    remarks = _unknown_columns(names, filled, first.first_line)
    if dated is not None:
        remarks.append(
            remark(
                "column-taken",
                f"The column “{clean_line(names[dated], 80) or dated + 1}” is read as the date:"
                " it holds nothing else.",
                first.first_line,
            )
        )
    if wide:
        remarks.append(
            remark(
                "row-too-long",
                f"{wide} rows have cells beyond the last column named; they are not imported.",
                wide_line,
            )
        )
    entries, more = entries_of(found, context, start)
    how = {place: BY_CONTENT if place == dated else BY_NAME for place in columns}
    how |= {place: told for place, (_, told) in said.items()}
    return Table(entries, unclaimed, remarks + more, _columns(names, columns, how, sample))


def _columns(
    names: Sequence[str],
    fields_of: Mapping[int, str],
    how: Mapping[int, str],
    sample: Sequence[Cells],
) -> list[Values]:
    """Return what every column is called, read as and why, and the first cell that it has."""
    found: list[Values] = []
    for place, label in enumerate(table_columns.labels(names)):
        cells = (row.cells[place] for row in sample if place < len(row.cells))
        text = next((str(cell) for cell in cells if cell is not None and str(cell).strip()), "")
        found.append(table_columns.column(label, fields_of.get(place), how.get(place), text))
    return found


def _dated(
    sample: Sequence[Cells], settled: Set[int], names: Sequence[str], context: Context
) -> int | None:
    """Return the one column of no known name that holds dates, whole ones, in nearly every row of
    *sample* and nothing else; None if it is none or several."""
    found = []
    full = [row for row in sample if not row.is_blank() and _texts(row.cells) != names]
    for place in range(len(names)):
        cells = [row.cells[place] for row in full if place < len(row.cells)]
        cells = [cell for cell in cells if cell is not None and str(cell).strip()]
        column = DateColumn(context.zone)
        is_full = len(cells) * 2 > len(full) > 1
        if place not in settled and is_full and all(map(column.is_day, cells)):
            found.append(place)
    return found[0] if len(found) == 1 else None


def entries_of(
    found: Sequence[Found], context: Context, start: int = 0
) -> tuple[Spool[ParsedEntry], list[Values]]:
    """Return entries of rows with their raw values by field, and remarks on the whole."""
    stated: set[str] = set()
    column = DateColumn(context.zone)
    for cells, raw in found:
        stated.update(raw)
        column.look(raw.get("published_on"), cells.first_line)
    entries, numbered = parsed_entries(), set[str]()
    for place, (cells, raw) in enumerate(found):
        row = Row(cells.first_line, raw)
        row.values["published_on"], row.remarks = column.date(raw.get("published_on"), row.line)
        fields.fill(row, stated)
        numbered |= fields.numbered_series(row.values)
        entries.append(
            ParsedEntry(
                ordinal=start + place,
                first_line=cells.first_line,
                last_line=cells.last_line,
                text=clean_block(cells.text),
                values=row.values,
                confidence=0.5 if row.remarks else 1.0,
                diagnostics=tuple(row.remarks),
            )
        )
        if place % 1000 == 0:
            context.tell(place, len(found))
    return (_numbered(entries, numbered) if numbered else entries), column.remarks()


def _numbered(entries: Spool[ParsedEntry], numbered: set[str]) -> Spool[ParsedEntry]:
    again = parsed_entries()
    for entry in entries:
        fields.number_series(entry.values, numbered)
        again.append(entry)
    return again


def _raw(cells: Sequence[Any], columns: dict[int, str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for place, field in columns.items():
        value = cells[place] if place < len(cells) else None
        if value is None or not str(value).strip():
            continue
        raw[field] = f"{raw[field]}; {value}" if field in raw else value
    return raw


def _unknown_columns(names: Sequence[str], filled: Mapping[int, int], line: int) -> list[Values]:
    """Return remarks on the columns that are not known, *filled* as often as it says by place."""
    unknown = list(filled)
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
