"""Names in a byline: "A and B", "A, B and C", collectives, organisations, roles.

The byline itself is kept as printed; what is read here are the credits in it. Roles follow the
MARC relator code list (Library of Congress): aut, trl, edt, aui, ill, pht, ivr.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from articles.listing.inverted_names import is_inverted, turned
from articles.listing.papers import is_paper
from articles.listing.positions import (
    is_affiliation,
    is_position,
    without_kind,
    without_what_follows,
)
from articles.listing.records import Credit, CreditKind, Diagnostic
from articles.listing.words import word_set

_COLLECTIVES = word_set(
    "correspondents editors editorial staff reporters writers team contributors readers desk "
    "newsroom collective workers teachers students redaktion redacción redazione rédaction "
    "redação редакция редакции redakteure redacteurs redactores"
)
# Surnames too ("John Reader"): these count after an article or in lower case only.
_ANONYMOUS = word_set(
    "correspondent editor reporter writer contributor reader worker teacher student"
)
#: Words of the names of organisations, in lower case.
ORGANISATIONS = word_set(
    "committee party bureau union league association society institute agency federation "
    "council ministry university foundation movement network international group section congress "
    "company museum library college academy commission publishers tendency youth guild club trust "
    "department office authority alliance coalition campaign assembly sub-committee subcommittee "
    "cooperative co-operative federation brigade board centre center laboratory chamber "
    "verein verband gewerkschaft ausschuss komitee vorstand institut gesellschaft "
    "genossenschaft comité syndicat conseil société comissão comisión comité sindicato "
    "asociación associação consejo conselho instituto sociedad sociedade federación federação "
    "comitato associazione consiglio istituto società commissione federazione "
    "комитет союз совет институт общество комиссия профсоюз"
)
#: Words of names in lower case.
PARTICLES = word_set(
    "van von der den de di da du del della des dos das la le les los el al bin ibn ben ter ten te "
    "y e i af av zu zum zur vom dem mac st st. do of wa ap op ibni bint"
)
ELIDED = re.compile(r"(?:dell|dall|nell|all|[dl])[’'](?=[^\W\d_a-zà-öø-ÿа-яё])")  # "dell'Orto"
_NEVER_LAST = word_set("of von van der den de di da du del della des do zum zur vom dem")
_OPENERS = word_set("our the a an unserer unser unsere die der la le el il nuestra nossa a")
_NAME_SUFFIXES = word_set("jr jr. sr sr. ii iii iv phd ph.d. md m.d. esq esq. obe mp")
_ROLES = (
    (
        re.compile(
            r"(?:and\s)?(?:translated|translation)\s(?:\S+\s\S+\s\S+\s)?by\s"
            r"|aus dem \S+ (?:übersetzt )?von\s|übersetzt von\s|traduit (?:de \S+ |du \S+ )?par\s"
            r"|(?:traducido|traduzido|traducción|tradução|tradotto|traduzione) (?:por|de|da|di)\s"
            r"|(?:translation|übersetzung|traduction|traducción|tradução|traduzione):\s"
            r"|(?:перевод|пер\.)(?:\sсо?\s[^\W\d_]{3,20}\.?)?:?\s",
            re.I,
        ),
        "trl",
    ),
    (
        re.compile(
            r"(?:and\s)?edited\sby\s|(?:herausgegeben|hg\.|hrsg\.) von\s|a cura di\s"
            r"|sous la direction de\s|(?:editado|organizado) por\s|под редакцией\s",
            re.I,
        ),
        "edt",
    ),
    (re.compile(r"(?:(?:and|with)\s)?(?:introduced|(?:an\s)?introduction)\sby\s", re.I), "aui"),
    (
        re.compile(
            r"(?:and\s)?(?:illustrated|illustrations?|drawings?|drawn|artwork)\sby\s"
            r"|(?:illustrationen?|ilustra(?:ção|ción|ções|ciones)|illustrazion[ei]|drawings|иллюстрации):\s",
            re.I,
        ),
        "ill",
    ),
    (
        re.compile(
            r"(?:and\s)?(?:photos|photographs|photography|pictures)\sby\s"
            r"|(?:photos?|fotos?|foto|фото|photograph(?:y|s|ie)|fotograf(?:ia|ía|ie|ias|ías))(?::\s?|\s(?:von|par|por|de|di)\s)",
            re.I,
        ),
        "pht",
    ),
    (
        re.compile(
            r"(?:and\s)?interviewed?\sby\s|propos recueillis par\s|entrevista (?:de|por)\s"
            r"|intervista di\s|беседовал[аи]?:?\s",
            re.I,
        ),
        "ivr",
    ),
)
_SAYS_ROLE = re.compile("|".join(pattern.pattern for pattern, _ in _ROLES), re.IGNORECASE)
_SEPARATOR = re.compile(
    # "A Illustrations by B": what a page parts by its look alone.
    r"(?<=\w)\s(?=(?:illustrations?|photographs?|photos|pictures|drawings)\sby\s)|"
    r"\s?[,;]\s?and\s|\s?[,;]\s?&\s|\s?[,;]\s?with\s|\s?[,;]\s?|\sand\s|\s&\s|\swith\s|\s[/|·•]\s",
    re.IGNORECASE,
)
# "and" in other languages joins whole names only: "Ortega y Gasset" is one name.
_FOREIGN_AND = re.compile(r"\s(?:und|et|y|e|en|и|UND|ET|Y|E|EN|И)\s")
_INITIALS_BEHIND = re.compile(r"[^\W\d_]{2},\s[^\W\d_]\.")
_INITIAL_LAST = re.compile(r"(?:^|[\s.])[^\W\d_]\.\Z")
_PLACE = re.compile(r"\s(?P<word>in|reporting from|for)\s(?=[^\W\d_])")
# "A (text), B (photos)".
ROLE_BEHIND = re.compile(
    r"\s?[(\[](?P<word>texte?|texto|testo|words|story|photo(?:s|graph(?:s|y))?|pictures?|fotos?|foto"
    r"|illustrations?|drawings|translation|translator|übersetzung|traduction)[)\]]\Z",
    re.IGNORECASE,
)
_ROLES_BEHIND = {
    "te": "aut", "wo": "aut", "st": "aut", "ph": "pht", "pi": "pht", "fo": "pht", "il": "ill",
    "dr": "ill", "tr": "trl", "üb": "trl",
}  # fmt: skip
# "the Revd A": the article stands before the title, not the name.
_TITLED = re.compile(
    r"[Tt]he\s(?=(?:Very |Right |Most )?(?:Rev|Hon|Ven|Canon|Lord|Lady|Sir|Dr)[\w.]{0,7}\s)"
)
# "———.", "Ders.": whoever wrote the entry above.
_DITTO_MARK = re.compile(r"[—–_-]{2,8}(?=\s?[.,:]\s|\s?\Z)|—(?=[.,:]\s|\Z)")
_DITTO = re.compile(
    rf"(?:{_DITTO_MARK.pattern}|(?:ders(?:elbe)?|dies(?:elbe)?|idem|eadem|id\.|он же|она же))"
    r"\s?[.,:]?\Z",
    re.IGNORECASE,
)
#: "and B", below "By A".
AND_FIRST = re.compile(r"(?:and|und|et|y|e|и|(?i:with|mit|avec)|co[mn])\s(?=[^\W\d_a-zà-öø-ÿа-яё])")
_ROLE_IN_BRACKETS = re.compile(r"\s\((?P<said>[^()]{8,80})\)")
_PARTS_ROLES = re.compile(r"[,|·•]")
# "o. V.", "N. N.", "s. n.": without an author, as libraries say it.
_NOBODY = re.compile(
    r"[oO]\.\s?[VvAa]\.|[sS]\.\s?n\.|(?:ohne|sans|senza|sin) (?:Verfasser|auteur|autore?)"
)
_SPACES = re.compile(r"\s+")
_ACRONYM = re.compile(r"[A-Z]{2,6}\Z")
_LONGEST_NAME, _LONGEST_ACRONYM, _LONGEST_KEPT, _MOST_DIAGNOSTICS = 120, 6, 200, 10


@dataclass(frozen=True, slots=True)
class BylineReading:
    """The credits of a byline and what is doubtful about them."""

    credits: tuple[Credit, ...]
    diagnostics: tuple[Diagnostic, ...]


def parse_byline(text: str) -> tuple[Credit, ...]:
    """Return the credits in *text*, a byline without "By" and date, in the printed order.

    Any text gives a result; text without a letter gives none.
    """
    return read_byline(text).credits


def is_ditto(text: str) -> bool:
    """Tell whether *text* stands for the names of the entry above: "———", "Ders."."""
    return _DITTO.match(text) is not None


def ditto_in(text: str) -> int:
    """Return where the marks end that *text* begins with in the place of names, 0 without them."""
    match = _DITTO_MARK.match(text)
    return match.end() if match is not None else 0


def read_byline(text: str, line: int = 0, *, inverted: bool = False) -> BylineReading:
    """Return credits and diagnostics for *text*, a byline that stands in *line*.

    *inverted* says that the file puts last names first; one with initials is told without that.

    The codes are ``byline-unclear`` (another division into names is possible, given as the
    alternative's ``byline``, names parted by semicolons) and ``byline-doubtful`` (not like a name).
    """
    if (
        "," in text
        and (inverted or _INITIALS_BEHIND.search(text) or _is_capital_first(text))
        and is_inverted(text)
    ):
        text = turned(text)
    reading = _read_byline(text) if len(text) <= _LONGEST_KEPT else _read_byline.__wrapped__(text)
    if not reading.diagnostics or not line:
        return reading
    moved = tuple(remark._replace(line=line) for remark in reading.diagnostics)
    return BylineReading(reading.credits, moved)


def _is_capital_first(text: str) -> bool:
    """Tell whether *text* begins with a last name in capitals: "QUILL, Orla"."""
    first, _, rest = text.partition(",")
    return first.isupper() and len(first) > 2 and not rest.isupper()


@lru_cache(maxsize=1_000)
def _read_byline(text: str) -> BylineReading:
    """Read *text*; a listing has the same bylines again and again."""
    line = 0
    squeezed = _SPACES.sub(" ", text).strip()
    squeezed = without_kind(_ROLE_IN_BRACKETS.sub(_unbracketed, squeezed))
    first = AND_FIRST.match(squeezed)
    if first is not None:
        squeezed = squeezed[first.end() :]
    found: dict[Credit, None] = {}
    diagnostics: list[Diagnostic] = []
    role = "aut"
    pieces, unclear = _names(squeezed)
    parted = _PARTS_ROLES.search(squeezed) is not None
    if len(pieces) > 1 and is_affiliation(pieces[-1]) and squeezed.endswith(f", {pieces[-1]}"):
        # "A and B, University of C": where they work is no credit.
        pieces = pieces[:-1] if _kind(pieces[0]) == "person" else pieces
    for piece in pieces:
        if _NOBODY.fullmatch(piece):
            continue
        name, role = _role(piece, role)
        behind = ROLE_BEHIND.search(name)
        if behind is not None:
            name, role = name[: behind.start()], _ROLES_BEHIND[behind["word"][:2].casefold()]
        name = without_what_follows(name)
        titled = _TITLED.match(name)
        if titled is not None:
            name = name[titled.end() :]
        place = _PLACE.search(name)
        if (
            place
            and looks_like_name(name[: place.start()])
            and (place["word"] != "for" or _is_named(name[place.end() :]))
        ):
            name = name[: place.start()]
        if name.casefold() not in _NAME_SUFFIXES:
            # The full stop of an initial is a part of the name: "N. N.".
            name = name.strip(" ,;&") if _INITIAL_LAST.search(name) else name.strip(" ,;.&")
        if not any(map(str.isalnum, name)):
            continue
        if found and parted and is_position(name):
            # "A, Staff Writer" is one person.
            continue
        kind = _kind(name)
        if kind == "person" and not looks_like_name(name):
            kind = "collective" if name.split(maxsplit=1)[0].casefold() in _OPENERS else "person"
            message = f"“{_short(name)}” does not look like a name."
            if len(diagnostics) < _MOST_DIAGNOSTICS:
                diagnostics.append(Diagnostic("byline-doubtful", line, message))
        found[Credit(name, kind, role)] = None
    if _ends_in_place(squeezed, found):
        *_, place_name = found
        message = f"“{_short(place_name.name)}” may be a place, or a name."
        diagnostics.append(Diagnostic("byline-unclear", line, message))
    if unclear:
        message = f"“{_short(squeezed)}” could be divided into names in another way."
        other: dict[str, str | None] = {"byline": unclear}
        diagnostics.insert(0, Diagnostic("byline-unclear", line, message, (other,)))
    return BylineReading(tuple(found), tuple(diagnostics))


def _unbracketed(match: re.Match[str]) -> str:
    """Return what says in brackets who did what, "A (translated by B)", behind a comma."""
    said = match["said"]
    return f", {said}" if any(form.match(said) for form, _ in _ROLES) else match[0]


def _ends_in_place(text: str, found: Mapping[Credit, None]) -> bool:
    """Tell whether a single word stands last, behind a comma, where all others are whole names."""
    *others, last = found or (None,)
    if last is None or not others or " " in last.name or last.kind != "person":
        return False
    return text.endswith(f", {last.name}") and all(
        " " in other.name for other in others if other is not None
    )


def _is_named(text: str) -> bool:
    return text.startswith(("The ", "the ")) or is_paper(text)


def looks_like_name(text: str) -> bool:
    """Tell whether *text* may be one name: a few words, capitals except for particles."""
    if len(text) > _LONGEST_NAME:
        return False
    words = text.split()
    if not 1 <= len(words) <= 7 or any(map(str.isdigit, text)):
        return False
    if words[0][:1].islower() and words[0] not in PARTICLES:
        return False
    if words[-1] in _NEVER_LAST:
        return False
    if any(len(word) > _LONGEST_ACRONYM and word.isupper() for word in words[1:-1]) and (
        not text.isupper()
    ):
        # "A PHOTOGRAPHS B": a label stands between two names.
        return False
    return any(word[0].isalpha() and not word[0].islower() for word in words) and all(
        not word[0].islower()
        or word in PARTICLES
        or word[1:2] in "'’"
        or ELIDED.match(word)
        # "Pfr. i. R. A", "Major a. D. B", "C d. J.": words with one letter left of them.
        or (len(word) == 2 and word[1] == ".")
        for word in words
    )


def looks_like_byline(text: str) -> bool:
    """Tell whether *text* may be a byline: every name in it is a name or a collective."""
    if len(text) > 4 * _LONGEST_NAME:
        return False
    reading = read_byline(text)
    if not reading.diagnostics:
        return bool(reading.credits)
    return bool(reading.credits) and not any(
        diagnostic.code == "byline-doubtful" for diagnostic in reading.diagnostics
    )


def _names(text: str) -> tuple[list[str], str | None]:
    """Divide *text* into names; also the division that was rejected or is as good, if any."""
    pieces: list[str] = []
    for piece in _SEPARATOR.split(text):
        if not piece:
            continue
        if pieces and piece.casefold() in _NAME_SUFFIXES:
            pieces[-1] = f"{pieces[-1]}, {piece}"
        else:
            pieces.extend(_joined_names(piece))
    if len(pieces) == 2 and len(pieces[0].split()) == len(pieces[1].split()) == 1 and "," in text:
        # "North, David" is one name turned round, or two pen names: nothing in it can tell.
        return pieces, f"{pieces[1]} {pieces[0]}"
    if (
        len(pieces) == 2
        and "," not in text
        and len(pieces[0].split()) == 1
        and len(pieces[1].split()) > 1
        and _kind(pieces[0]) == "person"
        and _kind(pieces[1]) in ("organisation", "collective" if "&" in text else "")
        and pieces[1].split()[0].casefold() not in _OPENERS
    ):
        # "Health and Safety Committee", "Grain & Feed staff": one word and an organisation are its
        # name.
        return [text], "; ".join(pieces)
    if len(pieces) == 2 and _kind(pieces[0]) != "person" and " of the " not in pieces[1].casefold():
        second = pieces[1].split()
        if len(second) == 1 and _kind(pieces[1]) == "person" and not _ACRONYM.match(pieces[1]):
            # "Committee for Peace and Justice": the second half is no name of its own.
            return [text], "; ".join(pieces)
    return pieces, None


def _joined_names(piece: str) -> list[str]:
    """Part names joined by "und", "et", "y", "e" or "и"; a piece without them stays whole."""
    if _FOREIGN_AND.search(piece) is None:
        return [piece]
    names = [name for name in _FOREIGN_AND.split(piece) if name]
    whole = all(len(name.split()) > 1 and looks_like_name(_role(name, "")[0]) for name in names)
    return names if whole and len(names) > 1 else [piece]


def _role(piece: str, current: str) -> tuple[str, str]:
    if _SAYS_ROLE.match(piece) is None:
        # Most names: one match instead of one for each role.
        return piece, current
    for pattern, role in _ROLES:
        match = pattern.match(piece)
        if match:
            return piece[match.end() :], role
    return piece, current


def _kind(name: str) -> CreditKind:
    words = [word.strip(".,’'").casefold() for word in name[:_LONGEST_NAME].split()]
    if not _COLLECTIVES.isdisjoint(words):
        return "collective"
    if not _ANONYMOUS.isdisjoint(words) and (
        words[0] in _OPENERS or name[:1].islower() or any(word in name for word in _ANONYMOUS)
    ):
        return "collective"
    if _ACRONYM.match(name) or (len(words) > 1 and not ORGANISATIONS.isdisjoint(words[:6])):
        return "organisation"
    return "person"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
