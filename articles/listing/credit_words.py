"""Credits written as a sentence: "Posted on 3 May 2020 by A", "Par A, le 3 mai", "Published: …".

Such a line is read from left to right: labels, dates, bylines, counts and what sorts it ("in
Politics"), until nothing is left. Of several dates the first that is not an update counts.
"""

import re

from articles.folding import fold
from articles.listing.bylines import looks_like_byline
from articles.listing.calendar_words import WEEKDAYS
from articles.listing.dates import PrintedDate, date_at_start, shifted
from articles.listing.furniture import COUNT, is_furniture
from articles.listing.papers import is_section
from articles.listing.records import Piece

_PUBLISHED = (
    r"(?:first\s)?(?:published|posted|written|added|created|issued|appeared|date)(?:\s(?:on|at|by))?"
    r"|(?:veröffentlicht|erschienen|publiziert|eingestellt|geschrieben|datum)(?:\s(?:am|von))?"
    r"|(?:artikel|beitrag|bericht|eintrag|meldung)\s(?:vom|von|am)|article (?:du|publié le|de)"
    # "Pressemitteilung 45/2030 vom", "Comunicato n. 45 del".
    r"|(?:(?:presse|medien)mitteilung|comunicato(?: stampa)?|communiqué(?: de presse)?|persbericht"
    r"|comunicado(?: de (?:prensa|imprensa))?|nota de prensa|press release|пресс-релиз)"
    r"(?=\s(?:[0-9n№]|vom|del|du|of|van|от))(?:\s(?:n[ro]?[.º°]{0,2}\s?|№\s?)?[0-9]{1,5}"
    r"(?:/[0-9]{2,4})?)?,?(?:\s(?:vom|von|am|del|du|de|of|van|от|dated))?"
    r"|(?:publiée?|postée?|parue?|mise? en ligne|écrite?|rédigée?)(?:\s(?:le|par))?"
    r"|(?:geplaatst|gepubliceerd|geschreven|verschenen|bijgewerkt)(?:\s(?:op|door))?"
    r"|(?:publicad[oa]|escrit[oa]|postado|data de publicação|fecha)(?:\s(?:el|em|por))?"
    r"|(?:pubblicat[oa]|scritt[oa]|data)(?:\s(?:il|da))?|опубликован[оа]?|дата(?: публикации)?"
)
_UPDATED = (
    r"(?:last\s)?(?:updated|modified|changed|revised)(?:\s(?:on|at))?"
    r"|(?:zuletzt\s)?(?:aktualisiert|geändert)(?:\sam)?|stand"
    r"|mise? à jour(?:\sle)?|modifiée?(?:\sle)?"
    r"|(?:última\s)?(?:actualización|actualizado|modificado)(?:\sel)?|atualizado(?:\sem)?"
    r"|(?:ultimo\s)?aggiornament[oi]|aggiornato(?:\sil)?|обновлено|изменено"
)
_LABEL = re.compile(rf"(?P<word>{_PUBLISHED})(?:\s?:|\b)", re.IGNORECASE)
_UPDATE = re.compile(rf"(?P<word>{_UPDATED})(?:\s?:|\b)", re.IGNORECASE)
_BY = re.compile(
    r"(?:(?i:written by|words by|story by|by)|von|Von|par|Par|por|Por|di|Di|da|door|Door"
    r"|autor|автор(?:ом)?|Автор|Author|Autor|Auteur|Autore)(?::\s{0,3}|\s{1,3})(?=\S)"
)
# A figure or "by": without one nothing is a credit. (Written so that it begins with one set of
# characters: the search for these is the fastest.)
_MAY_SAY = re.compile(
    r"[0-9bvpdaаBVPDAА](?:(?<=[0-9])|(?<=\b.)(?i:(?<=b)y|(?<=v)on|(?<=p)[ao]r|(?<=d)(?:i|a|oor)"
    r"|(?<=а)втор(?:ом)?|(?<=a)(?:uth?ore?|uteur))\b)"
)
_AT = re.compile(
    r"(?:on|am|le|el|em|en(?=\s[0-9])|il|at|um|à\(s\)|à|às|as|a(?=\s[0-9])|a las|alle ore|ore|alle"
    r"|kl|dated|of|den|op|на(?=\s[0-9]))(?!\w)",
    re.IGNORECASE,
)
_SORT = re.compile(r"(?:in|unter|dans|en|em|в|under|filed under|category|categories)\b:?\s", re.I)
_TIME = re.compile(
    r"[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2})?(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:Uhr|h|(?-i:[A-Z]{2,4}))\b)?"
    r"|[0-9]{1,2}\s?[ap]\.?m\b\.?",
    re.IGNORECASE,
)
_COUNT = re.compile(COUNT, re.IGNORECASE)
_PARTS = re.compile(r"\s*[|·•∙;]\s*|\s+[-–—/]\s+")
_STOP = re.compile(
    r"[|·•;(]|\s[-–—/]\s|,\s(?=[^\W\d_]{2,12}\.?,?\s[0-9])"
    r"|,?\s(?:on|am|le|el|em|il|in|at|unter|dans|den|en|um|à\(s\)|à|às|a las|alle|op|на"
    r"|a(?=\s[0-9]))\s|,\s?(?=[0-9])"
)
_LABEL_INSIDE = re.compile(rf"[\s(](?:{_PUBLISHED}|{_UPDATED})\b", re.IGNORECASE)
_HANDLE = re.compile(r"[a-z][\w.-]{2,19}")
# "by A Leave a comment", "by A 3 Comments". Of lines in lower case, see `furniture`.
_ANSWERS = re.compile(
    rf"[\s,;|·•(/–—-][\s,;|·•(/–—-]{{0,5}}(?:(?:leave|write|post|add)\s(?:a\s)?(?:comment|reply)"
    r"|(?:no|keine?|aucun|sin|sem|nessun|geen|нет)\s(?:comments?|kommentare?|commentaires?"
    r"|comentarios?|comentários|commento|reacties|opmerkingen|комментариев)(?:\syet)?|комментариев\sнет"
    r"|(?:schreibe?|hinterlasse)\seinen\skommentar|kommentar\shinterlassen|laisser\sun\scommentaire"
    r"|(?:dejar?|deja)\sun\scomentario|deixe\sum\scoment[áa]rio|lascia\sun\scommento"
    rf"|оставить\sкомментарий|{COUNT})[):\s]*\Z"
)
_LONGEST_ANSWER = 60
_LONGEST_PLACE = 30
_SIGNS = frozenset("|·•∙–—-/")
_EDGES = " \t\xa0,;|·•–—-/()[]."
_LONGEST = 200


