"""Counts of the whole archive, as the writers keep them, and the names that they belong to."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from articles.counting import live
from articles.counting.postings import Postings
from articles.models import Contribution, FacetTotal, Part, Series, Tag, TaggedArticle
from articles.prepared import Prepared
from authors.models import Author

#: How many values of a dimension are shown, the chosen ones apart.
TOP = 12


def nfc(text: str) -> str:
    """Return *text* composed, as slugs are stored; some systems send it decomposed."""
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Named:
    """A dimension whose values are rows: authors, tags, series."""

    dimension: str
    prefix: str
    model: type[Model]
    link: type[Model]
    link_name: str
    label: str

    def named(self) -> QuerySet[Any]:
        """Return those of its rows that stand with a public article: no others are ever named."""
        links = self.link._default_manager.filter(**{self.link_name: OuterRef("pk")})
        return self.model._default_manager.filter(Exists(links.filter(is_public=True)))

    def find(self, slug: str) -> Any:
        """Return the row of *slug*, or of a slug that differs from it in case or Unicode form
        only; None if there is none."""
        spellings = [form for text in (slug, slug.lower()) for form in (text, nfc(text))]
        terms = live.current().terms
        fields = [field.attname for field in self.model._meta.concrete_fields]
        found = {}
        for values in self._by_slug().rows(*spellings):
            row: Any = self.model.from_db(None, fields, values)
            if f"{self.prefix}{row.pk}" in terms:
                found[row.slug] = row
        return found.get(slug) or next(iter(found.values()), None)

    def _by_slug(self) -> Prepared:
        if self.dimension not in _BY_SLUG:
            fields = [field.attname for field in self.model._meta.concrete_fields]
            rows = self.model._default_manager
            _BY_SLUG[self.dimension] = Prepared(
                lambda _now, *slugs: rows.filter(slug__in=slugs).values_list(*fields), *[str] * 4
            )
        return _BY_SLUG[self.dimension]

    def totals(self, wanted: Q | None = None) -> dict[int, int]:
        """Return the counts of the most frequent rows in the whole archive by id, or those of
        *wanted*."""
        found = FacetTotal.objects.filter(term__startswith=self.prefix).exclude(term="all")
        found = found.order_by("-count", "term")
        found = found[:TOP] if wanted is None else found.filter(wanted)
        return {int(term[1:]): count for term, count in found.values_list("term", "count")}


_BY_SLUG: dict[str, Prepared] = {}
AUTHORS = Named("authors", "a", Author, Contribution, "author", "name")
TAGS = Named("tags", "t", Tag, TaggedArticle, "tag", "name")
SERIES = Named("series", "s", Series, Part, "series", "title")

#: Slug, label, count.
Row = tuple[str, str, int]


def named_rows(related: Named, postings: Postings, counts: Mapping[str, int]) -> list[Row]:
    """Return the rows of the terms *counts*, by falling count, then by name. One query, unless
    all of them were shown before."""
    names = postings.names
    missing = [int(term[1:]) for term in counts if term not in names]
    if missing:
        found = related.model._default_manager.filter(pk__in=missing)
        for pk, *called in found.values_list("pk", "collation_key", "slug", related.label):
            names[f"{related.prefix}{pk}"] = tuple(called)
    # What was deleted a moment ago has no name any more.
    rows = [(-count, *names[term]) for term, count in counts.items() if term in names]
    return [(slug, label, -count) for count, _key, slug, label in sorted(rows)]


def top_rows(related: Named) -> list[Row]:
    """Return the most frequent rows of a dimension in the whole archive."""
    postings = live.current()
    return named_rows(related, postings, postings.top(related.prefix, postings.all, TOP))


def all_totals(related: Named) -> dict[int, int]:
    """Return the counts of all rows of a dimension by id, for its index."""
    return related.totals(Q())


def year_totals() -> dict[int, int]:
    """Return the counts of all years in the whole archive."""
    return {int(term[1:]): count for term, count in live.current().totals("y").items()}


def month_totals(year: int) -> dict[int, int]:
    """Return the counts of the months of *year* in the whole archive."""
    postings = live.current()
    terms = {month: f"m{year:04d}{month:02d}" for month in range(1, 13)}
    return {
        month: postings.kind.count(postings.terms[term])
        for month, term in terms.items()
        if term in postings.terms
    }


def archive_totals() -> dict[str, int]:
    """Return the size of the whole archive: articles, authors, and articles with full text."""
    postings = live.current()
    return {
        "articles": postings.size,
        "authors": len(postings.totals(AUTHORS.prefix)),
        "full_text": postings.counted("f1", postings.all),
    }
