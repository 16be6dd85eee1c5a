"""A sheet that somebody gives back, read: rows of texts under the headings of `cells`."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from articles.importing.files import MAX_BYTES, Content, UnreadableFile, text_of
from articles.importing.formats import archives
from articles.importing.formats.archives import ArchiveProblem
from articles.sheets import cells
from articles.sheets.workbook import meant

if TYPE_CHECKING:
    from articles.importing.formats.tables import Cells

_KNOWN = frozenset(cells.columns(with_body=True))
#: Lines of a file: a body may have many, and each takes memory, though it be empty.
_MOST_LINES = 5_000_000
_NO_SHEET = (
    "this is no sheet that the archive wrote: its first row must name the columns “key” and"
    " “version” and at least one more"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it stands in the file, and its texts by column."""

    number: int
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """What a sheet holds. ``unknown`` are headings that mean nothing here."""

    lines: Sequence[Line]
    names: Sequence[str]
    unknown: Sequence[str]


def read(name: str, data: bytes, most: int) -> Read:
    """Return what the file *name* with this *data* holds. Raises `UnreadableFile`.

    Beyond *most* lines one more is returned and no further one is read.
    """
    content = Content(name, data, name[name.rfind(".") :].lower() if "." in name else "")
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"{name}: more than {MAX_BYTES // 2**20} MB")
    lines: list[Line] = []
    names: dict[str, None] = {}
    unknown: dict[str, None] = {}
    is_sheet = False
    for rows in _tables(content):
        first = next(rows, None)
        header = [_heading(cell) for cell in first.cells] if first is not None else []
        if first is None or not _is_header(header):
            continue
        is_sheet = True
        guards = _text(first.cells[header.index(cells.KEY)]).strip().lower() == cells.GUARDED
        names |= dict.fromkeys(one for one in header if one in _KNOWN)
        unknown |= dict.fromkeys(one for one in header if one and one not in _KNOWN)
        if doubled := sorted({one for one in header if one in _KNOWN and header.count(one) > 1}):
            raise UnreadableFile(f"{name}: the column “{doubled[0]}” stands there twice")
        lines += islice(_lines(rows, header, guards=guards), most + 1 - len(lines))
        if len(lines) > most:
            break
    if not is_sheet:
        raise UnreadableFile(f"{name}: {_NO_SHEET}")
    return Read(lines, list(names), list(unknown))


def _lines(rows: Iterable["Cells"], header: Sequence[str], *, guards: bool) -> Iterator[Line]:
    for row in rows:
        if row.is_blank():
            continue
        texts = {}
        for place, column in enumerate(header):
            if column in _KNOWN:
                text = _text(row.cells[place]) if place < len(row.cells) else ""
                texts[column] = cells.plain(cells.unguarded(text) if guards else text)
        yield Line(row.first_line, texts)


def _tables(content: Content) -> "Iterator[Iterator[Cells]]":
    """Yield the tables of a file: the sheets of a workbook, or the one of a CSV file."""
    # Not imported with the site: see `importing.reading`.
    from articles.importing.formats import delimited
    from articles.importing.formats import workbook as workbooks

    if archives.is_workbook(content.data):
        try:
            archives.check(content.data, MAX_BYTES)
            for _title, rows in workbooks.sheets_of(content):
                yield map(_as_meant, rows)
        except ArchiveProblem as error:
            raise UnreadableFile(f"{content.path}: {error}") from error
        except workbooks.MISTAKES as error:
            raise UnreadableFile(f"{content.path}: the workbook cannot be read: {error}") from error
        return
    if content.data.count(b"\n") > _MOST_LINES:
        raise UnreadableFile(f"{content.path}: more than {_MOST_LINES:,} lines")
    lines = text_of(content).lines
    for delimiter in delimited.DELIMITERS:
        rows = delimited.rows_of(content.path, lines, delimiter)
        first = next(rows, None)
        if first is not None and _is_header([_heading(cell) for cell in first.cells]):
            yield chain([first], rows)
            return


def _as_meant(row: "Cells") -> "Cells":
    return replace(row, cells=[_meant(cell) for cell in row.cells], text="")


def _meant(cell: Any) -> Any:
    return meant(cell) if isinstance(cell, str) else cell


def _heading(cell: Any) -> str:
    text = _text(cell).strip().lower()
    return cells.KEY if text == cells.GUARDED else text


def _is_header(header: Sequence[str]) -> bool:
    return {cells.KEY, cells.VERSION} <= set(header) and len(_KNOWN & set(header)) > 2


def _text(cell: Any) -> str:
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return "" if cell is None else str(cell)
