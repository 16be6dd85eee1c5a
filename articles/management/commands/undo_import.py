"""manage.py undo_import: an import is taken back, or the taking back is."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from articles.importing.lock import LockHeld
from articles.importing.undoing import plan as undo_plan
from articles.importing.undoing.plan import UndoPlan
from articles.importing.undoing.undo import REDO, UNDO, NotPossible, PlanMoved, make_plan, take_back
from articles.management.importing import (
    APPLIED,
    ATTENTION,
    FAILED,
    INTERRUPTED,
    USAGE,
    say,
    unwritable,
)
from articles.management.progress import Progress
from articles.models import ImportRun
from articles.writing.changes import InvalidChange, StaleVersion


class Command(BaseCommand):
    help = (
        "Take an import run back, its updates too; --redo takes that back. `manage.py imports`"
        " lists the runs. Exit code: 0 done; 1 done, but something was kept or blocked; 2 usage,"
        " the run is undone already (or is not), or an import is running; 3 failed and rolled"
        " back; 130 interrupted."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("run", metavar="RUN", type=int, help="the number of the import run")
        parser.add_argument("--redo", action="store_true", help="bring an undone run back")
        parser.add_argument("--dry-run", action="store_true", help="print the plan, write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask before writing")
        parser.add_argument(
            "--reason", metavar="TEXT", default="", help="why; it stands in the ledger"
        )
        parser.add_argument(
            "--format", choices=("text", "json"), default="text", help="of the report"
        )
        parser.add_argument("--output", metavar="FILE", help="write the report there")

    def handle(self, *args: Any, **options: Any) -> None:
        code = self.run_undo(options)
        if code:
            sys.exit(code)

    def run_undo(self, options: dict[str, Any]) -> int:
        """Do what *options* say; return the exit code."""
        if options["output"] and (problem := unwritable(options["output"])):
            return self.fail(problem, USAGE)
        number = options["run"]
        run = ImportRun.objects.filter(pk=number).first() if 0 < number < 2**63 else None
        if run is None:
            return self.fail(
                f"There is no import run {number}. `manage.py imports` lists them.", USAGE
            )
        action = REDO if options["redo"] else UNDO
        try:
            return self.carry_out(run, action, options)
        except NotPossible as error:
            return self.fail(str(error), USAGE)
        except LockHeld:
            return self.fail("An import is running on this database. Try again later.", USAGE)
        except PlanMoved:
            return self.fail("The archive has moved since; nothing was written.", FAILED)
        except (DatabaseError, InvalidChange, StaleVersion) as error:
            return self.fail(f"Run {run.pk}: failed and rolled back: {error}", FAILED)
        except KeyboardInterrupt:
            return self.fail("Interrupted: nothing was written.", INTERRUPTED)

    def carry_out(self, run: ImportRun, action: str, options: dict[str, Any]) -> int:
        """Plan, ask, write and report; return the exit code."""
        agreed = None
        if options["dry_run"]:
            return self.report(make_plan(run, action), options)
        if not options["yes"] and sys.stdin.isatty() and sys.stderr.isatty():
            plan = make_plan(run, action)
            if not self.asked(plan):
                return APPLIED
            agreed = plan.digest()
        verb = "Undoing" if action == UNDO else "Bringing back"
        with Progress(f"{verb} run {run.pk}", self.stderr) as progress:
            plan = take_back(
                run, action, reason=options["reason"], agreed=agreed, progress=progress.update
            )
        return self.report(plan, options)

    def asked(self, plan: UndoPlan) -> bool:
        """Show *plan* to a person at a terminal; return whether they agree."""
        self.stderr.write(undo_plan.as_text(plan, applied=False), ending="")
        self.stderr.write("Go ahead? [y/N] ", ending="")
        self.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    def report(self, plan: UndoPlan, options: dict[str, Any]) -> int:
        """Print the report, or write it to ``--output``; return the exit code."""
        applied = plan.operation is not None
        if options["format"] == "json":
            text = undo_plan.as_json(plan, applied=applied)
        else:
            # What is only planned is to be looked at; what is done is told by what stayed.
            every = options["verbosity"] > 1 or options["dry_run"]
            text = undo_plan.as_text(plan, applied=applied, every=every)
        if not options["output"]:
            say(self.stdout, [text])
        else:
            try:
                Path(options["output"]).write_text(text, encoding="utf-8", newline="")
            except OSError as error:
                return self.fail(f"{options['output']}: {error.strerror or error}", USAGE)
        return ATTENTION if plan.leaves_something else APPLIED

    def fail(self, message: str, code: int) -> int:
        """Say *message* on standard error; return *code*."""
        self.stderr.write(self.style.ERROR(message))
        return code
