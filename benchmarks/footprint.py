"""What an archive takes: disk beside the bytes of its text, and a worker's memory and start."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks import serving

#: What of an article is text that somebody wrote.
TEXTS = ("headline", "kicker", "subtitle", "standfirst", "body", "byline", "part_label",
         "publication", "volume", "issue", "pages", "correction_note")  # fmt: skip
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
