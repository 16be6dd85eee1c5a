"""Bodies of an old site: shortcodes, embeds and pictures to plain links and plain text.

What is written here is cleaned afterwards as every body is. Each pass is one scan with patterns
that never look back, so that hostile bodies cost no more than long ones.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from articles.cleaning import PICTURE, clean_line, clean_url
from articles.importing.formats.media import Media

_ATTRIBUTE = re.compile(
    r"""([A-Za-z_:][\w:.-]{0,60})\s{0,5}=\s{0,5}(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))"""
)
_MARKUP = re.compile(
    r"<(?P<close>/?)(?P<tag>a|img|iframe|embed|object|video|audio|source|script|form)\b"
    r"(?P<rest>[^<>]*)>",
    re.IGNORECASE,
)
_SHORTCODE = re.compile(r"\[(?P<close>/?)(?P<name>[A-Za-z][\w-]{1,40})(?P<rest>[^\[\]<>]*)\]")
#: The address that an embed encloses; alone on a line it would be a link without that, too.
_EMBEDDED = re.compile(
    r"\[embed\b[^\[\]<>]{0,500}\][ \t]{0,20}(https?://[^\s\"'<>\[\]]{1,2000})[ \t]{0,20}\[/embed\]",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s\"'<>\[\]]+")
_ALONE = re.compile(
    r"(?m)^(?P<before>[ \t]*+(?:<p>)?[ \t]*+)(?P<url>https?://[^\s\"'<>\[\]]+)"
    r"(?P<after>[ \t]*(?:</p>)?[ \t]*)$"
)
_BLOCKS = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|li|blockquote|pre|table|figure|hr|section|dl|!--)\b", re.IGNORECASE
)
_OWN_BLOCK = re.compile(
    r"\s*</?(?:p|div|h[1-6]|ul|ol|li|blockquote|pre|table|thead|tbody|tr|td|th|figure|hr|section"
    r"|dl|dt|dd|!--)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp)(?:\?|$)", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_EMBEDS = frozenset({"iframe", "embed", "video", "audio", "source"})
#: Shortcodes that come with the program or are everywhere; others need an attribute or an end.
_KNOWN = frozenset({
    "caption", "wp_caption", "gallery", "embed", "audio", "video", "playlist", "youtube",
    "vimeo",
})  # fmt: skip


@dataclass(slots=True)
class Body:
    """A body on its way: ``html`` so far, and what could not be brought along.

    ``base`` is the address of the old site, against which relative ones are read; ``files`` the
    addresses of its uploads by their number, ``media`` a copy of them.
    """

    html: str
    base: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    media: Media | None = None
    missing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)
    shortcodes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def link(self, address: str, text: str = "") -> str:
        """Return a link to *address* as HTML; its text alone if it leads nowhere."""
        full = self.full(address)
        shown = clean_line(text) or _name_of(full or address)
        if not full:
            return escape(shown, quote=False)
        return f'<a href="{escape(full)}">{escape(shown, quote=False)}</a>'

    def picture(self, address: str, text: str = "") -> str:
        """Return the picture at *address* as HTML, if the copy of the uploads has it; else
        ``""``, and its name goes to the list of what is missing or refused."""
        name = self.media.find(address) if self.media else None
        if name:
            width, height = (self.media.measures.get(name) if self.media else None) or (0, 0)
            size = f' width="{width}" height="{height}"' if width and height else ""
            return f'<img src="/media/{name}" alt="{escape(clean_line(text))}"{size}>'
        if self.media is None:
            self.pictures.append(_name_of(address))
        else:
            (self.missing if name is None else self.refused).append(_name_of(address))
        return ""

    def full(self, address: str) -> str:
        """Return *address* as an absolute one that a link may have, or ``""``."""
        try:
            return clean_url(urljoin(self.base, unescape(address).strip()))
        except ValueError:
            return ""


def from_wordpress(body: Body) -> None:
    """Turn a body as WordPress stores it into plain HTML, with `Body`'s lists filled."""
    body.html = _shortcodes(body)
    if not _BLOCKS.search(body.html) or ("<!-- wp:" not in body.html and "\n\n" in body.html):
        body.html = _autop(body.html)
    body.html = _ALONE.sub(
        lambda found: f"{found['before']}{body.link(found['url'], found['url'])}{found['after']}",
        body.html,
    )
    plain_markup(body)


