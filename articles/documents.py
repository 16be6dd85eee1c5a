"""Files of articles: what they may be, told by what they hold, and where they lie.

A file lies under `MEDIA_ROOT` by the SHA-256 of what it holds, so that it is stored once and never
changes; it goes with the last article that has it. It is never shown by a browser as a page of this
site: see `articles.views.attachment`.
"""

import fcntl
import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from articles.choices import AttachmentKind
from articles.models import Attachment
from articles.whole_files import write_whole

#: What a file may be, by the ending that it is stored with.
TYPES = {
    "pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp",
    "tif": "image/tiff",
}  # fmt: skip
_PICTURES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "TIFF": "tif"}
#: Bytes of the largest file, and pixels of the largest scan: A2 at 600 dpi.
MOST_BYTES = 64 * 2**20
MOST_PIXELS = 150_000_000
#: Names of PDF (ISO 32000-2) that stand for something that acts or carries other files. What is
#: hidden in compressed objects is not seen: the file is a download in a sandbox in any case.
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|EF|RichMedia|XFA|SubmitForm|ImportData|GoTo[RE]"
    rb"|Rendition|Movie|Sound)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Document:
    """A file that may be attached: what it is, and its hash."""

    kind: str
    suffix: str
    sha256: str
    size: int


def examined(content: bytes) -> Document:
    """Return what *content* is. Raises `ValueError`, in words for whoever gave it."""
    if len(content) > MOST_BYTES:
        raise ValueError(_("The file is larger than %d MB.") % (MOST_BYTES // 2**20))
    kind, suffix = AttachmentKind.SCAN, ""
    # Readers take a PDF whose mark stands within the first 1024 bytes; we do not.
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise ValueError(_("The PDF is not whole: its end is missing."))
        if _ACTIVE.search(_HEX.sub(lambda found: bytes([int(found[1], 16)]), content)):
            raise ValueError(_("The PDF holds scripts, actions or other files. Print it anew."))
        kind, suffix = AttachmentKind.PDF, "pdf"
    else:
        suffix = _picture(content)
    return Document(kind, suffix, hashlib.sha256(content).hexdigest(), len(content))


def _picture(content: bytes) -> str:
    """Return the ending of a picture that can be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            found = Image.open(BytesIO(content), formats=tuple(_PICTURES))
            if found.width * found.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            found.verify()
            return _PICTURES[str(found.format)]
        except Image.DecompressionBombError as error:
            raise ValueError(
                _("The picture has more than %d million pixels.") % (MOST_PIXELS // 1_000_000)
            ) from error
        # Pillow says of broken files whatever its decoders say.
        except Exception as error:
            raise ValueError(
                _("This is no PDF, JPEG, PNG, WebP or TIFF that can be read.")
            ) from error


def path_of(sha256: str, suffix: str) -> Path:
    """Return where a file lies; raise `ValueError` for what names none."""
    if not _SHA256.fullmatch(sha256) or suffix not in TYPES:
        raise ValueError("not the name of a file of an article")
    return _folder() / sha256[:2] / f"{sha256}.{suffix}"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "files"


@contextmanager
def held() -> Iterator[None]:
    """Keep others from storing and removing files meanwhile. It waits; ask for it before a lock of
    the database, or without any."""
    _folder().mkdir(mode=0o750, parents=True, exist_ok=True)
    with (_folder() / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def keep(content: bytes, document: Document) -> None:
    """Store a file, whole or not at all. One that no row names in the end stays unseen."""
    write_whole(path_of(document.sha256, document.suffix), content)


def remove_with(article_ids: Iterable[int]) -> None:
    """Remove the files of these articles that no other has, once they are gone: when the caller's
    transaction, which deletes them, is committed."""
    rows = Attachment.objects.filter(article__in=list(article_ids))
    if files := list(rows.order_by().values_list("sha256", "suffix").distinct()):
        transaction.on_commit(partial(remove_unused, files))


def remove_unused(files: Iterable[tuple[str, str]]) -> None:
    """Remove those of *files*, (SHA-256, ending), that no article has by now. After the commit."""
    with held():
        for sha256, suffix in files:
            if not Attachment.objects.filter(sha256=sha256).exists():
                path_of(sha256, suffix).unlink(missing_ok=True)
