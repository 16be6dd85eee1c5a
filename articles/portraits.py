"""Portraits of authors: three sizes of a picture that somebody uploaded, without its metadata.

A portrait is stored as ``{"sizes": [[width, height, name], ...], "alt": str, "credit": str}``, the
smallest first; its files are those of `articles.pictures`. What was uploaded is not kept.
"""

import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from articles import pictures
from articles.cleaning import clean_line

#: Widths in pixels: on a page 160 CSS pixels wide, for screens of one, two and more to each.
WIDTHS = (160, 320, 640)
#: No portrait is higher than this times its width.
HIGHEST = 2
#: Bytes and pixels of the largest picture that is taken: decoded, 40 megapixels are 120 MB.
MOST_BYTES = 12 * 2**20
MOST_PIXELS = 40_000_000
#: What is taken, by the first bytes of the file and not by its name.
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
TEXT_LENGTH = 300


def make(file: IO[bytes], alt: str = "", credit: str = "") -> dict[str, Any]:
    """Return the portrait that an uploaded *file* shows, its sizes stored.

    Raises `ValueError`, in words for the one who uploaded it, for what is no picture, or too large.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(_("The file is larger than %d MB.") % (MOST_BYTES // 2**20))
    picture = _opened(content)
    sizes: list[list[Any]] = []
    for width in WIDTHS:
        if sizes and picture.width <= sizes[-1][0]:
            break
        small = picture.copy()
        # Never larger than it is.
        small.thumbnail((width, width * HIGHEST), Image.Resampling.LANCZOS)
        out = BytesIO()
        # Neither EXIF nor a profile: pixels only.
        small.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        sizes.append([small.width, small.height, pictures.keep(out.getvalue(), "jpg")])
    return clean({"sizes": sizes, "alt": alt, "credit": credit})


def _opened(content: bytes) -> Image.Image:
    """Return a picture upright and in plain colours. Raises `ValueError`."""
    with warnings.catch_warnings():
        # The size is judged below, before a pixel is read.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            found: Image.Image = Image.open(BytesIO(content), formats=FORMATS)
            if found.width * found.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            # A JPEG is read at a fraction of its size if that is enough.
            found.draft("RGB", (WIDTHS[-1], WIDTHS[-1] * HIGHEST))
            found.load()
            found = ImageOps.exif_transpose(found)
            if found.mode in ("RGBA", "LA", "PA") or "transparency" in found.info:
                ground = Image.new("RGBA", found.size, "white")
                found = Image.alpha_composite(ground, found.convert("RGBA"))
            return found.convert("RGB")
        except Image.DecompressionBombError as error:
            raise ValueError(
                _("The picture has more than %d million pixels.") % (MOST_PIXELS // 1_000_000)
            ) from error
        # Pillow says of broken files whatever its decoders say.
        except Exception as error:
            raise ValueError(_("This is no JPEG, PNG or WebP that can be read.")) from error


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
