"""What pages are made with: code, templates, translations, static files and settings.

Nodes that run the same release agree on its mark, so that they can share what was kept; a new
release finds nothing of the old one.
"""

import hashlib
import os
from functools import cache
from pathlib import Path

from django.conf import settings

from archive_site.environment import ENVIRONMENT

_FOLDERS = ("archive_site", "articles", "authors", "templates", "locale")
_SUFFIXES = {".py", ".html", ".mo", ".css", ".js", ".svg", ".ico", ".toml"}
#: Settings that may differ from node to node, as no page shows anything of them.
_OF_A_NODE = {
    "ALLOWED_HOSTS", "BACKUP_DIR", "CACHE_MB", "CACHE_SECONDS", "CACHE_URL", "CONN_MAX_AGE",
    "DATABASE_URL", "DATABASE_REPLICA_URLS", "LOG_LEVEL", "SECRET_KEY", "SITE_DIR", "VAR_DIR",
}  # fmt: skip


@cache
def mark() -> str:
    """Return twelve characters that stand for this release of this site."""
    digest = hashlib.sha256()
    for name in sorted(set(ENVIRONMENT) - _OF_A_NODE):
        digest.update(f"{name}={os.environ.get(name, '')}\n".encode())
    for name, path in _files():
        digest.update(name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _files() -> list[tuple[str, Path]]:
    """Return the files by name: ours that pages are made of, and all of the site's own folder."""
    base = settings.BASE_DIR
    ours = [path for name in _FOLDERS for path in (base / name).rglob("*")]
    found = [(path.relative_to(base).as_posix(), path) for path in ours]
    found = [(name, path) for name, path in found if path.suffix in _SUFFIXES]
    if settings.SITE_DIR is not None:
        there = [path for path in settings.SITE_DIR.rglob("*") if path.is_file()]
        found += [(f"site: {path.relative_to(settings.SITE_DIR)}", path) for path in there]
    return sorted(found)
