"""The condition that a column begins with a text, so that its index answers on both databases."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Value
from django.db.models.sql.compiler import SQLCompiler

#: The last character there is: what begins with a text stands before the text and this one.
_LAST = "\U0010ffff"


class Begins(Func):
    """Whether the column *name* begins with *text*, capitals and marks as they are.

    Django's ``startswith`` is LIKE, for which SQLite reads the whole table. There, text compares
    byte by byte, so that a range says the same. PostgreSQL's collation may order text otherwise,
    but has an index for LIKE on every indexed column (``varchar_pattern_ops``).
    """

    output_field = BooleanField()
    arity = 2

    def __init__(self, name: str, text: str) -> None:
        super().__init__(F(name), Value(text))
        self.text = text

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        return f"({column} >= %s AND {column} < %s)", (
            *params, self.text, *params, self.text + _LAST,
        )  # fmt: skip

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        *args: Any,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        escaped = connection.ops.prep_for_like_query(self.text)
        return f"{column} LIKE %s", (*params, f"{escaped}%")
