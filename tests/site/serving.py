"""The site as gunicorn serves it, its memory of pages included, without a server."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from archive_site.front import Front


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


def ask(application: Any, address: str, method: str = "GET", **environ: Any) -> Answer:
    """Return the answer of a WSGI *application*; *environ* are further variables of it."""
    path, _, query = address.partition("?")
    given: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": "localhost",
        "wsgi.input": BytesIO(),
        **environ,
    }
    setup_testing_defaults(given)
    seen: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        seen[:] = [int(status[:3]), {name.lower(): value for name, value in headers}]

    # As Django's own test client does: the test's transaction goes on.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        body = application(given, start)
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        return Answer(seen[0], seen[1], content)
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def plain() -> Any:
    """Return the application without its memory."""
    return get_wsgi_application()


def front() -> Front:
    """Return the application with an empty memory."""
    return Front(plain())
