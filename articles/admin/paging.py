"""How far lists of the admin are counted and leafed through: never to the end of a large table."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import IntegerField, QuerySet, Subquery

if TYPE_CHECKING:
    BasePaginator = Paginator[Any]
else:
    BasePaginator = Paginator

#: So many rows are counted. Behind them, filters and orders lead on: a page further down would be
#: read from the first row on each time.
COUNTED = 10_000


class AtLeast(int):
    """A count that was not carried to its end: it is shown as "10,000+"."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class _Count(Subquery):
    """How many rows a query has, as one value of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _first(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return so many of *rows* as are counted, and one."""
    return rows.order_by().values("pk")[: COUNTED + 1]


def _said(found: int) -> int:
    return AtLeast(COUNTED) if found > COUNTED else found


def counted(rows: "QuerySet[Any]") -> int:
    """Return how many *rows* there are; `AtLeast` `COUNTED` if there are more."""
    return _said(_first(rows).count())


def counted_each(choices: "Sequence[QuerySet[Any]]") -> list[int]:
    """Return how many rows each of *choices* has, as `counted` says it. One query."""
    if not choices:
        return []
    counts = {f"c{place}": _Count(_first(rows)) for place, rows in enumerate(choices)}
    # Of a table without a row there is nothing to count.
    row = choices[0].model._default_manager.order_by("pk").values(**counts).first() or {}
    return [_said(row.get(name, 0)) for name in counts]


class CappedPaginator(BasePaginator):
    """Pages of a list, up to `COUNTED` rows."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, as far as they are counted."""
        rows: Any = self.object_list
        return len(rows) if isinstance(rows, list) else counted(rows)
