"""The postings of this process, kept in step with the database.

They are read once, when they are first asked for, and then follow `ContentChange`, which the
writers keep in their own transaction. The content version tells whether anything changed, and only
the articles that did are read again. So every process counts what the page's database says now,
and none of them has to be told.
"""

import datetime
import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connections, router

from articles import content_version
from articles.content_version import Content
from articles.counting import kept
from articles.counting.collecting import Row
from articles.counting.postings import Postings
from articles.counting.sets import Integers, Kind, best
from articles.models import ContentChange, SearchDocument

#: Beyond this share of the archive, reading everything anew is quicker.
_MANY = 0.3
#: Rows of one statement: no statement of a reader's page may take seconds.
_AT_ONCE = 5_000
#: From so many articles on, an archive is too large for sets that are plain integers.
_MUCH = 200_000
#: So many versions are remembered by their moment, for a database that lags behind another.
_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class _State:
    """Postings, and the version that they show."""

    postings: Postings
    version: int
    #: When each version came about: versions of one number from another history differ in it.
    moments: dict[int, datetime.datetime]

    def knows(self, version: int, changed: datetime.datetime) -> bool:
        """Whether that version is one of this history."""
        return self.moments.get(version) == changed

    def shows(self, content: Content) -> bool:
        """Whether this is *content*, or what became of it: a replica may lag behind."""
        return content.version <= self.version and self.knows(content.version, content.changed)


_log = logging.getLogger(__name__)
_state: _State | None = None
_lock = threading.Lock()
_kind: Kind | None = None


def current() -> Postings:
    """Return the postings of the present version of the content, while a page is being made of
    that which it was begun with. One query, outside of a page, if nothing changed."""
    global _state
    using = router.db_for_read(ContentChange)
    content = content_version.for_page(using)
    state = _state
    if state is None or not state.shows(content):
        with _lock:
            # Another thread may have brought them in step meanwhile.
            state = _state or _kept()
            if state is not None and not state.shows(content):
                state = _followed(state)
            if state is None or not state.shows(content):
                state = _read(using)
            _state = state
    # Names that an older database tells must not be remembered for newer pages.
    return state.postings if content.version == state.version else state.postings.apart()


def warm() -> None:
    """Read the archive before the first reader asks, in a thread of its own. Never raises: a
    database that is not there yet is the affair of whoever asks for a page."""
    try:
        current()
    except DatabaseError as error:
        _log.info("Nothing is read in advance: %s", error)
    finally:
        connections.close_all()


def forget() -> None:
    """Read everything anew when it is next asked for."""
    global _state
    with _lock:
        _state = None


def _followed(state: _State) -> _State | None:
    """Return the state after what changed since; None if it cannot be told."""
    rows = ContentChange.objects.filter(version__gte=state.version).order_by("version")
    changes = list(rows.values_list("version", "changed", "articles"))
    if not changes or not state.knows(*changes[0][:2]):
        return None
    ranges: list[list[int]] = []
    for _version, _changed, articles in changes[1:]:
        if articles is None:
            return None
        ranges += articles
    count = sum(last - first + 1 for first, last in ranges)
    if count > _MANY * state.postings.size + 100:
        return None
    ids = {pk for first, last in ranges for pk in range(first, last + 1)}
    moments = dict(list(state.moments.items())[-_REMEMBERED:])
    moments |= {version: changed for version, changed, _articles in changes}
    # Even of a change on no article: a name may be another now.
    return _State(state.postings.changed(ids, _rows_of(ids)), changes[-1][0], moments)


def _kept() -> _State | None:
    """Return what another process read of the archive, and left for those that start later."""
    global _kind
    _kind = _kind or best()
    found = kept.load(_kind, _terms_of)
    if found is None:
        return None
    postings, content = found
    return _State(postings, content.version, {content.version: content.changed})


def _read(using: str) -> _State:
    """Read the whole archive. The version first: what changes meanwhile is read again."""
    global _kind
    _kind = _kind or best()
    content = content_version.read(using)
    postings = Postings.of(_kind, _all_rows(), _terms_of)
    if isinstance(_kind, Integers) and postings.size > _MUCH:
        _log.warning(
            "Filters of %d articles are counted in plain integers, which takes much memory:"
            " install pyroaring (docs/performance.md).",
            postings.size,
        )
    kept.save(postings, content)
    return _State(postings, content.version, {content.version: content.changed})


def _all_rows() -> Iterator[Row]:
    """Yield the rows of the whole archive, in statements of a bounded length."""
    last = -1
    while True:
        rows = SearchDocument.objects.filter(sort_key__gt=last).order_by("sort_key")
        found = list(rows.values_list("article_id", "sort_key", "facets")[:_AT_ONCE])
        yield from found
        if len(found) < _AT_ONCE:
            return
        last = found[-1][1]


def _terms_of(ids: Sequence[int]) -> Iterable[str]:
    return SearchDocument.objects.filter(article__in=ids).values_list("facets", flat=True)


def _rows_of(ids: set[int]) -> Iterator[Row]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), 500):
        rows = SearchDocument.objects.filter(article__in=ordered[start : start + 500])
        yield from rows.values_list("article_id", "sort_key", "facets")
