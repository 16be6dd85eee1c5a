"""Storing the pictures of a listing, before the rows that show them commit."""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from articles import pictures
from articles.importing.formats.media import MOST_BYTES


def store(found: Iterable[tuple[str, Callable[[], bytes]]]) -> list[str]:
    """Copy pictures, as (name, what reads it), to where they are shown from; those that are there
    stay. Return the names of the others.

    Raises `OSError` for a file that cannot be copied or is no longer what it was when the listing
    was read. A picture of an import that is rolled back stays on the disk, unseen, for the next
    attempt. Smaller widths are made when the rows are there: nobody waits for them meanwhile.
    """
    new = []
    for name, read in found:
        if pictures.path_of(name).exists():
            continue
        content = read()
        if len(content) > MOST_BYTES or hashlib.sha256(content).hexdigest() != name[:64]:
            raise OSError(f"{name}: the picture changed since the listing was read")
        pictures.keep(content, name.rpartition(".")[2])
        new.append(name)
    return new


def make_widths(names: Sequence[str]) -> None:
    """Make smaller widths of pictures that were copied, and leave out what they tell of places and
    times."""
    for name in names:
        pictures.make_again(name)
