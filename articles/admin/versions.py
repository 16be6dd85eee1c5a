"""Two versions of one row side by side, and giving the row what it had."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import rights, shown, words
from articles.admin.rights import user_of
from articles.models import Article, FieldChange, Operation
from articles.writing import versions
from articles.writing.changes import InvalidChange, StaleVersion
from articles.writing.state import Values

if TYPE_CHECKING:
    from articles.admin.base import WriterAdmin

#: Characters of each value that the page shows at most.
LIMIT = 40_000
_MAX_DIGITS = 18


@dataclass(frozen=True, slots=True)
class End:
    """One of the two versions: what it is called, and the position in the ledger.

    ``at`` is None for what the row holds now.
    """

    title: str
    at: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One field in which the two versions differ. ``why_not`` says why it cannot be restored."""

    name: str
    label: str
    pair: words.Pair
    why_not: str
    is_chosen: bool


class RestoreForm(forms.Form):
    """Why something is restored."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


def as_number(text: str | None) -> int | None:
    """Return *text* as the number of an operation; None if it is none."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > _MAX_DIGITS:
        return None
    return int(text)


def _end(subject: str, pk: int, query: Mapping[str, Any], name: str) -> End:
    """Return the version that the query string calls *name*. Raises `Http404`."""
    before = as_number(query.get("before")) if name == "from" else None
    if before is not None:
        at = versions.before_position(subject, pk, before)
        operation = Operation.objects.filter(pk=before).select_related("actor").first()
        if operation is None:
            raise Http404
        return End(_("before %s") % _moment(operation), at)
    given = query.get(name)
    if name == "to" and not given:
        return End(_("now"), None)
    number = as_number(given)
    if number is None:
        raise Http404
    if number == 0:
        return End(_("as first entered"), 0)
    operation = Operation.objects.filter(pk=number).select_related("actor").first()
    at = versions.position(subject, pk, number)
    if operation is None or not at:
        raise Http404
    return End(_moment(operation), at)


def _moment(operation: Operation) -> str:
    moment = date_format(localtime(operation.at), "Y-m-d H:i")
    return f"{moment}, {shown.who(operation)}"


def why_not(request: HttpRequest, row: Any, name: str, value: Any) -> str:
    """Return why the one who asks may not give *row* the value of a field; ``""`` if they may.

    Only about articles; of others every field may be restored by whoever may change the row.
    """
    if not isinstance(row, Article):
        return ""
    user = user_of(request)
    not_yours = _("Your group may not set this.")
    if name == "status":
        return "" if value in rights.statuses(user, row) else not_yours
    if not rights.may_give(user, name):
        return not_yours
    if name == "translation_of" and value is not None:
        seen = rights.visible(Article.objects.all(), user).filter(pk=value)
        return "" if seen.exists() else _("No longer exists.")
    return ""


def _rows(
    request: HttpRequest, admin: "WriterAdmin", row: Any, then: Values, now: Values, offer: bool
) -> list[Row]:
    differing = [
        name
        for name in versions.fields_of(type(row))
        if not versions.is_same(name, then.get(name), now.get(name))
    ]
    subject = admin.subject
    changes = [
        FieldChange(subject_type=subject, field=name, old=then.get(name), new=now.get(name))
        for name in differing
    ]
    names = shown.Names(changes, user_of(request))
    lost: Mapping[str, list[str]] = {}
    if offer and isinstance(row, Article):
        lost = versions.missing({name: then[name] for name in differing}).names
    wanted = request.GET.get("field")
    rows = []
    for name in differing:
        old, new = (shown.text(subject, name, one.get(name), names) for one in (then, now))
        reason = why_not(request, row, name, then.get(name)) if offer else ""
        if name in lost:
            reason = _("No longer exists: %s.") % "; ".join(lost[name])
        rows.append(
            Row(
                name=name,
                label=shown.label(subject, name),
                pair=words.compared(old, new, LIMIT),
                why_not=reason,
                is_chosen=offer and not reason and wanted in {None, "", name},
            )
        )
    return rows


def view(admin: "WriterAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Return the page that compares two versions; with POST, restore the chosen fields."""
    if not admin.has_view_or_change_permission(request):
        raise PermissionDenied
    row = admin.get_object(request, unquote(object_id))
    if row is None:
        raise Http404
    if not admin.has_view_or_change_permission(request, row):
        raise PermissionDenied
    earlier, later = (_end(admin.subject, row.pk, request.GET, name) for name in ("from", "to"))
    if later.at is not None and earlier.at is not None and later.at < earlier.at:
        earlier, later = later, earlier
    present = versions.values_now(row)
    then, now = (
        present if end.at is None else versions.values_at(admin.subject, row, present, end.at)
        for end in (earlier, later)
    )
    offer = later.at is None and admin.has_change_permission(request, row)
    rows = _rows(request, admin, row, then, now, offer)
    opts = admin.opts
    history = reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[row.pk])
    form = RestoreForm(request.POST or None)
    if request.method == "POST":
        if not offer:
            raise PermissionDenied
        if form.is_valid() and _restore(admin, request, row, then, rows, earlier, form):
            return HttpResponseRedirect(history)
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Compare versions"),
        "subtitle": str(row),
        "object": row,
        "opts": opts,
        "module_name": str(capfirst(opts.verbose_name_plural)),
        "earlier": earlier,
        "later": later,
        "rows": rows,
        "may_restore": offer and any(not one.why_not for one in rows),
        "form": form,
        "history_url": history,
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "admin/ledger_versions.html", context)


def _restore(
    admin: "WriterAdmin",
    request: HttpRequest,
    row: Any,
    then: Values,
    rows: list[Row],
    earlier: End,
    form: RestoreForm,
) -> bool:
    """Give *row* the chosen fields of *then*; say what became of it. Returns whether it did."""
    chosen = set(request.POST.getlist("fields"))
    allowed = {one.name: one for one in rows if not one.why_not}
    if not chosen or not chosen <= allowed.keys():
        messages.error(request, _("Choose what is to be restored."))
        return False
    version = FieldChange.objects.filter(
        subject_type=admin.subject, subject_id=row.pk, id__lte=earlier.at or 0
    )
    last = version.order_by("-id").select_related("operation").first()
    try:
        versions.restore(
            row,
            {name: then[name] for name in chosen},
            actor=user_of(request),
            expected_version=as_number(request.POST.get("version")) or 0,
            reason=form.cleaned_data["reason"],
            version=last.operation if last else None,
        )
    except InvalidChange as error:
        said = "; ".join(
            f"{capfirst(shown.label(admin.subject, name))}: {text}"
            for name, text in error.errors.items()
        )
        messages.error(request, _("Nothing was restored. %s") % said)
        return False
    except StaleVersion:
        messages.error(
            request,
            _("Nothing was restored: somebody saved this meanwhile. What you see is new; look"
              " again."),
        )  # fmt: skip
        return False
    labels = ", ".join(one.label for one in rows if one.name in chosen)
    messages.success(request, _("Restored: %s.") % labels)
    return True
