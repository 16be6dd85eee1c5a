"""Links of a body that lead to the site it came from. Pure.

Bodies are cleaned before they come here, so that every link is written as nh3 writes it: double
quotes, ampersands escaped, no bracket inside an attribute.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape, unescape
from urllib.parse import urlsplit

from articles.importing.formats.sites import old_path

_LINK = re.compile(r'(<a [^<>]*?href=")([^"<>]*)(")')
#: Files of a site rather than pages: they are no article's address.
_FILE = re.compile(
    r"(?:^|/)(?:wp-content|content/(?:images|files|media))/"
    r"|\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|m4a|zip|docx?|xlsx?|pptx?|ogg|webm)$",
    re.IGNORECASE,
)


def internal_paths(body: str, hosts: Collection[str]) -> Iterator[str]:
    """Yield the old path of each link in *body* that leads to a page of one of *hosts*."""
    for match in _LINK.finditer(body):
        path, _ = _internal(match[2], hosts)
        if path and not _FILE.search(path):
            yield path


def spellings(path: str) -> tuple[str, ...]:
    """Return *path* and the same with or without its last slash: sites answer to both."""
    if path.startswith("?") or "?" in path:
        return (path,)
    return (path, path.rstrip("/") if path.endswith("/") else f"{path}/")


def localised(body: str, hosts: Collection[str], addresses: Mapping[str, str]) -> str:
    """Return *body* with links to old paths leading to *addresses*; others stay as they are."""

    def rewritten(match: re.Match[str]) -> str:
        path, fragment = _internal(match[2], hosts)
        found = next((addresses[name] for name in spellings(path) if name in addresses), "")
        if not path or not found:
            return match.group()
        return f"{match[1]}{escape(found + fragment)}{match[3]}"

    return _LINK.sub(rewritten, body)


def _internal(href: str, hosts: Collection[str]) -> tuple[str, str]:
    """Return the old path and the fragment of a link within the old site; ``""`` for others."""
    address = unescape(href).strip()
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return "", ""
    is_ours = host in hosts if host else address[:1] in ("/", "?") and address[:2] != "//"
    if not is_ours or parts.scheme not in ("", "http", "https"):
        return "", ""
    return old_path(address), f"#{parts.fragment}" if parts.fragment else ""
