"""The source entries that a run has stored: which row, of which article, by ordinal."""

from array import array
from collections.abc import Mapping
from typing import NamedTuple

from articles.models import SourceEntry


class Stored(NamedTuple):
    """One source entry: its id, and the article it leads to."""

    pk: int
    article_id: int | None


class StoredEntries:
    """The source entries of a run by ordinal, sixteen bytes each."""

    def __init__(self, count: int) -> None:
        self._ids = array("q", [0]) * count
        self._articles = array("q", [0]) * count
        self._stored = 0

    def __len__(self) -> int:
        return self._stored

    def add(self, ordinal: int, pk: int, article: int | None) -> None:
        """Say that the entry *ordinal* is stored as the row *pk*, and leads to *article*."""
        self._ids[ordinal] = pk
        self._articles[ordinal] = article or 0
        self._stored += 1

    def get(self, ordinal: int) -> Stored | None:
        """Return the row of an entry; None if the run stored none."""
        pk = self._ids[ordinal]
        return Stored(pk, self._articles[ordinal] or None) if pk else None


#: What the steps of an import are told of the rows that it stored.
Rows = StoredEntries | Mapping[int, SourceEntry]
