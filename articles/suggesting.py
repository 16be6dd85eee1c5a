"""What a reader may mean while typing: authors, series and tags by any spelling, headlines."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.beginnings import Begins
from articles.folding import fold
from articles.models import Article, FacetTotal, SeriesAlias, TagAlias
from articles.rows import rows_of
from articles.search import base
from articles.totals import AUTHORS, SERIES, TAGS, Named
from authors.models import AuthorAlias

#: So many of each kind, and of headlines, are suggested.
MOST = 4
#: So many names that begin alike are looked at for the most frequent of them.
MOST_LOOKED_AT = 100
#: So many are looked at where the reader wants to see them all.
MOST_CALLED = 1_000
#: From so many letters on headlines are suggested as well.
LEAST_FOR_HEADLINES = 3
#: A longer text is no beginning of anything.
MAX_LENGTH = 100
_ALIASES: dict[str, Any] = {"authors": AuthorAlias, "tags": TagAlias, "series": SeriesAlias}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that the text may mean, and its page."""

    kind: str
    label: str
    url: str
    #: Public articles behind a name; None for an article itself.
    count: int | None = None


def suggest(text: str) -> list[Suggestion]:
    """Return what *text* may be the beginning of: names first, the most frequent ones first."""
    text = text.strip()
    if not text or len(text) > MAX_LENGTH:
        return []
    return [*_names(fold(text)), *_headlines(text)]


def called(related: Named, begin: str) -> dict[int, tuple[str, str]]:
    """Return slug and label, by id, of the rows of a dimension one of whose spellings has a word
    that begins with the folded text *begin*, or whose surname does; at most `MOST_CALLED`, and only
    those that readers see."""
    name = related.link_name
    rows = _ALIASES[related.dimension].objects.filter(
        Q(Begins("key", begin)) | Q(key__contains=f" {begin}"),
        **{f"{name}__in": related.named()},
    )
    found = rows.order_by("key").values_list(
        f"{name}_id", f"{name}__slug", f"{name}__{related.label}"
    )[:MOST_CALLED]
    by_id = {pk: (slug, label) for pk, slug, label in found}
    if related is AUTHORS:
        by_id |= {pk: (slug, label) for pk, slug, label in _by_surname(begin)}
    return by_id


def _names(begin: str) -> list[Suggestion]:
    if not begin:
        return []
    found: dict[str, tuple[Named, Any]] = {}
    for related, rows in (
        (AUTHORS, _by_alias(AUTHORS, AuthorAlias, begin)),
        (AUTHORS, _by_surname(begin)),
        (SERIES, _by_alias(SERIES, SeriesAlias, begin)),
        (TAGS, _by_alias(TAGS, TagAlias, begin)),
    ):
        for pk, slug, label in rows:
            found.setdefault(f"{related.prefix}{pk}", (related, (slug, label)))
    totals = FacetTotal.objects.filter(term__in=found, count__gt=0)
    counted = sorted(
        ((count, *found[term]) for term, count in totals.values_list("term", "count")),
        key=lambda item: (-item[0], item[2][1], item[2][0]),
    )
    return [
        Suggestion(kind, label, reverse(name, args=[slug]), count)
        for related, kind, name in (
            (AUTHORS, _("Author"), "author"),
            (SERIES, pgettext("one", "Series"), "series"),
            (TAGS, _("Tag"), "tag"),
        )
        for count, _related, (slug, label) in [item for item in counted if item[1] is related][
            :MOST
        ]
    ]


def _by_alias(related: Named, aliases: Any, begin: str) -> Any:
    name = related.link_name
    # Asked of each row as the index yields it, so that hidden names take nobody's place.
    links = related.link._default_manager.filter(**{name: OuterRef(f"{name}_id")}, is_public=True)
    rows = aliases.objects.filter(Begins("key", begin), Exists(links)).order_by("key")
    return rows.values_list(f"{name}_id", f"{name}__slug", f"{name}__{related.label}")[
        :MOST_LOOKED_AT
    ]


def _by_surname(begin: str) -> Any:
    rows = AUTHORS.named().filter(Begins("collation_key", begin)).order_by("collation_key")
    return rows.values_list("pk", "slug", "name")[:MOST_LOOKED_AT]


def _headlines(text: str) -> list[Suggestion]:
    if len(fold(text)) < LEAST_FOR_HEADLINES:
        return []
    # The last word may not be finished, unless something follows it.
    begin = f"{text}*" if text[-1].isalnum() else text
    found = base.search(Article.objects.published(), begin, facets=[])
    if found.query.is_empty:
        return []
    rows = rows_of(found.rows(found.in_headline(MOST)))
    return [Suggestion(_("Article"), row.headline, row.url) for row in rows]
