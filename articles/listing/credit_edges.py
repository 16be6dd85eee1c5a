"""What stands at the edges of a credit line: "By" before it, counts and pages behind it."""

import re
from functools import lru_cache

from articles.listing.bylines import ROLE_BEHIND, looks_like_byline
from articles.listing.date_edges import MAY_DATE
from articles.listing.dates import date_at_end
from articles.listing.furniture import COUNT
from articles.listing.records import SpanRole

_LONGEST_BYLINE = 200
PREFIX = re.compile(
    r"\s{0,20}(?:(?i:(?:written|words|story|text|reporting|report|reviewed|presented|compiled|told"
    r"|submitted|contributed|prepared|curated|organi[sz]ed|hosted|directed)\s+by|by)(?::|(?=\s))"
    r"|(?:(?i:geschrieben|verfasst|écrit|rédigé|escrit[oa]|redactad[oa]|scritt[oa]|redigid[oa])\s)?"
    r"(?:Von|VON|von|Par|PAR|par|Por|POR|por|Di|DI|di|Door|DOOR|door|(?<=\w\s)da)(?::|(?=\s))"
    r"|(?i:text|texte|texto|testo|tekst|текст|автор(?:ы)?|ведущ(?:ий|ая|ие)|verfasser(?:in)?|autor(?:in|en|a|es)?|auteur(?:e|s)?|autore"
    r"|autori"
    r"|author(?:s)?|words|report|bericht|story|interview)\s?:"
    r"|(?:WORDS|TEXT|STORY|TEXTE|TEXTO|TESTO)(?=\s[^\W\d_][^\W\d_]))\s{0,20}"
    # "Von unserem Redakteur A", "By our correspondent A".
    r"(?:(?i:unser(?:em|er)\s[^\W\d_]{4,20}(?:\s(?-i:[a-zà-ÿ]{4,20}))?|our(?:\sown)?(?:\s(?-i:[a-z]{4,14})){1,2}"
    r"|(?:notre|nuestr[oa]|(?:dal\s)?nostr[oa])(?:\s(?-i:[a-zà-ÿ]{4,16})){1,2})\s"
    r"(?=(?-i:[^\W\d_a-zà-öø-ÿа-яё])))?"
)
KEPT_PREFIX = re.compile(
    r"\s{0,20}(?:translated|edited|introduced|illustrated|photographs|interview(?:ed)?|photos"
    r"|übersetzt|herausgegeben|traduit|traducido|traducción|traduzido|tradução|tradotto|traduzione"
    r"|aus dem|propos|a cura|recogido|entrevista|intervista|raccolto)\s"
    r"(?:(?:\S+\s){0,3}?(?:by|von|par|por)|(?-i:[a-zà-ÿ]\S*\s){0,3}?(?:da|di|de))\s"
    r"|\s{0,20}(?:illustrations?|drawings?|drawn|pictures|translation|introduction|foreword"
    r"|afterword|artwork|interviewer|photography)\sby\s"
    r"|\s{0,20}(?:(?:перевод|пер\.)(?:\sсо?\s[^\W\d_]{3,20})?|под редакцией|беседовал[аи]?):?\s"
    r"|\s{0,20}(?:fotograf(?:ia|ía|ie|ias|ías)|photographi?e|ilustra(?:ção|ción|ções|ciones)|illustrazion[ei]"
    r"|illustrationen?|иллюстрации|übersetzung|traduction|tradução|traducción|traduzione|translation"
    r"|photography|photographs|drawings|edición|edição|redaktion|bearbeitung)\s?:\s",
    re.IGNORECASE,
)
_BEHIND = (
    rf"(?:(?P<count>{COUNT})|(?:pages?|pp?|seiten?|s|p[áa]gg?|página|pagina|с|стр)\.?\s?"
    r"(?P<pages>[a-z]?[0-9]{1,4}(?:\s?[-–]\s?[0-9]{1,4})?))[)\s]*\Z"
)
# Behind a date may stand a reading time, comments, a page; also glued to the year. Of lines in
# lower case, see `furniture`.
_TAIL = re.compile(rf"[\s,;|·•(–—/-][\s,;|·•(–—/-]{{0,4}}{_BEHIND}")
# A number of comments without a word, behind a year.
_NUMBER_BEHIND = re.compile(r"(?<=[12][0-9]{3})\s{1,3}(?P<count>[0-9]{1,4})(?P<pages>)?\Z")
_GLUED_TAIL = re.compile(rf"(?<=[12][0-9]{{3}})(?=[0-9]{{1,3}}[\s-]?(?:min|мин)){_BEHIND}")
_LONGEST_TAIL = 40
SPACES = "".join(mark for mark in map(chr, range(0x3001)) if mark.isspace())
BEFORE = SPACES + ",;|·•–—-([/:"


@lru_cache(maxsize=500)
def tail_of(text: str) -> tuple[SpanRole, int, int, int] | None:
    """Return what stands behind a date that ends *text* but for it: role, place, end of the rest.

    The role is that of pages, or of furniture for counts; None if nothing of the sort is there.
    """
    lowered = text.lower()
    start = max(0, len(text) - _LONGEST_TAIL)
    match = _TAIL.search(lowered, start)
    if match is None and ("min" in lowered or "мин" in lowered):
        match = _GLUED_TAIL.search(lowered, start)
    if match is None and text[-1:].isdigit():
        match = _NUMBER_BEHIND.search(lowered, start)
    if match is None or len(lowered) != len(text) or date_at_end(text[: match.start()]) is None:
        return None
    name = "pages" if match["pages"] else "count"
    return "pages" if match["pages"] else "furniture", *match.span(name), match.start()


def says_more_than_by(text: str) -> bool:
    """Tell whether *text* is a byline that says what was done: "Translated by A"."""
    return len(text) <= _LONGEST_BYLINE and (
        (KEPT_PREFIX.match(text) is not None or ROLE_BEHIND.search(text.rstrip()) is not None)
        and looks_like_byline(text.strip())
    )


@lru_cache(maxsize=500)
def byline_in(text: str) -> str | None:
    """Return the byline of *text* if it begins with "By" or its like in another language."""
    prefix = PREFIX.match(text)
    if prefix is None:
        return None
    tail = tail_of(text) if text[-1:].isalnum() and MAY_DATE.search(text) else None
    if tail is not None:
        text = text[: tail[3]]
    end = len(text.rstrip(BEFORE))
    date = date_at_end(text)
    if date is not None:
        end = len(text[: date.start].rstrip(BEFORE))
    byline = text[prefix.end() : end]
    return byline if byline and looks_like_byline(byline) else None


def behind_label(text: str) -> int:
    """Return where the names begin of *text*, "By" or a label and a byline; 0 if it is none."""
    label = PREFIX.match(text)
    return label.end() if label is not None and looks_like_byline(text[label.end() :]) else 0
