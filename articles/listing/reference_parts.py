"""What the styles of bibliographic references have in common: heads, sentences, notes, the rest."""

import re
from dataclasses import dataclass, field

from articles.listing.by_line import Reading, Remark
from articles.listing.bylines import AND_FIRST
from articles.listing.credit_edges import PREFIX
from articles.listing.dates import PrintedDate
from articles.listing.markup import without_marks
from articles.listing.papers import is_paper
from articles.listing.parts import part_at_end
from articles.listing.records import Credit, Piece, SpanRole
from articles.listing.reference_names import Names, names_end, names_of
from articles.listing.reference_tails import Tail

NUMBERED = re.compile(
    r"\s*(?:\[[0-9]{1,4}\]|\(?[0-9]{1,4}[.)]|[•▪◦‣*–—-](?=\s)"
    # "^ a b Quill, O.": the way back into the text of an encyclopedia.
    r"|(?:[Jj]ump up (?:to:? )?)?[\^↑](?:\s[a-z](?=\s)){0,9})\s+(?=\S)"
)
_PUBLISHER = re.compile(
    r"\b(?:Press|Presses|Verlag|Books?|Publish(?:ers|ing)|[ÉE]ditions?|Edizioni|Издательство|University"
    r"|Universität|Author)\b"
)
_PLACE_BEHIND = re.compile(
    r"(?P<name>[^,\[\]]{2,80}?)(?:,\s(?=[A-ZÀ-Þ])|\s?\[)(?P<place>[^,\[\]0-9]{2,30})\]?\Z"
)
_BOOK_MARK = re.compile(
    r"\s\((?P<said>[^()]{0,20}(?:\bed\b|Aufl|[ée]d\.|ed\.|Vol\.|vol\.|Bd\.|pp?\.\s?[0-9])[^()]{0,20})\)\Z"
)
_SENTENCE = re.compile(r"(?P<mark>[.?!…])[”’»\")\]]{0,2}\s+(?=[^\W_a-zà-öø-ÿа-яё]|[“‘«„\"'¿¡(\[])")
_ABBREVIATED = re.compile(
    r"(?:(?:^|[\s.(’'“«-])[^\W\d_]|\b(?:St|Dr|Drs|Mr|Mrs|Ms|Messrs|Prof|Rev|Hon|Gen|Col|Capt|Cdr|Maj|Sgt|Lt|Sgt|vs|No"
    r"|Nr|Vol|Bd|Hl|Sr|Sra|Mme|Mlle|Ste|Mt|Ft|ca|approx|им|ул|обл|г|Nos?))\Z"
)
_ORDINAL = re.compile(r"(?i:\b(?:der|die|das|dem|den|des|am|vom|im|zum|zur|bis)|\A)\s?[0-9]{1,3}\Z")
_TRANSLATED = (
    r"[Tt]rans(?:lat(?:ed|ion)|l?\.)(?:\s(?:from\s(?:the\s)?\S{3,20}\s)?by)?"
    r"|(?:[Aa]us\s(?:dem|der)\s\S{3,25}\s(?:übersetzt\s|übertragen\s)?|[Üü]bers(?:etzt|etzung|\.)\s)(?:von|v\.)"
    r"|[Tt]rad(?:uit|uction|ucido|uzido|ucción|ução|otto|\.)(?:\s(?:de\s(?:l[’'])?|du\s|del\s|d[’'])\S{3,20})?"
    r"(?:\s(?:par|por|de|da|di))?"
    r"|[Пп]ер(?:евод|\.)(?:\sс(?:о)?\s\S{2,20})?|[Пп]еревел[аи]?"
)
_EDITED = (
    r"[Ee]d(?:ited|\.)\sby|[Hh](?:rs)?g\.\s(?:von|v\.)|[Hh]erausgegeben\svon|[Пп]од\sред(?:акцией|\.)"
    r"|[Ss]ous\sla\sdirection\sde|[Aa]\scura\sdi"
)
_DRAWN = r"[Ii]llustrat(?:ed|ions)\sby|[Ii]ll(?:ustriert|\.)\svon|[Ии]л\."
_TAKEN = r"[Pp]hotos?(?:graphs?)?\sby|[Ff]otos?\s(?:von|de)|[Фф]ото"
#: "Translated by A", "Aus dem Englischen von A", "пер. с нем. А. Б.": a note on who did what.
_NOTE = re.compile(
    rf"(?:(?P<ivr>[Ii]nterview(?:ed)?\sby|[Pp]ropos\srecueillis\spar)|(?P<trl>{_TRANSLATED})|(?P<edt>{_EDITED})|(?P<ill>{_DRAWN})|(?P<pht>{_TAKEN}))[\s:]{{1,2}}"
)
_END_OF_NOTE = re.compile(r"(?<!\s[^\W\d_])(?<!\.[^\W\d_])\.(?=\s|\Z)|[,;](?=\s)|\s//|\s/(?=\s)|\Z")
_GENITIVE = re.compile(r"[а-яё](?:а|я|ой|ей|ого|его|их|ых)\s?\Z")
_LEAD = re.compile(r"(?:[Ii]n|[Dd]ans|[Ee]n|[Ee]m|В кн|В)(?::\s|\s(?=[A-ZÀ-ÞА-Я“‘«*_]))")
_ODD = re.compile(r"[0-9]{3}|[\[\]{}<>=|]|(?:[^\W\d_]{6}|[0-9])\.\s|[;:]\s")
_OF_LIST = re.compile(r",\s?[^,]{2,40}\s(?:and|&|und|et|y|e|и)\s")
_EDGE = " \t\xa0,.;:–—-"
_QUOTES = {"“": "”", "«": "»", "„": "“”", "‘": "’", '"': '"', "‹": "›", "”": "”", "'": "'"}
HOLDS_MORE = "The headline seems to hold another field."
#: Longest head of names.
LONGEST_HEAD = 400
_BEHIND_SINGLE = frozenset((*",.;:)", ""))
_LONGEST_PUBLICATION = 120


