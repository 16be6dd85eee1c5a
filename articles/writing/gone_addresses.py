"""Addresses that showed something to readers and may show nothing any more.

A list is noted when an article that readers saw leaves it: withdrawn, taken off an author, a tag or
a series, or dated otherwise, by whomever. That is told at the time, in the one place that every
writer passes (`index.refresh`), from the search document that the article had: a document exists
exactly as long as readers see its article, and with its facet terms and sort key it says in which
lists. So nothing is noted of what was never public, no later edit of what is withdrawn has to be
told apart, and an archive that is only added to pays nothing. Whether a list is empty is not asked:
`articles.gone` looks here only for what answers with nothing else. An article that comes here
withdrawn, from where readers saw it, never had a document: of it its own rows tell.

A name that is renamed or merged leaves its address too; it is noted then, since the redirect ends
when another row takes the address. The ledger could tell all this as well, but only as a replay of
every change at every reading, and not of names that were deleted since.

Rows are written under the lock of the content version, as everything that follows from what readers
see: two writers that note the same address would wait for each other otherwise.
"""

import datetime
from collections.abc import Collection, Iterable

from django.db import models

from articles.models import (
    Attachment,
    GoneAddress,
    PastAddress,
    PublicKey,
    Series,
    Tag,
)
from articles.models.article import SORT_KEY_STEP
from articles.search.base import Document
from authors.models import Author

#: The facet term of an article of which the month is known and not the day: no day's list has it.
NO_DAY = "d0"
#: By the letter of the facet term: the rows, what past addresses call them, and where their pages
#: stand.
_NAMED: dict[str, tuple[type[models.Model], str, str]] = {
    "a": (Author, "author", "authors"),
    "t": (Tag, "tag", "tags"),
    "s": (Series, "series", "series"),
}
_BATCH = 500


def lists_of(document: Document | None) -> set[str]:
    """Return the lists that show the article of *document*; none if there is no document."""
    return set() if document is None else lists_in(document.sort_key, document.facets)


def lists_in(sort_key: int, facets: str) -> set[str]:
    """Return the lists that show an article of this sort key and these facet terms: the terms of
    its year, month, authors, tags and series, and ``d`` with the ordinal of its day."""
    terms = facets.split()
    lists = {term for term in terms if term[0] in "ymats" and term != "all"}
    if any(term[0] == "m" for term in terms) and NO_DAY not in terms:
        lists.add(f"d{sort_key // SORT_KEY_STEP}")
    return lists


def note_lists(lists: Collection[str]) -> None:
    """Note the addresses of *lists*, as `lists_of` names them, and the former ones of names, which
    end with them. Two queries for each kind of name and one insert; none for no lists."""
    paths = {_dated(term[0], term[1:]) for term in lists if term[0] in "ymd"}
    for letter, (model, subject, folder) in _NAMED.items():
        ids = sorted(int(term[1:]) for term in lists if term[0] == letter)
        for start in range(0, len(ids), _BATCH):
            chunk = ids[start : start + _BATCH]
            # One that is merged into another was noted by the merge.
            slugs = model._default_manager.filter(pk__in=chunk).values_list("slug", flat=True)
            paths |= {f"{folder}/{slug}/" for slug in slugs}
            past = PastAddress.objects.filter(**{f"{subject}__in": chunk})
            paths |= set(past.values_list("path", flat=True))
    note(paths)


def note_files(files: Iterable[Attachment], *, at: int | None = None) -> None:
    """Note the addresses that *files* had at their articles, or *at* another one, and have no
    more; if readers saw the article."""
    numbers = {file.pk: file.article_id if at is None else at for file in files}
    seen = PublicKey.objects.filter(
        article__in=set(numbers.values()), article__first_public_at__isnull=False
    )
    keys = dict(seen.values_list("article_id", "key"))
    note(f"a/{keys[pk]}/files/{number}/" for number, pk in numbers.items() if pk in keys)


def note(paths: Iterable[str]) -> None:
    """Note addresses, without their leading slash; those that are known stay as they are."""
    rows = [GoneAddress(path=path) for path in sorted(paths)]
    if rows:
        GoneAddress.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def _dated(kind: str, value: str) -> str:
    if kind == "d":
        date = datetime.date.fromordinal(int(value)).isoformat()
        return f"articles/{date.replace('-', '/')}/"
    return f"articles/{value}/" if kind == "y" else f"articles/{value[:4]}/{value[4:]}/"
