"""Reading files: encodings, line ends, and what is no text."""

import codecs
import contextlib
import gzip
import io
import os
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from articles.importing import files
from articles.importing.files import UnreadableFile, read_content, read_text
from articles.importing.formats import archives

TEXT = "Łódź – “quoted”\nsecond line\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (("plain " * 20 + TEXT).encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_unicode_in_its_forms_is_recognised(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "listing.txt"
    path.write_bytes(content)
    file = read_text(path)
    assert file.encoding == encoding
    assert "\n".join(file.lines).endswith(TEXT.strip())
    assert file.size == len(content)


def test_what_is_not_unicode_is_read_as_windows_1252(tmp_path: Path) -> None:
    path = tmp_path / "listing.txt"
    path.write_bytes("“Über” – café\n".encode("cp1252"))
    file = read_text(path)
    assert (file.encoding, file.lines) == ("cp1252", ["“Über” – café"])


def test_all_line_ends_count_and_no_character_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "listing.txt"
    path.write_bytes(b"one\r\ntwo\rthree\nfour")
    assert read_text(path).lines == ["one", "two", "three", "four"]


def test_control_characters_are_left_out_and_their_lines_named(tmp_path: Path) -> None:
    path = tmp_path / "listing.txt"
    path.write_bytes(b"one\nt\x00w\x0bo\n")
    file = read_text(path)
    assert (file.lines, file.cleaned_lines) == (["one", "two"], [2])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\x00\x00\x00\x00", "binary"),
        (bytes(range(256)) * 40, "binary"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"PK\x03\x04rest", "a ZIP archive"),
        (b"caf\xe9 \x81\x8d", "neither UTF-8"),
        (codecs.BOM_UTF8 + b"\xff\xfe\xfa", "marked as utf-8-sig"),
    ],
)
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "listing.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=message) as caught:
        read_text(path)
    assert "listing.txt" in str(caught.value)


def test_a_file_of_a_gigabyte_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(UnreadableFile, match="1,024 MiB is more than the 64 MiB"):
        read_text(path)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(UnreadableFile, match="not a regular file"):
        read_text(fifo)


def test_a_folder_stands_for_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.TXT", "c.md"):
        (tmp_path / name).write_text("x")
    found = files.listing_paths([str(tmp_path)], ".txt")
    assert [path.name for path in found] == ["a.TXT", "b.txt"]


def test_a_folder_stands_for_every_suffix_asked_for_and_not_for_folders(tmp_path: Path) -> None:
    for name in ("b.csv", "a.txt", "c.md"):
        (tmp_path / name).write_text("x")
    (tmp_path / "d.txt").mkdir()
    found = files.listing_paths([str(tmp_path), "-"], files.SUFFIXES)
    assert [path.name for path in found] == ["a.txt", "b.csv", "-"]


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_an_archive_stands_for_its_members_each_under_its_own_path(tmp_path: Path) -> None:
    path = zipped(tmp_path / "all.zip", {"b/two.csv": b"2", "one.txt": b"1", ".DS_Store": b"x"})
    found = files.listing_paths([str(path)], files.SUFFIXES)
    assert found == [path / "b/two.csv", path / "one.txt"]
    assert files.listing_paths([str(path / "one.txt")], ".txt") == [path / "one.txt"]
    content = read_content(found[0])
    assert (content.path, content.data, content.suffix) == (str(found[0]), b"2", ".csv")
    with pytest.raises(UnreadableFile, match="holds 2 listings"):
        read_content(path)
    with pytest.raises(UnreadableFile, match=r"'three\.txt': there is no such member"):
        read_content(path / "three.txt")


