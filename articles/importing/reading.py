"""From a file to parsed entries: the one place that joins files, formats and parser."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from articles import clock
from articles.importing import arrivals, files, lines, spool
from articles.importing.formats import archives
from articles.importing.formats.columns import Told
from articles.importing.formats.context import Context
from articles.importing.formats.media import ArchivedMedia, Media
from articles.importing.records import ParsedListing
from articles.importing.remembered import remembered_columns
from articles.redacting import guard


def read_listing(
    path: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    input_format: str | None = None,
    dialect: str | None = None,
    media: Path | None = None,
    columns: Mapping[str, str] | None = None,
    source: Callable[[str], str] | None = None,
    explained: Callable[[Sequence[str]], None] | None = None,
) -> ParsedListing:
    """Return the listing at *path*, parsed; ``-`` is standard input.

    The format is recognised from the content unless *input_format* names one, and so is the
    *dialect* that plain text is written in. *media* is a folder with a copy of a site's uploads,
    whose pictures the bodies of its export then show; they may also lie beside it in a ZIP archive.
    *columns* are the fields of a table's columns, by header, for those that a person gives one.
    With *source*, which returns the name of the source of a path, what earlier runs of that were
    told of columns holds for those of which nothing is given.
    *progress* is told (done, in all), in lines
    or in entries; *explained*, for each entry of plain text, in lines of text why it is read as it
    is. Raises `files.UnreadableFile`.
    """
    # The parser and what it knows of languages take a server half as long to import as all the
    # rest, and most servers never read a listing.
    from articles.importing.formats import recognising

    content = lines.beginning_of(path) or files.read_content(path)
    is_packed = not isinstance(content, lines.Beginning)
    pictures = Media(media) if media is not None else _beside(path) if is_packed else None
    zone = timezone.get_default_timezone()
    path_read = content.path
    told = Told(columns, lambda: remembered_columns(source(path_read)) if source else {})
    context = Context(zone, clock.now(), progress, explained, pictures, told)
    try:
        _keep_in(Path(settings.VAR_DIR))
        listing = recognising.read(content, context, input_format, dialect)
        return guard.guarded(arrivals.localised(listing))
    except OSError as error:
        reason = f"what is read cannot be kept in {settings.VAR_DIR}: {error.strerror or error}"
        raise files.UnreadableFile(f"{files.shown(path)}: {reason}") from error


def _beside(path: Path) -> Media | None:
    """Return the pictures that lie beside the listing at *path*, if it lies in a ZIP archive."""
    if str(path) == files.STANDARD_INPUT:
        return None
    data = files.read_bytes(files.archive_of(path) or path)
    return (ArchivedMedia(data) or None) if archives.is_plain_zip(data) else None


def _keep_in(folder: Path) -> None:
    """Let what waits between the steps of an import lie in *folder*."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    spool.FOLDER = str(folder)
