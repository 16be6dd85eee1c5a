"""manage.py remove_sample: the sample goes, what is yours stays."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.writing.sample import remove_sample


class Command(BaseCommand):
    help = (
        "Remove the sample's articles, except those that were edited or that another listing"
        " brought too. It stays removed, also when `make serve` runs again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        removed, kept = remove_sample()
        self.stdout.write(f"{removed} articles of the sample removed, {kept} kept.")
