"""What an archive takes: disk beside the bytes of its text, and a worker's memory and start.

``python -m benchmarks.footprint --articles 10000`` fills an archive on SQLite twice, with bodies as
in the other benchmarks (a tenth of the articles) and with a body in each, since nothing tells as
much of the size of an archive as how much of its text it holds; ``--database postgres`` does so on
a throw-away PostgreSQL. ``--at URL`` measures the archive that is there, and one worker that serves
it. The table goes into RESULTS.md, unless ``--print`` is given.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks import results, serving
from benchmarks.corpus import BODIES
from benchmarks.databases import printed

#: What of an article is text that somebody wrote.
TEXTS = ("headline", "kicker", "subtitle", "standfirst", "body", "byline", "part_label",
         "publication", "volume", "issue", "pages", "correction_note")  # fmt: skip
#: What the tables and indexes hold, by how the names of the tables begin.
PARTS = {
    "articles_article": "articles",
    "articles_sourceentry": "entries of listings, as they stood and as they were read",
    "articles_searchdocument": "search documents",
    "articles_searchindex": "full-text index",
    "articles_taggedarticle": "links to tags",
    "articles_contribution": "links to authors",
    "articles_part": "links to series",
    "articles_publickey": "permanent keys",
    "articles_fieldchange": "changes of fields",
}
REST = "everything else"
#: Megabytes, and seconds.
AIMS = {"memory": 150.0, "start": 1.5, "SQLite": 3.0, "PostgreSQL": 5.0}
#: Bytes an article from which on a table or an index is named.
_LEAST = 20
#: Addresses of a page are asked of a worker that shall know all it will ever know.
_TURNS = 3


def sizes() -> dict[str, int]:
    """Return the bytes of the default database, and of the text of all articles in UTF-8."""
    from django.db import connection
    from django.db.models import BigIntegerField, F, Func, Sum

    from articles.models import Article

    is_sqlite = connection.vendor == "sqlite"

    class Octets(Func):
        function = "OCTET_LENGTH"
        output_field = BigIntegerField()

        def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
            return self.as_sql(
                compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))", **context
            )

    found = Article.objects.aggregate(**{name: Sum(Octets(F(name))) for name in TEXTS})
    if is_sqlite:
        path = Path(connection.settings_dict["NAME"])
        disk = sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))
    else:
        here = Func(function="current_database")
        size = Func(here, function="pg_database_size", output_field=BigIntegerField())
        disk = Article.objects.values_list(size, flat=True)[0]
    return {"disk": disk, "text": sum(filter(None, found.values()))}


def worker(addresses: Sequence[str], **environment: str) -> dict[str, float]:
    """Return what one worker takes that was asked for *addresses*: seconds of CPU and of the wall
    clock until its first answer, and megabytes of its own memory, its share of what it has in
    common with its master included, in the end."""
    environment = {"WEB_CONCURRENCY": "1", **environment}
    started = time.perf_counter()
    with serving.server(**environment) as port:
        _ask(port, "/articles/")
        first = time.perf_counter() - started
        pid = _worker_of(serving.pid_of(port))
        cpu = _cpu(pid)
        for _turn in range(_TURNS):
            for address in addresses:
                _ask(port, address)
        return {"start": first, "start_cpu": cpu, "memory": _memory(pid)}


def _ask(port: int, address: str) -> None:
    with urlopen(f"http://127.0.0.1:{port}{address}", timeout=60) as answer:
        answer.read()


def _worker_of(master: int) -> int:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == master:
            return int(path.parent.name)
    raise RuntimeError("The server has no worker.")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Return the megabytes of a process, each page shared out among those that have it."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1000
    raise RuntimeError("The system does not tell.")


def parts() -> dict[str, int]:
    """Return the bytes of each of `PARTS`, indexes included; of PostgreSQL's full-text index too,
    which stands in a column of its own. Empty if SQLite was built without ``dbstat``."""
    from django.db import DatabaseError, connection

    if connection.vendor == "sqlite":
        # An index counts with its table; what FTS5 keeps are tables of its own.
        statement = (
            "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat AS s"
            " LEFT JOIN sqlite_master AS m ON m.name = s.name WHERE s.aggregate = 1 GROUP BY 1"
        )
    else:
        statement = (
            "SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class AS c"
            " JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind = 'r'"
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            rows = cursor.fetchall()
    except DatabaseError:
        return {}
    found: Counter[str] = Counter()
    for table, size in rows:
        names = [words for start, words in PARTS.items() if table.startswith(start)]
        found[names[0] if names else REST] += int(size)
    return dict(found)


def pieces() -> dict[str, int]:
    """Return the bytes of each table without its indexes, and of each index; what PostgreSQL keeps
    out of line apart. Empty if SQLite was built without ``dbstat``."""
    from django.db import DatabaseError, connection

    if connection.vendor == "sqlite":
        statement = "SELECT name, sum(pgsize) FROM dbstat WHERE aggregate = 1 GROUP BY 1"
    else:
        statement = (
            "SELECT c.relname, pg_table_size(c.oid) - coalesce(pg_total_relation_size("
            "nullif(c.reltoastrelid, 0)), 0) FROM pg_class AS c JOIN pg_namespace AS n"
            " ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i')"
            " UNION ALL SELECT c.relname || ', out of line',"
            " pg_total_relation_size(c.reltoastrelid)"
            " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.reltoastrelid > 0"
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return {name: int(size) for name, size in cursor.fetchall()}
    except DatabaseError:
        return {}


def _here(with_worker: bool) -> dict[str, Any]:
    """Return the figures of DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive_site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from articles.models import Article
    from benchmarks.pages import kinds

    figures: dict[str, Any] = {
        "articles": Article.objects.count(),
        "bodies": Article.objects.exclude(body="").count(),
        "database": "SQLite" if connection.vendor == "sqlite" else "PostgreSQL",
        "load_average": os.getloadavg()[0],
        **sizes(),
        "parts": parts(),
        "pieces": pieces(),
    }
    if with_worker:
        call_command("collectstatic", interactive=False, verbosity=0)
        # The first ever reads the archive, and leaves what it counted for those that come later.
        figures["first"] = worker([])
        figures["worker"] = worker([kind.addresses[0] for kind in kinds()])
    return figures


