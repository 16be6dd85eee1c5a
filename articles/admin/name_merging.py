"""Merging authors, series or tags, and taking a merge back, as an editor does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import pairing
from articles.admin.base import user_of
from articles.admin.shown import who
from articles.importing.lock import LockHeld, import_lock
from articles.models import Operation
from articles.writing.beside import beside
from articles.writing.changes import StaleVersion
from articles.writing.merge_preview import MOST, MergeRefused, preview_merge
from articles.writing.name_merging import merge_named, merged_into
from articles.writing.name_unmerging import is_taken_back, merges_into, preview_unmerge, unmerge

#: Spellings and addresses of one row that are shown.
SHOWN = 10


class MergeForm(forms.Form):
    """Why two are one."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Stands in the history. May be empty."),
    )


@contextmanager
def _no_import() -> Iterator[None]:
    """Keep imports away: what one credits to the copy meanwhile could not be stored."""
    try:
        with import_lock():
            yield
    except LockHeld:
        raise MergeRefused(_("An import is running. Try again when it has ended.")) from None


@admin.action(description=gettext_lazy("Merge …"), permissions=["change"])
def merge(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
    """Choose the survivor of the chosen rows, show what would change, and merge them."""
    rows = pairing.chosen(modeladmin, request, queryset, MOST)
    rows += pairing.found(modeladmin, request, rows)
    if len(rows) > MOST:
        messages.warning(request, _("At most %d can be merged at once.") % MOST)
        return None
    survivor = next((row for row in rows if str(row.pk) == request.POST.get("survivor")), None)
    if len(rows) < 2 and survivor is not None:
        messages.warning(request, _("Search for the one that is the same."))
    if survivor is None or len(rows) < 2 or request.POST.get("step") == "choose":
        return _choose(modeladmin, request, rows, survivor)
    copies = [row for row in rows if row.pk != survivor.pk]
    form = MergeForm(request.POST if "apply" in request.POST else None)
    if "apply" in request.POST and form.is_valid():
        try:
            with _no_import():
                operation = merge_named(
                    survivor,
                    copies,
                    actor=user_of(request),
                    reason=form.cleaned_data["reason"],
                    versions={row.pk: _version(request, row.pk) for row in rows},
                )
        except MergeRefused as error:
            messages.error(request, _("Nothing was merged. %s") % error)
        except StaleVersion as error:
            messages.error(request, _("Nothing was merged. %s") % error)
            return None
        else:
            _say_merged(modeladmin, request, survivor, copies, operation)
            return None
    return _confirm(modeladmin, request, survivor, rows, form)


def _version(request: HttpRequest, pk: int) -> int:
    """Return the version of a row that the page was made of; -1 if it does not say."""
    text = request.POST.get(f"version-{pk}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _say_merged(
    modeladmin: Any, request: HttpRequest, survivor: Any, copies: list[Any], operation: Operation
) -> None:
    text = ngettext(
        "“%(copies)s” is merged into “%(survivor)s”.",
        "“%(copies)s” are merged into “%(survivor)s”.",
        len(copies),
    ) % {"copies": "”, “".join(map(str, copies)), "survivor": survivor}
    url = _unmerge_url(modeladmin, survivor.pk, operation.pk)
    messages.success(request, format_html('{} <a href="{}">{}</a>', text, url, _("Take it back")))


def _unmerge_url(modeladmin: Any, pk: int, operation: int) -> str:
    opts = modeladmin.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_unmerge", args=[pk, operation])


def _context(modeladmin: Any, request: HttpRequest, **more: Any) -> dict[str, Any]:
    request.current_app = modeladmin.admin_site.name
    return {
        **modeladmin.admin_site.each_context(request),
        "opts": modeladmin.opts,
        "module_name": str(capfirst(modeladmin.opts.verbose_name_plural)),
        "media": modeladmin.media,
        "checkbox": ACTION_CHECKBOX_NAME,
        "list_url": f"{reverse('admin:articles_article_changelist')}?{modeladmin.link}=",
        **more,
    }


def _choose(modeladmin: Any, request: HttpRequest, rows: list[Any], chosen: Any) -> HttpResponse:
    """Return the page on which the survivor is chosen: every row with some of its articles."""
    shown = [
        {
            "row": row,
            "beside": beside(row),
            "aliases": list(row.aliases.values_list("name", flat=True))[: SHOWN + 1],
        }
        for row in rows
    ]
    most = max(shown, key=lambda item: item["beside"].article_count)["row"]
    context = _context(
        modeladmin,
        request,
        title=_("Merge: which one stays?"),
        items=shown,
        chosen=(chosen or most).pk,
        shown=SHOWN,
        search=pairing.OtherForm(modeladmin.link_model._meta.get_field(modeladmin.link)),
    )
    return TemplateResponse(request, "admin/names/choose.html", context)


def _confirm(
    modeladmin: Any, request: HttpRequest, survivor: Any, rows: list[Any], form: MergeForm
) -> HttpResponse:
    """Return the page that shows what would change, with the button."""
    preview = preview_merge(survivor, [row for row in rows if row.pk != survivor.pk])
    labels = survivor._meta
    context = _context(
        modeladmin,
        request,
        title=_("Merge into “%s”") % survivor,
        preview=preview,
        survivor=survivor,
        survivor_beside=beside(survivor),
        items=[{"copy": copy, "beside": beside(copy.row)} for copy in preview.copies],
        taken=[
            (labels.get_field(name).verbose_name, _plain(value))
            for name, value in preview.taken.items()
        ],
        rows=rows,
        form=form,
        shown=SHOWN,
    )
    return TemplateResponse(request, "admin/names/merge.html", context)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {item}" for name, item in value.items())
    return str(value)


def unmerge_view(
    modeladmin: Any, request: HttpRequest, object_id: str, operation_id: int
) -> HttpResponse:
    """Show what taking a merge back would do, and do it."""
    obj = modeladmin.get_object(request, object_id)
    operation = Operation.objects.filter(pk=operation_id).first() if operation_id < 2**63 else None
    if obj is None or operation is None:
        raise Http404
    if not modeladmin.has_change_permission(request, obj):
        raise PermissionDenied
    opts = modeladmin.opts
    back = reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[obj.pk])
    if operation not in merges_into(obj):
        is_done = is_taken_back(operation)
        text = _("This merge was taken back already.") if is_done else _("There is no such merge.")
        messages.warning(request, text)
        return HttpResponseRedirect(back)
    try:
        if request.method == "POST":
            with _no_import():
                result = unmerge(operation, actor=user_of(request))
            _say_unmerged(request, result)
            return HttpResponseRedirect(back)
        found = preview_unmerge(operation)
    except MergeRefused as error:
        messages.error(request, _("Nothing was taken back. %s") % error)
        return HttpResponseRedirect(back)
    context = _context(
        modeladmin,
        request,
        title=_("Take a merge back"),
        subtitle=str(obj),
        object=obj,
        operation=operation,
        who=who(operation),
        found=found,
        more=max(0, found.kept_count - len(found.kept)),
    )
    return TemplateResponse(request, "admin/names/unmerge.html", context)


