"""Rows below a form that the writers take as one list: credits, and places in series.

The rows are not rows of the database: they carry no ids, so nothing that is posted can name
somebody else's row, and nothing is lost if another save has replaced them meanwhile.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from articles.admin import rights
from articles.admin.base import user_of
from articles.admin.forms import ModelForm
from articles.admin.widgets import KnownAutocomplete, offer_new
from articles.cleaning import HIGHEST_PART
from articles.models import Contribution, Part
from articles.writing.changes import Credit, Place

if TYPE_CHECKING:
    from articles.models import Article

    InlineFormSet = BaseInlineFormSet[Any, Any, Any]
    ModelChoiceField = forms.ModelChoiceField[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    InlineFormSet = BaseInlineFormSet
    ModelChoiceField = forms.ModelChoiceField
    TabularInline = admin.TabularInline


class KnownChoice(ModelChoiceField):
    """A choice whose rows were fetched for the whole form at once: no query for each row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known: dict[str, Any] = {}

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return self.known[str(value)]
        except KeyError:
            raise ValidationError(
                self.error_messages["invalid_choice"], "invalid_choice", {"value": value}
            ) from None


class RowForm(ModelForm):
    """One row: values for the writer, not an instance."""

    def _post_clean(self) -> None:
        """Leave the instance alone; the writer cleans and checks."""


class RowsFormSet(InlineFormSet):
    """Rows that start as what is stored and end as a list for the writer."""

    #: The field that chooses an author or a series, and those that make a row unique.
    link: ClassVar[str] = ""
    unique: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [] if self.is_bound else list(self.get_queryset())
        self.initial_extra = [self.initial_of(row, place) for place, row in enumerate(rows)]
        self.extra = len(rows) if rows else self.extra
        self.known = self._fetch({row[self.link] for row in self.initial_extra})

    def initial_form_count(self) -> int:
        return 0

    def initial_of(self, row: Any, place: int) -> dict[str, Any]:
        """Return what a stored row shows in the form."""
        raise NotImplementedError

    def _fetch(self, ids: set[int]) -> dict[str, Any]:
        wanted = {str(pk) for pk in ids}
        if self.is_bound:
            names = (f"{self.prefix}-{i}-{self.link}" for i in range(self.total_form_count()))
            wanted = {str(self.data.get(name) or "") for name in names}
        keys = [key for key in wanted if key.isascii() and key.isdigit() and len(key) < 19]
        model: Any = self.model
        related = model._meta.get_field(self.link).related_model
        if not keys:
            return {}
        return {str(row.pk): row for row in self.choices(related).filter(pk__in=keys)}

    def choices(self, related: Any) -> Any:
        """Return the rows that may be chosen."""
        return related._default_manager.all()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        model: Any = self.model
        form.fields[model._meta.pk.name] = forms.CharField(required=False, widget=forms.HiddenInput)
        for name, field in form.fields.items():
            # The head of the column is no label to those who listen.
            if not field.widget.is_hidden:
                label = field.label or model._meta.get_field(name).verbose_name
                field.widget.attrs.setdefault("aria-label", capfirst(label))
        choice = form.fields[self.link]
        choice.known = self.known
        getattr(choice.widget, "widget", choice.widget).known = self.known

    def clean(self) -> None:
        seen = set()
        for row in self.rows():
            key = tuple(row[name] for name in self.unique)
            if key in seen:
                raise ValidationError(_("“%s” stands here twice.") % row[self.link])
            seen.add(key)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows that were filled in and are valid."""
        filled = [form.cleaned_data for form in self.forms if form.is_bound and not form.errors]
        return [row for row in filled if row.get(self.link)]


class CreditsFormSet(RowsFormSet):
    """Who did what, in the order of the credit."""

    link = "author"
    unique = ("author", "role")

    def initial_of(self, row: Any, place: int) -> dict[str, Any]:
        return {"author": row.author_id, "role": row.role, "position": place + 1}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        position = form.fields["position"]
        position.required, position.initial = False, None
        position.label = _("order")

    def credits(self) -> list[Credit]:
        """Return the credits for the writer; a row without a number comes last."""
        rows = sorted(self.rows(), key=lambda row: row.get("position") or 2**31)
        return [Credit(row["author"].pk, row["role"]) for row in rows]


class PartsFormSet(RowsFormSet):
    """The places of an article in series."""

    link = "series"
    unique = ("series",)

    def initial_of(self, row: Any, place: int) -> dict[str, Any]:
        return {"series": row.series_id, "part_number": row.part_number}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["part_number"].validators.append(self._check_height)

    def _check_height(self, number: int) -> None:
        """Refuse a number that is too high at its field; one that is stored may stay as it is."""
        if number <= HIGHEST_PART:
            return
        stored = Part.objects.filter(article=self.instance.pk, part_number__gt=HIGHEST_PART)
        if number not in stored.values_list("part_number", flat=True):
            raise ValidationError(_("The number of a part is at most %d.") % HIGHEST_PART)

    def places(self) -> list[Place]:
        """Return the places for the writer."""
        return [Place(row["series"].pk, row.get("part_number")) for row in self.rows()]


class RowsInline(TabularInline):
    """Rows of the article's form; whoever may change the article may change them."""

    extra = 1
    max_num = 100
    can_delete = False
    form = RowForm
    #: Class of the fieldset that the rows stand below.
    beside = ""
    link = ""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if not self.has_change_permission(request, obj):
            kwargs |= {"formset": BaseInlineFormSet, "form": forms.ModelForm}
        return super().get_formset(request, obj, **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(self.link)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == self.link:
            kwargs["widget"] = KnownAutocomplete(db_field, self.admin_site)
            kwargs["form_class"] = KnownChoice
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == self.link:
            # To add one in a window of its own is useful here; to delete one is not.
            field.widget.can_delete_related = field.widget.can_view_related = False
            offer_new(field.widget, self.link, may=field.widget.can_add_related)
        return field

    def _may(self, request: HttpRequest, obj: "Article | None") -> bool:
        user = user_of(request)
        return rights.may_add(user) if obj is None else rights.may_change(user, obj)

    def has_add_permission(  # type: ignore[override]
        self, request: HttpRequest, obj: Any
    ) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rights.may_view(user_of(request), obj)


class CreditsInline(RowsInline):
    model = Contribution
    formset = CreditsFormSet
    fields = ("author", "role", "position")
    beside = "credit-fields"
    link = "author"
    verbose_name = _("credit")
    verbose_name_plural = _("credits")


class PartsInline(RowsInline):
    model = Part
    formset = PartsFormSet
    fields = ("series", "part_number")
    beside = "place-fields"
    link = "series"
    verbose_name = _("place in a series")
    verbose_name_plural = _("places in series")
