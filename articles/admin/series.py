"""Series: serials and columns."""

from django.contrib import admin

from articles.admin.named import NamedAdmin
from articles.models import Part, Series


class SeriesAdmin(NamedAdmin):
    subject = "series"
    link_model = Part
    link = "series"
    list_display = ("title", "kind", "articles_shown", "updated")
    list_filter = ("kind",)
    search_fields = ("title",)
    fieldsets = ((None, {"fields": ("title", "kind", "slug", "description", "aliases")}),)


admin.site.register(Series, SeriesAdmin)
