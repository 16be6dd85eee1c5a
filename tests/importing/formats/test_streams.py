"""Files that are read as they go come to what they come to if they are held whole."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from articles.importing import files, lines
from articles.importing.files import UnreadableFile, read_content
from articles.importing.formats import delimited, recognising
from articles.importing.lines import beginning_of
from articles.importing.records import ParsedListing
from tests.importing.formats.reading import CONTEXT, SAMPLES

NAMES = (
    "ferry.csv", "knots.ghost.json", "lamps.wordpress.xml", "moles.html", "signals-feed.json",
    "signals.atom", "signals.rss", "tides.json", "tides.jsonl",
)  # fmt: skip


def comparable(listing: ParsedListing) -> ParsedListing:
    return replace(
        listing, entries=list(listing.entries), unclaimed_lines=list(listing.unclaimed_lines)
    )


def begun(path: Path) -> ParsedListing:
    """Read *path* from its beginning, as long files are."""
    content = beginning_of(path)
    assert content is not None
    return comparable(recognising.read(content, CONTEXT, None, None))


@pytest.mark.parametrize("name", NAMES)
def test_a_long_file_is_what_it_is_as_a_short_one(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = SAMPLES / name
    whole = comparable(recognising.read(read_content(path), CONTEXT, None, None))
    monkeypatch.setattr(lines, "HEAD", 1000)
    assert begun(path) == whole
    assert whole.entries


def test_a_ghost_export_of_more_than_a_mebibyte_is_one(tmp_path: Path) -> None:
    export = json.loads((SAMPLES / "knots.ghost.json").read_text(encoding="utf-8"))
    data = export["db"][0]["data"]
    data["posts"] += [
        {**data["posts"][0], "id": f"long{number}", "slug": f"long-{number}"}
        for number in range(3000)
    ]
    path = tmp_path / "site.json"
    path.write_text(json.dumps(export), encoding="utf-8")
    assert path.stat().st_size > lines.HEAD
    assert begun(path).input_format == "ghost"


def test_tables_of_more_than_64_mib_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "HEAD", 200)
    monkeypatch.setattr(files, "MAX_BYTES", 2000)
    rows = "".join(f"Lamp {number},2019-05-04\n" for number in range(200))
    path = tmp_path / "lamps.csv"
    path.write_text("title,date\n" + rows, encoding="utf-8")
    assert len(begun(path).entries) == 200
    packed = tmp_path / "lamps.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(UnreadableFile, match="one import takes"):
        read_content(packed)


def test_an_xml_declaration_is_believed_in_a_long_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (SAMPLES / "lamps.wordpress.xml").read_text(encoding="utf-8")
    text = text.replace('encoding="UTF-8"', 'encoding="ISO-8859-2"').replace("lamp", "łamp")
    path = tmp_path / "site.xml"
    path.write_bytes(text.encode("iso-8859-2", "xmlcharrefreplace"))
    whole = comparable(recognising.read(read_content(path), CONTEXT, None, None))
    monkeypatch.setattr(lines, "HEAD", 1000)
    assert begun(path) == whole
    assert any("łamp" in str(entry.values["headline"]) for entry in whole.entries)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('title,date\nA,2019\n"B,2019\nC,2019\n', ":3: a quotation mark opens here"),
        ('title,date\n"' + "A" * 500 + "\n" * 500, ":2: a cell of more than"),
    ],
    ids=["open", "too long"],
)
def test_a_quotation_mark_without_its_end_is_refused(
    text: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(text, encoding="utf-8")
    before = delimited.csv.field_size_limit(800)
    try:
        with pytest.raises(UnreadableFile, match=reason):
            begun(path)
    finally:
        delimited.csv.field_size_limit(before)


def test_one_bad_line_of_json_lines_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"title": "A", "date": "2019"}\n{"title": "B"}\n{"title"\n', encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"rows.jsonl:3: not JSON"):
        begun(path)
