"""Progress of a command: a bar on a terminal, nothing elsewhere (the report says what was done)."""

import sys
from types import TracebackType

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """A context in which `update` moves a bar on the terminal; elsewhere one line at the start."""

    def __init__(self, title: str, stderr: OutputWrapper) -> None:
        self.title = title
        self.stderr = stderr
        self.bar: Bar | None = None

    def __enter__(self) -> "Progress":
        if sys.stderr.isatty():
            self.bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self.bar.start()
            self.task = self.bar.add_task(self.title, total=None)
        else:
            self.stderr.write(f"{self.title} ...")
        return self

    def update(self, done: int, total: int) -> None:
        """Say that *done* of *total* are done."""
        if self.bar:
            self.bar.update(self.task, completed=done, total=total)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar:
            self.bar.stop()
