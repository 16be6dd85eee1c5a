"""Tags."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext as _

from articles.admin.named import NamedAdmin, NamedForm
from articles.choices import TagKind
from articles.models import Tag, TaggedArticle


class TagForm(NamedForm):
    """What a tag is called and is about."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("author") and cleaned.get("kind") != TagKind.PERSON:
            self.add_error("author", _("Only a tag of the kind “person” is about an author."))
        elif "author" in cleaned:
            # As the writer and the ledger name it.
            cleaned["author_id"] = cleaned["author"].pk if cleaned["author"] else None
        return cleaned


class TagAdmin(NamedAdmin):
    subject = "tag"
    link_model = TaggedArticle
    link = "tag"
    article_column = "content_object"
    form = TagForm
    list_display = ("name", "kind", "articles_shown")
    list_filter = ("kind",)
    search_fields = ("name",)
    autocomplete_fields = ("author",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "kind",
                    "slug",
                    "description",
                    "author",
                    "external_ids",
                    "aliases",
                )
            },
        ),
    )

    def posted(self, name: str, value: Any) -> dict[str, list[str]]:
        if name == "author_id":
            return {"author": [str(value or "")]}
        return super().posted(name, value)


admin.site.register(Tag, TagAdmin)
