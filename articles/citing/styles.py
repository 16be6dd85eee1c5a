"""Citations to be read: the Chicago Manual of Style and the MLA Handbook. Pure.

Chicago: 17th edition, notes and bibliography, an entry of a bibliography (14.168 to 14.191).
MLA: 9th edition, an entry of a list of works cited. Both are English conventions, and are set in
English whatever the language of the site; headlines are left as they were printed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.citing.reference import Person, Reference, ended, is_numbered, is_one_page

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_SHORT_MONTHS = (
    "Jan.",
    "Feb.",
    "Mar.",
    "Apr.",
    "May",
    "June",
    "July",
    "Aug.",
    "Sept.",
    "Oct.",
    "Nov.",
    "Dec.",
)
#: Those credited beside the authors: MARC relator code and words.
_OTHERS = (
    ("trl", "Translated by"),
    ("edt", "Edited by"),
    ("aui", "Introduction by"),
    ("ivr", "Interview by"),
    ("ive", "Interview with"),
    ("ill", "Illustrated by"),
    ("pht", "Photographs by"),
    ("ctb", "With contributions by"),
)
#: Chicago names up to ten authors; of more it names the first seven.
_MOST_AUTHORS, _FIRST_AUTHORS = 10, 7
#: A typewriter's quotation mark where it opens.
_OPENING = re.compile(r'(?<![^\s(\[])"')


#: Words of scripts that run from right to left, without the punctuation around them.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RIGHT_TO_LEFT = re.compile(rf"([{_RTL}](?:[{_RTL}\s]*[{_RTL}])?)")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a citation, in italics or not."""

    text: str
    is_italic: bool = False

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it runs from right to left: such a piece has to be
        set apart, or name and headline change places."""
        found = enumerate(_RIGHT_TO_LEFT.split(self.text))
        return [(piece, place % 2 == 1) for place, piece in found if piece]


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation as runs of type."""

    runs: tuple[Run, ...]

    def __str__(self) -> str:
        return "".join(run.text for run in self.runs)


def chicago(reference: Reference) -> Citation:
    """Return the entry of a bibliography after the Chicago Manual of Style."""
    head = _lead(reference, _chicago_names(reference.authors))
    date = _chicago_date(reference)
    pages = reference.page_range
    issue = f", {_counted('no.', reference.issue)}" if reference.issue else ""
    if not reference.publication:
        place = f", {date}"
    elif reference.volume:
        comma = "" if is_numbered(reference.volume) else ","
        place = f"{comma} {reference.volume}{issue} ({date})"
        place += f": {pages}" if pages else ""
    else:
        place = f"{issue}, {date}" + (f", {pages}" if pages else "")
    tail = f"{ended(place)} {reference.url}."
    return _set(head, reference.publication, reference.archive, tail)


def mla(reference: Reference) -> Citation:
    """Return the entry of a list of works cited after the MLA Handbook."""
    head = _lead(reference, _mla_names(reference.authors))
    date = _mla_date(reference)
    archive = Run(reference.archive, is_italic=True)
    if not reference.publication:
        return Citation((Run(head), archive, Run(f", {date}, {reference.url}.")))
    place = [
        _counted("vol.", reference.volume),
        _counted("no.", reference.issue),
        date,
        f"{_pages_word(reference.pages)} {reference.page_range}" if reference.pages else "",
    ]
    printed = ", ".join(part for part in place if part)
    publication = Run(reference.publication, is_italic=True)
    if reference.publication.casefold() == reference.archive.casefold():
        # The periodical's own archive is no second container.
        return Citation((Run(head), publication, Run(f", {printed}, {reference.url}.")))
    between, link = Run(f", {ended(printed)} "), Run(f", {reference.url}.")
    return Citation((Run(head), publication, between, archive, link))


def _counted(word: str, value: str) -> str:
    """Return a volume or an issue with its *word*; one that is no number stands for itself."""
    return f"{word} {value}" if is_numbered(value) else value


def _set(head: str, publication: str, archive: str, tail: str) -> Citation:
    """A publication stands in italics, the name of a site does not."""
    container = Run(publication, is_italic=True) if publication else Run(archive)
    return Citation((Run(head), container, Run(tail)))


def _lead(reference: Reference, names: str) -> str:
    """Return what stands before the place of publication, with a space after it."""
    parts = [ended(names)] if names else []
    parts.append(f"“{_quoted(reference.title)}”")
    for role, words in _OTHERS:
        people = reference.in_role(role)
        if people:
            parts.append(ended(f"{words} {_joined([person.name for person in people])}"))
    return " ".join(parts) + " "


def _quoted(text: str) -> str:
    """Return *text* as it stands inside double quotation marks: with its full stop, its own marks
    as single ones, and the stop inside them."""
    is_quoted_last = text.endswith(("”", '"'))
    text = _OPENING.sub("‘", text.replace("“", "‘").replace("”", "’"))
    text = text.replace('"', "’")
    whole = ended(text)
    return f"{text[:-1]}.’" if is_quoted_last and whole != text else whole


def _joined(names: Sequence[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _chicago_names(people: Sequence[Person]) -> str:
    if len(people) > _MOST_AUTHORS:
        return f"{', '.join(_listed(people[:_FIRST_AUTHORS]))}, et al."
    names = _listed(people)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _mla_names(people: Sequence[Person]) -> str:
    names = _listed(people)
    if len(names) > 2:
        return f"{names[0]}, et al."
    return ", and ".join(names)


def _listed(people: Sequence[Person]) -> list[str]:
    """Return the names, the first one inverted."""
    return [person.name if place else person.inverted for place, person in enumerate(people)]


def _chicago_date(reference: Reference) -> str:
    if reference.month is None:
        return str(reference.year)
    month = MONTHS[reference.month - 1]
    if reference.day is None:
        return f"{month} {reference.year}"
    return f"{month} {reference.day}, {reference.year}"


def _mla_date(reference: Reference) -> str:
    parts = [str(reference.year)]
    if reference.month is not None:
        parts.insert(0, _SHORT_MONTHS[reference.month - 1])
    if reference.day is not None:
        parts.insert(0, str(reference.day))
    return " ".join(parts)


def _pages_word(pages: str) -> str:
    return "p." if is_one_page(pages) else "pp."
