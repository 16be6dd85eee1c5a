"""How long a write waits for what another writer holds.

An editor's save waits as long as the settings say. What a reader's page does beside its own work
may not: `short_waits` is the transaction for that.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

#: Milliseconds for which a reader's page may wait for a lock.
SHORT = 100


@contextmanager
def short_waits() -> Iterator[None]:
    """Run a transaction in which no statement waits longer than `SHORT` for a lock.

    Raises `OperationalError`, and writes nothing, if one would have to.
    """
    if connection.vendor != "sqlite":
        with transaction.atomic():
            _execute(f"SET LOCAL lock_timeout = '{SHORT}ms'")
            yield
        return
    # A property of the connection, which outlives the transaction.
    configured = float(connection.settings_dict.get("OPTIONS", {}).get("timeout", 5))
    _execute(f"PRAGMA busy_timeout = {SHORT}")
    try:
        with transaction.atomic():
            yield
    finally:
        _execute(f"PRAGMA busy_timeout = {round(configured * 1000)}")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
