"""What the importing commands share: exit codes, the question, the report."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from articles.importing import report
from articles.importing.files import UnreadableFile
from articles.importing.lock import LockHeld, import_lock
from articles.importing.records import Plan
from articles.writing.changes import InvalidChange, StaleVersion

APPLIED, ATTENTION, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
EXIT_CODES = (
    "Exit code: 0 applied; 1 applied, but entries wait for a decision or lines stand in no entry;"
    " 2 usage, unreadable file or another import running; 3 failed and rolled back;"
    " 130 interrupted. Of several files the highest."
)


class ImportCommand(BaseCommand):
    """A command that reads files, plans, asks, applies each file and reports.

    Subclasses say how to `read` a file, `plan` it and `apply` it.
    """

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help=self.path_help())
        parser.add_argument("--dry-run", action="store_true", help="print the plan, write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask before applying")
        parser.add_argument(
            "--format", choices=("text", "json", "csv"), default="text", help="of the report"
        )
        parser.add_argument("--output", metavar="FILE", help="write the report there")

    def path_help(self) -> str:
        """Return what a PATH may be."""
        raise NotImplementedError  # pragma: no cover

    def read(self, options: dict[str, Any]) -> Sequence[Any]:
        """Return what the files hold; raise `UnreadableFile`."""
        raise NotImplementedError  # pragma: no cover

    def plan(self, item: Any, options: dict[str, Any]) -> Plan:
        """Return the plan of one file; write nothing."""
        raise NotImplementedError  # pragma: no cover

    def apply(self, item: Any, options: dict[str, Any]) -> Plan:
        """Plan and apply one file in a transaction; return the plan."""
        raise NotImplementedError  # pragma: no cover

    def path_of(self, item: Any) -> str:
        """Return the path of one file, for messages."""
        raise NotImplementedError  # pragma: no cover

    def handle(self, *args: Any, **options: Any) -> None:
        code = self.run_import(options)
        if code:
            sys.exit(code)

    def run_import(self, options: dict[str, Any]) -> int:
        """Import the files that *options* name; return the exit code."""
        if options["output"] and (problem := unwritable(options["output"])):
            return self.fail(problem, USAGE)
        try:
            items = self.read(options)
            with import_lock():
                code, plans = self.import_all(items, options)
        except UnreadableFile as error:
            return self.fail(str(error), USAGE)
        except LockHeld:
            return self.fail("Another import is running on this database. Try again later.", USAGE)
        except KeyboardInterrupt:
            return self.fail("Interrupted: the file being imported was rolled back.", INTERRUPTED)
        return max(code, self.write_report(plans, options)) if plans else code

    def import_all(self, items: Sequence[Any], options: dict[str, Any]) -> tuple[int, list[Plan]]:
        """Plan, and unless it is a dry run apply, each file in a transaction of its own."""
        plans: list[Plan] = []
        codes = [APPLIED]
        for item in items:
            try:
                if options["dry_run"]:
                    plan = self.plan(item, options)
                elif self.agreed(item, options):
                    plan = self.apply(item, options)
                else:
                    continue
            except (DatabaseError, InvalidChange, StaleVersion, OSError) as error:
                message = f"{self.path_of(item)}: failed and rolled back: {error}"
                codes.append(self.fail(message, FAILED))
                continue
            plans.append(plan)
            codes.append(ATTENTION if plan.needs_attention else APPLIED)
        return max(codes), plans

    def agreed(self, item: Any, options: dict[str, Any]) -> bool:
        """Ask a person at a terminal, showing the plan's totals; scripts are not asked."""
        if options["yes"] or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return True
        plan = self.plan(item, options)
        totals = plan.totals()
        shown = ", ".join(f"{number} {key}" for key, number in totals.items() if number)
        self.stderr.write(f"{plan.listing.path}: {shown}")
        self.stderr.write("Apply? [y/N] ", ending="")
        self.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    def write_report(self, plans: list[Plan], options: dict[str, Any]) -> int:
        """Print the report, or write it to ``--output``; return the exit code of doing so."""
        if options["format"] == "json":
            text = report.as_json(plans)
        elif options["format"] == "csv":
            text = report.as_csv(plans)
        else:
            text = report.as_text(
                plans, applied=not options["dry_run"], every=options["verbosity"] > 1
            )
        if not options["output"]:
            self.stdout.write(text, ending="")
            return APPLIED
        try:
            Path(options["output"]).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            return self.fail(f"{options['output']}: {error.strerror or error}", USAGE)
        return APPLIED

    def fail(self, message: str, code: int) -> int:
        """Say *message* on standard error; return *code*."""
        self.stderr.write(self.style.ERROR(message))
        return code


def unwritable(name: str) -> str | None:
    """Return why no report can be written to the file *name*; None if one can.

    Asked before anything is imported, so that "nothing was written" stays true.
    """
    try:
        with Path(name).open("a", encoding="utf-8"):
            return None
    except (OSError, ValueError) as error:
        return f"{name}: {getattr(error, 'strerror', None) or error}"
