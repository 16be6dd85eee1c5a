"""Reading lists: articles by their permanent keys, in the order of an address. Pure.

Nothing is stored. ``/list/?keys=0j230pgm,7k3fq00a`` is the list itself.
"""

import re
from collections.abc import Sequence

from articles.public_keys import is_key, normalise_key

#: Most articles of one list: 900 characters of an address, which every browser and proxy takes.
MOST = 100

_SEPARATOR = re.compile(r"[\s,;]+")
# A permanent link, or the address of one of its files.
_LINK = re.compile(r"/a/([^/?#.]+)(?:[/?#.].*)?$", re.DOTALL)


def read_picks(text: str) -> tuple[list[str], list[str]]:
    """Return the keys that *text* names, each once and in order, and the words that name none.

    Keys may be typed in any case, with separators as they come, or stand in permanent links.
    """
    keys: dict[str, None] = {}
    others: list[str] = []
    for word in filter(None, _SEPARATOR.split(text)):
        link = _LINK.search(word)
        key = normalise_key(link.group(1) if link else word)
        if is_key(key):
            keys[key] = None
        else:
            others.append(word)
    return list(keys), others


def picks_text(keys: Sequence[str]) -> str:
    """Return *keys* as they stand in an address."""
    return ",".join(keys)
