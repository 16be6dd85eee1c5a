"""A primary of PostgreSQL with standbys, each on a socket of its own, and the site beside them."""

import atexit
import contextlib
import functools
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from tests.conftest import ROOT
from tools.with_postgres import NAME, Account, binaries, reachable

OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=on -c wal_level=replica"
    " -c max_wal_senders=8 -c max_replication_slots=8 -c hot_standby=on"
    " -c synchronous_commit=local -c max_connections=60 -c wal_receiver_status_interval=1"
)


COPY = Path("/bin/cp")
#: The site's own configuration, with more time for a reader's statements: the machine of the tests
#: may have much to do.
CONFIGURATION = """
from archive_site import gunicorn
from archive_site.gunicorn import *


def post_worker_init(worker):
    from archive_site import limits

    limits.PUBLIC_SECONDS = 60.0
    gunicorn.post_worker_init(worker)
"""


class Server:
    """One server: where its data and its socket are."""

    def __init__(self, name: str, home: Path, programs: Path, account: Account) -> None:
        self.name, self.home, self.programs, self.account = name, home, programs, account
        self.data, self.socket, self.log = home / name, home / f"{name}-s", home / f"{name}.log"
        self.socket.mkdir()
        account.own(self.socket)

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={self.socket}"

    def control(self, *arguments: str, check: bool = True) -> None:
        """Run pg_ctl."""
        program = self.programs / "pg_ctl"
        self.account.run(
            program, "-D", self.data, "-w", "-t", "60", *arguments, log=self.log, check=check
        )

    def start(self) -> None:
        self.control(*self._options(), "start")

    def restart(self, mode: str) -> None:
        self.control(*self._options(), "-m", mode, "restart")

    def _options(self) -> tuple[str, ...]:
        return ("-l", f"{self.data}.server.log", "-o", f"-k '{self.socket}' {OPTIONS}")

    def stop(self, mode: str = "fast") -> None:
        self.control("-m", mode, "stop", check=False)

    def ask(self, statement: str, database: str = NAME) -> Any:
        """Run one statement; return the first column of its first row."""
        connection = psycopg2.connect(host=str(self.socket), user=NAME, dbname=database)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                row = cursor.fetchone() if cursor.description else None
                return row[0] if row else None
        finally:
            connection.close()


@dataclass
class Cluster:
    """A primary, its standbys, and a folder for what belongs to them."""

    primary: Server
    standbys: list[Server]
    home: Path

    def manage(self, *arguments: str, url: str = "") -> str:
        """Run a management command on the primary; return what it printed."""
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(url or self.primary.url),
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    def environment(self, url: str, **more: str) -> dict[str, str]:
        return {**os.environ, "DATABASE_URL": url, "VAR_DIR": str(self.home / "var"), **more}

    def run(self, code: str, url: str = "") -> str:
        """Run some code as the site's own."""
        head = "from tests.factories import *; from articles.models import *\n"
        return self.manage("shell", "--no-imports", "-c", head + code, url=url).strip()

    def caught_up(self) -> None:
        """Wait until every standby has replayed what the primary wrote."""
        lsn = self.primary.ask("SELECT pg_current_wal_lsn()")
        for standby in self.standbys:
            wait_for(lambda s=standby: s.ask(f"SELECT pg_last_wal_replay_lsn() >= '{lsn}'"))


def wait_for(condition: Any, seconds: float = 60.0) -> None:
    """Wait until *condition* holds; errors count as that it does not yet."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg2.Error, OSError, http.client.HTTPException):
            if condition():
                return
        time.sleep(0.05)
    raise AssertionError("it did not come about")


@functools.cache
def prepared() -> Server:
    """Return a server at rest whose database is migrated and has an article: primaries begin as
    its copies, as making one takes longer than most tests."""
    account = Account()
    home = Path(tempfile.mkdtemp(prefix="backfile-cl-", dir="/tmp"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    account.own(home)
    programs = reachable(binaries(), account, home)
    server = Server("m", home, programs, account)
    flags = ["-U", NAME, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    account.run(programs / "initdb", "-D", server.data, *flags, log=server.log)
    server.start()
    try:
        server.ask(f"CREATE DATABASE {NAME}", "postgres")
        made = Cluster(server, [], home)
        made.manage("migrate", "-v0")
        made.run("make_article('A bell', authors=['Ada'], body='<p>It rang.</p>')")
    finally:
        server.stop()
    return server


@contextlib.contextmanager
def cluster(standbys: int) -> Iterator[Cluster]:
    """Run a primary with so many standbys; its database is migrated and has an article, “A bell”
    by Ada."""
    model = prepared()
    account, programs = model.account, model.programs
    home = Path(tempfile.mkdtemp(prefix="backfile-cl-", dir="/tmp"))
    account.own(home)
    servers: list[Server] = []
    try:
        primary = Server("p", home, programs, account)
        account.run(COPY, "-a", model.data, primary.data, log=primary.log)
        servers.append(primary)
        primary.start()
        found = Cluster(primary, [], home)
        for number in range(standbys):
            standby = Server(f"s{number + 1}", home, programs, account)
            copy = ["-h", str(primary.socket), "-U", NAME, "-D", str(standby.data), "-R"]
            copy += ["-X", "stream", "-C", "-S", standby.name, "-c", "fast", "--no-sync"]
            account.run(programs / "pg_basebackup", *copy, log=standby.log)
            standby.start()
            servers.append(standby)
            found.standbys.append(standby)
        yield found
    finally:
        for server in reversed(servers):
            server.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class Site:
    """The site under gunicorn."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    def get(self, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask for a page; return status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", address, headers=headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read()
        finally:
            connection.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def site(among: Cluster, url: str, *replicas: str, **environment: str) -> Iterator[Site]:
    """Serve the archive from the database at *url* and its *replicas*."""
    port, configuration = free_port(), among.home / "gunicorn.py"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    settings = {"CACHE_MB": "0", "WEB_CONCURRENCY": "1", "LOG_LEVEL": "ERROR", **environment}
    log = (among.home / "site.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", str(configuration),
         "--bind", f"127.0.0.1:{port}", "--log-level", "error"],
        cwd=ROOT,
        env=among.environment(url, DATABASE_REPLICA_URLS=",".join(replicas), **settings),
        stderr=log,
    )  # fmt: skip
    found = Site(port, process)
    try:
        wait_for(lambda: found.get("/robots.txt")[0] == 200)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=40)
        log.close()


class Readers:
    """Readers that go on asking, and note what was not as it should be."""

    def __init__(self, served: Site, addresses: list[str], count: int = 4) -> None:
        self.served, self.addresses = served, addresses
        self.answers: list[tuple[float, str, int, bytes]] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(n,)) for n in range(count)]

    def _read(self, number: int) -> None:
        while not self._stop.is_set():
            for address in self.addresses:
                begun = time.monotonic()
                try:
                    status, _headers, body = self.served.get(address)
                except (OSError, http.client.HTTPException) as error:
                    status, body = 0, str(error).encode()
                self.answers.append((begun, address, status, body))

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        wait_for(lambda: len(self.answers) > 10)
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def more(self, count: int = 40) -> None:
        """Wait for so many further answers."""
        wanted = len(self.answers) + count
        wait_for(lambda: len(self.answers) >= wanted, 60)

    def failed(self) -> list[tuple[str, int]]:
        """Return what was not answered with a page."""
        return [(address, status) for _at, address, status, _body in self.answers if status != 200]
