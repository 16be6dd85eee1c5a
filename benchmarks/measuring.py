"""What one request costs: CPU of this process and of the database's, wall time, bytes."""

import io
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import unquote_to_bytes

#: At least and at most so many requests for one figure.
FEWEST, MOST = 5, 400

Cpu = Callable[[], float]


class Request:
    """Asks a WSGI application for pages, without a server in between."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.status = 0

    def __call__(self, address: str, **headers: str) -> bytes:
        """Return the body at *address*; the status code stands in ``status``."""
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            # As PEP 3333 has it: bytes, each as one character.
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **headers,
        }

        def start_response(status: str, _headers: Any, _error: Any = None) -> None:
            self.status = int(status[:3])

        answer = self.application(environ, start_response)
        try:
            return b"".join(answer)
        finally:
            answer.close()


def collect_static() -> None:
    """Collect the static files, whose hashed names stand in pages. They are not packed: nobody asks
    for one here, and at a small size it would take longer than all that is measured."""
    from django.core.management import call_command

    from archive_site.packing import PackedStaticFilesStorage

    with mock.patch.object(PackedStaticFilesStorage, "compress_files", return_value=()):
        call_command("collectstatic", interactive=False, verbosity=0)


def no_cpu() -> float:
    """The CPU of a database that runs in this process: counted with it."""
    return 0.0


def cpu_of(pid: int) -> Cpu:
    """Return the function that tells how many seconds of CPU the process *pid* has used."""
    path = Path(f"/proc/{pid}/schedstat")

    def used() -> float:
        return int(path.read_text(encoding="ascii").split()[0]) / 1e9

    return used


def measure(
    ask: Callable[[str], Any],
    addresses: Sequence[str],
    *,
    seconds: float,
    database: Cpu = no_cpu,
) -> dict[str, float]:
    """Return what *ask* costs for each of *addresses*, taken in turn for *seconds*.

    Milliseconds: ``cpu`` (mean; ``python`` here and ``database`` there), and wall ``p50``, ``p95``
    and ``p99``; ``count`` says over how many. Every address was asked for once before.
    """
    for address in addresses:
        ask(address)
    walls: list[float] = []
    here, there = time.process_time(), database()
    end = time.perf_counter() + seconds
    while len(walls) < FEWEST or (time.perf_counter() < end and len(walls) < MOST):
        started = time.perf_counter()
        ask(addresses[len(walls) % len(addresses)])
        walls.append(time.perf_counter() - started)
    here, there = time.process_time() - here, database() - there
    count = len(walls)
    return {
        "cpu": 1000 * (here + there) / count,
        "python": 1000 * here / count,
        "database": 1000 * there / count,
        **percentiles(walls),
        "count": count,
    }


def percentiles(walls: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and p99 of *walls* (seconds) in milliseconds."""
    ordered = sorted(walls)
    return {
        "p50": 1000 * statistics.median(ordered),
        "p95": 1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))],
        "p99": 1000 * ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))],
    }
