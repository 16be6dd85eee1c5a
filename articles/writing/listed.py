"""From values as a listing says them to a change of an article: names become rows.

What the terms of the JSON report call ``authors``, ``series`` and ``tags`` are names; the archive's
rows are found by their spellings, and made where there is none.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from articles.choices import SeriesKind
from articles.folding import fold
from articles.models import Article, Operation, Part, Series, SourceEntry, Tag, TaggedArticle
from articles.writing import index, names, new_names
from articles.writing.changes import ArticleChange, Credit, InvalidChange, Place
from articles.writing.state import BLOCK_FIELDS, LINE_FIELDS
from authors.models import Author, AuthorKind

#: What a listing may say of an article, and an editor may take from it.
COLUMNS = (*LINE_FIELDS, *BLOCK_FIELDS, "published_on", "source_url", "body", "slug")


def listed_change(
    article: Article | None,
    values: Mapping[str, Any],
    operation: Operation,
    source_entry: SourceEntry | None,
    before: Mapping[str, Any] | None = None,
) -> ArticleChange:
    """Return the change that gives *article* (None: a new one) these *values*.

    Authors replace the credits; series are added to the places that it has, tags likewise, and
    those of *before* go that *values* have no more. Raises `InvalidChange` for a name that leads
    to several rows, and for a field that no listing sets.
    """
    was = before or {}
    unknown = values.keys() - {*COLUMNS, "authors", "series", "tags", "status"}
    if unknown:
        raise InvalidChange(
            {name: _("is to be changed by hand, in the form of the article") for name in unknown}
        )
    fields: dict[str, Any] = {
        name: value if name == "published_on" else value or ""
        for name, value in values.items()
        if name in COLUMNS or name == "status"
    }
    return ArticleChange(
        article=article,
        fields=fields,
        credits=_credits(values["authors"], operation) if "authors" in values else None,
        tags=_tags(article, values["tags"], was.get("tags"), operation)
        if "tags" in values
        else None,
        parts=_parts(article, values["series"], was.get("series"), operation)
        if "series" in values
        else None,
        source_entry=source_entry,
        from_source=article is None,
    )


def find_credited(credits: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[int]]:
    """Return the authors that each credit may be, by its ``name`` and ``kind``.

    A collective is never a person, whatever the aliases say.
    """
    wanted = {(credit["name"], credit.get("kind") or AuthorKind.PERSON) for credit in credits}
    found = names.find_spelled(Author, [name for name, _kind in wanted])
    persons: set[int] = set()
    others = {name for name, kind in wanted if kind != AuthorKind.PERSON}
    for chunk in index.batches(sorted({pk for name in others for pk in found[name]})):
        rows = Author.objects.filter(pk__in=chunk, kind=AuthorKind.PERSON)
        persons |= set(rows.values_list("pk", flat=True))
    return {
        (name, kind): [pk for pk in found[name] if kind == AuthorKind.PERSON or pk not in persons]
        for name, kind in wanted
    }


def _one(found: list[int], name: str, field: str) -> int | None:
    if len(found) > 1:
        raise InvalidChange({field: _("“%s” leads to several rows: choose by hand") % name})
    return found[0] if found else None


def _credits(authors: Iterable[Mapping[str, Any]], operation: Operation) -> list[Credit]:
    given = [dict(credit) for credit in authors or []]
    spelled = find_credited(given)
    chosen = [credit["author"] for credit in given if credit.get("author")]
    known = dict(Author.objects.filter(pk__in=chosen).values_list("pk", "kind"))
    made: dict[tuple[str, str], int] = {}
    credits: list[Credit] = []
    for credit in given:
        name, kind = credit["name"], credit.get("kind") or AuthorKind.PERSON.value
        pk = credit.get("author") if credit.get("author") in known else None
        if pk is not None and kind != AuthorKind.PERSON and known[pk] == AuthorKind.PERSON:
            # Our correspondents are nobody in particular.
            pk = None
        key = fold(name), kind
        pk = pk or _one(spelled[name, kind], name, "authors") or made.get(key)
        if pk is None:
            pk = made[key] = new_names.create_authors([(name, kind)], operation)[name]
        credits.append(Credit(pk, credit.get("role") or "aut"))
    return list(dict.fromkeys(credits))


def _tags(
    article: Article | None, tags: Iterable[str], was: Iterable[str] | None, operation: Operation
) -> list[int]:
    found = [tag.pk for tag in names.resolve_tags(tags or [], operation=operation)]
    if article is not None:
        gone = {pk for ids in names.find_spelled(Tag, was or []).values() for pk in ids}
        rows = TaggedArticle.objects.filter(content_object=article).exclude(tag__in=gone)
        found += rows.values_list("tag_id", flat=True)
    return sorted(set(found))


def _parts(
    article: Article | None,
    series: Iterable[Mapping[str, Any]],
    was: Iterable[Mapping[str, Any]] | None,
    operation: Operation,
) -> list[Place]:
    gone = {place["title"]: place.get("kind") or SeriesKind.SERIAL for place in was or []}
    spelled = names.find_spelled(Series, gone)
    left = {
        pk
        for title, kind in gone.items()
        for pk in Series.objects.filter(pk__in=spelled[title], kind=kind).values_list(
            "pk", flat=True
        )
    }
    places: dict[int, Place] = {}
    if article is not None:
        for pk, number in Part.objects.filter(article=article).values_list(
            "series_id", "part_number"
        ):
            if pk not in left:
                places[pk] = Place(pk, number)
    for place in series or []:
        title, kind = place["title"], place.get("kind") or SeriesKind.SERIAL
        ids = names.find_spelled(Series, [title])[title]
        kept = Series.objects.filter(pk__in=ids, kind=kind).values_list("pk", flat=True)
        series_id = _one(list(kept), title, "series")
        if series_id is None:
            series_id = new_names.create_series([(title, kind)], operation)[title, kind]
        places[series_id] = Place(series_id, place.get("part_number"))
    return list(places.values())
