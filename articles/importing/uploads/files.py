"""Files of the uploads at work: whether a process lives, how far it is, and what it reads.

All lie in ``VAR_DIR/uploads``, which only the archive's account can enter, in a folder for each
database. None is needed to know what happened: that is in the database.

A process holds a lock on ``N.lock`` for as long as it lives, however it ends; the system lets go
of it, so no process number can be mistaken for another's. ``N.progress`` says how far it is: on
SQLite an import holds the one lock for writing, so that a row could not say it.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

#: Seconds for which whoever takes a lock waits for one who looks at it, clears up, or is done.
PATIENCE = 5.0
#: Seconds between two notes of how far the work is.
INTERVAL = 0.3
_OWN = re.compile(r"((?:bulk)?[0-9]+)[.-].*", re.ASCII)
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}", re.ASCII)


#: What a process works on: the number of an upload, or "bulk17" for a bulk change.
Key = int | str


class AtWork(Exception):
    """A process of this machine is at work on the upload."""


def folder() -> Path:
    """Return the folder of these files, made on first use.

    Two databases have uploads of the same numbers: each has a folder of its own.
    """
    above = Path(settings.VAR_DIR) / "uploads"
    above.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = hashlib.sha256(str(connection.settings_dict["NAME"]).encode()).hexdigest()[:12]
    path = above / name
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def place() -> str:
    """Return the name of this folder: processes of another folder cannot be seen from here."""
    path = folder() / "place"
    if not path.exists():
        descriptor, aside = tempfile.mkstemp(dir=folder(), prefix="place-")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(8))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(aside)
        Path(aside).unlink()
    return path.read_text(encoding="ascii")


def take(pk: Key, patience: float = PATIENCE) -> int:
    """Return a descriptor that holds the lock of an upload until every copy of it is closed.

    Raises `AtWork` if another process holds it for longer than *patience* seconds.
    """
    path = folder() / f"{pk}.lock"
    until = time.monotonic() + patience
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            if time.monotonic() >= until:
                raise AtWork from None
            time.sleep(0.02)
            continue
        if _is_at(descriptor, path):
            return descriptor
        os.close(descriptor)  # its last holder removed it between our open and our lock


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def drop(pk: Key, descriptor: int) -> None:
    """Let go of the lock that *descriptor* holds; its files go with it."""
    for path in _files_of(pk):
        path.unlink(missing_ok=True)
    os.close(descriptor)


def is_at_work(pk: Key) -> bool:
    """Return whether a process of this machine is at work on an upload."""
    try:
        descriptor = os.open(folder() / f"{pk}.lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def sweep() -> None:
    """Remove what processes left behind that were killed."""
    pks = {match[1] for path in folder().iterdir() if (match := _OWN.fullmatch(path.name))}
    for pk in sorted(pks):
        with contextlib.suppress(AtWork):
            drop(pk, take(pk, 0))


def _files_of(pk: Key) -> list[Path]:
    return [
        path
        for path in folder().iterdir()
        if (match := _OWN.fullmatch(path.name)) and match[1] == str(pk)
    ]


@contextmanager
def content_file(pk: int, content: bytes, name: str) -> Iterator[Path]:
    """Give *content* as a private file with the suffixes of *name*; remove it afterwards."""
    descriptor, text = tempfile.mkstemp(dir=folder(), prefix=f"{pk}-", suffix=suffix_of(name))
    path = Path(text)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        yield path
    finally:
        path.unlink(missing_ok=True)


def suffix_of(name: str) -> str:
    """Return the last two suffixes of a file name, as far as they are plain."""
    found: list[str] = []
    for suffix in reversed(Path(name).suffixes[-2:]):
        if not _SUFFIX.fullmatch(suffix):
            break
        found.insert(0, suffix)
    return "".join(found)


class Notes:
    """Notes how far the work on an upload is, for whoever looks."""

    def __init__(self, pk: int) -> None:
        self.path = folder() / f"{pk}.progress"
        self.aside = folder() / f"{pk}.progress-new"
        self.stage = ""
        self.written = 0.0

    def note(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say that *done* of *total* are done of a stage; of a stage without a measure, nothing."""
        moment = time.monotonic()
        if stage == self.stage and moment - self.written < INTERVAL:
            return
        self.stage, self.written = stage, moment
        text = json.dumps({"stage": stage, "done": done, "total": total, "pid": os.getpid()})
        descriptor = os.open(self.aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
        self.aside.replace(self.path)


def read_notes(pk: int) -> dict[str, Any]:
    """Return what was noted last: stage, done, total, pid; nothing if nothing was."""
    try:
        found: dict[str, Any] = json.loads(
            (folder() / f"{pk}.progress").read_text(encoding="ascii")
        )
    except (FileNotFoundError, ValueError):
        return {}
    return found
