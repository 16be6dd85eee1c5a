"""XML with places: elements as they end, each with the lines and the text it stands in.

Parsed by defusedxml in pieces. Entities of a document's own, external ones, and elements nested
beyond reason are refused, which is what attacks on XML are made of. HTML's named characters, which
many feeds hold though XML does not know them, are put in for their names first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.entities import html5
from typing import Any
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from articles.importing.files import Content, TextFile, UnreadableFile, text_of

#: Elements inside each other, and attributes of one; feeds with XHTML in them stay below 60.
DEEPEST = 500
MOST_ATTRIBUTES = 200
_PIECE = 2**16
_DECLARATION = re.compile(r"\s*<\?xml[^<>]{0,200}\?>")
_ENCODING = re.compile(rb"^\s*<\?xml[^<>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)([A-Za-z][A-Za-z0-9]{1,31};)")


@dataclass(slots=True)
class Node:
    """An element: its name as ``{namespace}local``, its attributes, text and children.

    ``start`` and ``end`` are its bytes in the document, ``first_line`` and ``last_line`` its lines.
    """

    name: str
    attributes: dict[str, str]
    first_line: int
    start: int
    last_line: int = 0
    end: int = 0
    pieces: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of the element itself, without its children's."""
        return "".join(self.pieces)

    def child(self, name: str) -> "Node | None":
        return next((node for node in self.children if node.name == name), None)

    def text_of(self, name: str) -> str:
        """Return the text of the first child *name*, trimmed; ``""`` if there is none."""
        node = self.child(name)
        return node.text.strip() if node else ""


@dataclass(slots=True)
class Document:
    """XML as text and as the UTF-8 bytes that parsers are given; the declaration is blanked.

    ``root`` is where the first element begins, once `elements` has been there.
    """

    file: TextFile
    data: bytes
    root: int = 0

    def piece(self, node: Node) -> str:
        """Return the text in which an element stands."""
        return self.data[node.start : node.end].decode("utf-8", "replace")


def with_encoding(content: Content, declared: re.Match[bytes] | None) -> Content:
    """Return *content* in UTF-8 if it declares an encoding that it is in."""
    if declared is None:
        return content
    try:
        encoding = declared[1].decode("ascii").lower()
        if encoding in {"utf-8", "utf8", "utf-16", "us-ascii", "ascii"}:
            return content
        return replace(content, data=content.data.decode(encoding).encode("utf-8"))
    except (LookupError, UnicodeError, ValueError):
        return content


def document(content: Content) -> Document:
    """Return *content* as XML text, not yet parsed. Raises `UnreadableFile`."""
    recoded = with_encoding(content, _ENCODING.match(content.data[:400]))
    file = replace(text_of(recoded), sha256=content.sha256, size=len(content.data))
    text = "\n".join(file.lines)
    if match := _DECLARATION.match(text):
        text = re.sub(r"[^\n]", " ", match.group()) + text[match.end() :]
    text = _ENTITY.sub(lambda found: html5.get(found[1], found.group()), text)
    return Document(file, text.encode("utf-8", "replace"))


def elements(found: Document, wanted: frozenset[str], *, anywhere: bool = False) -> Iterator[Node]:
    """Yield each outermost element whose name is in *wanted*, as it ends.

    With *anywhere* a name counts in any namespace. Raises `UnreadableFile`, perhaps after some
    have been yielded.
    """
    target = _Collector(wanted, anywhere)
    parser = DefusedXMLParser(
        target=target, forbid_dtd=False, forbid_entities=True, forbid_external=True
    )
    target.expat, target.source = parser.parser, found.data
    try:
        for start in range(0, len(found.data), _PIECE):
            parser.feed(found.data[start : start + _PIECE])
            found.root = target.root or 0
            yield from target.take()
        parser.close()
        yield from target.take()
    except DefusedXmlException as error:
        raise UnreadableFile(
            f"{found.file.path}: declares entities of its own, which are not read"
        ) from error
    except (ParseError, ExpatError) as error:
        line, _ = getattr(error, "position", (getattr(error, "lineno", 0), 0))
        reason = re.sub(r": line [0-9]+, column [0-9]+$", "", str(error))
        raise UnreadableFile(f"{found.file.path}:{line}: not well-formed XML: {reason}") from error
    except (ValueError, RecursionError, KeyError) as error:
        raise UnreadableFile(f"{found.file.path}: not XML that can be read: {error}") from error


class _Collector:
    """The target of the parser: keeps the elements wanted, and nothing of the others."""

    expat: Any
    source: bytes

    def __init__(self, wanted: frozenset[str], anywhere: bool) -> None:
        self.wanted = wanted
        self.anywhere = anywhere
        self.depth = 0
        self.root: int | None = None
        self.open: list[Node] = []
        self.done: list[Node] = []

    def take(self) -> list[Node]:
        done, self.done = self.done, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"elements nested more than {DEEPEST} deep")
        if len(attributes) > MOST_ATTRIBUTES:
            raise ValueError(f"an element with more than {MOST_ATTRIBUTES} attributes")
        if self.root is None:
            self.root = self.expat.CurrentByteIndex
        name = tag.rpartition("}")[2] if self.anywhere else tag
        if self.open or name in self.wanted:
            place = self.expat.CurrentLineNumber, self.expat.CurrentByteIndex
            node = Node(tag, dict(attributes), *place)
            if self.open:
                self.open[-1].children.append(node)
            self.open.append(node)

    def end(self, tag: str) -> None:
        self.depth -= 1
        if not self.open:
            return
        node = self.open.pop()
        node.last_line = self.expat.CurrentLineNumber
        close = self.source.find(b">", self.expat.CurrentByteIndex)
        node.end = close + 1 if close >= 0 else len(self.source)
        if not self.open:
            self.done.append(node)

    def data(self, text: str) -> None:
        if self.open:
            self.open[-1].pieces.append(text)

    def close(self) -> None:
        """Nothing is left to do at the end."""
