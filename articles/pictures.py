"""Pictures of bodies, and portraits: files under `MEDIA_ROOT`, named by what they hold.

A name is the SHA-256 of the file and its kind, so that a picture is stored once, never changes, and
can be kept by browsers for ever.
"""

import hashlib
import re
from pathlib import Path

from django.conf import settings

from articles.whole_files import write_whole

#: What a picture may be, by the ending of its name.
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_NAME = re.compile(rf"[0-9a-f]{{64}}\.(?:{'|'.join(TYPES)})", re.ASCII)


def is_name(name: str) -> bool:
    """Whether *name* can be that of a picture."""
    return _NAME.fullmatch(name) is not None


def path_of(name: str) -> Path:
    """Return where the picture *name* lies; raise `ValueError` for what is no name of one."""
    if not is_name(name):
        raise ValueError(f"not the name of a picture: {name[:80]!r}")
    return Path(settings.MEDIA_ROOT) / "pictures" / name[:2] / name


def keep(content: bytes, kind: str) -> str:
    """Store a picture of *kind*, an ending of `TYPES`; return its name. Raises `OSError`.

    One that no row names in the end stays on the disk, unseen.
    """
    name = f"{hashlib.sha256(content).hexdigest()}.{kind}"
    write_whole(path_of(name), content)
    return name
