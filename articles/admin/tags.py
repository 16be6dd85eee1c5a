"""Tags."""

from django.contrib import admin

from articles.admin.named import NamedAdmin
from articles.models import Tag, TaggedArticle


class TagAdmin(NamedAdmin):
    subject = "tag"
    link_model = TaggedArticle
    link = "tag"
    article_column = "content_object"
    list_display = ("name", "kind", "articles_shown")
    list_filter = ("kind",)
    search_fields = ("name",)
    fieldsets = ((None, {"fields": ("name", "kind", "slug", "description", "aliases")}),)


admin.site.register(Tag, TagAdmin)
