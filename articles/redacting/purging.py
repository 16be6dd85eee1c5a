"""What a database keeps of rows that are gone, until it is overwritten."""

from django.db import connection

from articles.search import base


def purge() -> str:
    """Overwrite what was freed, as far as the database lets us; return in words what was done.

    SQLite writes the whole file anew (https://www.sqlite.org/lang_vacuum.html) and empties its
    log; it needs as much room again for as long. PostgreSQL marks the room as free
    (https://www.postgresql.org/docs/current/sql-vacuum.html); it is overwritten when it is used.
    Must not be called in a transaction.
    """
    base.rebuild()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM")
            return (
                "The room that was freed will be overwritten as it is used. To have it now, run"
                " VACUUM FULL in psql while nobody uses the site."
            )
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return "The database file was written anew, without what was removed."
