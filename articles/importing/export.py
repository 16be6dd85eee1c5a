"""The archive written as a listing: the labelled dialect, which is read back without a loss.

Each entry names its article by the permanent key and states all that a listing can say of it, so
that importing what was written changes nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from articles.importing.snapshot import Snapshot
from articles.listing.labelled_text import label_number, write_entry, write_topic
from articles.querysets import ArticleQuerySet
from articles.site_rights import rights_of
from authors.models import Author

#: Articles that are in memory at a time.
CHUNK = 500


def listing_chunks(articles: ArticleQuerySet, title: str) -> Iterator[tuple[str, int]]:
    """Yield *articles* as a listing called *title*, in pieces of text with the number of entries.

    Newest first; those without a date of publication are left out, as a listing has none. Memory
    does not grow with the number of articles.
    """
    yield "\n".join(write_topic(title)) + "\n", 0
    dated = articles.filter(sort_key__isnull=False)
    last: int | None = None
    while True:
        rest = dated if last is None else dated.filter(sort_key__lt=last)
        rows = list(rest.newest_first().values_list("id", "sort_key")[:CHUNK])
        if not rows:
            return
        last = rows[-1][1]
        yield _chunk([pk for pk, _ in rows]), len(rows)


def _chunk(ids: Sequence[int]) -> str:
    states = Snapshot().states(ids)
    credited = {credit["author"] for state in states.values() for credit in state.values["authors"]}
    kinds = dict(Author.objects.filter(pk__in=credited).values_list("id", "kind"))
    lines: list[str] = []
    for pk in ids:
        if (state := states.get(pk)) is None:
            continue  # deleted since its id was read
        lines += [*write_entry(_entry(state.key, state.values, kinds)), ""]
    return "\n".join(lines) + "\n" if lines else ""


def _entry(key: str | None, values: dict[str, Any], kinds: dict[int, str]) -> dict[str, Any]:
    """Return an article in the terms that the dialect writes."""
    return {
        **values,
        # The number stands beside the series; what the label says is read from the label.
        "part_number": label_number(values["part_label"]),
        "authors": [
            {**credit, "kind": kinds.get(credit["author"], "person")}
            for credit in values["authors"]
        ],
        "rights": rights_of(values["rights"]),
        "key": key,
    }
