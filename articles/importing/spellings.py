"""Which author each credit of a file leads to: names, aliases, and what editors decided. Pure.

Two people may share a name, so a spelling may lead to several; an editor's choice for it holds for
its source. A collective credit never leads to a person, whatever aliases say.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from articles.folding import fold
from articles.importing.records import Values

PERSON = "person"


class Reader(Protocol):
    """What is asked of the archive."""

    def spelled_authors(self, names: Iterable[str]) -> Mapping[str, Sequence[int]]:
        """Return the authors that each spelling leads to."""

    def authors(self, ids: Iterable[int]) -> Mapping[int, tuple[str, str]]:
        """Return name and kind of these authors."""

    def chosen_authors(self, source_key: str) -> Mapping[str, int]:
        """Return the author that an editor chose for each folded spelling of a source."""


class Spellings:
    """The authors that the credits of a file lead to, each name asked once."""

    def __init__(self, reader: Reader, source_key: str) -> None:
        self._reader, self._source_key = reader, source_key
        self._found: dict[str, Sequence[int]] = {}
        self._authors: dict[int, tuple[str, str]] = {}
        self._chosen: Mapping[str, int] | None = None

    def learn(self, names: Iterable[str]) -> None:
        """Ask what *names* lead to, as far as that is not known yet."""
        new = {name for name in names if name not in self._found}
        if not new:
            return
        found = self._reader.spelled_authors(new)
        self._found |= {name: found.get(name, ()) for name in new}
        ids = {pk for some in found.values() for pk in some} - self._authors.keys()
        if ids:
            self._authors |= self._reader.authors(ids)
        if self._chosen is None and any(len(some) > 1 for some in found.values()):
            self._chosen = self._reader.chosen_authors(self._source_key)

    def of(self, credit: Values) -> Sequence[int]:
        """Return the ids of the authors that *credit* may mean: none, one or several."""
        found = self._found.get(credit["name"], ())
        if (credit.get("kind") or PERSON) != PERSON:
            found = [pk for pk in found if self._authors[pk][1] != PERSON]
        if len(found) > 1 and self._chosen:
            chosen = self._chosen.get(fold(credit["name"]))
            if chosen is not None and chosen in found:
                return [chosen]
        return found

    def doubt(self, credit: Values) -> str:
        """Return why an editor must say whom *credit* means, or ``""``."""
        found = self.of(credit)
        if len(found) > 1:
            return f"“{credit['name']}” is the spelling of {len(found)} authors."
        if not found and self._found.get(credit["name"]):
            return (
                f"“{credit['name']}” is a {credit['kind']}, and its spelling leads to a person:"
                " a collective credit is never turned into one."
            )
        return ""
