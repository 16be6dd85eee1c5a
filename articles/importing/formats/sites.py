"""A whole site that moves here: its host names, old addresses, and what is said of its bodies."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from articles.cleaning import clean_line
from articles.importing.formats import fields
from articles.importing.formats.bodies import Body
from articles.importing.formats.fields import Row

#: Longest path that is remembered as an old address.
LONGEST_PATH = 400
#: File names, embeds or shortcodes that one remark lists.
_LISTED = 20


def host_of(address: str) -> str:
    """Return the host name of an address in lower case, or ``""``."""
    try:
        return (urlsplit(address.strip()).hostname or "").lower()
    except ValueError:
        return ""


def hosts_of(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return the names under which a site is known by *addresses*, with and without www."""
    found: dict[str, None] = {}
    for address in addresses:
        if host := host_of(address).removeprefix("www."):
            found |= dict.fromkeys((host, f"www.{host}"))
    return tuple(found)


def remember(row: Row, paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of *paths* that can be remembered; the others are remarked on."""
    found: dict[str, None] = {}
    for path in paths:
        cleaned = clean_line(path)
        if not cleaned or cleaned.startswith("admin/"):
            continue
        if len(cleaned) > LONGEST_PATH or cleaned != path:
            row.remark(
                "address-unusable",
                f"The old address “{cleaned[:120]}” is longer than {LONGEST_PATH} characters or"
                " holds some that no address has; it leads nowhere here.",
            )
            continue
        found[cleaned] = None
    return tuple(found)


def finish_body(row: Row, body: Body, above: str = "") -> None:
    """Give *row* the body, and say what could not be brought.

    *above* is the address of the picture above the article; it becomes the body's first.
    """
    if above:
        standing = body.picture(above)
        body.html = f"<p>{standing}</p>\n{body.html}" if standing else body.html
    fields.set_body(row, body.html)
    for code, message, found in (
        ("picture-left-out", "Pictures are not brought; what remains are links to the old site",
         body.pictures),
        ("picture-missing", "Pictures are not in the folder of the uploads", body.missing),
        ("picture-refused", "Not PNG, JPEG, GIF or WebP, or too large", body.refused),
        ("embed-to-link", "What was embedded is a link now", body.embeds),
        ("shortcode-unknown", "Shortcodes were left out, their words kept", body.shortcodes),
        ("markup-left-out", "Scripts and forms were left out", body.left_out),
    ):  # fmt: skip
        _say(row, code, message, found)


def _say(row: Row, code: str, message: str, found: list[str]) -> None:
    if not found:
        return
    names = list(dict.fromkeys(clean_line(name, 120) for name in found))
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    row.remark(code, f"{message}: {', '.join(names[:_LISTED])}{more}.")
