"""Pictures of an old site, looked up in a copy of its uploads.

A file is taken if it is what its first bytes say, and they say PNG, JPEG, GIF or WebP. Nothing
outside the folder is ever looked at, also not through a link that lies in it.
"""

import hashlib
import os
import re
import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

from articles.importing.files import UnreadableFile, shown

#: The largest picture that is taken.
MOST_BYTES = 20 * 2**20
#: A smaller version that the old site made of a picture: lamp-300x200.jpg.
_SIZED = re.compile(r"-[0-9]{1,5}x[0-9]{1,5}(?=\.[A-Za-z]{3,4}$)|-scaled(?=\.[A-Za-z]{3,4}$)")
_MOST_SEGMENTS = 12


class Media:
    """A folder with a copy of uploads; ``found`` has the pictures that bodies hold, by name."""

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
        self.found: dict[str, str] = {}
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
                file = self._inside(self.folder.joinpath(*above, name))
                if file is not None:
                    return self._take(file)
        return None

    def _inside(self, path: Path) -> Path | None:
        try:
            real = path.resolve(strict=True)
            inside = real.is_relative_to(self.folder) and stat.S_ISREG(real.stat().st_mode)
        except (OSError, ValueError, RuntimeError):
            return None
        return real if inside else None

    def _take(self, file: Path) -> str:
        try:
            if file.stat().st_size > MOST_BYTES:
                return ""
            content = file.read_bytes()
        except OSError:
            return ""
        kind = kind_of(content)
        if not kind or len(content) > MOST_BYTES:
            return ""
        name = f"{hashlib.sha256(content).hexdigest()}.{kind}"
        self.found[name] = str(file)
        return name


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
