"""What every page of the admin shares: closed lookups, one history, saves by the writers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.admin import history
from articles.writing.changes import InvalidChange, StaleVersion

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class Refused(Exception):
    """The writers refused what a form asked for; ``errors`` has a message for each field.

    ``version`` is the stored version if another save came between, else None.
    """

    def __init__(self, errors: dict[str, str], version: int | None = None) -> None:
        super().__init__(errors)
        self.errors = errors
        self.version = version


def user_of(request: HttpRequest) -> User:
    """Return the account that is signed in; the admin lets in nobody else."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user


class ClosedAdmin(ModelAdmin):
    """A list that filters by what it declares and by nothing else.

    Django's own rule lets a query string filter by any column of the table with any lookup, a
    regular expression too.
    """

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start a new form empty: the query string fills nothing in."""
        return {}

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.subject:
            raise Http404
        return history.view(self, request, object_id)

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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def asked(self, obj: Any, expected: int | None, write: Callable[[], Any]) -> Any:
        """Return what *write* returns; raise `Refused` in the form's words if it may not be.

        *expected* is the version of *obj* that the form was opened with.
        """
        try:
            return write()
        except InvalidChange as error:
            raise Refused(error.errors) from error
        except StaleVersion as error:
            stored = self.model._default_manager.filter(pk=obj.pk).first()
            if stored is None:
                raise Refused({"": str(error)}) from error
            missed = history.missed(self.subject, obj.pk, stored.version - (expected or 0))
            message = _(
                "%(missed)s What you typed is still here. Open the saved version in another tab"
                " to compare. Saving again puts your values in place of theirs."
            )
            raise Refused(
                {"": message % {"missed": missed or str(error)}}, stored.version
            ) from error
