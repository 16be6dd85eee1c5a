"""manage.py as real processes: started, watched, killed, and asked at a terminal."""

import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from articles.importing.lock import LockHeld, import_lock
from articles.models import Article, Finding, SearchDocument, SourceEntry
from articles.writing import checking
from tests.importing.listings import run, write_listing


def database_url() -> str:
    """Return the address of the test database, for a process of its own."""
    stored = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{stored['NAME']}"
    host = stored["HOST"].replace("/", "%2F")
    options = stored.get("OPTIONS", {})
    host = host or str(options.get("host", "")).replace("/", "%2F")
    return f"postgresql://{stored['USER']}@{host}/{stored['NAME']}"


def environment() -> dict[str, str]:
    """Return the environment in which manage.py works on the test database."""
    return {**os.environ, "DATABASE_URL": database_url(), "ARCHIVE_ENV": "local"}


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start manage.py; its output can be read."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(process: subprocess.Popen[str], word: str) -> None:
    """Return when *process* writes a line that begins with *word* to standard error."""
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(word):
            return


def long_listing(
    folder: Path, count: int = 3000, text: str = "Text", name: str = "tides.txt"
) -> Path:
    """Write a listing of *count* entries; return its path."""
    entries = [
        (f"Headline number {n} of many", "By Ana Brandt, 11 January 2021", f"{text} {n} of them.")
        for n in range(count)
    ]
    return write_listing(folder, *entries, name=name)


def content() -> dict[str, list[object]]:
    """Return what the archive holds, without what differs between equal imports: ids, permanent
    keys, moments."""
    assert list(checking.check()) == []
    fields = (
        "headline", "standfirst", "byline", "credit", "published_on", "slug", "status", "language",
    )  # fmt: skip
    entry = ("listing__sha256", "ordinal", "first_line", "last_line", "fingerprint", "change")
    return {
        "articles": list(Article.objects.order_by("sort_key").values_list(*fields)),
        "tags": sorted(Article.objects.values_list("headline", "tags__name")),
        "entries": sorted(SourceEntry.objects.values_list(*entry)),
        "findings": sorted(Finding.objects.values_list("code", "message")),
        "documents": list(SearchDocument.objects.order_by("sort_key").values_list("headline")),
    }


def undisturbed(*paths: Path) -> dict[str, list[object]]:
    """Return what the archive would hold after importing *paths* one after the other."""
    with transaction.atomic():
        for path in paths:
            code, _, err = run("import_listing", path, "--yes")
            assert code in {0, 1}, err
        found = content()
        transaction.set_rollback(True)
    return found


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


def at_a_terminal(
    answer: str, *arguments: str, meanwhile: Callable[[], object] | None = None
) -> tuple[int, str]:
    """Run manage.py on a pseudo-terminal and answer its question; return exit code and screen.

    *meanwhile* is done while it waits for the answer.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(),
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
            if meanwhile is not None:
                meanwhile()
            os.write(ours, answer.encode())
            answer = ""
    os.close(ours)
    return process.wait(timeout=60), screen.decode()
