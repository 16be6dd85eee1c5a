"""Authors in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from articles import portraits
from articles.admin.named import NamedAdmin, NamedForm
from articles.models import Contribution
from authors.models import Author
from authors.names import sort_name


class AuthorForm(NamedForm):
    """The form of an author, with the picture that shall be the portrait."""

    portrait_file = forms.FileField(
        label=_("New portrait"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP. Three sizes are made of it; what cameras write into files"
                    " is left out."),
    )  # fmt: skip
    portrait_alt = forms.CharField(
        label=_("What the portrait shows"),
        required=False,
        max_length=portraits.TEXT_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("For those who do not see it. Empty: “Portrait of …”."),
    )
    portrait_credit = forms.CharField(
        label=_("Credit of the portrait"),
        required=False,
        max_length=portraits.TEXT_LENGTH,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    portrait_off = forms.BooleanField(label=_("Take the portrait off"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.portrait or {}
        for name in ("alt", "credit"):
            self.initial[f"portrait_{name}"] = stored.get(name, "")
        if not stored and "portrait_off" in self.fields:
            self.fields["portrait_off"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        words = {name: cleaned.get(f"portrait_{name}") or "" for name in ("alt", "credit")}
        stored = self.instance.portrait or {}
        if file := cleaned.get("portrait_file"):
            try:
                cleaned["portrait"] = portraits.make(file, **words)
            except ValueError as error:
                self.add_error("portrait_file", str(error))
        elif cleaned.get("portrait_off"):
            cleaned["portrait"] = {}
        elif stored and "portrait_alt" in self.fields:
            cleaned["portrait"] = {**stored, **words}
        return cleaned


class AuthorAdmin(NamedAdmin):
    subject = "author"
    link_model = Contribution
    link = "author"
    form = AuthorForm
    list_display = ("name", "sort_name", "kind", "articles_shown", "updated_shown")
    list_filter = ("kind",)
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "sort_name", "kind", "slug", "aliases")}),
        (_("About"), {"fields": ("bio", ("born", "died"), "external_ids")}),
    )
    readonly_fields = ("portrait_shown",)

    def get_fieldsets(self, request: HttpRequest, obj: Author | None = None) -> Any:
        portrait: list[Any] = ["portrait_shown"] if obj is not None and obj.portrait else []
        if obj is None or self.has_change_permission(request, obj):
            portrait += ["portrait_file", "portrait_alt", "portrait_credit", "portrait_off"]
        more = [(_("Portrait"), {"fields": tuple(portrait)})] if portrait else []
        return [*super().get_fieldsets(request, obj), *more]

    @admin.display(description=_("portrait"))
    def portrait_shown(self, obj: Author) -> SafeString | str:
        if not obj.portrait:
            return ""
        width, height, name = obj.portrait["sizes"][0]
        return format_html(
            '<img src="{}" width="{}" height="{}" alt="{}">',
            reverse("picture", args=[name]), width, height, obj.portrait["alt"],
        )  # fmt: skip

    def complete(self, obj: Author) -> None:
        obj.sort_name = obj.sort_name or sort_name(obj.name, obj.kind)


admin.site.register(Author, AuthorAdmin)
