"""manage.py run_upload: the background process of a listing given in the browser."""

import argparse
import contextlib
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.importing.uploads import files as uploads_files
from articles.importing.uploads import work as uploads_work
from articles.importing.uploads.acts import NotNow

#: The site and its editors come first: for the processor, and where memory runs out.
NICE, FIRST_TO_GO = 5, 500


class Command(BaseCommand):
    help = (
        "Plan, or apply, a listing that was given in the browser. The admin starts this by itself;"
        " docs/uploading.md says how."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("upload", type=int, metavar="ID", help="number of the upload")
        parser.add_argument(
            "--lock", type=int, metavar="FD", help="descriptor that holds the upload's lock"
        )
        parser.add_argument(
            "--wait",
            type=float,
            default=uploads_work.WAIT,
            metavar="SECONDS",
            help="how long to wait for another import (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pk = options["upload"]
        lock = options["lock"]
        if lock is not None:
            _step_back()
        else:
            try:
                lock = uploads_files.take(pk, 0)
            except uploads_files.AtWork:
                raise CommandError(f"Upload {pk} is being worked on.") from None
        try:
            uploads_work.work(pk, wait=options["wait"])
        except NotNow as error:
            raise CommandError(str(error)) from error
        finally:
            uploads_files.drop(pk, lock)


def _step_back() -> None:
    """Let the system prefer all others to this process."""
    with contextlib.suppress(OSError):
        os.nice(NICE)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO), encoding="ascii")
