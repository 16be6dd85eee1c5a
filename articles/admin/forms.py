"""The form behind every page that writes."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.admin.base import Refused

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class WriterForm(ModelForm):
    """A form that carries what was typed to a writer, and the writer's refusal back.

    It never sets anything on the instance, so the row stays what the database holds.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    #: Set by the admin when a writer refused what this form holds.
    refusal: ClassVar[Refused | None] = None
    #: Names of what a writer may complain of that are not fields of the form.
    other_names: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # What differs is judged by the row, not by what the page says it showed.
            field.show_hidden_initial = False
        # An auditor's form has no fields at all.
        if self.instance.pk and "version" in self.fields:
            self.fields["version"].required = True
            self.initial["version"] = self.instance.version

    def _post_clean(self) -> None:
        """Leave the instance alone; the writer cleans and checks."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refusal is not None:
            for name, message in self.refusal.errors.items():
                if name in self.fields:
                    self.add_error(name, message)
                else:
                    label = self.other_names.get(name)
                    self.add_error(None, _("%s: %s") % (label, message) if label else message)
            if self.refusal.version is not None:
                data: Any = self.data.copy()  # type: ignore[attr-defined]
                data[self.add_prefix("version")] = str(self.refusal.version)
                self.data = data
        return cleaned
