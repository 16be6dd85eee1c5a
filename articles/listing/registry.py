"""The dialects: every module of the folder ``dialects`` has one, called ``DIALECT``."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from articles.listing import dialects
from articles.listing.layouts import Dialect


@cache
def woven_dialects() -> Mapping[str, Dialect]:
    """Return the dialects of the folder by name, in the order of the names."""
    found = {}
    for module in pkgutil.iter_modules(dialects.__path__):
        dialect: Dialect = import_module(f"{dialects.__name__}.{module.name}").DIALECT
        found[dialect.name] = dialect
    return dict(sorted(found.items()))
