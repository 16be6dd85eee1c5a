"""Reading a file from disk into clean lines, or saying clearly why not."""

import codecs
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

#: The largest file that is read. A listing of this size has some 200,000 entries.
MAX_BYTES = 64 * 2**20

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
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_NEWLINE = re.compile("\r\n|\r|\n")


class UnreadableFile(Exception):
    """A file that cannot be imported, with the reason in words."""


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


def listing_paths(paths: list[str], suffix: str) -> list[Path]:
    """Return the files that *paths* name; a folder stands for its files with *suffix*, sorted.

    Raises `UnreadableFile` for a path that does not exist or a folder without such files.
    """
    found: list[Path] = []
    for text in paths:
        path = Path(text)
        try:
            is_folder, exists = path.is_dir(), path.exists()
            inside = sorted(path.iterdir()) if is_folder else []
        except (OSError, ValueError) as error:
            raise UnreadableFile(f"{shown(path)[:200]}: {error}") from error
        inside = [item for item in inside if item.suffix.lower() == suffix]
        if not exists:
            raise UnreadableFile(f"{shown(path)}: no such file")
        if is_folder and not inside:
            raise UnreadableFile(f"{shown(path)}: the folder has no {suffix} file")
        found += inside if is_folder else [path]
    return found


def shown(path: Path) -> str:
    """Return *path* as text that can be stored and printed, whatever bytes its name has."""
    return os.fsencode(path).decode("utf-8", "replace")


def read_bytes(path: Path) -> bytes:
    """Return the content of a regular file of at most `MAX_BYTES`; raise `UnreadableFile`."""
    try:
        if not path.is_file():
            raise UnreadableFile(f"{shown(path)}: not a regular file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(
                f"{shown(path)}: {size / 2**20:,.0f} MiB is more than the"
                f" {MAX_BYTES // 2**20} MiB that one import takes; split the file"
            )
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{shown(path)}: {error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise UnreadableFile(f"{shown(path)}: the file grew while it was read")
    if not content.strip():
        raise UnreadableFile(f"{shown(path)}: the file is empty")
    return content


def read_text(path: Path) -> TextFile:
    """Return *path* as lines.

    UTF-8 (with or without a byte order mark) and UTF-16 are recognised; what is neither is read
    as Windows-1252, unless it looks like no text at all. Raises `UnreadableFile`.
    """
    content = read_bytes(path)
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise UnreadableFile(f"{shown(path)}: this is {kind}, not plain text")
    text, encoding = _decode(path, content)
    lines = _NEWLINE.split(text)
    if lines and not lines[-1]:
        lines.pop()
    cleaned = [number for number, line in enumerate(lines, 1) if _FORBIDDEN.search(line)]
    for number in cleaned:
        lines[number - 1] = _FORBIDDEN.sub("", lines[number - 1])
    if not any(line.strip() for line in lines):
        raise UnreadableFile(f"{shown(path)}: the file holds no text")
    digest = hashlib.sha256(content).hexdigest()
    return TextFile(shown(path), digest, len(content), encoding, lines, cleaned)


def _decode(path: Path, content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_as(path, content, "utf-16")
    if content.startswith(codecs.BOM_UTF8):
        return _decode_as(path, content, "utf-8-sig")
    sample = content[:65536]
    if guess := _utf16_without_mark(sample):
        return _decode_as(path, content, guess)
    control = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 27)))
    if control > len(sample) / 200 + 2:
        raise UnreadableFile(f"{shown(path)}: this is a binary file, not plain text")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    try:
        return content.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        raise UnreadableFile(
            f"{shown(path)}:{line}: neither UTF-8, UTF-16 nor Windows-1252; save the file as UTF-8"
        ) from None


def _decode_as(path: Path, content: bytes, encoding: str) -> tuple[str, str]:
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{shown(path)}: marked as {encoding}, but byte {error.start} is not;"
            " save the file as UTF-8"
        ) from None


def _utf16_without_mark(sample: bytes) -> str | None:
    """Return the UTF-16 form that Latin text without a mark is in: every other byte is NUL."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if half > 4 and odd > half * 0.6 and even < half * 0.05:
        return "utf-16-le"
    if half > 4 and even > half * 0.6 and odd < half * 0.05:
        return "utf-16-be"
    return None
