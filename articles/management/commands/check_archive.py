"""manage.py check_archive: is what readers see what the rows say?"""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from articles.redacting import remains
from articles.writing import checking


class Command(BaseCommand):
    help = (
        "Compare search index, totals, credits and keys with the rows, and look for what was"
        " removed on legal grounds. Prints a line for each difference; exit code 0 if there is"
        " none, 1 otherwise."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--repair", action="store_true", help="make everything derived anew from the rows"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for line in checking.check():
            count += 1
            self.stdout.write(line)
        # Nothing repairs this: a person decides.
        returned = 0
        for line in remains.find():
            returned += 1
            self.stdout.write(line)
        if count and options["repair"]:
            checking.repair()
            left = list(checking.check())
            self.stdout.write(f"{count} differences, {len(left)} after the repair.")
            count = len(left)
        elif count:
            self.stderr.write(f"{count} differences. --repair makes them good.")
        else:
            self.stdout.write("Index, totals and rows agree.")
        if count or returned:
            sys.exit(1)
