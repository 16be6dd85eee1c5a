"""manage.py redact: a text or a name is removed on legal grounds, everywhere and for good."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from articles.importing.lock import LockHeld
from articles.management.importing import APPLIED, ATTENTION, FAILED, USAGE
from articles.models import Redaction
from articles.redacting import disk, purging, remains
from articles.redacting.redact import PlanMoved, Planned, Refused, Wanted, lift, make_plan, redact


class Command(BaseCommand):
    help = (
        "Remove a text or words on legal grounds: from articles, history, listings, findings,"
        " search, files. It cannot be undone. Exit code: 0 done; 1 --check found something;"
        " 2 usage or refused, nothing was written; 3 an import is running, or the archive moved."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--article", metavar="KEY", help="remove the whole text of this article")
        what.add_argument(
            "--words",
            metavar="TEXT",
            action="append",
            help="remove these words or this name; repeat it for further spellings; - reads them"
            " from standard input, one a line",
        )
        what.add_argument("--check", action="store_true", help="look for what was removed")
        what.add_argument("--list", action="store_true", help="list what was removed, and backups")
        what.add_argument("--lift", metavar="N", type=int, help="let imports bring N again")
        what.add_argument(
            "--purge", action="store_true", help="overwrite what the database freed on disk"
        )
        parser.add_argument("--reason", default="", help="the legal reason; it is kept")
        parser.add_argument("--dry-run", action="store_true", help="print what would go")
        parser.add_argument("--yes", action="store_true", help="do not ask before writing")
        parser.add_argument("--backups", metavar="FOLDER", help="where backups lie")

    def handle(self, *args: Any, **options: Any) -> None:
        code = self.run_redact(options)
        if code:
            sys.exit(code)

    def run_redact(self, options: dict[str, Any]) -> int:
        """Do what *options* say; return the exit code."""
        if options["check"]:
            return self.check_remains()
        if options["list"]:
            return self.list_all(options)
        if options["purge"]:
            self.stdout.write(purging.purge())
            return APPLIED
        if options["lift"] is not None:
            return self.lift(options["lift"])
        words = options["words"] or []
        if words == ["-"]:
            words = [line.strip() for line in sys.stdin if line.strip()]
        wanted = Wanted(options["reason"], options["article"] or "", tuple(words))
        try:
            return self.carry_out(wanted, options)
        except Refused as error:
            return self.fail(str(error), USAGE)
        except LockHeld:
            return self.fail("An import is running on this database. Try again later.", FAILED)
        except PlanMoved:
            return self.fail("The archive has moved since; nothing was written.", FAILED)

    def carry_out(self, wanted: Wanted, options: dict[str, Any]) -> int:
        """Plan, ask, remove, report; return the exit code."""
        agreed = None
        if options["dry_run"] or (not options["yes"] and sys.stdin.isatty()):
            planned = make_plan(wanted)
            self.show(planned, examples=True)
            if options["dry_run"]:
                return APPLIED
            self.stderr.write("This cannot be undone. Go ahead? [y/N] ", ending="")
            self.stderr.flush()
            if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
                return APPLIED
            agreed = planned.digest()
        redaction, planned = redact(wanted, actor=None, agreed=agreed)
        self.show(planned, examples=False)
        self.stdout.write(f"Recorded as redaction {redaction.pk}.")
        self.stdout.write(purging.purge())
        self.show_backups(redaction, options)
        return APPLIED

    def show(self, planned: Planned, *, examples: bool) -> None:
        """Print what goes where."""
        for step in planned.steps:
            self.stdout.write(f"{step.count:>8}  {step.place}: {step.act}")
            for row, old, new in step.examples if examples else ():
                self.stdout.write(f"          {row}: {old!r} -> {new!r}")
        for remark in planned.steps.remarks:
            self.stdout.write(f"     look  {remark}")
        self.stdout.write(f"{len(planned.steps):>8}  in all")

    def show_backups(self, redaction: Redaction, options: dict[str, Any]) -> None:
        """Print which backups still hold it, and what cannot be seen from here."""
        folder = Path(options["backups"]) if options["backups"] else None
        found = disk.backups(redaction.at, folder)
        for backup in found:
            self.stdout.write(f"  backup  {backup.path} of {backup.made:%Y-%m-%d %H:%M} holds it")
        if not found:
            self.stdout.write("  backup  none found that is older")
        for line in disk.unseen():
            self.stdout.write(f"  unseen  {line}")

    def list_all(self, options: dict[str, Any]) -> int:
        """Print every removal and the backups that are older than the last."""
        rows = list(Redaction.objects.select_related("actor").order_by("id"))
        for row in rows:
            who = row.actor.get_username() if row.actor else "command line"
            count = sum(step["count"] for step in row.totals)
            end = f" (lifted {row.lifted:%Y-%m-%d})" if row.lifted else ""
            self.stdout.write(
                f"{row.pk:>5}  {row.at:%Y-%m-%d %H:%M}  {row.get_kind_display()}, by {who}:"
                f" {row.reason}; {count} places{end}"
            )
        if rows:
            self.show_backups(rows[-1], options)
        return APPLIED

    def check_remains(self) -> int:
        """Print where something stands that was removed; return the exit code."""
        found = list(remains.find())
        for line in found:
            self.stdout.write(line)
        if found:
            return ATTENTION
        self.stdout.write("Nothing that was removed is in the archive.")
        return APPLIED

    def lift(self, number: int) -> int:
        """Forget by what a removal is recognised."""
        row = Redaction.objects.filter(pk=number, lifted=None).first()
        if row is None:
            return self.fail(f"There is no redaction {number} in force.", USAGE)
        lift(row)
        self.stdout.write(f"Redaction {number} is lifted: an import may bring it again.")
        return APPLIED

    def fail(self, message: str, code: int) -> int:
        """Say *message* on standard error; return *code*."""
        self.stderr.write(self.style.ERROR(message))
        return code
