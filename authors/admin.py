"""Authors in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.named import NamedAdmin
from articles.models import Contribution
from authors.models import Author
from authors.names import sort_name


class AuthorAdmin(NamedAdmin):
    subject = "author"
    link_model = Contribution
    link = "author"
    list_display = ("name", "sort_name", "kind", "articles_shown", "updated")
    list_filter = ("kind",)
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "sort_name", "kind", "slug", "aliases")}),
        (_("About"), {"fields": ("bio", ("born", "died"), "external_ids")}),
    )

    def complete(self, obj: Author) -> None:
        obj.sort_name = obj.sort_name or sort_name(obj.name, obj.kind)


admin.site.register(Author, AuthorAdmin)
