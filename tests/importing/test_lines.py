"""Text that is read line by line is the text that is read at once."""

import codecs
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing import files, lines
from articles.importing.files import Content, UnreadableFile, text_of
from articles.importing.lines import Beginning, beginning_of, lines_of
from articles.importing.reading import read_listing
from tests.importing.listings import FIRST, listing_text
from tests.thorough import times

TEXT = "Łódź – “quoted”\r\nsecond\rthird\n\n  \nt\x00w\x0bo\x85x\x1cy\u2028z"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        ("plain " * 20 + TEXT).encode("utf-16-le"),
        "“Über” – café\r\nx\ry".encode("cp1252"),
        b"one\n" * 100_000 + "é".encode("cp1252") + b"\ntwo",
    ],
    ids=["utf-8", "marked", "utf-16", "unmarked", "cp1252", "late-cp1252"],
)
def test_lines_are_those_of_the_whole_text(data: bytes, tmp_path: Path) -> None:
    whole = Content("a.txt", data, ".txt")
    file = text_of(whole)
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    for content in (whole, beginning_of(path) or whole):
        found = lines_of(content)
        assert list(found) == list(found) == file.lines
        assert len(found) == len(file.lines)
        assert (found.encoding, found.sha256, found.size) == (
            file.encoding, file.sha256, file.size,
        )  # fmt: skip
        assert found.cleaned_lines == file.cleaned_lines


@pytest.mark.thorough
@settings(max_examples=times(300), deadline=None, database=None)
@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_give_the_same_lines_or_the_same_refusal(data: bytes) -> None:
    content = Content("a.txt", data, ".txt")
    try:
        wanted = text_of(content)
    except UnreadableFile:
        with pytest.raises(UnreadableFile):
            lines_of(content)
        return
    found = lines_of(content)
    assert (list(found), found.encoding) == (wanted.lines, wanted.encoding)
    assert found.cleaned_lines == wanted.cleaned_lines[: len(found.cleaned_lines)]


def test_the_beginning_is_cut_at_a_line_or_at_a_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "HEAD", 10)
    path = tmp_path / "a.txt"
    path.write_text("one\nfünf\nzwölf\n", encoding="utf-8")
    found = beginning_of(path)
    assert isinstance(found, Beginning)
    assert found.data.decode() == "one\nfünf\n"
    path.write_text("ü" * 20, encoding="utf-8")
    found = beginning_of(path)
    assert found is not None
    assert found.data.decode() == "üüü"


@pytest.mark.django_db  # what was removed from the archive is asked for
def test_a_text_beyond_what_is_read_at_once_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 2_000)
    path = tmp_path / "long.txt"
    path.write_text(listing_text(*FIRST * 3), encoding="utf-8")
    assert path.stat().st_size > 2_000
    assert len(read_listing(path).entries) == 24
    path.rename(tmp_path / "long.html")
    with pytest.raises(UnreadableFile, match="is more than the"):
        read_listing(tmp_path / "long.html")


@pytest.mark.parametrize("wanted", [None, "text"])
def test_a_text_of_more_than_a_gigabyte_is_refused_without_reading_it(
    tmp_path: Path, wanted: str | None
) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(2**30 + 1)
    with pytest.raises(UnreadableFile, match=r"1,024 MiB is more than the 1,024 MiB"):
        read_listing(path, input_format=wanted)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 100)
    path = tmp_path / "a.txt"
    path.write_text(listing_text(*FIRST) + "x" * 100, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"a\.txt:\d+: the line is longer than 100"):
        read_listing(path)


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more\n")


def replace(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def rewrite(path: Path) -> None:
    path.write_bytes(path.read_bytes().swapcase())
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("act", [append, replace, rewrite, Path.unlink])
def test_a_file_that_changes_between_two_passes_is_refused(
    tmp_path: Path, act: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(listing_text(*FIRST), encoding="utf-8")
    content = beginning_of(path)
    assert content is not None
    found = lines_of(content)
    assert len(list(found)) == len(found)
    act(path)
    with pytest.raises(UnreadableFile, match=r"changed|no such file|not a regular file"):
        list(found)


@pytest.mark.parametrize(
    ("act", "message"), [(append, "grew"), (replace, "replaced"), (rewrite, "changed")]
)
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, act: Callable[[Path], None], message: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(listing_text(*FIRST), encoding="utf-8")
    content = beginning_of(path)
    assert content is not None
    passing = iter(lines_of(content))
    next(passing)
    act(path)
    with pytest.raises(UnreadableFile, match=message):
        list(passing)
