"""The files of an article: PDFs and page scans, attached, described and taken off."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles import documents
from articles.admin import rights
from articles.admin.rights import user_of
from articles.models import Article, Attachment
from articles.writing.attachments import TEXT_LENGTH, attach, describe, detach, mark_of
from articles.writing.changes import InvalidChange, StaleVersion

if TYPE_CHECKING:
    from articles.admin.articles import ArticleAdmin


class FileForm(forms.Form):
    """A file to be attached."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A PDF without scripts, or a scan as JPEG, PNG, WebP or TIFF."),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=TEXT_LENGTH, required=False)
    credit = forms.CharField(
        label=pgettext_lazy("file", "Credit"), max_length=TEXT_LENGTH, required=False
    )


class RowForm(forms.Form):
    """What is said of a file that is attached."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=TEXT_LENGTH, required=False)
    credit = forms.CharField(
        label=pgettext_lazy("file", "Credit"), max_length=TEXT_LENGTH, required=False
    )
    position = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=32_767)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)


def view(admin: "ArticleAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """List the files of an article; with POST, attach one, describe one or take one off."""
    article: Article = admin.seen_row(request, object_id)
    may_change = rights.may_change(user_of(request), article) and article.redacted is None
    form = FileForm()
    rows = list(Attachment.objects.filter(article=article))
    kept: dict[int, RowForm] = {}
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        try:
            if "attach" in request.POST:
                form = FileForm(request.POST, request.FILES)
                if form.is_valid() and _attached(request, article, form):
                    return HttpResponseRedirect(request.path)
            elif _changed(request, rows, kept):
                return HttpResponseRedirect(request.path)
        except (InvalidChange, StaleVersion) as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        # As they are stored now, beside what was typed.
        rows = list(Attachment.objects.filter(article=article))
    request.current_app = admin.admin_site.name
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Files"),
        "subtitle": str(article),
        "object": article,
        "opts": admin.opts,
        "media": admin.media,
        "form": form,
        "may_change": may_change,
        "rows": [_row(row, article, kept.get(row.pk)) for row in rows],
    }
    return TemplateResponse(request, "admin/articles/article/files.html", context)


def _attached(request: HttpRequest, article: Article, form: FileForm) -> bool:
    given = form.cleaned_data["file"]
    if given.size > documents.MOST_BYTES:
        text = _("The file is larger than %d MB.") % (documents.MOST_BYTES // 2**20)
        form.add_error("file", text)
        return False
    words = {name: form.cleaned_data[name] for name in ("title", "credit")}
    try:
        made = attach(article, given.read(), actor=user_of(request), **words)
    except InvalidChange:
        raise
    except ValueError as error:
        form.add_error("file", str(error))
        return False
    if made is None:
        messages.warning(request, _("The article has that file already."))
    else:
        messages.success(request, _("The file is attached."))
    return True


def _changed(request: HttpRequest, rows: list[Attachment], kept: dict[int, RowForm]) -> bool:
    """Describe or take off the file whose button was pressed; return whether it was done. If it
    was not, *kept* gets the form with what was typed."""
    for row in rows:
        is_off = f"remove-{row.pk}" in request.POST
        if not is_off and f"save-{row.pk}" not in request.POST:
            continue
        form = RowForm(request.POST, prefix=str(row.pk))
        mark = request.POST.get(form.add_prefix("mark"), "")
        try:
            if is_off:
                detach(row.pk, actor=user_of(request), expected=mark)
                messages.success(request, _("The file is taken off."))
                return True
            if form.is_valid():
                describe(row.pk, form.cleaned_data, actor=user_of(request), expected=mark)
                messages.success(request, _("It is saved."))
                return True
            messages.error(request, _("The order must be a number from 0."))
        except StaleVersion as error:
            said = _("“%(name)s” was not changed. %(why)s") % {"name": row, "why": error}
            messages.error(request, said)
        kept[row.pk] = form
        return False
    is_gone = any(name.startswith(("save-", "remove-")) for name in request.POST)
    if is_gone:
        messages.error(request, _("The file was taken off meanwhile."))
    return is_gone


def _row(row: Attachment, article: Article, typed: RowForm | None) -> dict[str, Any]:
    values = {"title": row.title, "credit": row.credit, "position": row.position}
    shown: dict[str, Any] = values | {"mark": mark_of(row)}
    form = RowForm(initial=shown, prefix=str(row.pk))
    differing: list[tuple[str, Any]] = []
    if typed is not None:
        given = {name: typed.data.get(typed.add_prefix(name), "") for name in values}
        differing = [
            (str(form.fields[name].label), value if value != "" else _("nothing"))
            for name, value in values.items()
            if str(value) != given[name]
        ]
        # What was typed, to be looked at; what is saved next was seen.
        shown.update(given)
    key = getattr(article, "public_key", None)
    return {
        "pk": row.pk,
        "kind": row.get_kind_display(),
        "suffix": row.suffix.upper(),
        "size": filesizeformat(row.size),
        "name": str(row),
        "form": form,
        "differing": differing,
        "key": key.key if key is not None and article.is_public else "",
    }
