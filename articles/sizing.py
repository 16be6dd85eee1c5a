"""Pictures that somebody gave, made small and bare: looked at, put upright, and scaled.

What is taken is told by the first bytes of a file and not by its name. Nothing is kept but pixels:
neither EXIF, with its places and times, nor a profile, a comment or a thumbnail.
"""

import warnings
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

#: Bytes and pixels of the largest picture that is taken: decoded, 40 megapixels are 120 MB.
MOST_BYTES = 12 * 2**20
MOST_PIXELS = 40_000_000
#: What is taken, and the ending that each is stored with.
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
QUALITY = 82


def opened(
    content: bytes, width: int, height: int, most: int = MOST_BYTES
) -> tuple[Image.Image, str]:
    """Return the picture in *content*, upright, and the ending of its kind.

    It is to be shown *width* by *height* at most: a JPEG is read at a fraction of its size if that
    is enough. Colours are those of RGB, grey, or either with transparency. Raises `ValueError`, in
    words for whoever gave it, for what is no picture, too large, or moves.
    """
    if len(content) > most:
        raise ValueError(_("The file is larger than %d MB.") % (most // 2**20))
    with warnings.catch_warnings():
        # The size is judged below, before a pixel is read.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            found: Image.Image = Image.open(BytesIO(content), formats=tuple(FORMATS))
            if found.width * found.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            kind = FORMATS.get(found.format or "", "jpg")
            # Of the many frames of a camera's JPEG the first is the picture.
            is_moving = kind != "jpg" and getattr(found, "is_animated", False)
            found.draft("RGB", (width, height))
            found.load()
            found = ImageOps.exif_transpose(found)
        except Image.DecompressionBombError as error:
            raise ValueError(
                _("The picture has more than %d million pixels.") % (MOST_PIXELS // 1_000_000)
            ) from error
        # Pillow says of broken files whatever its decoders say.
        except Exception as error:
            raise ValueError(_("This is no JPEG, PNG or WebP that can be read.")) from error
    if is_moving:
        raise ValueError(_("The picture moves. Only still ones are taken."))
    return _plain(found), kind


def _plain(found: Image.Image) -> Image.Image:
    """Return a picture in one of four kinds of colour."""
    if found.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in found.info:
        return found.convert("RGBA")
    if found.mode.startswith("I"):
        # Sixteen bits of grey, as scanners write them.
        return found.point(lambda value: value / 256).convert("L")
    return found.convert("L" if found.mode in ("1", "L") else "RGB")


def on_white(picture: Image.Image) -> Image.Image:
    """Return *picture* in RGB, what is transparent in it white."""
    if picture.mode == "RGBA":
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    return picture.convert("RGB")


def scaled(picture: Image.Image, width: int, height: int, kind: str) -> tuple[int, int, bytes]:
    """Return *picture* within *width* by *height*, never larger than it is, as a file of *kind*,
    with its width and height in pixels."""
    small = picture.copy()
    small.thumbnail((width, height), Image.Resampling.LANCZOS)
    small.info = {}
    out = BytesIO()
    if kind == "jpg":
        on_white(small).save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    elif kind == "png":
        small.save(out, "PNG", optimize=True)
    else:
        small.save(out, "WEBP", quality=QUALITY)
    return small.width, small.height, out.getvalue()
