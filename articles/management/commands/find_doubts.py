"""manage.py find_doubts: run the checks over the whole archive, and compare its names."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.importing.archive_pairs import find_pairs, pair_codes
from articles.management.progress import Progress
from articles.review import registry
from articles.writing.findings import Reviewed, review_all


class Command(BaseCommand):
    help = (
        "Run the checks over all articles that are not withdrawn, and compare all authors, tags and"
        " series: open findings for what is doubtful, close those whose cause is gone. What was"
        " called no problem is not asked again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--code", action="append", metavar="CODE", help="only this check; may be repeated"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be opened and closed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        known_codes = registry.check_codes() | pair_codes()
        codes = set(options["code"] or known_codes)
        if unknown := codes - known_codes:
            known = ", ".join(sorted(known_codes))
            raise CommandError(
                f"There is no check {', '.join(sorted(unknown))}. The checks are: {known}.",
                returncode=2,
            )
        done = Reviewed()
        if checks := codes & registry.check_codes():
            with Progress("Checking", self.stderr) as progress:
                done = review_all(
                    codes=checks, dry_run=options["dry_run"], progress=progress.update
                )
        compared, pairs = find_pairs(codes & pair_codes(), dry_run=options["dry_run"])
        done.add(pairs)
        for code in sorted(done.opened.keys() | done.closed.keys()):
            opened, closed = done.opened.get(code, 0), done.closed.get(code, 0)
            self.stdout.write(
                f"{code}: {opened} opened, {closed} closed ({registry.title_of(code)})"
            )
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{done.looked_at} articles looked at, {compared} names compared;"
            f" {sum(done.opened.values())} findings {would}opened,"
            f" {sum(done.closed.values())} {would}closed."
        )
