"""Credit lines of every form: byline, date, publication and what else stands beside them.

"By A and B, 9 May 2030", "A · 13 September 2022 · 4 min read", "A | Paper | January 2020",
"9 May 2030 — A", "By A (2 November 2018)", "A13 September 2022", "Von A, 3. März 2021".
"""

import re

from articles.listing.bare_names import bare_name
from articles.listing.bylines import AND_FIRST, looks_like_byline
from articles.listing.credit_edges import BEFORE, KEPT_PREFIX, PREFIX, SPACES, tail_of
from articles.listing.credit_words import read_sentence, says_so, says_update
from articles.listing.date_edges import MAY_DATE
from articles.listing.dated_texts import with_text
from articles.listing.dates import (
    PrintedDate,
    date_at_end,
    shifted,
    whole_date,
)
from articles.listing.forms import Form, moved
from articles.listing.furniture import is_count, is_furniture
from articles.listing.imprints import SURE_PAPER, hit, paper_before, printed_in
from articles.listing.inverted_names import is_inverted
from articles.listing.page_lines import pages_in
from articles.listing.papers import is_imprint, is_section
from articles.listing.periods import SEASONS
from articles.listing.records import Piece
from articles.listing.row_reading import UNSURE

_SEPARATOR = re.compile(r"\s*[|·•∙]\s*|\s+(?:[-–—/]|//|::|--)\s+|\s{2,}(?=\S)")
_MAY_PART = re.compile(r"[|·•∙/–—-]|::|(?<=\S)\s{2,}\S")
_GLUED_END = re.compile(
    r"(?<=[^\W\d_])(?P<date>(?:[0-9]{1,2}\.?\s[^\W\d_]{3,12}\.?"
    r"|[^\W\d_]{3,9}\s[0-9]{1,2},)\s[12][0-9]{3})\s*\Z"
)
_MONTH_IN_FIGURES = re.compile(
    r"[\s,(|·](?P<date>[12][0-9]{3}[-/.][0-9]{2}|[0-9]{2}[-/.][12][0-9]{3})\Z"
)
_DATE_LABEL = re.compile(
    r"\s{0,20}(?:(?:first )?(?:published|posted|updated|last updated|date)(?: on| at)?"
    r"|(?:veröffentlicht|erschienen|aktualisiert|stand|datum)(?: am)?|publié(?:e)?(?: le)?"
    r"|mis à jour(?: le)?|(?:geplaatst|gepubliceerd|verschenen|bijgewerkt)(?: op)?"
    r"|publicado(?: el| em)?|fecha|actualizado(?: el)?|pubblicato(?: il)?|aggiornato(?: il)?|data"
    r"|опубликовано|дата)\s?:?\s{1,3}",
    re.IGNORECASE,
)
_NAME_BEHIND = re.compile(
    r"[.?!](?<=[\w”’\")][.?!])(?:\s+(?:(?:[Ee]ine?|[Aa]n?|[Uu]ne?|[Uu]n[ao])\s[^\W\d_]{3,14}\s)?(?P<by>[Bb]y|[Vv]on|[Pp]ar|[Pp]or|[Dd]i|Text:|Автор:)\s+|\s+[—–-]\s*|\s+[(\[])"
    r"(?P<name>[^\W\d_][^.!?:()\[\]]{3,70}?)[)\].]?\s*\Z"
)
_OPENED = re.compile(
    r"\s*[(\[](?P<by>(?:[^\W\d_]{2,12}\s)?(?:by|von|par|por|di)\s)?(?=[^()\[\]]{3,80}\Z)"
)
_TIME = re.compile(
    r"[0-9]{1,2}[:.h][0-9]{2}(?:\s?(?:[ap]\.?m\.?|Uhr|h|ч|[A-Z]{2,4}))?", re.IGNORECASE
)
_MARKS = re.compile(r"\s*(?:[>•∙▪▫◦‣⁃*·►▶■□●○✦→–—-]\s{1,3}){0,3}")
_SEASON = re.compile(rf"(?:,|\s[–—|-]|(?<=\w))\s{SEASONS}\Z", re.IGNORECASE)
_YEARS = re.compile(r"[12][0-9]{3}\s?[–—-]\s?\Z")
_LIFE = re.compile(r"[(\[](?:c\. ?)?[12][0-9]{3}\s?[-–—]\s?[12][0-9]{3}[)\]]\Z")
_WRAPPED = re.compile(r"\s*[(\[](?P<inner>[^()\[\]]{6,200})[)\]]\s*\Z")
_CREDITS = frozenset(("D", "BD", "DB"))
# "A, le 3/5/2020".
_COMMA_ARTICLE = re.compile(r",\s(?:le|am|den|el|il|em|on|op)\Z")
_LONGEST = 600
#: What speaks for a byline of which the file knows all names.
_KNOWN = 3.5
#: What speaks for "Last updated: …" on a line of its own belonging to no field.
_UPDATE = 3.0
#: What a page beside a name speaks for its being a byline.
_PAGED = 2.0


