"""Every place of the database that can hold a text, found by looking at the models.

A table that is added later is looked through as well, without a word here: what is listed are the
exceptions.
"""

import base64
import contextlib
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models

from articles.models import (
    ContentChange,
    ContentVersion,
    FacetTotal,
    FailedSearch,
    GoneAddress,
    PastAddress,
    PublicKey,
    RedactedMark,
    SavedView,
    SearchDocument,
    SeriesAlias,
    SheetRow,
    TagAlias,
)
from articles.redacting.words import texts_in
from authors.models import AuthorAlias

#: Rows read at a time.
CHUNK = 500
#: Bytes that a packed file is unpacked to at most.
_UNPACKED = 300_000_000
#: Not looked through: what is made anew from the rows, what holds no words of anybody, and what is
#: looked at by itself (sessions, accounts).
LEFT = frozenset({
    SearchDocument, FacetTotal, ContentVersion, ContentChange, PublicKey, RedactedMark, Permission,
    Group, ContentType, Session, User,
})  # fmt: skip
#: A row of which has no use without the words: it goes as a whole.
WHOLE = frozenset({
    AuthorAlias, SeriesAlias, TagAlias, FailedSearch, GoneAddress, PastAddress, SavedView, SheetRow,
})  # fmt: skip
#: What only reports on the articles: here a removed text has no business, wherever it stands.
REPORTS = ("ImportRun", "Upload", "Sheet", "SheetRow", "BulkWork", "LogEntry", "Finding")
#: Columns that hold no words but keys and the like, by which rows are found.
_NOT_WORDS = {
    "sha256", "fingerprint", "key_name", "digest", "first", "password", "session_key",
    "collation_key",
}  # fmt: skip
_OF_OTHERS = ("otp_totp", "otp_static", "otp_email", "otp_hotp")


def tables() -> list[type[models.Model]]:
    """Return the models whose rows are looked through."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model not in LEFT
        and model._meta.app_label not in _OF_OTHERS
        and columns_of(model)
    ]


def columns_of(model: type[models.Model]) -> list[str]:
    """Return the columns of *model* that can hold a text."""
    kinds = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    return [
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, (*kinds, models.FileField))
        and not field.choices
        and field.name not in _NOT_WORDS
        and not field.primary_key
    ]


def rows_of(
    model: type[models.Model], where: models.Q | None = None, *, lock: bool = False
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the key and the texts of each row of *model* (or of those *where* admits).

    With *lock* nobody else writes a row from when it is read until the caller's transaction ends.
    """
    columns = columns_of(model)
    rows = model._base_manager.all() if where is None else model._base_manager.filter(where)
    if lock:
        rows = rows.select_for_update(no_key=True)
    for row in rows.order_by("pk").values_list("pk", *columns).iterator(chunk_size=CHUNK):
        yield row[0], dict(zip(columns, row[1:], strict=True))


def texts_of(value: Any) -> Iterator[str]:
    """Yield what can be read in the value of a column, packed plans and files included."""
    if isinstance(value, bytes | memoryview):
        yield from readable(bytes(value))
        return
    yield from texts_in(value)
    if is_packed(value):
        for chunk in value["chunks"]:
            yield from texts_in(json.loads(zlib.decompress(base64.b64decode(chunk))))


def is_packed(value: Any) -> bool:
    """Whether *value* is a plan as an upload keeps it: see `articles.importing.uploads.plan`."""
    return isinstance(value, dict) and isinstance(value.get("chunks"), list)


def readable(data: bytes) -> Iterator[str]:
    """Yield the text that *data* is, in the encodings that listings come in, or that its members
    are if it is an archive or a workbook."""
    if not data:
        return
    if data.startswith(b"\x1f\x8b"):
        with contextlib.suppress(OSError, EOFError, zlib.error):
            data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(_UNPACKED)
    elif data.startswith(b"PK"):
        with contextlib.suppress(zipfile.BadZipFile, OSError, RuntimeError, zlib.error):
            archive = zipfile.ZipFile(io.BytesIO(data))
            for member in archive.infolist():
                yield member.filename
                if member.file_size <= _UNPACKED:
                    yield from readable(archive.read(member))
            return
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:400].count(0) > 20:
        yield data.decode("utf-16", "replace")
    yield data.decode("utf-8", "replace")
    if not data.isascii():
        yield data.decode("cp1252", "replace")


def sessions_with(holds: Callable[[str], bool]) -> list[str]:
    """Return the keys of the sessions in which something *holds* what is looked for."""
    return [
        session.session_key
        for session in Session.objects.iterator()
        if any(map(holds, texts_in(session.get_decoded())))
    ]


def accounts_with(holds: Callable[[str], bool]) -> list[str]:
    """Return the names of accounts that hold what is looked for: a person has to see to them."""
    return [
        str(user.pk)
        for user in User.objects.iterator()
        if any(map(holds, (user.username, user.first_name, user.last_name, user.email)))
    ]
