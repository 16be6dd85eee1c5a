"""The archive beside its peers: the same invented articles, the same requests, in one run.

``python -m benchmarks.peers`` installs Wagtail and Datasette from the package index into an
environment of their own (``var/peers``, or ``--folder``), fills them and this archive with the
same articles on SQLite, asks them with 8 connections at once, and writes the section of RESULTS.md,
unless ``--print`` is given. ``--ours N`` gives this archive N articles instead, more than its peers
have; ``--at URL`` asks for the pages of the archive that is there, which `benchmarks.corpus` has
filled, on SQLite or on PostgreSQL. What the peers were filled with stays in the folder for the next
time. Nothing of it is ever a requirement of the archive.

For each page the three are asked in turn, three times over, and the best of each is kept: a machine
that is slower at one minute than at the next does not decide which of them is faster. What takes
more than three seconds alone is not asked by eight: it gets the rate that all cores would reach at
that pace, which is the most it could be; what has not answered after a minute, that of a minute.

Wagtail's site is what its tutorial leads to: pages of articles, a list that filters and searches,
no counts beside filters. Datasette shows a table with three facets. Wagtail and this archive have
two processes, Datasette one, as it comes. The client shares their cores.
"""

import argparse
import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks import results, serving
from benchmarks.corpus import Corpus

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "var" / "peers"
#: What is installed, at the versions that this program was written for.
PEERS = ("wagtail==8.0.1", "datasette==0.65.5", "gunicorn>=23,<27")
#: The word that is searched, by its place among the corpus's: one article in some seven has it.
WORD = 40
KINDS = ("list", "list by author", "list by tag", "search for a frequent word", "article", "feed",
         "list, kept")  # fmt: skip
OURS = "this archive"
#: How often each is asked for each page.
ROUNDS = 3
#: Seconds from which a page is asked by one alone, and after which nobody waits for it.
SLOW, PATIENCE = 3.0, 60.0
#: Seconds after which new workers have taken the place of those that are busy.
_RELOADED = 3.0

#: By kind: the port and the address that are asked; without a kind that the peer has no page of.
Pages = dict[str, tuple[int, str]]
#: By kind: requests a second and milliseconds, or None where the peer has no such page.
Figures = dict[str, dict[str, float] | None]


def prepare(folder: Path) -> Path:
    """Make the environment of the peers, unless it is there; return its folder of programs."""
    home = folder / "venv"
    programs = home / "bin"
    done = home / "installed.txt"
    if not done.exists() or done.read_text(encoding="utf-8") != "\n".join(PEERS):
        folder.mkdir(parents=True, exist_ok=True)
        venv.create(home, with_pip=True, clear=True)
        command = [programs / "python", "-m", "pip", "install", "--quiet", *PEERS]
        subprocess.run(command, check=True)
        done.write_text("\n".join(PEERS), encoding="utf-8")
    return programs


def write_corpus(corpus: Corpus, file: Path) -> None:
    """Write the articles of *corpus*, one a line, with their names in words."""
    with file.open("w", encoding="utf-8") as target:
        for item in corpus:
            row = {
                **item.fields,
                "authors": [corpus.authors[number] for number in item.authors],
                "tags": [corpus.tags[number] for number in item.tags],
            }
            target.write(json.dumps(row, ensure_ascii=False) + "\n")


