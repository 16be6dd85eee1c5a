"""What a check is shown, and what it says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

#: The fields in which a check of texts looks, in the order of a page.
TEXTS = ("kicker", "headline", "subtitle", "standfirst")


class Credit(NamedTuple):
    """One credited name; ``kind`` is person, collective or organisation."""

    name: str
    kind: str


class Place(NamedTuple):
    """One place in a series; ``has_before`` is False if the part before it is not in the archive
    (True also where that question does not arise)."""

    series: int
    title: str
    kind: str
    number: int | None
    has_before: bool = True


class Head(NamedTuple):
    """What is compared first of two articles; ``day`` is the ordinal of the date."""

    id: int
    headline: str
    day: int


@dataclass(slots=True)
class Facts:
    """One article as checks see it: its own texts, and what stands beside them.

    ``published_on`` is YYYY[-MM[-DD]] or ``""``, ``day`` its first day as an ordinal (0: none).
    """

    id: int
    headline: str
    kicker: str = ""
    subtitle: str = ""
    part_label: str = ""
    standfirst: str = ""
    byline: str = ""
    published_on: str = ""
    day: int = 0
    language: str = ""
    credits: tuple[Credit, ...] = ()
    places: tuple[Place, ...] = ()
    #: Whether most entries of its listing have a standfirst.
    wants_standfirst: bool = False
    #: Whether a proposal of a series speaks of it already.
    is_proposed: bool = False
    #: Of the reading of its entry, as long as nobody edited the article; else 1.
    confidence: float = 1.0

    def texts(self) -> list[tuple[str, str]]:
        """Return the fields that have a text, as (name, text)."""
        found = [("headline", self.headline)]
        if self.kicker:
            found.insert(0, ("kicker", self.kicker))
        if self.subtitle:
            found.append(("subtitle", self.subtitle))
        if self.standfirst:
            found.append(("standfirst", self.standfirst))
        return found


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a check found in one article.

    ``about`` identifies the doubt among those of one article and one check: two doubts with the
    same ``about`` are one, and one that was called no problem is not raised again. ``suggestion``
    is what one click does; `articles.review.suggesting` says in which forms. ``other`` is the id of
    the second article of a doubt about two.
    """

    message: str
    about: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    suggestion: Mapping[str, Any] | None = None
    other: int | None = None


def in_field(name: str, text: str, start: int, end: int) -> dict[str, Any]:
    """Return the evidence of a doubt about the characters *start* to *end* of a field."""
    return {"field": name, "value": text, "span": [start, end]}
