"""Articles about a person who wrote, too: by the tags that are linked to the author."""

from collections.abc import Sequence
from dataclasses import dataclass

from articles.counting import live
from articles.listed import rows_with
from articles.models import Tag
from articles.prepared import Prepared
from articles.rows import ArticleRow, address_of
from articles.totals import AUTHORS, TAGS
from authors.models import Author

#: Articles about somebody that the author's page shows, the newest first; and tags of one person.
SHOWN, MOST_TAGS = 5, 5

_TAGS = Prepared(
    lambda _now, pk: (
        Tag.objects.filter(author=pk).order_by("pk").values_list("pk", "name", "slug")[:MOST_TAGS]
    ),
    int,
)


@dataclass(frozen=True, slots=True)
class About:
    """What the archive has about one author: some articles, how many there are, and the tags that
    have them all, each with its address."""

    rows: Sequence[ArticleRow]
    total: int
    tags: Sequence[tuple[str, str]]


def about(author: Author) -> About | None:
    """Return what there is about *author*; None if nothing public is. One query, and a second if
    there is something."""
    postings = live.current()
    tags = [row for row in _TAGS.rows(author.pk) if f"{TAGS.prefix}{row[0]}" in postings.terms]
    if not tags:
        return None
    ids = postings.any_of(f"{TAGS.prefix}{pk}" for pk, _name, _slug in tags)
    keys = postings.keys(ids, SHOWN)
    rows = sorted(rows_with(keys), key=lambda row: -row.sort_key)
    return About(
        rows,
        postings.kind.count(ids),
        [(name, address_of("tag", slug)) for _pk, name, slug in tags],
    )


def written_by(tag: Tag) -> Author | None:
    """Return whom *tag* is about, if readers find something by them. One query at most."""
    if tag.author_id is None or f"{AUTHORS.prefix}{tag.author_id}" not in live.current().terms:
        return None
    return Author.objects.filter(pk=tag.author_id).first()


#: Where the identifiers of well-known schemes are looked up.
_SCHEMES = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/"),
    "viaf": ("VIAF", "https://viaf.org/viaf/"),
    "gnd": ("GND", "https://d-nb.info/gnd/"),
    "orcid": ("ORCID", "https://orcid.org/"),
    "isni": ("ISNI", "https://isni.org/isni/"),
    "lccn": ("LCCN", "https://id.loc.gov/authorities/"),
    "geonames": ("GeoNames", "https://www.geonames.org/"),
}


def identifiers(external_ids: object) -> list[tuple[str, str, str]]:
    """Return scheme, identifier and address (``""`` for a scheme that is not known) of each of
    *external_ids*, in the order of the schemes."""
    found = []
    for name, value in sorted(external_ids.items() if isinstance(external_ids, dict) else ()):
        label, base = _SCHEMES.get(str(name).lower(), (str(name), ""))
        text = str(value).strip()
        # Nothing but the characters of an identifier gets into an address.
        is_plain = text.replace("-", "").replace(".", "").isalnum() and text.isascii()
        if text:
            found.append((label, text, f"{base}{text}" if base and is_plain else ""))
    return found
