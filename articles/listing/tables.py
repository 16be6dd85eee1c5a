"""Tables: a line that heads the columns, and one row for each entry below it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from articles.listing.by_line import Reading, Remark, Unit
from articles.listing.bylines import read_byline
from articles.listing.dates import PrintedDate, shifted, whole_date
from articles.listing.labelled_text import split_list
from articles.listing.markup import without_marks
from articles.listing.records import SpanRole
from articles.listing.reference_names import names_of
from articles.listing.table_cells import SIGNS, Cell, cells_of, is_open, is_rule
from articles.listing.table_columns import are_inverted, columns_of

NAME = "table"
#: Lines above the head at most; fewest rows, and least share of lines below that are rows.
_MOST_ABOVE, _FEWEST, _LEAST = 8, 3, 0.7
#: Most lines of one row, where a cell in quotation marks holds several; longest row.
_MOST_LINES, _LONGEST = 40, 60_000
_LONGEST_HEAD = 600
_ROLES: dict[str, SpanRole] = {
    "kicker": "kicker", "headline": "headline", "subtitle": "subtitle", "part": "part_label",
    "byline": "byline", "date": "date", "month": "date", "day": "date", "standfirst": "standfirst",
    "publication": "publication", "volume": "volume", "issue": "issue", "pages": "pages",
    "rights": "rights", "tags": "tags", "language": "language", "link": "link",
}  # fmt: skip
_ROW_UNSURE = "The fields of this line are parted otherwise than those of most lines."


@dataclass(frozen=True, slots=True)
class Table:
    """The grammar of a table: the sign between cells, the head, the field of each column."""

    sign: str = "\t"
    head: str = ""
    columns: tuple[str, ...] = ()
    inverted: bool = False
    name: str = NAME

    def units(self, lines: Iterable[str]) -> Iterator[Unit]:
        """Yield rows; one with an open quotation mark goes on until it is closed."""
        held: list[tuple[int, str]] = []
        for number, text in enumerate(lines, 1):
            if held:
                held.append((number, text))
                joined = "\n".join(part for _, part in held)
                if not is_open(joined, self.sign):
                    yield Unit.of(held, "\n", strip=False)
                    held = []
                elif len(held) >= _MOST_LINES or len(joined) > _LONGEST:
                    yield from self._apart(held)
                    held = []
            elif not text or text.isspace():
                continue
            elif len(text) <= _LONGEST and is_open(text, self.sign):
                held.append((number, text))
            else:
                yield Unit.of([(number, text)], strip=False)
        yield from self._apart(held)

    @staticmethod
    def _apart(held: Sequence[tuple[int, str]]) -> Iterator[Unit]:
        for each in held:
            if each[1].strip():
                yield Unit.of([each], strip=False)

    def read(self, text: str, day_first: bool | None) -> Reading | None:
        if len(text) > _LONGEST or self.is_furniture(text) or not self.columns:
            return None
        cells = cells_of(without_marks(text) if self.sign == "|" else text, self.sign)
        while len(cells) > len(self.columns) and not cells[-1].value:
            cells.pop()
        if len(cells) < 2 or len(cells) > 2 * len(self.columns):
            return None
        reading = Reading([])
        said: dict[str, Cell] = {}
        for place, cell in enumerate(cells):
            name = self.columns[place] if place < len(self.columns) else ""
            if cell.end > cell.start:
                reading.pieces.append((cell.start, cell.end, _ROLES.get(name, "furniture")))
                if name and cell.value.strip():
                    said[name] = cell
        if "headline" not in said or not any(map(str.isalnum, said["headline"].value)):
            return None
        opened = any(cell.value[:1] == '"' and cell.value.count('"') % 2 for cell in cells)
        if opened or len(cells) > len(self.columns) or len(cells) < _needed(self.columns):
            reading.remarks.append(Remark("row-unsure", _ROW_UNSURE))
        reading.date = _date(said, day_first)
        if reading.date is None and "date" in said:
            message = f"“{said['date'].value[:80]}” is not read as a date."
            reading.remarks.append(Remark("date-unreadable", message))
        for name, cell in said.items():
            if name not in ("date", "month", "day", "tags"):
                reading.values[_ROLES[name]] = cell.value.strip()
        if "tags" in said:
            reading.tags = tuple(split_list(said["tags"].value.replace(",", ";")))
        if "byline" in said:
            self._credit(reading, said["byline"].value.strip())
        return reading

    def _credit(self, reading: Reading, byline: str) -> None:
        """Read the credits where the table puts last names first: `read_byline` cannot know."""
        names = names_of(byline, turned=True) if self.inverted else None
        if names is not None and names.sure and names.credits:
            reading.credits = names.credits
            return
        found = read_byline(byline)
        reading.credits = found.credits
        reading.remarks += [
            Remark(each.code, each.message, each.alternatives) for each in found.diagnostics
        ]

    def is_furniture(self, text: str) -> bool:
        """Tell whether *text* is the head, here or again, or the rule below it."""
        stripped = text.strip()
        if stripped == self.head:
            return True
        return not any(map(str.isalnum, stripped)) and is_rule(cells_of(text, self.sign))


def _needed(columns: Sequence[str]) -> int:
    """Return how many cells a row has at least: up to the headline, and one more."""
    return max(2, min(len(columns), columns.index("headline") + 1))


def _date(said: Mapping[str, Cell], day_first: bool | None) -> PrintedDate | None:
    """Return the date of a row, put together where its parts have columns of their own."""
    if "date" not in said:
        return None
    cell = said["date"]
    text, month, day = (
        said[name].value.strip() if name in said else "" for name in ("date", "month", "day")
    )
    if month:
        of_figures = month.isdigit() and text.isdigit() and (day.isdigit() or not day)
        whole = f"{day} {month} {text}".strip()
        if of_figures:
            whole = "-".join([text, month.zfill(2), *([day.zfill(2)] if day else [])])
        date = whole_date(whole, day_first)
        if date is not None:
            return PrintedDate(date.year, date.month, date.day, cell.start, cell.end, date.possible)
    date = whole_date(text, day_first)
    return shifted(date, cell.start) if date is not None else None


def table_of(sample: Sequence[str], *, forced: bool = False) -> Table | None:
    """Return the grammar of the table that *sample*, the beginning of a file, is; else None."""
    shown = [text for text in sample if text and not text.isspace()]
    for place, text in enumerate(shown[: _MOST_ABOVE + 1]):
        if len(text) > _LONGEST_HEAD:
            continue
        for sign in SIGNS:
            if sign not in text:
                continue
            columns = columns_of([cell.value.strip("*_ ") for cell in cells_of(text, sign)])
            if columns is None:
                continue
            table = Table(sign, text.strip(), tuple(columns))
            found = _fitting(table, shown[place + 1 :])
            if found is not None or forced:
                return found or table
    return Table() if forced else None


def _fitting(table: Table, below: Sequence[str]) -> Table | None:
    """Return *table* if the lines *below* its head are rows of it."""
    rows = told = others = dated = 0
    bylines = []
    for unit in table.units(below):
        if table.is_furniture(unit.text):
            continue
        if table.sign not in unit.text:
            others += 1
            continue
        told += 1
        reading = table.read(unit.text, None)
        if reading is None:
            continue
        whole = not any(remark.code == "row-unsure" for remark in reading.remarks)
        rows += whole
        dated += reading.date is not None
        bylines.append(reading.values.get("byline", ""))
    if rows < max(_FEWEST, _LEAST * told, others):
        return None
    if "date" in table.columns and 2 * dated < rows:
        return None
    return Table(table.sign, table.head, table.columns, are_inverted(bylines))
