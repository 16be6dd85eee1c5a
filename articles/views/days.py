"""On this day: the archive by days of the year."""

import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from archive_site import pages
from archive_site.pages import page
from articles import clock
from articles.on_this_day import read_day

#: A leap year, which has every day.
_LEAP = 2000


def today(request: HttpRequest) -> HttpResponse:
    """302 to the page of today, in the site's time zone."""
    here = timezone.localdate(clock.now())
    response = HttpResponseRedirect(_address(here))
    # It is true until midnight; whoever keeps it must ask again.
    response["Cache-Control"] = pages.PRIVATE
    return response


def day_of_year(request: HttpRequest, month: str, day: str) -> HttpResponse:
    """What was published on one day of the year, and what articles recall of it."""
    try:
        here = datetime.date(_LEAP, int(month), int(day))
    except ValueError:
        raise Http404 from None
    one = datetime.timedelta(days=1)
    before, after = here - one, here + one
    found = read_day(here.month, here.day)
    context = {
        "title": _name(here),
        "found": found,
        "with_leap_day": (here.month, here.day) == (2, 28),
        "before": (_name(before), _address(before)),
        "after": (_name(after), _address(after)),
    }
    return page(request, "articles/on_this_day.html", context)


def _name(day: datetime.date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT")


def _address(day: datetime.date) -> str:
    return reverse("day-of-year", args=[f"{day.month:02d}", f"{day.day:02d}"])