def credit_lines(text: str, day_first: bool | None, names: frozenset[str]) -> list[Form]:
    """Return the ways to read *text* as a line with a byline, a date or both."""
    if len(text) > _LONGEST:
        # A long line may still be a standfirst with a date, or a credit, glued before it.
        return with_text(text, PREFIX.match(text), day_first)
    found: list[Form] = []
    if MAY_DATE.search(text) is None:
        return _undated(text, names)
    wrapped = _WRAPPED.match(text)
    if wrapped is not None:
        # "[A, 18 July 2014]".
        inner = credit_lines(wrapped["inner"], day_first, names)
        found = [moved(form, wrapped.start("inner")) for form in inner if form.roles in _CREDITS]
        if found:
            return found
    tail = tail_of(text)
    if tail is not None:
        role, start, end, stop = tail
        head = credit_lines(text[:stop], day_first, names)
        return [form._replace(pieces=(*form.pieces, (start, end, role))) for form in head]
    imprint = printed_in(text, day_first) or hit(text, day_first)
    if imprint is not None:
        return [imprint]
    label = _DATE_LABEL.match(text)
    labelled = whole_date(text[label.end() :], day_first) if label is not None else None
    if label is not None and labelled is not None and labelled.precision != "year":
        date = shifted(labelled, label.end())
        dated_form = Form("D", 6.0, ((date.start, date.end, "date"),), date)
        if not says_update(text):
            return [dated_form]
        # It dates an entry only where nothing else does.
        return [Form("X", _UPDATE, ((0, len(text), "furniture"),)), dated_form._replace(score=0.0)]
    bare = whole_date(text, day_first)
    if bare is not None:
        score = {"day": 6.0, "month": 4.0, "year": -1.0}[bare.precision]
        if bare.figures or not bare.possible or bare.period:
            score = 6.0
        return [Form("D", score, ((bare.start, bare.end, "date"),), bare)]
    prefix = PREFIX.match(text)
    if label is not None or prefix is not None or text[-1:].isalpha() or says_so(text):
        said = read_sentence(text, 0, len(text.rstrip()), day_first)
        if said is not None:
            pieces, read, roles = said
            return [Form(roles, 7.0, tuple(sorted(pieces)), read, _byline_of(text, pieces))]
    if _MAY_PART.search(text) and _SEPARATOR.search(text):
        parted = _parted(text, day_first, names)
        if parted is not None:
            found.append(parted)
            if parted.score >= 5.0:
                return found
    found += _ending_in_date(text, prefix, day_first, names)
    if found and found[-1].score >= 6.0:
        return found
    found += with_text(text, prefix, day_first)
    return found or _undated(text, names)


def _start_of(text: str, prefix: re.Match[str] | None) -> int:
    """Return where the names or texts of *text* begin, behind "By" or the marks of a list."""
    marks = _MARKS.match(text)
    return prefix.end() if prefix else marks.end() if marks is not None else 0


