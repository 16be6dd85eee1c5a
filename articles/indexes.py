"""Indexes of names from A to Z: whole as long as they are short, else a letter at a time.

Reads only. A long letter is read in pages, from the row where the last one ended; none of them
counts or passes over rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.urls import reverse

from articles.counting import live
from articles.filters import Place
from articles.letters import by_letter, letter_of
from articles.totals import Named, named_rows

#: So many names stand on one page. The page is below 60 KB as it is sent.
MOST = 400
#: Above a long index: those with the most articles.
MOST_FREQUENT = 60

#: A row and the number of its articles.
Counted = tuple[Any, int]


@dataclass(frozen=True, slots=True)
class Letter:
    """A heading of the index, as a link."""

    name: str
    url: str
    is_current: bool = False


@dataclass(slots=True)
class Index:
    """One page of an index."""

    #: Headings with their rows, if the whole index or one letter is shown.
    groups: list[tuple[str, list[Counted]]] = field(default_factory=list)
    #: All headings, if the index is too long for one page.
    letters: list[Letter] = field(default_factory=list)
    #: Slug, label and count of the most frequent, where no letter is chosen.
    frequent: list[tuple[str, str, int]] = field(default_factory=list)
    back: str = ""
    onward: str = ""


def read_index(related: Named, *columns: str) -> Index:
    """Return the first page of an index: all names in two queries, or where to find them."""
    rows = _rows(related, columns)
    found = list(rows[: MOST + 1])
    if len(found) <= MOST:
        return Index(groups=_grouped(related, found))
    postings = live.current()
    top = postings.top(related.prefix, postings.all, MOST_FREQUENT)
    return Index(letters=_letters(related, ""), frequent=named_rows(related, postings, top))


def read_letter(related: Named, letter: str, place: Place, *columns: str) -> Index | None:
    """Return the names under one heading, from *place* on; None if there is no such heading."""
    firsts = _firsts(related)
    chars = [first for first in firsts if letter_of(first) == letter]
    if not chars:
        return None
    rows = _rows(related, columns).annotate(first=Left("collation_key", 1)).filter(first__in=chars)
    given = place.after if place.after is not None else place.before
    is_back = place.after is None and place.before is not None
    key = None
    if given is not None:
        # What is no more, or never was for readers, is no place to go on from.
        key = related.named().filter(pk=given).values_list("collation_key", flat=True).first()
    if given is None or key is None:
        given, is_back = None, False
    else:
        rows = rows.filter(_beyond(key, given, is_back=is_back))
    if is_back:
        rows = rows.order_by("-collation_key", "-pk")
    found = list(rows[: MOST + 1])
    has_more, found = len(found) > MOST, found[:MOST]
    if is_back:
        found.reverse()
    address = letter_address(related, letter)
    return Index(
        groups=_grouped(related, found),
        letters=_letters(related, letter, firsts),
        back=f"{address}?before={found[0].pk}"
        if found and (has_more if is_back else given)
        else "",
        onward=f"{address}?after={found[-1].pk}" if found and (has_more or is_back) else "",
    )


def letter_address(related: Named, letter: str) -> str:
    """Return the address of the names under a heading."""
    return reverse(f"{related.link_name}-letter", args=[letter])


def _rows(related: Named, columns: tuple[str, ...]) -> QuerySet[Any]:
    rows: QuerySet[Any] = related.named().order_by("collation_key", "pk")
    return rows.only("slug", "collation_key", *columns)


def _beyond(key: str, pk: int, *, is_back: bool) -> Q:
    """Return the condition that a row stands after the one of *key* and *pk*, or before it."""
    side = "lt" if is_back else "gt"
    return Q(**{f"collation_key__{side}": key}) | Q(**{"collation_key": key, f"pk__{side}": pk})


def _grouped(related: Named, rows: list[Any]) -> list[tuple[str, list[Counted]]]:
    wanted = [f"{related.prefix}{row.pk}" for row in rows]
    totals = related.totals(Q(term__in=wanted)) if rows else {}
    key: Callable[[Counted], str] = lambda item: item[0].collation_key  # noqa: E731
    return by_letter([(row, totals.get(row.pk, 0)) for row in rows], key)


def _firsts(related: Named) -> list[str]:
    """Return the characters that names begin with, in the order of the index."""
    rows = related.named().annotate(first=Left("collation_key", 1)).order_by("first")
    return list(rows.values_list("first", flat=True).distinct())


def _letters(related: Named, chosen: str, firsts: list[str] | None = None) -> list[Letter]:
    names = dict.fromkeys(letter_of(first) for first in firsts or _firsts(related))
    return [Letter(name, letter_address(related, name), name == chosen) for name in names]
