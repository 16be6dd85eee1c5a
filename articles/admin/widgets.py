"""Autocomplete selects that survive what a forged form puts into them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.urls import reverse


def only_ids(values: Sequence[Any]) -> list[str]:
    """Return those of *values* that can be the id of a row."""
    texts = [str(value) for value in values]
    return [text for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


if TYPE_CHECKING:
    Base = AutocompleteSelect
else:
    Base = object


def offer_new(widget: Any, kind: str, *, may: bool) -> None:
    """Let an autocomplete select make a new row of *kind* (`new_names`) for who *may* add one.

    *widget* is Django's wrapper, whose link to a window of its own stays for those without script.
    """
    widget.can_add_related = may
    if may:
        widget.widget.attrs["data-create"] = reverse("admin:articles_new_name", args=[kind])


class _Safe(Base):
    """Django looks up whatever was posted, and fails on text that is no number."""

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        return super().optgroups(name, only_ids(value), attrs)


class SafeAutocomplete(_Safe, AutocompleteSelect):
    """One row of a large table."""


class SafeAutocompleteMultiple(_Safe, AutocompleteSelectMultiple):
    """Several rows of a large table."""

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        # The sign that clears all stands in a list where only items may; each has one of its own.
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


class KnownAutocomplete(AutocompleteSelect):
    """One row, whose label was fetched for the whole form at once: no query for each."""

    known: ClassVar[dict[str, Any]] = {}

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        options = []
        if not self.is_required:
            options.append(self.create_option(name, "", "", False, 0))
        options += [
            self.create_option(name, chosen, str(self.known[chosen]), True, 1)
            for chosen in map(str, value)
            if chosen in self.known
        ]
        return [(None, options, 0)]
