"""CSV and TSV: RFC 4180 as programs write it, with any of the usual separators."""

import csv
from collections.abc import Iterator

from articles.importing.files import Content, TextFile, UnreadableFile, text_of
from articles.importing.formats import headers, tables
from articles.importing.formats.context import Context, listing_of, text_remarks
from articles.importing.formats.tables import Cells
from articles.importing.records import ParsedListing

_DELIMITERS = ",;\t|"
#: Most cells of a row; a row of more is no row of a listing.
_MOST_CELLS = 2000
_NO_HEADER = (
    "no row names the columns: one must be the headline's (headline, title, Titel, titre, título,"
    " titolo, заголовок), and one more must be known"
)

# One cell may hold a body; the module's own limit of 128 KiB is for the whole process.
csv.field_size_limit(2**27)


def delimiter_of(file: TextFile) -> str | None:
    """Return what parts the cells of *file*, or None if no row among the first names columns."""
    best: tuple[int, str] | None = None
    for delimiter in _DELIMITERS:
        for cells in _first_rows(file.lines, delimiter):
            if headers.is_header(cells):
                known = len(headers.mapping(cells))
                if best is None or known > best[0]:
                    best = known, delimiter
                break
    return best[1] if best else None


def _first_rows(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    # A line of a megabyte names no columns, and a quote may swallow the file: look at little.
    start = [line[:20_000] for line in lines[: tables.HEADER_WITHIN + 5]]
    try:
        yield from csv.reader([f"{line}\n" for line in start], delimiter=delimiter)
    except csv.Error:
        return


def read(content: Content, context: Context) -> ParsedListing:
    """Return a table of separated values as a listing. Raises `UnreadableFile`."""
    file = text_of(content)
    delimiter = delimiter_of(file)
    if delimiter is None:
        raise UnreadableFile(f"{content.path}: {_NO_HEADER}")
    rows = list(_rows(content.path, file.lines, delimiter))
    header = tables.header_place(rows)
    if header is None:
        raise UnreadableFile(f"{content.path}: {_NO_HEADER}")
    table = tables.read_table(rows, header, context)
    return listing_of(
        content,
        "tsv" if delimiter == "\t" else "csv",
        table.entries,
        encoding=file.encoding,
        line_count=len(file.lines),
        unclaimed_lines=table.unclaimed_lines,
        diagnostics=[*text_remarks(file), *table.remarks],
    )


def _rows(path: str, lines: list[str], delimiter: str) -> Iterator[Cells]:
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    start = 0
    try:
        for cells in reader:
            last = reader.line_num
            if len(cells) > _MOST_CELLS:
                raise UnreadableFile(
                    f"{path}:{start + 1}: a row of {len(cells):,} cells; at most {_MOST_CELLS:,}"
                )
            if last == len(lines) and last > start:
                _check_closed(path, lines[start:last], start + 1, delimiter)
            yield Cells(cells, start + 1, last, "\n".join(lines[start:last]))
            start = last
    except csv.Error as error:
        raise UnreadableFile(f"{path}:{start + 1}: {error}") from error


def _check_closed(path: str, lines: list[str], number: int, delimiter: str) -> None:
    """Refuse a file whose last row ends inside quotation marks: it is cut off, or swallowed."""
    try:
        for _ in csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise UnreadableFile(
                f"{path}:{number}: a quotation mark opens here and none closes it: the file is cut"
                " off or damaged"
            ) from error
