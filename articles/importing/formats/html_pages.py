"""HTML pages: entries where a page repeats them, else its words as the plain-text parser reads.

A page is structured if it has several elements of one kind (articles, microformats of entries,
list items, rows) that each hold a heading or a link, and a date. What stands in navigation,
headers, footers and the like is the page's own. Any other page is turned into lines, one for each
block, and every line keeps the place in the source that it came from.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from articles import tangles
from articles.cleaning import clean_line, clean_url
from articles.importing.files import Content, TextFile, UnreadableFile, text_of
from articles.importing.formats import html_entries, plain, tables
from articles.importing.formats.columns import NOTHING
from articles.importing.formats.context import Context, listing_of, remark, text_remarks
from articles.importing.formats.html_tree import BLOCKS, Element, Page, parse
from articles.importing.formats.json_text import Lines
from articles.importing.formats.tables import Cells
from articles.importing.formats.xml_text import with_encoding
from articles.importing.records import ParsedEntry, ParsedListing
from articles.listing.furniture import is_furniture

_CHARSET = re.compile(
    rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE
)
_START_TAG_AT_END = re.compile(r"<[A-Za-z][^<>]*>\Z")
_MARKED = re.compile(r"(?:^|\s)(?:h-entry|hentry)(?:\s|$)")
_KINDS = re.compile(r"schema\.org/(?:\w*Article|BlogPosting|Report)", re.IGNORECASE)
_UNITS = frozenset({"li", "div", "section", "tr", "p", "dd"})


def read(content: Content, context: Context, dialect: str | None = None) -> ParsedListing:
    """Return a page as a listing. Raises `UnreadableFile`."""
    recoded = with_encoding(content, _CHARSET.search(content.data[:4096]))
    file = replace(text_of(recoded), sha256=content.sha256, size=len(content.data))
    source = "\n".join(file.lines)
    if tangles.is_tangled(source):
        raise UnreadableFile(
            f"{content.path}: the page nests deeper than {tangles.DEEPEST} elements, or leaves as"
            " many open; it cannot be read as HTML"
        )
    page = parse(source)
    if page.body is None:
        raise UnreadableFile(f"{content.path}: the page has no body")
    if dialect is None and (found := list(_tables(page, Lines(page.source)))):
        return _as_tables(content, file, page, found, context)
    units = [] if dialect is not None else _units(page.body)
    if units:
        return _structured(content, file, page, units, context)
    return _as_lines(content, file, page, context, dialect)


def _units(body: Element) -> list[Element]:
    """Return the elements that each hold one entry; none if the page repeats no such thing."""
    dated: dict[Element, int] = defaultdict(int)
    headed: set[Element] = set()
    for element in body.walk():
        if element.outside:
            continue
        if html_entries.is_date(element):
            _count(element, dated)
        if html_entries.is_head(element):
            current: Element | None = element
            while current is not None and current not in headed:
                headed.add(current)
                current = current.parent
    marked = [
        element
        for element in body.walk()
        if element in headed and dated[element] and _is_marked(element) and not element.outside
    ]
    marked = _innermost(marked)
    groups: dict[tuple[str, ...], list[Element]] = defaultdict(list)
    for element in body.walk():
        if element.tag in _UNITS and element in headed and dated[element] in (1, 2):
            groups[_path(element)].append(element)
    best = max(groups.values(), key=len, default=[])
    if marked and len(marked) >= len(best):
        return marked
    return best if len(best) > 1 else marked


def _count(element: Element, dated: dict[Element, int]) -> None:
    # A date in a date is one: <p class="date"><time>.
    if element.parent is not None and html_entries.is_date(element.parent):
        return
    for holder in (element, *element.above()):
        dated[holder] += 1


def _is_marked(element: Element) -> bool:
    return (
        element.tag == "article"
        or _MARKED.search(element.attributes.get("class", "")) is not None
        or _KINDS.search(element.attributes.get("itemtype", "")) is not None
    )


def _innermost(elements: Sequence[Element]) -> list[Element]:
    outer = {above for element in elements for above in element.above()}
    return [element for element in elements if element not in outer]


def _path(element: Element) -> tuple[str, ...]:
    """Return the tags from the body down to *element*, and its first class."""
    tags = []
    current: Element | None = element
    while current is not None:
        tags.append(current.tag)
        current = current.parent
    names = element.attributes.get("class", "").split()
    return (*tags, names[0] if names and element.tag == "div" else "")


def _tables(page: Page, lines: Lines) -> Iterator[tuple[Element, list[Cells], list[str]]]:
    """Yield the tables of a page whose first row names columns: their rows, and each row's link."""
    if page.body is None:
        return
    all_tables = [element for element in page.body.walk() if element.tag == "table"]
    for element in _innermost(all_tables):
        if element.outside:
            continue
        rows: list[Cells] = []
        links: list[str] = []
        for row in element.walk():
            if row.tag != "tr":
                continue
            cells = [child.text() for child in row.children
                     if isinstance(child, Element) and child.tag in {"td", "th"}]  # fmt: skip
            end = page.end_of(row)
            first, last = lines.of(row.place), lines.of(max(end - 1, row.place))
            rows.append(Cells(cells, first, last, page.source[row.place : end]))
            links.append(html_entries.address_of(page, row, None))
        if len(rows) > 1 and tables.header_place(rows) == 0:
            yield element, rows, links


