"""The version of what is public: one row, which every public change moves in its transaction.

Whatever was made from one version is right as long as the row says that version, so it is read at
the start of each request. See `archive_site.caching` for what is kept by it.
"""

import contextlib
import datetime
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

_SQL = "SELECT version, changed, next_due FROM articles_contentversion"
_START = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Content:
    """A version: its number, when it came about, and when the next article is due (UTC)."""

    version: int = 0
    changed: datetime.datetime = _START
    next_due: datetime.datetime | None = None
    #: Tells this version from every other: also from one of the same number in a database that was
    #: restored from a backup.
    mark: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        moment = int((self.changed - _START) / datetime.timedelta(microseconds=1))
        object.__setattr__(self, "mark", f"{self.version:x}.{moment:x}")

    def is_settled(self, now: datetime.datetime) -> bool:
        """Whether what is public at *now* follows from the version alone.

        It does not while an article is due and not yet admitted, nor where this machine's clock is
        behind that of the one which made the version.
        """
        return self.changed <= now and (self.next_due is None or self.next_due > now)


#: What the last row said: most requests find the same, and need not make it anew.
_last: tuple[Any, Content] = (None, Content())


def read(using: str = "default") -> Content:
    """Return the present version, by one query on the database *using*."""
    global _last
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        row = cursor.fetchone()
    known, content = _last
    if row != known:
        content = Content() if row is None else Content(row[0], _moment(row[1]), _due(row[2]))
        _last = (row, content)
    return content


#: What the page that is being made was begun with.
_of_page: ContextVar[Content | None] = ContextVar("content_of_page", default=None)


@contextlib.contextmanager
def of_page(content: Content | None) -> Iterator[None]:
    """Let `for_page` answer with *content*, which was read for the page that is made within."""
    token = _of_page.set(content)
    try:
        yield
    finally:
        _of_page.reset(token)


def for_page(using: str = "default") -> Content:
    """Return the version that the page being made was begun with, else the present one."""
    return _of_page.get() or read(using)


def _due(value: Any) -> datetime.datetime | None:
    return None if value is None else _moment(value)


def _moment(value: Any) -> datetime.datetime:
    """Return a moment as either database gives it: SQLite knows text only."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    found: datetime.datetime = value
    return found if found.tzinfo is not None else found.replace(tzinfo=datetime.UTC)