def read_sentence(
    text: str, start: int, end: int, day_first: bool | None
) -> tuple[list[Piece], PrintedDate | None, str] | None:
    """Return the pieces of *text* from *start* to *end*, its date and its roles; None if it is
    no credit, or one without a word that says so.
    """
    if end - start > _LONGEST or _MAY_SAY.search(text, start, end) is None:
        return None
    pieces: list[Piece] = []
    date: PrintedDate | None = None
    roles, said, updated = "", False, False
    lowered = text.lower()
    answers = _ANSWERS.search(lowered, max(start, end - _LONGEST_ANSWER), end)
    if answers is not None and answers.start() > start and len(lowered) == len(text):
        end = answers.start()
    position = start
    while True:
        rest = text[position:end]
        position += len(rest) - len(rest.lstrip(_EDGES))
        if position >= end:
            break
        match = _UPDATE.match(text, position, end)
        if match is not None:
            updated, said, position = True, True, match.end()
            continue
        match = _LABEL.match(text, position, end)
        if match is not None:
            said, position = True, match.end()
            if match["word"].endswith((" by", " von", " par", " por", " da", " door")):
                position -= 3 if match["word"][-3] == " " else 4
            continue
        found = date_at_start(text[position:end], day_first)
        if found is not None and found.start < 2:
            found = shifted(found, position)
            if updated or date is not None:
                pieces.append((found.start, found.end, "punctuation"))
            else:
                date = found
                pieces.append((found.start, found.end, "date"))
                roles += "D"
            position, updated = found.end, False
            continue
        match = _BY.match(text, position, end)
        if match is not None and "B" not in roles:
            stop = _name_end(text, match.end(), end)
            if stop is None:
                return None
            pieces.append((match.end(), stop, "byline"))
            roles, said, position = roles + "B", True, stop
            continue
        match = ((date is not None or said) and _TIME.match(text, position, end)) or _COUNT.match(
            text, position, end
        )
        if match:
            position = match.end()
            continue
        if ("B" in roles and date is None) or "D" in roles or said:
            match = _AT.match(text, position, end)
            if match is not None:
                position = match.end()
                continue
            parted = text[:position].rstrip()[-1:] in _SIGNS
            match = _SORT.match(text, position, end)
            if match is not None or (parted and said):
                stop_at = _PARTS.search(text, match.end() if match else position, end)
                stop = stop_at.start() if stop_at is not None else end
                if match is None and not _is_beside(text[position:stop].strip()):
                    return None
                # "3 May 2020 — in Port Vell": the sign says that it is no sentence.
                said = said or (parted and stop - position <= _LONGEST_PLACE)
                position = stop
                continue
        return None
    if (
        not said
        or not roles
        or (roles == "B" and len(pieces) == 1 and _is_plain_byline(text, start))
    ):
        return None
    return pieces, date, roles


def says_so(text: str) -> bool:
    """Tell whether *text* begins with a word of publication: "Posted", "Paru le", "Updated"."""
    return _LABEL.match(text) is not None or _UPDATE.match(text) is not None


def date_said(text: str) -> PrintedDate | None:
    """Return the date of *text*, a credit that begins with a word of publication or "By"."""
    credit = says_so(text) or _BY.match(text) is not None
    said = read_sentence(text, 0, len(text.rstrip()), None) if credit else None
    return said[1] if said is not None else None


def says_update(text: str) -> bool:
    """Tell whether *text* begins with a word that makes its date one of a change: "Updated"."""
    return _UPDATE.match(text.lstrip()) is not None


def _is_beside(text: str) -> bool:
    """Tell whether *text*, between signs in a credit, is a section or a line of the page."""
    return is_furniture(text) or is_section(text)


def _is_plain_byline(text: str, start: int) -> bool:
    """Tell whether nothing but "By" stands before the name: ``credits`` reads that."""
    return _BY.match(text, start) is not None


def _name_end(text: str, start: int, end: int) -> int | None:
    """Return where the byline ends that begins at *start*."""
    inside = _LABEL_INSIDE.search(text, start, end)
    last = inside.start() if inside is not None else end
    stops = [match.start() for match in _STOP.finditer(text, start, last)][:6]
    for stop in [last, *reversed(stops)]:
        printed = text[start:stop].rstrip(_EDGES)
        if not printed or any(mark.isdigit() for mark in printed) or _PARTS.search(printed):
            continue
        if fold(printed.split()[-1].strip(".,([")) in WEEKDAYS:
            continue
        if looks_like_byline(printed) or _HANDLE.fullmatch(printed):
            return start + len(printed)
    return None
