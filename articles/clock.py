"""The one clock. Whatever is visible "now" is so by this function, on every surface."""

import datetime

from django.utils import timezone


def now() -> datetime.datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()
