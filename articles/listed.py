"""Plain rows of public articles by their sort keys."""

from collections.abc import Sequence

from articles.models import Article
from articles.prepared import Prepared
from articles.rows import ArticleRow, rows_of

#: Keys of one statement. A page of a list has as many; what has fewer asks for some of them again.
_KEYS = 50
_ROWS = Prepared(
    lambda now, *keys: (
        Article.objects.published(now)
        .filter(sort_key__in=keys)
        .order_by()
        .for_list()
        .values_list(*ArticleRow.__slots__)
    ),
    *[int] * _KEYS,
)


def rows_with(sort_keys: Sequence[int]) -> list[ArticleRow]:
    """Return the public articles with these sort keys, in any order. One query, if any."""
    if not sort_keys:
        return []
    if len(sort_keys) > _KEYS:
        found = Article.objects.published().filter(sort_key__in=sort_keys).order_by()
        return rows_of(found.for_list())
    filled = [*sort_keys, *[sort_keys[0]] * (_KEYS - len(sort_keys))]
    return [ArticleRow(*row) for row in _ROWS.rows(*filled)]
