"""Reading a file from disk into bytes or clean lines, or saying clearly why not.

A gzip file is read as what it holds. A ZIP archive stands for its members, each under a path of
its own (``site.zip/2019.csv``); nothing is ever unpacked to disk.
"""

import codecs
import hashlib
import os
import re
import stat
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from articles.importing.formats import archives
from articles.importing.formats.archives import ArchiveProblem

#: The largest file that is read. A listing of this size has some 200,000 entries.
MAX_BYTES = 64 * 2**20

#: The path that stands for standard input.
STANDARD_INPUT = "-"
#: What a folder stands for.
SUFFIXES = (
    ".txt", ".html", ".htm", ".xhtml", ".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".ndjson",
    ".xml", ".rss", ".atom", ".gz", ".zip",
)  # fmt: skip

_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (or an office document, which is one)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a rich text document"),
)
# What neither database, nor XML, nor a page can hold; tab stays, newlines are the line ends.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_NEWLINE = re.compile("\r\n|\r|\n")
#: Bytes at the beginning of a file that tell whether it is text.
_SAMPLE = 65536


class UnreadableFile(Exception):
    """A file that cannot be imported, with the reason in words."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file as bytes, out of its archive if it came in one.

    ``path`` is the path shown to people, ``suffix`` its ending in lower case, ``sha256`` that of
    ``data``: the same listing is the same, zipped or not.
    """

    path: str
    data: bytes
    suffix: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as text: its lines without line ends, cleaned of what cannot be stored.

    ``cleaned_lines`` are the numbers (from 1) of lines that held such characters.
    """

    path: str
    sha256: str
    size: int
    encoding: str
    lines: list[str]
    cleaned_lines: list[int]


def listing_paths(paths: list[str], suffixes: str | Collection[str]) -> list[Path]:
    """Return the files that *paths* name, in their order.

    A folder stands for its files with one of *suffixes*, sorted; a ZIP archive for its members;
    ``-`` for standard input. Raises `UnreadableFile` for a path that does not exist, a folder
    without such files, or an archive that may not be read.
    """
    wanted = (suffixes,) if isinstance(suffixes, str) else tuple(suffixes)
    found: list[Path] = []
    for text in paths:
        path = Path(text)
        if text == STANDARD_INPUT:
            found.append(path)
            continue
        try:
            is_folder, exists = path.is_dir(), path.exists()
            inside = sorted(path.iterdir()) if is_folder else []
        except (OSError, ValueError) as error:
            if isinstance(error, NotADirectoryError):
                exists = False
            else:
                reason = getattr(error, "strerror", None) or error
                raise UnreadableFile(f"{shown(path)[:200]}: {reason}") from error
        inside = [item for item in inside if item.suffix.lower() in wanted and not item.is_dir()]
        if not exists and archive_of(path) is None:
            raise UnreadableFile(f"{shown(path)}: no such file")
        if is_folder and not inside:
            kinds = wanted[0] if len(wanted) == 1 else "importable"
            raise UnreadableFile(f"{shown(path)}: the folder has no {kinds} file")
        for item in inside if is_folder else [path]:
            found += _members(item) if item.suffix.lower() == ".zip" else [item]
    return found


def shown(path: Path) -> str:
    """Return *path* as text that can be stored and printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def read_bytes(path: Path) -> bytes:
    """Return the content of a regular file of at most `MAX_BYTES`; raise `UnreadableFile`.

    A file that grows, shrinks or is replaced while it is read is refused: what was read would be
    no state that it ever had. ``-`` is standard input, read to its end.
    """
    content = _standard_input() if str(path) == STANDARD_INPUT else _from_disk(path)
    if not content.strip():
        raise UnreadableFile(f"{shown(path)}: the file is empty")
    return content


def read_content(path: Path) -> Content:
    """Return what *path* names: a file, what a gzip file holds, or a member of a ZIP archive.

    An archive with one member stands for it. Raises `UnreadableFile`.
    """
    name = shown(path)
    archive = archive_of(path)
    try:
        if archive is not None:
            data = read_bytes(archive)
            member = path.relative_to(archive).as_posix()
            return _unpacked(Content(name, archives.read_member(data, member, MAX_BYTES), ""))
        data = read_bytes(path)
        if archives.is_plain_zip(data):
            members = archives.member_names(data, MAX_BYTES)
            if len(members) > 1:
                raise UnreadableFile(
                    f"{name}: the archive holds {len(members)} listings; import them one by one"
                )
            name = f"{name}/{members[0]}"
            data = archives.read_member(data, members[0], MAX_BYTES)
        return _unpacked(Content(name, data, ""))
    except ArchiveProblem as error:
        raise UnreadableFile(f"{shown(archive or path)}: {error}") from error


def _unpacked(content: Content) -> Content:
    """Return *content*, out of its gzip wrapper, with its suffix."""
    name, data = Path(content.path), content.data
    if data.startswith(b"\x1f\x8b"):
        data = archives.gunzip(data, MAX_BYTES)
        name = name.with_suffix("") if name.suffix.lower() == ".gz" else name
        if data.startswith((b"\x1f\x8b", b"PK\x03\x04")) and not archives.is_workbook(data):
            raise ArchiveProblem("an archive inside an archive is not read")
    if not data.strip():
        raise UnreadableFile(f"{content.path}: the file is empty")
    return Content(content.path, data, name.suffix.lower())


