"""Old addresses, and the links of a body that lead to the site it came from. Pure.

Bodies are cleaned before they come here, so that every link is written as nh3 writes it: double
quotes, ampersands escaped, no bracket inside an attribute.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape, unescape
from urllib.parse import parse_qsl, unquote, urlsplit

_NUMBERED = ("p", "page_id")
_LINK = re.compile(r'(<a [^<>]*?href=")([^"<>]*)(")')
#: Files of a site rather than pages: they are no article's address.
_FILE = re.compile(
    r"(?:^|/)(?:wp-content|content/(?:images|files|media))/"
    r"|\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|m4a|zip|docx?|xlsx?|pptx?|ogg|webm)$",
    re.IGNORECASE,
)


def old_path(address: str) -> str:
    """Return the path of an old address as `PastAddress` holds it, or ``""`` for the front page.

    ``?p=123`` stands for the number wherever it was asked for; any other query stays behind its
    path. Percent signs are undone, as they are in a request.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    path = unquote(parts.path).lstrip("/")
    for name, value in parse_qsl(parts.query)[:20]:
        if name in _NUMBERED and re.fullmatch("[0-9]{1,12}", value):
            return f"?{name}={value}"
    return f"{path}?{unquote(parts.query)}" if parts.query else path


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
