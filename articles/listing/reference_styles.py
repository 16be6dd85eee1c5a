"""The styles of bibliographic references: one function each, from a line to what it says.

Each returns None for what is not in its style: it asks for the signs that the style has in every
reference, so that hardly any line of another kind is taken for one.
"""

import re
from collections.abc import Callable

from articles.listing.by_line import Reading, Remark
from articles.listing.dates import PrintedDate, shifted
from articles.listing.papers import is_paper
from articles.listing.records import Credit, SpanRole
from articles.listing.reference_books import book
from articles.listing.reference_names import Names, head_end, names_of
from articles.listing.reference_parts import (
    HOLDS_MORE,
    LONGEST_HEAD,
    Draft,
    closing,
    inner,
    sentences,
)
from articles.listing.reference_tails import Tail, read_date

#: Longest reference, in characters.
LONGEST = 1_500
_IN_BRACKETS = re.compile(r"[(\[](?P<date>[^()\[\]]{1,40})[)\]]")
_UNDATED = re.compile(
    r"(?:n\.\s?d\.?|no date|in press|forthcoming|im Druck|im Erscheinen|o\.\s?[JD]\.?"
    r"|s\.\s?[da]\.?|s\.\s?f\.?"
    r"|б\.\s?г\.?|à paraître)[a-z-]{0,2}\Z",
    re.IGNORECASE,
)
_YEAR_BEHIND = re.compile(r"[.,]\s(?P<date>[12][0-9]{3}[a-z]?)(?:\.|,|:)?\s*\Z")
_YEAR_BETWEEN = re.compile(r"\.\s(?P<date>[12][0-9]{3}[a-z]?)\.\s")
_OPENING = re.compile(r"(?:\A|(?<=[\s(—–]))[“«„‘\"'”](?=\S|\s)")
_QUOTES = frozenset("“‘'\"«„")
_IN_BOOK = re.compile(
    r"(?<=[.?!])\s(?:In|En|Em|Dans):?\s(?P<editors>[^()]{3,150}\((?:Eds?|Hrsg|Hg|Coords?|Orgs?|[Dd]irs?)\.?\))[,:]\s"
)
_BIOMEDICAL = re.compile(
    r"(?P<date>[12][0-9]{3}(?:\s[A-Z][a-z]{2}(?:[-/][A-Z][a-z]{2})?(?:\s[0-9]{1,2})?)?)\s?;\s?"
    r"(?P<volume>[0-9]{1,4})?\s?(?:\((?P<issue>[^()]{1,20})\))?\s?(?:(?::\s?|,\s)(?P<pages>[A-Za-z]?[0-9]{1,6}"
    r"(?:[-–][A-Za-z]?[0-9]{1,6})?(?:,\s?[0-9]{1,6}(?:[-–][0-9]{1,6})?){0,3}))?(?=[.\s]|\Z)"
)
_ABBREVIATION = re.compile(r"\b[A-Z][A-Za-z]{0,3}\.\s\Z")
_DASHED = re.compile(r"\s[–—-]\s")
_NUMBER_LAST = re.compile(
    r",?\s(?:[Nn][.°ºr]|[Nn]o\.|[Nn]ums?\.|[Nn][úu]m\.|№|Heft|H\.)\s?[0-9]{1,5}\.?\s*\Z"
)

Style = Callable[[str, bool | None], Reading | None]


def dated(text: str, day_first: bool | None) -> Reading | None:
    """APA and Harvard: "Quill, O., & Meer, I. (2013, May 6). The bar. *Courier*, 31(2), 14–19."."""
    draft = Draft.of(text, day_first)
    clean = draft.text
    found = None
    for match in _IN_BRACKETS.finditer(clean, draft.start, draft.start + LONGEST_HEAD):
        date = read_date(match["date"], day_first)
        if date is not None or _UNDATED.match(match["date"]):
            found = match, date, match.start("date")
            break
    if found is None:
        match = _YEAR_BETWEEN.search(clean, draft.start, draft.start + LONGEST_HEAD)  # type: ignore[assignment]
        date = read_date(match["date"]) if match is not None else None
        if match is None or date is None:
            return None
        head = names_of(clean[draft.start : match.start() + 1], turned=True)
        if head is None or not head.inverted:
            return None
        found = match, date, match.start("date")
    match, date, at = found
    head_start, head_end = inner(clean, draft.start, match.start(), " \t,;:")
    begin, end = match.end(), draft.end
    if head_end == head_start:
        return None
    if date is not None:
        draft.date = shifted(date, at)
        draft.pieces.append((draft.date.start, draft.date.end, "date"))
    names = names_of(clean[head_start:head_end], turned=True)
    apart = clean[begin : begin + 1]
    quoted_title = clean[draft.past(begin, end) :][:1] in _QUOTES
    if clean[head_end - 1] in ".?!" and apart in (".", ",") and not (names and names.inverted):
        unsigned = _unsigned(draft, names, (head_start, head_end), begin)
        if unsigned is not None:
            return unsigned
    stopped = apart in (".", ",", ":") or quoted_title or match.re is _YEAR_BETWEEN
    if names is None or not (stopped or names.inverted):
        return None
    if not (names.inverted or names.ditto or names.sure or clean[head_end - 1] == "."):
        return None
    draft.name(head_start, head_end, turned=True)
    if not (names.inverted or names.ditto) and clean[head_end - 1] == ".":
        _as_office(draft)
    start = draft.past(begin, end)
    if quoted_title:
        shut = closing(clean, start, end)
        if shut < 0 or not draft.titled(start + 1, shut):
            return None
        draft.publication(shut + 1, Tail(clean, shut + 1, end, day_first, date=draft.date).peel())
        return draft.reading()
    tail = Tail(clean, start, end, day_first, date=draft.date or _nothing(start)).peel()
    return _title_and_paper(draft, start, tail)


