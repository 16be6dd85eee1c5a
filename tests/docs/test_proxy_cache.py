"""nginx with the cache of deploy/nginx.conf gives readers what is theirs, and nobody else's."""

import gzip
import http.client
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools import programs

pytestmark = [pytest.mark.slow, pytest.mark.servers]

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
#: A long page, as far as packing is concerned.
LONG = ROOT / "docs" / "importing.md"
#: Answers with how often it was asked, who asks, and the archive's headers; or with a long page.
UPSTREAM = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
asked = 0
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *arguments): pass
    def do_GET(self):
        global asked
        asked += 1
        is_private = "__Host-session=" in self.headers.get("Cookie", "") or (
            "Authorization" in self.headers)
        is_known = self.headers.get("If-None-Match") == 'W/"1"'
        body = b"" if is_known and not is_private else f"{asked} {is_private}".encode()
        if self.path == "/long/":
            body = open(sys.argv[2], "rb").read()
        self.send_response(304 if is_known and not is_private else 200)
        if is_private:
            self.send_header("Cache-Control", "private, no-store")
        else:
            self.send_header("Cache-Control", "public, max-age=0, s-maxage=1, stale-if-error=600")
            self.send_header("ETag", 'W/"1"')
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def proxy() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run nginx with the shipped rules of the cache in front of a small server."""
    folder = Path(tempfile.mkdtemp(prefix="backfile-nginx-", dir="/tmp"))
    folder.chmod(0o777)
    port, behind = free_port(), free_port()
    head = re.search(r"proxy_cache_path.*?\n\}\n", CONFIGURATION, re.DOTALL)
    place = re.search(r"    location / \{\n {8}proxy_cache .*?\n    \}\n", CONFIGURATION, re.DOTALL)
    assert head is not None
    assert place is not None
    packing = "".join(re.findall(r"    gzip\w* [^;]+;\n", CONFIGURATION))
    rules = head[0].replace("/var/cache/nginx/backfile", str(folder / "cache"))
    location = place[0].replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{temporary}{rules}"
        f"server {{ listen 127.0.0.1:{port};\n{packing}{location}}}\n}}\n",
        encoding="utf-8",
    )
    upstream = subprocess.Popen([sys.executable, "-c", UPSTREAM, str(behind), str(LONG)])
    program = programs.find(("nginx",))
    assert program, "nginx is missing: apt-get install nginx-light"
    nginx = subprocess.Popen(
        [program, "-c", str(folder / "nginx.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            if get(port, "/ready")[0] == 200:
                break
        except OSError:
            time.sleep(0.05)
    yield port, upstream
    nginx.terminate()
    nginx.wait()
    upstream.kill()
    upstream.wait()
    shutil.rmtree(folder, ignore_errors=True)


def get(port: int, address: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode("latin-1")
    finally:
        connection.close()


def test_pages_are_packed_as_well_as_they_are_weighed(
    proxy: tuple[int, subprocess.Popen[bytes]],
) -> None:
    _status, packed = get(proxy[0], "/long/", **{"Accept-Encoding": "gzip"})
    whole = LONG.read_bytes()
    assert gzip.decompress(packed.encode("latin-1")) == whole
    # tests/browser/test_pages.py reckons so.
    assert len(packed) <= 1.02 * len(gzip.compress(whole, 6))


def test_readers_share_and_editors_do_not(
    proxy: tuple[int, subprocess.Popen[bytes]],
) -> None:
    port, upstream = proxy
    first = get(port, "/articles/?q=bell")
    assert first[1].endswith("False")
    for headers in (
        {"Cookie": "__Host-session=x"}, {"Cookie": "theme=dark; __Host-session=x"},
        {"Cookie": "theme=dark;__Host-session=x"}, {"Authorization": "Basic eDp5"},
    ):  # fmt: skip
        theirs = get(port, "/articles/?q=bell", **headers)
        assert theirs[1].endswith("True"), headers
        again = get(port, "/articles/?q=bell")
        assert again == first, "after a second it is asked again, and is told 304"
    assert get(port, "/articles/?q=bell", Cookie="theme=dark; x__Host-session=y") == first
    assert get(port, "/articles/?q=buoy") != first
    assert get(port, "/only-theirs/", Cookie="__Host-session=x")[1].endswith("True")
    assert get(port, "/only-theirs/")[1].endswith("False")
    time.sleep(1.1)
    upstream.kill()
    upstream.wait()
    assert get(port, "/articles/?q=bell") == first, "the archive does not answer"
