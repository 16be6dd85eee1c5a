"""The archive behind pgbouncer, as docs/scaling.md sets it up."""

import contextlib
import re
import subprocess
from collections.abc import Iterator

import psycopg2
import pytest

from tests.conftest import ROOT, announced
from tests.replicas.cluster import Cluster, Readers, cluster, free_port, site, wait_for
from tools import programs
from tools.with_postgres import NAME

pytestmark = [
    pytest.mark.slow,
    pytest.mark.servers,
    pytest.mark.skipif(announced() != "postgresql", reason="pgbouncer is PostgreSQL's"),
]
#: Connections to the server: fewer than the site has threads.
POOL = 3


@pytest.fixture
def alone() -> Iterator[Cluster]:
    """A primary by itself, with an article."""
    with cluster(0) as found:
        yield found


def configuration(alone: Cluster, port: int) -> str:
    """Return what the page about scaling says, for a server on a socket and without passwords."""
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    found = re.search(r"```ini\n(\[databases\].*?)```", page, re.DOTALL)
    assert found, "docs/scaling.md has no configuration of pgbouncer"
    text = found[1]
    for old, new in (
        ("backfile = host=10.0.0.5 dbname=backfile", f"{NAME} = host={alone.primary.socket}"),
        ("auth_type = scram-sha-256\n", "auth_type = any\n"),
        ("auth_file = /etc/pgbouncer/userlist.txt\n", ""),
        ("default_pool_size = 40", f"default_pool_size = {POOL}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    if f"{NAME} = host=" in text:
        text = text.replace(
            f"{NAME} = host={alone.primary.socket}",
            f"{NAME} = host={alone.primary.socket} dbname={NAME} user={NAME}",
        )
    return f"{text}\nlisten_port = {port}\nunix_socket_dir =\n"


@contextlib.contextmanager
def pooled(alone: Cluster) -> Iterator[str]:
    """Run pgbouncer in front of the primary; give its address as a URL."""
    program = programs.find(("pgbouncer",))
    assert program is not None, "pgbouncer is missing: tools/programs.py servers"
    port = free_port()
    file = alone.home / "pgbouncer.ini"
    file.write_text(configuration(alone, port), encoding="utf-8")
    account = alone.primary.account
    account.own(file)
    process = subprocess.Popen(
        [program, "-q", str(file)], user=account.user, group=account.group, cwd=alone.home
    )
    url = f"postgresql://{NAME}@127.0.0.1:{port}/{NAME}"
    try:
        wait_for(lambda: asked(url, "SELECT 1") == "1")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def asked(url: str, statement: str) -> str:
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return str(cursor.fetchall()[0][0])
    finally:
        connection.close()


def test_more_readers_than_connections(alone: Cluster) -> None:
    addresses = ["/", "/articles/", "/articles/2020/03/01/a-bell/", "/articles/?q=bell"]
    with pooled(alone) as url, site(alone, url, CONN_MAX_AGE="0") as served:
        with Readers(served, addresses, 8) as readers:
            readers.more()
            alone.run("make_article('A buoy')", url=url)
            wait_for(lambda: b"A buoy" in served.get("/articles/")[2])
            readers.more()
        assert readers.failed() == []
        used = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        assert int(alone.primary.ask(used)) <= POOL + 1
        # The limit of a reader's statements is not handed on to whoever comes next.
        for _turn in range(2 * POOL):
            assert asked(url, "SHOW statement_timeout") == "0"


def test_a_restart_of_the_database_behind_it(alone: Cluster) -> None:
    with pooled(alone) as url, site(alone, url, CONN_MAX_AGE="0") as served:
        with Readers(served, ["/articles/"], 4) as readers:
            alone.primary.restart("fast")
            readers.more()
        assert {status for _at, _a, status, _b in readers.answers} <= {200, 503}
        wait_for(lambda: served.get("/articles/")[0] == 200)
        alone.run("make_article('After')", url=url)
        wait_for(lambda: b"After" in served.get("/articles/")[2])