def _run(command: Sequence[str | Path], **environment: str) -> str:
    """Run *command* in the project's folder; return the last line that it printed."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return result.stdout.strip().rpartition("\n")[2]


def fill_ours(articles: int, folder: Path) -> str:
    """Fill an archive with so many *articles*; return its DATABASE_URL."""
    url = f"sqlite:///{folder}/archive.sqlite3"
    environment = {"ARCHIVE_ENV": "local", "VAR_DIR": str(folder), "DATABASE_URL": url}
    _run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], **environment)
    _run([sys.executable, "-m", "benchmarks.corpus", str(articles)], **environment)
    return url


@contextlib.contextmanager
def serve_ours(url: str, folder: Path) -> Iterator[tuple[int, Pages]]:
    """Serve the archive at *url*; give how many articles are public, and its pages."""
    environment = {
        "ARCHIVE_ENV": "local", "VAR_DIR": str(folder), "DATABASE_URL": url, "WEB_CONCURRENCY": "2",
    }  # fmt: skip
    _run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], **environment)
    here = [sys.executable, "-m", "benchmarks.peers", "--here"]
    articles, pages = json.loads(_run(here, **environment))
    with (
        serving.server(CACHE_MB="0", **environment) as port,
        serving.server(CACHE_MB="32", **environment) as keeping,
    ):
        yield articles, _at(port, pages) | {"list, kept": (keeping, pages["list"])}


def _at(port: int, pages: dict[str, str]) -> Pages:
    return {kind: (port, address) for kind, address in pages.items()}


def our_pages() -> tuple[int, dict[str, str]]:
    """Return how many articles the archive of DATABASE_URL has, and the addresses of its pages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from articles.models import Article, Tag
    from authors.models import Author

    articles = Article.objects.count()
    corpus = Corpus(articles)
    author = Author.objects.filter(name=corpus.authors[0])[0].slug
    tag = Tag.objects.filter(name=corpus.tags[0])[0].slug
    word = corpus.words["en"][WORD]
    return articles, {
        "list": "/articles/",
        "list by author": f"/articles/?{urlencode({'author': author})}",
        "list by tag": f"/articles/?{urlencode({'tag': tag})}",
        "search for a frequent word": f"/articles/?{urlencode({'q': word})}",
        "article": Article.objects.published().newest_first()[0].get_absolute_url(),
        "feed": "/feed.atom",
    }


def _filled(done: Path, fill: Sequence[str | Path], **environment: str) -> str:
    """Fill a peer with the command *fill*, unless *done* says that it was; return the address of
    an article that it printed."""
    if not done.exists():
        done.write_text(_run(fill, **environment), encoding="utf-8")
    detail: str = json.loads(done.read_text(encoding="utf-8"))["detail"]
    return detail


@contextlib.contextmanager
def serve_wagtail(corpus: Corpus, file: Path, folder: Path, programs: Path) -> Iterator[Pages]:
    """Serve Wagtail with the articles of *file*, which are those of *corpus*; give its pages."""
    environment = {
        "PEER_FOLDER": str(folder),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "benchmarks.peers.wagtail_site.settings",
    }
    fill = [programs / "python", "-m", "benchmarks.peers.wagtail_site", file]
    detail = _filled(folder / "wagtail.json", fill, **environment)
    pages = {
        "list": "/",
        "list by author": f"/?{urlencode({'author': _slug(corpus.authors[0])})}",
        "list by tag": f"/?{urlencode({'tag': _slug(corpus.tags[0])})}",
        "search for a frequent word": f"/?{urlencode({'q': corpus.words['en'][WORD]})}",
        "article": quote(detail, safe="/%"),
        "feed": "/feed.atom",
    }
    gunicorn = [
        programs / "gunicorn", "--workers", "2", "--threads", "8", "--worker-class", "gthread",
        "--log-level", "error", "--graceful-timeout", "1", "benchmarks.peers.wagtail_site.wsgi",
    ]  # fmt: skip
    gunicorn += ["--bind", "127.0.0.1:{port}"]
    with (
        serving.running(gunicorn, **environment) as port,
        serving.running(gunicorn, **environment, PEER_CACHE="1") as keeping,
    ):
        yield _at(port, pages) | {"list, kept": (keeping, pages["list"])}


