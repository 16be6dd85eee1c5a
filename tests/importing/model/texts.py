"""Invented entries of which a listing is made, and the listing as a file.

An entry has a theme. Entries of one theme are wordings of one another; entries of two themes are
nothing alike, though two themes share their days.
"""

from dataclasses import dataclass
from typing import Any

from articles.folding import fold
from articles.listing.labelled_text import write_entry

#: Of each theme: its headline, its day, and what its standfirst begins with.
THEMES = (
    ("Why the eastern lamp of Ostrany burned for seven winters on the {} quay", 2, "The lamp, {}."),
    ("A ledger of ropes, and of the hands that spliced them at the {} gate", 12, "Hemp, {}."),
    ("Charts that lie: how the bay was drawn by men who never saw its {} end", 22, "A bay, {}."),
    ("Кто запер старую комнату карт на {} берегу", 22, "Ключ {}."),
)
WORDINGS = (("north", "south"),) * 3 + (("северном", "северных"),)
BYLINES = (None, "Ana Brandt", "Mira Oldcastle")
STANDFIRSTS = (("as its keeper wrote of it", "as it is told today"),) * 3 + (("тут", "там"),)
LINKS = ("https://example.org/one", "https://example.org/two")
#: Series by title, and the places in them that an entry may state: (title, part number).
SERIES = {"The long watch": "serial", "Notes of a pilot": "column"}
PLACES: tuple[tuple[tuple[str, int | None], ...], ...] = (
    (),
    (("The long watch", 1),),
    (("The long watch", 2),),
    (("The long watch", None),),
    (("Notes of a pilot", None), ("The long watch", 1)),
)

#: What is compared of an article. `authors` are names, `tags` a sorted list, `series` a sorted list
#: of (title, part number).
FIELDS = (
    "kicker", "headline", "byline", "authors", "published_on", "standfirst", "source_url", "series",
    "tags",
)  # fmt: skip

Values = dict[str, Any]


@dataclass(frozen=True, order=True)
class Piece:
    """One entry of a listing. ``link`` is a number of `LINKS`, or -1: nothing is said of it;
    ``place`` a number of `PLACES`; without a day (``shift`` is -1) it cannot be an article."""

    theme: int
    wording: int = 0
    shift: int = 0
    byline: int = 1
    standfirst: int = 0
    kicker: int = 0
    link: int = -1
    place: int = 0

    def values(self, topic: str) -> Values:
        """Return what the entry says, absent as None; without the link if nothing is said."""
        headline, day, start = THEMES[self.theme]
        byline = BYLINES[self.byline]
        found: Values = {
            "kicker": f"Room {'ABCD'[self.theme]}" if self.kicker else None,
            "headline": headline.format(WORDINGS[self.theme][self.wording]),
            "byline": byline,
            "authors": [byline] if byline else [],
            "published_on": f"2021-05-{day + self.shift:02d}" if self.shift >= 0 else None,
            "standfirst": start.format(STANDFIRSTS[self.theme][self.standfirst]),
            "series": sorted(PLACES[self.place], key=repr),
            "tags": [topic],
        }
        if self.link >= 0:
            found["source_url"] = LINKS[self.link]
        return found


def heads(values: Values) -> str:
    """Return the head lines, folded."""
    return fold(" ".join(values[name] for name in ("kicker", "headline") if values.get(name)))


def identity(values: Values) -> tuple[str, str, str]:
    """Return what makes two entries the same: date, heads, byline."""
    return values["published_on"] or "", heads(values), fold(values["byline"] or "")


def listing_text(topic: str, pieces: tuple[Piece, ...]) -> str:
    """Return a listing in the labelled dialect."""
    entries = []
    for piece in pieces:
        said = {**piece.values(topic), "tags": None}
        authors = [{"name": name} for name in said["authors"]]
        series = [
            {"title": title, "kind": SERIES[title], "part_number": number}
            for title, number in said["series"]
        ]
        entries.append(
            "\n".join(write_entry({**said, "authors": authors, "series": series or None}))
        )
    return "\n\n".join([f"Listing: {topic}", *entries]) + "\n"
