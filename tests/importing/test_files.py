"""Reading files: encodings, line ends, and what is no text."""

import codecs
from pathlib import Path

import pytest

from articles.importing import files
from articles.importing.files import UnreadableFile, read_text

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
    import os

    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(UnreadableFile, match="not a regular file"):
        read_text(fifo)


def test_a_folder_stands_for_its_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.TXT", "c.md"):
        (tmp_path / name).write_text("x")
    found = files.listing_paths([str(tmp_path)], ".txt")
    assert [path.name for path in found] == ["a.TXT", "b.txt"]
