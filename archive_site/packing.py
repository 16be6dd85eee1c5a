"""Static files are packed once: what lies there packed already is left, and equal files are packed
together. Brotli at its best takes seconds for the editor's script alone, and every start of the
site collects the files anew."""

import gzip
import threading
import zlib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: By its suffix, what gives back what was packed.
_UNPACK: dict[str, Callable[[bytes], bytes]] = {".br": brotli.decompress, ".gz": gzip.decompress}


class Packer(Compressor):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._packed: dict[tuple[str, bytes], bytes] = {}
        # A file and its copy with a hash in its name come to two threads at once.
        self._locks: dict[bytes, threading.Lock] = defaultdict(threading.Lock)

    def compress(self, path: str) -> list[str]:
        """Pack the file at *path*, unless it has been; return the files that were written."""
        data = Path(path).read_bytes()
        if all(_is_packed(Path(path + suffix), data, suffix) for suffix in _UNPACK):
            return []
        with self._locks[data]:
            written: list[str] = super().compress(path)
            return written

    def compress_brotli(self, data: bytes) -> bytes:
        return self._once(".br", data, super().compress_brotli)

    def compress_gzip(self, data: bytes) -> bytes:
        return self._once(".gz", data, super().compress_gzip)

    def _once(self, suffix: str, data: bytes, pack: Callable[[bytes], bytes]) -> bytes:
        if (suffix, data) not in self._packed:
            self._packed[suffix, data] = pack(data)
        return self._packed[suffix, data]


def _is_packed(packed: Path, data: bytes, suffix: str) -> bool:
    try:
        return _UNPACK[suffix](packed.read_bytes()) == data
    except (OSError, EOFError, zlib.error, brotli.error):
        return False


class PackedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files with a hash in their names, packed once."""

    def create_compressor(self, **options: Any) -> Packer:
        return Packer(**options)
