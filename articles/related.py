"""Articles related to one: they share tags, people or series with it.

The rarer what two articles share, the more it relates them.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.utils.translation import gettext as _

from articles.models import Article, FacetTotal
from articles.rows import ArticleRow
from articles.totals import AUTHORS, SERIES, TAGS, Named

#: How many are shown.
MOST = 4
#: How many links of one dimension are looked at. What more articles share than this relates none of
#: them in particular; its own page is one click away.
MOST_LINKS = 500


@dataclass(frozen=True, slots=True)
class Related:
    """A related article and what it shares, in words."""

    row: ArticleRow
    reasons: tuple[str, ...]


def related_to(article: Article, shown: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the sort keys of the articles most related to *article*, the nearest first, each
    with what it shares in words.

    *article* comes with its links (`for_detail`); the articles of the sort keys in *shown* stand on
    its page already. Two queries, which read at most `MOST_LINKS` rows of a dimension.
    """
    own = {
        AUTHORS: {item.author_id: item.author.name for item in article.contributions.all()},
        TAGS: {item.tag_id: item.tag.name for item in article.tagged_articles.all()},
        SERIES: {item.series_id: item.series.title for item in article.parts.all()},
    }
    terms = [f"{related.prefix}{pk}" for related, names in own.items() for pk in names]
    found = FacetTotal.objects.filter(term__in=terms).exclude(term="all")
    totals = dict(found.values_list("term", "count"))
    by_prefix = {related.prefix: related for related in own}
    links = [
        _links(related, chosen)
        for related, names in own.items()
        if (chosen := _rarest(related, names, totals))
    ]
    scores: dict[int, float] = {}
    shared: dict[int, dict[Named, set[str]]] = {}
    left_out = {article.sort_key, *shown}
    # A set: one article may credit one author in two roles.
    for prefix, key, pk in set(links[0].union(*links[1:], all=True)) if links else ():
        if key in left_out:
            continue
        related = by_prefix[prefix]
        scores[key] = scores.get(key, 0.0) + 1 / (1 + math.log2(max(totals[f"{prefix}{pk}"], 1)))
        shared.setdefault(key, {}).setdefault(related, set()).add(own[related][pk])
    here = article.sort_key or 0
    best = sorted(scores, key=lambda key: (-round(scores[key], 9), abs(key - here), key))[:MOST]
    return {key: tuple(_reasons(shared[key])) for key in best}


def _rarest(related: Named, names: Iterable[int], totals: dict[str, int]) -> list[int]:
    """Return the rarest of some authors, tags or series: as many as `MOST_LINKS` has room for."""
    chosen: list[int] = []
    room = MOST_LINKS
    counted = [(totals[term], pk) for pk in names if (term := f"{related.prefix}{pk}") in totals]
    for count, pk in sorted(counted):
        room -= count
        if room < 0:
            break
        chosen.append(pk)
    return chosen


def _links(related: Named, chosen: list[int]) -> "QuerySet[Any, Any]":
    """Return dimension, sort key and value of the public articles under the *chosen* values."""
    links: QuerySet[Any, Any] = related.link._default_manager.filter(
        **{f"{related.link_name}__in": chosen}, is_public=True
    )
    rows: QuerySet[Any, Any] = links.order_by().annotate(prefix=Value(related.prefix, CharField()))
    return rows.values_list("prefix", "sort_key", f"{related.link_name}_id")


def _reasons(shared: dict[Named, set[str]]) -> Iterable[str]:
    for related, words in (
        (SERIES, _("same series: %s")),
        (AUTHORS, _("same names: %s")),
        (TAGS, _("same tags: %s")),
    ):
        if related in shared:
            yield words % ", ".join(sorted(shared[related]))
