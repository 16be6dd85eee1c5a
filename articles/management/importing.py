"""What the importing commands share: exit codes, the question, the report."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, OutputWrapper
from django.db import DatabaseError

from articles.importing import report
from articles.importing.collector import rare_collections
from articles.importing.files import UnreadableFile
from articles.importing.lock import LockHeld, import_lock
from articles.importing.plan_file import PlanMoved
from articles.importing.records import Plan
from articles.writing.changes import InvalidChange, StaleVersion

APPLIED, ATTENTION, USAGE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130
EXIT_CODES = (
    "Exit code: 0 applied; 1 applied, but entries wait for a decision or lines stand in no entry;"
    " 2 usage, unreadable file or another import running; 3 failed and rolled back;"
    " 130 interrupted. Of several files the highest."
)
#: So many differences between a plan and the archive are named.
NAMED_DIFFERENCES = 5


def say(stream: OutputWrapper, pieces: Iterable[str]) -> None:
    """Print *pieces*. A reader that has read enough (``| head``) is no failure."""
    try:
        for text in pieces:
            stream.write(text, ending="")
        stream.flush()
    except BrokenPipeError:
        # What is still in the buffer goes nowhere, or Python complains of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class ImportCommand(BaseCommand):
    """A command that reads files, plans, asks, applies each file and reports.

    Subclasses say how to `read` a file, `plan` it and `apply` it.
    """

    #: How many paths must be given, as argparse counts.
    paths = "+"
    #: The plan that a person at the terminal was shown and agreed to.
    agreed_plan: Plan | None = None

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("paths", nargs=self.paths, metavar="PATH", help=self.path_help())
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
        """Plan and apply one file in a transaction; return the plan.

        Where a person was asked, ``agreed_plan`` is what the file must come to, else `PlanMoved`.
        """
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
            # Before reading: who may not import now should not wait for it.
            with import_lock(), rare_collections():
                code, plans = self.import_all(self.read(options), options)
            return max(code, self.write_report(plans, options)) if plans else code
        except UnreadableFile as error:
            return self.fail(str(error), USAGE)
        except LockHeld:
            return self.fail("Another import is running on this database. Try again later.", USAGE)
        except KeyboardInterrupt:
            return self.fail("Interrupted: the file being imported was rolled back.", INTERRUPTED)

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
            except PlanMoved as moved:
                message = f"{self.path_of(item)}: not imported: it would now do something else:"
                codes.append(self.refuse(message, moved.differences, FAILED))
                continue
            plans.append(plan)
            codes.append(ATTENTION if plan.needs_attention else APPLIED)
        return max(codes), plans

    def agreed(self, item: Any, options: dict[str, Any]) -> bool:
        """Show a person at a terminal what the plan comes to, and ask; scripts are not asked."""
        self.agreed_plan = None
        if options["yes"] or not at_a_terminal():
            return True
        plan = self.plan(item, options)
        if self.ask([plan]):
            self.agreed_plan = plan
        return self.agreed_plan is not None

    def ask(self, plans: Sequence[Plan]) -> bool:
        """Show what *plans* come to and ask whether to apply them; return the answer."""
        for plan in plans:
            self.stderr.write(report.summary(plan))
        self.stderr.write("Apply? [y/N] ", ending="")
        self.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    def write_report(self, plans: list[Plan], options: dict[str, Any]) -> int:
        """Print the report, or write it to ``--output``; return the exit code of doing so."""
        pieces: Iterable[str]
        if options["format"] == "json":
            pieces = report.json_pieces(plans)
        elif options["format"] == "csv":
            pieces = report.csv_pieces(plans)
        else:
            every = options["verbosity"] > 1
            pieces = report.text_pieces(plans, applied=not options["dry_run"], every=every)
        if not options["output"]:
            say(self.stdout, pieces)
            return APPLIED
        try:
            with Path(options["output"]).open("w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
        except OSError as error:
            return self.fail(f"{options['output']}: {error.strerror or error}", USAGE)
        return APPLIED

    def fail(self, message: str, code: int) -> int:
        """Say *message* on standard error; return *code*."""
        self.stderr.write(self.style.ERROR(message))
        return code

    def refuse(self, message: str, differences: Sequence[str], code: int) -> int:
        """Say *message* and the first *differences* on standard error; return *code*."""
        lines = [f"  {line}" for line in differences[:NAMED_DIFFERENCES]]
        if more := len(differences) - len(lines):
            lines.append(f"  and {more} more")
        return self.fail("\n".join([message, *lines]), code)


def at_a_terminal() -> bool:
    """Return whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def unwritable(name: str) -> str | None:
    """Return why no report can be written to the file *name*; None if one can.

    Asked before anything is imported, so that "nothing was written" stays true.
    """
    try:
        with Path(name).open("a", encoding="utf-8"):
            return None
    except (OSError, ValueError) as error:
        return f"{name}: {getattr(error, 'strerror', None) or error}"
