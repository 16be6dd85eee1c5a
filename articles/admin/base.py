"""What every page of the admin shares: closed lookups, one history, saves by the writers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles.admin import busy, history, kept, rights, three_way, versions
from articles.admin.paging import CappedPaginator
from articles.admin.rights import user_of as user_of
from articles.admin.widgets import SafeAutocomplete
from articles.writing import versions as versions_of
from articles.writing.changes import InvalidChange, StaleVersion

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class Refused(Exception):
    """The writers refused what a form asked for; ``errors`` has a message for each field.

    If another save came between, ``version`` is the stored version, and ``merge`` both brought
    together.
    """

    def __init__(
        self,
        errors: dict[str, str],
        version: int | None = None,
        merge: three_way.Merge | None = None,
    ) -> None:
        super().__init__(errors)
        self.errors = errors
        self.version = version
        self.merge = merge


class ClosedAdmin(ModelAdmin):
    """A list that filters by what it declares and by nothing else.

    Django's own rule lets a query string filter by any column of the table with any lookup, a
    regular expression too.
    """

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    paginator = CappedPaginator
    view_on_site = False
    #: The ledger's name for what is listed here, if it records any.
    subject = ""

    def allowed_parameters(self, request: HttpRequest) -> set[str]:
        """Return the parameters of the declared filters and of the date hierarchy."""
        allowed: set[str] = set()
        for item in self.get_list_filter(request):
            if isinstance(item, str):
                allowed |= {f"{item}__exact", f"{item}__isnull"}
            elif name := getattr(item, "parameter_name", None):
                allowed.add(name)
        if self.date_hierarchy:
            allowed |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return allowed

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        is_date = self.date_hierarchy and lookup.startswith(f"{self.date_hierarchy}__")
        if is_date and not (value.isascii() and value.isdigit() and len(value) < 5):
            raise IncorrectLookupParameters
        return lookup in self.allowed_parameters(request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the row of an id. An empty ``_to_field`` names no field, as if there were none."""
        return super().get_object(request, object_id, from_field or None)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start a new form empty: the query string fills nothing in."""
        return {}

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.subject:
            raise Http404
        return history.view(self, request, object_id)

    # Deleting: only what is as the page showed it that asked

    delete_confirmation_template = "admin/delete_row.html"

    def mark_of(self, obj: Any) -> str:
        """Return what says in which state a row is: another one after every save of it."""
        return str(getattr(obj, "version", ""))

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        return super().render_delete_form(
            request, context | {"seen": self.mark_of(context["object"])}
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except StaleVersion as error:
            messages.error(request, _("Nothing was deleted. %s") % error)
            return HttpResponseRedirect(request.get_full_path())

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete *obj*; raise `StaleVersion`, in words, if it is not as the page showed it."""
        # Locked: nobody saves it between this look and the end.
        rows = self.model._default_manager.select_for_update(no_key=True)
        stored = rows.filter(pk=obj.pk).first()
        seen = request.POST.get("seen", "")
        if stored is None or seen != self.mark_of(stored):
            # Without versions to count by, what came last.
            version = seen.partition("-")[0]
            is_number = version.isascii() and version.isdigit() and len(version) < 10
            count = stored.version - int(version) if stored is not None and is_number else 1
            missed = history.missed(self.subject, obj.pk, count) if self.subject else ""
            raise StaleVersion(missed or _("Look at it again."))
        self.remove(request, obj)

    def remove(self, request: HttpRequest, obj: Any) -> None:
        """Delete *obj*, which nobody has saved since."""
        super().delete_model(request, obj)

    # The ledger is the only history. Django's log would be a second, and see less.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any: ...

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any: ...

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        return ""


