"""The key by which headlines are sorted: their words, folded, as the search document holds them."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, TextField
from django.db.models.sql.compiler import SQLCompiler

#: What follows the words of a column in the order of their text; see `articles.search.analysis`.
_AFTER = ("\u00b7", "\u00b6")
#: Longer headlines are told apart by date.
LENGTH = 100


class HeadlineKey(Func):
    """The words of the analysed headline in the column *name*, without stems and compounds.

    Both databases order it by code point, whatever the collation of the rest. An index holds it:
    see `articles.models.SearchDocument`.
    """

    output_field = TextField()
    arity = 1

    def __init__(self, name: str) -> None:
        super().__init__(F(name))

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        words, params = compiler.compile(self.source_expressions[0])
        # An index takes no parameters, and all of this is constant.
        for sign in _AFTER:
            words = f"substr({words}, 1, instr({words} || '{sign}', '{sign}') - 1)"
            params = (*params, *params)
        return f"substr(rtrim({words}), 1, {LENGTH})", (*params,)

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        *args: Any,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        words, params = compiler.compile(self.source_expressions[0])
        for sign in _AFTER:
            words = f"split_part({words}, '{sign}', 1)"
        return f'left(rtrim({words}), {LENGTH}) COLLATE "C"', (*params,)
