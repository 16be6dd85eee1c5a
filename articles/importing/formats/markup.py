"""HTML in what a file brings: made safe, made text, and refused where it is a trap."""

import re
from html import escape, unescape

from articles.cleaning import clean_block, clean_html, clean_line, html_to_text
from articles.tangles import ANY_TAG, is_tangled

_BREAK = re.compile(
    r"</?(?:p|div|h[1-6]|li|blockquote|section|article|tr|table|ul|ol|dl|dt|dd|pre)\b[^<>]*>"
    r"|<br\b[^<>]*>|<hr\b[^<>]*>",
    re.IGNORECASE,
)
_LOOKS_LIKE_HTML = re.compile(
    r"</[A-Za-z][A-Za-z0-9]*\s*>|<(?:p|br|hr|img|li|h[1-6])\b[^<>]*>", re.IGNORECASE
)
_RENAMED = {
    "b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4",
    **dict.fromkeys(
        ("div", "section", "article", "figure", "figcaption", "center", "header", "footer"), "p"
    ),
}  # fmt: skip
_RENAMED_TAG = re.compile(rf"<(/?)({'|'.join(_RENAMED)})((?:\s[^<>]*)?)>", re.IGNORECASE)
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def looks_like_html(text: str) -> bool:
    """Whether *text* holds markup rather than words."""
    return _LOOKS_LIKE_HTML.search(text) is not None


def safe_html(text: str) -> tuple[str, bool]:
    """Return *text*, HTML, cleaned for a body, and whether its markup had to be left out.

    Elements that a body may not hold but that mean the same as one it may are renamed first:
    bold is strong, and blocks are paragraphs, so that their words do not run together.
    """
    if is_tangled(text):
        return paragraphs(plain(text)), True
    renamed = _RENAMED_TAG.sub(
        lambda found: f"<{found[1]}{_RENAMED[found[2].lower()]}{found[3]}>", text
    )
    return _EMPTY.sub("", clean_html(renamed)).strip(), False


def plain(html: str) -> str:
    """Return the words of any markup, without parsing it: for what no parser should see."""
    text = ANY_TAG.sub("", _BREAK.sub("\n\n", html))
    return clean_block(unescape(text))


def paragraphs(text: str) -> str:
    """Return plain *text* as the HTML of a body: a paragraph for each block, lines kept."""
    blocks = (block.strip() for block in _PARAGRAPHS.split(clean_block(text)))
    return clean_html(
        "\n".join(f"<p>{escape(block, quote=False)}</p>".replace("\n", "<br>\n")
                  for block in blocks if block)
    )  # fmt: skip


def block_text(text: str) -> str:
    """Return *text*, HTML or plain, as plain lines for a standfirst."""
    if "<" not in text and "&" not in text:
        return clean_block(text)
    return plain(text) if is_tangled(text) else html_to_text(clean_html(text))


def line_text(text: str) -> str:
    """Return *text*, HTML or plain, as one line."""
    return clean_line(block_text(text))
