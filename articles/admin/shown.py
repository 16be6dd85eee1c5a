"""Values of the ledger as an editor reads them."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.choices import FindingState, Role, SeriesKind, Status, TagKind
from articles.models import Article, FieldChange, Finding, Operation, Series, Tag
from authors.models import Author, AuthorKind

#: What the ledger calls its subjects.
MODELS: dict[str, type[models.Model]] = {
    "article": Article, "author": Author, "series": Series, "tag": Tag, "finding": Finding,
}  # fmt: skip
_LABELS: dict[str, Any] = {
    "credits": gettext_lazy("credits"),
    "tags": gettext_lazy("tags"),
    "parts": gettext_lazy("series"),
    "aliases": gettext_lazy("aliases"),
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


class Names:
    """Names of what the ledger knows only by number. Two queries for any number of changes."""

    def __init__(self, changes: Iterable[FieldChange]) -> None:
        wanted: dict[str, set[int]] = {"owner": set(), "translation_of": set()}
        for change in changes:
            if change.field in wanted:
                wanted[change.field] |= {
                    value for value in (change.old, change.new) if isinstance(value, int)
                }
        self._names: dict[str, dict[int, str]] = {"owner": {}, "translation_of": {}}
        if wanted["owner"]:
            users = User.objects.filter(pk__in=wanted["owner"])
            self._names["owner"] = {user.pk: actor_name(user) for user in users}
        if wanted["translation_of"]:
            rows = Article.objects.filter(pk__in=wanted["translation_of"])
            self._names["translation_of"] = dict(rows.values_list("pk", "headline"))

    def of(self, field: str, value: Any) -> str:
        """Return the name of the account or the article *value*."""
        return self._names[field].get(value) or _("number %s") % value


def text(subject_type: str, field: str, value: Any, names: Names | None = None) -> str:
    """Return one value in words; ``""`` for none."""
    if value is None or value in ("", [], {}):
        return ""
    if field in {"credits", "tags", "parts", "aliases"} and isinstance(value, list):
        return "; ".join(_item(field, item) for item in value)
    if field == "status" and value in Status.values:
        return str(Status(value).label)
    if field == "state" and value in FindingState.values:
        return str(FindingState(value).label)
    if field == "kind" and value in _KINDS.get(subject_type, Status).values:
        return str(_KINDS[subject_type](value).label)
    if field == "visible_from" and (moment := parse_datetime(str(value))):
        return str(localize(localtime(moment)))
    if field in {"owner", "translation_of"} and names is not None:
        return names.of(field, value)
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