@dataclass(slots=True)
class Draft:
    """A reference being read: its text without marks of markup, and what is found in it.

    ``places`` are those of the characters of ``text`` in the line, where marks were taken out of
    it; ``italics`` are the places in ``text`` where a stretch between such marks begins.
    """

    text: str
    start: int
    day_first: bool | None = None
    pieces: list[Piece] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    credits: tuple[Credit, ...] = ()
    date: PrintedDate | None = None
    names: Names | None = None
    places: tuple[int, ...] = ()
    italics: tuple[int, ...] = ()

    @classmethod
    def of(cls, raw: str, day_first: bool | None) -> "Draft":
        text, places, italics = _without(raw, without_marks(raw))
        numbered = NUMBERED.match(text)
        start = numbered.end() if numbered else len(text) - len(text.lstrip())
        return cls(text, start, day_first, places=places, italics=italics)

    @property
    def end(self) -> int:
        return len(self.text.rstrip())

    def add(self, start: int, end: int, role: SpanRole, edge: str = _EDGE) -> bool:
        """Add a piece without the punctuation at its edges; tell whether any of it is left."""
        start, end = inner(self.text, start, end, edge)
        if end > start:
            self.pieces.append((start, end, role))
        return end > start

    def name(self, start: int, end: int, *, turned: bool) -> bool:
        """Take the names between *start* and *end* as the byline; False if they are none."""
        while start < end and self.text[start].isspace():
            start += 1
        end = names_end(self.text, start, end)
        names = names_of(self.text[start:end], turned=turned)
        if names is None:
            return False
        self.names = names
        self.pieces.append((start, end, "byline" if names.credits or names.ditto else "furniture"))
        self.credits += names.credits
        if not names.sure:
            message = f"“{self.text[start:end][:80]}” does not look like a name."
            self.remarks.append(Remark("byline-doubtful", message))
        return True

    def note(self, start: int, end: int) -> int:
        """Take a note on a translator or an editor at *start*; return where it ends, or *start*."""
        note = _NOTE.match(self.text, start, end)
        if note is None:
            return start
        stop = _END_OF_NOTE.search(self.text, note.end(), end)
        last = stop.start() if stop is not None else end
        names = names_of(self.text[note.end() : last])
        if names is None or not names.credits or not names.sure:
            return start
        self.pieces.append((start, last, "credits"))
        if _GENITIVE.search(self.text, note.end(), last):
            # Under the case that "ред." asks for the name may have another ending.
            message = f"“{self.text[note.end() : last][:80]}” does not look like a name."
            self.remarks.append(Remark("byline-doubtful", message))
        role = note.lastgroup or "trl"
        self.credits += tuple(Credit(one.name, one.kind, role) for one in names.credits)
        return stop.end() if stop is not None else end

    def titled(self, start: int, end: int, *, parted: bool = False) -> bool:
        """Take a title; *parted* says that its second sentence is a subtitle."""
        start, end = inner(self.text, start, end, " \t\xa0,;:–—-")
        if end > start and self.text[end - 1] == "." and not self.text[:end].endswith("..."):
            end -= 1
        opened = self.text[start : start + 1]
        closers = _QUOTES.get(opened, "")
        if end - start > 2 and closers and self.text[end - 1] in closers:
            inside = self.text[start + 1 : end - 1]
            if opened not in inside and not any(mark in inside for mark in closers):
                start, end = inner(self.text, start + 1, end - 1, " ,.;")
        mark = _BOOK_MARK.search(self.text, start, end)
        if mark is not None:
            self.rest(*mark.span("said"))
            end = mark.start()
        found = sentences(self.text, start, end)
        if parted and found:
            cut, behind, sure = found[0]
            self.add(behind, end, "subtitle", " .")
            if not sure or len(found) > 1:
                message = "Two heading lines: kicker and headline, or headline and subtitle."
                self.remarks.append(Remark("kicker-or-subtitle", message))
            end = cut
        elif any(self.text[cut] == "." for cut, _, _ in found) or (
            self.text[end - 1 : end] in (")", "]") and part_at_end(self.text[start:end]) is None
        ):
            self.remarks.append(Remark("headline-holds-more", HOLDS_MORE))
        label = part_at_end(self.text[start:end])
        if label is not None and label.cut > 0:
            self.pieces.append((start + label.start, start + label.end, "part_label"))
            end = start + label.cut
        if not any(map(str.isalnum, self.text[start:end])):
            return False
        self.pieces.append((start, end, "headline"))
        return True

    def italic(self, start: int, end: int) -> int | None:
        """Return where a stretch in italics begins behind *start*: the name of a publication."""
        for place in self.italics:
            if start < place < end and self.text[:place].rstrip()[-1:] in '.?!,:”’»"':
                return place
        return None

    def publication(
        self, start: int, tail: Tail, *, sure: bool = False, placed: bool = False
    ) -> None:
        """Take what *tail* found, and what it left between *start* and its end.

        *sure* says that it is a publication, *placed* that its place may follow it.
        """
        self.pieces += tail.pieces
        if tail.left is not None:
            self.rest(*tail.left)
        if tail.date is not None and tail.date.year:
            self.date = tail.date
        text, end = self.text, tail.end
        start = self.past(start, end)
        lead = _LEAD.match(text, start, end)
        start = lead.end() if lead else start
        while (behind := self.note(start, end)) > start:
            start = self.past(behind, end)
        italic = self.italic(start, end)
        if italic is not None and italic > start:
            self.rest(start, italic)
            start = italic
        start, end = inner(text, start, end)
        if end - start > 2 and text[end - 1] in _QUOTES.get(text[start], ""):
            start, end = inner(text, start + 1, end - 1)
        name = text[start:end]
        if not any(map(str.isalnum, name)):
            return
        paper = is_paper(name) and _PUBLISHER.search(name) is None
        if not (sure or tail.of_paper or self._is_daily() or paper):
            # A book: what stands before its year is who brought it out, and where.
            self.rest(start, end)
            return
        placing = _PLACE_BEHIND.match(name) if placed or name.endswith("]") else None
        if placing is not None:
            # "Revista, Vell", "Courier [Vell]": where a paper comes from.
            self.pieces.append(
                (start + placing.start("place"), start + placing.end("place"), "furniture")
            )
            end = start + placing.end("name")
            name = text[start:end]
        self.pieces.append((start, end, "publication"))
        listed = "," in name and _OF_LIST.search(name) is None
        if _ODD.search(name) or listed or len(name) > _LONGEST_PUBLICATION:
            message = f"“{name[:80]}” may be more than the name of a publication."
            self.remarks.append(Remark("reference-unsure", message))

    def past(self, start: int, end: int) -> int:
        """Return where what follows *start* begins, behind spaces and punctuation."""
        while start < end and self.text[start] in _EDGE:
            start += 1
        return start

    def rest(self, start: int, end: int) -> None:
        start, end = inner(self.text, start, end)
        by = None
        if self.names is None:
            by = PREFIX.match(self.text, start, end) or AND_FIRST.match(self.text, start, end)
        names = names_of(self.text[by.end() : end]) if by is not None else None
        if by is not None and names is not None and names.sure and names.credits:
            # "Courier, 3 May 2008. By Orla Quill": who wrote it stands last.
            self.name(by.end(), end, turned=False)
            return
        if end > start:
            self.pieces.append((start, end, "furniture"))
            message = f"“{self.text[start:end][:80]}” belongs to no field of the reference."
            self.remarks.append(Remark("reference-unsure", message))

    def _is_daily(self) -> bool:
        return self.date is not None and (self.date.month is not None or self.date.period)

    def reading(self) -> Reading | None:
        """Return what was read; None without a headline."""
        if not any(role == "headline" for _, _, role in self.pieces):
            return None
        read = Reading(self.pieces, self.date, tuple(dict.fromkeys(self.credits)), self.remarks)
        if self.places:
            for start, end, role in sorted(self.pieces):
                if value := " ".join(self.text[start:end].split()):
                    read.values.setdefault(role, value)
            places = self.places
            read.pieces = [(places[s], places[e - 1] + 1, role) for s, e, role in self.pieces]
        if self.names is not None:
            read.ditto = self.names.ditto
            read.plain = bool(self.names.credits) and not self.names.inverted
        return read


