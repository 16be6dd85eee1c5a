"""Files that are there whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes, *, over: bool = False) -> None:
    """Write *content* to *path*, unless a file is there, or *over* it. Raises `OSError`.

    It is written aside and moved into place, so that nobody is ever shown half of it; its name is
    made from its content, so that what is there is the same.
    """
    if path.exists() and not over:
        return
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
