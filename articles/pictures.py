"""Pictures of bodies, and portraits: files under `MEDIA_ROOT`, named by what was given.

A name is a SHA-256 and a kind, so that a picture is stored once, never changes, and can be kept by
browsers for ever. Of a picture of a body it is that of the file that somebody gave; what is stored
is made from it, in up to three widths: the largest has the name, and the smaller ones have theirs
in addition (``0a….jpg``, ``0a…-480.jpg``). What was given is not kept.
"""

import hashlib
import re
from pathlib import Path

from django.conf import settings
from PIL import Image

from articles import sizing
from articles.whole_files import write_whole

#: What a picture may be, by the ending of its name.
TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
#: Widths in pixels, the largest last: a text is 640 CSS pixels wide, and a phone less.
WIDTHS = (480, 960, 1600)
#: No side of what is stored is longer than formats and browsers can do.
LONGEST = 16_000
_SMALL = "|".join(map(str, WIDTHS[:-1]))
_NAME = re.compile(rf"[0-9a-f]{{64}}(?:-(?:{_SMALL}))?\.(?:{'|'.join(TYPES)})", re.ASCII)


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


def at_width(name: str, width: int) -> str:
    """Return the name of the picture *name* at one of the smaller `WIDTHS`."""
    stem, _dot, kind = name.rpartition(".")
    return f"{stem}-{width}.{kind}"


def largest_of(name: str) -> str:
    """Return the name of the picture that *name* is a width of."""
    return f"{name[:64]}.{name.rpartition('.')[2]}"


def files_of(name: str) -> list[Path]:
    """Return where a picture of a body can lie, in all its widths."""
    return [path_of(name), *(path_of(at_width(name, width)) for width in WIDTHS[:-1])]


def make(content: bytes) -> tuple[str, int, int]:
    """Store the picture that somebody gave, in its widths and without metadata; return its name,
    and the width and height of the largest in pixels.

    Raises `ValueError`, in words for whoever gave it, for what is no picture, or too large; and
    `OSError`.
    """
    picture, kind = sizing.opened(content, WIDTHS[-1], LONGEST)
    name = f"{hashlib.sha256(content).hexdigest()}.{kind}"
    return name, *_store(name, picture, kind)


def make_again(name: str) -> bool:
    """Make of the picture *name*, stored as it was given, what `make` would have made of it; return
    whether that was done. What cannot be made smaller (GIF, what moves) stays as it is."""
    content = path_of(name).read_bytes()
    if hashlib.sha256(content).hexdigest() != name[:64]:
        return False
    try:
        picture, kind = sizing.opened(content, WIDTHS[-1], LONGEST, len(content))
    except ValueError:
        return False
    _store(name, picture, kind)
    return True


def _store(name: str, picture: Image.Image, kind: str) -> tuple[int, int]:
    *smaller, largest = (
        (width, *sizing.scaled(picture, width, LONGEST, kind))
        for width in WIDTHS
        if width < picture.width or width == WIDTHS[-1]
    )
    for most, _width, _height, content in smaller:
        write_whole(path_of(at_width(name, most)), content)
    # The last: where it is, the others are. It takes the place of what was given.
    _most, width, height, content = largest
    write_whole(path_of(name), content, over=True)
    return width, height
