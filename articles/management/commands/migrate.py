"""``migrate``: Django's, which then renews the statistics that the database lost."""

from typing import Any

from django.core.management.commands import migrate

from articles.search import base


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        base.migrated(options["database"])
