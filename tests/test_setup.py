"""What stands between a clone and a running archive: the tools, the first account, the server."""

import gc
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

from archive_site import gunicorn
from tests.conftest import ROOT, announced
from tools import environment, port, programs

#: Each starts a process of its own: left to `make test`.
pytestmark = pytest.mark.slow

PATIENCE = 60
PROMPT = 15


@pytest.mark.django_db
def test_the_database_is_the_announced_one() -> None:
    assert connection.vendor == os.environ["ARCHIVE_TEST_DATABASE"] == announced()
    if connection.vendor == "sqlite":
        assert Path(connection.settings_dict["NAME"]).is_file()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)


def make_editor() -> str:
    out = StringIO()
    call_command("make_editor", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_make_editor_prints_a_password_that_opens_the_admin() -> None:
    printed = make_editor()
    found = re.search(r"Password +(\S+)", printed)
    assert found
    editor = get_user_model().objects.get()
    assert editor.get_username() == "editor"
    assert editor.is_staff
    assert editor.check_password(found[1])
    assert "changepassword editor" in printed


@pytest.mark.django_db
def test_make_editor_works_once() -> None:
    make_editor()
    before = get_user_model().objects.get().password
    printed = make_editor()
    assert "Password" not in printed
    assert "changepassword editor" in printed
    assert get_user_model().objects.get().password == before


@pytest.mark.django_db
def test_make_editor_gives_no_second_way_in() -> None:
    get_user_model().objects.create_user("somebody", password="a-password-of-theirs")
    assert "no “editor” was made" in make_editor()
    assert get_user_model().objects.count() == 1


def test_the_demo_is_named_as_its_magazine() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(r"^demo: export SITE_NAME := (.+)$", makefile, re.MULTILINE)
    articles = json.loads((ROOT / "fixtures" / "demo.json").read_text(encoding="utf-8"))["articles"]
    assert found
    assert found[1] in {article["publication"] for article in articles}


def test_the_pipeline_is_make_test_and_nothing_cleverer() -> None:
    path = ROOT / ".ci" / "run"
    assert path.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"
    assert path.stat().st_mode & stat.S_IXUSR


# The environment


def test_an_installation_is_known_by_interpreter_and_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path)
    requirements = tmp_path / "run.txt"
    requirements.write_text("a==1\n", encoding="utf-8")
    assert not environment.is_current(requirements)
    stamp = environment.stamp(requirements)
    stamp.write_text(environment.fingerprint(requirements), encoding="ascii")
    assert environment.is_current(requirements)
    requirements.write_text("a==2\n", encoding="utf-8")
    assert not environment.is_current(requirements)
    requirements.write_text("a==1\n", encoding="utf-8")
    monkeypatch.setattr(sys, "version", "another")
    assert not environment.is_current(requirements)


def test_a_python_without_venv_is_told_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"lacks venv and ensurepip(.|\n)*apt-get install python3"):
        environment.require_venv()


