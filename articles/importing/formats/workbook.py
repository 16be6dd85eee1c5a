"""XLSX workbooks (ECMA-376): every sheet with a header row, cells as they were stored."""

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

from articles.importing.files import MAX_BYTES, Content, UnreadableFile
from articles.importing.formats import archives, tables
from articles.importing.formats.archives import ArchiveProblem
from articles.importing.formats.columns import SAY_SO
from articles.importing.formats.context import Context, listing_of, remark
from articles.importing.formats.tables import Cells
from articles.importing.records import ParsedEntry, ParsedListing, Values

#: Most cells that are read, empty ones inside a row included.
_MOST_CELLS = 5_000_000
_MOST_SHEETS = 200
MISTAKES = (
    zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError,
    IndexError, SyntaxError, OSError, EOFError, OverflowError, RecursionError, NotImplementedError,
    AssertionError,
)  # fmt: skip


def read(content: Content, context: Context) -> ParsedListing:
    """Return a workbook as a listing: a line is a row, those of later sheets counted on.

    Formulas stand for the values that were stored with them. Raises `UnreadableFile`.
    """
    if not archives.is_workbook(content.data):
        raise UnreadableFile(f"{content.path}: this is no XLSX workbook, or a damaged one")
    try:
        archives.check(content.data, MAX_BYTES)
        sheets = [(title, list(rows)) for title, rows in sheets_of(content)]
    except ArchiveProblem as error:
        raise UnreadableFile(f"{content.path}: {error}") from error
    except MISTAKES as error:
        raise UnreadableFile(f"{content.path}: the workbook cannot be read: {error}") from error
    entries: list[ParsedEntry] = []
    unclaimed: list[int] = []
    remarks: list[Values] = []
    columns: list[Values] = []
    line_count = read_sheets = 0
    for title, rows in sheets:
        offset, line_count = line_count, line_count + (rows[-1].last_line if rows else 0)
        rows = [
            Cells(row.cells, row.first_line + offset, row.last_line + offset, row.text)
            for row in rows
        ]
        header = tables.header_place(rows, context.columns)
        tables.refuse_sheet(content.path, rows)
        if header is None:
            if any(not row.is_blank() for row in rows):
                message = f"The sheet “{title}” has no row that names columns; it is left out."
                remarks.append(remark("sheet-without-header", message, offset + 1))
            continue
        table = tables.read_table(rows, header, context, start=len(entries))
        if read_sheets and offset:
            message = f"Row 1 of the sheet “{title}” is counted as line {offset + 1}."
            remarks.append(remark("sheet", message, offset + 1))
        read_sheets += 1
        entries += table.entries
        unclaimed += table.unclaimed_lines
        remarks += table.remarks
        columns += table.columns
    if not read_sheets:
        raise UnreadableFile(
            f"{content.path}: no sheet has a row that names columns: one must be the headline's,"
            f" and one more must be known; {SAY_SO}"
        )
    context.columns.check(column["header"] for column in columns)
    return listing_of(
        content,
        "xlsx",
        entries,
        encoding="utf-8",
        line_count=line_count,
        unclaimed_lines=unclaimed,
        diagnostics=remarks,
        columns=columns,
    )


def sheets_of(content: Content) -> Iterator[tuple[str, Iterator[Cells]]]:
    """Yield the sheets by name, with the rows that hold anything: to be read one after another."""
    # Here, since every process of the archive would be the later for it, and few read a workbook.
    import openpyxl

    with warnings.catch_warnings():
        # What openpyxl does not keep (styles, extensions) is nothing that is read here.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(
            io.BytesIO(content.data), read_only=True, data_only=True, keep_links=False
        )
        try:
            budget = [_MOST_CELLS]
            if len(book.worksheets) > _MOST_SHEETS:
                raise ValueError(f"more than {_MOST_SHEETS} sheets")
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                yield str(sheet.title), _rows(sheet, budget)
        finally:
            book.close()


def _rows(sheet: Any, budget: list[int]) -> Iterator[Cells]:
    """Yield the rows of a sheet that hold anything; *budget* are the cells that may be left."""
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        budget[0] -= len(values) + 1
        if budget[0] < 0:
            raise ValueError(f"more than {_MOST_CELLS:,} cells")
        if any(value is not None for value in values):
            cells = [_cell(value) for value in values]
            text = "\t".join("" if cell is None else str(cell) for cell in cells)
            yield Cells(cells, number, number, text)


def _cell(value: Any) -> Any:
    """Return a cell as text, or as the date it is; whole numbers without a fraction."""
    if isinstance(value, datetime.datetime):
        is_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date() if is_day else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value if value is None or isinstance(value, datetime.date) else str(value)