def plain_markup(body: Body) -> None:
    """Turn pictures and embeds in the HTML of *body* into links."""
    in_link = False
    hidden = ""

    def rewritten(found: re.Match[str]) -> str:
        nonlocal in_link, hidden
        tag, closes = found["tag"].lower(), bool(found["close"])
        if tag == "a":
            in_link = not closes
            return found.group() if closes else _with_picture(body, found)
        if tag in {"script", "form"}:
            if not closes:
                body.left_out.append(tag)
            return found.group()
        if closes:
            return ""
        values = attributes(found["rest"])
        address = values.get("src") or values.get("data-src") or values.get("data") or ""
        if tag == "img" and PICTURE.fullmatch(address):
            return found.group()  # a gallery's, put in just now
        if tag == "img":
            return _picture(body, values, address, in_link)
        if not address or tag == "object":
            return ""
        body.embeds.append(body.full(address) or address)
        return f"<p>{body.link(address, values.get('title') or body.full(address))}</p>"

    body.html = _MARKUP.sub(rewritten, body.html)


def _picture(body: Body, values: dict[str, str], address: str, in_link: bool) -> str:
    if address.startswith("data:"):
        body.pictures.append("a picture inside the text")
        return escape(clean_line(values.get("alt", "")), quote=False)
    if shown := body.picture(address, values.get("alt", "")):
        return shown
    alt = clean_line(values.get("alt", "")) or _name_of(address)
    return escape(alt, quote=False) if in_link else body.link(address, alt)


def _with_picture(body: Body, found: re.Match[str]) -> str:
    """Return a tag that opens a link; one to a picture that is here leads to it."""
    address = attributes(found["rest"]).get("href", "")
    name = body.media.find(address) if body.media and _PICTURE.search(address) else None
    return f'<a href="/media/{name}">' if name else found.group()


def attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag or a shortcode by lower-case name, unescaped."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def _name_of(address: str) -> str:
    """Return the last segment of an address, readable."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return clean_line(address, 120)
    name = PurePosixPath(unquote(parts.path)).name
    return clean_line(name or parts.netloc or address, 120)


def _shortcodes(body: Body) -> str:
    """Return the HTML of *body* without shortcodes: their links and words are kept."""
    html = _EMBEDDED.sub(lambda found: body.link(found[1], unescape(found[1])), body.html)
    closed = {match["name"].lower() for match in _SHORTCODE.finditer(html) if match["close"]}

    def rewritten(found: re.Match[str]) -> str:
        name = found["name"].lower()
        around = html[max(0, found.start() - 1) : found.start()], html[found.end() :][:1]
        if around == ("[", "]"):
            return found.group()  # [[name]] is a shortcode spoken of
        values = attributes(found["rest"])
        if name not in _KNOWN and name not in closed and not values:
            return found.group()  # "[sic]" and the like are words of the text
        if found["close"]:
            return "</p>" if name in {"caption", "wp_caption"} else ""
        return _SHORTCODES.get(name, _unknown)(body, found, values)

    return _SHORTCODE.sub(rewritten, html)


def _caption(body: Body, found: re.Match[str], values: dict[str, str]) -> str:
    said = values.get("caption", "")
    return f"<p>{escape(said, quote=False)} " if said else "<p>"


def _gallery(body: Body, found: re.Match[str], values: dict[str, str]) -> str:
    numbers = re.findall("[0-9]{1,12}", values.get("ids") or values.get("include") or "")
    items = []
    for number in numbers:
        address = body.files.get(number)
        if address:
            items.append(f"<li>{body.picture(address) or body.link(address)}</li>")
        else:
            (body.missing if body.media else body.pictures).append(f"picture number {number}")
    if not numbers:
        body.shortcodes.append(found.group())
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _media(body: Body, found: re.Match[str], values: dict[str, str]) -> str:
    links = [value for value in values.values() if _ADDRESS.fullmatch(value)]
    links = links or _ADDRESS.findall(found["rest"])[:5]
    body.embeds += links
    return "".join(f"<p>{body.link(link, link)}</p>" for link in links)


def _unknown(body: Body, found: re.Match[str], values: dict[str, str]) -> str:
    body.shortcodes.append(found.group())
    links = _ADDRESS.findall(found["rest"])[:5]
    return " ".join(body.link(link) for link in links)


_SHORTCODES: dict[str, Callable[[Body, re.Match[str], dict[str, str]], str]] = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "embed": _media,
    "audio": _media,
    "video": _media,
    "youtube": _media,
    "vimeo": _media,
}


def _autop(text: str) -> str:
    """Return text with blank lines between paragraphs as HTML, as the old editor showed it."""
    blocks = []
    for block in _BLANK_LINES.split(text.replace("\r\n", "\n").strip()):
        if _OWN_BLOCK.match(block):
            blocks.append(block)
        elif block.strip():
            blocks.append(f"<p>{block.strip()}</p>".replace("\n", "<br>\n"))
    return "\n".join(blocks)
