"""Storing the pictures of a listing, before the rows that show them commit."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from articles.importing.formats.media import MOST_BYTES
from articles.pictures import path_of


def store(found: Iterable[tuple[str, str]]) -> None:
    """Copy pictures, as (name, file), to where they are shown from; those that are there stay.

    Raises `OSError` for a file that cannot be copied or is no longer what it was when the listing
    was read. Each is written aside and moved into place, so that nobody is ever shown half of one.
    A picture of an import that is rolled back stays on the disk, unseen, for the next attempt.
    """
    for name, file in found:
        path = path_of(name)
        if path.exists():
            continue
        content = Path(file).read_bytes()
        if len(content) > MOST_BYTES or hashlib.sha256(content).hexdigest() != name[:64]:
            raise OSError(f"{file}: the picture changed since the listing was read")
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(descriptor, "wb") as copy:
                copy.write(content)
                copy.flush()
                os.fsync(copy.fileno())
            Path(aside).chmod(0o640)
            Path(aside).rename(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
