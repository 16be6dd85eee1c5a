"""Lists in the order of their headlines, at any depth.

A few articles are sorted by the database. Many are met on the way through the index that keeps
all headlines in order: the more there are, the shorter the way to the next of them.
"""

from collections.abc import Iterator

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from articles.counting.selection import Selection
from articles.headline_key import HeadlineKey
from articles.models import SearchDocument
from articles.search import base

#: Up to so many articles are sorted; more are looked for along the index.
SORTED = 20_000
#: So many steps along the index in one statement.
_STEP = 2_000
#: Where in the order something stands.
_Place = tuple[str, int]


class HeadlineOrder:
    """The articles of a selection from A to Z; of equal headlines the newest first."""

    def __init__(self, selection: Selection) -> None:
        self._postings = selection.postings
        self._ids = selection.ids

    def keys(
        self, limit: int, offset: int = 0, *, beyond: int | None = None, ascending: bool = False
    ) -> list[int]:
        """Return sort keys in order, or, if *ascending*, in the opposite one; *beyond* is the key
        of the article that they follow. Raises `Http404` if there is no such article any more."""
        place = None if beyond is None else _place_of(beyond)
        count = self._postings.kind.count(self._ids)
        if count == self._postings.size:
            return [key for _headline, key in _rows(place, ascending, limit, offset)]
        if count <= SORTED:
            among = self._postings.sorted_keys(self._ids, None, False)
            return [key for _headline, key in _rows(place, ascending, limit, offset, among)]
        found: list[int] = []
        for key in self._met(place, ascending):
            found.append(key)
            if len(found) == offset + limit:
                break
        return found[offset:]

    def _met(self, place: _Place | None, is_reverse: bool) -> Iterator[int]:
        """Yield the keys that are met along the index."""
        kind = self._postings.kind
        while True:
            step = _rows(place, is_reverse, _STEP)
            admitted = set(
                kind.ids(self._ids & self._postings.of_keys([key for _headline, key in step]))
            )
            yield from (key for _headline, key in step if self._postings.id_of(key) in admitted)
            if len(step) < _STEP:
                return
            place = step[-1]


def _place_of(sort_key: int) -> _Place:
    found = SearchDocument.objects.annotate(words=HeadlineKey("headline"))
    place = found.filter(sort_key=sort_key).values_list("words", "sort_key").first()
    if place is None:
        raise Http404(_("The article that this page of the list followed is no longer there."))
    return place


def _rows(
    place: _Place | None,
    is_reverse: bool,
    limit: int,
    offset: int = 0,
    among: list[int] | None = None,
) -> list[_Place]:
    """Return what follows *place* in the order, of the articles *among* if they are given."""
    rows = SearchDocument.objects.annotate(words=HeadlineKey("headline"))
    if among is not None:
        rows = rows.filter(base.among_keys(rows.db, among))
    if place is not None:
        words, key = place
        # The first of the two conditions is what the index can be entered by.
        if is_reverse:
            rows = rows.filter(words__lte=words).filter(Q(words__lt=words) | Q(sort_key__gt=key))
        else:
            rows = rows.filter(words__gte=words).filter(Q(words__gt=words) | Q(sort_key__lt=key))
    ordered = (
        rows.order_by("-words", "sort_key") if is_reverse else rows.order_by("words", "-sort_key")
    )
    return list(ordered.values_list("words", "sort_key")[offset : offset + limit])
