"""Giving permanent keys: random, and never twice."""

import datetime
import secrets
from base64 import b32encode
from collections.abc import Sequence

from articles import bulk
from articles.models import Article, PublicKey
from articles.public_keys import ALPHABET, LENGTH

_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET)


def _random_keys(count: int) -> set[str]:
    # RFC 4648's base 32 in Crockford's letters: 5 random bytes are 8 characters.
    text = b32encode(secrets.token_bytes(5 * count)).decode("ascii").translate(_LETTERS)
    return {text[start : start + LENGTH] for start in range(0, len(text), LENGTH)}


def new_keys(count: int) -> list[str]:
    """Return *count* keys that no article has or had."""
    found: set[str] = set()
    while len(found) < count:
        fresh = _random_keys(count - len(found))
        taken = set(PublicKey.objects.filter(key__in=fresh).values_list("key", flat=True))
        found |= fresh - taken
    return list(found)


def give_keys(articles: list[Article], wanted: dict[int, str] | None = None) -> None:
    """Give each of *articles* a key: the one in *wanted* by its id, else a new one."""
    wanted = wanted or {}
    # One that an undo gave up, and that is asked for by name, is taken up again.
    PublicKey.objects.filter(key__in=wanted.values(), article=None).delete()
    fresh = iter(new_keys(sum(article.pk not in wanted for article in articles)))
    PublicKey.objects.bulk_create(
        [
            PublicKey(key=wanted.get(article.pk) or next(fresh), article=article)
            for article in articles
        ],
        batch_size=500,
    )


def insert_keys(ids: Sequence[int], wanted: Sequence[str | None], now: datetime.datetime) -> None:
    """Give each new article of *ids* its key in *wanted*, else a new one; as `give_keys`."""
    fresh = iter(new_keys(sum(key is None for key in wanted)))
    bulk.insert(
        PublicKey,
        ("key", "article", "created"),
        [(key or next(fresh), pk, now) for pk, key in zip(ids, wanted, strict=True)],
    )
