"""The form of an article: what an editor types, checked and handed to the writer."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget, RelatedFieldWidgetWrapper
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import body_pictures
from articles.admin.forms import WriterForm
from articles.admin.source_panel import Origin
from articles.admin.widgets import SafeAutocompleteMultiple, offer_new
from articles.choices import Status
from articles.cleaning import is_blank
from articles.models import Tag, TaggedArticle
from articles.partial_dates import parse_partial, partial_text
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.state import COLUMNS

_TAG = TaggedArticle._meta.get_field("tag")


class FieldWithOrigin(forms.BoundField):
    """A field of the form, whose label says where its value comes from."""

    def label_tag(self, *args: Any, **kwargs: Any) -> SafeString:
        label: SafeString = super().label_tag(*args, **kwargs)
        origin = getattr(self.form, "origins", {}).get(self.name)
        if origin is None:
            return label
        return format_html('<div class="with-origin">{}{}</div>', label, origin.badge())


class ArticleForm(WriterForm):
    """The columns of an article and its tags. Credits and places in series stand in rows."""

    bound_field_class = FieldWithOrigin
    #: Where the values of its fields come from, by name; set where the form is shown.
    origins: Mapping[str, Origin] = {}

    #: Set for the one who asks.
    may_add_tags = False

    published_on = forms.CharField(
        label=gettext_lazy("Date of publication"),
        required=False,
        widget=AdminTextInputWidget(
            attrs={
                "class": "partial-date",
                "placeholder": gettext_lazy("YYYY-MM-DD"),
                "autocomplete": "off",
            }
        ),
        help_text=gettext_lazy("As far as it is known: YYYY, YYYY-MM or YYYY-MM-DD."),
    )
    tags = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Tags"),
        queryset=Tag.objects.all(),
        required=False,
        widget=RelatedFieldWidgetWrapper(
            SafeAutocompleteMultiple(_TAG, admin.site),
            _TAG.remote_field,
            admin.site,
            can_add_related=True,
            can_change_related=False,
            can_delete_related=False,
            can_view_related=False,
        ),
    )

    other_names = {
        "credits": gettext_lazy("Credits"),
        "parts": gettext_lazy("Series"),
        "slug": gettext_lazy("Slug"),
        "status": gettext_lazy("Status"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        article = self.instance
        if "tags" in self.fields:
            offer_new(self.fields["tags"].widget, "tag", may=self.may_add_tags)
        if article.pk and "tags" in self.fields:
            self.initial["tags"] = [row.tag_id for row in article.tagged_articles.all()]
        if "published_on" in self.fields:
            self.initial["published_on"] = partial_text(
                article.published_on, article.date_precision
            )
        if "body" in self.fields:
            body = self.fields["body"]
            body.help_text = _("What does not belong into a text is taken out on saving.")
            # Without the script it is a field for HTML.
            body.widget.attrs |= {
                "data-editor": static("django_prose_editor/editor.js"),
                "data-pictures": reverse("admin:articles_article_picture"),
            }

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if wrong := body_pictures.wrong_with(body, self.instance.body):
            raise forms.ValidationError(wrong)
        return body

    def clean_published_on(self) -> str | None:
        text: str = self.cleaned_data["published_on"]
        if not text:
            return None
        try:
            parse_partial(text)
        except ValueError:
            raise forms.ValidationError(_("Enter a date as YYYY, YYYY-MM or YYYY-MM-DD.")) from None
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        status = cleaned.get("status")
        if status == Status.PUBLISHED and "published_on" in cleaned and not cleaned["published_on"]:
            self.add_error("published_on", _("A published article needs a date of publication."))
        is_withdrawn = status == Status.WITHDRAWN and "withdrawn_reason" in self.fields
        if is_withdrawn and is_blank(cleaned.get("withdrawn_reason") or ""):
            self.add_error("withdrawn_reason", _("Say why it is withdrawn; readers see this."))
        original = cleaned.get("translation_of")
        if original is not None and original.pk == self.instance.pk:
            self.add_error("translation_of", _("An article is no translation of itself."))
        return cleaned

    def change(
        self, *, credits: list[Credit] | None, parts: list[Place] | None, owner_id: int | None
    ) -> ArticleChange:
        """Return what the writer is asked for: only the fields that differ from the row.

        *owner_id* becomes the owner of a new article, unless the form chose one.
        """
        is_new = self.instance.pk is None
        fields: dict[str, Any] = {"owner": owner_id} if is_new else {}
        for name in COLUMNS:
            if name not in self.cleaned_data or (not is_new and name not in self.changed_data):
                continue
            value = self.cleaned_data[name]
            if name in {"owner", "translation_of"}:
                value = value.pk if value is not None else None
            if is_new and not value:
                continue
            fields[name] = value
        tags = None
        if "tags" in self.cleaned_data and (is_new or "tags" in self.changed_data):
            tags = [tag.pk for tag in self.cleaned_data["tags"]]
        return ArticleChange(
            article=None if is_new else self.instance,
            fields=fields,
            credits=credits,
            tags=tags,
            parts=parts,
            expected_version=self.cleaned_data.get("version"),
        )
