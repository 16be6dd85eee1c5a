"""XML with places: elements as they end, each with the lines and the text it stands in.

Parsed by defusedxml in pieces. Entities of a document's own, external ones, and elements nested
beyond reason are refused, which is what attacks on XML are made of. HTML's named characters, which
many feeds hold though XML does not know them, are put in for their names first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.entities import html5
from itertools import islice
from typing import Any
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from articles.importing.files import Content, UnreadableFile, read_content
from articles.importing.lines import Beginning, Lines, lines_of

#: Elements inside each other, and attributes of one; feeds with XHTML in them stay below 60.
DEEPEST = 500
MOST_ATTRIBUTES = 200
#: Lines that a parser is given at first, and at once; a declaration may be of several.
_HEAD, _LINES = 20, 500
_DECLARATION = re.compile(r"\s*<\?xml[^<>]{0,200}\?>")
_ENCODING = re.compile(rb"^\s*<\?xml[^<>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)([A-Za-z][A-Za-z0-9]{1,31};)")


@dataclass(slots=True)
class Node:
    """An element: its name as ``{namespace}local``, its attributes, text and children.

    ``first_line`` and ``last_line`` are its lines; ``source`` is the text in which it stands, of an
    outermost one.
    """

    name: str
    attributes: dict[str, str]
    first_line: int
    start: int
    last_line: int = 0
    source: str = ""
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
    """XML as lines of text, and as the UTF-8 that parsers are given; the declaration is blanked.

    ``given`` has the SHA-256 and the size of what was given. ``root`` is the byte at which the
    first element begins, once `elements` has been there.
    """

    file: Lines
    given: Content | Lines
    root: int = 0

    def data(self) -> Iterator[bytes]:
        """Yield the document as UTF-8, piece by piece."""
        lines = iter(self.file)
        # A declaration is at the very beginning.
        text = "\n".join(islice(lines, _HEAD)) + "\n"
        if match := _DECLARATION.match(text):
            text = re.sub(r"[^\n]", " ", match.group()) + text[match.end() :]
        while text:
            known = _ENTITY.sub(lambda found: html5.get(found[1], found.group()), text)
            yield known.encode("utf-8", "replace")
            text = "".join(f"{line}\n" for line in islice(lines, _LINES))


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
    """Return *content* as XML text, not yet parsed. Raises `UnreadableFile`.

    Of a `lines.Beginning` it is the whole file, read as it is parsed.
    """
    declared = _ENCODING.match(content.data[:400])
    if with_encoding(content, declared) is content:
        file = lines_of(content)
        return Document(file, file)
    # It is in an encoding that only its declaration tells.
    whole = read_content(content.file) if isinstance(content, Beginning) else content
    return Document(lines_of(with_encoding(whole, declared)), whole)


def elements(found: Document, wanted: frozenset[str], *, anywhere: bool = False) -> Iterator[Node]:
    """Yield each outermost element whose name is in *wanted*, as it ends.

    With *anywhere* a name counts in any namespace. Raises `UnreadableFile`, perhaps after some
    have been yielded.
    """
    target = _Collector(wanted, anywhere)
    parser = DefusedXMLParser(
        target=target, forbid_dtd=False, forbid_entities=True, forbid_external=True
    )
    target.expat = parser.parser
    try:
        for piece in found.data():
            target.window += piece
            parser.feed(piece)
            found.root = target.root or 0
            yield from target.take()
            target.forget()
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

    def __init__(self, wanted: frozenset[str], anywhere: bool) -> None:
        self.wanted = wanted
        self.anywhere = anywhere
        self.depth = 0
        self.root: int | None = None
        self.open: list[Node] = []
        self.done: list[Node] = []
        #: What is kept of the document, and where it begins there.
        self.window = bytearray()
        self.begin = 0

    def take(self) -> list[Node]:
        done, self.done = self.done, []
        return done

    def forget(self) -> None:
        """Let go of what no element that is open, or still to come, stands in."""
        first = self.open[0].start if self.open else max(self.expat.CurrentByteIndex, self.begin)
        del self.window[: first - self.begin]
        self.begin = first

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
        if not self.open:
            close = self.window.find(b">", self.expat.CurrentByteIndex - self.begin)
            end = close + 1 if close >= 0 else len(self.window)
            node.source = self.window[node.start - self.begin : end].decode("utf-8", "replace")
            self.done.append(node)

    def data(self, text: str) -> None:
        if self.open:
            self.open[-1].pieces.append(text)

    def close(self) -> None:
        """Nothing is left to do at the end."""
