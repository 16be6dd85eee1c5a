"""manage.py import_listing: listings in; articles, ledger and a report out."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from articles.cleaning import clean_line
from articles.importing.apply import run_import
from articles.importing.collector import rare_collections
from articles.importing.files import SUFFIXES, UnreadableFile, listing_paths
from articles.importing.formats.columns import BadColumns, parsed
from articles.importing.formats.recognising import names as format_names
from articles.importing.lock import LockHeld, import_lock
from articles.importing.plan import make_plan
from articles.importing.plan_file import BadPlanFile, PlanMoved, differences, recorded
from articles.importing.reading import read_listing
from articles.importing.records import Options, ParsedListing, Plan, stem_of
from articles.importing.snapshot import Snapshot
from articles.management import plan_files
from articles.management.importing import (
    APPLIED,
    ATTENTION,
    EXIT_CODES,
    FAILED,
    INTERRUPTED,
    USAGE,
    ImportCommand,
    at_a_terminal,
    say,
    unwritable,
)
from articles.management.progress import Progress
from articles.redacting import guard
from articles.writing.changes import InvalidChange, StaleVersion


class Command(ImportCommand):
    help = f"Import listings. {EXIT_CODES}"
    paths = "*"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--apply",
            metavar="PLAN",
            help="do what the JSON report of a dry run says, or nothing if file or archive moved",
        )
        parser.add_argument(
            "--status",
            choices=("draft", "published"),
            help="what new articles become (default: the setting IMPORT_STATUS)",
        )
        parser.add_argument(
            "--source", metavar="NAME", help="default: the topic heading, the title or the file"
        )
        parser.add_argument(
            "--tag", metavar="NAME", action="append", default=[], help="further tag; repeatable"
        )
        parser.add_argument(
            "--dialect", metavar="NAME", help="how the listing is written; default: recognised"
        )
        parser.add_argument(
            "--explain",
            action="store_true",
            help="print which rule chose what in each entry, and how sure it is; import nothing",
        )
        parser.add_argument(
            "--input-format",
            metavar="NAME",
            help=f"{', '.join(format_names())}; default: recognised",
        )
        parser.add_argument(
            "--media", metavar="DIR", help="a copy of the uploads of the site that moves here"
        )

        parser.add_argument(
            "--column",
            metavar="HEADER=FIELD",
            action="append",
            default=[],
            help="what a column of a table is read as; HEADER= leaves it out; repeatable",
        )

    def path_help(self) -> str:
        return "a listing, a folder or archive of listings, or - for standard input"

    def run_import(self, options: dict[str, Any]) -> int:
        try:
            options["columns"] = parsed(options["column"])
        except BadColumns as error:
            return self.fail(f"--column: {error}", USAGE)
        if options["apply"] and options["explain"]:
            return self.fail("A plan is applied, a listing is explained: not both.", USAGE)
        if options["apply"]:
            return self.apply_plan(options)
        if not options["paths"]:
            return self.fail("Name a listing, or a plan after --apply.", USAGE)
        if options["explain"]:
            return self.explain(options)
        return super().run_import(options)

    def read(self, options: dict[str, Any]) -> Sequence[ParsedListing]:
        decided = wanted(options)
        paths = listing_paths(options["paths"], SUFFIXES)
        source = guard.left_of(clean_line(options["source"] or "", 300))
        found = [
            self.read_one(path, decided, lambda path: source or stem_of(path)) for path in paths
        ]
        if any(not source_name(listing, options) for listing in found):
            raise UnreadableFile("-: the input does not say what it is: name it with --source")
        return found

    def read_one(
        self, path: Path, decided: Options, source: Callable[[str], str] | None = None
    ) -> ParsedListing:
        """Return the listing at *path*, read as *decided* says; with *source*, which names that of
        a path, also as is remembered there. A plan says all itself."""
        with Progress(f"Reading {path.name}", self.stderr) as progress:
            return read_listing(
                path,
                progress.update,
                input_format=decided.input_format,
                dialect=decided.dialect,
                media=Path(decided.media) if decided.media else None,
                columns=decided.columns,
                source=source,
            )

    def explain(self, options: dict[str, Any]) -> int:
        """Print why each entry is read as it is; import nothing; return the exit code."""
        shown: list[str] = []
        try:
            for path in listing_paths(options["paths"], SUFFIXES):
                lines: list[str] = []
                listing = read_listing(
                    path,
                    input_format=options["input_format"],
                    dialect=options["dialect"],
                    columns=options["columns"],
                    explained=lines.extend,
                )
                shown.append(f"{listing.path}: read as {listing.input_format}")
                shown += lines or ["  Its fields are named: no rule had to choose."]
        except UnreadableFile as error:
            return self.fail(str(error), USAGE)
        text = "\n".join(shown) + "\n"
        if not options["output"]:
            say(self.stdout, [text])
            return APPLIED
        try:
            Path(options["output"]).write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            return self.fail(f"{options['output']}: {error.strerror or error}", USAGE)
        return APPLIED

    def path_of(self, item: ParsedListing) -> str:
        return item.path

    def plan(self, item: ParsedListing, options: dict[str, Any]) -> Plan:
        return make_plan(item, source_name(item, options), wanted(options), Snapshot())

    def apply(self, item: ParsedListing, options: dict[str, Any]) -> Plan:
        with Progress(f"Importing {Path(item.path).name}", self.stderr) as progress:
            plan, _ = run_import(
                item,
                source_name(item, options),
                wanted(options),
                progress=progress.update,
                check=self.hold,
            )
        return plan

    def hold(self, plan: Plan) -> None:
        """Raise `PlanMoved` if *plan* is not what a person at the terminal agreed to."""
        if self.agreed_plan is None:
            return
        if moved := list(differences(recorded(self.agreed_plan), plan)):
            raise PlanMoved(moved)

    def apply_plan(self, options: dict[str, Any]) -> int:
        """Do what a recorded plan says, or refuse; return the exit code."""
        name = options["apply"]
        if options["output"]:
            if Path(options["output"]).absolute() == Path(name).absolute():
                return self.fail(f"{name}: --output would overwrite the plan", USAGE)
            if problem := unwritable(options["output"]):
                return self.fail(problem, USAGE)
        try:
            told = plan_files.load(name)
            if otherwise := plan_files.given_otherwise(told, options):
                return self.refuse(f"{name}: not applied, nothing was written:", otherwise, USAGE)
            paths = listing_paths(options["paths"], SUFFIXES) if options["paths"] else []
            with import_lock(), rare_collections():
                pairs, moved = plan_files.find_files(told, paths, self.read_one)
                if moved:
                    raise PlanMoved(moved)
                return self.hold_and_carry_out(pairs, options)
        except (BadPlanFile, UnreadableFile) as error:
            return self.fail(str(error), USAGE)
        except LockHeld:
            return self.fail("Another import is running on this database. Try again later.", USAGE)
        except PlanMoved as error:
            message = f"{name}: not applied, nothing was written: it is not as it was planned."
            return self.refuse(message, error.differences, USAGE)
        except (DatabaseError, InvalidChange, StaleVersion, OSError) as error:
            return self.fail(f"{name}: failed and rolled back: {error}", FAILED)
        except KeyboardInterrupt:
            return self.fail("Interrupted: everything was rolled back.", INTERRUPTED)

    def hold_and_carry_out(self, pairs: Sequence[plan_files.Pair], options: dict[str, Any]) -> int:
        """Compare, ask at a terminal, apply, report; return the exit code."""
        plans = plan_files.compare(pairs)
        if not options["dry_run"]:
            if not options["yes"] and at_a_terminal() and not self.ask(plans):
                return APPLIED
            with Progress(f"Importing {len(pairs)} listing(s)", self.stderr) as progress:
                plans = plan_files.carry_out(pairs, progress.update)
        code = ATTENTION if any(plan.needs_attention for plan in plans) else APPLIED
        return max(code, self.write_report(plans, options))


def source_name(listing: ParsedListing, options: dict[str, Any]) -> str:
    """Return the source's name: as given, else the topic heading, the title or the file's stem."""
    return guard.left_of(clean_line(options["source"] or "", 300)) or listing.own_name()


def wanted(options: dict[str, Any]) -> Options:
    """Return what the person importing decided."""
    tags = (guard.left_of(clean_line(tag, 100)) for tag in options["tag"])
    return Options(
        status=options["status"] or settings.IMPORT_STATUS,
        tags=tuple(tag for tag in tags if tag),
        dialect=options["dialect"],
        input_format=options["input_format"],
        media=options["media"],
        columns=options["columns"],
    )
