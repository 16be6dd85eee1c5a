"""Signed links that show one article before it is published, for a time.

A link names the article, the account that made it, and when it ends. It opens nothing else, and
ends early if the account could not make it any more, or the article is withdrawn. One of an
editor's own look opens nothing for anybody else. The signature is that of
`django.core.signing` (HMAC-SHA256 with the site's secret key).
"""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.urls import reverse

from articles import clock

_SALT = "articles.preview_links"
#: Days for which a link may last.
DAYS = (1, 7, 30)
#: How long an editor's own look takes.
OWN_LOOK = datetime.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class PreviewLink:
    """What a link says: the article, the account that made it, the moment when it ends, and
    whether it is for nobody but that account."""

    article_id: int
    user_id: int
    until: datetime.datetime
    is_own_look: bool


def preview_path(
    article_id: int, user_id: int, lasts: datetime.timedelta, *, is_own_look: bool = False
) -> str:
    """Return the path of a new link to an article that *lasts* so long from now."""
    until = clock.now() + lasts
    values = [article_id, user_id, int(until.timestamp()), *([1] if is_own_look else [])]
    token = signing.dumps(values, salt=_SALT)
    return reverse("preview", args=[token])


def read_token(token: str) -> PreviewLink | None:
    """Return what *token* says; None if it is not ours, or has ended."""
    try:
        article_id, user_id, ends, *own = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    until = datetime.datetime.fromtimestamp(ends, datetime.UTC)
    return PreviewLink(article_id, user_id, until, bool(own)) if until > clock.now() else None
