"""A whole archive into another database: SQLite to PostgreSQL, or back.

Every row of every table is copied with its id, the ledger, accounts, keys and past addresses
included, and so is the number that each table will give next: what was deleted keeps its id for
itself, since the ledger may name it. The copy is one transaction, and is kept only if both sides
have the same rows, by number and by hash.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler
from django.utils.translation import gettext as _

from articles import bulk

SOURCE, TARGET = "default", "copy"
#: Rows that are in memory at a time.
CHUNK = 2_000
#: What migrations write by themselves, and a copy replaces.
_GIVEN = {
    "contenttypes.ContentType", "auth.Permission", "auth.Group", "auth.Group_permissions",
    "articles.ContentVersion",
}  # fmt: skip


class CopyRefused(Exception):
    """The archive cannot be copied there; the message says why."""


@dataclass(frozen=True, slots=True)
class TableCopy:
    """One table: its name, how many rows it has, and a hash over them in any order."""

    table: str
    rows: int
    digest: str = ""


Progress = Callable[[TableCopy], None]


def tables() -> list[type[models.Model]]:
    """Return every model that has a table, the links between accounts and groups included."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def connect(database: dict[str, Any]) -> None:
    """Make the database of these settings known as the target. Raises `CopyRefused` if it is the
    source itself."""
    target = ConnectionHandler({"default": database}).settings["default"]
    if _place(target) == _place(connections[SOURCE].settings_dict):
        raise CopyRefused(_("That is the database that the archive is in."))
    connections.settings[TARGET] = target


def _place(settings: dict[str, Any]) -> tuple[str, ...]:
    """Return where a database is. The host of a socket stands among the options."""
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    return tuple(map(str, (settings["ENGINE"], settings["NAME"], host, settings["PORT"])))


def refusal() -> str:
    """Return why nothing can be copied into the target, or ``""``. Reads only."""
    executor = MigrationExecutor(connections[SOURCE])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return _("The archive's own tables are not up to date: run migrate first.")
    names = set(connections[TARGET].introspection.table_names())
    if not names:
        return ""
    if "django_migrations" not in names:
        return _("The target has tables of something else: %s.") % ", ".join(sorted(names)[:5])
    for model in tables():
        is_ours = model._meta.db_table in names and model._meta.label not in _GIVEN
        if is_ours and model._base_manager.using(TARGET).exists():
            return _("The target is not empty: there are rows in %s.") % model._meta.db_table
    return ""


def survey() -> Iterator[TableCopy]:
    """Yield what would be copied."""
    for model in tables():
        yield TableCopy(model._meta.db_table, model._base_manager.using(SOURCE).count())


def copy(progress: Progress) -> int:
    """Copy everything into the target; return the number of rows.

    Raises `CopyRefused`, and leaves the target without a row, if it is not empty or if what
    arrived is not what was sent. The source is read as it is at one moment: SQLite lets nobody
    else write meanwhile, PostgreSQL does, and what is written then is not in the copy.
    """
    if reason := refusal():
        raise CopyRefused(reason)
    call_command("migrate", database=TARGET, verbosity=0)
    count = 0
    with transaction.atomic(using=SOURCE), transaction.atomic(using=TARGET):
        if connections[SOURCE].vendor == "postgresql":
            _execute(SOURCE, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in reversed(tables()):
            if model._meta.label in _GIVEN:
                model._base_manager.using(TARGET)._raw_delete(TARGET)
        for model in tables():
            sent = _send(model)
            arrived = _summary(model, _rows(model, TARGET))
            if sent != arrived:
                raise CopyRefused(
                    _("%(table)s: %(sent)d rows were sent, and others arrived (%(arrived)d).")
                    % {"table": sent.table, "sent": sent.rows, "arrived": arrived.rows}
                )
            _carry_sequence(model)
            count += sent.rows
            progress(sent)
    ContentType.objects.clear_cache()
    if connections[TARGET].vendor == "postgresql":
        _execute(TARGET, "ANALYZE")
    return count


def _rows(model: type[models.Model], using: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    yield from rows.iterator(chunk_size=CHUNK)


def _send(model: type[models.Model]) -> TableCopy:
    """Copy the rows of one table; return what was sent."""
    names = [field.attname for field in model._meta.concrete_fields]
    binary = [
        place
        for place, field in enumerate(model._meta.concrete_fields)
        if isinstance(field, models.BinaryField)
    ]
    waiting: list[Sequence[Any]] = []

    def passed() -> Iterator[tuple[Any, ...]]:
        for row in _rows(model, SOURCE):
            waiting.append(_with_bytes(row, binary) if binary else row)
            if len(waiting) == CHUNK:
                bulk.insert(model, names, waiting, using=TARGET)
                waiting.clear()
            yield row

    found = _summary(model, passed())
    bulk.insert(model, names, waiting, using=TARGET)
    return found


def _with_bytes(row: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """Return *row* with its bytes as the target's driver takes them."""
    values = list(row)
    for place in places:
        if values[place] is not None:
            data = bytes(values[place])
            is_text = connections[TARGET].vendor == "postgresql"
            values[place] = f"\\x{data.hex()}" if is_text else data
    return values


def _summary(model: type[models.Model], rows: Iterator[tuple[Any, ...]]) -> TableCopy:
    """Count and hash *rows*. The hash does not depend on their order, as databases sort texts
    differently."""
    count = total = 0
    for row in rows:
        text = json.dumps(row, default=_plain, sort_keys=True)
        total += int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big")
        count += 1
    return TableCopy(model._meta.db_table, count, f"{total % 2**128:032x}")


def _plain(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return str(value)


def _carry_sequence(model: type[models.Model]) -> None:
    """Let the target go on numbering where the source would."""
    key = model._meta.pk
    if not isinstance(key, models.AutoField):
        return
    table, column = model._meta.db_table, str(key.column)
    last = _last_number(table, column)
    if connections[TARGET].vendor == "postgresql":
        _execute(
            TARGET,
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
            [f'"{table}"', column, max(last, 1), last > 0],
        )
        return
    _execute(TARGET, "DELETE FROM sqlite_sequence WHERE name = %s", [table])
    _execute(TARGET, "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _last_number(table: str, column: str) -> int:
    """Return the highest number that the source gave to a row of *table*; 0 if none."""
    if connections[SOURCE].vendor == "postgresql":
        sequence = _execute(SOURCE, "SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
        found = _execute(SOURCE, f"SELECT last_value, is_called FROM {sequence[0]}")  # noqa: S608
        return int(found[0]) if found[1] else 0
    found = _execute(SOURCE, "SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    return int(found[0]) if found else 0


def _execute(using: str, statement: str, parameters: Sequence[Any] = ()) -> Any:
    """Run a statement; return its first row, if it has any."""
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone() if cursor.description else None
