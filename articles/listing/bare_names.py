"""Names that stand alone, without "By": what speaks for a line being a byline."""

import re
from functools import lru_cache
from itertools import pairwise

from articles.listing.bylines import (
    ELIDED,
    ORGANISATIONS,
    PARTICLES,
    looks_like_byline,
    read_byline,
)
from articles.listing.papers import is_kind, is_magazine, is_sorting, is_titled
from articles.listing.words import AUXILIARIES, HEADLINE_VERBS

_LONGEST_BYLINE = 200
# "Em Porto", "À Vell" say where.
_NO_NAME = re.compile(
    r"\A(?:Em|En|In|À|Aus|Dans|Chez|В|Из)\s|[?!:;“”\"…]"
    r"|\s(?i:the|a|an|for|in|on|of the|to|at|with|is|are)\s"
)
# Without "By" a collective is one that says so at its end: "our correspondents", "Editorial Board".
_LAST_WORD_OF_MANY = re.compile(
    r"(?i:correspondents?|editors|staff|reporters|writers|team|desk|newsroom|collective|board"
    r"|committee)\Z"
    r"|\A[A-Z]{2,6}\Z"
)
# Who signs for a paper where nobody does; "Editorial" alone is rather a section.
_NOBODY = re.compile(
    r"(?:the |our )?(?:staff|editors?)(?: (?:reporters?|writers?|desk))?|admin|news ?(?:room|desk)"
    r"|(?:die )?redaktion|(?:la )?redacción|(?:la )?redazione|(?:la )?rédaction|(?:a )?redação"
    r"|редакция|без подписи|secretariat|n\. ?n\.|anonymous|unsigned"
    r"|(?:from |by )?(?:our )?(?:staff|wire|news|agency|press)(?: (?:and|&) (?:staff|wire|agency))?"
    r" (?:reports?|services?|dispatches|wires?)|(?:mit |avec |con )agen(?:turen|ces|cias|zie)"
    r"|(?:de nos|von unseren|dai nostri|de nuestros|dos nossos|наши|от наших) [^\W\d_]{8,18}"
    r"|(?:aus|von|de) (?:unserer|der|notre|la) (?:redaktion|rédaction|redacción)"
    r"|eigene[r]? berichte?|agenc(?:ies|ias?)|agenturen|agenzie|efe|dpa|afp|ansa|lusa"
    r"|reuters|тасс|o\.? ?v\."
)
_ROLE_BETWEEN = re.compile(
    r"[,;]?\s\(?(?:translated|edited|photographed|illustrated|introduced|übersetzt|illustriert"
    r"|traduite?|illustrée?|traducid[oa]|ilustrad[oa]|traduzid[oa]|tradott[oa]|illustrat[oa]"
    r"|(?:with )?(?:photographs|drawings|illustrations|translation|introduction))\s"
    r"(?:by|von|par|por|da|di)\s"
)
IN_TITLES = PARTICLES | {"and", "for", "of", "the", "und", "für", "et", "pour", "para", "per", "и"}
_LONGEST_ORGANISATION = 90
#: What speaks for an organisation being a byline: in a file with names without "By", or without.
_FEW_NAMES = 3
_MANY_AMONG_NAMES, _MANY_ALONE = 2.6, 0.8
_LONGEST_NOBODY = 32
#: No name of a person begins so.
_ARTICLES = frozenset(("The", "A", "An"))
#: Verbs that are names as well, first ones and last ones, and what speaks against these.
_FIRST_TOO = frozenset(("mark", "will"))
_LAST_TOO = frozenset(("fell", "marks", "mark", "stand", "hails", "sparks", "will"))
_VERB_TOO = 0.6
_IN_NAMES = PARTICLES | {"and", "with", "und", "et", "en", "y", "e", "и", "reporting", "from", "in"}


@lru_cache(maxsize=2_000)
def bare_name(text: str, names: frozenset[str] = frozenset()) -> float | None:
    """Return how much speaks for *text*, without "By", being a byline; None if nothing does."""
    if not 2 < len(text) <= _LONGEST_BYLINE or is_magazine(text):
        return None
    key = text.strip().casefold()
    if key in names:
        return 4.5
    if is_titled(text.strip()):
        return None
    if len(key) < _LONGEST_NOBODY and _NOBODY.fullmatch(key) is not None:
        return 1.0
    between = _ROLE_BETWEEN.search(text)
    if between is not None:
        # "A, translated by B": names on both sides.
        sides = bare_name(text[: between.start()], names), bare_name(text[between.end() :], names)
        return None if None in sides else min(side for side in sides if side is not None)
    words = key.split()
    if (len(words) <= 2 and is_sorting(key)) or is_kind(key):
        return None
    if len(text) >= 4 and not ORGANISATIONS.isdisjoint(words) and _is_organisation(text):
        return _MANY_AMONG_NAMES if len(names) >= _FEW_NAMES else _MANY_ALONE
    if len(text) < 4 or _NO_NAME.search(text):
        return None
    if not _may_be_names(text) or not looks_like_byline(text):
        return None
    reading = read_byline(text)
    score = 2.4
    for place, credit in enumerate(reading.credits):
        words = credit.name.split()
        if credit.name.casefold() in names:
            score += 1.5
        elif credit.kind == "person":
            said = _said_in(words)
            if len(words) == 1 or said is None or words[0] in _ARTICLES:
                return None
            score -= said
            # "de la Peña" is one word.
            small = words if any(map(str.islower, credit.name)) else credit.name.casefold().split()
            told = len(words) - 2 * sum({one, two} <= PARTICLES for one, two in pairwise(small))
            score -= (0.0, 0.0, 0.0, 0.3, 1.5, 3.0)[min(max(told, 0), 5)]
        elif credit.kind == "organisation" and place and reading.credits[0].kind == "person":
            # "A, University of B".
            score -= 0.5
        elif len(words) > 4 or not _LAST_WORD_OF_MANY.search(credit.name):
            return None
        else:
            score -= 1.0
    return min(score, 4.5)


def _said_in(words: list[str]) -> float | None:
    """Return what verbs in *words* say against a name, 0 if there are none; None if too much."""
    verbs = [
        place
        for place, word in enumerate(words)
        if word.casefold() in AUXILIARIES or word.casefold() in HEADLINE_VERBS
    ]
    if not verbs:
        return 0.0
    first, last = words[0].casefold(), words[-1].casefold()
    if verbs == [0] and first in _FIRST_TOO:
        return 0.0
    if verbs == [len(words) - 1] and last in _LAST_TOO and len(words) < 4:
        return _VERB_TOO
    return None


def _is_organisation(text: str) -> bool:
    """Tell whether *text* is names of organisations: "Institute for Harbours"."""
    if len(text) > _LONGEST_ORGANISATION or text[-1] in ".?!:" or not text[:1].isupper():
        return False
    words = text.split()
    if not 1 < len(words) <= 9 or any(
        word[0].islower() and word not in IN_TITLES for word in words
    ):
        return False
    credits = read_byline(text).credits
    return bool(credits) and all(credit.kind == "organisation" for credit in credits)


def _may_be_names(text: str) -> bool:
    """Tell at a glance whether *text* may be names: no words in lower case but those of names."""
    for word in text.split():
        if (
            word[0].islower()
            and word not in _IN_NAMES
            and ELIDED.match(word) is None
            and not (len(word) == 2 and word[1] == ".")
        ):
            return _LAST_WORD_OF_MANY.search(text) is not None
    return True
