"""The form in which a listing is given: a file or a text, and what is to become of it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.cleaning import clean_line
from articles.importing.files import MAX_BYTES
from articles.importing.formats.columns import FIELDS, BadColumns, parsed
from articles.importing.records import Options

MIB = 2**20
#: What a request may have beside the file: the other fields and the boundaries between them.
BESIDE = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + MIB
MAX_TAGS = 50


def too_large(size: int) -> str:
    """Return why a file of *size* bytes is not taken."""
    text = _("%(size)s bytes are more than one import takes: %(limit)d MiB. Split the file.")
    return text % {"size": f"{size:,}", "limit": MAX_BYTES // MIB}


def too_long() -> str:
    """Return why a typed text of more than Django's limit is not taken."""
    return _(
        "Pasted text may have %(limit)s MB. Save it as a file, and choose that file: a file may"
        " have %(file)d MiB."
    ) % {
        "limit": f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE / MIB:.1f}",
        "file": MAX_BYTES // MIB,
    }


def _or_recognised(names: Iterable[str]) -> list[tuple[str, Any]]:
    return [("", gettext_lazy("recognised by itself")), *((name, name) for name in names)]


# What the parser knows is asked for with a form, and not imported before; see
# `articles.importing.reading`.
def _formats() -> list[tuple[str, Any]]:
    from articles.importing.formats.recognising import names

    return _or_recognised(names())


def _dialects() -> list[tuple[str, Any]]:
    from articles.listing.recognising import dialect_names

    return _or_recognised(dialect_names())


class UploadForm(forms.Form):
    """A listing, and the choices that `import_listing` has as options."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        max_length=500,
        help_text=gettext_lazy(
            "A text, a page, a table, a feed, an export of WordPress or Ghost; of 64 MiB at most."
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Or pasted text"),
        required=False,
        strip=False,
        error_messages={
            "null_characters_not_allowed": gettext_lazy(
                "The text holds the character NUL, which no text can hold."
            )
        },
        widget=forms.Textarea(
            attrs={"rows": 10, "class": "vLargeTextField", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("For a listing of up to 2.5 MB."),
    )
    status = forms.ChoiceField(
        label=gettext_lazy("New articles become"),
        choices=[
            ("published", gettext_lazy("published: readers see them at once")),
            ("draft", gettext_lazy("drafts: readers see them when an editor publishes them")),
        ],
        widget=forms.RadioSelect,
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "A listing that comes again must come under the same name. Left empty, it is the topic"
            " or the title of the listing, else the name of the file."
        ),
    )
    tags = forms.CharField(
        label=gettext_lazy("Further tags"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("One a line. Every entry gets them."),
    )

    input_format = forms.ChoiceField(label=gettext_lazy("Format"), required=False, choices=_formats)
    dialect = forms.ChoiceField(
        label=gettext_lazy("Dialect"),
        required=False,
        choices=_dialects,
        help_text=gettext_lazy("How the entries of a plain text or of a page are written."),
    )
    columns = forms.CharField(
        label=gettext_lazy("Columns of the table"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Needed only where no row names a headline and one more known column. One a line, such"
            " as “col7=date”; all can be changed beside the plan."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("status", settings.IMPORT_STATUS)

    def clean_file(self) -> "UploadedFile[Any] | None":
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(too_large(file.size or 0))
        if file is not None and not file.size:
            raise forms.ValidationError(_("This file is empty."))
        return file

    def clean_source(self) -> str:
        return clean_line(self.cleaned_data["source"], 300)

    def clean_tags(self) -> list[str]:
        lines = (clean_line(line) for line in self.cleaned_data["tags"].splitlines())
        tags = list(dict.fromkeys(line for line in lines if line))
        if len(tags) > MAX_TAGS:
            raise forms.ValidationError(_("At most %d tags.") % MAX_TAGS)
        if long := [tag for tag in tags if len(tag) > 100]:
            raise forms.ValidationError(_("A tag has 100 characters at most: “%s…”") % long[0][:60])
        return tags

    def clean_columns(self) -> dict[str, str]:
        lines = self.cleaned_data["columns"].splitlines()
        try:
            return parsed(line for line in lines if line.strip())
        except BadColumns:
            text = _("One column a line, as HEADER=FIELD, each field once. The fields are: %s.")
            raise forms.ValidationError(text % ", ".join(FIELDS)) from None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if {"file", "text"} & set(self.errors):
            return cleaned
        has_text = bool(cleaned["text"].strip())
        if cleaned["file"] and has_text:
            self.add_error("text", _("Give a file or a text, not both."))
        elif not cleaned["file"] and not has_text:
            self.add_error("file", _("Choose a file, or paste a text."))
        return cleaned

    def wanted(self) -> Options:
        """Return what was decided about the listing."""
        chosen = self.cleaned_data
        return Options(
            status=chosen["status"],
            tags=tuple(chosen["tags"]),
            input_format=chosen["input_format"] or None,
            dialect=chosen["dialect"] or None,
            columns=chosen["columns"],
        )

    def content(self) -> tuple[str, bytes]:
        """Return the name (empty for a pasted text) and the bytes of the listing."""
        file = self.cleaned_data["file"]
        if file is not None:
            return str(file.name or ""), file.read()
        # A browser sends every end of line as two characters, whatever was pasted.
        return "", self.cleaned_data["text"].replace("\r\n", "\n").encode()
