"""A page as a tree that knows where in the source each element begins.

selectolax parses as a browser does but tells no places, so every start tag is given its own as an
attribute before it parses. Of two attributes of one name the first counts (WHATWG HTML, section
13.2.5.33), and ours is the first.
"""

import re
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from articles.cleaning import clean_line

_PLACE = "data-place"
_START_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9-]{0,30})(?=[\s/>])")
_MARK = re.compile(rf' {_PLACE}="[0-9]{{1,10}}"')
_UNSEEN = frozenset({
    "script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object",
    "canvas", "select", "datalist",
})  # fmt: skip
_FURNITURE = frozenset({
    "nav", "header", "footer", "aside", "form", "button", "dialog", "menu", "label", "input",
})  # fmt: skip
_FURNITURE_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar",
    "dialog",
})  # fmt: skip
_FURNITURE_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|pagination|pager|sidebar|cookie|cookies|newsletter|share|sharing"
    r"|social|comments?|related|menu|navbar|advert|advertisement|widget|skip-link)(?:$|[\s_-])",
    re.IGNORECASE,
)
#: Elements that begin and end a line of their own.
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "ul",
})  # fmt: skip


@dataclass(slots=True, eq=False)
class Element:
    """An element: where its tag stands in the source, its children, and what it lies in.

    ``limit`` is where the next element begins that is not in it: it ends before.
    ``outside`` is true of what belongs to the page rather than to an article, and of all in it.
    """

    tag: str
    place: int
    attributes: dict[str, str]
    parent: "Element | None"
    depth: int
    limit: int = 0
    outside: bool = False
    children: "list[Element | str]" = field(default_factory=list)

    def walk(self) -> "Iterator[Element]":
        """Yield this element and all below it, in the order of the source."""
        waiting: list[Element] = [self]
        while waiting:
            current = waiting.pop()
            yield current
            waiting += [child for child in reversed(current.children)
                        if isinstance(child, Element)]  # fmt: skip

    def text(self, most: int | None = None, without: "Collection[Element]" = ()) -> str:
        """Return the words in it on one line; only the first *most* characters or so if given, and
        none of what stands in the elements *without*."""
        if most is None:
            return clean_line("".join(self._pieces(without)))
        found: list[str] = []
        for piece in self._pieces(without):
            found.append(piece[: most + 1])
            most -= len(piece)
            if most < 0:
                break
        return clean_line("".join(found))

    def has_words(self) -> bool:
        """Whether it holds more than white space."""
        return any(piece.strip() for piece in self._pieces())

    def _pieces(self, without: "Collection[Element]" = ()) -> Iterator[str]:
        waiting: list[Element | str] = [self]
        while waiting:
            current = waiting.pop()
            if isinstance(current, str):
                yield current
                continue
            if current in without:
                continue
            is_block = current.tag in BLOCKS
            if is_block:
                yield " "
                waiting.append(" ")
            waiting += reversed(current.children)

    @property
    def classes(self) -> str:
        """The class attribute with what microdata and links say beside it."""
        names = ("class", "itemprop", "rel")
        return " ".join(self.attributes.get(name, "") for name in names).lower()

    def above(self) -> "Iterator[Element]":
        """Yield the elements it lies in, from the inside out."""
        current = self.parent
        while current is not None:
            yield current
            current = current.parent

    def is_in(self, others: "Container[Element]") -> bool:
        """Whether it is one of *others*, or lies in one."""
        return self in others or any(element in others for element in self.above())


@dataclass(slots=True)
class Page:
    """A parsed page: its source, body, title and the address it says it has."""

    source: str
    body: Element | None
    title: str
    address: str

    def end_of(self, element: Element) -> int:
        """Return where *element* ends in the source: behind its end tag, else where the text
        ends before the next tag that cannot belong to it."""
        tags = re.compile(rf"<(/?){re.escape(element.tag)}(?=[\s/>])[^<>]*>?", re.IGNORECASE)
        depth = 0
        limit = max(element.limit, element.place)
        for match in tags.finditer(self.source, element.place, limit):
            depth += -1 if match[1] else 1
            if depth <= 0:
                return match.end()
        return limit


def parse(source: str) -> Page:
    """Return *source*, HTML that nests within reason (see `articles.tangles`), as a page."""
    marked = _START_TAG.sub(lambda found: f'{found.group()} {_PLACE}="{found.start()}"', source)
    parser = LexborHTMLParser(marked)
    elements: dict[int, Element] = {}
    root = parser.body
    if root is not None:
        for node in root.traverse(include_text=True):
            above = node.parent
            parent = elements.get(above.mem_id) if above is not None else None
            if node.is_text_node:
                if parent is not None and parent.tag not in _UNSEEN:
                    parent.children.append(node.text(deep=False))
                continue
            if not node.is_element_node or (parent is None and node.tag != "body"):
                continue
            attributes = {name: value or "" for name, value in node.attributes.items()}
            place = attributes.pop(_PLACE, "")
            element = Element(
                tag=str(node.tag),
                place=int(place) if place.isdigit() else (parent.place if parent else 0),
                attributes=attributes,
                parent=parent,
                depth=parent.depth + 1 if parent else 0,
            )
            if element.tag in _UNSEEN:
                continue
            element.outside = (parent is not None and parent.outside) or _is_outside(element)
            if parent is not None:
                parent.children.append(element)
            elements[node.mem_id] = element
    _set_limits(elements.values(), len(source))
    title = parser.css_first("title")
    return Page(
        source,
        elements[root.mem_id] if root is not None and root.mem_id in elements else None,
        clean_line(_MARK.sub("", title.text())) if title is not None else "",
        _address(parser),
    )


def _set_limits(elements: Iterable[Element], end: int) -> None:
    open_elements: list[Element] = []
    for element in elements:
        while open_elements and open_elements[-1].depth >= element.depth:
            open_elements.pop().limit = element.place
        open_elements.append(element)
    for element in open_elements:
        element.limit = end


def _address(parser: LexborHTMLParser) -> str:
    for selector, name in (
        ("base[href]", "href"),
        ('link[rel="canonical"]', "href"),
        ('meta[property="og:url"]', "content"),
    ):
        node = parser.css_first(selector)
        if node is not None and (value := node.attributes.get(name)):
            return str(value)
    return ""


def _is_outside(element: Element) -> bool:
    if element.tag in _FURNITURE:
        # A header inside an article is the article's own.
        return element.tag not in {"header", "footer"} or not _in_article(element)
    if element.attributes.get("role", "").lower() in _FURNITURE_ROLES:
        return True
    if "hidden" in element.attributes or element.attributes.get("aria-hidden") == "true":
        return True
    names = f"{element.attributes.get('class', '')} {element.attributes.get('id', '')}"
    return element.tag not in {"body", "main", "article"} and bool(_FURNITURE_CLASSES.search(names))


def _in_article(element: Element) -> bool:
    return any(other.tag in {"article", "main", "li"} for other in element.above())


def inner_html(page: Page, element: Element) -> str:
    """Return the source between the tags of *element*."""
    piece = page.source[element.place : page.end_of(element)]
    start = piece.find(">") + 1
    end = piece.rfind("</")
    return piece[start : end if end > start else len(piece)]
