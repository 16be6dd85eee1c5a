"""What a citation needs to know of an article, and no more. Pure.

A date is never more exact than its source: where only the month or the year is known, ``month`` or
``day`` are None, and every form of citation leaves them out.
"""

import datetime
import re
from dataclasses import dataclass

_RANGE = re.compile(r"(?<=\w)\s*[-‐‑‒–—]+\s*(?=\w)")
#: A volume or an issue that is counted, or lettered and counted: "12", "3/4", "B 7", "IV".
_NUMBERED = re.compile(r"[IVXLCDM]+|[^\W\d]{0,2}\s?\d.*", re.DOTALL)
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)
#: How a headline may end so that no other mark need follow it.
_ENDS = ("?", "!", "…", "?”", "!”", "?’", "!’", "؟", "？", "！")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody credited: a person, or a collective or organisation, with a MARC relator code."""

    name: str
    #: As an index files it, "Weiss, Clara"; for a suffix "King, Martin, Jr.".
    sort_name: str = ""
    is_person: bool = True
    role: str = "aut"
    #: The full address of their page, if they have one.
    url: str = ""

    @property
    def name_parts(self) -> tuple[str, str, str] | None:
        """Family name, given names and suffix; None for a name that is not made of them."""
        parts = [part.strip() for part in self.sort_name.split(",")]
        if not self.is_person or not 2 <= len(parts) <= 3 or not all(parts):
            return None
        return parts[0], parts[1], parts[2] if len(parts) == 3 else ""

    @property
    def inverted(self) -> str:
        """The name as a bibliography begins with it: "Weiss, Clara", "The Harbour Board"."""
        return self.sort_name if self.name_parts else self.name


@dataclass(frozen=True, slots=True)
class Reference:
    """One article as it is cited. Texts are cleaned lines; ``""`` is what is not known."""

    key: str
    #: The permanent address, in full.
    url: str
    headline: str
    published_on: datetime.date
    #: ``day``, ``month`` or ``year``: how much of the date the source states.
    precision: str
    #: The name of the archive.
    archive: str
    subtitle: str = ""
    part_label: str = ""
    people: tuple[Person, ...] = ()
    byline: str = ""
    publication: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    language: str = ""
    standfirst: str = ""
    correction: str = ""
    keywords: tuple[str, ...] = ()
    #: Who may do what with the text, in words or as the address of a licence.
    rights: str = ""

    @property
    def year(self) -> int:
        """The year of publication."""
        return self.published_on.year

    @property
    def month(self) -> int | None:
        """The month of publication, if it is known."""
        return None if self.precision == "year" else self.published_on.month

    @property
    def day(self) -> int | None:
        """The day of publication, if it is known."""
        return self.published_on.day if self.precision == "day" else None

    @property
    def iso_date(self) -> str:
        """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` (ISO 8601, reduced precision)."""
        return self.published_on.isoformat()[: {"year": 4, "month": 7}.get(self.precision, 10)]

    @property
    def title(self) -> str:
        """Headline, subtitle and part in one line."""
        found = self.headline
        if self.subtitle:
            between = " " if found.endswith((*_ENDS, ":", ".")) else ": "
            found = f"{found}{between}{self.subtitle}"
        return with_part(found, self.part_label)

    @property
    def page_range(self) -> str:
        """The pages, ranges with an en dash: "4–9, 12"."""
        return page_range(self.pages)

    @property
    def authors(self) -> tuple[Person, ...]:
        """Who leads the citation: the authors; with nobody credited, the byline as printed."""
        found = self.in_role("aut")
        if not found and not self.people and self.byline:
            name = _BY.sub("", self.byline, count=1)
            return (Person(name[:1].upper() + name[1:], is_person=False),)
        return found

    def in_role(self, role: str) -> tuple[Person, ...]:
        """Return those credited in one role, in the order of the credit."""
        return tuple(person for person in self.people if person.role == role)


def with_part(title: str, label: str) -> str:
    """Return *title* and the part that its printed *label* names, unless it says so already: parts
    of a serial share a headline."""
    return f"{title}, {label}" if label and label.casefold() not in title.casefold() else title


def page_range(pages: str) -> str:
    """Return *pages* with ranges as they are printed: "4–9, 12"."""
    return _RANGE.sub("–", pages)


def ended(text: str) -> str:
    """Return *text* with a full stop, unless it ends in a mark already."""
    return text if text.endswith((*_ENDS, ".", ".”", ".’")) else f"{text}."


def is_one_page(pages: str) -> bool:
    """Whether *pages* names a single page."""
    return re.search(r"[-‐‑‒–—,;&\s]", pages) is None


def is_numbered(text: str) -> bool:
    """Whether a volume or an issue is a number, not words such as "Annual supplement"."""
    return _NUMBERED.fullmatch(text) is not None
