"""Plain text read line by line, as often as needed, without ever holding all of it.

A listing may be larger than memory. It is looked through once, which decides its encoding, counts
its lines and takes its SHA-256; the passes after that read it again, and a file that is no longer
the same is refused.
"""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from articles.importing import files
from articles.importing.files import Content, UnreadableFile

#: The largest plain text that is read from disk. A listing of this size has some 4,000,000 entries.
MAX_BYTES = 2**30
#: The longest line, in characters.
MAX_LINE = 16 * 2**20
#: What is read of a file to tell its format.
HEAD = 2**20
_BLOCK = 2**18
_PACKED = (b"\x1f\x8b", b"PK")
#: Numbers of lines with control characters that are kept.
_KEPT = 11


@dataclass(frozen=True, slots=True)
class Beginning(Content):
    """The first lines of a file on disk, enough to tell its format; ``file`` is where it lies."""

    file: Path


def beginning_of(path: Path) -> Beginning | None:
    """Return the first lines of a file; None for one that is to be read whole: standard input,
    archives and what they hold, UTF-16, what begins with nothing. Raises `UnreadableFile`."""
    if str(path) == files.STANDARD_INPUT or files.archive_of(path) is not None:
        return None
    with _open(path) as file:
        data = file.read(HEAD)
    if data.startswith(_PACKED) or files.is_utf16(data) or not data.strip():
        return None
    if len(data) == HEAD:
        # Not to end inside a character.
        data = data[: data.rfind(b"\n") + 1] or data[: len(data) - 4]
    return Beginning(files.shown(path), data, path.suffix.lower(), path)


def lines_of(content: Content) -> "Lines":
    """Return the lines of *content*, those of the whole file if it is a `Beginning`.

    Encodings are told as by `files.text_of`. Raises `UnreadableFile`.
    """
    files.refuse_others(content)
    encodings = files.encodings_of(content)
    if isinstance(content, Beginning):
        return Lines(content.path, content.file, encodings)
    return Lines(content.path, content.data, encodings)


class Lines:
    """The lines of a text, without line ends and cleaned of what cannot be stored.

    Iterate over it any number of times. ``path`` is the one shown to people, ``count`` the number
    of lines, ``cleaned_lines`` the numbers (from 1) of the first that held such characters.
    """

    def __init__(self, path: str, data: bytes | Path, encodings: tuple[str, ...]) -> None:
        self.path = path
        self._data = data
        self._state: tuple[int, ...] = ()
        self.sha256, self.size, self.encoding = "", 0, ""
        self.count = 0
        self.cleaned_lines: list[int] = []
        for encoding in encodings:
            self.encoding = encoding
            try:
                self._look_through()
                break
            except UnicodeDecodeError as error:
                if encoding == encodings[-1]:
                    raise UnreadableFile(self._undecodable(error, encodings)) from None

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[str]:
        forbidden = files.FORBIDDEN
        for line in self._read():
            yield forbidden.sub("", line) if forbidden.search(line) else line

    def _look_through(self) -> None:
        self.count, self.cleaned_lines = 0, []
        is_full = False
        for line in self._read(is_first=True):
            self.count += 1
            if len(self.cleaned_lines) < _KEPT and files.FORBIDDEN.search(line):
                self.cleaned_lines.append(self.count)
            is_full = is_full or bool(files.FORBIDDEN.sub("", line).strip())
        if not is_full:
            raise UnreadableFile(f"{self.path}: the file holds no text")

    def _read(self, *, is_first: bool = False) -> Iterator[str]:
        """Yield the lines as they stand; raise `UnreadableFile` if they are others than before."""
        with self._opened() as file:
            state = _state_of(file)
            if not is_first and state != self._state:
                raise UnreadableFile(f"{self.path}: the file changed while it was read")
            watched = _Watched(file)
            with io.TextIOWrapper(
                io.BufferedReader(watched, _BLOCK), encoding=self.encoding, newline=None
            ) as text:
                number = 0
                while line := text.readline(MAX_LINE):
                    number += 1
                    if len(line) >= MAX_LINE:
                        raise UnreadableFile(
                            f"{self.path}:{number}: the line is longer than {MAX_LINE:,} characters"
                        )
                    yield line.removesuffix("\n")
                sha256, size = watched.hash.hexdigest(), watched.size
                after = _state_of(file)
        if size > state[0] or after[0] > state[0]:
            raise UnreadableFile(f"{self.path}: the file grew while it was read")
        if size < state[0] or after != state:
            raise UnreadableFile(f"{self.path}: the file changed while it was read")
        if isinstance(self._data, Path) and not _is_at(state, self._data):
            raise UnreadableFile(f"{self.path}: the file was replaced while it was read")
        if is_first:
            self._state, self.sha256, self.size = state, sha256, size
        elif sha256 != self.sha256:
            raise UnreadableFile(f"{self.path}: the file changed while it was read")

    def _opened(self) -> BinaryIO:
        return io.BytesIO(self._data) if isinstance(self._data, bytes) else _open(self._data)

    def _undecodable(self, error: UnicodeDecodeError, encodings: tuple[str, ...]) -> str:
        if len(encodings) == 1:
            return (
                f"{self.path}: marked as {self.encoding}, but line {self.count + 1} is not; save"
                " the file as UTF-8"
            )
        return (
            f"{self.path}:{self.count + 1}: neither UTF-8, UTF-16 nor Windows-1252; save the file"
            " as UTF-8"
        )


class _Watched(io.RawIOBase):
    """A file that is read once from its beginning, with the SHA-256 and size of what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.hash = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self.file.read(len(buffer))
        buffer[: len(block)] = block
        self.hash.update(block)
        self.size += len(block)
        return len(block)


def _open(path: Path) -> BinaryIO:
    """Open a regular file of at most `MAX_BYTES`; raise `UnreadableFile`."""
    shown = files.shown(path)
    try:
        if not path.is_file():
            kind = "is a folder" if path.is_dir() else "not a regular file"
            raise UnreadableFile(f"{shown}: {kind}")
        # Not to wait for a writer, should a pipe have taken the file's place just now.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        file = os.fdopen(descriptor, "rb", buffering=0)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFile(f"{shown}: {reason}") from error
    status = os.fstat(file.fileno())
    problem = ""
    if not stat.S_ISREG(status.st_mode):
        problem = "not a regular file"
    elif status.st_size > MAX_BYTES:
        problem = (
            f"{status.st_size / 2**20:,.0f} MiB is more than the {MAX_BYTES // 2**20:,} MiB that"
            " one import takes; split the file"
        )
    if problem:
        file.close()
        raise UnreadableFile(f"{shown}: {problem}")
    return file


def _state_of(file: BinaryIO) -> tuple[int, ...]:
    """Return the size of *file*, and what else must stay as it is while it is read."""
    if isinstance(file, io.BytesIO):
        return (len(file.getbuffer()),)
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino


def _is_at(state: tuple[int, ...], path: Path) -> bool:
    try:
        there = path.stat()
    except OSError:
        return False
    return state[2:] == (there.st_dev, there.st_ino)