@contextlib.contextmanager
def serve_datasette(corpus: Corpus, file: Path, folder: Path, programs: Path) -> Iterator[Pages]:
    """Serve Datasette with the articles of *file*, which are those of *corpus*; give its pages."""
    database = folder / "archive.db"
    fill = [programs / "python", "-m", "benchmarks.peers.datasette_site", file, database]
    detail = _filled(folder / "datasette.json", fill)
    table = "/archive/articles"
    facets = [("_facet", "year"), ("_facet_array", "authors"), ("_facet_array", "tags"),
              ("_size", "50")]  # fmt: skip
    newest = [("_sort_desc", "published_on"), *facets]
    pages = {
        "list": f"{table}?{urlencode(newest)}",
        "list by author": f"{table}?"
        + urlencode([("authors__arraycontains", corpus.authors[0]), *newest]),
        "list by tag": f"{table}?" + urlencode([("tags__arraycontains", corpus.tags[0]), *newest]),
        "search for a frequent word": f"{table}?"
        + urlencode([("_search", corpus.words["en"][WORD]), *facets]),
        "article": detail,
    }
    command = [
        programs / "datasette", "serve", database, "--port", "{port}",
        # Facets are to be counted, however long it takes, and none are thought of beyond.
        "--setting", "suggest_facets", "off", "--setting", "facet_time_limit_ms", "20000",
        "--setting", "sql_time_limit_ms", "20000",
    ]  # fmt: skip
    with serving.running(command, quiet=True) as port:
        yield _at(port, pages)


def _slug(name: str) -> str:
    """Return the slug that Django makes of a name."""
    from django.utils.text import slugify

    return slugify(name, allow_unicode=True)


def _load(port: int, address: str, seconds: float) -> dict[str, float]:
    """Return requests a second and milliseconds; every answer must be a page."""
    found = serving.load(port, [address], seconds=seconds)
    if found["failed"]:
        raise RuntimeError(f"{address}: {found['failed']:.0f} answers were no pages")
    return found


