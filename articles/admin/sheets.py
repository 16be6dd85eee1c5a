"""Articles as a sheet: written out, and taken in again when somebody has edited it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import bulk, bulk_running, rights, selecting, shown, words
from articles.admin.rights import user_of
from articles.admin.uploads_form import too_large
from articles.admin.widgets import only_ids
from articles.choices import Outcome
from articles.cleaning import clean_line
from articles.importing.files import MAX_BYTES, UnreadableFile
from articles.models import Sheet, SheetRow
from articles.review.sentences import said
from articles.sheets import export, intake
from articles.writing import bulk_changes
from articles.writing.bulk_changes import Act
from articles.writing.state import Values, columns_of, lists_of

if TYPE_CHECKING:
    from articles.admin.articles import ArticleAdmin

PER_PAGE = 50
#: Characters of a value on the page that shows what would change.
LONGEST = 600
_PERMISSIONS = {
    "credits": "authors.add_author", "parts": "articles.add_series", "tags": "articles.add_tag",
}  # fmt: skip


class ExportForm(forms.Form):
    """What kind of file."""

    kind = forms.ChoiceField(
        label=gettext_lazy("File"),
        choices=[
            ("xlsx", gettext_lazy("XLSX, for Excel and LibreOffice")),
            ("csv", gettext_lazy("CSV, with an apostrophe before what could be a formula")),
            ("exact", gettext_lazy("CSV, exactly as it stands: for programs, not for Excel")),
        ],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    body = forms.BooleanField(
        label=gettext_lazy("with the body, as HTML"),
        required=False,
    )


class SheetForm(forms.Form):
    """A sheet that comes back."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=255)

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(too_large(file.size or 0))
        return file


@admin.action(description=gettext_lazy("Write a sheet (XLSX, CSV) …"), permissions=["view"])
def write_sheet(modeladmin: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
    """Lead to the page where the chosen articles are written out."""
    query = selecting.canonical(request.GET.urlencode())
    if request.POST.get("select_across") != "1":
        ids = only_ids(request.POST.getlist(ACTION_CHECKBOX_NAME))[: bulk.MOST_IDS]
        query = urlencode({"ids": ",".join(ids)})
    return HttpResponseRedirect(
        f"{reverse('admin:articles_sheet_export')}?{urlencode({'of': query})}"
    )


def export_view(admin_: "ArticleAdmin", request: HttpRequest) -> HttpResponseBase:
    """Ask what kind of file, or send it: as it is read, whatever its length."""
    if not rights.may_view(user_of(request)):
        raise PermissionDenied
    articles = bulk.articles_of(request)
    # The form of an article has a field of this name too, with a look of its own.
    form = ExportForm(request.GET if "kind" in request.GET else None, auto_id="export_%s")
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        response = StreamingHttpResponse(
            export.pieces(
                articles,
                kind,
                with_body=form.cleaned_data["body"],
                site=request.build_absolute_uri("/").rstrip("/"),
            ),
            content_type=export.TYPES[kind],
        )
        name = f"articles.{export.SUFFIXES[kind]}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    context = _context(admin_, request, _("Write a sheet")) | {
        "form": form,
        "of": request.GET.get("of", ""),
        "count": selecting.count_of(articles),
        "counted": selecting.COUNTED,
        "may_take_in": bulk.may(request),
    }
    return TemplateResponse(request, "admin/articles/sheet/export.html", context)


def give_view(admin_: "ArticleAdmin", request: HttpRequest) -> HttpResponse:
    """Take a sheet, and lead to what it would change."""
    if not bulk.may(request):
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = SheetForm(request.POST, request.FILES) if is_sent else SheetForm()
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        user = user_of(request)
        try:
            sheet = intake.look_at(
                clean_line(file.name or "", 255) or _("sheet"),
                file.read(),
                actor=user,
                may_change=lambda article: rights.may_change(user, article),
                may_add=lambda field: user.has_perm(_PERMISSIONS[field]),
            )
        except UnreadableFile as error:
            form.add_error("file", said(str(error)))
        else:
            return HttpResponseRedirect(reverse("admin:articles_sheet", args=[sheet.pk]))
    context = _context(admin_, request, _("Take in a sheet")) | {
        "form": form,
        "most": bulk_changes.MOST,
    }
    return TemplateResponse(request, "admin/articles/sheet/give.html", context)