def _filled(articles: int, bodies: float, database: str) -> dict[str, Any]:
    """Return the figures of an archive that is filled for this."""
    this = [sys.executable, "-m", "benchmarks.footprint", "--fill", str(bodies)]
    this += ["--articles", str(articles)]
    if database == "postgres":
        this = [sys.executable, "tools/with_postgres.py", *this]
    with tempfile.TemporaryDirectory() as folder:
        local = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder}
        local["DATABASE_URL"] = f"sqlite:///{folder}/archive.sqlite3"
        text = subprocess.run(
            this, cwd=serving.ROOT, env=local, stdout=subprocess.PIPE, text=True, check=True
        ).stdout
    found: dict[str, Any] = json.loads(text.strip().rpartition("\n")[2])
    return found


def table(runs: Sequence[dict[str, Any]]) -> str:
    """Return the figures of one or more archives of one size and database as Markdown."""
    first = runs[0]
    aim = AIMS[first["database"]]
    lines = []
    for run in runs:
        over = " **over**" if run["disk"] > aim * run["text"] else ""
        lines.append(
            f"With a body in {run['bodies']:,} of {run['articles']:,} articles:"
            f" {run['disk'] / run['articles']:,.0f} bytes an article for"
            f" {run['text'] / run['articles']:,.0f} bytes of text in UTF-8,"
            f" {run['disk'] / run['text']:.1f} times as much (aim: {aim:.0f}){over}."
        )
    lines += ["", "| bytes an article |" + "".join(f" {r['bodies']:,} bodies |" for r in runs)]
    lines.append("| --- |" + " ---: |" * len(runs))
    for name in sorted(first["parts"], key=lambda name: -first["parts"][name]):
        cells = [f" {r['parts'].get(name, 0) / r['articles']:,.0f} |" for r in runs]
        lines.append(f"| {name} |{''.join(cells)}")
    lines += [
        "",
        "| table or index, as the database calls it | bytes an article |",
        "| --- | ---: |",
    ]
    for name, size in sorted(first["pieces"].items(), key=lambda item: -item[1]):
        if size >= _LEAST * first["articles"]:
            lines.append(f"| `{name}` | {size / first['articles']:,.0f} |")
    for run in runs:
        if found := run.get("worker"):
            marks = {
                name: " **over**" if found[name] > AIMS[name] else ""
                for name in AIMS
                if name in found
            }
            lines += [
                "",
                f"A worker has {found['memory']:.0f} MB{marks['memory']} (aim: 150) once it was"
                " asked for every kind of page, and answers its first page"
                f" {found['start']:.1f} s{marks['start']} (aim: 1.5) after the server was started,"
                f" {found['start_cpu']:.1f} s of them its own CPU. The first worker ever has to"
                f" read the archive: {run['first']['start']:.1f} s,"
                f" {run['first']['start_cpu']:.1f} s of CPU. Load average"
                f" {run['load_average']:.1f}.",
            ]
    return "\n".join(lines)


def main() -> int:
    """Measure, print Markdown, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--at", metavar="URL", default="", help="measure the archive that is there")
    parser.add_argument("--print", action="store_true", help="write to no file")
    parser.add_argument("--fill", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill is not None:
        printed(dict(os.environ), "manage.py", "migrate", "--verbosity", "0")
        fill = ["-m", "benchmarks.corpus", str(options.articles), "--bodies", str(options.fill)]
        printed(dict(os.environ), *fill)
    if options.here or options.fill is not None:
        print(json.dumps(_here(with_worker=options.here)))
        return 0
    if options.at:
        with tempfile.TemporaryDirectory() as folder:
            local = {**os.environ, "ARCHIVE_ENV": "local", "VAR_DIR": folder}
            local["DATABASE_URL"] = options.at
            runs = [json.loads(printed(local, "-m", "benchmarks.footprint", "--here"))]
    else:
        shares = (BODIES, 1.0)
        runs = [_filled(options.articles, share, options.database) for share in shares]
    text = table(runs)
    print(text)
    if not options.print:
        kind = "Worker and size" if options.at else "Size"
        results.write(f"{kind}: {runs[0]['articles']:,} articles, {runs[0]['database']}", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
