"""Readers' pages from standbys of PostgreSQL: only those that have what the primary has.

Off unless ``DATABASE_REPLICA_URLS`` names standbys. The measure is the content version: it moves in
the transaction of every public change, so a standby that says it has replayed the change. What the
primary says is asked for once a second by each process, and after each write of its own. A standby
that says less, or nothing, is left alone for a while and then asked again; while no standby is fit,
readers read from the primary. Whoever brings a session, and whatever is not a GET, always does.
"""

import contextlib
import itertools
import logging
import threading
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from articles import clock, content_version
from articles.content_version import Content

PRIMARY = "default"
#: In the request's environment: the database that it reads from.
ALIAS = "backfile.alias"
#: Seconds after which a process asks the primary again what version it is at.
FRESH = 1.0
#: Seconds for which a standby is left alone: one that lags, and one that does not answer.
LAGGING_REST = 0.5
AWAY_REST = 5.0

#: What a connection that breaks raises; psycopg2 says no more of some than that it is an error of
#: the database.
LOST = (DatabaseError, InterfaceError)
_here = threading.local()
_log = logging.getLogger(__name__)


def alias() -> str:
    """Return the database that this thread reads from."""
    return getattr(_here, "alias", PRIMARY)


@contextlib.contextmanager
def reading_from(name: str) -> Iterator[None]:
    """Let this thread read from the database *name*."""
    before = alias()
    _here.alias = name
    try:
        yield
    finally:
        _here.alias = before


class Router:
    """Reads go where `reading_from` says; everything else to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return the database of this thread's reads."""
        return alias()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the primary."""
        return PRIMARY

    def allow_relation(self, *objects: Any, **hints: Any) -> bool:
        """All of them are one database."""
        return True

    def allow_migrate(self, db: str, *arguments: Any, **hints: Any) -> bool | None:
        """Standbys get their tables from the primary."""
        return False if db in settings.REPLICAS else None


class Standbys:
    """The standbys of this process, those in rotation and those at rest."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self._turn = itertools.count()
        self._rests: dict[str, float] = {}
        self._known = Content()
        self._known_at = float("-inf")
        self._is_up = True
        self._lock = threading.Lock()

    def choose(self) -> tuple[str, Content] | None:
        """Return a standby that has all that the primary is known to have, and the version that it
        is at; None if there is none."""
        is_up = self._ask_the_primary()
        start = next(self._turn)
        for place in range(len(self.names)):
            name = self.names[(start + place) % len(self.names)]
            if time.monotonic() < self._rests.get(name, 0.0):
                continue
            content = self._version_of(name)
            if content is None:
                continue
            if self._is_behind(content):
                self.rest(name, LAGGING_REST)
            elif is_up and content.next_due is not None and content.next_due <= clock.now():
                # What is due is admitted on the primary, and read there until it is here.
                return None
            else:
                return name, content
        return None

    def _is_behind(self, content: Content) -> bool:
        """Return whether a standby at *content* lacks a change, or knows not what is due next."""
        known = self._known
        if content.version == known.version:
            return content.next_due != known.next_due
        return content.version < known.version

    def rest(self, name: str, seconds: float = AWAY_REST) -> None:
        """Take a standby out of the rotation for a while."""
        if name in self.names:
            self._rests[name] = time.monotonic() + seconds

    def wrote(self) -> None:
        """Ask the primary anew at the next choice: this process may have changed something."""
        self._known_at = float("-inf")

    def _version_of(self, name: str) -> Content | None:
        connection: Any = connections[name]
        for _attempt in range(2):
            try:
                if connection.close_at is not None and time.monotonic() >= connection.close_at:
                    connection.close()
                connection.health_check_done = True
                return content_version.read(name)
            except LOST as error:
                _log.info("%s does not answer: %s", name, str(error).strip())
                connection.close()
        self.rest(name)
        return None

    def _ask_the_primary(self) -> bool:
        """Learn what the primary is at; return whether it answered when it was last asked.

        While it does not, what it said last holds: nothing can be changed.
        """
        now = time.monotonic()
        with self._lock:
            if now - self._known_at < FRESH:
                return self._is_up
            # Others go on with what is known while this thread asks.
            self._known_at = now
        connection: Any = connections[PRIMARY]
        try:
            connection.health_check_done = True
            self._known = content_version.read(PRIMARY)
            self._is_up = True
        except LOST as error:
            _log.info("The primary does not answer: %s", str(error).strip())
            connection.close()
            self._is_up = False
        return self._is_up


@cache
def standbys() -> Standbys | None:
    """Return this process's standbys; None if the archive has none."""
    return Standbys(list(settings.REPLICAS)) if settings.REPLICAS else None


def choose_for(environ: dict[str, Any], content_key: str) -> None:
    """Choose what a reader's request reads from; note it in *environ*, and its version if known."""
    found = standbys()
    chosen = None if found is None else found.choose()
    environ[ALIAS], content = chosen or (PRIMARY, None)
    if content is not None:
        environ[content_key] = content


def rest(name: str) -> None:
    """Take a standby that failed out of this process's rotation."""
    found = standbys()
    if found is not None:
        found.rest(name)


def wrote() -> None:
    """Note that this process wrote: its readers get only what has that."""
    found = standbys()
    if found is not None:
        found.wrote()
