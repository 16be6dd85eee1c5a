"""The folder of the site's own, `SITE_DIR`: what stands in place of ours, and beside it.

``templates/`` is looked through before ours, ``locale/`` too; what lies in ``static/`` is served
under ``/static/site/``. Three names there have a meaning: ``site.css``, which every page loads
after ours; ``logo.svg`` or ``logo.png``, shown in place of the name; ``favicon.svg`` or
``favicon.png``.
"""

import re
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

#: Under ``/static/``, where the site's own files are served, apart from ours.
PREFIX = "site"
LOGOS = ("logo.svg", "logo.png")
ICONS = ("favicon.svg", "favicon.png")

_VIEW_BOX = re.compile(r"viewBox\s*=\s*[\"']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the site's own: its name below ``static/`` and its size in pixels, or 0."""

    name: str
    width: int = 0
    height: int = 0


def folder() -> Path | None:
    """Return the site's folder; None if it has none."""
    found: Path | None = settings.SITE_DIR
    return found


def own(name: str) -> str:
    """Return the path of a static file of the site's own, below ``/static/``, or ``""``."""
    here = folder()
    return "" if here is None or not _is_there(here, name) else f"{PREFIX}/{name}"


@cache
def _is_there(here: Path, name: str) -> bool:
    """Whether the site has the file. Asked once: what changes there is seen after a restart."""
    return (here / "static" / name).is_file()


def logo() -> Picture | None:
    """Return the site's logo, if it has one."""
    return _first(LOGOS)


def icon() -> Picture | None:
    """Return the site's own icon, if it has one."""
    return _first(ICONS)


def _first(names: tuple[str, ...]) -> Picture | None:
    here = folder()
    if here is None:
        return None
    return next((_picture(here, name) for name in names if _is_there(here, name)), None)


@cache
def _picture(here: Path, name: str) -> Picture:
    """Return the picture with its size, so that browsers leave room for it before it arrives."""
    data = (here / "static" / name).read_bytes()[:4096]
    if data.startswith(_PNG) and len(data) >= 24:
        return Picture(f"{PREFIX}/{name}", *struct.unpack(">II", data[16:24]))
    box = _VIEW_BOX.search(data.decode("utf-8", "replace"))
    size = (round(float(box[1])), round(float(box[2]))) if box else (0, 0)
    return Picture(f"{PREFIX}/{name}", *size)