def test_a_gzip_file_is_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "list.csv.gz"
    path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    content = read_content(path)
    assert (content.data, content.suffix) == (b"one\ntwo\n", ".csv")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: gzip.compress(b"x" * 100)[:-12], "cut off"),
        (lambda: gzip.compress(b"x" * 100)[:20] + b"y" * 20, "damaged|cut off"),
        (lambda: gzip.compress(gzip.compress(b"x")), "an archive inside an archive"),
        (lambda: gzip.compress(b"0" * (65 * 2**20)), "more than the 64 MiB"),
        (lambda: gzip.compress(b"  "), "empty"),
    ],
    ids=["cut", "damaged", "nested", "bomb", "empty"],
)
def test_a_gzip_file_that_is_none_or_a_bomb(
    tmp_path: Path, data: Callable[[], bytes], message: str
) -> None:
    path = tmp_path / "list.gz"
    path.write_bytes(data())
    with pytest.raises(UnreadableFile, match=message):
        read_content(path)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            lambda: {"../../etc/passwd": b"x"},
            r"'\.\./\.\./etc/passwd': a member's name must not lead out",
        ),
        (lambda: {"/etc/passwd": b"x"}, "must not lead out"),
        (lambda: {"a\\b.txt": b"x"}, "must not lead out"),
        (lambda: {"a\x1b[31m.txt": b"x"}, r"'a\\x1b\[31m.txt': a member's name must not"),
        (lambda: {"C:boot.txt": b"x"}, "must not lead out"),
        (
            lambda: {f"{number}.txt": b"x" for number in range(1001)},
            "has 1001 members; at most 1000",
        ),
        (lambda: {"inner.zip": b"x"}, "an archive inside an archive"),
        (dict, "holds no file"),
        (lambda: {"big.txt": b"0" * (65 * 2**20)}, "more than the 64 MiB"),
        (lambda: {f"{n}.txt": b"0" * (60 * 2**20) for n in range(5)}, "more than 256 MiB together"),
        (lambda: {"tight.txt": b"0" * (30 * 2**20)}, "packed [0-9,]+ times; at most 250"),
    ],
)
def test_a_hostile_archive_is_refused_and_nothing_unpacked(
    tmp_path: Path, members: Callable[[], dict[str, bytes]], message: str
) -> None:
    path = zipped(tmp_path / "all.zip", members())
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UnreadableFile, match=message):
        files.listing_paths([str(path)], files.SUFFIXES)
    assert sorted(tmp_path.iterdir()) == before


def test_an_archive_that_was_renamed_or_nested_or_locked(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.txt": b"x"}).read_bytes()
    path = zipped(tmp_path / "all.zip", {"a.txt": inner})
    with pytest.raises(UnreadableFile, match="an archive inside an archive"):
        read_content(path)
    locked = bytearray(inner)
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(locked)
    with pytest.raises(UnreadableFile, match="encrypted members are not read"):
        read_content(path)
    path.write_bytes(inner[:-30])
    with pytest.raises(UnreadableFile):
        read_content(path)


def test_a_member_never_gives_more_than_it_claims(tmp_path: Path) -> None:
    data = bytearray(zipped(tmp_path / "all.zip", {"a.txt": b"0" * 100_000}).read_bytes())
    for start, place in ((data.index(b"PK\x03\x04"), 22), (data.index(b"PK\x01\x02"), 24)):
        data[start + place : start + place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(archives.ArchiveProblem, match="damaged"):
        archives.read_member(bytes(data), "a.txt", files.MAX_BYTES)


def during_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Let *act* happen between the opening and the reading of a file."""
    real = os.fdopen

    def opened(*arguments: Any, **options: Any) -> Any:
        file = real(*arguments, **options)
        stat = os.fstat
        once = iter([True])

        def first_stat(descriptor: int) -> os.stat_result:
            found = stat(descriptor)
            if next(once, False):
                act()
            return found

        monkeypatch.setattr(os, "fstat", first_stat)
        return file

    monkeypatch.setattr(os, "fdopen", opened)


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.rename(path)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (append, "grew while it was read"),
        (lambda path: os.truncate(path, 3), "changed while it was read"),
        (replace, "was replaced while it was read"),
        (lambda path: path.unlink(), "No such file"),
    ],
)
def test_a_file_that_does_not_hold_still_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"some text\n")
    during_reading(monkeypatch, lambda: act(path))
    with pytest.raises(UnreadableFile, match=message):
        read_content(path)


def test_a_pipe_that_stalls_is_refused_without_waiting(tmp_path: Path) -> None:
    fifo = tmp_path / "list.txt"
    os.mkfifo(fifo)
    refused = []

    def look() -> None:
        with pytest.raises(UnreadableFile):
            read_content(fifo)
        refused.append(True)

    reader = threading.Thread(target=look)
    reader.start()
    reader.join(timeout=10)
    assert refused


@contextlib.contextmanager
def as_somebody() -> Iterator[None]:
    """Be a person without rights: root may read every file."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)  # nobody
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_and_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is a folder"):
        read_content(tmp_path)
    path = tmp_path / "list.txt"
    path.write_text("x")
    path.chmod(0)
    with as_somebody(), pytest.raises(UnreadableFile, match="Permission denied"):
        read_content(path)


def test_standard_input_is_read_to_its_end_within_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"One\n")))
    assert read_content(Path("-")).data == b"One\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * 65 * 2**20)))
    with pytest.raises(UnreadableFile, match="-: more than the 64 MiB"):
        read_content(Path("-"))
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UnreadableFile, match="there is no standard input"):
        read_content(Path("-"))
