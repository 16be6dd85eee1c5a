"""The least that Django can do: a view that says hello. The yardstick beside every figure.

``gunicorn benchmarks.hello:application`` serves it; ``python -m benchmarks.hello`` prints what one
request costs inside the process, in milliseconds of CPU.
"""

import json
import secrets
import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.measuring import Request, measure


def hello(request: HttpRequest) -> HttpResponse:
    """Say hello."""
    return HttpResponse("Hello, world")


urlpatterns = [path("", hello)]

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        DEBUG=False,
        ROOT_URLCONF="benchmarks.hello",
        SECRET_KEY=secrets.token_hex(),
    )


def application_() -> object:
    """Return the WSGI application of this one view."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


application = application_()


def main() -> int:
    """Print the figures as JSON."""
    figures = measure(Request(application), ["/"], seconds=1.0)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