def _byline_of(text: str, pieces: list[Piece]) -> str | None:
    return next((text[a:b] for a, b, role in pieces if role == "byline"), None)


def _undated(text: str, names: frozenset[str]) -> list[Form]:
    """Read a line without a date as a byline, or a byline and a publication."""
    if _MAY_PART.search(text) and _SEPARATOR.search(text):
        parted = _parted(text, None, names)
        if parted is not None:
            return [parted]
    if says_so(text):
        # "Posted by A at 22:14": the time of day is behind a name, and the day stands elsewhere.
        said = read_sentence(text, 0, len(text.rstrip()), None)
        if said is not None and said[2] == "B":
            return [Form("B", 7.0, tuple(said[0]), None, _byline_of(text, said[0]))]
    found: list[Form] = []
    prefix = PREFIX.match(text)
    start = _start_of(text, prefix)
    kept = KEPT_PREFIX.match(text)
    end = len(text.rstrip(SPACES + ",;|·•–—-"))
    if end <= start:
        return []
    if AND_FIRST.match(text, start) and prefix is None and looks_like_byline(text[start:end]):
        # The second line of a credit: "By A" / "and B".
        return [Form("B", 2.0, ((start, end, "byline"),), None, text[start:end])]
    if prefix is not None or kept is not None:
        printed = text[start:end]
        if looks_like_byline(printed):
            found.append(Form("B", 5.0, ((start, end, "byline"),), None, printed))
        return found
    behind = _behind_prose(text, start, names)
    if behind is not None:
        return [behind]
    score_bare = bare_name(text[start:end], names)
    if score_bare is None and is_inverted(text[start:end]):
        score_bare = 3.0 if text[start:end].partition(",")[0].isupper() else 1.0
    if score_bare is not None:
        found.append(Form("B", score_bare, ((start, end, "byline"),), None, text[start:end]))
    return found


def _behind_prose(text: str, start: int, names: frozenset[str]) -> Form | None:
    """Read a byline behind a standfirst: "… is wet. By A", "… is wet. (A)", "… is wet. — A"."""
    match = _NAME_BEHIND.search(text, start)
    if match is None:
        return None
    first, last = match.span("name")
    printed = text[first:last]
    if match["by"]:
        weight: float | None = 6.0 if looks_like_byline(printed) else None
    else:
        weight = bare_name(printed, names)
    if weight is None:
        return None
    pieces: tuple[Piece, ...] = (
        (start, match.start() + 1, "standfirst"), (first, last, "byline"),
    )  # fmt: skip
    return Form("FB", weight + 2.0, pieces, None, printed)


