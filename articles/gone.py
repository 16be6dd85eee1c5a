"""Which addresses once showed readers something, and show nothing now: a day, month, year, author,
tag or series that no public article is left of, files, and pages of the sitemap with none of all
these. They say so (410), and name nothing.

What is noted when something leaves an address is in `articles.writing.gone_addresses`.
"""

from collections.abc import Mapping

from django.db.models import CharField, Max, Q, Value
from django.db.models.functions import Concat

from articles import sitemaps
from articles.models import Article, Attachment, GoneAddress
from articles.public_keys import normalise_key
from articles.totals import nfc

_FOLDERS = {"author": "authors", "tag": "tags", "series": "series"}
#: No row has a higher number, and no database could be asked for one.
_HIGHEST = 2**62


def was_public(name: str, given: Mapping[str, str]) -> bool:
    """Return whether the address called *name* with the arguments *given*, which shows nothing,
    once showed something. One query, three at most for a file, and none for other addresses."""
    if name == "attachment":
        return _was_file(normalise_key(given["key"]), int(given["number"]))
    if name == "sitemap-page":
        return _was_in_sitemap(given["kind"], int(given["number"]))
    if name in ("year", "month", "day"):
        dated = [given[part] for part in ("year", "month", "day") if part in given]
        return _is_noted("/".join(["articles", *dated, ""]))
    folder = _FOLDERS.get(name.removesuffix("-feed"))
    if folder is None:
        return False
    slug = given["slug"]
    return _is_noted(*(f"{folder}/{nfc(form)}/" for form in (slug, slug.lower())))


def _is_noted(*paths: str) -> bool:
    return GoneAddress.objects.filter(path__in=paths).exists()


def _was_in_sitemap(kind: str, number: int) -> bool:
    """Whether a row that readers saw stands on this page of the sitemap, or stood."""
    first, last = sitemaps.ids_of(number)
    if last > _HIGHEST:
        return False
    if kind == sitemaps.ARTICLES:
        return Article.objects.filter(
            pk__gt=first, pk__lte=last, first_public_at__isnull=False
        ).exists()
    if kind not in sitemaps.NAMED:
        return False
    rows = sitemaps.NAMED[kind].model._default_manager.filter(pk__gt=first, pk__lte=last)
    path = Concat(Value(f"{kind}/"), "slug", Value("/"), output_field=CharField())
    return GoneAddress.objects.filter(path__in=rows.values_list(path)).exists()


def _was_file(key: str, number: int) -> bool:
    """Whether readers saw a file of this number: it was taken off, or went with its article."""
    if number > _HIGHEST:
        return False
    # What was merged into an article has its files there as well, and at its own addresses.
    withdrawn = Article.objects.withdrawn().filter(
        Q(public_key__key=key) | Q(merged_articles__public_key__key=key)
    )
    moment = withdrawn.aggregate(last=Max("withdrawn_at"))["last"]
    if moment is not None:
        own = Q(article__in=withdrawn) | Q(article__merged_into__in=withdrawn)
        # What was attached since, nobody saw.
        if Attachment.objects.filter(own, pk=number, created__lt=moment).exists():
            return True
    return _is_noted(f"a/{key}/files/{number}/")
