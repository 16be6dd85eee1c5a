"""manage.py imports: the import runs, and one of them in full."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.importing import runs
from articles.management.importing import say

_ERROR = 2


class Command(BaseCommand):
    help = (
        "List the import runs, the newest first; `imports show RUN` prints one in full."
        " `undo_import RUN` takes one back."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("action", nargs="?", choices=("show",), help="one run in full")
        parser.add_argument("run", nargs="?", type=int, metavar="RUN", help="its number")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--source", metavar="NAME", default="", help="only runs of this source")
        parser.add_argument(
            "--limit", metavar="N", type=int, default=50, help="at most so many (default: 50)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "show":
            self.show(options)
            return
        if options["limit"] < 1:
            raise CommandError("--limit is a number from 1 on.", returncode=_ERROR)
        found = list(runs.listed(options["source"])[: options["limit"]])
        if options["format"] == "json":
            say(self.stdout, [runs.list_json(found)])
            return
        say(self.stdout, (f"{line}\n" for line in runs.list_lines(found)))
        if not found:
            source = f" of the source “{options['source']}”" if options["source"] else ""
            self.stdout.write(f"There are no import runs{source}.")

    def show(self, options: dict[str, Any]) -> None:
        """Print one run in full."""
        number = options["run"]
        if number is None:
            raise CommandError("Which run? `imports show RUN` takes its number.", returncode=_ERROR)
        run = runs.listed().defer(None).filter(pk=number).first() if 0 < number < 2**63 else None
        if run is None:
            raise CommandError(
                f"There is no import run {number}. `imports` lists them.", returncode=_ERROR
            )
        if options["format"] == "json":
            say(self.stdout, [runs.show_json(run)])
            return
        say(self.stdout, (f"{line}\n" for line in runs.show_lines(run)))
