"""What may be done to many articles at once, as a form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles.admin import rights
from articles.admin.moments import MomentField
from articles.admin.shown import label
from articles.admin.widgets import SafeAutocomplete
from articles.choices import Role
from articles.cleaning import is_blank
from articles.models import Contribution, Part, TaggedArticle
from articles.partial_dates import parse_partial
from articles.writing.bulk_acts import SEARCHABLE, SETTABLE, STANDING, Act
from articles.writing.changes import InvalidChange, clean_fields
from articles.writing.state import moment_text

#: Of each list: the link whose target is chosen, and the field of the ledger.
_LINKS: dict[str, tuple[Any, str]] = {
    "tag": (TaggedArticle._meta.get_field("tag"), "tags"),
    "author": (Contribution._meta.get_field("author"), "credits"),
    "series": (Part._meta.get_field("series"), "parts"),
}
DO = (
    ("find", gettext_lazy("find and replace")),
    ("set", gettext_lazy("set a field")),
    ("clear", gettext_lazy("clear a field")),
    ("split", gettext_lazy("split “title: subtitle”")),
    ("tag-add", gettext_lazy("add a tag")),
    ("tag-remove", gettext_lazy("remove a tag")),
    ("tag-replace", gettext_lazy("replace a tag")),
    ("author-add", gettext_lazy("add an author")),
    ("author-remove", gettext_lazy("remove an author")),
    ("author-replace", gettext_lazy("replace an author")),
    ("series-add", gettext_lazy("add to a series")),
    ("series-remove", gettext_lazy("remove from a series")),
    ("series-replace", gettext_lazy("move to another series")),
    ("publish", gettext_lazy("publish")),
    ("withdraw", gettext_lazy("withdraw")),
)


def _choice(kind: str, title: Any) -> Any:
    link = _LINKS[kind][0]
    return forms.ModelChoiceField(
        label=title,
        queryset=link.related_model._default_manager.all(),
        required=False,
        widget=SafeAutocomplete(link, admin.site),
    )


def _fields(names: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(name, label("article", name)) for name in names]


def _value_of(name: str, text: str) -> str:
    """Return what was typed for a field as an act holds it: cleaned, a moment in UTC, an owner by
    the number of the account. Raises `InvalidChange` and `ValidationError`."""
    if name == "owner":
        account = User.objects.filter(username=text.strip(), is_active=True, is_staff=True).first()
        if account is None:
            raise forms.ValidationError(_("There is no such account."))
        return str(account.pk)
    if name == "published_on":
        try:
            parse_partial(text.strip())
        except ValueError:
            raise forms.ValidationError(_("Enter a date as YYYY, YYYY-MM or YYYY-MM-DD.")) from None
        return text.strip()
    if name == "visible_from":
        day, _space, hour = text.strip().partition(" ")
        moment = MomentField(require_all_fields=True).clean([day, hour.strip() or "00:00"])
        return moment_text(clean_fields({name: moment})[name]) or ""
    cleaned: str = clean_fields({name: text})[name]
    return cleaned


class BulkForm(forms.Form):
    """One act. Its values stand in the query string, so that looking changes nothing."""

    do = forms.ChoiceField(label=gettext_lazy("What"), choices=DO)
    fields_searched = forms.MultipleChoiceField(
        label=gettext_lazy("In"),
        required=False,
        choices=lambda: _fields(SEARCHABLE),
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(label=gettext_lazy("Find"), required=False, max_length=500, strip=False)
    replacement = forms.CharField(
        label=gettext_lazy("Replace with"), required=False, max_length=500, strip=False
    )
    whole_words = forms.BooleanField(label=gettext_lazy("Whole words only"), required=False)
    any_case = forms.BooleanField(label=gettext_lazy("Ignore capitals"), required=False)
    field = forms.ChoiceField(
        label=gettext_lazy("Field"), required=False, choices=lambda: _fields(SETTABLE)
    )
    value = forms.CharField(
        label=gettext_lazy("Value"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "A date as YYYY, YYYY-MM or YYYY-MM-DD; a moment as YYYY-MM-DD HH:MM, by the clock of"
            " this site; an owner by the name of the account."
        ),
    )
    tag = _choice("tag", gettext_lazy("Tag"))
    other_tag = _choice("tag", gettext_lazy("By the tag"))
    author = _choice("author", gettext_lazy("Author"))
    other_author = _choice("author", gettext_lazy("By the author"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), required=False, choices=Role.choices, initial=Role.AUTHOR
    )
    series = _choice("series", pgettext_lazy("one", "Series"))
    other_series = _choice("series", gettext_lazy("To the series"))
    withdrawn_reason = forms.CharField(
        label=gettext_lazy("Reason, as readers see it"), required=False, max_length=500
    )

    def __init__(self, user: rights.Anyone, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["field"]
        # As in the form of an article.
        choice.choices = _fields(tuple(name for name in SETTABLE if rights.may_give(user, name)))
        if not rights.may_publish(user):
            choice = self.fields["do"]
            choice.choices = [one for one in DO if one[0] not in STANDING]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        do = cleaned.get("do", "")
        if do == "find":
            self._need("text", _("Say what is to be found."))
            self._need("fields_searched", _("Choose at least one field."))
        elif do == "set":
            self._need("field", _("Choose a field."))
            self._need("value", _("Say what it shall be; to empty it, clear it."))
            if cleaned.get("field") and cleaned.get("value"):
                try:
                    cleaned["value"] = _value_of(cleaned["field"], cleaned["value"])
                except InvalidChange as error:
                    self.add_error("value", " ".join(error.errors.values()))
                except forms.ValidationError as error:
                    self.add_error("value", error)
                if not cleaned.get("value") and not self.errors:
                    self.add_error("value", _("Say what it shall be; to empty it, clear it."))
        elif do == "clear":
            self._need("field", _("Choose a field."))
            if cleaned.get("field") == "language":
                self.add_error("field", _("An article has a language."))
        elif do == "withdraw":
            if is_blank(cleaned.get("withdrawn_reason") or ""):
                self.add_error("withdrawn_reason", _("Say why it is withdrawn; readers see this."))
        elif do and do not in {"split", "publish"}:
            kind, act = do.split("-")
            self._need(kind, _("Choose one."))
            if act == "replace":
                self._need(f"other_{kind}", _("Choose one."))
        return cleaned

    def _need(self, name: str, message: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def act(self) -> Act:
        """Return what the valid form asks for."""
        data = self.cleaned_data
        do = data["do"]
        if do == "find":
            return Act(
                "find", tuple(data["fields_searched"]), data["replacement"], data["text"],
                data["whole_words"], data["any_case"],
            )  # fmt: skip
        if do in {"set", "clear"}:
            return Act(do, (data["field"],), data["value"] if do == "set" else "")
        if do == "split":
            return Act(do, ("headline", "subtitle"))
        if do in STANDING:
            return Act(do, ("status",), data["withdrawn_reason"] if do == "withdraw" else "")
        kind, act = do.split("-")
        other = data[f"other_{kind}"]
        return Act(
            act,
            (_LINKS[kind][1],),
            one=data[kind].pk,
            other=other.pk if other and act == "replace" else 0,
            role=data["role"] or Role.AUTHOR,
        )

    def named(self) -> dict[int, str]:
        """Return the names of what was chosen, by id; the ledger shows names beside ids."""
        kind = self.cleaned_data["do"].split("-")[0]
        rows = (self.cleaned_data.get(kind), self.cleaned_data.get(f"other_{kind}"))
        return {row.pk: str(row) for row in rows if kind in _LINKS and row is not None}
