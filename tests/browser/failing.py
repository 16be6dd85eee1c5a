"""The site's addresses, and some of answers that no address gives by itself."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import path

from archive_site import limits, pages, urls, views

ANSWERS: dict[int, Callable[[HttpRequest], HttpResponse]] = {
    400: lambda request: views.bad_request(request, ValueError()),
    403: lambda request: views.permission_denied(request, ValueError()),
    405: lambda request: pages.page(request, "405.html", status=405),
    410: lambda request: pages.page(request, "gone.html", status=410),
    500: views.server_error,
    503: limits.unavailable,
}

urlpatterns = [
    *(path(f"failing/{status}/", answer) for status, answer in ANSWERS.items()),
    *urls.urlpatterns,
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
