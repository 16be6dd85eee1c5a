"""Statements of readers' pages that are written once.

Django writes the SQL of a query set anew each time, which takes several times as long as the
database needs to answer it. What a query set of one shape asks differs by its values alone, so that
its statement can be kept and asked with others.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, router
from django.db.models import Model, QuerySet

from articles import clock
from articles.models import Article

#: Values that no page asks for: they are looked for in the statement as Django wrote it.
_MOMENT = datetime.datetime(1, 1, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)
_MARKS: Mapping[type, Callable[[int], Any]] = {
    int: lambda place: 2**52 + 2**51 + place,
    str: lambda place: f"\x01{place}\x01",
    datetime.date: lambda place: datetime.date(1, 1, 3 + place),
}
Value = int | str | datetime.date
Row = TypeVar("Row", bound=Model)


class Prepared:
    """A query set of plain rows, with places for the present moment and for values of *kinds*.

    *make* gets the moment, for ``published(now)``, and a value of each of the *kinds*, which are
    int, str and date; it returns a query set made with ``values_list``. It is asked once for each
    database.
    """

    def __init__(self, make: Callable[..., "QuerySet[Any, Any]"], *kinds: type) -> None:
        self._make = make
        self._marks = [_MARKS[kind](place) for place, kind in enumerate(kinds)]
        self._written: dict[str, _Statement] = {}

    def rows(self, *values: Value) -> list[tuple[Any, ...]]:
        """Return the rows for these *values*, as the query set would. One query."""
        using = router.db_for_read(Article)
        statement = self._written.get(using)
        if statement is None:
            statement = self._written[using] = self._write(using)
        connection = connections[using]
        given = [
            connection.ops.adapt_datetimefield_value(clock.now()),
            *[_adapted(value, connection) for value in values],
        ]
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
        connection = connections[using]
        known = {connection.ops.adapt_datetimefield_value(_MOMENT): 0} | {
            _adapted(mark, connection): number for number, mark in enumerate(self._marks, 1)
        }
        places = [
            (place, known[value])
            for place, value in enumerate(params)
            if isinstance(value, int | str | datetime.date) and value in known
        ]
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = compiler.get_converters(columns)
        return _Statement(
            sql,
            tuple(params),
            places,
            [(place, *converters[place]) for place in sorted(converters)],
        )


def _adapted(value: Value, connection: Any) -> Any:
    """Return *value* as the driver of the database takes it."""
    is_date = isinstance(value, datetime.date)
    return connection.ops.adapt_datefield_value(value) if is_date else value


class PreparedObjects(Generic[Row]):
    """A query set of whole objects of *model*, asked as `Prepared` asks.

    *related* are foreign keys, and one-to-one links from elsewhere: what they lead to is read with
    the objects and stands in them, as ``select_related`` has it.
    """

    def __init__(
        self,
        model: type[Row],
        make: "Callable[..., QuerySet[Row, Row]]",
        *kinds: type,
        related: Sequence[str] = (),
    ) -> None:
        self._model = model
        self._links: list[Any] = [model._meta.get_field(name) for name in related]
        models = [model, *[link.related_model for link in self._links]]
        paths = ["", *[f"{name}__" for name in related]]
        #: The model of each object of a row, its columns, and where they begin and end.
        self._parts: list[tuple[Any, list[str], int, int]] = []
        names: list[str] = []
        for path, of in zip(paths, models, strict=True):
            columns = [field.attname for field in of._meta.concrete_fields]
            self._parts.append((of, columns, len(names), len(names) + len(columns)))
            names += [f"{path}{column}" for column in columns]
        self._rows = Prepared(lambda *values: make(*values).values_list(*names), *kinds)

    def objects(self, *values: Value) -> list[Row]:
        """Return the objects for these *values*, as the query set would. One query."""
        using = router.db_for_read(self._model)
        found: list[Any] = []
        for row in self._rows.rows(*values):
            made, *others = [
                # A key that is not there: nothing is at the other end.
                of.from_db(using, columns, row[start:end]) if row[start] is not None else None
                for of, columns, start, end in self._parts
            ]
            for link, other in zip(self._links, others, strict=True):
                link.set_cached_value(made, other)
            found.append(made)
        return found


@dataclass(frozen=True, slots=True)
class _Statement:
    """What was written: SQL, its parameters, which of these are replaced by which value, and what
    makes Python's values of those of a column."""

    sql: str
    params: tuple[Any, ...]
    places: list[tuple[int, int]]
    converters: list[tuple[int, Sequence[Callable[..., Any]], Any]]
