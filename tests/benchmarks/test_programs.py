"""The benchmarks work: a short run of each, whatever the times."""

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks import results
from benchmarks.corpus import Corpus, load

ROOT = Path(settings.BASE_DIR)


def run(folder: Path, *arguments: str) -> str:
    """Run one of the programs as from a shell, on SQLite; return what it printed."""
    environment = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": str(folder)}
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    result = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_the_corpus_is_the_same_for_the_same_seed() -> None:
    first, again, other = (list(islice(Corpus(200, seed), 200)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    texts = " ".join(item.fields["headline"] for item in first)
    assert any("а" <= sign <= "я" for sign in texts)
    assert any(sign in texts for sign in "éîôêè")
    assert 0 < sum("body" in item.fields for item in first) < 50
    assert all("body" in item.fields for item in islice(Corpus(50, bodies=1.0), 50))


@pytest.mark.django_db
def test_what_is_loaded_is_a_whole_archive() -> None:
    from articles.models import Article, SourceEntry
    from articles.writing import checking

    assert list(load(Corpus(60), chunk=40)) == [40, 60]
    assert Article.objects.published().count() == SourceEntry.objects.count() == 60
    assert list(checking.check()) == []


def test_results_keep_the_other_sections(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    results.write("Pages: 100,000 articles, SQLite", "big", file)
    results.write("Pages: 10,000 articles, SQLite", "small", file)
    results.write("Pages: 100,000 articles, SQLite", "bigger", file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Results\n")
    assert text.index("small") < text.index("bigger")
    assert "big\n" not in text


@pytest.mark.slow
def test_pages_and_growth(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    text = run(
        tmp_path, "benchmarks.site", "--articles", "40", "--seconds", "0.02", "--rounds", "1",
        "--load", "--json", str(file),
    )  # fmt: skip
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert figures["articles"] == 40
    names = [page["name"] for page in figures["pages"]]
    assert {"list", "article", "author, rare", "feed", "month"} <= set(names)
    assert all(name in text for name in names)
    assert all(page["sql"] > 0 and page["cpu"] > 0 for page in figures["pages"])
    assert figures["load"]["hello"]["rate"] > 0
    assert all(row["failed"] == 0 for row in figures["load"].values())
    growth = run(tmp_path, "benchmarks.scale", "--from", str(file), str(file))
    assert "| list |" in growth


@pytest.mark.slow
def test_every_page_of_the_desk(tmp_path: Path) -> None:
    text = run(
        tmp_path, "benchmarks.desk", "--articles", "16", "--findings", "8", "--times", "1",
        "--most", "1", "--print",
    )  # fmt: skip
    assert "16 articles and 8 findings on SQLite" in text
    for name in (
        "start page, Contributor", "articles, by status", "articles, in another order",
        "articles, searched", "findings, by doubt", "authors, form", "found while typing",
        "figures",
    ):  # fmt: skip
        assert f"| {name} |" in text
    assert "answered" not in text


@pytest.mark.slow
def test_changes_to_many(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    text = run(tmp_path, "benchmarks.bulk", "--articles", "24", "--json", str(file))
    figures = json.loads(file.read_text(encoding="utf-8"))
    rows = figures["rows"]
    assert [row["name"] for row in rows if row["preview"] is not None] == [
        "set a field", "add a tag", "find and replace in headline, standfirst and body",
        "withdraw", "publish",
    ]  # fmt: skip
    back = [row for row in rows if row["preview"] is None]
    assert [row["is_as_before"] for row in back] == [True] * 5
    assert all(0 < row["changed"] <= row["total"] == row["changed"] + row["left"] for row in rows)
    assert {row["changed"] for row in rows if row["name"] in {"set a field", "publish"}} == {24}
    assert all(0 < row["longest"] <= row["seconds"] and row["requests"] > 2 for row in rows)
    assert figures["faults"] == 0
    longest = max(row["longest"] for row in rows)
    assert f"24 articles on SQLite; {os.cpu_count()} cores" in text
    assert f"Longest request {longest:.1f} s, the server's limit" in text
    assert all(f"| {row['name']} | " in text for row in rows)
    assert "check_archive finds no differences. All is as before." in text


def test_distorted_listings_are_counted(tmp_path: Path) -> None:
    text = run(tmp_path, "benchmarks.confident", "--files", "dialects/0", "--each", "1")
    *_, last = text.splitlines()
    name, files, entries, *_ = last.split()
    assert name == "all"
    assert int(entries) > int(files) > 0
