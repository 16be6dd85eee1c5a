"""One entry of a page: which element holds which field.

By what marks it for machines first (microformats2 h-entry, schema.org microdata), then by the
names that classes have nearly everywhere, then by form: a heading, a link, a date.
"""

import re
from typing import Any
from urllib.parse import urljoin

from articles.importing.formats.dates import moment
from articles.importing.formats.html_tree import BLOCKS, Element, Page, inner_html
from articles.listing.bylines import looks_like_byline
from articles.listing.dates import date_at_end, whole_date
from articles.listing.furniture import is_furniture

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LONGEST_DATE = 80
#: The longest text in which a date is looked for: a byline with names and a date.
_LONGEST_WITH_DATE = 300


def _named(*names: str) -> re.Pattern[str]:
    """Return a pattern for a class, whole or as the last or first part of a longer one."""
    joined = "|".join(names)
    return re.compile(rf"(?:^|[\s_-])(?:{joined})(?:$|[\s_-])")


_DATE = _named("date", "dt-published", "published", "datepublished", "pubdate", "time", "timestamp")
_ROLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("headline", _named("p-name", "headline", "entry-title", "post-title", "article-title")),
    ("kicker", _named("kicker", "eyebrow", "overline", "rubric", "dachzeile", "section-label")),
    ("subtitle", _named("subtitle", "subheadline", "subhead", "alternativeheadline", "deck")),
    ("byline", _named("p-author", "author", "authors", "byline", "vcard", "writer")),
    ("standfirst", _named("p-summary", "summary", "excerpt", "standfirst", "teaser", "description",
                          "dek", "lead", "abstract")),
    ("body", _named("e-content", "articlebody", "entry-content", "post-content")),
    ("tags", _named("p-category", "tag", "tags", "keywords", "category", "categories")),
)  # fmt: skip
_BEFORE_DATE = re.compile(
    r"^(?:published|posted|updated|veröffentlicht|erschienen|publié|publicado|pubblicato)"
    r"(?:\s+(?:on|at|am|le|el|il|em))?:?\s+",
    re.IGNORECASE,
)
# What joins a date, a name or a section to the rest of its line, and says nothing alone.
_JOINS = r"(?:on|at|in|under|by|and|am|um|von|unter|und|le|dans|par|et|el|en|por|y|il|di|da|e|em)"
_JOINING = re.compile(
    r"(?:published|posted|updated|written|filed|veröffentlicht|erschienen|publié|publicado"
    rf"|pubblicato)?\s*{_JOINS}?\s*:?",
    re.IGNORECASE,
)
_JOINS_NEXT = re.compile(rf"\s{_JOINS}\Z")
_BY = re.compile(r"^(?:by|von|par|por|di)\s+(?=\S)", re.IGNORECASE)
_PARTS = re.compile(r"\s*[|·•]\s*|\s+[–—]\s+")


def is_date(element: Element) -> bool:
    """Whether *element* is a date: marked as one, or nothing but one."""
    if element.tag == "time" and (element.attributes.get("datetime") or element.children):
        return True
    if element.tag == "meta":
        return False
    if _DATE.search(element.classes) and date_text(element):
        return True
    own = [child for child in element.children if isinstance(child, str) and child.strip()]
    return any(_date_in(text) for text in own)


def is_head(element: Element) -> bool:
    """Whether *element* may be the headline of an entry: a heading or a link with words."""
    is_link = element.tag == "a" and "href" in element.attributes
    named = _ROLES[0][1].search(element.classes) is not None
    return (element.tag in _HEADINGS or is_link or named) and element.has_words()


def date_text(element: Element) -> str:
    """Return the date that *element* states, as text, or ``""``."""
    for name in ("datetime", "content"):
        value = element.attributes.get(name, "").strip()
        if value and (moment(value) or whole_date(value[:_LONGEST_DATE])):
            return value
    return _date_in(element.text(_LONGEST_WITH_DATE + 1))


def _date_in(text: str) -> str:
    """Return the date in a short text that is one, or a byline and one; else ``""``."""
    text = text.strip()
    if not text or len(text) > _LONGEST_WITH_DATE:
        return ""
    for piece in (text, *_PARTS.split(text)):
        piece = _BEFORE_DATE.sub("", piece.strip(" ()[],:"))
        if len(piece) <= _LONGEST_DATE and (moment(piece) or whole_date(piece)):
            return piece
    date = date_at_end(text)
    if date is not None and date.precision != "year" and len(text) < 150:
        return text[date.start : date.end]
    return ""


