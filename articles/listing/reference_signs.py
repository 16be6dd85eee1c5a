"""The styles of bibliographic references that are told by a sign: "Names: Title. In:", "Title //".

Like those in ``reference_styles``: one function each, None for what is not in its style.
"""

import re

from articles.listing.by_line import Reading, Remark
from articles.listing.dates import shifted
from articles.listing.reference_books import book, title_and_notes
from articles.listing.reference_names import names_of
from articles.listing.reference_parts import HOLDS_MORE, LONGEST_HEAD, Draft, inner, sentences
from articles.listing.reference_tails import Tail, read_date

_COLON = re.compile(r":\s")
_IN = re.compile(r"(?P<mark>[.,?!…”“’«»\")])\s(?:—\s)?[Ii]n:\s")
_COMMA_IN = re.compile(r",\s(?:[Ii]n|dans|en|em):?\s(?=[«\"“„]|[^\W\d_a-zà-öø-ÿа-яё])")
_MOST_COMMAS = 12
_EDITORS = re.compile(r"\((?:Hrsg|Hg|Ed|Eds|Red)\.?\):\s")
_BRACKETED = re.compile(r"[(\[](?P<date>[^()\[\]]{1,40})[)\]]")
_SLASHES = re.compile(r"\s//\s")
_STATEMENT = re.compile(r"\s/\s")
_RUSSIAN_NAME = r"[^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?,?\s(?:[^\W\d_]\.\s?){1,2}"
_NAMES_FIRST = re.compile(
    rf"{_RUSSIAN_NAME}(?:(?:,\s|\sи\s|(?<=\.)\s?и\s){_RUSSIAN_NAME}){{0,8}}(?:,?\s?и\sдр\.\s)?"
)


def colon(text: str, day_first: bool | None) -> Reading | None:
    """German: "Quill, Orla: Titel. Untertitel. In: Zeitschrift 12 (1998), H. 3, S. 201–219."."""
    draft = Draft.of(text, day_first)
    clean, end = draft.text, draft.end
    sign = _COLON.search(clean, draft.start, draft.start + LONGEST_HEAD)
    if sign is None:
        return None
    into = _IN.search(clean, sign.start(), end)
    if into is None:
        return None
    if not _colon_head(draft, sign.start()):
        return None
    cut = into.start() if into["mark"] in ".," else into.end("mark")
    title_and_notes(draft, sign.end(), cut)
    start = into.end()
    within = _EDITORS.search(clean, start, end)
    if within is not None:
        draft.rest(start, within.end() - 2)
        start = within.end()
    tail = Tail(clean, start, end, day_first, date=draft.date).peel()
    draft.publication(start, tail, sure=True)
    return draft.reading() if draft.date is not None else None


def _colon_head(draft: Draft, end: int) -> bool:
    """Take names before a colon, and a year in brackets behind them."""
    clean, start = draft.text, draft.start
    bracketed = None
    for match in _BRACKETED.finditer(clean, start, end):
        date = read_date(match["date"], draft.day_first)
        if date is not None and match.end() >= end - 1:
            bracketed = match, shifted(date, match.start("date"))
    if bracketed is not None:
        draft.date = bracketed[1]
        draft.pieces.append((draft.date.start, draft.date.end, "date"))
        end = bracketed[0].start()
    names = names_of(clean[start:end], turned=True)
    if names is None or not (names.sure or names.credits):
        return False
    return draft.name(start, end, turned=True)


def colon_book(text: str, day_first: bool | None) -> Reading | None:
    """A book among German references: "Quill, Orla: Titel. Vell 1987."."""
    draft = Draft.of(text, day_first)
    sign = _COLON.search(draft.text, draft.start, draft.start + LONGEST_HEAD)
    if sign is None or not _colon_head(draft, sign.start()):
        return None
    if draft.names is None or not (draft.names.inverted or _is_editor(draft, sign.start())):
        return None
    return book(draft, sign.end())


def _is_editor(draft: Draft, end: int) -> bool:
    return draft.text[draft.start : end].rstrip().endswith((")", "."))


