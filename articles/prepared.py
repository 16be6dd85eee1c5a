"""Statements of readers' pages that are written once.

Django writes the SQL of a query set anew each time, which takes several times as long as the
database needs to answer it. What a query set of one shape asks differs by its values alone, so that
its statement can be kept and asked with others.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, router
from django.db.models import QuerySet

from articles import clock
from articles.models import Article

#: Values that no page asks for: they are looked for in the statement as Django wrote it.
_MOMENT = datetime.datetime(1, 1, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)
_MARKS: Mapping[type, Callable[[int], Any]] = {
    int: lambda place: 2**52 + 2**51 + place,
    str: lambda place: f"\x01{place}\x01",
}


class Prepared:
    """A query set of plain rows, with places for the present moment and for values of *kinds*.

    *make* gets the moment, for ``published(now)``, and a value of each of the *kinds*, which are
    int and str; it returns a query set made with ``values_list``. It is asked once for each
    database.
    """

    def __init__(self, make: Callable[..., "QuerySet[Any, Any]"], *kinds: type) -> None:
        self._make = make
        self._marks = [_MARKS[kind](place) for place, kind in enumerate(kinds)]
        self._written: dict[str, _Statement] = {}

    def rows(self, *values: int | str) -> list[tuple[Any, ...]]:
        """Return the rows for these *values*, as the query set would. One query."""
        using = router.db_for_read(Article)
        statement = self._written.get(using)
        if statement is None:
            statement = self._written[using] = self._write(using)
        connection = connections[using]
        moment = connection.ops.adapt_datetimefield_value(clock.now())
        given = (moment, *values)
        params = list(statement.params)
        for place, number in statement.places:
            params[place] = given[number]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        if not statement.converters:
            return rows
        columns = list(zip(*rows, strict=True))
        for place, converters, expression in statement.converters:
            for convert in converters if columns else ():
                columns[place] = tuple(
                    [convert(value, expression, connection) for value in columns[place]]
                )
        return list(zip(*columns, strict=True))

    def _write(self, using: str) -> "_Statement":
        query = self._make(_MOMENT, *self._marks).using(using).query
        compiler = query.get_compiler(using)
        sql, params = compiler.as_sql()
        moment = connections[using].ops.adapt_datetimefield_value(_MOMENT)
        known = {moment: 0} | {mark: number for number, mark in enumerate(self._marks, 1)}
        places = [
            (place, known[value])
            for place, value in enumerate(params)
            if isinstance(value, int | str | datetime.datetime) and value in known
        ]
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        return _Statement(
            sql,
            tuple(params),
            places,
            [(place, *converters[place]) for place in sorted(converters)],
        )


@dataclass(frozen=True, slots=True)
class _Statement:
    """What was written: SQL, its parameters, which of these are replaced by which value, and what
    makes Python's values of those of a column."""

    sql: str
    params: tuple[Any, ...]
    places: list[tuple[int, int]]
    converters: list[tuple[int, Sequence[Callable[..., Any]], Any]]
