"""CSV and TSV: RFC 4180 as programs write it, with any of the usual separators."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from articles.importing.files import Content, UnreadableFile
from articles.importing.formats import headers, tables
from articles.importing.formats.columns import NOTHING, SAY_SO, Told
from articles.importing.formats.context import Context, listing_of, text_remarks
from articles.importing.formats.tables import Cells
from articles.importing.lines import MAX_LINE, lines_of
from articles.importing.records import ParsedListing

DELIMITERS = ",;\t|"
#: Most cells of a row; a row of more is no row of a listing.
_MOST_CELLS = 2000
_NO_HEADER = (
    "no row names the columns: one must be the headline's (headline, title, Titel, titre, título,"
    f" titolo, заголовок), and one more must be known; {SAY_SO}"
)

_TOO_LONG = (
    f"a cell of more than {MAX_LINE:,} characters; a quotation mark that opens may lack its end"
)
#: Lines among which the row that names the columns begins.
_BEGINNING = tables.HEADER_WITHIN + 5

# One cell may hold a body; the module's own limit of 128 KiB is for the whole process.
csv.field_size_limit(MAX_LINE)


def delimiter_of(lines: Sequence[str], told: Told = NOTHING) -> str | None:
    """Return what parts the cells of *lines*, the first of a file; None if none names columns."""
    best: tuple[int, str] | None = None
    for delimiter in DELIMITERS:
        for cells in _first_rows(lines, delimiter):
            said = told.fields(cells)
            if headers.is_header(cells, said):
                known = len(headers.mapping(cells, said))
                if best is None or known > best[0]:
                    best = known, delimiter
                break
    return best[1] if best else None


def _first_rows(lines: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    # A line of a megabyte names no columns, and a quote may swallow the file: look at little.
    start = [line[:20_000] for line in lines[:_BEGINNING]]
    try:
        yield from csv.reader([f"{line}\n" for line in start], delimiter=delimiter)
    except csv.Error:
        return


def read(content: Content, context: Context) -> ParsedListing:
    """Return a table of separated values as a listing. Raises `UnreadableFile`.

    Of a `lines.Beginning` the whole file is read, line by line.
    """
    lines = lines_of(content)
    delimiter = delimiter_of(list(islice(lines, _BEGINNING)), context.columns)
    if delimiter is None:
        raise UnreadableFile(f"{content.path}: {_NO_HEADER}")
    first = list(islice(rows_of(content.path, lines, delimiter), tables.HEADER_WITHIN))
    tables.refuse_sheet(content.path, first)
    header = tables.header_place(first, context.columns)
    if header is None:
        raise UnreadableFile(f"{content.path}: {_NO_HEADER}")
    table = tables.read_table(rows_of(content.path, lines, delimiter), header, context)
    context.columns.check(column["header"] for column in table.columns)
    return listing_of(
        lines,
        "tsv" if delimiter == "\t" else "csv",
        table.entries,
        encoding=lines.encoding,
        line_count=len(lines),
        unclaimed_lines=table.unclaimed_lines,
        diagnostics=[*text_remarks(lines), *table.remarks],
        columns=table.columns,
    )


def rows_of(path: str, lines: Iterable[str], delimiter: str) -> Iterator[Cells]:
    """Yield the rows of separated values. Raises `UnreadableFile`."""
    taken: list[str] = []

    def told() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield f"{line}\n"

    reader = csv.reader(told(), delimiter=delimiter)
    row: Cells | None = None
    start = 0
    try:
        for cells in reader:
            if row is not None:
                yield row
            if len(cells) > _MOST_CELLS:
                raise UnreadableFile(
                    f"{path}:{start + 1}: a row of {len(cells):,} cells; at most {_MOST_CELLS:,}"
                )
            row = Cells(cells, start + 1, reader.line_num, "\n".join(taken))
            start = reader.line_num
            taken.clear()
    except csv.Error as error:
        reason = _TOO_LONG if "field larger" in str(error) else error
        raise UnreadableFile(f"{path}:{start + 1}: {reason}") from error
    if row is not None:
        _check_closed(path, row.text.split("\n"), row.first_line, delimiter)
        yield row


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
