"""Addresses of what was removed: recognised by their fingerprints, since nothing else is kept."""

from collections.abc import Callable

from articles.models import Article, SitePage
from articles.redacting import marks
from articles.totals import AUTHORS, SERIES, TAGS, Named

_NAMED: dict[str, Named] = {"author": AUTHORS, "series": SERIES, "tag": TAGS}


def _article(pk: int) -> str:
    found = Article.objects.filter(pk=pk).published().first()
    return found.get_absolute_url() if found else ""


def _page(pk: int) -> str:
    found = SitePage.objects.published().filter(pk=pk).first()
    return found.get_absolute_url() if found else ""


_OTHERS: dict[str, Callable[[int], str]] = {"article": _article, "sitepage": _page}


def leads_to(path: str) -> str | None:
    """Return where an address leads that held removed words: to what is left of it, or ``""``.

    None if nothing was removed from there.
    """
    mark = marks.find_address(path)
    if mark is None:
        return None
    kind, pk = mark.subject_type, mark.subject_id or 0
    if kind in _NAMED:
        row = _NAMED[kind].named().filter(pk=pk).first()
        address: str = row.get_absolute_url() if row else ""
        return address
    return _OTHERS[kind](pk) if kind in _OTHERS else ""