def comma_in(text: str, day_first: bool | None) -> Reading | None:
    """Italian and German: "Quill O., La barra, in «Il Molo», n. 4, maggio 2012, pp. 3-9."."""
    draft = Draft.of(text, day_first)
    clean, end = draft.text, draft.end
    into = _COMMA_IN.search(clean, draft.start, end)
    if into is None:
        return None
    cut = _inverted_end(clean, draft.start, into.start())
    if cut is None or not draft.name(draft.start, cut, turned=True):
        return None
    tail = Tail(clean, into.end(), end, day_first).peel()
    if tail.date is None or not draft.titled(cut + 1, into.start(), parted=True):
        return None
    further = names_of(", ".join(clean[cut + 1 : into.start()].split(",")[:2]).strip())
    if further is not None and further.inverted:
        # "Quill, Orla, Meer, Ida, La barra, in": a second name may stand in the title.
        draft.remarks.append(Remark("headline-holds-more", HOLDS_MORE))
    draft.publication(into.end(), tail, sure=True)
    return draft.reading()


def _inverted_end(text: str, start: int, end: int) -> int | None:
    """Return where inverted names end that a comma parts from a title; None without any."""
    found = None
    at = last = start
    for _ in range(_MOST_COMMAS):
        at = text.find(", ", at, end)
        if at < 0:
            break
        names = names_of(text[start:at] if found is None else text[last:at])
        if names is not None and names.inverted:
            found, last = at, at + 2
        elif found is not None:
            break
        at += 2
    return found


def slashes(text: str, day_first: bool | None) -> Reading | None:
    """GOST: "Лодкин А. П. Заглавие / пер. с нем. И. Мель // Журнал. 2003. № 2. С. 14–29."."""
    draft = Draft.of(text, day_first)
    clean, end = draft.text, draft.end
    parting = _SLASHES.search(clean, draft.start, end)
    if parting is None:
        return None
    start = draft.start
    head = _NAMES_FIRST.match(clean, start, parting.start())
    if head is not None and draft.name(start, head.end(), turned=True):
        start = head.end()
    statement = _STATEMENT.search(clean, start, parting.start())
    cut = statement.start() if statement is not None else parting.start()
    title = sentences(clean, start, cut)
    if head is None and title and names_of(clean[start : title[0][0] + 1]) is not None:
        names = names_of(clean[start : title[0][0]], turned=True)
        if names is not None and names.sure:
            draft.name(start, title[0][0], turned=True)
            start = title[0][1]
    if not draft.titled(start, cut):
        return None
    if statement is not None:
        _statement(draft, statement.end(), parting.start())
    tail = Tail(clean, parting.end(), end, day_first).peel()
    if tail.date is None:
        return None
    draft.publication(parting.end(), tail, sure=True)
    return draft.reading()


def _statement(draft: Draft, start: int, end: int) -> None:
    """Take who is responsible for a text, behind its title: its authors again, or others."""
    start, end = inner(draft.text, start, end)
    behind = draft.note(start, end)
    if behind > start:
        draft.rest(behind, end)
        return
    names = names_of(draft.text[start:end])
    if names is None or not names.sure:
        draft.rest(start, end)
        return
    if draft.names is None:
        draft.name(start, end, turned=False)
        return
    said = {credit.name.replace(" ", "") for credit in draft.credits}
    again = {credit.name.replace(" ", "") for credit in names.credits}
    if again <= said or said <= again:
        # The heading names one of several: the statement names them all.
        draft.pieces.append((start, end, "credits"))
        draft.credits = draft.credits if again <= said else names.credits
    else:
        draft.rest(start, end)


def slashes_book(text: str, day_first: bool | None) -> Reading | None:
    """A book among references of GOST: "Лодкин А. П. Заглавие. М.: Наука, 2003. 240 с."."""
    draft = Draft.of(text, day_first)
    head = _NAMES_FIRST.match(draft.text, draft.start)
    if head is None or not draft.name(draft.start, head.end(), turned=True):
        return None
    return book(draft, head.end())
