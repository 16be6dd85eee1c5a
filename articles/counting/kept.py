"""The postings as a file in VAR_DIR, so that a process that starts need not read the whole archive.

The file says of which version of the content it is, and what changed since is read again, as a
running process does. It is no truth of its own: one that is missing, cut short, or of another
history than the database's is passed over, and written anew by whoever reads the archive then.
"""

import contextlib
import datetime
import hashlib
import json
import logging
import os
import sys
import tempfile
from array import array
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from articles.content_version import Content
from articles.counting.postings import Ask, Postings
from articles.counting.sets import Kind

#: Smaller archives are read in less than a second.
LEAST = 20_000
_log = logging.getLogger(__name__)


def file() -> Path:
    """Return where the postings are kept."""
    return Path(settings.VAR_DIR) / "counting.bin"


def _form(kind: Kind) -> list[Any]:
    """Return what must be alike where the file is written and where it is read; the first number
    is another whenever postings are made of something else."""
    return [1, type(kind).__name__, sys.byteorder, array("I").itemsize]


def save(postings: Postings, content: Content) -> None:
    """Write the *postings* of this *content* down, if they are worth it. Never raises for a folder
    that cannot be written: then the next process reads the archive as this one did."""
    if postings.size < LEAST:
        return
    terms, months, days = postings.parts()
    pack = postings.kind.packed
    blobs = [days.tobytes(), *map(pack, terms.values()), *map(pack, months.values())]
    body = b"".join(blobs)
    head = {
        "form": _form(postings.kind),
        "version": content.version,
        "changed": content.changed.isoformat(),
        "terms": list(terms),
        "months": list(months),
        "lengths": list(map(len, blobs)),
        "digest": hashlib.blake2b(body).hexdigest(),
    }
    try:
        descriptor, name = tempfile.mkstemp(dir=file().parent, prefix="counting-")
        try:
            with os.fdopen(descriptor, "wb") as target:
                target.write(json.dumps(head).encode() + b"\n" + body)
            Path(name).replace(file())
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        _log.info("What is counted cannot be kept: %s", error)


def load(kind: Kind, ask: Ask) -> tuple[Postings, Content] | None:
    """Return the postings that were kept, and the content that they are of; None if there are none
    that this process can use."""
    try:
        with file().open("rb") as source:
            head = json.loads(source.readline())
            body = source.read()
        if head["form"] != _form(kind) or head["digest"] != hashlib.blake2b(body).hexdigest():
            return None
        content = Content(head["version"], datetime.datetime.fromisoformat(head["changed"]))
        return _read(kind, ask, head, body), content
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.info("What is counted was not kept well, and is read anew: %s", error)
        return None


def _read(kind: Kind, ask: Ask, head: Mapping[str, Any], body: bytes) -> Postings:
    blobs, start = [], 0
    for length in head["lengths"]:
        blobs.append(body[start : start + length])
        start += length
    days = array("I", blobs[0])
    unpack: Callable[[bytes], Any] = kind.unpacked
    count = 1 + len(head["terms"])
    terms = dict(zip(head["terms"], map(unpack, blobs[1:count]), strict=True))
    months = dict(zip(head["months"], map(unpack, blobs[count:]), strict=True))
    return Postings(kind, terms, months, days, ask)
