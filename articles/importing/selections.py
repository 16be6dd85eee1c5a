"""Listings that the archive wrote itself, imported again: selections, no versions of a page.

Their entries state permanent keys. What they say is the archive's own word, so that it is not what
the source said last: a later version of the page must not take an editor's correction for the
page's. Where nothing else of the source speaks of an article, they do.
"""

from array import array
from collections.abc import Sequence

from articles.choices import Outcome
from articles.models import ImportRun, SourceEntry

#: What such a run has among its options.
MARK = "selection"


def runs_of(source_key: str) -> set[int]:
    """Return the runs of a source that imported a selection."""
    rows = ImportRun.objects.filter(source__key=source_key).values_list("id", "options")
    return {pk for pk, options in rows if (options or {}).get(MARK)}


def own_words(source_key: str, runs: set[int]) -> "Ids":
    """Return the entries of these *runs* that repeat what the archive has, by key, as far as
    another entry of the source speaks of the same article."""
    if not runs:
        return Ids(())
    entries = SourceEntry.objects.filter(listing__source__key=source_key, article__isnull=False)
    rows = (
        entries.filter(run__in=runs, values__key__isnull=False)
        .exclude(values__key=None)
        .exclude(change=Outcome.CREATE)
    )
    # Arrays: a listing that the archive wrote itself may have a million entries.
    stated = array("q", rows.order_by("id").values_list("id", flat=True).iterator())
    if not stated:
        return Ids(())
    own = Ids(stated)
    everything = entries.values_list("id", "article_id")
    spoken = Ids(array("q", (to for pk, to in everything.iterator() if to and pk not in own)))
    return Ids(array("q", (pk for pk, to in everything.iterator() if pk in own and to in spoken)))


class Ids:
    """A set of ids, a byte for each of the range that they are from."""

    def __init__(self, ids: Sequence[int]) -> None:
        self._first = min(ids, default=0)
        self._marks = bytearray(max(ids, default=-1) - self._first + 1)
        for pk in ids:
            self._marks[pk - self._first] = 1

    def __bool__(self) -> bool:
        return bool(self._marks)

    def __contains__(self, pk: object) -> bool:
        at = pk - self._first if isinstance(pk, int) else -1
        return 0 <= at < len(self._marks) and bool(self._marks[at])
