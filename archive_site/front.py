"""Whole pages from memory, before Django is asked.

`Front` wraps the WSGI application. It gives out again what the application answered, to the byte,
for as long as the content version and the release are those that the answer was made from, and
only what `archive_site.caching` marked as being the same for everybody. Everything else it passes
on: other methods, the admin, whoever brings a session or a password, hosts and addresses that it
has not seen answered.
"""

import datetime
import logging
import math
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from archive_site.caching import CONTENT, KEEP, basis_of
from archive_site.middleware import ADMIN
from archive_site.page_store import Address, Kept, PageStore, shared_store
from archive_site.pages import STALE_IF_ERROR
from archive_site.replicas import ALIAS, LOST, standbys
from articles import clock, content_version
from articles.content_version import Content

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

#: Seconds for which a database that did not answer is not asked again on behalf of kept pages.
REST = 1.0
#: Of a page's headers, those that 304 has not.
_BODILY = {"content-type", "content-length"}

_log = logging.getLogger(__name__)


class Front:
    """The application with its memory."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.store = PageStore(settings.CACHE_MB * 1_000_000, shared_store(settings.CACHE_URL))
        self._session: str = settings.SESSION_COOKIE_NAME
        self._closed = (ADMIN, settings.STATIC_URL)
        header = getattr(settings, "SECURE_PROXY_SSL_HEADER", None)
        self._scheme_header: str = header[0] if header else ""
        self._ahead = datetime.timedelta(seconds=settings.CACHE_SECONDS)
        self._standbys = standbys()
        self._last = Content()
        self._last_read = -math.inf
        self._away_until = -math.inf

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        if not self._may_know(environ):
            return self.application(environ, start_response)
        content, is_fresh = self._content(environ)
        now = clock.now()
        if content is None or not content.is_settled(now):
            return self.application(environ, start_response)
        basis = basis_of(content, now)
        if basis.ends - now <= self._ahead:
            # Shared caches are told another age from now on.
            return self.application(environ, start_response)
        address, etag = self._address(environ), basis.etag
        kept = self.store.get(address, etag)
        given = environ.get("HTTP_IF_NONE_MATCH", "")
        is_known = given in (etag, etag.removeprefix("W/"))
        # One tag among several is compared inside.
        if kept is None or (not is_known and etag.removeprefix("W/") in given):
            if is_fresh:
                environ[CONTENT] = content
            return self._made(environ, start_response, address)
        if is_known:
            headers = [pair for pair in kept.headers if pair[0].lower() not in _BODILY]
            start_response("304 Not Modified", headers)
            return []
        start_response("200 OK", list(kept.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]

    def _may_know(self, environ: Environ) -> bool:
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and not environ["PATH_INFO"].startswith(self._closed)
            and self._session not in environ.get("HTTP_COOKIE", "")
            and "HTTP_AUTHORIZATION" not in environ
            # A date alone is compared inside.
            and ("HTTP_IF_MODIFIED_SINCE" not in environ or "HTTP_IF_NONE_MATCH" in environ)
        )

    def _address(self, environ: Environ) -> Address:
        get = environ.get
        scheme = f"{environ['wsgi.url_scheme']} {get(self._scheme_header, '')}"
        path = f"{get('SCRIPT_NAME', '')} {environ['PATH_INFO']}"
        return (scheme, get("HTTP_HOST", ""), path, get("QUERY_STRING", ""))

    def _made(self, environ: Environ, start_response: Start, address: Address) -> Iterable[bytes]:
        """Let the application answer, and keep what it marked."""
        seen: list[tuple[str, str]] = []

        def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            seen[:] = headers
            return start_response(status, headers, *(() if error is None else (error,)))

        response = self.application(environ, start)
        etag = environ.get(KEEP)
        if etag is not None and isinstance(response, HttpResponse):
            self.store.put(address, etag, Kept(response.content, tuple(seen)))
        return response

    def _content(self, environ: Environ) -> tuple[Content | None, bool]:
        """Return the version of the content, and whether it was read now: by a query that is also
        the test of the connection.

        While no database answers, what one said last holds for a time: nothing can have been
        withdrawn from it. None if that was too long ago, or never.
        """
        now = time.monotonic()
        if self._standbys is not None and (chosen := self._standbys.choose()) is not None:
            environ[ALIAS], content = chosen
            self._last, self._last_read = content, now
            return content, True
        if now >= self._away_until:
            for _attempt in range(2):
                try:
                    is_old = connection.close_at is not None and now >= connection.close_at
                    if is_old and not connection.in_atomic_block:
                        connection.close()
                    connection.health_check_done = True  # type: ignore[attr-defined]
                    content = self._last = content_version.read()
                except LOST:
                    connection.close()
                else:
                    self._last_read = now
                    return content, True
            _log.warning("The database does not answer; pages from memory do")
            self._away_until = time.monotonic() + REST
        return (self._last if now - self._last_read < STALE_IF_ERROR else None), False
