"""import_listing on files of all formats: fields, second runs, archives, standard input."""

import gzip
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from articles.importing.formats import recognising
from articles.models import Article, ImportRun, SourceEntry, SourceListing
from articles.writing import checking
from tests.conftest import ROOT
from tests.importing.formats.reading import SAMPLES, workbook
from tests.importing.listings import import_json, run

pytestmark = pytest.mark.django_db
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".md")
ROWS = [
    ["Headline", "Byline", "Date", "Series", "Part", "Tags", "Body", "Publication", "Pages"],
    ["The bell is hung", "Mira Oldcastle", "2021-02-19", "The bell", "1", "Bells, Brass",
     "It is hung.\n\nNobody rings it.", "The Ostrany Gazette", "3-4"],
    ["The bell falls silent", "Ana Brandt and Tomasz Łęk", "2021-02-20", "The bell", "2", "Bells",
     "", "The Ostrany Gazette", ""],
    ["Why the map room is locked", "", "2021-01", "", "", "", "", "", ""],
]  # fmt: skip


def as_csv(folder: Path) -> Path:
    import csv

    path = folder / "bells.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return path


def as_workbook(folder: Path) -> Path:
    path = folder / "bells.xlsx"
    rows: list[list[Any]] = [list(row) for row in ROWS]
    for row in rows[1:]:
        row[4] = int(row[4]) if row[4] else None
        row[8] = row[8] or None
    path.write_bytes(workbook(rows))
    return path


def as_json(folder: Path) -> Path:
    path = folder / "bells.json"
    path.write_text(
        json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]), encoding="utf-8"
    )
    return path


@pytest.mark.parametrize("name", NAMES)
def test_each_format_creates_articles_and_a_second_run_changes_nothing(name: str) -> None:
    report = import_json(SAMPLES / name)
    totals = report["totals"]
    assert totals["create"] == totals["entries"] > 0
    assert Article.objects.count() == totals["entries"]
    entry = report["listings"][0]["entries"][0]
    article = Article.objects.get(public_key__key=entry["article"]) if entry["article"] else None
    article = article or Article.objects.get(headline=entry["headline"])
    assert article.published_text() == entry["published_on"]
    assert article.byline == (entry["byline"] or "")
    assert SourceListing.objects.get().input_format == recognised(name)
    versions = list(Article.objects.order_by("id").values_list("id", "version", "updated"))
    again = import_json(SAMPLES / name)["totals"]
    assert again["unchanged"] == again["entries"]
    assert list(Article.objects.order_by("id").values_list("id", "version", "updated")) == versions
    assert not list(checking.check())


def recognised(name: str) -> str:
    return {
        "ferry.csv": "csv", "knots.ghost.json": "ghost", "lamps.wordpress.xml": "wordpress",
        "moles.html": "html", "plain-page.html": "html", "signals-feed.json": "jsonfeed",
        "signals.atom": "feed", "signals.rss": "feed", "tides.json": "json",
        "tides.jsonl": "jsonl",
    }[name]  # fmt: skip


def test_all_columns_of_a_table_reach_the_article(tmp_path: Path) -> None:
    import_json(as_csv(tmp_path))
    article = Article.objects.get(headline="The bell is hung")
    assert (article.publication, article.pages) == ("The Ostrany Gazette", "3-4")
    assert article.body == "<p>It is hung.</p>\n<p>Nobody rings it.</p>"
    assert [(part.series.title, part.part_number) for part in article.parts.all()] == [
        ("The bell", 1)
    ]
    assert {tag.name for tag in article.tags.all()} == {"Bells", "Brass"}
    assert Article.objects.get(headline__startswith="Why").published_text() == "2021-01"


def test_the_same_rows_as_table_workbook_and_json_are_the_same_listing(tmp_path: Path) -> None:
    assert import_json(as_csv(tmp_path), "--source", "Bells")["totals"]["create"] == 3
    for path in (as_workbook(tmp_path), as_json(tmp_path)):
        totals = import_json(path, "--source", "Bells")["totals"]
        assert totals["unchanged"] == 3, path.name
    assert not list(checking.check())


def test_a_column_that_is_left_out_takes_nothing_away(tmp_path: Path) -> None:
    import_json(as_csv(tmp_path), "--source", "Bells")
    path = tmp_path / "fewer.csv"
    lines = [[row[0], row[1], row[2]] for row in ROWS]
    path.write_text("\n".join(";".join(line) for line in lines), encoding="utf-8")
    assert import_json(path, "--source", "Bells")["totals"]["conflict"] == 0
    assert Article.objects.get(headline="The bell is hung").publication == "The Ostrany Gazette"


def test_a_gzip_file_is_the_listing_it_holds(tmp_path: Path) -> None:
    plain = as_csv(tmp_path)
    import_json(plain)
    packed = tmp_path / "bells.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert import_json(packed)["totals"]["unchanged"] == 3
    assert SourceListing.objects.count() == 1


def archive(folder: Path, **members: bytes) -> Path:
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_a_zip_archive_is_a_listing_for_each_member(tmp_path: Path) -> None:
    path = archive(
        tmp_path,
        **{
            "years/2021.csv": as_csv(tmp_path).read_bytes(),
            "tides.json": (SAMPLES / "tides.json").read_bytes(),
            "__MACOSX/tides.json": b"x",
        },
    )
    report = import_json(path)
    assert [listing["path"] for listing in report["listings"]] == [
        f"{path}/tides.json", f"{path}/years/2021.csv",
    ]  # fmt: skip
    assert [listing["source"] for listing in report["listings"]] == ["tides", "2021"]
    assert report["totals"]["create"] == 5
    assert import_json(path)["totals"]["unchanged"] == 5
    assert import_json(path / "tides.json")["totals"]["unchanged"] == 2


