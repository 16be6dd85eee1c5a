"""Static files are packed once: each start of a site collects them anew."""

import gzip
import os
import time
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command
from django.test import override_settings

from archive_site.packing import Packer

TEXT = b"The board met twice before noon and settled nothing at all. " * 20


@pytest.fixture
def packed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was really packed by brotli, in the order in which it was."""
    found: list[bytes] = []
    compress = brotli.compress

    def noted(data: bytes) -> bytes:
        found.append(data)
        return bytes(compress(data))

    monkeypatch.setattr(brotli, "compress", noted)
    return found


def collect(folder: Path, *sources: Path) -> dict[str, Path]:
    """Collect the files of *sources* alone; return what lies in *folder* then."""
    storages = {"staticfiles": {"BACKEND": "archive_site.packing.PackedStaticFilesStorage"}}
    with override_settings(
        STATIC_ROOT=folder,
        STATICFILES_DIRS=sources,
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES=storages,
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    return {path.name: path for path in folder.iterdir()}


def test_a_file_and_its_copy_are_packed_together_and_only_when_they_change(
    tmp_path: Path, packed: list[bytes]
) -> None:
    source, folder = tmp_path / "source", tmp_path / "static"
    source.mkdir()
    (source / "site.js").write_bytes(TEXT)
    found = collect(folder, source)
    scripts = [name for name in found if name.endswith(".js")]
    assert len(scripts) == 2
    for name in scripts:
        assert brotli.decompress(found[f"{name}.br"].read_bytes()) == TEXT
        assert gzip.decompress(found[f"{name}.gz"].read_bytes()) == TEXT
    assert packed.count(TEXT) == 1
    packed.clear()
    collect(folder, source)
    assert TEXT not in packed
    # One that was changed is packed anew, and so is one whose packing is damaged or lost.
    (source / "site.js").write_bytes(TEXT * 2)
    later = time.time() + 5
    os.utime(source / "site.js", (later, later))
    assert brotli.decompress(collect(folder, source)["site.js.br"].read_bytes()) == TEXT * 2
    assert packed.count(TEXT * 2) == 1
    for name, content in (("site.js.br", b"\x00"), ("site.js.gz", b"\x1f\x8b\x08")):
        (folder / name).write_bytes(content)
        packed.clear()
        collect(folder, source)
        assert packed.count(TEXT * 2) == 1
    (folder / "site.js.br").unlink()
    assert "site.js.br" in collect(folder, source)


def test_what_packing_makes_no_smaller_is_left(tmp_path: Path) -> None:
    path = tmp_path / "short.js"
    path.write_bytes(b"x")
    assert Packer(quiet=True).compress(str(path)) == []
    assert list(tmp_path.iterdir()) == [path]
