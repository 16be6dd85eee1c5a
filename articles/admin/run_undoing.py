"""Taking an import back in the browser, and taking that back: look at the plan, then do it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import rights, shown
from articles.admin.base import user_of
from articles.admin.filters import MAX_ID
from articles.choices import OperationKind
from articles.importing.lock import LockHeld
from articles.importing.undoing import plan as undo_plan
from articles.importing.undoing.plan import (
    BLOCKED,
    BROUGHT_BACK,
    KEPT,
    REMOVED,
    RESTORED,
    WITHDRAWN,
    Step,
    UndoPlan,
)
from articles.importing.undoing.undo import REDO, UNDO, NotPossible, PlanMoved, make_plan, take_back
from articles.importing.uploads import acts as uploads
from articles.models import ImportRun, Operation
from articles.review.sentences import said
from articles.writing.changes import InvalidChange, StaleVersion

PER_PAGE = 50
#: So many articles and names are taken back while the page is waited for; more, by a process.
AT_ONCE = 200
#: Outcomes in the order in which somebody should look at them, their words, and how they look.
_OUTCOMES: dict[str, tuple[Any, str]] = {
    BLOCKED: (gettext_lazy("blocked"), "conflict"),
    KEPT: (gettext_lazy("kept"), "review"),
    WITHDRAWN: (gettext_lazy("withdrawn"), "update"),
    REMOVED: (gettext_lazy("removed"), "update"),
    RESTORED: (gettext_lazy("restored"), "update"),
    BROUGHT_BACK: (gettext_lazy("brought back"), "create"),
}
_KINDS = {
    "author": gettext_lazy("author"),
    "series": gettext_lazy("series"),
    "tag": gettext_lazy("tag"),
}


class ReasonForm(forms.Form):
    """Why an import is taken back; only the ledger shows it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("It stands in the ledger. Readers do not see it."),
    )


def may_take_back(request: HttpRequest, run: ImportRun, plan: UndoPlan | None = None) -> bool:
    """Return whether the signed-in account may take *run* back, or that.

    Whoever may import may. If readers' pages change (*plan* says so), it must be one's own import,
    or one must be allowed to publish.
    """
    user = user_of(request)
    if not rights.may_import(user):
        return False
    if plan is None or not plan.changes_public:
        return True
    return may_change_public(request, run)


def may_change_public(request: HttpRequest, run: ImportRun) -> bool:
    """Return whether the account may take *run* back even if readers' pages change."""
    user = user_of(request)
    return run.actor_id == user.pk or rights.may_publish(user)


def standing(run: ImportRun) -> dict[str, Any]:
    """Return whether *run* is undone, when, by whom and why, for its page."""
    if run.undone is None:
        return {"undone": None}
    undos = Operation.objects.filter(import_run=run, kind=OperationKind.UNDO)
    undo = undos.select_related("actor").order_by("-id").first()
    return {
        "undone": run.undone,
        "undone_by": shown.who(undo) if undo else "",
        "undone_reason": undo.reason if undo else "",
        "undo_operation": undo,
    }


def view(admin: Any, request: HttpRequest, object_id: str, action: str) -> HttpResponse:
    """Return the page that shows what *action* would do with a run; a POST does it."""
    run = _found(admin, request, object_id)
    run_url = reverse("admin:articles_importrun_change", args=[run.pk])
    if not may_take_back(request, run):
        raise PermissionDenied
    try:
        plan = make_plan(run, action)
    except NotPossible as refusal:
        messages.warning(request, said(str(refusal)))
        return HttpResponseRedirect(run_url)
    is_allowed = may_take_back(request, run, plan)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not is_allowed:
            raise PermissionDenied
        if form.is_valid() and len(plan.articles) + len(plan.named) > AT_ONCE:
            return _begun(request, run, action, form.cleaned_data["reason"])
        if form.is_valid() and _done(request, run, action, form.cleaned_data["reason"]):
            return HttpResponseRedirect(run_url)
        if form.is_valid():
            return HttpResponseRedirect(request.path)
    request.current_app = admin.admin_site.name
    return TemplateResponse(
        request,
        "admin/articles/importrun/undo.html",
        {
            **admin.admin_site.each_context(request),
            "title": _("Undo import run %d") % run.pk
            if action == UNDO
            else _("Take the undo of run %d back") % run.pk,
            "subtitle": None,
            "opts": admin.opts,
            "media": admin.media,
            "run": run,
            "run_url": run_url,
            "is_undo": action == UNDO,
            "is_allowed": is_allowed,
            "form": form,
            "digest": plan.digest(),
            **_shown_plan(plan, request),
        },
    )


