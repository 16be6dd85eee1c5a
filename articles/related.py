"""Articles related to one: they share tags, people or series with it.

The rarer what two articles share, the more it relates them.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.counting import live
from articles.counting.postings import Postings
from articles.models import Article
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


def related_to(
    article: Article, series: Mapping[int, str], shown: Iterable[int]
) -> dict[int, tuple[str, ...]]:
    """Return the sort keys of the articles most related to *article*, the nearest first, each
    with what it shares in words.

    *article* comes with its links (`for_detail`), *series* are those that it stands in, by id, and
    the articles of the sort keys in *shown* stand on its page already. No query.
    """
    own: dict[Named, Mapping[int, str]] = {
        AUTHORS: {item.author_id: item.author.name for item in article.contributions.all()},
        TAGS: {item.tag_id: item.tag.name for item in article.tagged_articles.all()},
        SERIES: series,
    }
    postings = live.current()
    scores: dict[int, float] = {}
    shared: dict[int, dict[Named, set[str]]] = {}
    left_out = {article.sort_key, *shown}
    for related, names in own.items():
        for pk, count in _rarest(related, names, postings):
            ids = postings.terms[f"{related.prefix}{pk}"]
            weight = 1 / (1 + math.log2(max(count, 1)))
            for key in postings.keys(ids, count):
                if key not in left_out:
                    scores[key] = scores.get(key, 0.0) + weight
                    shared.setdefault(key, {}).setdefault(related, set()).add(names[pk])
    here = article.sort_key or 0
    best = sorted(scores, key=lambda key: (-round(scores[key], 9), abs(key - here), key))[:MOST]
    return {key: tuple(_reasons(shared[key])) for key in best}


def _rarest(related: Named, names: Iterable[int], postings: Postings) -> list[tuple[int, int]]:
    """Return the rarest of some authors, tags or series with their counts: as many as `MOST_LINKS`
    has room for."""
    chosen: list[tuple[int, int]] = []
    room = MOST_LINKS
    terms = {pk: f"{related.prefix}{pk}" for pk in names}
    counted = [
        (postings.kind.count(postings.terms[term]), pk)
        for pk, term in terms.items()
        if term in postings.terms
    ]
    for count, pk in sorted(counted):
        room -= count
        if room < 0:
            break
        chosen.append((pk, count))
    return chosen


def _reasons(shared: dict[Named, set[str]]) -> Iterable[str]:
    for related, words in (
        (SERIES, _("same series: %s")),
        (AUTHORS, _("same names: %s")),
        (TAGS, _("same tags: %s")),
    ):
        if related in shared:
            yield words % ", ".join(sorted(shared[related]))
