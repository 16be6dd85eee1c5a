"""Credit lines of every form: byline, date, publication and what else stands beside them.

"By A and B, 9 May 2030", "A · 13 September 2022 · 4 min read", "A | Paper | January 2020",
"9 May 2030 — A", "By A (2 November 2018)", "A13 September 2022", "Von A, 3. März 2021".
"""

import re
from typing import NamedTuple

from articles.listing.bylines import PARTICLES, looks_like_byline, read_byline
from articles.listing.credit_words import read_sentence, says_so
from articles.listing.dates import PrintedDate, date_at_end, date_at_start, shifted, whole_date
from articles.listing.furniture import is_count
from articles.listing.records import Piece
from articles.listing.words import AUXILIARIES, HEADLINE_VERBS

_PREFIX = re.compile(
    r"\s{0,20}(?:(?i:(?:written|words|story|text|reporting|report|reviewed|presented|compiled|told"
    r"|submitted|contributed|prepared)\s+by|by)(?::|(?=\s))"
    r"|(?:Von|VON|von|Par|PAR|par|Por|POR|por|Di|DI|di)(?::|(?=\s))"
    r"|(?i:text|texte|texto|testo|текст|автор(?:ы)?|autor(?:in|en|a|es)?|auteur(?:e|s)?|autore"
    r"|autori"
    r"|author(?:s)?|words|report|bericht)\s?:)\s{0,20}"
)
_KEPT_PREFIX = re.compile(
    r"\s{0,20}(?:translated|edited|introduced|illustrated|photographs|interview(?:ed)?|photos"
    r"|übersetzt|herausgegeben|traduit|traducido|traducción|traduzido|tradução|tradotto|traduzione"
    r"|aus dem|propos|a cura|recogido|entrevista|intervista|raccolto)\s(?:\S+\s){0,3}?"
    r"(?:by|von|par|por|da|di|de)\s|\s{0,20}(?:перевод|пер\.|под редакцией|беседовал[аи]?):?\s",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[|·•]\s*|\s+(?:[-–—/]|//|::)\s+")
_MAY_PART = re.compile(r"[|·•/–—-]|::")
_GLUED_END = re.compile(
    r"(?<=[^\W\d_])(?P<date>(?:[0-9]{1,2}\.?\s[^\W\d_]{3,12}\.?"
    r"|[^\W\d_]{3,9}\s[0-9]{1,2},)\s[12][0-9]{3})\s*\Z"
)
_GLUED_MIDDLE = re.compile(
    r"(?P<date>[0-9]{1,2}\.?\s(?:de\s)?[^\W\d_]{3,12}\.?,?\s(?:de\s)?[12][0-9]{3}"
    r"|[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
    r"|[^\W\d_]{3,9}\s[0-9]{1,2},\s[12][0-9]{3})(?P<gap>\s*[-–—:|·.]\s+|(?=[^\W\d_a-z])"
    r"|(?=[“\"«‘(]))"
)
_MONTH_IN_FIGURES = re.compile(
    r"[\s,(|·](?P<date>[12][0-9]{3}[-/.][0-9]{2}|[0-9]{2}[-/.][12][0-9]{3})\Z"
)
_DATE_LABEL = re.compile(
    r"\s{0,20}(?:(?:first )?(?:published|posted|updated|last updated|date)(?: on| at)?"
    r"|(?:veröffentlicht|erschienen|aktualisiert|stand|datum)(?: am)?|publié(?:e)?(?: le)?"
    r"|mis à jour(?: le)?"
    r"|publicado(?: el| em)?|fecha|actualizado(?: el)?|pubblicato(?: il)?|aggiornato(?: il)?|data"
    r"|опубликовано|дата)\s?:?\s{1,3}",
    re.IGNORECASE,
)
_SPACES = "".join(mark for mark in map(chr, range(0x3001)) if mark.isspace())
_BEFORE = _SPACES + ",;|·•–—-([/:"
_AFTER = _SPACES + ",;|·•–—-)]/:."
_NO_NAME = re.compile(r"[?!:;“”\"…]|\s(?i:the|a|an|for|in|on|of the|to|at|with|is|are)\s")
# Without "By" a collective is one that says so at its end: "our correspondents", "Editorial Board".
_LAST_WORD_OF_MANY = re.compile(
    r"(?i:correspondents?|editors|staff|reporters|writers|team|desk|newsroom|collective|board"
    r"|committee)\Z"
    r"|\A[A-Z]{2,6}\Z"
)
# Who signs for a paper where nobody does; "Editorial" alone is rather a section.
_NOBODY = re.compile(
    r"(?:the |our )?(?:staff|editors?)(?: (?:reporters?|writers?|desk))?|admin|newsroom"
    r"|(?:die )?redaktion|(?:la )?redacción|(?:la )?redazione|(?:la )?rédaction|(?:a )?redação"
    r"|редакция|без подписи|secretariat|n\. ?n\.|anonymous|unsigned"
    r"|agenc(?:ies|ias?)|agenturen|agenzie|efe|dpa|afp|ansa|lusa"
    r"|reuters|тасс|o\.? ?v\."
)
_IN_NAMES = PARTICLES | {"and", "with", "und", "et", "и", "reporting", "from", "in"}
# A year, or figures joined by a sign: without one there is no date.
_MAY_DATE = re.compile(r"[12][0-9]{3}|[0-9][-./][0-9]")
_LONGEST = 600
_LONGEST_BYLINE = 200


class Form(NamedTuple):
    """One way to read a line: roles, what speaks for it (log-odds), and its pieces in order.

    ``roles`` are the letters of what stands on it (see ``layouts``), also T topic, X furniture and
    U unclaimed. ``doubt`` names what is uncertain about the form itself.
    """

    roles: str
    score: float
    pieces: tuple[Piece, ...]
    date: PrintedDate | None = None
    byline: str | None = None
    doubt: str = ""


def bare_name(text: str, names: frozenset[str] = frozenset()) -> float | None:
    """Return how much speaks for *text*, without "By", being a byline; None if nothing does."""
    if not 2 < len(text) <= _LONGEST_BYLINE:
        return None
    key = text.strip().casefold()
    if key in names:
        return 4.5
    if _NOBODY.fullmatch(key) is not None:
        return 1.0
    if len(text) < 4 or _NO_NAME.search(text):
        return None
    if not _may_be_names(text) or not looks_like_byline(text):
        return None
    reading = read_byline(text)
    score = 2.4
    for credit in reading.credits:
        words = credit.name.split()
        if credit.name.casefold() in names:
            score += 1.5
        elif credit.kind == "person":
            lowered = {word.casefold() for word in words}
            if len(words) == 1 or lowered & (AUXILIARIES | HEADLINE_VERBS):
                return None
            score -= (0.0, 0.0, 0.0, 0.3, 1.5, 3.0)[min(len(words), 5)]
        elif len(words) > 4 or not _LAST_WORD_OF_MANY.search(credit.name):
            return None
        else:
            score -= 1.0
    return min(score, 4.5)


def _may_be_names(text: str) -> bool:
    """Tell at a glance whether *text* may be names: no words in lower case but those of names."""
    for word in text.split():
        if word[0].islower() and word not in _IN_NAMES:
            return _LAST_WORD_OF_MANY.search(text) is not None
    return True


def credit_lines(text: str, day_first: bool | None, names: frozenset[str]) -> list[Form]:
    """Return the ways to read *text* as a line with a byline, a date or both."""
    if len(text) > _LONGEST:
        return _long(text, day_first)
    found: list[Form] = []
    if _MAY_DATE.search(text) is None:
        return _undated(text, names)
    label = _DATE_LABEL.match(text)
    labelled = whole_date(text[label.end() :], day_first) if label is not None else None
    if label is not None and labelled is not None and labelled.precision != "year":
        date = shifted(labelled, label.end())
        return [Form("D", 6.0, ((date.start, date.end, "date"),), date)]
    bare = whole_date(text, day_first)
    if bare is not None:
        score = {"day": 6.0, "month": 4.0, "year": -1.0}[bare.precision]
        if bare.figures or not bare.possible or bare.period:
            score = 6.0
        return [Form("D", score, ((bare.start, bare.end, "date"),), bare)]
    prefix = _PREFIX.match(text)
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
    found += _with_text(text, prefix, day_first)
    if found:
        return found
    return _undated(text, names)


def _byline_of(text: str, pieces: list[Piece]) -> str | None:
    return next((text[start:end] for start, end, role in pieces if role == "byline"), None)


def _undated(text: str, names: frozenset[str]) -> list[Form]:
    """Read a line without a date as a byline, or a byline and a publication."""
    if _MAY_PART.search(text) and _SEPARATOR.search(text):
        parted = _parted(text, None, names)
        if parted is not None:
            return [parted]
    found: list[Form] = []
    prefix = _PREFIX.match(text)
    start = prefix.end() if prefix else len(text) - len(text.lstrip())
    kept = _KEPT_PREFIX.match(text)
    end = len(text.rstrip(_SPACES + ",;|·•–—-"))
    if end <= start:
        return []
    if prefix is not None or kept is not None:
        printed = text[start:end]
        if looks_like_byline(printed):
            found.append(Form("B", 5.0, ((start, end, "byline"),), None, printed))
        return found
    score_bare = bare_name(text[start:end], names)
    if score_bare is not None:
        found.append(Form("B", score_bare, ((start, end, "byline"),), None, text[start:end]))
    return found


def _ending_in_date(
    text: str, prefix: re.Match[str] | None, day_first: bool | None, names: frozenset[str]
) -> list[Form]:
    end = len(text.rstrip(_SPACES + ".)]"))
    date = date_at_end(text[:end], day_first)
    if date is None or date.day is None:
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
    start = prefix.end() if prefix else len(text) - len(text.lstrip())
    stop = len(text[: date.start].rstrip(_BEFORE))
    if stop <= start:
        if prefix is None:
            return []
        return [Form("D", 3.0, ((date.start, date.end, "date"),), date, "")]
    printed = text[start:stop]
    dated: Piece = (date.start, date.end, "date")
    bracket = text[stop : date.start].strip()[-1:] in ("(", "[")
    between = text[stop : date.start].strip() != ""
    if prefix is not None or _KEPT_PREFIX.match(text):
        sure = date.day is not None or bool(date.figures) or month is not None or not date.possible
        if len(printed.split()) <= 60 and (
            (sure and len(printed) < 300) or looks_like_byline(printed)
        ):
            score = 7.0 if looks_like_byline(printed) else 4.0 if between else 2.0
            return [Form("BD", score, ((start, stop, "byline"), dated), date, printed)]
        return []
    found = []
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


def _with_text(text: str, prefix: re.Match[str] | None, day_first: bool | None) -> list[Form]:
    """Read a date, or a byline and a date, with a headline or a standfirst behind it."""
    start = prefix.end() if prefix else len(text) - len(text.lstrip())
    match = _GLUED_MIDDLE.search(text, start, start + _LONGEST_BYLINE)
    if match is not None and prefix is None and date_at_start(text[: match.end()], day_first):
        opening = date_at_start(text[: match.end("date")], day_first)
        if opening is not None and opening.end == match.end("date") and opening.weekday is not None:
            return _date_and_text(text, opening, _from(text, match.end()), 3.0)
    if match is None:
        if prefix is not None:
            return []
        date = date_at_start(text, day_first)
        if date is None:
            return []
        rest = date.end + len(text[date.end :]) - len(text[date.end :].lstrip(_AFTER))
        if rest >= len(text.rstrip()):
            return []
        parted = text[date.end : rest].strip() != ""
        weight = 1.5 if parted else -0.5
        if date.day is None and not date.figures:
            if not parted:
                return []
            weight = 0.4
        return _date_and_text(text, date, rest, weight)
    read = date_at_start(match["date"], day_first)
    if read is None:
        return []
    date = shifted(read, match.start("date"))
    rest = _from(text, match.end())
    before = text[start : date.start].rstrip(_BEFORE)
    if rest >= len(text.rstrip()):
        return []
    weight = 3.0
    if not before:
        return _date_and_text(text, date, rest, weight)
    if not looks_like_byline(before) or (prefix is None and bare_name(before) is None):
        return []
    pieces: tuple[Piece, ...] = (
        (start, start + len(before), "byline"),
        (date.start, date.end, "date"),
        (rest, len(text.rstrip()), "standfirst"),
    )
    return [Form("BDF", weight + (4.0 if prefix else 1.0), pieces, date, before)]


def _from(text: str, start: int) -> int:
    """Return where, from *start* on, the text goes on behind white space."""
    return start + len(text[start:]) - len(text[start:].lstrip())


def _date_and_text(text: str, date: PrintedDate, rest: int, weight: float) -> list[Form]:
    end = len(text.rstrip())
    dated: Piece = (date.start, date.end, "date")
    found = [
        Form("DF", weight, (dated, (rest, end, "standfirst")), date),
        Form("DH", weight, (dated, (rest, end, "headline")), date),
    ]
    prefix = _PREFIX.match(text, rest)
    start = prefix.end() if prefix else rest
    name = 3.0 if prefix and looks_like_byline(text[start:end]) else bare_name(text[start:end])
    if name is not None:
        pieces: tuple[Piece, ...] = (dated, (start, end, "byline"))
        found.append(Form("DB", 3.0 + name, pieces, date, text[start:end]))
    return found


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
        elif is_count(piece):
            pieces.append((start, end, "furniture"))
        elif byline is None and (found := _byline_piece(piece, names)) is not None:
            offset, weight = found
            byline = piece[offset:]
            pieces.append((start + offset, end, "byline"))
            roles, score = roles + "B", score + weight
        elif byline is None and date is None and (both := _comma_parted(piece, day_first, names)):
            pieces += [(start + a, start + b, role) for a, b, role in both.pieces]
            date = shifted(both.date, start) if both.date else None
            byline, roles, score = both.byline, roles + both.roles, score + both.score
        else:
            others.append((start, end, "publication"))
            pieces.append(others[-1])
            score -= 1.0
    if not roles or len(others) > 1 or (others and not (date and byline)):
        return None
    if others and len(text[others[0][0] : others[0][1]]) > 80:
        return None
    return Form(roles, score, tuple(pieces), date, byline)  # type: ignore[arg-type]


def _byline_piece(piece: str, names: frozenset[str]) -> tuple[int, float] | None:
    prefix = _PREFIX.match(piece)
    if prefix is not None and looks_like_byline(piece[prefix.end() :]):
        return prefix.end(), 4.0
    name = bare_name(piece, names)
    return (0, name) if name is not None else None


def _comma_parted(piece: str, day_first: bool | None, names: frozenset[str]) -> Form | None:
    for line in _ending_in_date(piece, _PREFIX.match(piece), day_first, names):
        if line.roles == "BD" and line.score > 4.0:
            return line
    return None


def _long(text: str, day_first: bool | None) -> list[Form]:
    """A long line may still be a standfirst with a date, or a credit, glued before it."""
    return _with_text(text, _PREFIX.match(text), day_first)


def byline_in(text: str) -> str | None:
    """Return the byline of *text* if it begins with "By" or its like in another language."""
    prefix = _PREFIX.match(text)
    if prefix is None:
        return None
    end = len(text.rstrip(_BEFORE))
    date = date_at_end(text)
    if date is not None:
        end = len(text[: date.start].rstrip(_BEFORE))
    byline = text[prefix.end() : end]
    return byline if byline and looks_like_byline(byline) else None
