"""Old addresses: what they lead to now, as far as the public may know."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, unquote

from django.db.models import Model, Q

from articles.criteria import Criteria
from articles.models import Article, PastAddress
from articles.totals import AUTHORS, SERIES, TAGS, Named


def moved_to(path: str, query: str = "") -> str:
    """Return the present address of what *path* once led to, or ``""``.

    With *query* also of what an old site had at the path with that query, or under a number
    (``?p=123``) whatever the path.
    """
    wanted = path.lstrip("/")
    names = [*_numbered(query), *([f"{wanted}?{unquote(query)}"] if query else [])]
    turned = wanted.rstrip("/") if wanted.endswith("/") else f"{wanted}/"
    names += [wanted, wanted.lower(), turned, turned.lower()] if wanted else []
    names = [name for name in dict.fromkeys(names) if len(name) <= 400]
    rows = {row.path: row for row in PastAddress.objects.filter(path__in=names)} if names else {}
    for name in names:
        target = _public_target(rows[name]) if name in rows else None
        if target is not None:
            address: str = target.get_absolute_url()  # type: ignore[attr-defined]
            return "" if unquote(address).strip("/") == wanted.strip("/") else address
    return ""


def filters_moved_to(criteria: Criteria, unknown: Mapping[str, Iterable[str]]) -> Criteria:
    """Return *criteria* with the present slugs of what their *unknown* ones once named.

    *unknown* are slugs by dimension. What no reader may know of stays as it was asked for.
    """
    for related in (AUTHORS, TAGS, SERIES):
        present = _present_slugs(related, list(unknown.get(related.dimension, ())))
        if present:
            for name in (related.dimension, f"not_{related.dimension}"):
                given = getattr(criteria, name)
                slugs = tuple(dict.fromkeys(present.get(slug, slug) for slug in given))
                criteria = criteria.but(**{name: slugs})
    return criteria


def _present_slugs(related: Named, slugs: Sequence[str]) -> dict[str, str]:
    """Return the slugs that readers find now under some of the former *slugs*."""
    if not slugs:
        return {}
    start = f"{related.dimension}/"
    paths = {f"{start}{form}/": form for slug in slugs for form in (slug, slug.lower())}
    subject = f"{related.link_name}_id"
    past = PastAddress.objects.filter(path__in=paths).values_list("path", subject)
    ids = {paths[path]: pk for path, pk in past if pk is not None}
    found = dict(related.named().filter(pk__in=ids.values()).values_list("pk", "slug"))
    present = {former: found[pk] for former, pk in ids.items() if pk in found}
    return {
        slug: name for slug in slugs if (name := present.get(slug) or present.get(slug.lower()))
    }


def _numbered(query: str) -> list[str]:
    """Return the numbers that an old site's articles were asked for by, as past addresses."""
    if len(query) > 2000:
        return []
    return [
        f"?{name}={value}"
        for name, value in parse_qsl(query)
        if name in ("p", "page_id") and re.fullmatch("[0-9]{1,12}", value)
    ][:2]


def _public_target(past: PastAddress) -> Model | None:
    """Return what *past* leads to, unless its present address would tell what is not public."""
    found: Model | None
    if past.article_id is not None:
        articles = Article.objects.filter(pk=past.article_id)
        gone = articles.published().first() or articles.gone().first()
        if gone is None or gone.merged_into_id is None:
            return gone
        return survivor_of(gone) or (gone if gone.was_public else None)
    for related, pk in ((AUTHORS, past.author_id), (SERIES, past.series_id), (TAGS, past.tag_id)):
        if pk is not None:
            found = related.named().filter(Q(pk=pk)).first()
            return found
    return None


def survivor_of(copy: Article) -> Article | None:
    """Return the article that *copy* was merged into, as far as readers may know of it."""
    if copy.merged_into_id is None:
        return None
    found = Article.objects.filter(pk=copy.merged_into_id)
    return found.published().first() or found.withdrawn().first()
