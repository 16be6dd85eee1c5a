"""Pages that several processes share: by Redis, by memcached, and when neither answers."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from archive_site import page_store
from archive_site.page_store import Kept, PageStore, shared_store
from tests.factories import make_article
from tests.site.serving import ask, front, plain
from tools import programs

ADDRESS = ("http", "h", "/", "q=ż")
PAGE = Kept(b"<p>\n\x00page</p>", (("Content-Type", "text/html"),))


def _started(command: list[str], path: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    # The file is there a moment before anybody listens.
    while not _listens(path):
        assert time.monotonic() < deadline, "the store does not start"
        time.sleep(0.02)
    return process


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


@pytest.fixture(
    params=[
        pytest.param(name, marks=[pytest.mark.slow, pytest.mark.servers])
        for name in ("redis", "memcached")
    ]
)
def url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Start a store on a socket of its own; give its address."""
    # A site does without what is not there in a quarter of a second; here it must be there.
    monkeypatch.setattr(page_store, "SHARED_WAIT", 20.0)
    names = {"redis": ("redis-server",), "memcached": ("memcached",)}
    program = programs.find(names[request.param])
    assert program, f"{request.param} is missing: apt-get install redis-server memcached"
    # Not pytest's folder: memcached becomes an account that may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="backfile-store-", dir="/tmp"))
    folder.chmod(0o777)
    path = folder / "s"
    if request.param == "redis":
        command = [program, "--port", "0", "--unixsocket", str(path), "--save", ""]
        address = f"unix://{path}"
    else:
        command = [program, "-u", "nobody", "-s", str(path), "-a", "0777"]
        address = f"memcached://{path}"
    process = _started(command, path)
    yield address
    process.kill()
    process.wait()
    shutil.rmtree(folder)


def test_what_one_process_made_another_finds(url: str, request: pytest.FixtureRequest) -> None:
    one, other = (PageStore(100_000, shared_store(url)) for _number in range(2))
    request.addfinalizer(one.close)
    request.addfinalizer(other.close)
    assert one.get(ADDRESS, "v") is None
    one.put(ADDRESS, "v", PAGE)
    assert other.get(ADDRESS, "v") == PAGE
    assert other.get(ADDRESS, "w") is None
    assert other.get(("http", "h", "/", "q=z"), "v") is None
    assert other.used > 0, "the next time, it is at hand"


@pytest.mark.django_db
def test_nodes_share_pages(
    url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    from archive_site import caching

    make_article("A bell")
    monkeypatch.setattr(caching, "UNSURE", caching.datetime.timedelta(0))
    with override_settings(CACHE_URL=url):
        one, other = front(), front()
        request.addfinalizer(one.store.close)
        request.addfinalizer(other.store.close)
        expected = ask(one, "/articles/")

        def never(environ: object, start: object) -> None:
            raise AssertionError("asked")

        other.application = never  # type: ignore[assignment]
        found = ask(other, "/articles/")
        assert (found.status, found.headers, found.body) == (
            expected.status, expected.headers, expected.body,
        )  # fmt: skip
        make_article("Another")
        assert b"Another" in ask(one, "/articles/").body


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "memcached://127.0.0.1:1"])
@pytest.mark.django_db
def test_without_its_store_the_site_is_slower_and_right(
    address: str, request: pytest.FixtureRequest
) -> None:
    make_article("A bell")
    with override_settings(CACHE_URL=address):
        application = front()
        request.addfinalizer(application.store.close)
        expected = ask(plain(), "/articles/")
        for _time in range(2):
            assert ask(application, "/articles/").body == expected.body


def test_a_store_that_failed_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        asked = 0

        def get(self, key: str) -> bytes | None:
            self.asked += 1
            raise OSError("away")

        def put(self, key: str, value: bytes) -> None:
            self.asked += 1

        def close(self) -> None: ...

    broken = Broken()
    store = PageStore(100_000, broken)
    for _time in range(5):
        assert store.get(ADDRESS, "v") is None
        store.put(ADDRESS, "w", PAGE)
    assert broken.asked == 1
    monkeypatch.setattr(page_store.time, "monotonic", lambda: time.time() + 1e9)
    assert store.get(ADDRESS, "v") is None
    assert broken.asked == 2


def test_what_somebody_else_put_there_is_no_page() -> None:
    class Foreign:
        def get(self, key: str) -> bytes | None:
            return b"*3\r\nnonsense"

        def put(self, key: str, value: bytes) -> None: ...

        def close(self) -> None: ...

    assert PageStore(100_000, Foreign()).get(ADDRESS, "v") is None


@pytest.mark.parametrize("url", ["http://cache.example", "redis", "memcache://x", "file:///etc"])
def test_another_kind_of_store_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL"):
        shared_store(url)
