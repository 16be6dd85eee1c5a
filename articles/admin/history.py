"""The history of one object, read from the ledger."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.admin import rights, shown, words
from articles.choices import Outcome
from articles.models import FieldChange, ImportRun, Operation, SourceEntry
from articles.writing import versions

if TYPE_CHECKING:
    from articles.admin.base import ClosedAdmin

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One field that an act changed. ``source`` says which lines of a listing said so.

    ``has_version`` says that the value before can be restored.
    """

    name: str
    label: str
    pair: words.Pair
    source: str
    has_version: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One act in the history of an object."""

    at: datetime.datetime
    who: str
    kind: str
    reason: str
    run: ImportRun | None
    lines: list[Line]
    note: str = ""
    #: The number of the operation; 0 for the import that entered an article.
    number: int = 0

    @property
    def has_version(self) -> bool:
        """Whether what the row was after it can be compared and restored."""
        return any(line.has_version for line in self.lines) or not self.number


def lines_text(entry: SourceEntry) -> str:
    """Return where an entry stands in its listing: "lines 12–18"."""
    if entry.first_line == entry.last_line:
        return _("line %d") % entry.first_line
    return _("lines %(first)d–%(last)d") % {"first": entry.first_line, "last": entry.last_line}


def operations_on(subject: str, pk: int) -> Any:
    """Return the operations that changed an object, the last first."""
    changes = FieldChange.objects.filter(subject_type=subject, subject_id=pk)
    return Operation.objects.filter(pk__in=changes.values("operation")).order_by("-id")


def events(
    subject: str, pk: int, operations: list[Operation], user: rights.Anyone | None = None
) -> list[Event]:
    """Return what each of *operations* did to one object, in words that *user* may read."""
    changes = list(
        FieldChange.objects.filter(subject_type=subject, subject_id=pk, operation__in=operations)
        .select_related("source_entry")
        .order_by("id")
    )
    names = shown.Names(changes, user)
    restorable = set(versions.restorable(subject, [change.field for change in changes]))
    by_operation: dict[int, list[Line]] = defaultdict(list)
    for change in changes:
        by_operation[change.operation_id].append(
            Line(
                name=change.field,
                label=shown.label(subject, change.field),
                pair=words.compared(
                    shown.text(subject, change.field, change.old, names),
                    shown.text(subject, change.field, change.new, names),
                ),
                source=lines_text(change.source_entry) if change.source_entry else "",
                has_version=change.field in restorable,
            )
        )
    return [
        Event(
            at=operation.at,
            who=shown.who(operation),
            kind=operation.get_kind_display(),
            reason=operation.reason,
            run=operation.import_run,
            lines=by_operation[operation.pk],
            number=operation.pk,
        )
        for operation in operations
    ]


def first_import(pk: int) -> Event | None:
    """Return the import that created an article, if the ledger itself has no rows of it."""
    entry = (
        SourceEntry.objects.filter(article=pk, change=Outcome.CREATE)
        .select_related("run__actor", "listing")
        .order_by("id")
        .first()
    )
    if entry is None or operations_on("article", pk).filter(import_run=entry.run).exists():
        return None
    return Event(
        at=entry.run.finished,
        who=shown.actor_name(entry.run.actor) or _("command line"),
        kind=_("import"),
        reason="",
        run=entry.run,
        lines=[],
        note=_("Entered from %(lines)s of %(file)s.")
        % {"lines": lines_text(entry), "file": entry.listing.file_name},
    )


def missed(subject: str, pk: int, count: int) -> str:
    """Return what the last *count* operations on an object were, in one sentence or more."""
    operations = list(operations_on(subject, pk).select_related("actor")[: max(1, min(count, 5))])
    parts = []
    for event in reversed(events(subject, pk, operations)):
        parts.append(
            _("%(who)s saved this at %(time)s, after you opened it (%(fields)s).")
            % {
                "who": event.who,
                "time": date_format(localtime(event.at), "H:i"),
                "fields": ", ".join(line.label for line in event.lines),
            }
        )
    return " ".join(parts)


def view(admin: "ClosedAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Return the history page of one object."""
    obj = admin.get_object(request, unquote(object_id))
    if obj is None:
        missing: Any = admin
        gone: HttpResponse = missing._get_obj_does_not_exist_redirect(
            request, admin.opts, object_id
        )
        return gone
    if not admin.has_view_or_change_permission(request, obj):
        raise PermissionDenied
    found = operations_on(admin.subject, obj.pk).select_related("actor", "import_run")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    shown_events = events(admin.subject, obj.pk, list(page.object_list), request.user)
    if admin.subject == "article" and not page.has_next():
        shown_events += [event for event in [first_import(obj.pk)] if event]
    opts = admin.opts
    context = {
        **admin.admin_site.each_context(request),
        "title": _("History"),
        "versions_url": reverse(f"admin:{opts.app_label}_{opts.model_name}_versions", args=[obj.pk])
        if admin.subject in versions.KINDS
        else "",
        "may_restore": admin.has_change_permission(request, obj),
        "subtitle": str(obj),
        "object": obj,
        "opts": admin.opts,
        "module_name": str(capfirst(admin.opts.verbose_name_plural)),
        "events": shown_events,
        "page": page,
        "sees_runs": request.user.has_perm("articles.view_importrun"),
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/ledger_history.html", context)
