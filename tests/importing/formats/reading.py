"""Helpers: a file's bytes read as a listing, without a disk and without a database."""

import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl

from articles.importing.files import Content
from articles.importing.formats import recognising
from articles.importing.formats.context import Context
from articles.importing.records import ParsedEntry, ParsedListing
from tests.conftest import ROOT

SAMPLES = ROOT / "fixtures" / "formats"
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
CONTEXT = Context(datetime.UTC, NOW)


def read(
    data: str | bytes, name: str = "listing", wanted: str | None = None, **context: Any
) -> ParsedListing:
    """Return *data* read as a file called *name*."""
    content = data.encode() if isinstance(data, str) else data
    where = Context(**{"zone": datetime.UTC, "now": NOW, **context}) if context else CONTEXT
    return recognising.read(Content(name, content, Path(name).suffix.lower()), where, wanted, None)


def sample(name: str, **context: Any) -> ParsedListing:
    """Return a file of fixtures/formats as read."""
    return read((SAMPLES / name).read_bytes(), name, **context)


def told(entry: ParsedEntry) -> dict[str, Any]:
    """Return the values of *entry* that are not empty."""
    return {name: value for name, value in entry.values.items() if value}


def codes(entry: ParsedEntry | ParsedListing) -> list[str]:
    """Return the codes of the diagnostics."""
    return [remark["code"] for remark in entry.diagnostics]


def workbook(*sheets: list[list[Any]]) -> bytes:
    """Return an XLSX workbook with *sheets* of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
