"""Names of newspapers and magazines, with volume and issue behind them; names of sections."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from articles.folding import fold
from articles.listing.words import KINDS, PAPER_ENDINGS, PAPER_WORDS, SECTION_WORDS

# "Paper, Vol. 12, No. 3": what stands behind the name.
_NUMBER = r"(?:[Nn]o|[Nn]r|[Nn][º°]|[Nn]|[Nn]um|№|Heft|Issue|Ausgabe|Jg|вып)\.?\s?"
_NUMBERS_BEHIND = re.compile(
    r",?\s(?:(?:[Vv]ol(?:ume)?|Bd|Band|[Tt]om[eo]?|T|т)\.?\s?(?P<volume>[0-9]{1,4}|[IVXLC]{1,8})"
    rf"(?:[,;/]?\s?{_NUMBER}(?P<issue>[0-9]{{1,4}}(?:[-–/][0-9]{{1,4}})?))?"
    rf"|{_NUMBER}(?P<alone>[0-9]{{1,4}}(?:[-–/][0-9]{{1,4}})?)|(?P<plain>[0-9]{{1,3}})"
    rf"(?:,\s{_NUMBER}(?P<behind>[0-9]{{1,4}}(?:[-–/][0-9]{{1,4}})?))?)\s?\Z"
)
_OF_BEHIND = re.compile(r",?\s(?:vom|v\.|of|from|dated|du|del|del día|от|за)\s*\Z")
_MAY_END_NUMBERS = frozenset("0123456789IVXLC")
_PERIODICALS = frozenset(
    ("quarterly", "magazine", "gazette", "weekly", "monthly", "review", "journal", "chronicle",
     "tribune", "observer", "newsletter", "bulletin", "dispatch", "examiner", "ledger", "sentinel",
     "zeitung", "anzeiger", "tagblatt", "rundschau", "zeitschrift", "magazin", "nachrichten")
)  # fmt: skip
#: Last words that names of newspapers have and names of sections have not, folded.
_NEWSPAPERS = frozenset(
    ("gazette", "tribune", "observer", "examiner", "ledger", "sentinel", "chronicle", "courier",
     "times", "herald", "record", "crier", "independent", "telegraph", "mercury", "advocate",
     "zeitung", "anzeiger", "tagblatt", "rundschau", "nachrichten", "kurier")
)  # fmt: skip
# "De Boer", "Le Guen" and "La Torre" are names: behind these articles stand two words at least.
_CAPITAL = r"(?:d[’']|l[’'])?[^\W\d_a-zà-öø-ÿа-яё][\w’'-]*"
_LINK = (
    r"(?:\s(?:de|del|della|dei|delle|di|da|do|dos|das|du|des|la|le|les|van|von|der|den|für|e|y|et))"
)
_TITLED = re.compile(
    rf"(?!Die Redaktion\b)"
    rf"(?:(?:El|Los|Las|Il|Lo|Gli|Les|Der|Die|Das|Het|Os|As)\s{_CAPITAL}|L[’']{_CAPITAL}"
    rf"|(?:La|Le|De|O|A)\s{_CAPITAL}(?={_LINK}))"
    # Three capitals without a word between are rather a name: "El Hadji Diouf".
    rf"(?:{_LINK}{{1,2}}\s{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}){{0,3}}"
)
_LONGEST_TITLED = 50
_LONGEST_SECTION = 30
_MOST_WORDS = 4
_MOST_WORDS_OF_PAPER = 6


def is_paper(text: str) -> bool:
    """Tell whether *text* has a word that names of newspapers and magazines end or begin with."""
    words = fold(text[: name_of_paper(text)]).rstrip(" .,").split()
    if len(words) == 1:
        return words[0].endswith(PAPER_ENDINGS) and words[0] not in PAPER_WORDS
    if not words or (words[-1] in KINDS and words[-1] not in PAPER_WORDS):
        return False
    return bool(PAPER_WORDS & {words[0], words[1], words[-1]}) or words[-1].endswith(PAPER_ENDINGS)


def is_titled(text: str) -> bool:
    """Tell whether *text* begins with an article and goes on in capitals, as no name of a person
    does and few headlines do: "El Faro de Lorca", "Il Mattino di Lecco", "De Stem van Breda".
    """
    return len(text) <= _LONGEST_TITLED and _TITLED.fullmatch(text) is not None


def is_magazine(text: str) -> bool:
    """Tell whether *text* is the name of a periodical by its last word, which is no surname."""
    words = text.rsplit(maxsplit=1)
    return len(words) > 1 and fold(words[-1]) in _PERIODICALS


def are_newspapers(texts: Collection[str]) -> bool:
    """Tell whether *texts*, each of several words, are rather papers than sections: most end as
    names of newspapers do.
    """
    words = [fold(text).split() for text in texts]
    if len(words) < 2 or min(map(len, words)) < 2:
        return False
    return 2 * sum(each[-1] in _NEWSPAPERS for each in words) > len(words)


def may_host(text: str) -> bool:
    """Tell whether *text*, below "in" on a line of its own, is rather a paper than a section:
    several words, all with capitals, none of which names a section.
    """
    words = text.split()
    return (
        1 < len(words) <= _MOST_WORDS_OF_PAPER
        and all(word[0].isupper() or not word[0].isalpha() for word in words)
        and not is_sorting(text)
    )


def without_of(text: str) -> int:
    """Return where *text*, a publication before its date, ends without "vom" or its like."""
    behind = _OF_BEHIND.search(text)
    return behind.start() if behind is not None else len(text)


def name_of_paper(text: str) -> int:
    """Return where the name of a publication ends that *text* begins with."""
    numbers = _numbers_behind(text)
    return numbers.start() if numbers is not None else len(text)


def _numbers_behind(text: str) -> re.Match[str] | None:
    """Return the match of volume and issue behind a name; a number alone counts behind a paper."""
    if text.rstrip()[-1:] not in _MAY_END_NUMBERS:
        return None
    numbers = _NUMBERS_BEHIND.search(text)
    if numbers is None or not numbers["plain"] or numbers["behind"]:
        return numbers
    words = fold(text[: numbers.start()]).split()
    return (
        numbers
        if words and (words[-1] in PAPER_WORDS or words[-1].endswith(PAPER_ENDINGS))
        else None
    )


def is_numbered_paper(text: str) -> bool:
    """Tell whether *text* is a publication with its volume or issue and nothing else."""
    end = name_of_paper(text)
    return end < len(text) and len(text[:end].split()) <= _MOST_WORDS_OF_PAPER and not any(
        mark in text for mark in "“”«»\"„:"
    )  # fmt: skip


def is_imprint(text: str) -> bool:
    """Tell whether *text* is the name of a publication and nothing else, its numbers aside."""
    return (
        is_paper(text)
        and len(text[: name_of_paper(text)].split()) <= _MOST_WORDS_OF_PAPER
        and not any(mark in text for mark in '()[]:“”«»"„?!')
    )


def numbers_of_paper(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield "volume" and "issue" with their places in *text*, a publication with its numbers."""
    numbers = _numbers_behind(text)
    for name in ("volume", "plain", "issue", "alone", "behind") if numbers is not None else ():
        if numbers is not None and numbers[name]:
            yield "volume" if name in ("volume", "plain") else "issue", *numbers.span(name)


def is_kind(text: str) -> bool:
    """Tell whether *text* names a kind of publication and nothing else: "Policy Brief"."""
    words = fold(text).split()
    return 1 <= len(words) <= _MOST_WORDS and words[-1] in KINDS


@lru_cache(maxsize=2_000)
def is_section(text: str) -> bool:
    """Tell whether *text* is rather the name of a section than that of a paper: "Local history"."""
    words = text.split()
    if not words or len(text) > _LONGEST_SECTION or len(words) > _MOST_WORDS or is_paper(text):
        return False
    return is_sorting(text) or is_kind(text) or len(words) == 1 or words[-1][:1].islower()


def is_sorting(text: str) -> bool:
    """Tell whether *text* has a word that names of sections have."""
    return not SECTION_WORDS.isdisjoint(fold(text).split())