def _as_office(draft: Draft) -> None:
    """Take a name that is not turned, in a style that turns those of persons, for no person's."""
    person = next((one for one in draft.credits if one.kind == "person"), None)
    if person is None:
        return
    draft.credits = tuple(Credit(one.name, "organisation", one.role) for one in draft.credits)
    if not any(remark.code == "byline-doubtful" for remark in draft.remarks):
        message = f"“{person.name[:80]}” does not look like a name."
        draft.remarks.append(Remark("byline-doubtful", message))


def _nothing(place: int) -> PrintedDate:
    """A date that keeps a tail from looking for another one."""
    return PrintedDate(0, None, None, place, place)


def _unsigned(
    draft: Draft, names: Names | None, head: tuple[int, int], begin: int
) -> Reading | None:
    """Read what nobody signed: "Ferry sinks. (2013, May 6). Courier, p. 3."; None for an office."""
    tail = Tail(draft.text, begin, draft.end, draft.day_first, date=draft.date).peel()
    start = draft.past(begin, tail.end)
    if draft.date is None or start >= tail.end or sentences(draft.text, start, tail.end):
        return None
    office = names is not None and any(one.kind != "person" for one in names.credits) and names.sure
    paper = tail.of_paper or is_paper(draft.text[start : tail.end])
    if office or (names is not None and not paper):
        return None
    if not draft.titled(*head):
        return None
    draft.publication(begin, tail, sure=True)
    return draft.reading()


def _title_and_paper(
    draft: Draft, start: int, tail: Tail, *, placed: bool = False
) -> Reading | None:
    """Take a title and the publication behind its last sentence."""
    within = _IN_BOOK.search(draft.text, start, tail.end)
    if within is not None and draft.titled(start, within.start()):
        return _chapter(draft, within, tail)
    italic = draft.italic(start, tail.end)
    found = sentences(draft.text, start, tail.end)
    if italic is not None:
        cut, behind = italic, italic
    elif found:
        cut, behind, _ = found[-1]
    else:
        cut = behind = tail.end
        if tail.of_paper or "," in draft.text[start:cut]:
            # "Lamps of the north, Quay Monthly": a paper may stand behind any comma.
            draft.remarks.append(Remark("headline-holds-more", HOLDS_MORE))
    if not draft.titled(start, cut):
        return None
    draft.publication(behind, tail, placed=placed)
    return draft.reading()


def _chapter(draft: Draft, within: re.Match[str], tail: Tail) -> Reading | None:
    """Take the book that a chapter stands in: its editors and its publisher are no field."""
    draft.rest(*within.span("editors"))
    start, end = within.end(), tail.end
    found = sentences(draft.text, start, end)
    if found:
        draft.rest(found[-1][1], end)
        end = found[-1][0]
    book = Tail(draft.text, start, end, draft.day_first, date=draft.date or _nothing(start)).peel()
    draft.pieces += tail.pieces
    bracket = draft.text.rfind("(", start, book.end + 1)
    if book.has("pages") and bracket >= start and ")" not in draft.text[bracket : book.end]:
        book.end = bracket
    draft.publication(start, book, sure=True)
    return draft.reading()


def quoted(text: str, day_first: bool | None) -> Reading | None:
    """MLA, Chicago, notes, French: names, a title in quotation marks, the publication behind it."""
    draft = Draft.of(text, day_first)
    clean, end = draft.text, draft.end
    opening = _OPENING.search(clean, draft.start, draft.start + LONGEST_HEAD)
    if opening is None or clean[opening.start()] not in "“«„‘\"'":
        return None
    shut = closing(clean, opening.start(), end)
    if shut < 0:
        return None
    head_start, head_end = inner(clean, draft.start, opening.start(), " \t\xa0")
    if head_end > head_start:
        behind = _YEAR_BEHIND.search(clean, head_start, head_end)
        year = read_date(behind["date"]) if behind is not None else None
        if behind is not None and year is not None:
            draft.date = shifted(year, behind.start("date"))
            draft.pieces.append((draft.date.start, draft.date.end, "date"))
            head_end = behind.start() + 1
        elif clean[head_end - 1] not in ".,:;":
            return None
        turned = clean[head_end - 1] in ".:"
        names = names_of(clean[head_start:head_end].rstrip(",:; "), turned=turned)
        if names is None or not (names.sure or clean[head_end - 1] == "."):
            return None
        draft.name(head_start, head_end, turned=turned)
    if not draft.titled(opening.start() + 1, shut):
        return None
    tail = Tail(clean, shut + 1, end, day_first, date=draft.date).peel()
    date = draft.date or tail.date
    if date is None or not any(map(str.isalnum, clean[shut + 1 : tail.end])):
        return None
    if clean[shut + 1 : tail.end].lstrip(" ,.;:")[:1] == "(":
        # "«The bar» (Orla Quill, 2013)": rows of another kind.
        return None
    draft.publication(shut + 1, tail, sure=True)
    return draft.reading()