class ReadOnlyAdmin(ClosedAdmin):
    """Something to look at: nothing is added, changed or deleted here."""

    change_form_template = "admin/record.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WriterAdmin(ClosedAdmin):
    """A form whose saves go through `articles.writing`.

    The form never touches the row. `save_model` or `save_related` asks a writer inside `asked`;
    if the writer refuses, everything is rolled back and the form is shown again, with what was
    typed and the writer's words beside it.
    """

    change_form_template = "admin/writer_form.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_versions"
        view = self.admin_site.admin_view(self.versions_view)
        return [path("<path:object_id>/versions/", view, name=name), *super().get_urls()]

    def versions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Compare two versions of one row, and restore what it had."""
        return versions.view(self, request, object_id)

    def seen_row(self, request: HttpRequest, object_id: str) -> Any:
        """Return the row, for who may see it. Raises `PermissionDenied` and `Http404`."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return row

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = SafeAutocomplete(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.autocomplete_fields and field is not None:
            # What is chosen here is not changed or deleted from here.
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST" and "_kept" in request.POST:
            # Brought back by the browser in which it was typed: shown again, as it was.
            said = _("This is what you typed before. Nothing of it is saved yet.")
            request.refusal = Refused({"": said})  # type: ignore[attr-defined]
            request.brought_back = said  # type: ignore[attr-defined]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:
            if request.method == "POST" and object_id is not None:
                return kept.page(self, request, 403)
            raise
        except OperationalError as error:
            if request.method != "POST" or not busy.is_busy(error):
                raise
            # SQLite gives up where the transaction begins: shown again without one.
            request.refusal = Refused({"": busy.sentence()})  # type: ignore[attr-defined]
            shown: HttpResponse = super()._changeform_view(  # type: ignore[misc]
                request, object_id, form_url, extra_context
            )
            return shown
        except Refused as refusal:
            self.refuse(request, refusal)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def refuse(self, request: HttpRequest, refusal: Refused) -> None:
        """Let the form that is shown again say why, with the merged values if there are any."""
        request.refusal = refusal  # type: ignore[attr-defined]
        if refusal.merge is not None:
            values: dict[str, list[str]] = {}
            for name, value in refusal.merge.values.items():
                values |= self.posted(name, value)
            three_way.send(request, values)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        match = request.resolver_match
        if request.method == "POST" and (getattr(match, "url_name", "") or "").endswith("_change"):
            return kept.page(self, request, 404)
        stock: Any = super()
        gone: HttpResponse = stock._get_obj_does_not_exist_redirect(request, opts, object_id)
        return gone

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def posted(self, name: str, value: Any) -> dict[str, list[str]]:
        """Return what a browser would send of a field with this *value* of the ledger."""
        return {name: [str(value) if value is not None else ""]}

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if (said := getattr(request, "brought_back", None)) is not None:
            kept.say(context, said)
        refusal: Refused | None = getattr(request, "refusal", None)
        if refusal is not None and refusal.merge is not None:
            adminform = context["adminform"]
            there = [one for one in refusal.merge.fields if one.name in adminform.form.fields]
            moved = {one.name for one in there if one.is_open}
            # Each field stands in the form once: those to be looked at, in the table.
            adminform.fieldsets = three_way.without(adminform.fieldsets, moved)
            context["merge"] = [
                (one, adminform.form[one.name] if one.name in moved else None)
                for one in refusal.merge.fields
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def asked(
        self,
        obj: Any,
        expected: int | None,
        write: Callable[[], Any],
        typed: Callable[[], dict[str, Any]],
        user: rights.Anyone,
    ) -> Any:
        """Return what *write* returns; raise `Refused` in the form's words if it may not be.

        *expected* is the version of *obj* that the form was opened with; *typed* gives what the
        form holds, as the ledger would record it.
        """
        try:
            return write()
        except InvalidChange as error:
            raise Refused(error.errors) from error
        except OperationalError as error:
            if not busy.is_busy(error):
                raise
            # What was typed stays in the form.
            raise Refused({"": busy.sentence()}) from error
        except StaleVersion as error:
            # Locked, so that what is read of the row and of its ledger belongs together.
            rows = self.model._default_manager.select_for_update(no_key=True)
            stored = rows.filter(pk=obj.pk).first()
            if stored is None:
                raise Refused({"": str(error)}) from error
            try:
                mine = typed()
            except InvalidChange as invalid:
                raise Refused(invalid.errors) from invalid
            theirs = versions_of.values_now(stored)
            base = versions_of.values_of_version(self.subject, stored, theirs, expected or 0)
            missed = history.missed(self.subject, obj.pk, stored.version - (expected or 0))
            message = _(
                "%(missed)s Nothing is saved yet, and nothing that you typed is lost. Look at what"
                " differs; what you save now is the result."
            )
            raise Refused(
                {"": message % {"missed": missed or str(error)}},
                stored.version,
                three_way.merge(self.subject, base, theirs, mine, user),
            ) from error
