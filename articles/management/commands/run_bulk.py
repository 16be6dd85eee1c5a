"""manage.py run_bulk: the background process of a change to many articles."""

import argparse
import contextlib
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.admin import bulk_running
from articles.importing.uploads import files
from articles.models import BulkWork

#: The site and its editors come first.
NICE = 5


class Command(BaseCommand):
    help = (
        "Carry out a change to many articles that was begun in the admin, which starts this by"
        " itself; docs/editing.md says how."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("work", type=int, metavar="ID", help="number of the bulk change")
        parser.add_argument(
            "--lock", type=int, metavar="FD", help="descriptor that holds the lock of the change"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pk, lock = options["work"], options["lock"]
        if lock is not None:
            with contextlib.suppress(OSError):
                os.nice(NICE)
        else:
            try:
                lock = files.take(bulk_running.key_of(pk), 0)
            except files.AtWork:
                raise CommandError(f"Bulk change {pk} is being worked on.") from None
        try:
            work = bulk_running.run(pk)
        except BulkWork.DoesNotExist:
            raise CommandError(f"There is no bulk change {pk}.") from None
        except bulk_running.NotTheirs as error:
            raise CommandError(str(error)) from error
        finally:
            files.drop(bulk_running.key_of(pk), lock)
        self.stdout.write(f"{work.changed} changed, {work.left_count} left.")
