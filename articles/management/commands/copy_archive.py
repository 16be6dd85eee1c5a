"""manage.py copy_archive: everything into another database."""

import argparse
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from archive_site.environment import database
from articles.writing import copying
from articles.writing.copying import CopyRefused, TableCopy


class Command(BaseCommand):
    help = (
        "Copy the whole archive, accounts and ledger included, into an empty database, and compare"
        " both by number and hash of their rows. Then set DATABASE_URL to it. Uploaded files are"
        " not in the database: they stay where they are."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--to",
            required=True,
            metavar="DATABASE_URL",
            help="address of the target, such as postgresql://user:password@host/name or"
            " sqlite:////var/lib/backfile/archive.sqlite3",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be copied; write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            copying.connect(database(options["to"], "--to"))
            if options["dry_run"]:
                if reason := copying.refusal():
                    raise CommandError(reason)
                rows = 0
                for table in copying.survey():
                    rows += table.rows
                    self._line(table)
                self.stdout.write(f"{rows} rows would be copied. Nothing was written.")
                return
            count = copying.copy(self._line)
        except (CopyRefused, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} rows copied; both databases have the same.")

    def _line(self, table: TableCopy) -> None:
        if table.rows:
            self.stdout.write(f"{table.rows:>9}  {table.table:<36}{table.digest}".rstrip())