def _ending_in_date(
    text: str, prefix: re.Match[str] | None, day_first: bool | None, names: frozenset[str]
) -> list[Form]:
    end = len(text.rstrip(SPACES + ".)]"))
    if text[-1:] in ")]" and _LIFE.search(text, max(0, len(text) - 24)) is not None:
        # "Orla Quill (1931–2019)" is a title.
        return []
    date = date_at_end(text[:end], day_first)
    if (date is None or date.day is None) and text.rstrip()[-1:].isdigit():
        glued = _GLUED_END.search(text, max(0, len(text) - 60))
        whole = whole_date(glued["date"], day_first) if glued is not None else None
        if glued is not None and whole is not None:
            date = shifted(whole, glued.start("date"))
    month = _MONTH_IN_FIGURES.search(text[:end]) if date is None and prefix else None
    if month is not None:
        whole = whole_date(month["date"], day_first)
        date = shifted(whole, month.start("date")) if whole is not None else None
    if date is None or not text[: date.start].strip():
        return []
    if date.month is None and _YEARS.search(text, max(0, date.start - 8), date.start):
        # "Stories I edited, 2016–2020": a span of years dates nothing.
        return []
    start = _start_of(text, prefix)
    stop = len(text[: date.start].rstrip(BEFORE))
    article = _COMMA_ARTICLE.search(text, start, stop)
    stop = article.start() if article is not None else stop
    if stop <= start:
        if prefix is None:
            return []
        return [Form("D", 3.0, ((date.start, date.end, "date"),), date, "")]
    season = _SEASON.search(text, max(start, date.start - 30), date.end)
    if season is not None and is_imprint(text[start : season.start()]):
        # "Vell Review, Spring 2019": of a season the year is taken.
        return [Form("D", 5.5, ((start, season.start(), "publication"),
                                (date.start, date.end, "date")), date)]  # fmt: skip
    found: list[Form] = []
    printed = text[start:stop]
    dated: Piece = (date.start, date.end, "date")
    bracket = text[stop : date.start].strip()[-1:] in ("(", "[")
    between = text[stop : date.start].strip() != ""
    if prefix is not None or KEPT_PREFIX.match(text):
        sure = date.day is not None or bool(date.figures) or month is not None or not date.possible
        if len(printed.split()) <= 60 and (
            (sure and len(printed) < 300) or looks_like_byline(printed)
        ):
            score = 7.0 if looks_like_byline(printed) else 4.0 if between else 2.0
            return [Form("BD", score, ((start, stop, "byline"), dated), date, printed)]
        return []
    printed_by = paper_before(printed, start, date)
    if printed_by is not None and printed.casefold() not in names:
        found.append(printed_by)
        if printed_by.score >= SURE_PAPER:
            return found
    opened = _OPENED.search(printed)
    if opened is not None and opened.start() > 0:
        return _in_brackets(text, start, stop, date, opened, names)
    name = bare_name(printed, names)
    if name is not None and (date.precision != "year" or between):
        score = 4.0 + name if date.precision == "day" else 2.5 + name
        if not between and text[stop : date.start]:
            score -= 1.5
        found.append(Form("BD", score, ((start, stop, "byline"), dated), date, printed))
    weight = 2.5 if bracket else 0.5 if between else -0.5
    if date.precision == "year":
        weight -= 3.0 if not bracket else 2.5
    elif date.precision == "month":
        weight -= 0.5
    for role, span in (("H", "headline"), ("F", "standfirst")):
        cost = 0.0 if role == "H" else -1.0
        pieces: tuple[Piece, ...] = ((start, stop, span), dated)  # type: ignore[assignment]
        found.append(Form(role + "D", weight + cost, pieces, date))
    return found


def _in_brackets(
    text: str,
    start: int,
    stop: int,
    date: PrintedDate,
    opened: re.Match[str],
    names: frozenset[str],
) -> list[Form]:
    """Read text with brackets behind it that hold a date and more: "Why? (asked by A, 3 May)"."""
    end = start + opened.start()
    inner = start + opened.end("by") if opened["by"] else start + opened.end()
    pieces: list[Piece] = [(start, end, "headline")]
    byline = None
    if is_imprint(text[inner:stop]):
        pieces.append((inner, stop, "publication"))
    elif bare_name(text[inner:stop], names) is not None or (
        opened["by"] and looks_like_byline(text[inner:stop])
    ):
        byline = text[inner:stop]
        pieces.append((inner, stop, "byline"))
    pieces.append((date.start, date.end, "date"))
    return [Form("HBD" if byline else "HD", 3.0, tuple(pieces), date, byline)]


