"""Who and what stands together: co-authors of an author, tags beside a tag."""

from typing import Any

from django.urls import reverse

from articles.counting import live
from articles.totals import TOP, Named

#: Name, address, number of articles in common.
Companion = tuple[str, str, int]


def companions_of(related: Named, subject: Any) -> list[Companion]:
    """Return the authors, tags or series that share the most public articles with *subject*, one
    of the same dimension. They are counted in memory; one query has their names."""
    postings = live.current()
    own = f"{related.prefix}{subject.pk}"
    counts = postings.top(related.prefix, postings.any_of([own]), TOP + 1)
    ids = {int(term[len(related.prefix) :]): count for term, count in counts.items()}
    rows = related.model._default_manager.filter(pk__in=ids).order_by("collation_key", "pk")
    found = [
        (label, reverse(related.link_name, args=[slug]), ids[pk])
        for pk, slug, label in rows.values_list("pk", "slug", related.label)
        if pk != subject.pk
    ]
    return sorted(found, key=lambda row: -row[2])[:TOP]
