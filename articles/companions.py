"""Who and what stands together: co-authors of an author, tags beside a tag."""

from typing import Any

from articles.counting import live
from articles.rows import address_of
from articles.totals import TOP, Named, named_rows

#: Name, address, number of articles in common.
Companion = tuple[str, str, int]


def companions_of(related: Named, subject: Any) -> list[Companion]:
    """Return the authors, tags or series that share the most public articles with *subject*, one
    of the same dimension. They are counted in memory; one query has the names not known yet."""
    postings = live.current()
    own = f"{related.prefix}{subject.pk}"
    counts = postings.top(related.prefix, postings.any_of([own]), TOP + 1)
    counts.pop(own, None)
    rows = named_rows(related, postings, counts)
    name = related.link_name
    return [(label, address_of(name, slug), count) for slug, label, count in rows[:TOP]]