def _as_tables(
    content: Content,
    file: TextFile,
    page: Page,
    found: list[tuple[Element, list[Cells], list[str]]],
    context: Context,
) -> ParsedListing:
    entries: list[ParsedEntry] = []
    remarks = []
    # A page is of the source of its title, which is known too late to ask what that remembers.
    context = replace(context, columns=NOTHING)
    for _, rows, links in found:
        table = tables.read_table(rows, 0, context, start=len(entries))
        of_line = {row.text.strip(): link for row, link in zip(rows, links, strict=True)}
        read = list(table.entries)
        for entry in read:
            link = clean_url(of_line.get(entry.text, ""))
            if link and not entry.values.get("source_url"):
                entry.values["source_url"] = link
        entries += read
        remarks += table.remarks
    topic, unclaimed = _around(page, [element for element, *_ in found], Lines(page.source))
    return listing_of(
        content,
        "html",
        entries,
        encoding=file.encoding,
        line_count=len(file.lines),
        topic=topic,
        title=page.title,
        unclaimed_lines=unclaimed,
        diagnostics=[*text_remarks(file), *remarks],
    )


def _structured(
    content: Content, file: TextFile, page: Page, units: list[Element], context: Context
) -> ParsedListing:
    lines = Lines(page.source)
    rows = []
    for unit in units:
        end = page.end_of(unit)
        cells = Cells(
            (), lines.of(unit.place), lines.of(max(end - 1, unit.place)),
            page.source[unit.place : end],
        )  # fmt: skip
        rows.append((cells, *html_entries.fields_of(page, unit)))
    read, remarks = tables.entries_of([(cells, raw) for cells, raw, _ in rows], context)
    entries = [_with_left(entry, left) for entry, (_, _, left) in zip(read, rows, strict=True)]
    topic, unclaimed = _around(page, units, lines)
    lost = [
        entry for entry, unit in zip(entries, units, strict=True)
        if not entry.values.get("source_url") and html_entries.has_link(unit)
    ]  # fmt: skip
    if lost and not page.address:
        message = "Links are relative, and the page does not say where it stood: not imported."
        remarks = [*remarks, remark("link-relative", message, lost[0].first_line)]
    return listing_of(
        content,
        "html",
        entries,
        encoding=file.encoding,
        line_count=len(file.lines),
        topic=topic,
        title=page.title,
        unclaimed_lines=unclaimed,
        diagnostics=[*text_remarks(file), *remarks],
    )


def _with_left(entry: ParsedEntry, left: list[str]) -> ParsedEntry:
    if not left:
        return entry
    message = f"Not imported, for want of a field: {' · '.join(left)[:400]}"
    found = {"code": "text-left-out", "line": entry.first_line, "message": message,
             "alternatives": []}  # fmt: skip
    return replace(entry, diagnostics=(*entry.diagnostics, found), confidence=0.7)


