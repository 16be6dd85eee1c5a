"""The pages of the site, the links of its masthead and foot, and the home page."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import rights
from articles.admin.base import WriterAdmin, user_of
from articles.admin.forms import WriterForm
from articles.admin.rows import RowsFormSet, RowsInline
from articles.choices import PageStatus
from articles.models import Article, HomePage, Pin, SiteLink, SitePage
from articles.writing.articles import WasPublic
from articles.writing.site import FIELDS, MOST_PINS, delete_site, save_site


class SiteForm(WriterForm):
    """The fields of a row; the writer makes the slug of a page that has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False


class SiteRowAdmin(WriterAdmin):
    """Rows that `articles.writing.site` writes."""

    form: type[WriterForm] = SiteForm

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Leave everything to `save_related`, where pins are known too."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Hand the form to the writer as one change."""
        obj = form.instance
        values = self.values(form, formsets)
        expected = form.cleaned_data.get("version")
        written = self.asked(
            obj,
            expected,
            lambda: save_site(
                obj,
                values,
                actor=user_of(request),
                expected_version=expected,
            ),
            typed=lambda: values,
            user=user_of(request),
        )
        vars(obj).update(vars(written))

    def values(self, form: Any, formsets: Any) -> dict[str, Any]:
        """Return what the form holds, as the ledger would record it."""
        names = FIELDS[self.model]
        return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}

    # Deleting

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed = [str(obj) for obj in objs]
        return listed, {self.opts.verbose_name_plural: len(listed)}, set(), []

    def remove(self, request: HttpRequest, obj: Any) -> None:
        delete_site(obj, actor=user_of(request))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        try:
            if (
                isinstance(obj, SitePage)
                and obj.was_public
                and self.has_delete_permission(request, obj)
            ):
                raise WasPublic(str(obj))
            return super().delete_view(request, object_id, extra_context)
        except WasPublic as error:
            messages.error(
                request,
                _("“%s” is not deleted: readers saw it. Make it a draft, and its address says that"
                  " it was withdrawn.") % error,
            )  # fmt: skip
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))


class SitePageAdmin(SiteRowAdmin):
    subject = "page"
    list_display = ("title", "slug", "status", "place", "position", "updated")
    fieldsets = (
        (None, {"fields": ("title", "body")}),
        (gettext_lazy("Address"), {"fields": ("slug", "status", ("place", "position"))}),
    )

    def view_on_site(self, obj: Any) -> str | None:  # type: ignore[override]
        """Return the public address of a published page."""
        address: str = obj.get_absolute_url()
        return address if obj.status == PageStatus.PUBLISHED else None


class SiteLinkAdmin(SiteRowAdmin):
    subject = "link"
    list_display = ("label", "address", "place", "position")
    fields = ("label", "address", ("place", "position"))


# The home page


class PinsFormSet(RowsFormSet):
    """Articles, or series, that are pinned; the number says in which order they stand."""

    def initial_of(self, row: Any, place: int) -> dict[str, Any]:
        return {self.link: getattr(row, f"{self.link}_id"), "position": row.position}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        position = form.fields["position"]
        position.required, position.initial = False, None
        # A row is taken off by emptying it.
        form.fields[self.link].required = False

    def pins(self) -> list[tuple[int, dict[str, Any]]]:
        """Return the pins with their places; a row without a number comes last."""
        return [
            (row.get("position") or 2**31, {self.link: row[self.link].pk}) for row in self.rows()
        ]


class PinnedArticles(PinsFormSet):
    link = "article"
    unique = ("article",)
    #: Whose form it is.
    user: ClassVar[rights.Anyone]

    def choices(self, related: Any) -> Any:
        return rights.nameable(super().choices(related), self.user)

    def _fetch(self, ids: set[int]) -> dict[str, Any]:
        known = super()._fetch(ids)
        # One whose headline is not theirs to read stays pinned, under its number.
        for pk in {row.article_id for row in self.get_queryset()}:
            known.setdefault(str(pk), Article(pk=pk, headline=_("number %s") % pk))
        return known


class PinnedSeries(PinsFormSet):
    link = "series"
    unique = ("series",)


class PinsInline(RowsInline):
    """Pins of one kind. Both kinds stand in one order."""

    model = Pin
    max_num = MOST_PINS

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(**{f"{self.link}__isnull": False})

    # The rows belong to the form: whoever may change it may change them.
    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:  # type: ignore[override]
        return request.user.has_perm("articles.change_homepage")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.change_homepage")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.view_homepage")


class ArticlesInline(PinsInline):
    formset = PinnedArticles

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = user_of(request)
        return formset

    def get_queryset(self, request: HttpRequest) -> Any:
        pins = super().get_queryset(request)
        if self.has_change_permission(request):
            return pins
        seen = rights.nameable(Article.objects.all(), user_of(request))
        return pins.filter(article__in=seen)

    fields = ("article", "position")
    link = "article"
    verbose_name = gettext_lazy("pinned article")
    verbose_name_plural = gettext_lazy("pinned articles")


class SeriesInline(PinsInline):
    formset = PinnedSeries
    fields = ("series", "position")
    link = "series"
    verbose_name = gettext_lazy("pinned series")
    verbose_name_plural = gettext_lazy("pinned series")


class HomePageForm(WriterForm):
    """The fields of the home page, whose first version is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and "version" in self.fields:
            self.initial["version"] = 0


class HomePageAdmin(SiteRowAdmin):
    """The one form of the home page; there is no list of such."""

    subject = "home"
    form = HomePageForm
    fields = ("introduction", "lead", "shows_on_this_day", "shows_timeline")
    autocomplete_fields = ("lead",)
    inlines = (ArticlesInline, SeriesInline)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the home page, also where nobody has saved one yet."""
        found = super().get_object(request, object_id, from_field)
        return HomePage(pk=1) if found is None and object_id == "1" else found

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:articles_homepage_change", args=[1]))

    def view_on_site(self, obj: Any) -> str:  # type: ignore[override]
        """Return the address of the first page."""
        return reverse("home")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "lead":
            kwargs["queryset"] = rights.nameable(Article.objects.all(), user_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def values(self, form: Any, formsets: Any) -> dict[str, Any]:
        values = super().values(form, formsets)
        lead = values.get("lead")
        values["lead"] = lead.pk if lead is not None else None
        pins: list[tuple[int, dict[str, Any]]] = []
        for formset in formsets:
            if isinstance(formset, PinsFormSet):
                pins += formset.pins()
        values["pins"] = [pin for _place, pin in sorted(pins, key=lambda pin: pin[0])]
        return values

    def posted(self, name: str, value: Any) -> dict[str, list[str]]:
        if isinstance(value, bool):
            return {name: ["on"] if value else []}
        return {} if name == "pins" else super().posted(name, value)


admin.site.register(SitePage, SitePageAdmin)
admin.site.register(SiteLink, SiteLinkAdmin)
admin.site.register(HomePage, HomePageAdmin)
