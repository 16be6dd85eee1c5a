"""Imports as real processes: two at once, one killed, one interrupted."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from articles.importing.lock import LockHeld, import_lock
from articles.models import Article, ImportRun, SourceEntry
from articles.writing import checking
from tests.importing import listings
from tests.importing.listings import run, write_listing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def database_url() -> str:
    stored = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{stored['NAME']}"
    host = stored["HOST"].replace("/", "%2F")
    options = stored.get("OPTIONS", {})
    host = host or str(options.get("host", "")).replace("/", "%2F")
    return f"postgresql://{stored['USER']}@{host}/{stored['NAME']}"


def start(*arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DATABASE_URL": database_url(), "ARCHIVE_ENV": "local"}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def long_listing(folder: Path, count: int = 3000) -> Path:
    entries = [
        (f"Headline number {n} of many", "By Ana Brandt, 11 January 2021", f"Text {n} of them.")
        for n in range(count)
    ]
    return write_listing(folder, *entries)


def wait_for_the_lock(seconds: float = 30) -> None:
    """Return once the lock is free.

    PostgreSQL ends a killed client's session, and with it the lock and the transaction, when the
    server notices; until then nothing may be said about what the client left behind.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            with import_lock():
                return
        except LockHeld:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def test_a_second_import_is_refused_while_one_runs(tmp_path: Path) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    with import_lock():
        process = start("import_listing", str(path), "--yes")
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Another import is running" in err
    code, _, _ = run("import_listing", path, "--yes")
    assert code == 0


def test_the_lock_is_free_again_after_use_and_leaves_no_file() -> None:
    with import_lock():
        pass
    with import_lock():
        pass
    if connection.vendor == "sqlite":
        assert not Path(f"{connection.settings_dict['NAME']}.import-lock").exists()


def test_the_lock_is_held_against_another_connection(tmp_path: Path) -> None:
    process = start("shell", "-c", HOLD)
    try:
        assert process.stdout is not None
        assert "held\n" in iter(process.stdout.readline, "")
        with pytest.raises(LockHeld), import_lock():
            pass
    finally:
        process.kill()
        process.communicate(timeout=60)
    wait_for_the_lock()


HOLD = """
import sys, time
from articles.importing.lock import import_lock
with import_lock():
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("seconds", [0.9, 1.4, 2.2])
def test_kill_9_leaves_all_or_nothing_and_a_rerun_ends_as_if_undisturbed(
    tmp_path: Path, seconds: float
) -> None:
    path = long_listing(tmp_path)
    process = start("import_listing", str(path), "--yes")
    time.sleep(seconds)
    process.kill()
    process.communicate(timeout=60)
    wait_for_the_lock()
    count = Article.objects.count()
    assert count in {0, 3000}
    assert ImportRun.objects.count() == (1 if count else 0)
    code, _, err = run("import_listing", path, "--yes")
    assert code == 0, err
    assert Article.objects.count() == SourceEntry.objects.count() == 3000
    assert not list(checking.check())


def test_an_interrupt_rolls_back_and_says_so(tmp_path: Path) -> None:
    path = long_listing(tmp_path, 6000)
    process = start("import_listing", str(path), "--yes")
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Importing"):
            break
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "rolled back" in err
    assert not Article.objects.exists()


def at_a_terminal(answer: str, *arguments: str) -> tuple[int, str]:
    """Run manage.py on a pseudo-terminal and answer its question; return exit code and screen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "ARCHIVE_ENV": "local"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    screen = b""
    while True:
        try:
            screen += os.read(ours, 4096)
        except OSError:  # the other side is closed
            break
        if answer and b"[y/N]" in screen:
            os.write(ours, answer.encode())
            answer = ""
    os.close(ours)
    return process.wait(timeout=60), screen.decode()


def test_a_person_at_a_terminal_sees_the_totals_and_is_asked(tmp_path: Path) -> None:
    path = write_listing(tmp_path, *listings.FIRST)
    code, screen = at_a_terminal("n\n", "import_listing", str(path))
    assert code == 0, screen
    assert "8 entries, 8 create, 7 public" in screen
    assert not Article.objects.exists()
    code, screen = at_a_terminal("y\n", "import_listing", str(path))
    assert code == 0, screen
    assert "7 articles became public" in screen
    assert Article.objects.count() == 8


def test_a_terminal_shows_a_bar_and_yes_asks_nothing(tmp_path: Path) -> None:
    path = long_listing(tmp_path, 1500)
    code, screen = at_a_terminal("", "import_listing", str(path), "--yes")
    assert code == 0, screen
    assert "[y/N]" not in screen
    assert "━" in screen
