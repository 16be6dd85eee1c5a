"""Giving permanent keys: random, and never twice."""

import secrets

from articles.models import Article, PublicKey
from articles.public_keys import ALPHABET, LENGTH


def new_keys(count: int) -> list[str]:
    """Return *count* keys that no article has or had."""
    found: set[str] = set()
    while len(found) < count:
        fresh = {
            "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            for _ in range(count - len(found))
        }
        taken = set(PublicKey.objects.filter(key__in=fresh).values_list("key", flat=True))
        found |= fresh - taken
    return list(found)


def give_keys(articles: list[Article], wanted: dict[int, str] | None = None) -> None:
    """Give each of *articles* a key: the one in *wanted* by its id, else a new one."""
    wanted = wanted or {}
    fresh = iter(new_keys(sum(article.pk not in wanted for article in articles)))
    PublicKey.objects.bulk_create(
        [
            PublicKey(key=wanted.get(article.pk) or next(fresh), article=article)
            for article in articles
        ],
        batch_size=500,
    )