def _found(admin: Any, request: HttpRequest, object_id: str) -> ImportRun:
    if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 20):
        raise Http404
    if not admin.has_view_permission(request) or int(object_id) > MAX_ID:
        raise Http404 if admin.has_view_permission(request) else PermissionDenied
    run: ImportRun | None = admin.get_queryset(request).filter(pk=int(object_id)).first()
    if run is None:
        raise Http404
    return run


def _begun(request: HttpRequest, run: ImportRun, action: str, reason: str) -> HttpResponse:
    """Let a process of its own do what is too much for a request; return the way to its page."""
    try:
        upload = uploads.take_back(
            run,
            action,
            request.POST.get("digest", ""),
            actor=user_of(request),
            reason=reason,
        )
    except uploads.NotNow as error:
        messages.warning(request, said(str(error)))
        return HttpResponseRedirect(request.path)
    return HttpResponseRedirect(reverse("admin:articles_upload_change", args=[upload.pk]))


def _done(request: HttpRequest, run: ImportRun, action: str, reason: str) -> bool:
    """Take *run* back and say so; if it cannot be, say why and return False."""
    user, agreed = user_of(request), request.POST.get("digest", "")
    try:
        plan = take_back(
            run,
            action,
            actor=user,
            reason=reason,
            agreed=agreed,
        )
    except NotPossible as refusal:
        messages.warning(request, said(str(refusal)))
        return True
    except PlanMoved:
        messages.warning(
            request,
            _("The archive has moved since this page was made. Nothing was written: look again."),
        )
    except LockHeld:
        messages.warning(request, _("An import is running. Nothing was written: try again later."))
    except (DatabaseError, InvalidChange, StaleVersion) as error:
        messages.error(request, _("Nothing was written. %s") % error)
    else:
        say = messages.warning if plan.leaves_something else messages.success
        text = _("The import is undone: %s.") if action == UNDO else _("The import is back: %s.")
        say(request, text % said(undo_plan.summary(plan)))
        return True
    return False


def _shown_plan(plan: UndoPlan, request: HttpRequest) -> dict[str, Any]:
    """Return the totals of *plan* and one page of its rows, what stays as it is first."""
    order = list(_OUTCOMES)
    rows = [*plan.articles, *plan.named]
    rows.sort(key=lambda row: (order.index(_looks_like(row)), row.kind != "article"))
    wanted = request.GET.get("outcome", "")
    if wanted not in _OUTCOMES:
        wanted = ""
    counts = dict.fromkeys(order, 0)
    for row in rows:
        counts[_looks_like(row)] += 1
    found = [row for row in rows if not wanted or _looks_like(row) == wanted]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    return {
        "totals": [
            {"outcome": one, "label": _OUTCOMES[one][0], "count": count}
            for one, count in counts.items()
            if count
        ],
        "row_total": len(rows),
        "withdrawn_total": counts[WITHDRAWN],
        "finding_total": len(plan.findings),
        "outcome": wanted,
        "page": page,
        "rows": [_row(row) for row in page.object_list],
    }


def _looks_like(row: Step) -> str:
    """Return the outcome under which a row is listed: one field that stays is worth a look."""
    outcomes = {row.outcome, *(step.outcome for step in row.fields)}
    return next(one for one in _OUTCOMES if one in outcomes)


def _row(row: Step) -> dict[str, Any]:
    label, look = _OUTCOMES[_looks_like(row)]
    model = shown.MODELS[row.kind]._meta
    address = reverse(f"admin:{model.app_label}_{model.model_name}_change", args=[row.id])
    return {
        "kind": _KINDS.get(row.kind, ""),
        "label": row.label,
        "outcome": label,
        "look": look,
        "published_on": row.published_on,
        "reason": said(row.reason),
        # A row that is not here has no page.
        "url": "" if row.outcome == BROUGHT_BACK or "deleted since" in row.reason else address,
        "fields": [
            {
                "label": shown.label(row.kind, step.field),
                "now": shown.text(row.kind, step.field, step.now),
                "then": shown.text(row.kind, step.field, step.then),
                "is_restored": step.outcome == RESTORED,
                "outcome": _OUTCOMES[step.outcome][0],
                "reason": said(step.reason),
            }
            for step in row.fields
        ],
    }


__all__ = ["REDO", "UNDO", "may_take_back", "standing", "view"]
