"""The one clock. Whatever is visible "now" is so by this function, on every surface."""

import datetime

from django.utils import timezone


def now() -> datetime.datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def today() -> datetime.date:
    """Return the date of the present moment in the site's time zone."""
    return timezone.localdate(now(), timezone.get_default_timezone())
