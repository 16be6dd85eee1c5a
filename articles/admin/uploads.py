"""Importing in the browser: give a listing, look at its plan, confirm, watch, land on the run."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from articles.admin import rights, shown, upload_columns
from articles.admin.base import ClosedAdmin, user_of
from articles.admin.filters import MAX_ID
from articles.admin.uploads_form import BESIDE, UploadForm, too_large, too_long
from articles.admin.uploads_plan import plan_context
from articles.choices import UploadState
from articles.importing.files import MAX_BYTES
from articles.importing.uploads import acts as uploads
from articles.importing.uploads.plan import StoredPlan
from articles.models import Upload
from articles.review.sentences import said

#: Seconds between two looks at the progress: of the script, and of a page without it.
POLL, REFRESH = 1, 5


def busy() -> str:
    """Return what is said when another writer holds the database for too long."""
    return _("The archive is being written to, and this could not be saved. Try again in a minute.")


class UploadAdmin(ClosedAdmin):
    """One's own uploads; superusers see all. Nothing is changed but by the steps of an import."""

    list_display = ("file_name", "created_shown", "who_shown", "state_shown", "outcome_shown")
    list_select_related = ("actor", "run")
    actions = None

    # Rights: one permission for the whole road. Whose upload it is decides `get_queryset`.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.may_import(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.may_import(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return rights.may_import(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user = user_of(request)
        own: QuerySet[Any] = super().get_queryset(request).defer("content", "plan")
        return own if user.is_superuser else own.filter(actor=user)

    def get_urls(self) -> list[URLPattern]:
        def wrap(view: Callable[..., HttpResponseBase]) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path(
                "<int:pk>/progress.json",
                wrap(self.progress_view),
                name="articles_upload_progress",
            ),
            path("<int:pk>/plan.json", wrap(self.plan_file_view), name="articles_upload_plan"),
            *super().get_urls(),
        ]

    def _found(self, request: HttpRequest, object_id: str | int) -> Upload:
        """Return the upload, or answer 404: to others it does not exist."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = str(object_id)
        if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) > MAX_ID:
            raise Http404
        upload: Upload | None = self.get_queryset(request).filter(pk=int(text)).first()
        if upload is None:
            raise Http404
        return upload

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Uploads"), **(extra_context or {})})

    # Giving

    @method_decorator(csrf_exempt)
    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Say what is too large in words, before the token is looked for in it; then `_give`."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            size = int(request.META.get("CONTENT_LENGTH") or 0)
            if size > MAX_BYTES + BESIDE:
                return self._form(request, UploadForm(), too_large(size), status=413)
            try:
                request.POST  # noqa: B018  reads the request
            except RequestDataTooBig:
                return self._form(request, UploadForm(), too_long(), status=413)
        return self._give(request)

    @method_decorator(csrf_protect)
    def _give(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return self._form(request, UploadForm())
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._form(request, form)
        name, content = form.content()
        try:
            upload = uploads.give(
                name,
                content,
                form.wanted(),
                form.cleaned_data["source"],
                actor=user_of(request),
            )
        except OperationalError:
            return self._form(request, form, busy(), status=503)
        return HttpResponseRedirect(_address(upload.pk))

    def _form(
        self, request: HttpRequest, form: UploadForm, problem: str = "", status: int = 200
    ) -> HttpResponse:
        title = _("Import a listing")
        context = self._context(request, title) | {"form": form, "problem": problem}
        return TemplateResponse(request, "admin/articles/upload/give.html", context, status=status)

    # Looking, confirming, watching

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the plan, or how far it is; a POST takes it a step further."""
        upload = self._found(request, object_id)
        if request.method == "POST":
            return self._act(request, upload)
        standing = uploads.standing(upload)
        is_listing = upload.options.get("step") not in uploads.TAKING_BACK
        is_done = standing.state == UploadState.DONE and is_listing
        if is_done and upload.run_id and self._sees_runs(request):
            return HttpResponseRedirect(_run_address(upload.run_id))
        if standing.state == UploadState.PLANNED:
            return self._plan_page(request, upload)
        return self._work_page(request, upload, standing)

    def _act(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        act, user = request.POST.get("act"), user_of(request)
        try:
            if act == "confirm":
                uploads.confirm(upload.pk, request.POST.get("digest", ""), actor=user)
            elif act == "columns":
                if upload.plan is None:
                    raise uploads.NotNow(uploads.ANOTHER_PLAN)
                columns = upload_columns.chosen(StoredPlan(upload.plan), request.POST.dict())
                uploads.read_again(upload.pk, columns, request.POST.get("digest", ""), actor=user)
            elif act == "again":
                uploads.start_again(upload.pk, actor=user)
            elif act == "discard":
                uploads.discard(upload.pk)
                messages.success(request, _("“%s” is discarded.") % upload.file_name)
                return HttpResponseRedirect(reverse("admin:articles_upload_changelist"))
        except upload_columns.BadChoice as error:
            return self._plan_page(request, upload, str(error))
        except uploads.NotNow as error:
            messages.warning(request, said(str(error)))
        except OperationalError:
            messages.error(request, busy())
        return HttpResponseRedirect(_address(upload.pk))

    def _plan_page(self, request: HttpRequest, upload: Upload, problem: str = "") -> HttpResponse:
        plan = StoredPlan(upload.plan or {})
        context = self._context(request, _("Plan of “%s”") % upload.file_name)
        context |= plan_context(plan, request.GET.get("outcome", ""), request.GET.get("p"))
        posted = request.POST.dict() if problem else None
        context |= upload_columns.columns_context(plan, posted, problem)
        context |= {"upload": upload, "options": upload.options, "message": said(upload.message)}
        return TemplateResponse(request, "admin/articles/upload/plan.html", context)

    def _work_page(
        self, request: HttpRequest, upload: Upload, standing: uploads.Standing
    ) -> HttpResponse:
        context = self._context(request, _title(upload, standing)) | {
            "upload": upload,
            "standing": standing,
            "text": text_of(standing),
            "message": said(upload.message),
            "poll": POLL,
            "refresh": REFRESH,
            "is_apply": upload.options.get("step") == uploads.APPLY,
            "taken_back": upload.options.get("run"),
            "can_try_again": standing.state == "stopped"
            or (standing.state == UploadState.FAILED and upload.options.get("can_try_again", True)),
            "can_discard": standing.state in {"stopped", UploadState.FAILED},
        }
        return TemplateResponse(request, "admin/articles/upload/work.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> JsonResponse:
        """Say how far it is, for the script of the page."""
        upload = self._found(request, pk)
        standing = uploads.standing(upload)
        return JsonResponse(
            {
                "moving": standing.is_moving,
                "stage": standing.stage,
                "done": standing.done,
                "total": standing.total,
                "text": text_of(standing),
            }
        )

    def plan_file_view(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """Give the plan as the JSON report, which `import_listing --apply` takes too."""
        upload = self._found(request, pk)
        if upload.state != UploadState.PLANNED or upload.plan is None:
            raise Http404
        name = f"plan-{PurePath(upload.file_name).stem or upload.pk}.json"
        return StreamingHttpResponse(
            StoredPlan(upload.plan).as_json(),
            content_type="application/json",
            headers={"Content-Disposition": content_disposition_header(True, name) or ""},
        )

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
        }

    def _sees_runs(self, request: HttpRequest) -> bool:
        return user_of(request).has_perm("articles.view_importrun")

    # The list

    @admin.display(description=gettext_lazy("given"), ordering="created")
    def created_shown(self, obj: Upload) -> SafeString:
        moment = timezone.localtime(obj.created)
        return format_html('<time class="date">{}</time>', f"{moment:%Y-%m-%d %H:%M}")

    @admin.display(description=gettext_lazy("by"))
    def who_shown(self, obj: Upload) -> str:
        return shown.actor_name(obj.actor) or "–"

    @admin.display(description=gettext_lazy("state"))
    def state_shown(self, obj: Upload) -> str:
        return state_label(uploads.standing(obj).state)

    @admin.display(description=gettext_lazy("outcome"))
    def outcome_shown(self, obj: Upload) -> SafeString | str:
        if obj.run is not None:
            text = _("run %d") % obj.run.pk
            return format_html('<a href="{}">{}</a>', _run_address(obj.run.pk), text)
        return said(obj.message)[:120] or "–"


def _address(pk: int) -> str:
    return reverse("admin:articles_upload_change", args=[pk])


def _run_address(pk: int) -> str:
    return reverse("admin:articles_importrun_change", args=[pk])


def state_label(state: str) -> str:
    """Return how an upload stands, in a word or two."""
    own = {
        "working": _("being worked on"),
        "elsewhere": _("being worked on"),
        "stopped": _("stopped"),
        UploadState.PLANNED: _("to confirm"),
    }
    return str(own.get(state) or UploadState(state).label)


def _title(upload: Upload, standing: uploads.Standing) -> str:
    titles = {
        "stopped": _("“%s”: stopped"),
        UploadState.FAILED: _("“%s”: failed"),
        UploadState.DISCARDED: _("“%s”: discarded"),
        UploadState.DONE: _("“%s”: done"),
    }
    moving = {
        uploads.APPLY: _("Importing “%s”"),
        uploads.UNDO: _("Undoing the import of “%s”"),
        uploads.REDO: _("Bringing back the import of “%s”"),
    }.get(upload.options.get("step", ""), _("Planning “%s”"))
    return titles.get(standing.state, moving) % upload.file_name


def text_of(standing: uploads.Standing) -> str:
    """Return in words how far an upload is."""
    if standing.state == "elsewhere":
        return _("Another machine is working on it, and only that one can see how far it is.")
    if standing.state != "working":
        return state_label(standing.state).capitalize()
    counts = {"done": f"{standing.done:,}", "total": f"{standing.total:,}"}
    if standing.stage == "reading" and standing.total:
        return _("Reading the listing: line %(done)s of %(total)s") % counts
    if standing.stage == "writing" and standing.total:
        return _("Writing: %(done)s of %(total)s entries") % counts
    if standing.stage == uploads.UNDO and standing.total:
        return _("Undoing: %(done)s of %(total)s articles") % counts
    if standing.stage == uploads.REDO and standing.total:
        return _("Bringing back: %(done)s of %(total)s articles") % counts
    texts = {
        "starting": _("Starting"),
        "reading": _("Reading the listing"),
        "waiting": _("Another import is running. This one begins when that one is done."),
        "planning": _("Comparing the listing with the archive"),
        "writing": _("Writing"),
        uploads.UNDO: _("Undoing"),
        uploads.REDO: _("Bringing back"),
        "saving": _("Saving"),
    }
    return texts.get(standing.stage, "")


admin.site.register(Upload, UploadAdmin)
