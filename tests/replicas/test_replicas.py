"""Readers read from standbys that have what the primary has, whatever happens to either."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from archive_site.limits import PATIENCE
from benchmarks.proof_outage import held, outage
from tests.conftest import ROOT, announced
from tests.replicas.cluster import Cluster, Readers, cluster, site, wait_for
from tools.with_postgres import NAME

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(announced() != "postgresql", reason="standbys are PostgreSQL's"),
]

ADDRESSES = ["/", "/articles/", "/articles/2020/03/01/a-bell/", "/authors/", "/articles/?q=bell"]
PAUSE, RESUME = "SELECT pg_wal_replay_pause()", "SELECT pg_wal_replay_resume()"


@pytest.fixture
def among() -> Iterator[Cluster]:
    """A primary and two standbys with an article."""
    with cluster(2) as found:
        found.caught_up()
        yield found


@pytest.fixture
def alone() -> Iterator[Cluster]:
    """A primary by itself, with an article."""
    with cluster(0) as found:
        yield found


def urls(among: Cluster) -> tuple[str, ...]:
    return (among.primary.url, *(standby.url for standby in among.standbys))


def test_a_standby_is_left_and_comes_back(among: Cluster) -> None:
    """Paused replay: what was withdrawn is gone within a second, and what is new is there."""
    one, other = among.standbys
    with site(among, *urls(among)) as served, Readers(served, ADDRESSES[:3]) as readers:
        one.ask(PAUSE)
        among.run("make_article('A buoy', body='<p>New.</p>')")
        published = time.monotonic()
        readers.more()
        other.ask(PAUSE)
        among.run(
            "from articles.writing.articles import set_status\n"
            "set_status([Article.objects.get(slug='a-bell').pk], 'withdrawn', actor=None,"
            " reason='Untrue.')"
        )
        withdrawn = time.monotonic()
        time.sleep(2.5)
        readers.more()
        paused = time.monotonic()
        for standby in among.standbys:
            standby.ask(RESUME)
        among.caught_up()
        time.sleep(1.2)
        readers.more()
        # Back in the rotation: they serve while there is no primary.
        among.primary.stop("immediate")
        since = len(readers.answers)
        readers.more()
    seen = [answer for answer in readers.answers if answer[1] == "/articles/"]
    assert all(b"A buoy" in body for at, _a, _s, body in seen if at > published + 1.5)
    gone = [answer for answer in readers.answers if answer[1] == ADDRESSES[2]]
    late = [status for at, _a, status, _b in gone if at > withdrawn + 1.5]
    assert late
    assert set(late) == {410}
    assert all(b"A bell" not in body for at, _a, _s, body in seen if at > withdrawn + 1.5)
    assert any(at < paused for at, *_rest in gone if at > withdrawn + 1.5)
    assert {status for _t, _a, status, _b in readers.answers} <= {200, 410}
    assert {status for _t, _a, status, _b in readers.answers[since:]} <= {200, 410}


def test_a_killed_standby_is_missed_by_nobody(among: Cluster) -> None:
    one, other = among.standbys
    with site(among, *urls(among)) as served, Readers(served, ADDRESSES) as readers:
        one.stop("immediate")
        readers.more()
        other.stop("immediate")
        readers.more()
        one.start()
        other.start()
        among.caught_up()
        # What did not answer is left alone for five seconds, and then asked again.
        time.sleep(6)
        readers.more()
        among.primary.stop("immediate")
        readers.more()
    assert readers.failed() == []


def test_a_standby_is_promoted_and_writes_go_on(among: Cluster) -> None:
    """The primary dies: readers notice nothing; writes wait until another is the primary, and
    find it by themselves."""
    one, other = among.standbys
    hosts = ",".join(str(server.socket) for server in (among.primary, one))
    url = f"{among.primary.url.split('?')[0]}?host={hosts}&target_session_attrs=read-write"
    with site(among, url, one.url, other.url) as served, Readers(served, ADDRESSES) as readers:
        among.primary.stop("immediate")
        readers.more()
        assert served.get("/admin/login/")[0] in {200, 503}
        one.control("promote")
        among.run("make_article('After')", url=url)
        wait_for(lambda: b"After" in served.get("/articles/")[2])
        readers.more()
    assert readers.failed() == []
    # The old one comes back as what it was, and nobody is led to it.
    assert one.ask("SELECT pg_is_in_recovery()") is False


def test_no_acknowledged_save_is_lost(among: Cluster) -> None:
    """With ``remote_apply``, a save that was acknowledged is on every standby."""
    for statement in (
        "ALTER SYSTEM SET synchronous_standby_names = '2 (*)'",
        f"ALTER DATABASE {NAME} SET synchronous_commit = remote_apply",
        "SELECT pg_reload_conf()",
    ):
        among.primary.ask(statement)
    code = (
        "from tests.factories import *\n"
        "for number in range(10_000):\n"
        "    print(make_article(f'Saved {number}').pk, flush=True)"
    )
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=among.environment(among.primary.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _number in range(20)]
        # In the middle of the next ones.
        among.primary.stop("immediate")
        acknowledged += [int(line) for line in writer.stdout if line.strip().isdigit()]
        assert writer.wait(timeout=60) != 0
    for standby in among.standbys:
        there = standby.ask("SELECT array_agg(id) FROM articles_article WHERE is_public")
        assert set(acknowledged) <= set(there)
    one = among.standbys[0]
    one.control("promote")
    one.ask("ALTER SYSTEM SET synchronous_standby_names = ''")
    one.ask("SELECT pg_reload_conf()")
    among.run("make_article('After')", url=one.url)
    assert one.ask("SELECT count(*) FROM articles_article WHERE headline = 'After'") == 1


def test_an_outage_of_the_primary(among: Cluster) -> None:
    """Readers notice nothing, writers are told, and it ends by itself."""
    told = outage(among, 4.0)
    assert held(told), told


def test_editors_read_what_they_wrote(among: Cluster) -> None:
    for standby in among.standbys:
        standby.ask(PAUSE)
    among.run(
        "from django.contrib.auth import get_user_model\n"
        "get_user_model().objects.create_superuser('edith', password='long-enough-word')"
    )
    code = (
        "from django.test import Client; from django.conf import settings\n"
        "from django.contrib.auth import get_user_model\n"
        "c = Client(); c.force_login(get_user_model().objects.get())\n"
        "print(settings.SESSION_COOKIE_NAME + '=' + c.cookies[settings.SESSION_COOKIE_NAME].value)"
    )
    cookie = among.run(code).splitlines()[-1]
    among.manage("collectstatic", "--noinput", "-v0")
    with site(among, *urls(among)) as served:
        # The session itself is on the primary only.
        status, _headers, body = served.get("/admin/", Cookie=cookie)
        assert (status, b"edith" in body) == (200, True), body
        among.run("make_article('A buoy')")
        assert b"A buoy" in served.get("/articles/", Cookie=cookie)[2]


def test_a_database_without_standbys_pays_nothing(alone: Cluster) -> None:
    code = "from django.conf import settings; print(settings.DATABASE_ROUTERS, settings.REPLICAS)"
    assert alone.run(code).splitlines()[-1] == "[] []"


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_of_the_database_is_seen_by_no_reader(alone: Cluster, mode: str) -> None:
    """Unless it takes longer than a reader waits."""
    with site(alone, alone.primary.url) as served, Readers(served, ADDRESSES, 8) as readers:
        alone.primary.restart(mode)
        back = time.monotonic()
        readers.more()
    failed = [(at, status) for at, _a, status, _b in readers.answers if status != 200]
    assert {status for _at, status in failed} <= {503}
    assert [at for at, _status in failed if at > back - PATIENCE + 0.5] == []


def test_a_database_that_is_away(alone: Cluster) -> None:
    """What is kept is given out; for the rest, 503 and when to ask again; and all is well at once
    when the database is back."""
    with site(alone, alone.primary.url, CACHE_MB="8") as served:
        wait_for(lambda: "last-modified" in served.get("/articles/")[1])
        kept = served.get("/articles/")
        alone.primary.stop("immediate")
        begun = time.monotonic()
        assert served.get("/articles/")[::2] == kept[::2]
        assert time.monotonic() - begun < 3
        for address in ("/tags/", "/admin/"):
            status, headers, body = served.get(address)
            assert status == 503, address
            assert headers["retry-after"] == "5"
            assert headers["cache-control"] == "private, no-store"
            assert b"cannot be read just now" in body
        assert served.process.poll() is None
        alone.primary.start()
        wait_for(lambda: served.get("/tags/")[0] == 200)


def test_standbys_need_postgresql(tmp_path: object) -> None:
    result = subprocess.run(
        ["env", "DATABASE_URL=sqlite:///x", "DATABASE_REPLICA_URLS=postgresql://a@/b",
         "ARCHIVE_ENV=local", sys.executable, "-c", "import archive_site.settings"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "DATABASE_REPLICA_URLS needs PostgreSQL" in result.stderr