def alone(port: int, address: str) -> float:
    """Return the seconds that *address* takes for one who asks alone; `PATIENCE` at the most."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    started = time.perf_counter()
    try:
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
    except TimeoutError:
        # Its workers are still at it: they would take the cores from whoever is asked next.
        os.kill(serving.pid_of(port), signal.SIGHUP)
        time.sleep(_RELOADED)
        return PATIENCE
    finally:
        connection.close()
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{address}: the answer was no page, but {answer.status}")
    return time.perf_counter() - started


def ask_in_turn(systems: dict[str, Pages], seconds: float) -> dict[str, Figures]:
    """Return the best of what each of *systems* answered, kind by kind and in turn."""
    found: dict[str, Figures] = {name: dict.fromkeys(KINDS) for name in systems}
    for kind in KINDS:
        asked = {name: pages[kind] for name, pages in systems.items() if kind in pages}
        for name, (port, address) in list(asked.items()):
            pace = alone(port, address)
            if SLOW < pace < PATIENCE:
                # The first request may be what a server waits for to read its archive.
                pace = alone(port, address)
            if pace > SLOW:
                most = (os.cpu_count() or 1) / pace
                found[name][kind] = {"rate": most, "p50": pace * 1000, "is_most": True}
                del asked[name]
        for port, address in asked.values():
            _load(port, address, min(1.0, seconds))
        for _round in range(ROUNDS):
            for name, (port, address) in asked.items():
                best, now = found[name][kind], _load(port, address, seconds)
                if best is None or now["rate"] > best["rate"]:
                    found[name][kind] = now
    return found


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    peers = [name for name in figures["systems"] if name != OURS]
    ours, theirs = figures["ours"], figures["articles"]
    held = f"{theirs:,} articles" if ours == theirs else f"{ours:,} articles beside {theirs:,}"
    database = figures.get("database", "SQLite")
    where = "SQLite" if database == "SQLite" else f"{database}, its peers on SQLite"
    lines = [
        f"{held} on {where}, requests a second with 8 connections, the best of {ROUNDS} rounds"
        f" ({', '.join(PEERS[:2])}; {os.cpu_count()} cores, shared with the client). Load average"
        f" {figures['load_average']:.1f}.",
        "",
        f"| page | {OURS} | {' | '.join(peers)} | of the best |",
        "| --- |" + " ---: |" * (len(peers) + 2),
    ]
    for kind in KINDS:
        rate = figures["systems"][OURS][kind]["rate"]
        others = [figures["systems"][name].get(kind) for name in peers]
        rates = [other["rate"] for other in others if other is not None]
        cells = ["–" if other is None else _rate(other) for other in others]
        times = f"{rate / max(rates):,.1f} ×" if rates and max(rates) else ""
        lines.append(f"| {kind} | {rate:,.1f} | {' | '.join(cells)} | {times} |")
    lines += [
        "",
        "This archive's lists and searches count six facets exactly; Datasette's count three,"
        " Wagtail's none. “Kept” is this archive's own memory of pages and Django's for Wagtail.",
    ]
    if any("≤" in line for line in lines):
        lines[-1] += (
            f" “≤”: so slow (more than {SLOW:.0f} s) that one alone asked for it; all cores would"
            " reach no more at that pace. Of what did not answer in"
            f" {PATIENCE:.0f} s it is the rate of that."
        )
    return "\n".join(lines)


def _rate(found: dict[str, float]) -> str:
    rate = f"{found['rate']:,.1f}" if found["rate"] >= 1 else f"{found['rate']:.2g}"
    return f"≤ {rate}" if found.get("is_most") else rate


def main() -> int:
    """Install, fill, measure, print Markdown and write it down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--ours", type=int, metavar="N", help="articles of this archive")
    parser.add_argument("--at", metavar="URL", default="", help="ask the archive that is there")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each page and round")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="of the peers' environment")
    parser.add_argument("--print", action="store_true", help="write to no file")
    parser.add_argument("--json", metavar="FILE", help="keep the figures in FILE")
    parser.add_argument("--from", dest="file", metavar="FILE", help="figures kept with --json")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(our_pages()))
        return 0
    if options.file:
        figures = json.loads(Path(options.file).read_text(encoding="utf-8"))
    else:
        ours = options.at or options.ours or options.articles
        figures = measure_all(options.articles, ours, options.seconds, options.folder.resolve())
    text = table(figures)
    print(text)
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if not options.print:
        beside = "" if figures["ours"] == figures["articles"] else ", ours more"
        if figures.get("database", "SQLite") != "SQLite":
            beside += f", on {figures['database']}"
        results.write(f"Peers: {figures['articles']:,} articles{beside}", text)
    return 0


def measure_all(articles: int, ours: int | str, seconds: float, folder: Path) -> dict[str, Any]:
    """Return the figures of all three: the peers with *articles*, this archive with *ours*, or as
    it is at the DATABASE_URL that *ours* gives."""
    programs = prepare(folder)
    corpus = Corpus(articles)
    # What is there after an end halfway is no whole site.
    theirs = folder / f"filled-{articles}"
    if not all((theirs / name).exists() for name in ("wagtail.json", "datasette.json")):
        shutil.rmtree(theirs, ignore_errors=True)
        theirs.mkdir()
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as served:
        here = Path(name)
        file = here / "articles.jsonl"
        write_corpus(corpus, file)
        wagtail = served.enter_context(serve_wagtail(corpus, file, theirs, programs))
        datasette = served.enter_context(serve_datasette(corpus, file, theirs, programs))
        url = ours if isinstance(ours, str) else fill_ours(ours, here)
        count, pages = served.enter_context(serve_ours(url, here))
        systems = {OURS: pages, "Wagtail": wagtail, "Datasette": datasette}
        load = os.getloadavg()[0]
        found = ask_in_turn(systems, seconds)
    database = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    return {
        "articles": articles, "ours": count, "database": database, "load_average": load,
        "systems": found,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
