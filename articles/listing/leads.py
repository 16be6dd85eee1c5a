"""Words that lead to the line below them: "by" / "Orla Quill", "Posted on" / "3 May 2020".

A page shows label and value in boxes of their own; copied, each is a line. They are put together,
as lines that were one.
"""

from dataclasses import dataclass, field

from articles.folding import fold
from articles.listing.bare_names import bare_name
from articles.listing.credit_edges import byline_in
from articles.listing.dates import whole_date
from articles.listing.papers import may_host

_BY = frozenset(
    ("by", "posted by", "written by", "words by", "text by", "story by", "von", "par", "por", "di",
     "door", "автор")
)  # fmt: skip
_AUTHOR = frozenset(("author", "authors", "autor", "autorin", "auteur", "autore"))
_ON = frozenset(
    ("posted on", "published on", "published", "posted", "publié le", "veröffentlicht am",
     "publicado el", "pubblicato il", "publicado em", "опубликовано")
)  # fmt: skip
_DATE = frozenset(("date", "publication date", "date published", "datum", "fecha", "data", "дата"))
_SORTED = frozenset(
    ("category", "categories", "tags", "kategorie", "kategorien", "schlagwörter", "catégorie",
     "catégories", "étiquettes", "categoría", "categorías", "etiquetas", "рубрика", "метки")
)  # fmt: skip
_ALL = _BY | _AUTHOR | _ON | _DATE | _SORTED
_LONGEST_WORD, _LONGEST, _MOST_HOSTS = 20, 80, 1_000


def lead(text: str) -> str:
    """Return what parts *text*, words that lead to a value, from it on one line; "" if it is none.

    The sign of a label, where it has none of its own.
    """
    if len(text) > _LONGEST_WORD:
        return ""
    word = text.strip().casefold()
    if word.rstrip(" :：") not in _ALL:
        return ""
    return " " if word in _BY or word in _ON or word.endswith((":", "：")) else ": "


def leads_to(above: str, text: str) -> bool:
    """Tell whether *above* is words that lead to a value, and *text* is that."""
    if len(above) > _LONGEST_WORD or not lead(above):
        return False
    value = text.strip()
    if not value or len(value) > _LONGEST or lead(value):
        return False
    word = above.strip().casefold().rstrip(" :：")
    if word in _BY or word in _AUTHOR:
        return bare_name(value) is not None or byline_in(f"By {value}") is not None
    if word in _SORTED:
        return whole_date(value) is None
    return whole_date(value) is not None


@dataclass(slots=True)
class Hosts:
    """The papers of a page of many, told line by line: "Orla Quill" / "in" / "The Long Quay"."""

    found: set[str] = field(default_factory=set)
    # Whether the line above was "in" alone, and how many such there are.
    inside: bool = False
    times: int = 0

    def add(self, text: str) -> None:
        """Take in one line that is not blank."""
        if self.inside and len(self.found) < _MOST_HOSTS and may_host(text):
            self.found.add(fold(text))
        self.inside = len(text) <= _LONGEST_WORD and text.strip().casefold() == "in"
        self.times += self.inside

    @property
    def names(self) -> frozenset[str]:
        """The papers, folded; none where "In" stands once, which may be a headline."""
        return frozenset(self.found if self.times > 1 else ())


def unparted(text: str) -> str:
    """Return the label that *text* begins with, and no sign parts from a value: "Tags salt, rope",
    "Author Orla Quill"; "" if it is none. One such line alone may be a headline.
    """
    word, _, value = text.strip().partition(" ")
    key = word.casefold()
    if not value or len(text) > _LONGEST:
        return ""
    if key in _SORTED:
        return key
    return key if key in _AUTHOR and bare_name(value) is not None else ""


def says_who(label: str) -> bool:
    """Tell whether names stand behind *label*."""
    return label in _AUTHOR
