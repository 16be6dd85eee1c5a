"""The grammars whose entries are single lines or paragraphs, and which of them a file is in."""

from collections.abc import Sequence

from articles.listing import clipping_habits, clippings, indexes, references, tables
from articles.listing.by_line import Grammar

NAMES = (references.NAME, tables.NAME, indexes.NAME, clippings.NAME)


def grammar_of(sample: Sequence[str], dialect: str | None = None) -> Grammar | None:
    """Return the grammar that *sample*, the beginning of a file, is in; None if it is in none.

    *dialect* may name one, which is then taken whatever the file looks like.
    """
    if dialect == tables.NAME:
        return tables.table_of(sample, forced=True)
    if dialect == references.NAME:
        return references.references_of(sample, forced=True)
    if dialect == indexes.NAME:
        return indexes.index_of(sample, forced=True)
    if dialect == clippings.NAME:
        return clipping_habits.clippings_of(sample, forced=True)
    return (
        tables.table_of(sample)
        or references.references_of(sample)
        or indexes.index_of(sample)
        or clipping_habits.clippings_of(sample)
    )
