"""What one row of a sheet changes in its article: three versions side by side. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.importing.stated import own_rights
from articles.sheets import cells

Values = dict[str, Any]
Same = Callable[[str, Any, Any], bool]


@dataclass(slots=True)
class Change:
    """The new values of a row, as the ledger names them; ``refused`` has those that somebody else
    changed too, since the sheet was written: the archive's stands."""

    values: Values = field(default_factory=dict)
    refused: Values = field(default_factory=dict)


def touched(texts: Mapping[str, str], versions: Sequence[Values], site_rights: str) -> list[str]:
    """Return the columns whose text is that of none of these *versions* of the article: those that
    somebody changed. A cell that held too much to be shown says nothing. *site_rights* stands as
    the rights of articles that have none of their own, or what did when the sheet was written."""
    known = (*cells.EDITABLE, cells.BODY)
    statements = {site_rights, texts.get(cells.SITE_RIGHTS, site_rights)}
    return [
        name
        for name, text in texts.items()
        if name in known
        and text != cells.LEFT_OUT
        and all(_says(name, text, values, statements) for values in versions)
    ]


def _says(name: str, text: str, values: Values, statements: Iterable[str]) -> bool:
    """Whether *text* says something else of an article than its *values*."""
    written = cells.text_of(name, values)
    if name == "rights":
        return all(own_rights(text, written, of_site) != written for of_site in statements)
    return text != written


def merge(wanted: Values, base: Values, now: Values, same: Same) -> Change:
    """Return what the row changes: *wanted* are the values that somebody typed, *base* those that
    the sheet was written with, *now* those of today."""
    change = Change()
    for name, value in wanted.items():
        if same(name, value, now[name]) or same(name, value, base[name]):
            continue
        if same(name, now[name], base[name]):
            change.values[name] = value
        else:
            change.refused[name] = value
    return change


def ledger_name(column: str) -> str:
    """Return what the ledger calls the field in a *column*."""
    return cells.LISTS.get(column, column)


def numbered_twice(lines: Sequence[Any]) -> set[str]:
    """Return the keys that stand in more than one of *lines*."""
    seen: set[str] = set()
    twice: set[str] = set()
    for line in lines:
        key = line.texts[cells.KEY]
        (twice if key in seen else seen).add(key)
    return twice - {""}
