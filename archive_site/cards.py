"""The card that a shared link is shown with, and the icon: drawn from the site's name and colours.

A card is 1200 by 630 pixels, as the Open Graph protocol's readers want it. Colours are those of the
light set of `static/site.css`, the site's own where it has them.
"""

import re
from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

from archive_site import site_folder

SIZE = (1200, 630)
#: Pixels that stay empty at each side.
MARGIN = 80
#: Sizes that a headline is tried in, the largest first, and the most lines that it may have.
_HEADLINE = (84, 72, 62, 54, 46)
_LINES = 5
#: Shades between paper and ink are enough for smooth letters, and make a small file.
_SHADES = 48
#: Typefaces by the names of their files, the site's own first; Pillow looks where systems have
#: them. The last resort, which Pillow brings along, knows Latin letters only.
_FACES = (
    "DejaVuSerif-Bold.ttf", "NotoSerif-Bold.ttf", "LiberationSerif-Bold.ttf",
    "NotoSerifCJK-Bold.ttc", "NotoSansArabic-Bold.ttf", "DejaVuSans-Bold.ttf",
)  # fmt: skip
OWN_FACES = ("card.ttf", "card.otf")
_COLOUR = re.compile(r"(--(?:ink|paper|accent|quiet))\s*:\s*(#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3})\s*;")
_WORDS = re.compile(r"\s*(?:[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+)")
_OURS = Path(__file__).resolve().parent / "static" / "site.css"

Font = Any


def colours() -> dict[str, str]:
    """Return ``ink``, ``paper``, ``accent`` and ``quiet`` as CSS writes them."""
    return _colours(site_folder.folder())


@cache
def _colours(folder: Path | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in (_OURS, folder / "static" / "site.css" if folder else None):
        if path is not None and path.is_file():
            # The light set comes first; what stands in a query for the dark is not for cards.
            light = path.read_text(encoding="utf-8").split("prefers-color-scheme: dark")[0]
            found |= {name.removeprefix("--"): value for name, value in _COLOUR.findall(light)}
    return found


@cache
def _font(folder: Path | None, face: str, size: int) -> Font | None:
    """Return a typeface in a size; None if this machine has none of that name."""
    own = folder / "static" / face if folder else None
    try:
        if face in OWN_FACES:
            return ImageFont.truetype(str(own), size) if own and own.is_file() else None
        return ImageFont.truetype(face, size)
    except OSError:
        return None


def _fonts(size: int) -> list[Font]:
    here = site_folder.folder()
    found = [_font(here, face, size) for face in (*OWN_FACES, *_FACES)]
    return [font for font in found if font is not None] + [ImageFont.load_default(size)]


def font_for(text: str, size: int) -> Font | None:
    """Return the first typeface that has every letter of *text*; None if none has."""
    return next((font for font in _fonts(size) if _covers(font, text)), None)


def _covers(font: Font, text: str) -> bool:
    none = bytes(font.getmask("\U0010fffd"))
    return all(bytes(font.getmask(letter)) != none for letter in set(text) if not letter.isspace())


def wrapped(text: str, font: Font, width: int) -> list[str]:
    """Return *text* in lines of at most *width* pixels; scripts without spaces break anywhere."""
    lines: list[str] = []
    line = ""
    for word in _WORDS.findall(text):
        if line and font.getlength(line + word) > width:
            lines.append(line)
            line = word.lstrip()
        else:
            line += word
    return [*lines, line] if line else lines


def card(
    site: str, headline: str = "", kicker: str = "", foot: str = "", *, is_rtl: bool = False
) -> bytes | None:
    """Return the card of an article, or of the site itself, as PNG.

    None if no typeface of this machine has the letters of the headline. With *is_rtl* the headline
    stands on the right.
    """
    tones = colours()
    image = Image.new("RGB", SIZE, tones["paper"])
    draw = ImageDraw.Draw(image)
    width, height = SIZE
    draw.rectangle((MARGIN, 56, width - MARGIN, 68), fill=tones["ink"])
    draw.rectangle((MARGIN, 74, width - MARGIN, 76), fill=tones["ink"])
    title = headline or site
    font, lines = _fitting(title, width - 2 * MARGIN)
    if font is None:
        return None
    top = 130
    if headline:
        _line(draw, site, (MARGIN, 100), 34, tones["ink"])
        top = 185
    if kicker and (label := _line(draw, kicker.upper(), (MARGIN, top), 26, tones["accent"])):
        top += label + 14
    step = round(font.size * 1.16)
    # The site's name stands in the middle, a headline at the head.
    top = top if headline else (height - step * len(lines)) // 2
    side, anchor = (width - MARGIN, "ra") if is_rtl else (MARGIN, "la")
    for number, line in enumerate(lines):
        draw.text((side, top + number * step), line, font=font, fill=tones["ink"], anchor=anchor)
    if foot:
        _line(draw, foot, (MARGIN, height - 96), 30, tones["quiet"])
    draw.rectangle((MARGIN, height - 44, MARGIN + 120, height - 36), fill=tones["accent"])
    return _png(image)


def _fitting(text: str, width: int) -> tuple[Font | None, Sequence[str]]:
    """Return the largest typeface in which *text* has few enough lines, and the lines."""
    font, lines = None, []
    for size in _HEADLINE:
        font = font_for(text, size)
        if font is None:
            return None, []
        lines = wrapped(text, font, width)
        if len(lines) <= _LINES - 1:
            return font, lines
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1] + " …"]
    return font, lines


def _line(draw: Any, text: str, at: tuple[int, int], size: int, fill: str) -> int:
    """Set one line, cut to what fits; return its height, 0 if no typeface has its letters."""
    font = font_for(text, size)
    if font is None:
        return 0
    lines = wrapped(text, font, SIZE[0] - 2 * MARGIN)
    shown = lines[0] if len(lines) == 1 else f"{lines[0]} …"
    draw.text(at, shown, font=font, fill=fill)
    return size


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.quantize(_SHADES, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def site_card(folder: Path | None, name: str) -> bytes:
    """Return the card of the site; *folder* is the site's own, where its colours are."""
    found = card(name)
    # Of a name in letters that this machine has no typeface for, the lines alone.
    return found if found is not None else card("-") or b""


# The icon


def letter(name: str) -> str:
    """Return the letter that stands for the site: the first of its name, articles apart."""
    words = [word for word in name.split() if word.casefold() not in {"the", "der", "die", "das"}]
    return next((sign for sign in "".join(words or name.split()) if sign.isalnum()), "·").upper()


def icon_svg(name: str) -> bytes:
    """Return the icon as SVG: the letter on the accent."""
    tones = colours()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
        f'<rect width="32" height="32" rx="3" fill="{tones["accent"]}"/>'
        f'<text x="16" y="24" text-anchor="middle" font-family="Charter,Cambria,Georgia,serif"'
        f' font-weight="700" font-size="23" fill="{tones["paper"]}">{escape(letter(name))}</text>'
        "</svg>"
    ).encode()


@cache
def icon_ico(folder: Path | None, name: str) -> bytes:
    """Return the icon for browsers that know no SVG, in two sizes."""
    tones = colours()
    side = 256
    image = Image.new("RGB", (side, side), tones["accent"])
    sign = letter(name)
    font = font_for(sign, 190)
    if font is not None:
        draw = ImageDraw.Draw(image)
        draw.text((side // 2, side // 2), sign, font=font, fill=tones["paper"], anchor="mm")
    out = BytesIO()
    image.save(out, "ICO", sizes=[(32, 32), (48, 48)])
    return out.getvalue()
