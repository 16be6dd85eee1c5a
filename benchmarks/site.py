"""What each kind of page costs, on an archive of any size: `benchmarks.pages` says which kinds.

``python -m benchmarks.site --articles 10000 --database sqlite`` builds an archive in a temporary
folder and measures it; ``--database postgres`` does so on a throw-away PostgreSQL. ``--at URL``
measures an archive that ``python -m benchmarks.corpus`` filled. ``--json FILE`` keeps the figures,
``--from FILE`` tables them again, ``--results`` writes the table into RESULTS.md, ``--load`` also
asks a server with 8 connections at once.

CPU is the mean of a request, inside the process, without a server: Python's and the database's
together. Beside it: the same statements alone (SQL), how many there are, and a view that says
hello, in the same run: a slow or busy machine moves them all. All pages are asked for in rounds,
one after the other, and the cheapest round of each is kept: the speed of a machine that others use
as well changes from minute to minute, and what it adds is not the page's. A search is measured as
if it were the first, and again, when a process remembers what was found.
"""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import results, serving
from benchmarks.measuring import Cpu, Request, collect_static, cpu_of, measure, no_cpu

if TYPE_CHECKING:
    from benchmarks.pages import Kind

ROOT = Path(__file__).resolve().parent.parent
#: Those that are asked for under load.
LOADED = ("first page", "list", "list, frequent tag", "list, frequent author and tag", "article",
          "feed")  # fmt: skip

Statements = list[tuple[str, Any]]
Ask = Callable[[str], bytes]


def measure_all(seconds: float, load: bool, only: str = "", rounds: int = 1) -> dict[str, Any]:
    """Return the figures of every kind of page of DATABASE_URL, or of those with *only* in their
    name, the cheapest of *rounds*; a line on stderr for each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    from archive_site.gunicorn import settle
    from articles.models import Article
    from benchmarks.pages import kinds

    collect_static()
    ask = Request(get_wsgi_application())
    ask("/")
    settle()
    is_sqlite = connection.vendor == "sqlite"
    database: Cpu = no_cpu if is_sqlite else cpu_of(_backend())
    figures: dict[str, Any] = {
        "articles": Article.objects.count(),
        "database": "SQLite" if is_sqlite else "PostgreSQL",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
        "rounds": rounds,
    }
    asked = [kind for kind in kinds() if only in kind.name]
    hellos: list[dict[str, Any]] = []
    cheapest: dict[str, dict[str, Any]] = {}
    for _round in range(rounds):
        hellos.append(json.loads(_child("benchmarks.hello")))
        for kind in asked:
            for found in _pages(kind, ask, seconds / rounds, database, is_sqlite):
                best = cheapest.setdefault(found["name"], found)
                if found["cpu"] < best["cpu"]:
                    cheapest[found["name"]] = found
                print(f"{found['name']}: {found['cpu']:.1f} ms", file=sys.stderr, flush=True)
    figures["hello"] = min(hellos, key=lambda hello: float(hello["cpu"]))
    figures["pages"] = list(cheapest.values())
    if load:
        figures["load"] = _under_load(seconds)
    return figures


def _pages(
    kind: "Kind", ask: Request, seconds: float, database: Cpu, is_sqlite: bool
) -> Iterator[dict[str, Any]]:
    """Yield the figures of *kind*, of each way to ask for it."""
    body = ask(kind.addresses[0])
    if ask.status != 200:
        raise RuntimeError(f"{kind.addresses[0]} answered {ask.status}")
    for name, reader in _ways(kind.name, ask):
        for address in kind.addresses:
            reader(address)
        statements = [_statements(reader, address) for address in kind.addresses]
        yield {
            "name": name,
            "aim": kind.aims[0 if is_sqlite else 1],
            "bytes": len(body),
            "sql": max(map(len, statements)),
            **measure(reader, kind.addresses, seconds=seconds, database=database),
            "sql_cpu": _alone(statements, seconds / 2, database),
        }


def _ways(name: str, ask: Request) -> list[tuple[str, Ask]]:
    """Return how a kind of page is asked for, with the name of each way: a search as if nobody had
    searched before, and again, when what it found is remembered."""
    if not name.startswith("search"):
        return [(name, ask)]

    def anew(address: str) -> bytes:
        postings.searches.forget()
        return ask(address)

    from articles.counting import live

    postings = live.current()
    return [(name, anew), (f"{name}, again", ask)]


def _backend() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        # What parallel workers use would be nobody's. And CPU is measured, on a machine that may be
        # busy: what takes a reader too long by the clock is no error here.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _statements(ask: Ask, address: str) -> Statements:
    from django.db import connection

    found: Statements = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        ask(address)
    return found


def _alone(pages: Sequence[Statements], seconds: float, database: Cpu) -> float:
    """Return the milliseconds of CPU of a page's statements without the page."""
    from django.db import connection

    def run(place: str) -> None:
        with connection.cursor() as cursor:
            for sql, params in pages[int(place)]:
                if not sql.startswith(("SELECT", "WITH", "SET LOCAL")):
                    continue  # a search that found nothing is counted: once is enough
                cursor.execute(sql, params)
                if cursor.description:
                    cursor.fetchall()

    places = [str(place) for place in range(len(pages))]
    return measure(run, places, seconds=seconds, database=database)["cpu"]


