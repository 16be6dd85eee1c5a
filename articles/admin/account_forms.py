"""Forms of accounts and groups that know which state they show: no save undoes another unseen."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.forms import UserChangeForm, UsernameField
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.utils.translation import gettext as _

from articles.admin import history
from articles.writing import accounts

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
    ChangeForm = UserChangeForm[Any]
else:
    ModelForm = forms.ModelForm
    ChangeForm = UserChangeForm

#: What is not compared with what is stored: it has a page of its own, or says nothing.
_APART = ("mark", "password")


class MarkedForm(ModelForm):
    """A form that is refused when the row was changed since it was opened: with who did it, what
    is stored now beside each field that differs, and what was typed still there."""

    mark = forms.CharField(required=False, label="", widget=forms.HiddenInput)

    #: The ledger's name of what is changed.
    subject: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["mark"] = accounts.mark_of(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk is None:
            return cleaned
        # Locked until it is saved: whoever comes second waits here, and finds another mark.
        rows = type(self.instance)._default_manager.select_for_update(no_key=True)
        stored = rows.filter(pk=self.instance.pk).first()
        if stored is None:
            self.add_error(None, _("It was deleted meanwhile."))
        elif cleaned.get("mark") != (mark := accounts.mark_of(stored)):
            self._refuse(stored, cleaned.copy())
            # What is saved next was looked at.
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data[self.add_prefix("mark")] = mark
            self.data = data
        return cleaned

    def _refuse(self, stored: Model, typed: dict[str, Any]) -> None:
        missed = history.missed(self.subject, stored.pk, 1)
        self.add_error(
            None,
            _(
                "%s Nothing is saved yet, and nothing that you typed is lost. What is stored now"
                " stands at each field that differs; what you save now is the result."
            )
            % missed,
        )
        for name in self.fields:
            if name in _APART or name not in typed:
                continue
            value = getattr(stored, name)
            if stored._meta.get_field(name).many_to_many:
                now = set(value.all())
                if now != set(typed[name]):
                    self.add_error(name, _("Stored now: %s") % (_names(name, now) or _("nothing")))
            elif value != typed[name]:
                self.add_error(name, _("Stored now: %s") % _plain(value))


def _names(name: str, rows: set[Any]) -> str:
    shown = [_(row.name) if name == "groups" else str(row) for row in rows]
    return "; ".join(sorted(shown))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) or _("nothing")


class AccountForm(MarkedForm, ChangeForm):
    """The form of an account."""

    subject = "account"

    class Meta:
        model = User
        fields = "__all__"
        field_classes: ClassVar = {"username": UsernameField}


class RoleForm(MarkedForm):
    """The form of a group."""

    subject = "group"

    class Meta:
        model = Group
        fields = ("name", "permissions")
