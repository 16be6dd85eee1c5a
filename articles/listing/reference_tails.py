"""What stands behind the title of a bibliographic reference: publication, volume, date, pages.

It is read from its end: what is known is taken off, piece by piece, and what remains in front is
the name of the publication. Each pattern looks at the last few hundred characters only.
"""

import re
from dataclasses import dataclass, field

from articles.listing.calendar_words import MONTHS
from articles.listing.dates import PrintedDate, date_at_end, shifted, whole_date
from articles.listing.periods import SEASONS
from articles.listing.records import Piece, SpanRole

_NUMBER = r"(?:(?:[A-ZА-Я]{1,2}-?)?[0-9]{1,6}[a-z]?|[ivxlc]{1,8})"
_RANGE = rf"{_NUMBER}(?:\s?[-–—]{{1,2}}\s?{_NUMBER})?"
_NO_YEAR = r"(?!(?:1[5-9]|20)[0-9]{2}(?![0-9]))"
_PAGES = rf"{_RANGE}(?:(?:,\s?|\s(?:and|und|et|y|e|и|&)\s){_NO_YEAR}{_RANGE}){{0,4}}(?:\s?ff?|\+)?"
_ISSUES = rf"[0-9]{{1,5}}(?:\s?[-–/]\s?{_NO_YEAR}[0-9]{{1,5}})?(?:\s?\({_NO_YEAR}[0-9]{{1,6}}\))?"
_BEFORE = r"(?:\A|(?<=[\s,.;:(–—-]))"
#: What is known by its own words: the role, and the pattern at the end of what is left.
_KNOWN: tuple[tuple[SpanRole, re.Pattern[str]], ...] = (
    (
        "link",
        re.compile(
            r"(?:(?:doi|url|uri|available (?:at|from|online)|verfügbar unter|online unter"
            r"|disponible en"
            r"|disponible sur|disponível em|disponibile su|режим доступа"
            r"|retrieved\s(?:[^.]{4,30}\s)?from)[\s:]{0,3}){0,2}"
            r"[<\[(]?(?P<value>(?:https?://|www\.|doi\.org/|doi:|10\.[0-9]{4,9}/)[^\s<>]{3,400}?)[>\])]?\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "furniture",
        re.compile(
            r"[(\[]?(?P<value>(?:last )?(?:accessed|retrieved|consulted|viewed|abgerufen|zugriff"
            r"|aufgerufen"
            r"|letzter zugriff|consulté|consultado|acesso em|acceso|consultato|дата обращения)"
            r"[\s:][^()]{4,40})[)\]]?\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "furniture",
        re.compile(
            r"(?P<value>\[?(?:Internet|[Оо]nline|Электронный ресурс|Print|Web|Druck"
            r"|[Tt]exte imprimé)\]?"
            r"|(?:late|early|national|final|city|evening|morning|first)\s(?:[a-z]{3,8}\s)?ed(?:ition|\.)?"
            r"|sec(?:tion|t?\.)?\s[A-Z0-9]{1,2}|IS[SB]N[\s:]{0,2}[0-9X-]{8,17}|PM(?:C?ID)[\s:]{0,2}(?:PMC)?[0-9]{4,10}"
            r"|Web\.\s[0-9]{1,2}\s[A-Z][a-z]{2,8}\.?\s20[0-9]{2}|[Aa]dvance online publication"
            r"|Caderno\s\w{1,12}|(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,6}/[^\s]{1,200}"
            r"|(?<![-–/0-9])[0-9]{1,4}\s(?:[сСSp]|pp|págs?|Seiten|pages)\.?)\Z"
        ),
    ),
    (
        "pages",
        re.compile(
            rf"{_BEFORE}(?:[Pp]ages?|[Pp]{{1,2}}\.?|Ss?\.|[Сс]\.|[Сс]тр\.?|[Pp][áa]gs?\.?|[Pp]agg?\.?|[Pp]áginas?"
            rf"|Seiten?)\s?(?P<value>{_PAGES})\)?\Z"
        ),
    ),
    (
        "issue",
        re.compile(
            rf"{_BEFORE}(?:[Nn]os?\.?|[Nn]rs?\.?|[Nn]\.?\s?[°ºo]\.?\s?|№|H\.|Hefte?|[Ii]ss(?:ue|\.)|[Вв]ып\."
            rf"|[Nn][úu]m\.?|[Nn]\.|Ausg(?:abe|\.)|f[ae]sc\.)\s?(?P<value>{_ISSUES})\Z"
        ),
    ),
    (
        "volume",
        re.compile(
            rf"{_BEFORE}(?:[Vv]ol(?:ume|umen)?\.?|Bd\.|Band|Jg\.|Jahrgang|[TТт]\.|[Tt]om[eo]?|v\.|[Aa]nno|[Aa]ño)"
            r"\s?(?P<value>[0-9]{1,4}|[IVXLC]{1,8})\Z"
        ),
    ),
    ("volume", re.compile(r"(?<![\w-])(?P<value>[0-9]{1,4})\.\s?(?:Jg|Jahrgang|Bd|Band)\Z")),
)
_VOLUME_AND_ISSUE = re.compile(
    r"(?<![\w/.-])(?P<volume>[0-9]{1,4}|[IVXLC]{1,8})\s?\((?P<issue>[^()]{1,20})\)\Z"
)
#: "Nr. 3/2005": an issue and its year.
_ISSUE_OF_YEAR = re.compile(
    r"(?:[Nn]r\.?|[Nn]o\.?|№|Heft|H\.|Ausgabe)\s?(?P<issue>[0-9]{1,3})\s?/\s?(?P<year>[12][0-9]{3})\Z"
)
_BRACKETED = re.compile(r"\((?P<inner>[^()]{4,60})\)\Z")
#: "(Vell: Quay Press, 1999)": who brought out a book, and when.
_IMPRINT = re.compile(r"\((?P<said>[^()]{2,80}),\s(?P<year>[12][0-9]{3})\)\Z")
# "2013 May 6", "1987. 12 сентября", behind a sign: the year first.
_YEAR_FIRST = re.compile(
    r"(?:\A|(?<=[\s.,;(]))(?P<date>[12][0-9]{3}(?:[.,]\s?[–—-]?|\s[–—-])?\s(?:[0-9]{1,2}\s)?[^\W\d_]{3,10}\.?"
    r"(?:\s[0-9]{1,2})?(?:\s?[-–/]\s?[^\W\d_]{3,10}|\s?[-–]\s?[0-9]{1,2})?)\Z"
)
_SEASON = re.compile(SEASONS + r"\Z", re.IGNORECASE)
_FIRST_OF_MONTHS = re.compile(
    r"(?<=[^\W\d_])\s?[-–/]\s?[^\W\d_]{3,10}\Z|(?<=[0-9])\s?[-–]\s?[0-9]{1,2}\Z"
)
_LETTERED = re.compile(r"(?:\A|(?<=[\s(]))(?P<year>[12][0-9]{3})[a-z]\Z")
_BARE_PAGES = re.compile(rf"(?P<sign>[:,])\s?(?P<value>{_RANGE}(?:\s?ff?)?)\Z")
_BARE_VOLUME = re.compile(r"(?<=[\s,])(?P<value>[0-9]{1,3}|[IVXLC]{1,7}(?<=[XVI]))\Z")
_DAY_ALONE = re.compile(
    r"(?<=[,(]\s)(?P<day>[0-9]{1,2}\.?\s(?:de\s)?[^\W\d_]{3,10}|[A-Z][a-z]{2,9}\.?\s[0-9]{1,2})\Z"
)
_OF_DATE = re.compile(r"(?:\s(?:vom|v\.|of|from|du|del|от|за|on|am)|,)\s*\Z")
_EDGE = " \t\xa0.,;:–—-"
_WINDOW = 480
#: Most stretches behind a date that are not known.
_MOST_LEFT = 3


@dataclass(slots=True)
class Tail:
    """What was taken off the end of ``text`` between ``start`` and ``end``; ``end`` moves."""

    text: str
    start: int
    end: int
    day_first: bool | None = None
    pieces: list[Piece] = field(default_factory=list)
    date: PrintedDate | None = None
    # Volume, issue or pages were found: the publication is a paper, not a publisher.
    of_paper: bool = False
    # Where something stands behind the date that is not known.
    left: tuple[int, int] | None = None

    def peel(self) -> "Tail":
        """Take off all that is known; what hides a date, and is not known, is `left`."""
        self._peel()
        kept = self.end, list(self.pieces), self.of_paper
        for _ in range(_MOST_LEFT):
            if self.date is not None:
                return self
            cut = max(self.text.rfind(sign, self.start, self.end) for sign in (", ", ". ", "; "))
            if cut < 0:
                break
            self.left = cut + 1, kept[0]
            self.end = cut
            self._peel()
        if self.date is None:
            self.end, self.pieces, self.of_paper = kept
            self.left = None
        return self

    def _peel(self) -> None:
        self._strip()
        while self.end > self.start and (self._known() or self._dated() or self._bare()):
            self._strip()

    def has(self, role: SpanRole) -> bool:
        return any(piece[2] == role for piece in self.pieces)

    def _strip(self) -> None:
        while self.end > self.start and self.text[self.end - 1] in _EDGE:
            self.end -= 1

    @property
    def _from(self) -> int:
        return max(self.start, self.end - _WINDOW)

    def _take(self, role: SpanRole, span: tuple[int, int], rest: int) -> bool:
        if span[1] > span[0]:
            self.pieces.append((*span, role))
        self.of_paper |= role in ("volume", "issue", "pages")
        self.end = max(self.start, rest)
        return True

    def _known(self) -> bool:
        text, begin = self.text, self._from
        glued = _ISSUE_OF_YEAR.search(text, begin, self.end)
        if glued is not None and (self.date is None or self.date.year == int(glued["year"])):
            if self.date is None:
                self.date = PrintedDate(int(glued["year"]), None, None, *glued.span("year"))
                self.pieces.append((*glued.span("year"), "date"))
            return self._take("issue", glued.span("issue"), glued.start())
        for role, form in _KNOWN:
            if role not in ("furniture", "link") and self.has(role):
                continue
            match = form.search(text, begin, self.end)
            if match is None:
                continue
            value = match["value"]
            if role == "link" and not value.startswith("http"):
                return self._take("furniture", match.span(), match.start())
            if role == "link" and self.has("link"):
                return self._take("furniture", match.span("value"), match.start())
            return self._take(role, match.span("value"), match.start())
        match = _VOLUME_AND_ISSUE.search(text, begin, self.end)
        if match is None or self.has("volume") or self.has("issue"):
            return False
        if whole_date(match["issue"]) is not None or not any(map(str.isalnum, match["issue"])):
            return False
        if not any(mark.isdigit() for mark in match["issue"]):
            return False
        self._take("issue", match.span("issue"), match.end("volume"))
        return self._take("volume", match.span("volume"), match.start())

    def _dated(self) -> bool:
        if self.date is not None:
            return self._refined(self.date)
        text, begin = self.text, max(self.start, self.end - 80)
        bracketed = _BRACKETED.search(text, begin, self.end)
        if bracketed is not None:
            inside = read_date(bracketed["inner"], self.day_first)
            imprint = _IMPRINT.search(text, begin, self.end) if inside is None else None
            if imprint is not None:
                self.left = imprint.span("said")
                year = PrintedDate(int(imprint["year"]), None, None, *imprint.span("year"))
                return self._date(year, imprint.start())
            if inside is None:
                return False
            return self._date(shifted(inside, bracketed.start("inner")), bracketed.start())
        first = _YEAR_FIRST.search(text, begin, self.end)
        if first is not None:
            found = read_date(first["date"], self.day_first)
            if found is not None and found.month is not None:
                return self._date(shifted(found, first.start("date")), first.start())
        piece = text[begin : self.end]
        lettered = _LETTERED.search(piece)
        if lettered is not None:
            year = PrintedDate(int(lettered["year"]), None, None, *lettered.span("year"))
            return self._date(shifted(year, begin), begin + lettered.start())
        found = date_at_end(piece, self.day_first)
        if found is None or (found.start and piece[found.start - 1] not in " \t\xa0,.;:(/"):
            return False
        season = _SEASON.search(piece) if found.month is None else None
        start = season.start() if season is not None else found.start
        found = PrintedDate(
            found.year, found.month, found.day, start, found.end, found.possible, found.figures,
            found.weekday, season is not None,
        )  # fmt: skip
        return self._date(shifted(found, begin), begin + start)

    def _refined(self, known: PrintedDate) -> bool:
        """Take the day or the month of a year that stands before the title: "(2013) …, 6 May"."""
        if not known.year or known.month is not None or known.start >= self.start:
            return False
        begin = max(self.start, self.end - 60)
        found = date_at_end(self.text[begin : self.end], self.day_first)
        if found is None:
            day = _DAY_ALONE.search(self.text, begin, self.end)
            found = whole_date(f"{day['day']} {known.year}") if day is not None else None
            if day is not None and found is not None:
                begin, found = day.start("day"), shifted(found, -found.start)
                found.end = day.end("day") - begin
        if found is None or found.month is None or found.year != known.year:
            return False
        return self._date(shifted(found, begin), begin + found.start)

    def _date(self, date: PrintedDate, rest: int) -> bool:
        self.date = date
        of = _OF_DATE.search(self.text, self._from, rest)
        return self._take("date", (date.start, date.end), of.start() if of else rest)

    def _bare(self) -> bool:
        """Take numbers without a word: pages behind a volume or a date, a volume before them."""
        text, begin = self.text, self._from
        pages = None if self.has("pages") else _BARE_PAGES.search(text, begin, self.end)
        if pages is not None and not self.has("volume") and not self.has("issue"):
            before = text[max(begin, pages.start() - 1) : pages.start()]
            sure = pages["sign"] == ":" or any(mark in pages["value"] for mark in "-–—")
            if before in (")", "]") or (before.isdigit() and (sure or self._is_day(pages.start()))):
                return self._take("pages", pages.span("value"), pages.start())
        volume = _BARE_VOLUME.search(text, begin, self.end)
        if volume is None or self.has("volume") or not (self.date or self.of_paper):
            return False
        if (
            not self.of_paper
            and text[volume.start() - 1 : volume.start()] == " "
            and (text[volume.start() - 2 : volume.start() - 1] != ",")
        ):
            # "Studio 54, 2003": a number in a name.
            return False
        return self._take("volume", volume.span("value"), volume.start())

    def _is_day(self, end: int) -> bool:
        """Tell whether a date of day ends at *end*: what stands behind it is a page."""
        date = date_at_end(self.text[max(self.start, end - 40) : end], self.day_first)
        return date is not None and date.day is not None


def read_date(text: str, day_first: bool | None = None) -> PrintedDate | None:
    """Return the date that *text* is as a whole, in any form in which references have it.

    "2005a" is 2005, "2013, May 6–8" is 6 May, "2013, Spring" is 2013.
    """
    letter = re.match(
        r"(?P<year>[12][0-9]{3})(?P<letter>[a-z])?(?P<rest>(?:[.,]?\s.{1,40})?)\Z", text
    )
    if letter is None:
        return whole_date(text, day_first)
    year, rest = int(letter["year"]), letter["rest"].strip(" .,–—-")
    if not rest:
        return PrintedDate(year, None, None, 0, letter.end("year"))
    begun = _FIRST_OF_MONTHS.sub("", rest)
    found = whole_date(f"{year} {begun}")
    if found is None:
        turned = whole_date(f"{begun} {year}")
        found = turned if turned is not None and turned.month is not None else None
    if found is not None:
        return PrintedDate(year, found.month, found.day, 0, len(text.rstrip(" .")), found.possible)
    if whole_date(f"{rest} {year}") is not None and rest.casefold().rstrip(".") not in MONTHS:
        return PrintedDate(year, None, None, 0, len(text), period=True)
    return None
