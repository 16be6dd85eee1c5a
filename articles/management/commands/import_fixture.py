"""manage.py import_fixture: authors, series, tags and articles from the archive's own JSON."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from articles.importing.files import listing_paths
from articles.importing.fixtures.apply import plan_fixture, run_fixture_import
from articles.importing.fixtures.archive import read_fixture
from articles.importing.fixtures.format import Fixture
from articles.importing.records import ParsedListing, Plan
from articles.management.importing import EXIT_CODES, ImportCommand
from articles.management.progress import Progress

Item = tuple[Fixture, ParsedListing]


class Command(ImportCommand):
    help = f"Import fixtures in the archive's JSON format (docs/fixtures.md). {EXIT_CODES}"

    def path_help(self) -> str:
        return "a fixture, or a folder with .json files"

    def read(self, options: dict[str, Any]) -> Sequence[Item]:
        return [read_fixture(path) for path in listing_paths(options["paths"], ".json")]

    def path_of(self, item: Item) -> str:
        return item[1].path

    def plan(self, item: Item, options: dict[str, Any]) -> Plan:
        fixture, listing = item
        return plan_fixture(fixture, listing, source_name(listing))

    def apply(self, item: Item, options: dict[str, Any]) -> Plan:
        fixture, listing = item
        with Progress(f"Importing {Path(listing.path).name}", self.stderr):
            plan, _ = run_fixture_import(fixture, listing, source_name(listing))
        return plan


def source_name(listing: ParsedListing) -> str:
    """Return the source's name: that of the file."""
    return Path(listing.path).name
