"""The small case and the peers: their programs read, reckon and write; peers are not installed."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import footprint, serving, small
from benchmarks.corpus import Corpus
from benchmarks.peers import __main__ as peers
from benchmarks.peers import datasette_site
from tests.benchmarks.test_programs import run
from tests.factories import make_article


def figures(**changes: Any) -> dict[str, Any]:
    page = {"p50": 10.0, "p95": 60.0, "cpu": 9.0}
    return {
        "articles": 80, "machine": "Python", "date": "2020-01-01", "load_average": 1.0,
        "disk": 3_000_000, "text": 1_000_000, "worker": {"start": 1.0, "memory": 100.0},
        "pages": [
            {"whose": "readers", "name": "list", **page},
            {"whose": "admin", "name": "start", **page},
        ],
        **changes,
    }  # fmt: skip


def test_the_small_case_in_words(tmp_path: Path) -> None:
    text = small.table(figures())
    assert "| list | 10.0 | 60.0 **over** | 50 | 9.0 |" in text
    assert "| admin: start | 10.0 | 60.0 | 200 | 9.0 |" in text
    assert "3.0 times" in text
    readme = tmp_path / "README.md"
    start, end = small.MARKS
    readme.write_text(f"# A\n\n{start}\nold\n{end}\n\nB\n", encoding="utf-8")
    for _time in range(2):
        small.write_readme(small.sentence(figures()), readme)
    written = readme.read_text(encoding="utf-8")
    assert written.count("80 articles") == 1
    assert "old" not in written
    assert written.endswith(f"{end}\n\nB\n")
    assert all(mark in small.README.read_text(encoding="utf-8") for mark in small.MARKS)


@pytest.mark.django_db
def test_text_is_counted_in_bytes() -> None:
    make_article("Łódź", body="", published_on="2020")
    found = footprint.sizes()
    assert found["text"] == len("Łódź".encode())
    assert found["disk"] >= 0


@pytest.mark.django_db
def test_every_byte_of_the_database_is_some_part_of_it() -> None:
    make_article("Łódź", body="<p>It rang.</p>", published_on="2020")
    found = footprint.parts()
    assert {"articles", "search documents", "links to tags", footprint.REST} <= set(found)
    assert all(size > 0 for size in found.values())


def test_sizes_and_a_worker_in_words() -> None:
    run = {
        "articles": 100, "bodies": 10, "database": "SQLite", "load_average": 1.0, "disk": 400_000,
        "text": 100_000, "parts": {"articles": 300_000, footprint.REST: 100_000},
        "pieces": {"an_index": 2_000, "a_small_one": 1_999, "articles_article": 200_000},
        "worker": {"memory": 151.0, "start": 1.0, "start_cpu": 0.8},
        "first": {"memory": 160.0, "start": 4.0, "start_cpu": 3.0},
    }  # fmt: skip
    text = footprint.table([run, {**run, "bodies": 100, "text": 200_000}])
    assert "in 10 of 100 articles: 4,000 bytes an article for 1,000" in text
    assert "4.0 times as much (aim: 3) **over**." in text
    assert "2.0 times as much (aim: 3)." in text
    assert "| articles | 3,000 | 3,000 |" in text
    assert "| `articles_article` | 2,000 |\n| `an_index` | 20 |" in text
    assert "a_small_one" not in text
    assert "151 MB **over** (aim: 150)" in text
    assert "1.0 s (aim: 1.5)" in text
    assert "read the archive: 4.0 s" in text


@pytest.mark.slow
def test_sizes_are_measured(tmp_path: Path) -> None:
    text = run(tmp_path, "benchmarks.footprint", "--articles", "60", "--print")
    assert "With a body in 60 of 60 articles" in text


@pytest.mark.slow
def test_the_small_case_is_measured(tmp_path: Path) -> None:
    text = run(tmp_path, "benchmarks.small", "--articles", "24", "--seconds", "0.01", "--print")
    assert "24 articles on SQLite" in text
    assert "| admin: list of articles |" in text


def test_peers_get_the_same_articles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "articles.jsonl"
    peers.write_corpus(Corpus(40), file)
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 40
    assert all(row["headline"] and row["authors"] and row["tags"] for row in rows)
    datasette_site.fill(file, tmp_path / "archive.db")
    assert json.loads(capsys.readouterr().out)["detail"] == "/archive/articles/40"


def test_the_program_that_measures_peers_says_what_it_does(tmp_path: Path) -> None:
    text = run(tmp_path, "benchmarks.peers", "--help")
    assert "--articles" in text
    assert "--folder" in text
    rates = {kind: {"rate": 30.0} for kind in peers.KINDS}
    slower = {kind: {"rate": 3.0} for kind in peers.KINDS} | {"feed": None}
    kept = {
        "articles": 40, "ours": 400, "load_average": 1.0,
        "systems": {peers.OURS: rates, "Wagtail": rates, "Datasette": slower},
    }  # fmt: skip
    file = tmp_path / "figures.json"
    file.write_text(json.dumps({**kept, "database": "PostgreSQL"}), encoding="utf-8")
    text = run(tmp_path, "benchmarks.peers", "--from", str(file), "--print")
    assert text.startswith("400 articles beside 40 on PostgreSQL, its peers on SQLite, requests")
    file.write_text(json.dumps(kept), encoding="utf-8")
    text = run(tmp_path, "benchmarks.peers", "--from", str(file), "--print")
    assert text.startswith("400 articles beside 40 on SQLite, requests")
    assert "| list | 30.0 | 30.0 | 3.0 | 1.0 × |" in text
    assert "| feed | 30.0 | 30.0 | – | 1.0 × |" in text
    assert "≤" not in text
    slower["list"] = {"rate": 0.04, "is_most": True}
    file.write_text(json.dumps(kept), encoding="utf-8")
    text = run(tmp_path, "benchmarks.peers", "--from", str(file), "--print")
    assert "| list | 30.0 | 30.0 | ≤ 0.04 | 1.0 × |" in text
    assert "“≤”: so slow (more than 3 s)" in text


def test_peers_are_asked_in_turn_for_the_pages_that_they_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "ROUNDS", 2)
    (tmp_path / "page.html").write_text("A page", encoding="utf-8")
    command = [
        sys.executable, "-m", "http.server", "{port}", "--bind", "127.0.0.1",
        "--protocol", "HTTP/1.1", "--directory", tmp_path,
    ]  # fmt: skip
    with serving.running(command, quiet=True) as one, serving.running(command, quiet=True) as other:
        pages: peers.Pages = {"list": (one, "/page.html"), "feed": (one, "/page.html")}
        found = peers.ask_in_turn({"A": pages, "B": {"list": (other, "/page.html")}}, 0.05)
        with pytest.raises(RuntimeError, match="no page, but 404"):
            peers.ask_in_turn({"A": {"list": (one, "/missing.html")}}, 0.05)
    assert {kind for kind, figures in found["A"].items() if figures} == {"list", "feed"}
    assert {kind for kind, figures in found["B"].items() if figures} == {"list"}
    assert all(figures["rate"] > 0 for figures in found["A"].values() if figures)


def test_a_peer_is_filled_once(tmp_path: Path) -> None:
    count = 'from pathlib import Path; p = Path(r"{}"); n = p.exists(); p.touch(); print(%s)'
    told = '\'{{"detail": "/again"}}\' if n else \'{{"detail": "/first"}}\''
    program = (count % told).format(tmp_path / "was")
    command = [sys.executable, "-c", program]
    done = tmp_path / "peer.json"
    assert peers._filled(done, command) == peers._filled(done, command) == "/first"
    done.unlink()
    assert peers._filled(done, command) == "/again"


@pytest.mark.slow
def test_the_archive_that_is_there_is_asked(tmp_path: Path) -> None:
    url = peers.fill_ours(30, tmp_path)
    with peers.serve_ours(url, tmp_path) as (articles, pages):
        assert articles == 30
        assert set(pages) == set(peers.KINDS)
        found = peers.ask_in_turn({peers.OURS: pages}, 0.02)
    assert all(figures and figures["rate"] > 0 for figures in found[peers.OURS].values())


def test_what_is_slow_alone_is_asked_by_no_eight(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "SLOW", 0.05)
    monkeypatch.setattr(peers, "PATIENCE", 0.5)
    monkeypatch.setattr(peers, "_RELOADED", 1.0)
    (tmp_path / "slow.py").write_text(
        """import time
def application(environ, start_response):
    time.sleep({"/late": 5.0, "/slow": 0.1}.get(environ["PATH_INFO"], 0.0))
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""
    )
    command = [
        sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--threads", "8", "--chdir",
        tmp_path, "--graceful-timeout", "0", "--bind", "127.0.0.1:{port}", "slow:application",
    ]  # fmt: skip
    with serving.running(command, quiet=True) as port:
        pages: peers.Pages = {"list": (port, "/slow"), "article": (port, "/late"),
                              "feed": (port, "/")}  # fmt: skip
        found = peers.ask_in_turn({"A": pages}, 0.05)["A"]
    slow, late, feed = (found[kind] or {} for kind in ("list", "article", "feed"))
    cores = os.cpu_count() or 1
    assert slow["is_most"]
    assert cores / 0.5 < slow["rate"] <= cores / 0.1
    assert late["is_most"]
    assert late["rate"] == pytest.approx(cores / 0.5)
    assert feed["rate"] > 0
    assert "is_most" not in feed
    assert peers._rate({"rate": 0.0333, "is_most": True}) == "≤ 0.033"
