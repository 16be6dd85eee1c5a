"""What stands behind a name in a byline and is none: what somebody is at a paper, where they work,
how they are found in a network.
"""

import re

from articles.listing.papers import is_paper

_WHO = (
    r"(?:writer|reporter|correspondent|editor|columnist|critic|photographer|contributor|author"
    r"|fellow|researcher|professor|lecturer|producer|editor-(?:at-large|in-chief)|blogger|analyst|intern"
    r"|journalist|conservator|curator|technician|archivist|librarian|historian|scientist|engineer"
    r"|director|manager|officer|president|chair(?:man|woman)?|trustee|keeper|head|coordinator"
    r"|volunteer)s?"
    r"|redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|autor(?:in)?|journalist(?:in)?"
    r"|journaliste|rédact(?:eur|rice)|correspondante?|envoyée? spéciale?|redactora?|corresponsal"
    r"|periodista|enviad[oa] especial|giornalista|corrispondente|inviat[oa]|jornalista|repórter"
    r"|correspondente|colunista|columnista|kolumnistin|kolumnist|chroniqueu(?:r|se)|editorialista"
    r"|корреспондент|обозреватель|редактор|журналист"
)
#: What somebody is, with up to three words before it: "Harbour Correspondent", "staff".
_POSITION = re.compile(
    rf"(?:[^\W\d_][\w’'&-]*\s){{0,3}}(?:{_WHO})"
    r"(?:\s(?:at|for|of|im|in der|in|en|à|de|del|di|da)\s.{1,40})?"
    r"|special to (?:the )?\S.{1,40}|for the \S.{1,40}|(?:\S+\s){0,3}staff"
    r"|ph\.?d\.?|m\.?a\.?|m\.?d\.?",
    re.IGNORECASE,
)
_AFFILIATION = re.compile(
    r"(?:the\s)?(?:\S+\s){0,2}(?:university|institute|college|department|faculty|school|universität"
    r"|institut|université|universidad|università|universidade|университет|институт)\b",
    re.IGNORECASE,
)
# The same, on a line of its own: "Courier Staff", "Special to the Courier".
_POSITION_LINE = re.compile(
    r"(?:(?:(?:our|senior|chief|staff|special|deputy|associate|assistant|contributing|political"
    r"|foreign|arts|sports?|city|education|business|science|health|features|news|managing|guest)\s)"
    r"{1,3}(?:writer|reporter|correspondent|editor|columnist|critic|photographer|contributor)"
    r"|special to the \S.{1,40}|(?:redakteur|korrespondent|reporter)(?:in)?|columnist"
    r"|correspondent"
    r"|(?-i:[A-Z]\S*\s){1,4}staff(?: writer| reporter)?|staff"
    r"|for the \S.{1,40}|correspondent, \S.{1,40})\Z",
    re.IGNORECASE,
)
# Behind a name, without a comma: "A Staff Writer", "A et al.", "A (@a)", "A (dpa)".
_BEHIND = re.compile(
    r"\s(?:(?i:staff (?:writer|reporter|correspondent))|et al\.?|u\. ?a\.|и др\.?"
    r"|[(\[]?@[\w.]{2,30}[)\]]?|[(\[](?:[a-z]{2,5}|[A-Z]{2,6})[)\]])\Z"
)
_POST = re.compile(rf"\s[(\[][^()\[\],]{{2,40}},\s(?:\S+\s)?(?:{_WHO})[)\]]\Z", re.IGNORECASE)
# How lines of positions end and begin: seen at a glance.
_ENDS = frozenset(
    ("taff", "iter", "rter", "dent", "itor", "nist", "itic", "pher", "utor", "teur", "erin", "ntin")
)
_BEGINNINGS = frozenset(("spec", "for ", "corr"))
_LONGEST = 60
# "Guest writer A": what somebody is, before the name.
_FIRST = re.compile(
    r"(?:guest|staff|contributing|special|senior)"
    r" (?:writer|columnist|reporter|correspondent|critic)"
    r"\s(?=(?-i:[^\W\d_a-zà-öø-ÿ]\S*\s[^\W\d_a-zà-öø-ÿ]))",
    re.IGNORECASE,
)
_KIND_BY = re.compile(
    r"(?:(?:an?|eine?|une?|una?|uma?)\s)?(?:[^\W\d_]{3,12}[- ])?"
    r"(?:essay|analysis|opinion|commentary|comment|column|interview(?=\svon)|review|profile|perspective|report"
    r"|kommentar|analyse|kolumne|gastbeitrag|reportage|glosse|rezension|porträt|protokolle?"
    r"|leitartikel|nachruf|chronique|tribune|enquête|entretien|récit|critique|commentaire|columna"
    r"|crónica|reportaje|análisis|commento|recensione|crônica|coluna)"
    r"\s(?:(?:by|von|par|por)\s(?=(?-i:[^\W\d_a-zà-öø-ÿ]))"
    r"|(?:de\s|d[’']|di\s|da\s)(?=(?-i:[^\W\d_a-zà-öø-ÿ]\S+\s[^\W\d_a-zà-öø-ÿ])))",
    re.IGNORECASE,
)


def is_position_line(text: str) -> bool:
    """Tell whether *text*, a line, is what a person is at a paper: "Courier Staff"."""
    if len(text) >= _LONGEST:
        return False
    text = text.strip()
    said = text[-4:].casefold() in _ENDS or text[:4].casefold() in _BEGINNINGS
    return said and _POSITION_LINE.match(text) is not None


def is_position(text: str) -> bool:
    """Tell whether *text*, behind a name and a comma, is what that person is: "Staff Writer"."""
    return len(text) < _LONGEST and _POSITION.fullmatch(text) is not None


def is_affiliation(text: str) -> bool:
    """Tell whether *text*, behind a name and a comma, is where that person works."""
    return _AFFILIATION.match(text) is not None


def without_what_follows(name: str) -> str:
    """Return *name* without what stands behind it and is none: "A (@a)", "A et al."."""
    match = _BEHIND.search(name)
    return name[: match.start()] if match is not None else name


def without_kind(text: str) -> str:
    """Return the names of *text* behind what they wrote: "Ein Kommentar von A", "Essay by A"; and
    before where they are and as what: "A (Port Vell, special correspondent)".
    """
    post = _POST.search(text)
    if post is not None:
        text = text[: post.start()]
    match = (_KIND_BY.match(text) or _FIRST.match(text)) if not is_paper(text) else None
    return text[match.end() :] if match is not None else text
