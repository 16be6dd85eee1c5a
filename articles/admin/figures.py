"""The page of figures, and each of them as CSV."""

import csv
import io
from collections.abc import Callable

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles import figures
from articles.admin import rights
from articles.admin.rights import user_of
from articles.figures import Table
from articles.sheets.cells import guarded

_TABLES: dict[str, Callable[[HttpRequest], Table]] = {
    "statuses": lambda request: _standing(request)[0],
    "years": lambda request: _standing(request)[1],
    "languages": lambda _request: figures.languages(),
    "sources": lambda _request: figures.sources(),
    "gaps": lambda _request: figures.gaps(),
    "colleagues": lambda _request: figures.colleagues(),
    "searches": lambda _request: figures.searches(None),
}


def _standing(request: HttpRequest) -> tuple[Table, Table]:
    return figures.standing(with_review=rights.has_review(user_of(request)))


def may(request: HttpRequest) -> bool:
    """Return whether the one who asks sees figures: whoever sees all articles."""
    return rights.sees_all(user_of(request))


def sees_colleagues(request: HttpRequest) -> bool:
    """Return whether the one who asks sees what colleagues do: whoever sees their accounts."""
    return user_of(request).has_perm("auth.view_user")


def view(request: HttpRequest) -> HttpResponse:
    """Return all the figures on one page."""
    if not may(request):
        raise PermissionDenied
    statuses, years = _standing(request)
    tables = [statuses, figures.gaps(), figures.languages(), figures.sources(), figures.searches()]
    if sees_colleagues(request):
        tables.append(figures.colleagues())
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": _("Figures"),
        "tables": [*tables, years],
    }
    return TemplateResponse(request, "admin/figures.html", context)


def csv_view(request: HttpRequest, name: str) -> HttpResponse:
    """Return one table as CSV."""
    if not may(request) or (name == "colleagues" and not sees_colleagues(request)):
        raise PermissionDenied
    if name not in _TABLES:
        raise Http404
    table = _TABLES[name](request)
    file = io.StringIO(newline="")
    # In quotation marks: some programs part cells at a semicolon, and what follows would be one.
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(table.heads)
    for row in table.rows:
        writer.writerow([guarded(str(cell)) for cell in row])
    return HttpResponse(
        "\ufeff" + file.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
