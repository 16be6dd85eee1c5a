"""Fixtures and the archive: reading a file, what its plan must know, and writing one out."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from articles import clock
from articles.choices import OperationKind
from articles.importing import files
from articles.importing.fixture_format import (
    Fixture,
    InvalidFixture,
    fixture_text,
    parse_fixture,
)
from articles.importing.fixture_plan import NAMED_FIELDS, Archive, NamedState
from articles.importing.records import ArticleState, ParsedListing, Values
from articles.importing.snapshot import Snapshot
from articles.models import Article, FieldChange, PublicKey, Series, Tag
from articles.writing import index, names
from articles.writing.state import columns_of, lists_of, moment_text
from authors.models import Author

#: Any of the three models: they share the fields that are used of them here.
MODELS: dict[str, Any] = {
    "authors": Author,
    "series": Series,
    "tags": Tag,
}
_SUBJECTS = {"authors": "author", "series": "series", "tags": "tag"}


def read_fixture(path: Path) -> tuple[Fixture, ParsedListing]:
    """Return a fixture file, checked. Raises `files.UnreadableFile` with file and place."""
    file = files.read_text(path)
    try:
        fixture = parse_fixture("\n".join(file.lines))
    except InvalidFixture as error:
        raise files.UnreadableFile(f"{path}: {error}") from error
    listing = ParsedListing(
        path=str(path),
        sha256=file.sha256,
        size=file.size,
        encoding=file.encoding,
        input_format="fixture",
        topic=None,
        line_count=len(file.lines),
        newest_first=True,
        entries=(),
    )
    return fixture, listing


def read_archive(fixture: Fixture, source_key: str) -> Archive:
    """Return what the plan of *fixture* needs to know of the archive. Writes nothing."""
    keys = [article.values["key"] for article in fixture.articles]
    owners: dict[str, int | None] = {}
    for chunk in index.batches(keys):
        owners |= dict(PublicKey.objects.filter(key__in=chunk).values_list("key", "article_id"))
    states = _states([pk for pk in owners.values() if pk is not None])
    return Archive(
        named={
            "authors": dict(_named("authors", fixture.authors)),
            "series": dict(_named("series", fixture.series)),
            "tags": dict(_named("tags", fixture.tags)),
        },
        articles={key: states[pk] for key, pk in owners.items() if pk is not None},
        known=Snapshot().known_entries(source_key),
        reserved=frozenset(key for key, pk in owners.items() if pk is None),
        now=moment_text(clock.now()) or "",
    )


def _named(kind: str, rows: Iterable[Values]) -> Iterator[tuple[str, NamedState]]:
    slugs = [row["slug"] for row in rows]
    for chunk in index.batches(slugs):
        found = {row.pk: row for row in MODELS[kind].objects.filter(slug__in=chunk)}
        imported: dict[int, Values] = {pk: {} for pk in found}
        changes = FieldChange.objects.filter(
            subject_type=_SUBJECTS[kind],
            subject_id__in=found,
            operation__kind=OperationKind.IMPORT,
        )
        for change in changes.order_by("id"):
            imported[change.subject_id][change.field] = change.new
        for pk, row in found.items():
            yield (
                row.slug,
                NamedState(pk, row.version, _named_values(kind, row), imported[pk]),
            )


def _named_values(kind: str, row: Author | Series | Tag) -> Values:
    return {
        name: names.aliases_of(row) if name == "aliases" else getattr(row, name)
        for name in NAMED_FIELDS[kind]
    }


def _states(article_ids: Iterable[int]) -> dict[int, ArticleState]:
    """Return articles with values in the terms of a fixture's entries: references as slugs."""
    found: dict[int, ArticleState] = {}
    for chunk in index.batches(sorted(article_ids)):
        for article, values in _article_values(chunk):
            values["authors"] = [
                {"name": row["author"], **row} for row in values.pop("contributions")
            ]
            values["series"] = [
                {"title": row["series"], "kind": "", **row} for row in values.pop("parts")
            ]
            found[article.pk] = ArticleState(
                article.pk, values["key"], article.version, article.status, values
            )
    return found


def _article_values(ids: Iterable[int]) -> Iterator[tuple[Article, Values]]:
    """Yield articles with their values as a fixture has them, in the order of *ids*."""
    wanted = list(ids)
    lists = lists_of(wanted)
    slugs = {
        kind: dict(
            MODELS[kind]
            .objects.filter(
                pk__in={item[name] for values in lists.values() for item in values[field]}
            )
            .values_list("pk", "slug")
        )
        for kind, field, name in (
            ("authors", "credits", "author"),
            ("series", "parts", "series"),
            ("tags", "tags", "tag"),
        )
    }
    articles = Article.objects.select_related("public_key", "translation_of__public_key").in_bulk(
        wanted
    )
    for pk in wanted:
        article = articles[pk]
        values = columns_of(article)
        original = article.translation_of
        values["key"] = article.public_key.key
        values["translation_of"] = original.public_key.key if original else None
        values["contributions"] = [
            {"author": slugs["authors"][item["author"]], "role": item["role"]}
            for item in lists[pk]["credits"]
        ]
        values["parts"] = sorted(
            (
                {"series": slugs["series"][item["series"]], "part_number": item["part_number"]}
                for item in lists[pk]["parts"]
            ),
            key=lambda row: str(row["series"]),
        )
        values["tags"] = sorted(slugs["tags"][item["tag"]] for item in lists[pk]["tags"])
        yield article, values


def export_fixture() -> str:
    """Return the whole archive as a fixture: equal archives give equal bytes.

    Articles come newest first, those without a date last, by key; the rest by slug.
    """
    content: Values = {
        kind: [
            {"slug": row.slug, **_named_values(kind, row)} for row in model.objects.order_by("slug")
        ]
        for kind, model in MODELS.items()
    }
    dated = Article.objects.filter(sort_key__isnull=False).order_by("-sort_key")
    undated = Article.objects.filter(sort_key__isnull=True).order_by("public_key__key")
    ids = [*dated.values_list("pk", flat=True), *undated.values_list("pk", flat=True)]
    content["articles"] = [
        values for chunk in index.batches(ids) for _, values in _article_values(chunk)
    ]
    return fixture_text(content)