def test_a_failed_installation_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", Path(sys.executable))
    requirements = tmp_path / "run.txt"
    requirements.write_text("no-such-thing==1 --hash=sha256:00\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="no network"):
        environment.install(requirements)
    assert not environment.stamp(requirements).exists()


# The port


@pytest.fixture
def busy() -> Iterator[str]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield str(server.getsockname()[1])


def test_a_busy_port_is_named_with_a_remedy(busy: str) -> None:
    assert f"Port {busy} is taken" in port.problem(busy)
    assert "PORT=" in port.problem(busy)


@pytest.mark.parametrize("value", ["", "0", "65536", "http", "-1", "٨٠"])
def test_what_is_no_port_is_refused(value: str) -> None:
    assert port.problem(value).startswith("PORT must be a number")


def test_a_free_port_is_fine(busy: str) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        free = str(server.getsockname()[1])
    assert port.problem(free) == ""


# Programs of the tests


@pytest.mark.parametrize(
    ("group", "package"), [("browser", "chromium"), ("servers", "redis-server")]
)
def test_without_a_program_the_one_command_is_said(
    monkeypatch: pytest.MonkeyPatch, group: str, package: str
) -> None:
    monkeypatch.setattr(programs, "find", lambda names: None)
    monkeypatch.setattr(programs, "install", lambda packages: None)
    with pytest.raises(SystemExit, match=f"apt-get install .*{package}") as refused:
        programs.main([group])
    assert f"ARCHIVE_SKIP={group}" in str(refused.value)


def test_a_named_chromium_has_to_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert programs.missing("browser") == ["chromium"]
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert programs.find(programs.CHROMIUM) == sys.executable
    assert programs.missing("browser") == []


def test_no_server_is_started_by_being_installed(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    with programs.no_service_started(policy):
        assert subprocess.run([policy], check=False).returncode == 101
    assert not policy.exists()
    policy.write_text("the machine's own")
    with programs.no_service_started(policy):
        assert policy.read_text() == "the machine's own"
    assert policy.exists()


# PostgreSQL beside a command


def launch(*code: str) -> subprocess.Popen[str]:
    """Start the launcher around a Python program."""
    command = [sys.executable, "tools/with_postgres.py", sys.executable, "-u", "-c", *code]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def home_of(url: str) -> Path:
    return Path(url.strip().split("?host=")[1])


def test_the_launcher_passes_the_exit_code_on_and_leaves_nothing() -> None:
    process = launch("import os, sys; print(os.environ['DATABASE_URL']); sys.exit(7)")
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 7
    home = home_of(output.splitlines()[-1])
    assert home.is_absolute()
    assert not home.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_launcher_stops_everything_when_it_is_stopped(number: signal.Signals) -> None:
    process = launch("import os, time; print(os.environ['DATABASE_URL']); time.sleep(600)")
    assert process.stdout
    process.stdout.readline()
    url = process.stdout.readline().strip()
    session = psycopg2.connect(url)
    process.send_signal(number)
    assert process.wait(timeout=PATIENCE) == 128 + number
    process.stdout.close()
    assert not home_of(url).exists()
    with (
        session.cursor() as cursor,
        pytest.raises(psycopg2.DatabaseError, match=r"server|terminat"),
    ):
        cursor.execute("SELECT 1")
    session.close()


def test_a_folder_without_a_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BINDIR", "/nowhere/bin")
    process = launch("pass")
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "/nowhere/bin has no initdb" in output


# The server as it is deployed


@pytest.fixture
def served(tmp_path: Path, empty_archive: Path, packed_static: Path) -> Iterator[tuple[str, int]]:
    """Run gunicorn with the shipped configuration on an empty archive."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        number = server.getsockname()[1]
    environ = {**os.environ, "VAR_DIR": str(tmp_path), "WEB_CONCURRENCY": "2"}
    shutil.copy(empty_archive, tmp_path / "archive.sqlite3")
    shutil.copytree(packed_static, tmp_path / "static")
    command = [sys.executable, "-m", "gunicorn", "--config", "archive_site/gunicorn.py"]
    command += ["--bind", f"127.0.0.1:{number}", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True)
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not port.problem(str(number)):
            assert process.poll() is None
            time.sleep(0.1)
        yield "127.0.0.1", number
    finally:
        # As a terminal does on an impatient Ctrl-C: to the whole group, more than once.
        for _ in range(3):
            os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=PROMPT) == 0


def answer(address: tuple[str, int], request: str) -> str:
    """Send raw bytes and return the answer's head."""
    with socket.create_connection(address, timeout=PATIENCE) as client:
        client.sendall(request.encode("latin-1"))
        received = b""
        while b"\r\n\r\n" not in received and (block := client.recv(65536)):
            received += block
    return received.decode("latin-1").split("\r\n\r\n")[0]


def get(path: str, *headers: str) -> str:
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return "\r\n".join(lines) + "\r\n\r\n"


def test_the_server_serves_and_keeps_its_limits(served: tuple[str, int]) -> None:
    page = answer(served, get("/admin/login/"))
    assert page.startswith("HTTP/1.1 200")
    assert re.search(r"^Server: gunicorn\r?$", page, re.MULTILINE)

    longest = 4094 - len("GET  HTTP/1.1\r\n")
    assert answer(served, get("/" + "a" * (longest - 1))).startswith("HTTP/1.1 404")
    assert answer(served, get("/" + "a" * (longest + 2))).startswith("HTTP/1.1 414")
    fits, large = "X-Long: " + "a" * 8100, "X-Long: " + "a" * 8200
    assert answer(served, get("/admin/login/", fits)).startswith("HTTP/1.1 200")
    assert answer(served, get("/admin/login/", large)).startswith("HTTP/1.1 431")
    many = [f"X-{number}: 1" for number in range(101)]
    assert answer(served, get("/admin/login/", *many[:90])).startswith("HTTP/1.1 200")
    assert answer(served, get("/admin/login/", *many)).startswith("HTTP/1.1 431")
    # No header changes what the site takes the request for.
    forged = ["X-Forwarded-Proto: https", "X-Forwarded-Ssl: on", "X-Forwarded-Host: evil.example",
              "SCRIPT_NAME: /evil", "Forwarded: proto=https"]  # fmt: skip
    redirect = answer(served, get("/admin/", *forged))
    assert "Location: /admin/login/" in redirect
    assert "evil" not in redirect


def test_a_worker_collects_nothing_while_it_starts_and_does_so_from_then_on() -> None:
    worker = SimpleNamespace(app=SimpleNamespace(app_uri="another:application"))
    before = signal.getsignal(signal.SIGINT)
    try:
        gunicorn.post_fork(None, worker)
        assert not gc.isenabled()
        gunicorn.post_worker_init(worker)
        assert gc.isenabled()
    finally:
        gc.enable()
        signal.signal(signal.SIGINT, before)
