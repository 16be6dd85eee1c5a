"""Pictures of a body as a page shows them: the width that fits, and no jump when they arrive.

What is stored says which picture, its words and its measures; how browsers choose among its widths
is added here, so that it can be changed without touching a text.
"""

import re

from articles.cleaning import PICTURE
from articles.pictures import WIDTHS, at_width

# A cleaned body is what nh3 wrote: values stand in double quotes, and brackets only around tags.
_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
#: The measure of a text (``--measure`` of site.css), and on a phone the width of that.
SIZES = "(min-width: 41rem) 38rem, 92vw"


def with_widths(body: str) -> str:
    """Return a cleaned *body* whose pictures name their smaller widths, and load when needed."""
    return _IMAGE.sub(_shown, body) if "<img" in body else body


def _shown(found: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(found[1]))
    address, width = attributes.get("src", ""), int(attributes.get("width") or 0)
    more = ""
    # What moves is kept as it was given.
    if PICTURE.fullmatch(address) and not address.endswith(".gif"):
        smaller = [most for most in WIDTHS[:-1] if most < width]
        if smaller:
            widths = [f"{at_width(address, most)} {most}w" for most in smaller]
            largest = f"{address} {min(width, WIDTHS[-1])}w"
            more = f' srcset="{", ".join([*widths, largest])}" sizes="{SIZES}"'
    return f'<img{found[1]}{more} loading="lazy" decoding="async">'
