"""manage.py import_listing: listings in; articles, ledger and a report out."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from articles.cleaning import clean_line
from articles.importing.apply import run_import
from articles.importing.files import listing_paths
from articles.importing.plan import make_plan
from articles.importing.reading import read_listing
from articles.importing.records import Options, ParsedListing, Plan
from articles.importing.snapshot import Snapshot
from articles.management.importing import EXIT_CODES, ImportCommand
from articles.management.progress import Progress


class Command(ImportCommand):
    help = f"Import plain-text listings. {EXIT_CODES}"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--status",
            choices=("draft", "published"),
            default=settings.IMPORT_STATUS,
            help="what new articles become (default: the setting IMPORT_STATUS)",
        )
        parser.add_argument("--source", metavar="NAME", help="default: the topic heading")
        parser.add_argument(
            "--tag", metavar="NAME", action="append", default=[], help="further tag; repeatable"
        )

    def path_help(self) -> str:
        return "a listing, or a folder with .txt files"

    def read(self, options: dict[str, Any]) -> Sequence[ParsedListing]:
        listings = []
        for path in listing_paths(options["paths"], ".txt"):
            with Progress(f"Reading {path.name}", self.stderr) as progress:
                listings.append(read_listing(path, progress.update))
        return listings

    def path_of(self, item: ParsedListing) -> str:
        return item.path

    def plan(self, item: ParsedListing, options: dict[str, Any]) -> Plan:
        return make_plan(item, source_name(item, options), wanted(options), Snapshot())

    def apply(self, item: ParsedListing, options: dict[str, Any]) -> Plan:
        with Progress(f"Importing {Path(item.path).name}", self.stderr) as progress:
            plan, _ = run_import(
                item, source_name(item, options), wanted(options), progress=progress.update
            )
        return plan


def source_name(listing: ParsedListing, options: dict[str, Any]) -> str:
    """Return the source's name: as given, else the topic heading, else the file's stem."""
    given = clean_line(options["source"] or "", 300)
    return given or listing.topic or Path(listing.path).stem


def wanted(options: dict[str, Any]) -> Options:
    """Return what the person importing decided."""
    tags = (clean_line(tag, 100) for tag in options["tag"])
    return Options(status=options["status"], tags=tuple(tag for tag in tags if tag))
