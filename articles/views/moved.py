"""Old addresses: what they lead to now, as far as the public may know."""

from urllib.parse import unquote

from django.db.models import Model, Q

from articles.models import Article, PastAddress
from articles.totals import AUTHORS, SERIES, TAGS


def moved_to(path: str) -> str:
    """Return the present address of what *path* once led to, or ``""``."""
    wanted = path.lstrip("/")
    if len(wanted) > 400:
        return ""
    past = PastAddress.objects.filter(path__in={wanted, wanted.lower()}).first()
    target = None if past is None else _public_target(past)
    if target is None:
        return ""
    address: str = target.get_absolute_url()  # type: ignore[attr-defined]
    return "" if unquote(address).strip("/") == wanted.strip("/") else address


def _public_target(past: PastAddress) -> Model | None:
    """Return what *past* leads to, unless its present address would tell what is not public."""
    found: Model | None
    if past.article_id is not None:
        articles = Article.objects.filter(pk=past.article_id)
        found = articles.published().first() or articles.withdrawn().first()
        return found
    for related, pk in ((AUTHORS, past.author_id), (SERIES, past.series_id), (TAGS, past.tag_id)):
        if pk is not None:
            found = related.named().filter(Q(pk=pk)).first()
            return found
    return None