def fields_of(page: Page, unit: Element) -> tuple[dict[str, Any], list[str]]:
    """Return the raw values of the entry in *unit* by field, and texts that found no field."""
    found: dict[str, Any] = {}
    used: set[Element] = set()
    tags: list[str] = []
    names: list[str] = []
    head = _headline(unit)
    if head is not None:
        found["headline"] = head.text()
        used.add(head)
    for element in unit.walk():
        if element is unit or element.outside or element.is_in(used):
            continue
        is_first_date = "published_on" not in found and is_date(element)
        if is_first_date and (date := date_text(element) or _own_date(element)):
            found["published_on"] = date
            text = element.text(_LONGEST_WITH_DATE)
            rest = _without(text, date) if element.tag != "time" else ""
            if rest and not names and head is not None and len(rest) < 200:
                names.append(rest)
            used.add(element)
            continue
        role = next((role for role, pattern in _ROLES if pattern.search(element.classes)), "")
        if role in {"", "headline"} or (role in found and role not in {"tags", "byline"}):
            continue
        if not (text := element.text()):
            continue
        used.add(element)
        if role == "tags":
            tags.append(text)
        elif role == "byline":
            names.append(text)
        else:
            found[role] = inner_html(page, element) if role == "body" else text
    if "published_on" not in found and (date := _own_date(unit)):
        found["published_on"] = date
    left = _rest(unit, used, found.get("published_on", ""))
    if not names:
        signed = [text for _, text in left if _is_credit(text)]
        names += signed[:1]
        left = [(element, text) for element, text in left if text not in signed[:1]]
    if names:
        found["byline"] = "; ".join(dict.fromkeys(_credit(name) for name in names))
    if tags:
        found["tags"] = list(dict.fromkeys(tags))
    if address := address_of(page, unit, head):
        found["source_url"] = address
    if "standfirst" not in found and "body" not in found:
        prose = [text for element, text in left if element.tag == "p" or len(text) > 60]
        if prose:
            found["standfirst"] = "\n\n".join(prose)
            left = [(element, text) for element, text in left if text not in prose]
    return found, [text for _, text in left]


def _headline(unit: Element) -> Element | None:
    best: tuple[int, Element] | None = None
    for element in unit.walk():
        if element.outside or not is_head(element):
            continue
        if _ROLES[0][1].search(element.classes):
            rank = 0
        elif element.tag in _HEADINGS:
            rank = 1
        elif any(pattern.search(element.classes) for _, pattern in _ROLES[1:]) or is_date(element):
            continue
        else:
            rank = 2
        if best is None or rank < best[0]:
            best = rank, element
    return best[1] if best else None


def _own_date(element: Element) -> str:
    """Return the date in the text that stands in *element* itself."""
    for child in element.children:
        if isinstance(child, str) and (date := _date_in(child)):
            return date
    return ""


def _without(text: str, date: str) -> str:
    """Return *text* without *date* and what joins the two."""
    rest = text.replace(date, " ", 1) if date else text
    return _BEFORE_DATE.sub("", rest).strip(" ,|·•–—()[]:")


def _is_credit(text: str) -> bool:
    """Whether *text* is a credit by its first word, and a name or names after it."""
    return _BY.match(text) is not None and looks_like_byline(_credit(text))


def _credit(text: str) -> str:
    return _BY.sub("", text.strip(" ,"))


def has_link(unit: Element) -> bool:
    """Whether *unit* holds a link to somewhere."""
    return any(element.tag == "a" and element.attributes.get("href") for element in unit.walk())


def address_of(page: Page, unit: Element, head: Element | None) -> str:
    """Return where *unit* links to: its headline first, else the first absolute link."""
    links = [element for element in unit.walk()
             if element.tag == "a" and element.attributes.get("href")]  # fmt: skip
    first = [link for link in links if "u-url" in link.attributes.get("class", "")]
    if head is not None:
        first += [link for link in links if link.is_in({head}) or head.is_in({link})]
    for link in [*first, *links]:
        try:
            address = urljoin(page.address, link.attributes["href"].strip())
        except ValueError:
            continue
        if address.lower().startswith(("http://", "https://")):
            return address
        if first:
            return ""
    return ""


def _rest(unit: Element, used: set[Element], date: str) -> list[tuple[Element, str]]:
    """Return the texts in *unit* outside the elements *used*, furniture and the date left out."""
    found: list[tuple[Element, str]] = []
    holding = {other for element in used for other in element.above()}
    waiting: list[Element] = [unit]
    while waiting:
        element = waiting.pop()
        if element in used or element.outside:
            continue
        inner = [child for child in element.children if isinstance(child, Element)]
        holds_used = element in holding
        is_leaf = not any(child.tag in {"p", "div", "ul", "li", "span", "section", "blockquote"}
                          for child in inner)  # fmt: skip
        has_words = any(isinstance(child, str) and child.strip() for child in element.children)
        is_leaf = is_leaf and (has_words or not inner)
        if (is_leaf and not holds_used) or (element.tag == "p" and not holds_used):
            text = element.text()
            if text and text != date and not is_furniture(text):
                found.append((element, text))
            continue
        # "By Nora Vance | 4 May 2021", in which the name is a link and the date is one, too.
        if has_words and not any(child.tag in BLOCKS and child not in used for child in inner):
            text = _JOINS_NEXT.sub("", _without(element.text(_LONGEST_WITH_DATE, used), ""))
            if len(text) < _LONGEST_WITH_DATE and _is_credit(text):
                found.append((element, text))
                continue
        for child in element.children:
            if isinstance(child, str):
                text = _without(child.strip(), date) if date else child.strip()
                is_said = any(character.isalnum() for character in text)
                if is_said and not _JOINING.fullmatch(text) and not is_furniture(text):
                    found.append((element, text))
        waiting += reversed(inner)
    return found
