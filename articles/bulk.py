"""Many new rows in one statement, without a model instance and a parameter list for each.

For imports: Django's ``bulk_create`` spends more time on a row than both databases together. What
it does beside inserting (defaults, ``auto_now``, keys that the database gives) is the caller's
here. SQLite prepares one statement and runs it for every row; PostgreSQL takes the rows with COPY
(https://www.postgresql.org/docs/current/sql-copy.html, text format), triggers and constraints
included.
"""

import datetime
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connections, models, router

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_SPECIAL = re.compile(r"[\\\t\n\r]")
_NULL = "\\N"
#: So many rows go into one statement where each statement names its rows.
_TOGETHER = 500
_as_it_is = json.JSONEncoder(ensure_ascii=False).encode


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Return *count* ids for new rows of *model*, rising, that no row has or had.

    Must be called inside the transaction that inserts the rows.
    """
    using = router.db_for_write(model)
    connection = connections[using]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), count],
            )
            return sorted(pk for (pk,) in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + count))


def insert(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    using: str | None = None,
    unless_there: bool = False,
) -> None:
    """Insert *rows* into the table of *model*; *names* are the fields that each value is for.

    Values are those of the fields: aware moments, dates, JSON values, ids of what a foreign key
    leads to. Every column without a default in the database must be named. With *unless_there*, a
    row is passed over if its key or what is unique of it is there already. Raises
    `django.db.IntegrityError` as any insert does; call it inside a transaction.
    """
    connection = connections[using or router.db_for_write(model)]
    fields = [model._meta.get_field(name) for name in names]
    converters = [
        (place, convert)
        for place, field in enumerate(fields)
        if (convert := _converter(field, connection)) is not None
    ]
    ready = [_converted(row, converters) for row in rows]
    if not ready:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(str(field.column)) for field in fields)  # type: ignore[union-attr]
    into = f"INSERT INTO {table} ({columns}) VALUES "  # noqa: S608
    row = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            conflict = " ON CONFLICT DO NOTHING" if unless_there else ""
            cursor.executemany(into + row + conflict, ready)
        elif unless_there:
            # COPY stops at the first row that is there.
            for start in range(0, len(ready), _TOGETHER):
                some = ready[start : start + _TOGETHER]
                values = ", ".join([row] * len(some))
                cursor.execute(f"{into}{values} ON CONFLICT DO NOTHING", list(chain(*some)))
        else:
            lines = "".join("\t".join(map(_copied, row)) + "\n" for row in ready)
            with connection.wrap_database_errors:  # Django's cursor does not know COPY
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(lines))


def _converted(
    row: Sequence[Any], converters: Sequence[tuple[int, Callable[[Any], Any]]]
) -> Sequence[Any]:
    if not converters:
        return row
    values = list(row)
    for place, convert in converters:
        if values[place] is not None:
            values[place] = convert(values[place])
    return values


def _converter(field: Any, connection: Any) -> Callable[[Any], Any] | None:
    """Return what turns a value of *field* into one that the driver takes; None if nothing does."""
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField):
        # Rows that are written together mostly have the moment of their writing in common.
        return lru_cache(maxsize=64)(connection.ops.adapt_datetimefield_value)
    if isinstance(field, models.DateField):
        return connection.ops.adapt_datefield_value  # type: ignore[no-any-return]
    return None


def _json(value: Any) -> str:
    """Return *value* as JSON, with the letters of every script as themselves: escaped, Russian
    would take three times the room."""
    text = _as_it_is(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half a character is no text: it stays escaped.
        return json.dumps(value)
    return text


def _copied(value: Any) -> str:
    """Return *value* as COPY's text format has it."""
    if value is None:
        return _NULL
    if isinstance(value, str):
        return value.translate(_ESCAPES) if _SPECIAL.search(value) else value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)
