"""One import at a time for each database."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from django.db import connection

#: The key of PostgreSQL's advisory lock: "backfile" in ASCII.
ADVISORY_KEY = 0x6261636B66696C65
#: How long an import waits on PostgreSQL for a row that somebody else is changing: longer than an
#: editor's save, since there is more to lose.
PATIENCE = "2min"


class LockHeld(Exception):
    """Another import is running on this database."""


@contextmanager
def import_lock() -> Iterator[None]:
    """Hold the import lock; raise `LockHeld` at once if another process does.

    PostgreSQL: an advisory lock of the session. SQLite: a lock on a file beside the database.
    Both end with their process, however it ends.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_KEY])
            row = cursor.fetchone()
        if not row or not row[0]:
            raise LockHeld
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])
        return
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        yield
        return
    path = Path(f"{name}.import-lock")
    while True:
        with path.open("w", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise LockHeld from None
            if not _is_at(file, path):
                continue  # its last holder removed it between our open and our lock
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def be_patient() -> None:
    """Let this transaction wait longer for rows that others are changing than an editor's does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])


def _is_at(file: TextIO, path: Path) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file.fileno()).st_ino
    except FileNotFoundError:
        return False
