"""Portraits of authors: three sizes of a picture that somebody uploaded, without its metadata.

A portrait is stored as ``{"sizes": [[width, height, name], ...], "alt": str, "credit": str}``, the
smallest first; its files are those of `articles.pictures`. What was uploaded is not kept.
"""

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _

from articles import pictures, sizing
from articles.cleaning import clean_line

#: Widths in pixels: on a page 160 CSS pixels wide, for screens of one, two and more to each.
WIDTHS = (160, 320, 640)
#: No portrait is higher than this times its width.
HIGHEST = 2
MOST_BYTES = sizing.MOST_BYTES
TEXT_LENGTH = 300


def make(file: IO[bytes], alt: str = "", credit: str = "") -> dict[str, Any]:
    """Return the portrait that an uploaded *file* shows, its sizes stored.

    Raises `ValueError`, in words for the one who uploaded it, for what is no picture, or too large.
    """
    picture, _kind = sizing.opened(file.read(MOST_BYTES + 1), WIDTHS[-1], WIDTHS[-1] * HIGHEST)
    picture = sizing.on_white(picture)
    sizes: list[list[Any]] = []
    for most in WIDTHS:
        if sizes and picture.width <= sizes[-1][0]:
            break
        width, height, content = sizing.scaled(picture, most, most * HIGHEST, "jpg")
        sizes.append([width, height, pictures.keep(content, "jpg")])
    return clean({"sizes": sizes, "alt": alt, "credit": credit})


def clean(value: Any) -> dict[str, Any]:
    """Return a portrait as it may be stored, ``{}`` for none. Raises `ValueError`."""
    if not value:
        return {}
    try:
        sizes = [(int(width), int(height), str(name)) for width, height, name in value["sizes"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(_("is no portrait")) from error
    if (
        not sizes
        or len(sizes) > len(WIDTHS)
        or not all(
            pictures.is_name(name) and width > 0 and height > 0 for width, height, name in sizes
        )
    ):
        raise ValueError(_("is no portrait"))
    words = {
        name: clean_line(str(value.get(name) or ""), TEXT_LENGTH) for name in ("alt", "credit")
    }
    # Lists, as they come back from the database: a save that alters nothing finds them the same.
    return {"sizes": [list(size) for size in sizes], **words}


def clean_on(author: Any) -> dict[str, str]:
    """Clean the portrait of *author*; return what is wrong with it by the field's name, if so."""
    try:
        author.portrait = clean(author.portrait)
    except ValueError as error:
        return {"portrait": str(error)}
    return {}


def largest(portrait: Mapping[str, Any]) -> str:
    """Return the name of the largest size, or ``""``."""
    return str(portrait["sizes"][-1][2]) if portrait else ""