def sheet_view(admin_: "ArticleAdmin", request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a sheet would change; with POST, begin to change it."""
    if not bulk.may(request):
        raise PermissionDenied
    user = user_of(request)
    sheet = Sheet.objects.filter(pk=pk, actor=user.pk).first()
    if sheet is None:
        raise Http404
    if sheet.work_id is not None:
        return HttpResponseRedirect(reverse("admin:articles_bulk_work", args=[sheet.work_id]))
    if request.method == "POST":
        return _begin(request, sheet)
    outcome = request.GET.get("outcome", "")
    rows = sheet.rows.select_related("article")
    if outcome in Outcome.values:
        rows = rows.filter(outcome=outcome)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    context = _context(admin_, request, _("What the sheet changes")) | {
        "sheet": sheet,
        "totals": [
            (one.value, label, sheet.totals[one.value.lower()])
            for one, label in _labels().items()
            if one in (Outcome.UPDATE, Outcome.UNCHANGED) or sheet.totals[one.value.lower()]
        ],
        "outcome": outcome,
        "page": page,
        "rows": _rows(list(page.object_list)),
        "changing": _changing(sheet).count(),
    }
    return TemplateResponse(request, "admin/articles/sheet/plan.html", context)


def _changing(sheet: Sheet) -> QuerySet[SheetRow]:
    """Return the rows that change something, also those of which some fields stay."""
    return sheet.rows.exclude(values={}).exclude(outcome=Outcome.REJECT)


def _begin(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    wanted = list(_changing(sheet).values_list("article_id", "version"))
    pairs = [(article, version) for article, version in wanted if article is not None]
    if not pairs:
        messages.error(request, _("There is nothing to be changed."))
        return HttpResponseRedirect(request.path)
    reason = clean_line(request.POST.get("reason", ""), 200)
    with transaction.atomic():
        # Whoever is second waits here, and finds the work of the first.
        locked = Sheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
        if locked.work_id is not None:
            return HttpResponseRedirect(reverse("admin:articles_sheet", args=[sheet.pk]))
        work = bulk_changes.begin_work(
            Act("sheet", one=sheet.pk),
            pairs,
            actor=user_of(request),
            reason=clean_line(f"{sheet.file_name}{': ' if reason else ''}{reason}", 500),
        )
        Sheet.objects.filter(pk=sheet.pk).update(work=work)
    bulk_running.start(work)
    return HttpResponseRedirect(reverse("admin:articles_sheet", args=[sheet.pk]))


def _labels() -> dict[Outcome, str]:
    return {
        Outcome.UPDATE: _("to change"),
        Outcome.CONFLICT: _("in conflict"),
        Outcome.REJECT: _("refused"),
        Outcome.UNCHANGED: _("unchanged"),
    }


def _rows(rows: list[SheetRow]) -> list[dict[str, Any]]:
    articles = {row.article.pk: row.article for row in rows if row.article is not None}
    lists = lists_of(articles)
    labels = _labels()
    found = []
    for row in rows:
        now: Values = {}
        if row.article is not None:
            now = columns_of(row.article) | lists[row.article.pk]
        found.append(
            {
                "row": row,
                "label": labels[Outcome(row.outcome)],
                "look": row.outcome.lower(),
                "article": row.article,
                "is_stale": row.article is not None and row.article.version != row.version
                and bool(row.version),
                "changes": [_shown(name, now.get(name), new) for name, new in row.values.items()],
                "sides": [
                    (shown.label("article", name), _text(name, new), _text(name, now.get(name)))
                    for name, new in row.refused.items()
                ],
            }
        )  # fmt: skip
    return found


def _shown(name: str, old: Any, new: Any) -> tuple[str, Any]:
    before, after = (shown.text("article", name, value) for value in (old, new))
    return shown.label("article", name), words.inline(before, after, LONGEST)


def _text(name: str, value: Any) -> str:
    return shown.text("article", name, value)[:LONGEST]


def _context(admin_: "ArticleAdmin", request: HttpRequest, title: str) -> dict[str, Any]:
    request.current_app = admin_.admin_site.name
    return {**admin_.admin_site.each_context(request), "title": title, "opts": admin_.opts}
