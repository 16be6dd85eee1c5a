"""From a file to parsed entries: the one place that joins files, formats and parser."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from articles import clock
from articles.importing import arrivals, files, lines, spool
from articles.importing.formats import recognising
from articles.importing.formats.context import Context
from articles.importing.formats.media import Media
from articles.importing.records import ParsedListing


def read_listing(
    path: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    input_format: str | None = None,
    dialect: str | None = None,
    media: Path | None = None,
    explained: Callable[[Sequence[str]], None] | None = None,
) -> ParsedListing:
    """Return the listing at *path*, parsed; ``-`` is standard input.

    The format is recognised from the content unless *input_format* names one, and so is the
    *dialect* that plain text is written in. *media* is a folder with a copy of a site's uploads,
    whose pictures the bodies of its export then show. *progress* is told (done, in all), in lines
    or in entries; *explained*, for each entry of plain text, in lines of text why it is read as it
    is. Raises `files.UnreadableFile`.
    """
    content = lines.beginning_of(path) or files.read_content(path)
    pictures = None if media is None else Media(media)
    zone = timezone.get_default_timezone()
    context = Context(zone, clock.now(), progress, explained, pictures)
    try:
        _keep_in(Path(settings.VAR_DIR))
        return arrivals.localised(recognising.read(content, context, input_format, dialect))
    except OSError as error:
        reason = f"what is read cannot be kept in {settings.VAR_DIR}: {error.strerror or error}"
        raise files.UnreadableFile(f"{files.shown(path)}: {reason}") from error


def _keep_in(folder: Path) -> None:
    """Let what waits between the steps of an import lie in *folder*."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    spool.FOLDER = str(folder)
