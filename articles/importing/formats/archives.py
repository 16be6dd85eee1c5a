"""What is inside gzip files and ZIP archives, within limits and in memory only.

A hostile archive is refused before it is unpacked: what a member claims to hold bounds what is
ever read of it (`zipfile` stops there), and the claims together are bounded here.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Sequence

#: The most bytes that all members may hold together, and how many members may be: of an archive
#: with the pictures of a site, more.
MOST_BYTES = 256 * 2**20
MOST_MEMBERS = 1000
MOST_WITH_PICTURES = 20_000
#: Bytes of its directory: 46 a member, its name, and some more.
MOST_DIRECTORY = MOST_WITH_PICTURES * 256
#: How often smaller than its content a member may be; text is some 5 times smaller, XML 20.
MOST_RATIO = 250
#: Content up to this size is read whatever its ratio.
SMALL = 2**20

_UNSAFE = re.compile(
    r"^[/\\]|^[A-Za-z]:|\\|(?:^|/)\.\.?(?:/|$)|//|[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
)
#: What archivers of one system leave beside the files.
_LEFTOVERS = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.[^/]*|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
#: What the export of a site, which stands beside its pictures, is called.
_EXPORTS = (".xml", ".json")
_ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst")
_WORKBOOK = "xl/workbook.xml"


class ArchiveProblem(ValueError):
    """An archive that is not read, with the reason in words."""


#: Every further member of a gzip file is copied out of the rest: more of them take quadratic time.
MOST_GZIP_MEMBERS = 100


def gunzip(data: bytes, limit: int) -> bytes:
    """Return what a gzip file holds (RFC 1952), at most *limit* bytes; raise `ArchiveProblem`."""
    found: list[bytes] = []
    size = 0
    for _member in range(MOST_GZIP_MEMBERS):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            found.append(unpacker.decompress(data, limit + 1 - size))
        except zlib.error as error:
            raise ArchiveProblem(f"the gzip file is damaged: {error}") from error
        size += len(found[-1])
        if size > limit:
            raise ArchiveProblem(f"holds more than the {limit // 2**20} MiB that one import takes")
        if not unpacker.eof:
            raise ArchiveProblem("the gzip file is cut off")
        # More members may follow; what is no member is padding.
        data = unpacker.unused_data
        if not data.startswith(b"\x1f\x8b"):
            return b"".join(found)
    raise ArchiveProblem(f"holds more than {MOST_GZIP_MEMBERS} gzip members")


def is_workbook(data: bytes) -> bool:
    """Whether *data* is an Office Open XML workbook (ECMA-376), a ZIP archive of a known form."""
    return _WORKBOOK in _raw_names(data)


def is_plain_zip(data: bytes) -> bool:
    """Whether *data* is a ZIP archive that is no office document."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    names = _raw_names(data)
    return "[Content_Types].xml" not in names and "mimetype" not in names


def _raw_names(data: bytes) -> set[str]:
    if not data.startswith(b"PK") or _directory_size(data) > MOST_DIRECTORY:
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return set()


def _directory_size(data: bytes) -> int:
    """Return the bytes that the directory of a ZIP archive takes, by its end record (APPNOTE
    4.3.16); 0 if there is none. `zipfile` reads all of it before it can be asked anything."""
    place = data.rfind(b"PK\x05\x06", -(22 + 65_535))
    return int.from_bytes(data[place + 12 : place + 16], "little") if place >= 0 else 0


def check(data: bytes, limit: int = MOST_BYTES) -> list[zipfile.ZipInfo]:
    """Return the files in a ZIP archive; raise `ArchiveProblem` if it breaks a limit.

    *limit* is the largest that one member may be. Folders are left out.
    """
    if _directory_size(data) > MOST_DIRECTORY:
        raise ArchiveProblem("the archive has too many members, or names of members too long")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ArchiveProblem(f"the ZIP archive is damaged or cut off: {error}") from error
    has_pictures = any(_is_picture(member.filename) for member in members)
    most = MOST_WITH_PICTURES if has_pictures else MOST_MEMBERS
    if len(members) > most:
        raise ArchiveProblem(f"the archive has {len(members)} members; at most {most}")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise ArchiveProblem(f"holds more than {MOST_BYTES // 2**20} MiB together")
    for member in members:
        name = repr(member.filename[:100])
        if _UNSAFE.search(member.filename):
            raise ArchiveProblem(f"{name}: a member's name must not lead out of the archive")
        if member.flag_bits & 1:
            raise ArchiveProblem(f"{name}: encrypted members are not read")
        if member.file_size > limit:
            raise ArchiveProblem(
                f"{name}: more than the {limit // 2**20} MiB that one import takes"
            )
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > SMALL and ratio > MOST_RATIO:
            raise ArchiveProblem(f"{name}: packed {ratio:,.0f} times; at most {MOST_RATIO}")
    return [member for member in members if not member.is_dir()]


def _is_picture(name: str) -> bool:
    return name.lower().endswith(_PICTURES) and not _LEFTOVERS.search(name)


def folder_of(names: Sequence[str]) -> str:
    """Return the folder that all of *names* lie in, with its last slash; ``""`` for none."""
    shared = posixpath.commonpath([posixpath.dirname(name) for name in names]) if names else ""
    return f"{shared}/" if shared else ""


def pictures(data: bytes) -> dict[str, int]:
    """Return the pictures in a ZIP archive by name, with their sizes; raise `ArchiveProblem`."""
    return {one.filename: one.file_size for one in check(data) if _is_picture(one.filename)}


def member_names(data: bytes, limit: int) -> list[str]:
    """Return the names of the listings in a ZIP archive, sorted; raise `ArchiveProblem`.

    Where pictures are, the archive is a site: the listing is its export, and what lies in the
    folder of the pictures is none.
    """
    names = [member.filename for member in check(data, limit)]
    names = sorted(name for name in names if not _LEFTOVERS.search(name))
    if shown := [name for name in names if _is_picture(name)]:
        folder = folder_of(shown)
        exports = [name for name in names if name.lower().endswith(_EXPORTS)]
        names = [name for name in exports if not name.startswith(folder)] or exports
        if not names:
            raise ArchiveProblem(
                "holds pictures, and beside their folder no export of a site (.xml, .json)"
            )
    for name in names:
        if name.lower().endswith(_ARCHIVES):
            raise ArchiveProblem(f"{name[:100]!r}: an archive inside an archive is not read")
    if len(set(names)) != len(names):
        raise ArchiveProblem("two members have one name")
    if not names:
        raise ArchiveProblem("the archive holds no file")
    return names


def read_member(data: bytes, name: str, limit: int) -> bytes:
    """Return one member of a ZIP archive; raise `ArchiveProblem`."""
    if name not in member_names(data, limit):
        raise ArchiveProblem(f"{name[:100]!r}: there is no such member")
    content = _read(data, name, limit)
    if content.startswith((b"\x1f\x8b", b"PK\x03\x04")) and not is_workbook(content):
        raise ArchiveProblem(f"{name[:100]!r}: an archive inside an archive is not read")
    return content


def read_picture(data: bytes, name: str, limit: int) -> bytes:
    """Return at most *limit* bytes, and one, of a picture in a ZIP archive that was checked."""
    return _read(data, name, limit)


def _read(data: bytes, name: str, limit: int) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as member:
            return member.read(limit + 1)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError,
            RuntimeError, zlib.error) as error:  # fmt: skip
        raise ArchiveProblem(f"{name[:100]!r}: damaged: {error}") from error
