"""Listings that the archive wrote itself, imported again: selections, no versions of a page.

Their entries state permanent keys. What they say is the archive's own word, so that it is not what
the source said last: a later version of the page must not take an editor's correction for the
page's. Where nothing else of the source speaks of an article, they do.
"""

from articles.choices import Outcome
from articles.models import ImportRun, SourceEntry

#: What such a run has among its options.
MARK = "selection"


def runs_of(source_key: str) -> set[int]:
    """Return the runs of a source that imported a selection."""
    rows = ImportRun.objects.filter(source__key=source_key).values_list("id", "options")
    return {pk for pk, options in rows if (options or {}).get(MARK)}


def own_words(source_key: str, runs: set[int]) -> set[int]:
    """Return the entries of these *runs* that repeat what the archive has, by key, as far as
    another entry of the source speaks of the same article."""
    if not runs:
        return set()
    entries = SourceEntry.objects.filter(listing__source__key=source_key, article__isnull=False)
    stated = dict(
        entries.filter(run__in=runs, values__key__isnull=False)
        .exclude(values__key=None)
        .exclude(change=Outcome.CREATE)
        .values_list("id", "article_id")
    )
    spoken = {
        article
        for pk, article in entries.values_list("id", "article_id").iterator()
        if pk not in stated
    }
    return {pk for pk, article in stated.items() if article in spoken}
