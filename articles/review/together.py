"""What is one doubt of one listing, though each of its entries has it. Pure."""

import hashlib
import re

#: Doubts whose cause lies in the listing, or in how it was read, and not in one of its entries.
OF_LISTINGS = frozenset(
    {
        "field-implausible", "layout-unsure", "rejected", "entry-gone", "date-order-unknown",
        "year-short", "body-left-out", "text-left-out", "markup-left-out", "picture-left-out",
    }
)  # fmt: skip
#: So many of one doubt stand each for itself in the queue: with more, they are one row of it.
MOST_APART = 20

#: What a reason says of one entry alone: the words in question, and numbers.
_OWN_WORDS = re.compile(r"“.*”|\d+")


def key_of(source: str, code: str, message: str) -> str:
    """Return what all findings have in common that are one doubt of the listings of *source*;
    ``""`` if each is a doubt of its own."""
    if code not in OF_LISTINGS:
        return ""
    reason = "" if code == "entry-gone" else _OWN_WORDS.sub("…", message)
    return hashlib.sha256("\n".join((source, code, reason)).encode()).hexdigest()[:32]
