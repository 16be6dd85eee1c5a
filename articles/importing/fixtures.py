"""Fixtures and the archive: reading a file, what its plan must know, and writing one out."""

import json
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import Any

from articles import clock
from articles.choices import OperationKind
from articles.cleaning import clean_line
from articles.importing import files, undone
from articles.importing.fixture_format import (
    Fixture,
    InvalidFixture,
    fixture_text,
    parse_fixture,
)
from articles.importing.fixture_plan import NAMED_FIELDS, Archive, NamedState
from articles.importing.records import ArticleState, ParsedListing, Values
from articles.importing.snapshot import Snapshot
from articles.models import Article, FieldChange, PastAddress, PublicKey, Series, Tag
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
    owners = _owners({article.values["key"] for article in fixture.articles})
    originals = _owners({article.values["translation_of"] for article in fixture.articles} - {None})
    states = _states([pk for pk in owners.values() if pk is not None])
    reserved = {key for key, pk in owners.items() if pk is None}
    return Archive(
        named={
            "authors": dict(_named("authors", fixture.authors)),
            "series": dict(_named("series", fixture.series)),
            "tags": dict(_named("tags", fixture.tags)),
        },
        articles={key: states[pk] for key, pk in owners.items() if pk is not None},
        known=Snapshot().known_entries(source_key),
        reserved=frozenset(reserved - undone.keys_given_up(reserved)),
        withdrawn_by_undo=frozenset(undone.withdrawn_by_undo(states)),
        originals={key: pk for key, pk in originals.items() if pk is not None},
        present={kind: _present_slugs(kind) for kind in MODELS},
        now=moment_text(clock.now()) or "",
    )


def _owners(keys: Set[str]) -> dict[str, int | None]:
    """Return the article of each of *keys* that was ever given: None if it was deleted."""
    owners: dict[str, int | None] = {}
    for chunk in index.batches(sorted(keys)):
        owners |= dict(PublicKey.objects.filter(key__in=chunk).values_list("key", "article_id"))
    return owners


def _moved(kind: str, slugs: Iterable[str]) -> dict[str, Any]:
    """Return the rows that former *slugs* lead to: they were renamed, or merged, since."""
    subject = _SUBJECTS[kind]
    paths = {f"{kind}/{slug}/": slug for slug in slugs}
    past = PastAddress.objects.filter(path__in=paths, **{f"{subject}__isnull": False})
    return {paths[row.path]: getattr(row, subject) for row in past.select_related(subject)}


def _had_slug(kind: str, row: Any, slug: str) -> bool:
    """Whether *row* itself had *slug*, not one that was merged into it."""
    changes = FieldChange.objects.filter(
        subject_type=_SUBJECTS[kind], subject_id=row.pk, field="slug"
    )
    return slug in changes.values_list("old", flat=True)


def _present_slugs(kind: str) -> dict[str, str]:
    """Return the slug of today by each former one."""
    subject = _SUBJECTS[kind]
    past = PastAddress.objects.filter(**{f"{subject}__isnull": False})
    rows = past.values_list("path", f"{subject}__slug").iterator()
    return {path.split("/")[1]: slug for path, slug in rows}


def _named(kind: str, rows: list[Values]) -> Iterator[tuple[str, NamedState]]:
    others = {row["slug"] for row in rows}
    for chunk in index.batches(rows):
        wanted = {row["slug"]: row for row in chunk}
        found = {row.pk: row for row in MODELS[kind].objects.filter(slug__in=wanted)}
        # The slug under which the fixture has each.
        called = {pk: row.slug for pk, row in found.items()}
        moved = _moved(kind, wanted.keys() - set(called.values()))
        for slug, row in sorted(moved.items()):
            if row.pk not in found and row.slug not in others and _had_slug(kind, row, slug):
                # Renamed here: the same row, whose other fields follow the fixture.
                found[row.pk], called[row.pk] = row, slug
        imported: dict[int, Values] = {pk: {} for pk in found}
        former: dict[int, set[str]] = {pk: set() for pk in found}
        changes = FieldChange.objects.filter(
            subject_type=_SUBJECTS[kind], subject_id__in=found
        ).select_related("operation__import_run")
        for change in changes.order_by("id"):
            if change.field in {"name", "title"} and change.old:
                former[change.subject_id].add(change.old)
            run = change.operation.import_run
            if change.operation.kind != OperationKind.IMPORT or (run and run.undone):
                continue
            if change.field == "aliases":
                # What imports added, whatever editors had added meanwhile.
                taken = set(change.old or []) - set(change.new or [])
                added = [item for item in change.new or [] if item not in (change.old or [])]
                kept = imported[change.subject_id].get("aliases", [])
                change.new = [item for item in kept if item not in taken] + added
            imported[change.subject_id][change.field] = change.new
        for pk, row in found.items():
            values, last = _named_values(kind, row), imported[pk]
            spelled = _Spellings(kind, row, former[pk])
            last["aliases"] = spelled.settle(last.get("aliases", []))
            slug = called[pk]
            settled = spelled.settle(wanted[slug]["aliases"])
            yield slug, NamedState(pk, row.version, values, last, settled)
        for slug, row in moved.items():
            if slug in called.values():
                continue
            # Merged into another one: what the fixture calls it leads on, and changes nothing.
            given = {name: wanted[slug][name] for name in NAMED_FIELDS[kind]}
            yield slug, NamedState(row.pk, row.version, given, given, given["aliases"])


class _Spellings:
    """Turns lists of aliases into what the writer makes of them, to compare them with the stored.

    The own name is no alias, a spelling that is there already stays as it is written, and former
    names stay, whoever renamed.
    """

    def __init__(self, kind: str, row: Author | Series | Tag, former: Iterable[str]) -> None:
        self.model = MODELS[kind]
        aliases = self.model._meta.get_field("aliases").related_model
        self.limit: int = aliases._meta.get_field("name").max_length
        self.own = self.key(str(row))
        self.present = {self.key(name): name for name in names.aliases_of(row)}
        keys = map(self.key, former)
        self.kept = {key: self.present[key] for key in keys if key in self.present}

    def key(self, name: str) -> str:
        return names.alias_key(self.model, name)

    def settle(self, aliases: Iterable[str]) -> list[str]:
        spelled = dict(self.kept)
        for alias in aliases:
            name = clean_line(alias, self.limit)
            key = self.key(name)
            if key and key != self.own:
                spelled.setdefault(key, self.present.get(key, name))
        return sorted(spelled.values())


def _named_values(kind: str, row: Author | Series | Tag) -> Values:
    values = {
        name: names.aliases_of(row) if name == "aliases" else getattr(row, name)
        for name in NAMED_FIELDS[kind]
    }
    if kind == "authors":
        # Forms take any JSON; a fixture has texts, sorted since PostgreSQL does not keep an order.
        given = values["external_ids"]
        values["external_ids"] = {
            clean_line(name): value if isinstance(value, str) else json.dumps(value)
            for name, value in sorted(given.items() if isinstance(given, dict) else ())
        }
    return values


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
