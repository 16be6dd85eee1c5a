"""What a sheet changes, when it is carried out: its values, and the names that are new."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from articles.choices import SeriesKind
from articles.models import Operation, Series, SheetRow, Tag
from articles.writing import names, new_names
from articles.writing.state import Values
from authors.models import Author, AuthorKind

#: The lists of an article: the id of an item, its name, and what it numbers.
LINKS: dict[str, tuple[str, str, Any]] = {
    "credits": ("author", "name", Author),
    "tags": ("tag", "name", Tag),
    "parts": ("series", "title", Series),
}


def values_of(sheet: int, ids: Iterable[int]) -> dict[int, Values]:
    """Return what a sheet gives to each of the articles *ids*."""
    rows = SheetRow.objects.filter(sheet=sheet, article__in=list(ids))
    return {row.article_id: row.values for row in rows if row.article_id is not None}


def give_ids(all_values: Mapping[int, Values], operation: Operation) -> dict[int, str]:
    """Put into *all_values* the ids of names that had none, making what is not there.

    Returns the articles, with the reason, for which a name has come to mean several.
    """
    problems: dict[int, str] = {}
    for field, (key, title, kind) in LINKS.items():
        open_ = [
            (pk, item)
            for pk, values in all_values.items()
            for item in values.get(field) or []
            if item[key] is None
        ]
        if not open_:
            continue
        spelled = names.find_spelled(kind, {item[title] for _pk, item in open_})
        made = _made(kind, [item for _pk, item in open_ if not spelled[item[title]]], operation)
        for pk, item in open_:
            found = spelled[item[title]] or [made[item[title]]]
            if len(found) > 1:
                problems[pk] = _("“%s” has come to mean several.") % item[title]
            item[key] = found[0]
    return problems


def _made(kind: Any, items: list[dict[str, Any]], operation: Operation) -> dict[str, int]:
    """Return the ids of new rows by every spelling that *items* use for them."""
    if kind is Tag:
        return new_names.tags_for([item["name"] for item in items], operation)
    title = "title" if kind is Series else "name"
    # One row for spellings that differ only in what an alias does not look at.
    first: dict[str, dict[str, Any]] = {}
    keys = {item[title]: names.alias_key(kind, item[title]) for item in items}
    for item in items:
        first.setdefault(keys[item[title]], item)
    if kind is Series:
        wanted = [
            (one["title"], SeriesKind.SERIAL if one["part_number"] else SeriesKind.COLUMN)
            for one in first.values()
        ]
        made = {name: pk for (name, _kind), pk in
                new_names.create_series(wanted, operation).items()}  # fmt: skip
    else:
        people = [(one["name"], AuthorKind.PERSON) for one in first.values()]
        made = new_names.create_authors(people, operation)
    return {name: made[first[key][title]] for name, key in keys.items()}