def _without(raw: str, blanked: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Return *raw* without what is blank in *blanked* alone, where each character of it stands, and
    where stretches between marks begin."""
    if raw == blanked:
        return raw, (), ()
    places: list[int] = []
    italics: list[int] = []
    inside = False
    for place, (mark, left) in enumerate(zip(raw, blanked, strict=True)):
        if mark == left:
            places.append(place)
        elif mark in "*_" and (
            place == 0 or raw[place - 1] != mark or raw[place - 1] == blanked[place - 1]
        ):
            inside = not inside
            if inside:
                italics.append(len(places))
    return "".join([raw[place] for place in places]), tuple(places), tuple(italics)


def inner(text: str, start: int, end: int, edge: str = _EDGE) -> tuple[int, int]:
    """Return *start* and *end* without *edge* between them."""
    while start < end and text[start] in edge:
        start += 1
    while end > start and text[end - 1] in edge:
        end -= 1
    return start, end


def sentences(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Return where sentences end and the next ones begin, and whether that is sure."""
    found = []
    for match in _SENTENCE.finditer(text, start, end):
        before = text[max(start, match.start() - 12) : match.start()]
        if match["mark"] == "." and (_ABBREVIATED.search(before) or _ORDINAL.search(before)):
            continue
        mark = match["mark"] == "."
        cut = match.start() if mark else match.start() + 1
        found.append((cut, match.end(), not (mark and before[-1:].isdigit())))
    return found


def ends_no_sentence(before: str) -> bool:
    """Tell whether a full stop behind *before* is that of an initial or an abbreviation."""
    return _ABBREVIATED.search(before[-12:]) is not None


def closing(text: str, opened: int, end: int) -> int:
    """Return where the quotation ends that begins at *opened*; -1 if nothing closes it.

    Marks of its own kind inside it must balance; a straight one closes before a sign or a space.
    """
    mark = text[opened]
    closers, depth = _QUOTES[mark], 0
    for place in range(opened + 1, end):
        if text[place] in closers:
            before, behind = text[place - 1], text[place + 1 : place + 2]
            if mark in "\"'‘" and (behind.isalnum() or before.isspace()):
                continue
            if mark in "'‘" and behind not in _BEHIND_SINGLE and before not in ".,?!":
                # "the dockers’ book": an apostrophe.
                continue
            if depth == 0:
                return place
            depth -= 1
        elif text[place] == mark:
            depth += 1
    return -1