def _under_load(seconds: float) -> dict[str, Any]:
    from benchmarks.pages import kinds

    found: dict[str, Any] = {}
    with serving.server("benchmarks.hello:application") as port:
        found["hello"] = serving.load(port, ["/"], seconds=seconds)
    loaded = [kind for kind in kinds() if kind.name in LOADED]
    with serving.server(CACHE_MB="0") as port:
        for kind in loaded:
            found[kind.name] = _busy(port, kind.addresses, seconds)
    with serving.server(CACHE_MB="32") as port:
        pages = [address for kind in loaded for address in kind.addresses]
        found["any of them, kept"] = _busy(port, pages, seconds)
        found["any of them, asked for again (304)"] = _busy(port, pages, seconds, conditional=True)
        found["the same, 1,000 connections"] = _busy(
            port, pages, seconds, conditional=True, connections=1_000
        )
    return found


def _busy(port: int, addresses: Sequence[str], seconds: float, **options: Any) -> dict[str, float]:
    """Return the figures after a moment of the same, in which every process came to know it."""
    serving.load(port, addresses, seconds=min(1.0, seconds))
    return serving.load(port, addresses, seconds=seconds, **options)


def _child(module: str) -> str:
    environment = {**os.environ}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    hello = figures["hello"]["cpu"]
    lines = [
        f"{figures['articles']:,} articles on {figures['database']}; {figures['machine']};"
        f" {figures['date']}. The cheapest of {figures['rounds']} rounds. Load average"
        f" {figures['load_average']:.1f}."
        f" A view that says hello: {hello:.2f} ms.",
        "",
        "| page | CPU ms | aim | Python | database | SQL alone | × hello | wall p50 / p95 / p99"
        " | SQL | kB |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for page in figures["pages"]:
        over = " **over**" if page["cpu"] > page["aim"] else ""
        lines.append(
            f"| {page['name']} | {page['cpu']:.1f}{over} | {page['aim']:.0f} | {page['python']:.1f}"
            f" | {page['database']:.1f} | {page['sql_cpu']:.1f} | {page['cpu'] / hello:.0f}"
            f" | {page['p50']:.1f} / {page['p95']:.1f} / {page['p99']:.1f} | {page['sql']}"
            f" | {page['bytes'] / 1000:.0f} |"
        )
    if load := figures.get("load"):
        lines += [
            "",
            "Under load: 8 connections, 2 processes, the client on the same cores. Kept pages come"
            " from each process's memory.",
            "",
            "| page | requests/s | of hello | p50 / p95 / p99 ms | failed |",
            "| --- | ---: | ---: | ---: | ---: |",
        ]
        for name, row in load.items():
            share = row["rate"] / (load["hello"]["rate"] or 1)
            lines.append(
                f"| {name} | {row['rate']:,.0f} | {share:.0%}"
                f" | {row['p50']:.1f} / {row['p95']:.1f} / {row['p99']:.1f} | {row['failed']} |"
            )
    return "\n".join(lines)


def site(
    articles: int,
    database: str,
    *,
    seconds: float,
    load: bool,
    at: str,
    only: str = "",
    rounds: int = 1,
) -> dict[str, Any]:
    """Return the figures of an archive of *articles*, built for this or found *at* a URL."""
    with tempfile.TemporaryDirectory() as folder:
        local = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder, "PYTHONPATH": _path()}
        # Pages are measured as they are made, not as they are kept.
        local["CACHE_MB"] = "0"
        local["DATABASE_URL"] = at or f"sqlite:///{folder}/archive.sqlite3"
        here = [
            sys.executable, "-m", "benchmarks.site", "--here", f"{folder}/figures.json",
            "--articles", "0" if at else str(articles), "--seconds", str(seconds), "--only", only,
            "--rounds", str(rounds), *(["--load"] if load else []),
        ]  # fmt: skip
        if database == "postgres" and not at:
            here = [sys.executable, "tools/with_postgres.py", *here]
        subprocess.run(here, cwd=ROOT, env=local, check=True)
        found: dict[str, Any] = json.loads(Path(folder, "figures.json").read_text(encoding="utf-8"))
        return found


def _path() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))


def _here(options: argparse.Namespace) -> None:
    """Fill DATABASE_URL if it is to be filled, and measure it."""
    if options.articles:
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, check=True)
        corpus = [sys.executable, "-m", "benchmarks.corpus", str(options.articles)]
        subprocess.run(corpus, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    figures = measure_all(options.seconds, options.load, options.only, options.rounds)
    Path(options.here).write_text(json.dumps(figures, indent=1), encoding="utf-8")


def main() -> int:
    """Measure and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--at", metavar="URL", default="", help="measure the archive that is there")
    parser.add_argument("--seconds", type=float, default=1.5, help="for each figure")
    parser.add_argument("--rounds", type=int, default=3, help="over which they are spread")
    parser.add_argument("--only", metavar="TEXT", default="", help="kinds with TEXT in their name")
    parser.add_argument("--load", action="store_true", help="also ask a server under load")
    parser.add_argument("--json", metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--from", dest="file", metavar="FILE", help="figures kept with --json")
    parser.add_argument("--results", action="store_true", help="write the table into RESULTS.md")
    parser.add_argument("--here", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        _here(options)
        return 0
    if options.file:
        figures = json.loads(Path(options.file).read_text(encoding="utf-8"))
    else:
        figures = _measured(options)
    text = table(figures)
    print(text)
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if options.results:
        title = f"Pages: {figures['articles']:,} articles, {figures['database']}"
        results.write(title, text)
    return 0


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    return site(
        options.articles,
        options.database,
        seconds=options.seconds,
        load=options.load,
        at=options.at,
        only=options.only,
        rounds=options.rounds,
    )


if __name__ == "__main__":
    sys.exit(main())
