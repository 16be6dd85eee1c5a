"""How long one statement of a request may take, and what is said when the database is away.

A reader's page may keep the database busy for three seconds a statement, an editor's for thirty;
what takes longer is stopped, and the answer says so. A connection that broke is replaced, and a
reader's request that it took with it is run once more: reading twice does no harm.
"""

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from archive_site import pages, replicas
from archive_site.caching import CONTENT
from archive_site.middleware import METHODS, Handler, is_admin
from archive_site.replicas import LOST
from articles import content_version

#: Seconds that one statement may take.
PUBLIC_SECONDS = 3.0
ADMIN_SECONDS = 30.0
#: Seconds for which a request waits for a database that does not answer.
PATIENCE = 3.0
#: What a client is asked to wait before it tries again.
RETRY_AFTER = 5
#: Steps of SQLite's machine between two looks at the clock: well below a millisecond.
_STEPS = 20_000


class _Away(Exception):
    """No database answered in time."""


class LimitMiddleware:
    """Gives the database its limit for the request, and reads the content version with it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        deadline = time.monotonic() + PATIENCE
        is_read = request.method in METHODS
        while True:
            try:
                with self._ready(request, deadline):
                    response = self.get_response(request)
            except _Away:
                return unavailable(request)
            if not is_read:
                replicas.wrote()
            is_lost = getattr(response, "lost_the_database", False)
            if not is_lost or not is_read or time.monotonic() > deadline:
                return response

    @contextlib.contextmanager
    def _ready(self, request: HttpRequest, deadline: float) -> Iterator[None]:
        """Have the database ready, or raise `_Away` once the *deadline* is past."""
        seconds = ADMIN_SECONDS if is_admin(request) else PUBLIC_SECONDS
        with contextlib.ExitStack() as stack:
            while True:
                name = _choose(request)
                try:
                    stack.enter_context(replicas.reading_from(name))
                    stack.enter_context(limited(seconds, name))
                    _read(request)
                    stack.enter_context(content_version.of_page(request.META.get(CONTENT)))
                    break
                except LOST as error:
                    stack.close()
                    if not is_lost(name):
                        raise
                    _lose(request, name)
                    if time.monotonic() > deadline:
                        raise _Away from error
                    time.sleep(0.1)
            yield

    @staticmethod
    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what took too long, and what lost its database, with 503."""
        if not isinstance(exception, LOST):
            return None
        if _was_stopped(exception):
            message = _("The archive took too long to find this. Narrow the search, or ask again.")
            return _later(request, message, pages.editor_of(request))
        name = replicas.alias()
        if not is_lost(name):
            return None
        _lose(request, name)
        response = unavailable(request)
        response.lost_the_database = True  # type: ignore[attr-defined]
        return response


def _is_public(request: HttpRequest) -> bool:
    return request.method in METHODS and not is_admin(request)


def _choose(request: HttpRequest) -> str:
    """Return the database that the request reads from; with it, its content version if known."""
    if not _is_public(request) or pages.is_private(request):
        return replicas.PRIMARY
    if replicas.ALIAS not in request.META:
        replicas.choose_for(request.META, CONTENT)
    name: str = request.META.get(replicas.ALIAS, replicas.PRIMARY)
    # The content version is the first thing that it is asked for, or was a moment ago: if the
    # connection is broken, that tells.
    connections[name].health_check_done = True  # type: ignore[attr-defined]
    return name


def _read(request: HttpRequest) -> None:
    from articles.writing import admission

    if CONTENT not in request.META and _is_public(request):
        request.META[CONTENT] = admission.current()


def _lose(request: HttpRequest, name: str) -> None:
    """Give up a connection that broke, and what was learnt from it."""
    connections[name].close()
    replicas.rest(name)
    for key in (CONTENT, replicas.ALIAS):
        request.META.pop(key, None)


@contextlib.contextmanager
def limited(seconds: float, using: str = replicas.PRIMARY) -> Iterator[None]:
    """Let no statement within take longer than so many *seconds* on the database *using*."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with _interrupting(connection, seconds):
            yield
        return
    # A property of the connection, so one statement on a new one, and none on those that follow.
    milliseconds = math.ceil(seconds * 1000)
    connection.ensure_connection()
    if getattr(connection, "_limit", None) != (connection.connection, milliseconds):
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {milliseconds}")
        connection._limit = (connection.connection, milliseconds)  # type: ignore[attr-defined]
    yield


@contextlib.contextmanager
def _interrupting(connection: Any, seconds: float) -> Iterator[None]:
    deadline = math.inf

    def is_late() -> bool:
        return time.monotonic() > deadline

    def timed(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal deadline
        deadline = time.monotonic() + seconds
        return execute(*arguments)

    connection.ensure_connection()
    raw: Any = connection.connection
    raw.set_progress_handler(is_late, _STEPS)
    try:
        with connection.execute_wrapper(timed):
            yield
    finally:
        if connection.connection is raw:
            raw.set_progress_handler(None, 0)


def _was_stopped(error: Exception) -> bool:
    """Return whether the limit stopped the statement."""
    # SQLSTATE query_canceled; SQLite has words only.
    return getattr(error.__cause__, "pgcode", None) == "57014" or "interrupted" in str(error)


def is_lost(using: str) -> bool:
    """Return whether the connection to the database *using* is of no further use."""
    connection = connections[using]
    if connection.vendor == "sqlite" or connection.in_atomic_block:
        return False
    return connection.connection is None or not connection.is_usable()


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return 503: nothing can be read now. Asks neither the database nor the session."""
    return _later(request, _("The archive cannot be read just now. Please try again soon."), None)


def _later(request: HttpRequest, message: str, editor: pages.Editor | None) -> HttpResponse:
    context = {**pages.context_of(request, editor), "message": message}
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Cache-Control"] = pages.PRIVATE
    response["Retry-After"] = str(RETRY_AFTER)
    return response