def _parted(text: str, day_first: bool | None, names: frozenset[str]) -> Form | None:
    """Read segments parted by strokes or dots: byline, date, publication, counts."""
    position, segments = 0, []
    for match in _SEPARATOR.finditer(text):
        segments.append((position, match.start()))
        position = match.end()
    segments.append((position, len(text)))
    roles, pieces, score = "", [], 0.0
    date: PrintedDate | None = None
    byline: str | None = None
    others: list[Piece] = []
    timed = False
    for start, end in segments:
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        piece = text[start:end]
        if not piece:
            continue
        read = whole_date(piece, day_first) if date is None else None
        if read is not None and (read.precision != "year" or roles):
            date = shifted(read, start)
            pieces.append((date.start, date.end, "date"))
            roles, score = roles + "D", score + (4.0 if date.precision == "day" else 3.0)
        elif is_count(piece) or (date is not None and _TIME.fullmatch(piece)):
            timed = timed or not is_count(piece)
            pieces.append((start, end, "furniture"))
        elif is_furniture(piece):
            # "A | Page A1", as databases have it.
            score += _PAGED if roles == "B" and pages_in(piece) is not None else 0.0
            pieces.append((start, end, "furniture"))
        elif (
            byline is not None
            and pieces[-1][2] == "byline"
            and _is_further_name(piece, text, start, names)
        ):
            # "A / B", "A | Photographs: B".
            first = pieces[-1][0]
            pieces[-1], byline = (first, end, "byline"), text[first:end]
        elif byline is None and (found := _byline_piece(piece, names)) is not None:
            offset, weight = found
            byline = piece[offset:]
            pieces.append((start + offset, end, "byline"))
            roles, score = roles + "B", score + weight
        elif byline is None and date is None and (both := _comma_parted(piece, day_first, names)):
            pieces += [(start + a, start + b, role) for a, b, role in both.pieces]
            date = shifted(both.date, start) if both.date else None
            byline, roles, score = both.byline, roles + both.roles, score + both.score
        elif piece[-1] in ".!?…" and len(piece.split()) > 3:
            return None
        else:
            others.append((start, end, "kicker" if is_section(piece) else "publication"))
            pieces.append(others[-1])
            score -= 1.0
    # "A | Port Vell |", and the date on the next line.
    goes_on = date is None and text.rstrip()[-1:] == "|"
    # "A / Port Vell", and the file knows A; "By A — Port Vell".
    said = byline is not None and (PREFIX.match(text) or (bare_name(byline, names) or 0) >= _KNOWN)
    known = date is None and bool(said) and not any(":" in text[a:b] for a, b, _ in others)
    if not roles or len(others) > 1 or (others and not (byline and (date or goes_on or known))):
        return None
    if others and len(text[others[0][0] : others[0][1]]) > 80:
        return None
    doubt = ""
    if timed and others and not is_imprint(text[slice(*others[0][:2])]):
        # "A | Port Vell | 3 May 2020 - 10:23": rather the place than a paper.
        pieces[pieces.index(others[0])] = (*others[0][:2], "punctuation")
        doubt = UNSURE
    elif others and (goes_on or known) and not is_imprint(text[slice(*others[0][:2])]):
        pieces[pieces.index(others[0])] = (*others[0][:2], "punctuation")
        doubt = "" if goes_on else UNSURE
    return Form(roles, score, tuple(pieces), date, byline, doubt)  # type: ignore[arg-type]


def _byline_piece(piece: str, names: frozenset[str]) -> tuple[int, float] | None:
    prefix = PREFIX.match(piece)
    if prefix is not None and looks_like_byline(piece[prefix.end() :]):
        return prefix.end(), 4.0
    name = bare_name(piece, names)
    return (0, name) if name is not None else None


def _is_further_name(piece: str, text: str, start: int, names: frozenset[str]) -> bool:
    """Tell whether *piece*, from *start* on in *text*, is one more name, parted by a stroke.

    Beside a date it may be a publication as well: there a name must be known, or say what was done.
    """
    if KEPT_PREFIX.match(piece) and looks_like_byline(piece):
        return True
    if is_imprint(piece):
        return False
    if piece.casefold() in names:
        return True
    # "By A — Port Vell": a dash parts a name from a place.
    sign = text[:start].rstrip()[-1:]
    may_be = sign == "/" or (sign not in "–—-" and MAY_DATE.search(text) is None)
    return may_be and bare_name(piece, names) is not None


def _comma_parted(piece: str, day_first: bool | None, names: frozenset[str]) -> Form | None:
    for line in _ending_in_date(piece, PREFIX.match(piece), day_first, names):
        if line.roles == "BD" and line.score > 4.0:
            return line
    return None
