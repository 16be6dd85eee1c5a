"""manage.py export_fixture: the archive as one JSON file that import_fixture reads."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from articles.importing.fixtures.archive import export_fixture


class Command(BaseCommand):
    help = (
        "Write all authors, series, tags and articles as a fixture (docs/fixtures.md), to standard"
        " output or to --output. Equal archives give equal bytes."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--output", metavar="FILE", help="write the fixture there")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            text = export_fixture()
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["output"]).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror or error}") from error
