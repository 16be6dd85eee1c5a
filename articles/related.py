"""Articles related to one: they share tags, people or series with it.

The rarer what two articles share, the more it relates them.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
#: Scores that differ by less are the same: sums of the same weights in another order.
_SAME = 1e-8


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
    scores: defaultdict[int, float] = defaultdict(float)
    shared: list[tuple[Named, str, frozenset[int]]] = []
    for related, names in own.items():
        for pk, count in _rarest(related, names, postings):
            ids = frozenset(postings.kind.ids(postings.terms[f"{related.prefix}{pk}"]))
            weight = 1 / (1 + math.log2(max(count, 1)))
            shared.append((related, names[pk], ids))
            for other in ids:
                scores[other] += weight
    for key in {article.sort_key or 0, *shown}:
        scores.pop(postings.id_of(key), None)
    here = article.sort_key or 0
    # Only those that may be among the first are put in order.
    least = min(nlargest(MOST, scores.values()), default=0.0) - _SAME
    near = [(postings.key_of(pk), score) for pk, score in scores.items() if score >= least]
    near.sort(key=lambda item: (-round(item[1], 9), abs(item[0] - here), item[0]))
    return {key: tuple(_reasons(shared, postings.id_of(key))) for key, _score in near[:MOST]}


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


def _reasons(shared: Iterable[tuple[Named, str, frozenset[int]]], pk: int) -> Iterable[str]:
    for dimension in (SERIES, AUTHORS, TAGS):
        names = {name for related, name, ids in shared if related is dimension and pk in ids}
        if names:
            words = {
                SERIES: _("same series: %s"),
                AUTHORS: ngettext("same name: %s", "same names: %s", len(names)),
                TAGS: ngettext("same tag: %s", "same tags: %s", len(names)),
            }
            yield words[dimension] % ", ".join(sorted(names))
