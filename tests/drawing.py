"""Pictures for tests, drawn when they are needed."""

import io
from typing import Any

from PIL import Image

#: What cameras write into a file beside the picture, and nobody wants to publish.
SECRET = "Taken at home"


def drawn(
    kind: str = "JPEG", size: tuple[int, int] = (900, 600), *, mode: str = "RGB", **options: Any
) -> bytes:
    """Return a file of *kind* that shows a gradient, dark above; *options* are those of Pillow."""
    out = io.BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    if mode == "RGBA":
        image.putalpha(128)
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Return EXIF with a place, a title, and how the camera was held."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = SECRET
    found[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    return found
