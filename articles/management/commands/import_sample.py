"""manage.py import_sample: the sample that `make serve` shows, once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.importing.apply import run_import
from articles.importing.collector import rare_collections
from articles.importing.files import UnreadableFile, listing_paths
from articles.importing.lock import LockHeld, import_lock
from articles.importing.reading import read_listing
from articles.importing.records import Options
from articles.models import Article, Source

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "listings"


class Command(BaseCommand):
    help = (
        "Import the sample listings of fixtures/listings, unless they were imported before."
        " A sample that was removed (remove_sample) stays removed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if Source.objects.filter(is_sample=True).exists():
            self.stdout.write("The sample was imported before; nothing to do.")
            return
        if Article.objects.exists():
            self.stdout.write("The archive has articles of its own; no sample is needed.")
            return
        try:
            with import_lock(), rare_collections():
                for path in listing_paths([str(FOLDER)], ".txt"):
                    # The ledger names the file by its place in the project, wherever that lies.
                    shown = str(path.relative_to(settings.BASE_DIR))
                    listing = replace(read_listing(path), path=shown)
                    # A source of its own: the same page imported for real is another one.
                    name = f"{listing.topic or path.stem} (sample)"
                    # Whatever the site speaks: the sample is English.
                    chosen = Options(status="published", language="en-gb")
                    plan, _ = run_import(listing, name, chosen, is_sample=True)
                    totals = plan.totals()
                    self.stdout.write(
                        f"Sample “{name}”: {totals['create']} articles imported,"
                        f" {totals['public']} of them public."
                    )
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        except LockHeld as error:
            raise CommandError("Another import is running on this database.") from error