def _around(page: Page, units: list[Element], lines: Lines) -> tuple[str | None, list[int]]:
    """Return the heading of the page, and the lines that stand neither in an entry nor outside."""
    inside = set(units)
    topic: str | None = None
    unclaimed: set[int] = set()
    for place, text, element in _blocks(page, inside):
        if element.tag == "h1" and topic is None:
            topic = clean_line(text, 500)
        elif not is_furniture(text) and any(character.isalnum() for character in text):
            unclaimed.add(lines.of(place))
    return topic, sorted(unclaimed)


def _as_lines(
    content: Content, file: TextFile, page: Page, context: Context, dialect: str | None
) -> ParsedListing:
    blocks = list(_blocks(page, set()))
    # A blank line after each block, as a page shows it; the parser counts them.
    texts = [text for _, text, _ in blocks]
    found = plain.parse_lines(
        [line for text in texts for line in (text, "")],
        content.path,
        dialect,
        context.tell,
        context.explained,
    )
    lines = Lines(page.source)
    places = [place for place, _, _ in blocks]

    def line(number: int) -> int:
        return lines.of(places[min((number - 1) // 2, len(places) - 1)]) if places else 1

    entries = []
    for entry in found.entries:
        first, last = (entry.first_line - 1) // 2, (entry.last_line - 1) // 2
        line_end = page.source.find("\n", places[last])
        rest = len(page.source) if line_end < 0 else line_end
        end = places[last + 1] if last + 1 < len(places) else rest
        source = page.source[places[first] : max(end, places[first])]
        entries.append(
            replace(
                entry,
                first_line=line(entry.first_line),
                last_line=max(line(entry.last_line), line(entry.first_line)),
                text=_without_next(source) or entry.text,
                diagnostics=tuple(
                    {**remark, "line": line(remark["line"])} for remark in entry.diagnostics
                ),
            )
        )
    return replace(
        listing_of(
            content,
            "html",
            entries,
            encoding=file.encoding,
            line_count=len(file.lines),
            topic=found.topic,
            title=page.title,
            unclaimed_lines=sorted({line(number) for number in found.unclaimed_lines}),
            diagnostics=[
                *text_remarks(file),
                *({**remark, "line": line(remark["line"])} for remark in found.remarks),
            ],
        ),
        newest_first=found.newest_first,
    )


def _without_next(source: str) -> str:
    """Return *source* without the start tags at its end, which are those of what comes next."""
    source = source.strip()
    while match := _START_TAG_AT_END.search(source[-300:]):
        source = source[: len(source) - len(match.group())].rstrip()
    return source


def _blocks(page: Page, skipped: set[Element]) -> Iterator[tuple[int, str, Element]]:
    """Yield the blocks of text of a page, outside navigation and *skipped*, with their places."""
    if page.body is None:
        return
    words: list[str] = []
    start: list[tuple[int, Element]] = []

    def flush() -> Iterator[tuple[int, str, Element]]:
        text = clean_line("".join(words))
        if text:
            place, element = start[0]
            yield _place_of(page.source, place, text), text, element
        words.clear()
        start.clear()

    # Each item: an element to open, a text with its element, or None where a block ends.
    waiting: list[tuple[Element | str | None, Element]] = [(page.body, page.body)]
    while waiting:
        current, owner = waiting.pop()
        if isinstance(current, str):
            if not start and current.strip():
                start.append((owner.place, owner))
            words.append(current)
            continue
        if current is None:
            yield from flush()
            continue
        if current.outside or current in skipped:
            yield from flush()
            continue
        block = current if current.tag in BLOCKS else owner
        if current.tag in BLOCKS and current.tag != "time":
            yield from flush()
            waiting.append((None, current))
        waiting += [(child, block) for child in reversed(current.children)]
    yield from flush()


def _place_of(source: str, place: int, text: str) -> int:
    """Return where *text* begins in the source, if it stands there as it is; else *place*."""
    found = source.find(text[:24].split("&")[0], place, place + 5000)
    return found if found >= 0 else place