def read_text(path: Path) -> TextFile:
    """Return *path* as lines: see `text_of`. Raises `UnreadableFile`."""
    return text_of(Content(shown(path), read_bytes(path), path.suffix.lower()))


def text_of(content: Content) -> TextFile:
    """Return *content* as lines.

    UTF-8 (with or without a byte order mark) and UTF-16 are recognised; what is neither is read
    as Windows-1252, unless it looks like no text at all. Raises `UnreadableFile`.
    """
    refuse_others(content)
    text, encoding = _decode(content)
    lines = _NEWLINE.split(text)
    if lines and not lines[-1]:
        lines.pop()
    cleaned = [number for number, line in enumerate(lines, 1) if FORBIDDEN.search(line)]
    for number in cleaned:
        lines[number - 1] = FORBIDDEN.sub("", lines[number - 1])
    if not any(line.strip() for line in lines):
        raise UnreadableFile(f"{content.path}: the file holds no text")
    return TextFile(content.path, content.sha256, len(content.data), encoding, lines, cleaned)


def _standard_input() -> bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise UnreadableFile("-: there is no standard input")
    try:
        content: bytes = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"-: {error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise UnreadableFile(f"-: more than the {MAX_BYTES // 2**20} MiB that one import takes")
    return content


def _from_disk(path: Path) -> bytes:
    try:
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "not a regular file"
            raise UnreadableFile(f"{shown(path)}: {kind}")
        # Not to wait for a writer, should a pipe have taken the file's place just now.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise UnreadableFile(f"{shown(path)}: not a regular file")
            if before.st_size > MAX_BYTES:
                raise UnreadableFile(
                    f"{shown(path)}: {before.st_size / 2**20:,.0f} MiB is more than the"
                    f" {MAX_BYTES // 2**20} MiB that one import takes; split the file"
                )
            content = file.read(MAX_BYTES + 1)
            after, there = os.fstat(file.fileno()), path.stat()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFile(f"{shown(path)}: {reason}") from error
    if len(content) > before.st_size or after.st_size > before.st_size:
        raise UnreadableFile(f"{shown(path)}: the file grew while it was read")
    if len(content) < before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise UnreadableFile(f"{shown(path)}: the file changed while it was read")
    if (there.st_dev, there.st_ino) != (before.st_dev, before.st_ino):
        raise UnreadableFile(f"{shown(path)}: the file was replaced while it was read")
    return content


def archive_of(path: Path) -> Path | None:
    """Return the ZIP archive that *path* leads into, if it does."""
    for parent in path.parents:
        if parent.suffix.lower() == ".zip" and parent.is_file():
            return parent
    return None


def _members(path: Path) -> list[Path]:
    data = read_bytes(path)
    if not archives.is_plain_zip(data):
        return [path]
    try:
        return [path / name for name in archives.member_names(data, MAX_BYTES)]
    except ArchiveProblem as error:
        raise UnreadableFile(f"{shown(path)}: {error}") from error


def refuse_others(content: Content) -> None:
    """Raise `UnreadableFile` for what begins as something else than text does."""
    for signature, kind in _SIGNATURES:
        if content.data.startswith(signature):
            raise UnreadableFile(f"{content.path}: this is {kind}, not plain text")


def is_utf16(data: bytes) -> bool:
    """Whether *data*, or what it is the beginning of, is UTF-16."""
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return data.startswith(marks) or _utf16_without_mark(data[:_SAMPLE]) is not None


def encodings_of(content: Content) -> tuple[str, ...]:
    """Return the encodings that *content* may be in, to be tried in this order.

    Its first 64 KiB tell. Raises `UnreadableFile` if it looks like no text at all.
    """
    data = content.data
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    sample = data[:_SAMPLE]
    if guess := _utf16_without_mark(sample):
        return (guess,)
    control = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27)))
    if control > len(sample) / 200 + 2:
        raise UnreadableFile(f"{content.path}: this is a binary file, not plain text")
    return ("utf-8", "cp1252")


def _decode(content: Content) -> tuple[str, str]:
    encodings, path, data = encodings_of(content), content.path, content.data
    line = 1
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            if len(encodings) == 1:
                raise UnreadableFile(
                    f"{path}: marked as {encoding}, but byte {error.start} is not; save the file"
                    " as UTF-8"
                ) from None
            if encoding == encodings[0]:
                line = data.count(b"\n", 0, error.start) + 1
    raise UnreadableFile(
        f"{path}:{line}: neither UTF-8, UTF-16 nor Windows-1252; save the file as UTF-8"
    )


def _utf16_without_mark(sample: bytes) -> str | None:
    """Return the UTF-16 form that Latin text without a mark is in: every other byte is NUL."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if half > 4 and odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le"
    if half > 4 and even > half * 0.6 and odd < half * 0.05:
        return "utf-16-be"
    return None
