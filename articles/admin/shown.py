"""Values of the ledger as an editor reads them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from articles.admin import rights
from articles.choices import FindingState, LinkPlace, Role, SeriesKind, Status, TagKind
from articles.models import (
    Article,
    FieldChange,
    Finding,
    HomePage,
    Operation,
    Series,
    SiteLink,
    SitePage,
    Tag,
)
from articles.portraits import largest
from authors.models import Author, AuthorKind

#: What the ledger calls its subjects.
MODELS: dict[str, type[models.Model]] = {
    "article": Article, "author": Author, "series": Series, "tag": Tag, "finding": Finding,
    "account": User, "group": Group,
    "page": SitePage, "link": SiteLink, "home": HomePage,
}  # fmt: skip
_LABELS: dict[str, Any] = {
    "credits": gettext_lazy("credits"),
    "tags": gettext_lazy("tags"),
    "parts": pgettext_lazy("several", "series"),
    "aliases": gettext_lazy("aliases"),
    "row": gettext_lazy("the whole row"),
    "merged": gettext_lazy("merged into this"),
    "merged_into": gettext_lazy("merged into"),
    "pins": gettext_lazy("pinned"),
    "attachments": gettext_lazy("files"),
    "redaction": gettext_lazy("removed on legal grounds"),
}
_KINDS: dict[str, type[models.TextChoices]] = {
    "author": AuthorKind, "series": SeriesKind, "tag": TagKind,
}  # fmt: skip


def label(subject_type: str, field: str) -> str:
    """Return the name of a field of the ledger in words."""
    if field in _LABELS:
        return str(_LABELS[field])
    try:
        found = MODELS[subject_type]._meta.get_field(field)
    except (FieldDoesNotExist, KeyError):
        return field
    return str(getattr(found, "verbose_name", field))


def actor_name(user: User | None) -> str:
    """Return the name of an account: the full one if it has one."""
    return "" if user is None else user.get_full_name() or user.get_username()


def who(operation: Operation) -> str:
    """Return who did it: a person, or the command line."""
    return actor_name(operation.actor) or _("command line")


#: Fields whose values are numbers of rows, beside those that say what a row was merged into.
_NUMBERS: dict[str, tuple[type[models.Model], str]] = {
    "owner": (User, ""), "translation_of": (Article, "headline"), "lead": (Article, "headline"),
}  # fmt: skip
_TITLES = {"article": "headline", "author": "name", "series": "title", "tag": "name"}


def _target(subject_type: str, field: str) -> tuple[type[models.Model], str] | None:
    """Return the model whose rows a field numbers, and the column with their names."""
    if field == "merged_into" and subject_type in _TITLES:
        return MODELS[subject_type], _TITLES[subject_type]
    return _NUMBERS.get(field)


class Names:
    """Names of what the ledger knows only by number, as far as *user* may read them. A query for
    each kind of thing named, and one more if some of them are gone."""

    def __init__(self, changes: Iterable[FieldChange], user: rights.Anyone | None) -> None:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        columns: dict[type[models.Model], str] = {}
        for change in changes:
            if change.field == "pins":
                for item in (*(change.old or ()), *(change.new or ())):
                    model, columns[model], pk = _pinned(item)
                    wanted[model].add(pk)
            elif target := _target(change.subject_type, change.field):
                model, columns[model] = target
                wanted[model] |= {
                    value for value in (change.old, change.new) if isinstance(value, int)
                }
        self._names: dict[type[models.Model], dict[int, str]] = {}
        for model, ids in wanted.items():
            found: Any = model._default_manager.filter(pk__in=ids)
            if model is Article:
                found = rights.nameable(found, user)
            rows = found if ids else ()
            self._names[model] = {
                row.pk: actor_name(row) if isinstance(row, User) else getattr(row, columns[model])
                for row in rows
            }
            if model is Article and (user is None or not rights.sees_all(user)):
                # What is missing here may only be hidden.
                continue
            if lost := ids - self._names[model].keys():
                self._names[model] |= _last_names(model, columns[model], lost)

    def of(self, subject_type: str, field: str, value: Any) -> str:
        """Return the name of the row that *value* numbers."""
        target = _target(subject_type, field)
        names = self._names.get(target[0], {}) if target else {}
        return names.get(value) or _("number %s") % value

    def of_pin(self, item: dict[str, Any]) -> str:
        """Return the name of what a pin of the home page shows."""
        model, _column, pk = _pinned(item)
        return self._names.get(model, {}).get(pk) or _("number %s") % pk


def _pinned(item: dict[str, Any]) -> tuple[type[models.Model], str, int]:
    """Return what a pin shows: its model, the column with its name, its number."""
    subject = "article" if item.get("article") is not None else "series"
    return MODELS[subject], _TITLES[subject], item[subject]


def _last_names(model: type[models.Model], column: str, ids: Iterable[int]) -> dict[int, str]:
    """Return the names that rows had when they were merged or deleted, as the ledger has them."""
    subject = next((name for name, found in MODELS.items() if found is model), "")
    rows = FieldChange.objects.filter(subject_type=subject, subject_id__in=ids, field=column)
    return {pk: old for pk, old in rows.order_by("id").values_list("subject_id", "old") if old}


def text(subject_type: str, field: str, value: Any, names: Names | None = None) -> str:
    """Return one value in words; ``""`` for none."""
    if value is None or value in ("", [], {}):
        return ""
    if field == "row" and isinstance(value, dict):
        # The image that an undo keeps of what it removed: its name is enough to read.
        columns = value.get("columns") or value
        found = (columns.get(name) for name in ("headline", "title", "name", "key"))
        return str(next(filter(None, found), ""))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "pins" and names is not None and isinstance(value, list):
        return "; ".join(map(names.of_pin, value))
    lists = {"credits", "tags", "parts", "aliases", "pins", "attachments"}
    if field in lists and isinstance(value, list):
        return "; ".join(_item(field, item) for item in value)
    if field == "place" and value in LinkPlace.values:
        return str(LinkPlace(value).label)
    if field == "status" and value in Status.values:
        return str(Status(value).label)
    if field == "state" and value in FindingState.values:
        return str(FindingState(value).label)
    if field == "kind" and value in _KINDS.get(subject_type, Status).values:
        return str(_KINDS[subject_type](value).label)
    if field == "visible_from" and (moment := parse_datetime(str(value))):
        return str(localize(localtime(moment)))
    if field == "portrait" and isinstance(value, dict):
        # Which picture, by the beginning of its name, and what is said of it.
        words = (largest(value)[:8], value.get("alt"), value.get("credit"))
        return " · ".join(str(word) for word in words if word)
    if field == "merged_into" and isinstance(value, dict):
        # What taking the merge back needs: the new value says what a reader wants to know.
        return ""
    if names is not None and isinstance(value, int) and _target(subject_type, field):
        return names.of(subject_type, field, value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _item(field: str, item: Any) -> str:
    if field == "credits" and isinstance(item, dict):
        return credit(item)
    if field == "parts" and isinstance(item, dict):
        number = item.get("part_number")
        return f"{item.get('title', '')} ({number})" if number else str(item.get("title", ""))
    return str(item.get("name", "")) if isinstance(item, dict) else str(item)


def credit(item: dict[str, Any]) -> str:
    """Return one credit: the name, and the role if it is not that of an author."""
    role = item.get("role") or Role.AUTHOR
    if role == Role.AUTHOR or role not in Role.values:
        return str(item.get("name", ""))
    return f"{item.get('name', '')} ({Role(role).label})"


def plain(value: Any, indent: str = "") -> list[str]:
    """Return nested JSON as indented lines, "name: value", without what is empty."""
    if not isinstance(value, dict | list):
        return [] if value in (None, "") else [f"{indent}{value}"]
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return [indent + ", ".join(map(str, value))] if value else []
    lines: list[str] = []
    for name, item in value.items() if isinstance(value, dict) else enumerate(value, 1):
        inner = plain(item, indent + "    ")
        if len(inner) == 1:
            lines.append(f"{indent}{name}: {inner[0].strip()}")
        elif inner:
            lines += [f"{indent}{name}:", *inner]
    return lines