def test_a_folder_stands_for_its_listings_of_all_formats() -> None:
    report = import_json(SAMPLES)
    assert [Path(listing["path"]).name for listing in report["listings"]] == NAMES


def test_standard_input_needs_a_name_unless_it_has_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def given(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    given((SAMPLES / "signals.rss").read_bytes())
    assert import_json(Path("-"))["listings"][0]["source"] == "Signals of Ostrany"
    given(as_csv(tmp_path).read_bytes())
    code, out, err = run("import_listing", "-", "--yes")
    assert (code, out) == (2, "")
    assert "name it with --source" in err
    given(as_csv(tmp_path).read_bytes())
    assert import_json(Path("-"), "--source", "Bells")["totals"]["create"] == 3


def test_a_format_can_be_forced_and_a_wrong_one_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bells.txt"
    path.write_bytes(as_csv(tmp_path).read_bytes())
    assert import_json(path, "--input-format", "csv")["totals"]["create"] == 3
    for wanted, message in (
        ("feed", "not well-formed XML: syntax error (read as feed, as asked)"),
        ("xlsx", "no XLSX workbook"),
        ("word", "no format is called 'word'; known are text, html, csv"),
    ):
        runs = ImportRun.objects.count()
        code, out, err = run("import_listing", path, "--yes", "--input-format", wanted)
        assert (code, out, ImportRun.objects.count()) == (2, "", runs)
        assert message in err


def test_a_dialect_is_for_lines(tmp_path: Path) -> None:
    code, _, err = run("import_listing", as_csv(tmp_path), "--yes", "--dialect", "classic")
    assert code == 2
    assert "a dialect is how plain text is written; this is read as csv" in err


def test_a_dry_run_of_any_format_writes_nothing() -> None:
    code, out, _ = run("import_listing", SAMPLES, "--dry-run", "--format", "json")
    assert json.loads(out)["totals"]["create"] > 15
    assert code in (0, 1)
    assert not Article.objects.exists()
    assert not SourceEntry.objects.exists()


def test_what_was_read_doubtfully_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Title,Date,Status\nOne,2019,lost\nTwo,3/4/2019,\n", encoding="utf-8")
    code, out, _ = run("import_listing", path, "--yes", "--format", "json")
    assert code == 1
    totals = json.loads(out)["totals"]
    assert (totals["create"], totals["reject"]) == (1, 1)
    one = Article.objects.get()
    assert one.status == "draft"
    assert [finding.code for finding in one.findings.all()] == ["status-unknown"]


def test_the_documentation_names_every_format_and_every_code() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    missing = [name for name in recognising.names() if f"`{name}`" not in text]
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in [
            *(ROOT / "articles" / "importing" / "formats").glob("*.py"),
            ROOT / "articles" / "importing" / "arrivals.py",
        ]
    )
    import re

    codes = set(re.findall(r'(?:remark|_say)\(\s*(?:row,\s*)?"([a-z-]+)"', source))
    assert len(codes) > 20
    missing += [code for code in sorted(codes) if f"`{code}`" not in text]
    assert missing == []


@pytest.mark.parametrize(
    "name",
    ["lamps.wordpress.xml", "knots.ghost.json", "signals.rss", "signals.atom",
     "signals-feed.json", "tides.json", "tides.jsonl", "all.zip", "tides.json.gz", "bells.xlsx"],
)  # fmt: skip
def test_a_file_that_is_cut_off_is_refused_and_nothing_written(name: str, tmp_path: Path) -> None:
    whole = {
        "all.zip": lambda: archive(tmp_path, **{"a.csv": as_csv(tmp_path).read_bytes()}),
        "tides.json.gz": lambda: packed(tmp_path),
        "bells.xlsx": lambda: as_workbook(tmp_path),
    }.get(name, lambda: SAMPLES / name)()
    data = whole.read_bytes()
    path = tmp_path / f"cut-{name}"
    path.write_bytes(data[: len(data) * 2 // 3])
    code, out, err = run("import_listing", path, "--yes")
    assert (code, out) == (2, ""), err
    assert str(path) in err
    assert not ImportRun.objects.exists()
    assert not Article.objects.exists()


def packed(folder: Path) -> Path:
    path = folder / "tides.json.gz"
    path.write_bytes(gzip.compress((SAMPLES / "tides.json").read_bytes()))
    return path


def test_of_several_files_one_that_cannot_be_read_stops_all(tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"articles": [')
    code, out, err = run("import_listing", as_csv(tmp_path), tmp_path / "bad.json", "--yes")
    assert (code, out, Article.objects.count()) == (2, "", 0)
    assert "bad.json: line 1: not JSON" in err


def test_a_plan_for_a_site_is_applied_with_the_options_it_was_made_with(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    plan = tmp_path / "plan.json"
    lamps = SAMPLES / "lamps.wordpress.xml"
    code, _, err = run("import_listing", lamps, "--dry-run", "--format", "json",
                       "--output", plan, "--media", uploads)  # fmt: skip
    assert code == 0, err
    code, _, err = run("import_listing", "--apply", plan, "--yes")
    assert code == 0, err
    assert Article.objects.count() == 5
    codes = set(Article.objects.values_list("findings__code", flat=True))
    assert "picture-missing" in codes
    assert "picture-left-out" not in codes


def test_what_is_said_of_the_file_stands_above_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Title;By;Ready\nThe chain;Ida Meer;soon\nThe buoy;Ida Meer;later\n")
    _, out, _ = run("import_listing", path, "--dry-run")
    assert 0 < out.index("“Ready” is not imported") < out.index("The chain")
