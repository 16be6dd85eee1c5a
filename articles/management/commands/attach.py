"""manage.py attach: PDFs and page scans of a folder go to the articles that their names tell."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from articles import documents
from articles.attaching import Found, find_articles
from articles.choices import OperationKind
from articles.management.importing import APPLIED, ATTENTION, USAGE
from articles.models import Attachment
from articles.writing import operations
from articles.writing.attachments import attach
from articles.writing.changes import InvalidChange, StaleVersion


class Command(BaseCommand):
    help = (
        "Attach the PDFs and page scans of a folder to articles. A file's name begins with the"
        " article's permanent key, or is its slug, or its date (YYYY-MM-DD) if one article has it;"
        " what follows a key or a date, or two hyphens after a slug, becomes the title. Exit code:"
        " 0 all attached or there already; 1 some were left, the report says why; 2 usage."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", help="the folder; its subfolders are included")
        parser.add_argument("--dry-run", action="store_true", help="print the report, attach none")
        parser.add_argument("--credit", default="", help="whose scans they are; shown with each")

    def handle(self, *args: Any, **options: Any) -> None:
        code = self.run_attach(Path(options["folder"]), options)
        if code:
            sys.exit(code)

    def run_attach(self, folder: Path, options: dict[str, Any]) -> int:
        """Attach what can be; return the exit code."""
        if not folder.is_dir():
            self.stderr.write(self.style.ERROR(f"{folder} is no folder."))
            return USAGE
        paths = [
            path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        ]
        counts = {"attached": 0, "there already": 0, "left": 0}
        operation = None if options["dry_run"] else operations.begin(OperationKind.BULK)
        for found in find_articles(paths):
            outcome, said = self.one(found, options, operation)
            counts[outcome] += 1
            self.stdout.write(f"{outcome:>13}  {found.path.relative_to(folder)}: {said}")
        if operation is not None:
            operations.drop_if_empty(operation)
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{counts['attached']} {would}attached, {counts['there already']} there already,"
            f" {counts['left']} left."
        )
        return ATTENTION if counts["left"] else APPLIED

    def one(self, found: Found, options: dict[str, Any], operation: Any) -> tuple[str, str]:
        """Attach one file; return what became of it, and to which article or why not."""
        if found.article is None:
            return "left", found.reason
        try:
            if found.path.stat().st_size > documents.MOST_BYTES:
                raise ValueError(f"larger than {documents.MOST_BYTES // 2**20} MB")
            content = found.path.read_bytes()
            document = documents.examined(content)
            label = f"{found.article.published_text()} {found.article.headline}"
            if options["dry_run"]:
                rows = Attachment.objects.filter(article=found.article, sha256=document.sha256)
                return ("there already" if rows.exists() else "attached"), label
            made = attach(
                found.article,
                content,
                title=found.title,
                credit=options["credit"],
                actor=None,
                operation=operation,
            )
        except (ValueError, OSError, InvalidChange, StaleVersion) as error:
            return "left", str(error)
        return ("attached" if made else "there already"), label
