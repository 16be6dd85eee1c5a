"""Pages under load: a gunicorn of its own on a free port, asked by `benchmarks.client`."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Seconds that a server may take to answer for the first time.
PATIENCE = 60
_PIDS: dict[int, int] = {}


def pid_of(port: int) -> int:
    """Return the number of the server's master process at *port*."""
    return _PIDS[port]


@contextlib.contextmanager
def server(application: str = "archive_site.wsgi:application", **environment: str) -> Iterator[int]:
    """Serve *application* as the archive is served, with *environment* beside ours; give its port.

    It ends, by its own process, with the block.
    """
    command = [
        sys.executable, "-m", "gunicorn", "--config", "archive_site/gunicorn.py", "--log-level",
        "error", "--bind", "127.0.0.1:{port}", application,
    ]  # fmt: skip
    with running(command, quiet=False, **environment) as port:
        yield port


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], *, quiet: bool = False, **environment: str
) -> Iterator[int]:
    """Run a server with ``{port}`` in its *command* replaced by a free one; give that. *quiet*
    drops what it prints."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    parts = [str(part).replace("{port}", str(port)) for part in command]
    output = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(
        parts, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output
    )
    _PIDS[port] = process.pid
    try:
        _wait(process, port)
        yield port
    finally:
        del _PIDS[port]
        process.terminate()
        process.wait(PATIENCE)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("The server ended before it answered.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("The server did not answer.")


def load(
    port: int,
    addresses: Sequence[str],
    *,
    connections: int = 8,
    seconds: float = 5.0,
    conditional: bool = False,
) -> dict[str, float]:
    """Return what `benchmarks.client` measures at *port*."""
    command = [
        sys.executable, "-m", "benchmarks.client", str(port),
        "--connections", str(connections), "--seconds", str(seconds),
        *(["--conditional"] if conditional else []),
    ]  # fmt: skip
    result = subprocess.run(
        command, cwd=ROOT, input="\n".join(addresses), stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(result.stdout)
    return found
