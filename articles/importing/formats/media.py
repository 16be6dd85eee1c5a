"""Pictures of an old site, looked up in a copy of its uploads: a folder, or a ZIP archive.

A file is taken if it is what its first bytes say, and they say PNG, JPEG, GIF or WebP. Nothing
outside the folder is ever looked at, also not through a link that lies in it; of an archive
nothing is ever unpacked to disk.
"""

import hashlib
import os
import re
import stat
import warnings
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from PIL import Image

from articles.importing.files import UnreadableFile, shown
from articles.importing.formats import archives
from articles.importing.formats.archives import ArchiveProblem

#: The largest picture that is taken: bytes, and pixels.
MOST_BYTES = 20 * 2**20
MOST_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
#: EXIF 2.32, section 4.6.4: values from 5 on swap width and height.
_ORIENTATION, _SIDEWAYS = 0x0112, 5
#: A smaller version that the old site made of a picture: lamp-300x200.jpg.
_SIZED = re.compile(r"-[0-9]{1,5}x[0-9]{1,5}(?=\.[A-Za-z]{3,4}$)|-scaled(?=\.[A-Za-z]{3,4}$)")
_MOST_SEGMENTS = 12


class Media:
    """A folder with a copy of uploads; ``found`` has the pictures that bodies hold, by name, and
    ``measures`` their width and height in pixels, as far as they are known."""

    def __init__(self, folder: Path) -> None:
        """Raise `UnreadableFile` for what is no folder that can be read."""
        try:
            self.folder = folder.resolve(strict=True)
            is_folder = self.folder.is_dir() and os.access(self.folder, os.R_OK | os.X_OK)
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UnreadableFile(f"{shown(folder)[:200]}: {reason}") from error
        if not is_folder:
            raise UnreadableFile(f"{shown(folder)}: not a folder that can be read")
        self.found: dict[str, Callable[[], bytes]] = {}
        self.measures: dict[str, tuple[int, int]] = {}
        self._known: dict[str, str | None] = {}

    def find(self, address: str) -> str | None:
        """Return the name under which the picture at *address* is kept here.

        None if the folder does not have it; ``""`` if what it has is no picture that is taken.
        """
        if address not in self._known:
            self._known[address] = self._look(address)
        return self._known[address]

    def _look(self, address: str) -> str | None:
        try:
            path = unquote(urlsplit(address).path)
        except ValueError:
            return None
        segments = [part for part in path.split("/") if part not in ("", ".")]
        if ".." in segments or "\0" in path or not segments:
            return None
        # The folder may be a copy of any of those that the address names.
        for start in range(max(0, len(segments) - _MOST_SEGMENTS), len(segments)):
            *above, last = segments[start:]
            for name in dict.fromkeys((last, _SIZED.sub("", last))):
                taken = self._take_at((*above, name))
                if taken is not None:
                    return taken
        return None

    def _take_at(self, place: tuple[str, ...]) -> str | None:
        file = self._inside(self.folder.joinpath(*place))
        if file is None:
            return None
        try:
            size = file.stat().st_size
        except OSError:
            return ""
        return self._take(size, file.read_bytes)

    def _inside(self, path: Path) -> Path | None:
        try:
            real = path.resolve(strict=True)
            inside = real.is_relative_to(self.folder) and stat.S_ISREG(real.stat().st_mode)
        except (OSError, ValueError, RuntimeError):
            return None
        return real if inside else None

    def _take(self, size: int, read: Callable[[], bytes]) -> str:
        try:
            content = read() if size <= MOST_BYTES else b""
        except (OSError, ArchiveProblem):
            return ""
        kind = kind_of(content)
        if not kind or len(content) > MOST_BYTES:
            return ""
        name = f"{hashlib.sha256(content).hexdigest()}.{kind}"
        if measures := measured(content):
            if measures[0] * measures[1] > MOST_PIXELS:
                return ""
            self.measures[name] = measures
        self.found[name] = read
        return name


class ArchivedMedia(Media):
    """The pictures of a ZIP archive, in which they stand beside the export of their site."""

    def __init__(self, data: bytes) -> None:
        """*data* is the archive. Raises `ArchiveProblem` if it breaks a limit."""
        self.found, self.measures, self._known = {}, {}, {}
        self._data = data
        self._sizes = archives.pictures(data)
        # Any of the folders above them may be the one that addresses begin with.
        folder = archives.folder_of(list(self._sizes))
        ends = [place + 1 for place, letter in enumerate(folder) if letter == "/"]
        self._folders = ["", *(folder[:end] for end in ends)]

    def __bool__(self) -> bool:
        return bool(self._sizes)

    def _take_at(self, place: tuple[str, ...]) -> str | None:
        for folder in self._folders:
            name = folder + "/".join(place)
            if name in self._sizes:
                read = partial(archives.read_picture, self._data, name, MOST_BYTES)
                return self._take(self._sizes[name], read)
        return None


def kind_of(content: bytes) -> str:
    """Return ``png``, ``jpg``, ``gif`` or ``webp`` by the first bytes; ``""`` for all else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return ""


def measured(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels of a picture as it is shown, without reading its pixels;
    None for one that says nothing of them."""
    with warnings.catch_warnings():
        # The size is judged by the caller.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            found = Image.open(BytesIO(content), formats=_FORMATS)
            turned = found.getexif().get(_ORIENTATION, 1) >= _SIDEWAYS
        # Pillow says of broken files whatever its decoders say.
        except Exception:
            return None
    return (found.height, found.width) if turned else (found.width, found.height)
