"""An XLSX workbook (ECMA-376) written as it is sent: no row is kept in memory or on disk.

Every cell is a text by its type, so that nothing in it is ever run as a formula, and carries the
mark that keeps it one when somebody edits it (``quotePrefix``).
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

#: Rows of one sheet, and bytes of its XML: programs read 1,048,576 rows, and ZIP without its
#: 64-bit additions, which not all of them read, 2 GiB.
MOST_ROWS, MOST_BYTES = 1_000_000, 2**30
#: Characters that XML cannot hold, and the notation that Excel reads as one of them.
_UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOTATION = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MEANT = re.compile(r"_x([0-9A-Fa-f]{4})_")

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/>'
    '<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/>'
    "<right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    # Format 49 is text: what is typed into an empty cell of the column stays what it is.
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1"'
    ' applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0"'
    ' applyFont="1" applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class _Pipe:
    """What the archive writes to, and the response reads from."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def take(self) -> bytes:
        """Return what was written since."""
        data, self.pieces = b"".join(self.pieces), []
        return data


def written(text: str) -> str:
    """Return *text* as the XML of a cell holds it."""
    return escape(_NOTATION.sub("_x005F_", _UNFIT.sub("", text)))


def meant(text: str) -> str:
    """Return what a cell with this *text* says, see `written`; what XML cannot hold is nothing."""
    if "_x" not in text:
        return text
    return _MEANT.sub(lambda found: _UNFIT.sub("", chr(int(found[1], 16))), text)


def letters(place: int) -> str:
    """Return the letters of a column: A for 0, AA for 26."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _row(number: int, texts: Sequence[str], names: Sequence[str], style: int) -> str:
    cells = "".join(
        f'<c r="{names[place]}{number}" s="{style}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{written(text)}</t></is></c>'
        for place, text in enumerate(texts)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


def workbook(
    title: str, header: Sequence[str], widths: Sequence[int], chunks: Iterable[Sequence[Any]]
) -> Iterator[bytes]:
    """Yield a workbook, piece by piece: the *header* and the rows of *chunks*, lists of texts.

    *widths* are those of the columns in characters. What one sheet cannot hold goes on in another.
    """
    pipe = _Pipe()
    names = [letters(place) for place in range(len(header))]
    source = iter(chunks)
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:  # type: ignore[call-overload]
        sheets, rows = 0, next(source, ())
        while rows or not sheets:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as part:
                _begin(part, header, names, widths)
                number, size = 1, 0
                while rows and number < MOST_ROWS and size < MOST_BYTES:
                    text = "".join(
                        _row(number + place, texts, names, 1)
                        for place, texts in enumerate(rows, start=1)
                    ).encode()
                    part.write(text)
                    number, size, rows = number + len(rows), size + len(text), next(source, ())
                    if data := pipe.take():
                        yield data
                part.write(b"</sheetData></worksheet>")
        for name, xml in _frame(title, sheets).items():
            archive.writestr(name, xml)
    yield pipe.take()


def _begin(
    part: IO[bytes], header: Sequence[str], names: Sequence[str], widths: Sequence[int]
) -> None:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" style="1" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    part.write(
        (
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
            + _row(1, header, names, 2)
        ).encode()
    )


def _frame(title: str, sheets: int) -> dict[str, str]:
    """Return the parts that say what the others are."""
    numbers = range(1, sheets + 1)
    entries = "".join(
        f'<sheet name="{written(title)}{"" if number == 1 else f" {number}"}" sheetId="{number}"'
        f' r:id="rId{number}"/>'
        for number in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    links += f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml"'
        f' ContentType="{_TYPE}.worksheet+xml"/>'
        for number in numbers
    )
    return {
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{links}</Relationships>",
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{types}</Types>',
    }