def biomedical(text: str, day_first: bool | None) -> Reading | None:
    """Vancouver: "Quill O, Meer I. The bar. J Rural Med. 2013 May 6;31(2):14-9."."""
    draft = Draft.of(text, day_first)
    clean, end = draft.text, draft.end
    numbers = _BIOMEDICAL.search(clean, draft.start, end)
    if numbers is None:
        return None
    date = read_date(numbers["date"], day_first)
    if date is None:
        return None
    start = draft.start
    cut = head_end(clean, start, numbers.start())
    found = sentences(clean, cut if cut is not None else start, numbers.start())
    if cut is None and found:
        office = names_of(clean[start : found[0][0]])
        if office is not None and any(one.kind != "person" for one in office.credits):
            cut, found = found[0][0] + 1, found[1:]
    if cut is not None:
        # The full stop is that of the names, where their initials have none.
        draft.name(start, cut - ("." not in clean[start : cut - 1]), turned=True)
        start = draft.past(cut, numbers.start())
    before = inner(clean, start, numbers.start())[1]
    found = [each for each in found if each[0] < before]
    whole = [each for each in found if not _ABBREVIATION.search(clean, start, each[1])]
    found = whole or found[:1]
    if not found:
        return None
    cut, behind, _ = found[-1]
    draft.date = shifted(date, numbers.start("date"))
    draft.pieces.append((draft.date.start, draft.date.end, "date"))
    roles: tuple[SpanRole, ...] = ("volume", "issue", "pages")
    draft.pieces += [(*numbers.span(role), role) for role in roles if numbers[role]]
    if not draft.titled(start, cut):
        return None
    draft.publication(behind, Tail(clean, behind, before, date=draft.date), sure=True)
    rest = Tail(clean, numbers.end(), end, date=draft.date).peel()
    draft.pieces += rest.pieces
    draft.rest(draft.past(numbers.end(), rest.end), rest.end)
    return draft.reading()


def dotted(text: str, day_first: bool | None) -> Reading | None:
    """ISO 690 and its like: "QUILL, Orla. Título. Revista, v. 12, n. 3, p. 201-219, mayo 2004."."""
    draft = Draft.of(text, day_first)
    clean, end = draft.text, draft.end
    cut = head_end(clean, draft.start, end)
    if cut is None:
        return None
    tail = Tail(clean, cut, end, day_first).peel()
    if tail.date is None or not (tail.of_paper or tail.date.month is not None or tail.date.period):
        return None
    draft.name(draft.start, cut, turned=True)
    draft.date = tail.date
    return _title_and_paper(draft, draft.past(cut, end), tail, placed=True)


def dotted_book(text: str, day_first: bool | None) -> Reading | None:
    """A book among them: "Quill, Orla. The Bar. Vell: Quay Press, 1987."."""
    draft = Draft.of(text, day_first)
    cut = head_end(draft.text, draft.start, draft.end)
    if cut is None or not draft.name(draft.start, cut, turned=True):
        return None
    return book(draft, cut)


def dashed(text: str, day_first: bool | None) -> Reading | None:
    """Rows of a list: "May 2013 – The bar – The Courier, no. 71"."""
    draft = Draft.of(text, day_first)
    clean, end = draft.text, draft.end
    cuts = list(_DASHED.finditer(clean, draft.start, end))
    if len(cuts) < 2 or _NUMBER_LAST.search(clean, cuts[-1].end(), end) is None:
        return None
    date = read_date(clean[draft.start : cuts[0].start()].strip(), day_first)
    if date is None:
        return None
    draft.date = shifted(date, draft.start)
    draft.pieces.append((draft.date.start, draft.date.end, "date"))
    tail = Tail(clean, cuts[-1].end(), end, day_first, date=draft.date).peel()
    start, stop = inner(clean, cuts[0].end(), cuts[-1].start(), " \t*†‡")
    if not draft.titled(start, stop):
        return None
    if len(cuts) > 2:
        draft.remarks.append(Remark("headline-holds-more", HOLDS_MORE))
    draft.publication(cuts[-1].end(), tail, sure=True)
    return draft.reading()
