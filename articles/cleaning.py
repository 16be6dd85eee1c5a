"""The one cleaner: every text that enters the archive passes here, by import, form or fixture.

It makes both databases, feeds and pages behave the same on hostile text: PostgreSQL refuses NUL,
UTF-8 cannot hold lone surrogates, XML 1.0 (section 2.2) refuses control characters, and links
may only be http(s).
"""

import re
import unicodedata
from urllib.parse import urlsplit

import nh3

from articles.tangles import ANY_TAG, is_tangled

# C0 and C1 controls but tab and newline; surrogates; non-characters; bidirectional overrides and
# embeddings (they can reorder a whole page); the byte order mark; Unicode line separators are
# turned into newlines first.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069\ufeff\u200b\u2060]"
)
_NEWLINES = re.compile("\r\n?|\u2028|\u2029|\x85")
# No-break spaces stay: French and numbers are set with them.
_LINE_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
_MARK_RUN = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{5,}")
# Hangul fillers and the empty pattern of Braille count as letters or symbols.
_UNSEEN = re.compile("[\u115f\u1160\u3164\uffa0\u2800]")
_BLANK_LINES = re.compile(r"\n{3,}")
# NFC joins these to one letter ("≮", "≯"), and a tag would lose its bracket.
_STRUCK_BRACKET = re.compile("(?<=[<>])[\u0300-\u036f]*\u0338+")
#: Passes after which a body is as clean as it gets; two are usual.
_PASSES = 10

#: Elements and attributes a body may hold (an allow-list; everything else is dropped).
BODY_TAGS = {
    "p", "br", "h2", "h3", "h4", "blockquote", "ul", "ol", "li", "em", "strong", "a", "sub",
    "sup", "code", "pre", "hr", "cite", "q", "small", "abbr", "dl", "dt", "dd", "table",
    "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
BODY_ATTRIBUTES = {
    "a": {"href", "title", "hreflang"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "*": {"lang", "dir"},
}

#: A picture of a body is one that the archive stores: see `articles.pictures`.
PICTURE = re.compile(r"/media/[0-9a-f]{64}\.(?:png|jpg|gif|webp)", re.ASCII)
_NO_PICTURE = re.compile(r"<img(?![^<>]*? src=)[^<>]*>")
#: What a body with pictures may hold besides.
_WITH_PICTURES = BODY_TAGS | {"img", "figure", "figcaption"}
_PICTURE_ATTRIBUTES = {**BODY_ATTRIBUTES, "img": {"src", "alt", "width", "height"}}
_PIXELS = re.compile("[1-9][0-9]{0,4}", re.ASCII)

URL_MAX_LENGTH = 2000
#: The highest number of a part, on every path: a larger one is no number of a part.
HIGHEST_PART = 32_767
BODY_MAX_LENGTH = 5_000_000


def clean_block(text: str, max_length: int | None = None) -> str:
    """Return *text* fit for storing: NFC, newlines as ``\\n``, no controls, trimmed.

    Tabs and newlines stay; more than one blank line becomes one. A run of more than four
    combining marks on one letter is cut to four. Text beyond *max_length* characters is cut.
    """
    if not text:
        return ""
    if text.isascii() and text.isprintable():
        text = text.strip()  # nothing else below could change it
        return text if max_length is None else text[:max_length].rstrip()
    text = _FORBIDDEN.sub("", _NEWLINES.sub("\n", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        text = _MARK_RUN.sub(lambda run: run.group()[:4], text)
    text = _BLANK_LINES.sub("\n\n", text).strip()
    return text if max_length is None else text[:max_length].rstrip()


def clean_line(text: str, max_length: int | None = None) -> str:
    """Return *text* as one line: as `clean_block`, with every run of white space one space.

    Single no-break spaces stay.
    """
    text = clean_block(text)
    if "  " in text or not text.isprintable():
        text = _LINE_SPACES.sub(" ", text).strip()
    return text if max_length is None else text[:max_length].rstrip()


def is_blank(text: str) -> bool:
    """Return whether nobody would see anything of *text*: white space, controls, marks without a
    letter, and the letters that are drawn as nothing."""
    return not any(unicodedata.category(letter)[0] in "LNPS" for letter in _UNSEEN.sub("", text))


def clean_url(text: str) -> str:
    """Return *text* if it is an absolute http or https address with a host, else ``""``.

    Addresses with credentials, backslashes, white space or controls inside are refused, as are
    those longer than 2,000 characters: browsers repair them in ways that change where they lead.
    """
    text = text.strip()
    if not text or len(text) > URL_MAX_LENGTH or re.search(r"[\s\\\x00-\x20\x7f<>\"']", text):
        return ""
    if _FORBIDDEN.search(text):
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc:
        return ""
    return text


def clean_html(html: str) -> str:
    """Return *html* with only the elements and attributes a body may hold.

    A picture is held only if it is one of the archive's own, with its words and its measures in
    pixels. Of markup that nests without end only the words are kept.

    nh3 (Ammonia) parses as a browser does and rebuilds from an allow-list. Cleaning twice gives
    the same text as cleaning once: where a tag is dropped, the marks after it join the letter
    before it, so the text is cleaned until it stays as it is. nh3 has the last word each time.
    """
    html = clean_block(_STRUCK_BRACKET.sub("", html), BODY_MAX_LENGTH)
    if is_tangled(html):
        html = ANY_TAG.sub("", html)
    cleaned = ""
    has_pictures = PICTURE.search(html) is not None
    tags = _WITH_PICTURES if has_pictures else BODY_TAGS
    attributes = _PICTURE_ATTRIBUTES if has_pictures else BODY_ATTRIBUTES
    for _ in range(_PASSES):
        cleaned = nh3.clean(
            html,
            tags=tags,
            attributes=attributes,
            attribute_filter=_own_pictures if has_pictures else None,
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer",
            strip_comments=True,
        ).strip()
        if has_pictures:
            cleaned = _NO_PICTURE.sub("", cleaned).strip()
        html = clean_block(_STRUCK_BRACKET.sub("", cleaned))
        if html == cleaned:
            break
    return cleaned


def _own_pictures(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src") and not PICTURE.fullmatch(value):
        return None
    if tag == "img" and attribute in ("width", "height") and not _PIXELS.fullmatch(value):
        return None
    return value


def pictures_in(body: str) -> list[str]:
    """Return the names of the pictures that a body shows, or leads to, each once."""
    if "/media/" not in body:
        return []
    return list(dict.fromkeys(address.removeprefix("/media/") for address in PICTURE.findall(body)))


def html_to_text(html: str) -> str:
    """Return the words of a cleaned body, blocks separated by newlines."""
    spaced = re.sub(
        r"</(p|h[1-6]|li|blockquote|dd|dt|tr|td|th|pre|figure)>|<br ?/?>|<hr ?/?>", "\n", html
    )
    text = nh3.clean(spaced, tags=set(), attributes={})
    for entity, character in (
        ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", " "), ("&amp;", "&"),
    ):  # fmt: skip
        text = text.replace(entity, character)
    return clean_block(text)


def one_stop(text: str) -> str:
    """Return a sentence that ends in a quotation without a full stop behind the quotation's own."""
    is_double = len(text) > 2 and text[-1] == "." and text[-2] in "”“»" and text[-3] in ".!?"
    return text[:-1] if is_double else text