def _say_unmerged(request: HttpRequest, result: Any) -> None:
    text = ngettext(
        "%(names)s is back, %(where)s.", "%(names)s are back, %(where)s.", len(result.names)
    )
    count = result.article_count
    where = ngettext("on %d article", "on %d articles", count) % count
    shown = ", ".join(f"“{name}”" for name in result.names)
    messages.success(request, text % {"names": shown, "where": where})
    if result.kept_count:
        lines = " ".join(result.kept[:5])
        messages.warning(request, _("Left as it is: %s") % lines)


def add_merges(modeladmin: Any, request: HttpRequest, obj: Any, response: HttpResponse) -> None:
    """Put the merges that can be taken back on the history page of *obj*."""
    if not isinstance(response, TemplateResponse) or not modeladmin.has_change_permission(request):
        return
    merges = [
        {
            "operation": operation,
            "who": who(operation),
            "names": operation.changes.filter(field="merged", subject_id=obj.pk)
            .values_list("new", flat=True)
            .first(),
            "url": _unmerge_url(modeladmin, obj.pk, operation.pk),
        }
        for operation in merges_into(obj)
    ]
    if merges and response.context_data is not None:
        response.context_data["merges"] = merges
        response.template_name = "admin/names/history.html"


def survivor_of(modeladmin: Any, request: HttpRequest, object_id: str) -> HttpResponse | None:
    """Return the way to what a row that is gone was merged into; None if it was not."""
    if not (object_id.isascii() and object_id.isdigit() and len(object_id) < 19):
        return None
    pk = merged_into(modeladmin.model, [int(object_id)]).get(int(object_id))
    found = modeladmin.model._default_manager.filter(pk=pk).first() if pk else None
    if found is None:
        return None
    messages.info(request, _("Number %(number)s was merged into “%(name)s”.")
                  % {"number": object_id, "name": found})  # fmt: skip
    opts = modeladmin.opts
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[found.pk])
    return HttpResponseRedirect(url)
