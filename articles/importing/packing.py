"""Entries as they wait in a `spool.Spool` between the steps of an import. Pure."""

from dataclasses import fields
from operator import attrgetter
from typing import Any, NoReturn

from articles.importing.records import ArticleState, KnownEntry, ParsedEntry, PlannedEntry, Values
from articles.importing.spool import Spool

_OF_KNOWN = tuple(field.name for field in fields(KnownEntry))
_read_known = attrgetter(*_OF_KNOWN)
#: Those of them that are values of an entry, and where they stand.
_VALUES = frozenset({"values", "applied", "stated"})
_PLACES = tuple(place for place, name in enumerate(_OF_KNOWN) if name in _VALUES)
#: What is kept of a planned entry as it is: all from the seventh on.
_read_planned = attrgetter(*[field.name for field in fields(PlannedEntry)][6:])


def parsed_entries() -> Spool[ParsedEntry]:
    """Return an empty spool for entries as read."""
    return Spool(_pack_parsed, _unpack_parsed)


def planned_entries() -> Spool[PlannedEntry]:
    """Return an empty spool for entries as planned.

    What the file said of an entry is not kept beside what the plan makes of it, nor what its
    article says: that is asked only while planning.
    """
    return Spool(_pack_planned, _unpack_planned)


def _pack_parsed(entry: ParsedEntry) -> Any:
    return (
        entry.ordinal,
        entry.first_line,
        entry.last_line,
        entry.text,
        entry.values,
        entry.confidence,
        entry.diagnostics,
        entry.old_paths,
    )


def _unpack_parsed(values: Any) -> ParsedEntry:
    return ParsedEntry(*values)


def _pack_planned(planned: PlannedEntry) -> Any:
    entry, known, article = planned.entry, planned.known, planned.article
    return (
        (
            entry.ordinal,
            entry.first_line,
            entry.last_line,
            entry.text,
            planned.values,
            entry.confidence,
            entry.diagnostics,
            entry.old_paths,
        ),
        planned.fingerprint,
        planned.change,
        None if known is None else _pack_known(known, planned.values),
        None if article is None else (article.id, article.key, article.version, article.status),
        _read_planned(planned),
    )


def _unpack_planned(packed: Any) -> PlannedEntry:
    entry, fingerprint, change, known, article, rest = packed
    return PlannedEntry(
        ParsedEntry(*entry),
        entry[4],
        fingerprint,
        change,
        None if known is None else _unpack_known(known, entry[4]),
        None if article is None else ArticleState(*(*article, _no_values)),
        *rest,
    )


def _pack_known(known: KnownEntry, values: Values) -> Any:
    """Pack *known*; what it has to the letter as the entry now, *values*, only once."""
    packed = list(_read_known(known))
    for place in _PLACES:
        if packed[place] == values:
            packed[place] = True
    return packed


def _unpack_known(packed: list[Any], values: Values) -> KnownEntry:
    for place in _PLACES:
        if packed[place] is True:
            packed[place] = values
    return KnownEntry(*packed)


def _no_values() -> NoReturn:
    raise LookupError("what an article says is asked while planning only")
