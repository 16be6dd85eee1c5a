"""Files beside the database: those that a removal takes along, and the backups that it cannot."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from articles.redacting.places import readable
from articles.redacting.words import Recogniser, blank

#: Files of the archive that are read as text: what a listing, a plan or an export may be.
_TEXTS = {".json", ".csv", ".txt", ".html", ".xml", ".bib", ".ris", ".tsv", ".md", ".ndjson"}
#: Folders of `VAR_DIR` with nothing that an import or an export left there.
_OTHERS = {"static", "media"}
_LARGEST = 300_000_000


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made before a moment: it still holds what was removed then."""

    path: Path
    made: datetime.datetime


def holds(text: str, known: Recogniser) -> bool:
    """Whether what *known* recognises stands in *text*."""
    return blank(text, known) != text


def files_with(wanted: Callable[[str], bool]) -> list[Path]:
    """Return the files in `VAR_DIR`, by name or content, for which *wanted* is true."""
    return [path for path in _files() if wanted(path.name) or any(map(wanted, _texts(path)))]


def _files() -> Iterator[Path]:
    folder = Path(settings.VAR_DIR)
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix.lower() in _TEXTS and inside.parts[0] not in _OTHERS and path.is_file():
            yield path


def _texts(path: Path) -> Iterator[str]:
    if path.stat().st_size <= _LARGEST:
        yield from readable(path.read_bytes())


def pictures() -> bool:
    """Whether there are pictures or documents, which no program reads here."""
    folder = Path(settings.MEDIA_ROOT)
    return folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))


def remove(files: Iterable[Path]) -> None:
    """Remove files; those that are gone already are."""
    for path in files:
        path.unlink(missing_ok=True)


def backups(before: datetime.datetime, folder: Path | None = None) -> list[Backup]:
    """Return the backups in *folder* (the setting `BACKUP_DIR`) that are older than *before*, the
    oldest first: folders of `deploy/backup`, and whatever else lies there."""
    place = folder or (Path(settings.BACKUP_DIR) if settings.BACKUP_DIR else None)
    if place is None or not place.is_dir():
        return []
    found = [
        Backup(path, datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC))
        for path in place.iterdir()
        if path.name.startswith("backup-") or path.is_file()
    ]
    return sorted((one for one in found if one.made < before), key=lambda one: one.made)


def unseen() -> list[str]:
    """Return in words what may still hold what was removed, and cannot be looked into from here."""
    return [
        "backups elsewhere: copies on other machines, snapshots of disks and of the machine",
        "replicas of the database, until they have caught up, and archived write-ahead logs",
        "caches in front of the site, browsers and search engines, until they ask again;"
        " a shared store (CACHE_URL) gives nothing of it out and forgets it within an hour",
        "logs of the web server, which name addresses",
        "browsers of editors, which keep words that were typed and not saved for 14 days",
        "files that were given away: exports, listings, citations, and what readers kept",
    ]
