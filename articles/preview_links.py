"""Signed links that show one article before it is published, for a time.

A link names the article, the account that made it, and when it ends. It opens nothing else, and
ends early if the account is closed or the article is withdrawn. The signature is that of
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
    """What a link says: the article, the account that made it, and the moment when it ends."""

    article_id: int
    user_id: int
    until: datetime.datetime


def preview_path(article_id: int, user_id: int, lasts: datetime.timedelta) -> str:
    """Return the path of a new link to an article that *lasts* so long from now."""
    until = clock.now() + lasts
    token = signing.dumps([article_id, user_id, int(until.timestamp())], salt=_SALT)
    return reverse("preview", args=[token])


def read_token(token: str) -> PreviewLink | None:
    """Return what *token* says; None if it is not ours, or has ended."""
    try:
        article_id, user_id, ends = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    until = datetime.datetime.fromtimestamp(ends, datetime.UTC)
    return PreviewLink(article_id, user_id, until) if until > clock.now() else None
