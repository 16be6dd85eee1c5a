"""Helpers of the tests of undo: runs, edits, and the archive as rows that can be compared."""

from pathlib import Path
from typing import Any

from django.db import models

from articles.importing.undoing.plan import UndoPlan
from articles.importing.undoing.undo import REDO, UNDO, take_back
from articles.models import (
    Article,
    Contribution,
    FacetTotal,
    ImportRun,
    Part,
    PastAddress,
    PublicKey,
    SearchDocument,
    Series,
    SeriesAlias,
    SourceEntry,
    Tag,
    TagAlias,
    TaggedArticle,
)
from articles.writing import checking
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from authors.models import Author, AuthorAlias
from tests.importing.listings import run as run_command
from tests.importing.listings import write_listing

TABLES: tuple[type[models.Model], ...] = (
    Article, Contribution, TaggedArticle, Part, PastAddress, SearchDocument, FacetTotal, Author,
    AuthorAlias, Series, SeriesAlias, Tag, TagAlias,
)  # fmt: skip


def outcomes(plan: UndoPlan) -> dict[str, int]:
    """Return the totals of *plan* that are not nothing."""
    return {name: number for name, number in plan.totals().items() if number}


def entry(number: int, text: str = "Text", byline: str = "By Ana Brandt") -> tuple[str, ...]:
    """Return an invented entry that is unlike every other number's."""
    words = ("harbour", "lantern", "ledger", "tide", "rope", "bell", "chart", "stair", "fog", "key")
    head = f"{words[number % 10].title()} and {words[number // 10 % 10]} of quarter {number}"
    day = (
        f"{1 + number % 28} {('January', 'March', 'May', 'July')[number % 4]} {2000 + number % 20}"
    )
    return (head, f"{byline}, {day}", f"{text} of entry {number}, told at some length.")


def import_entries(
    folder: Path, *entries: tuple[str, ...], status: str = "published", options: Any = ()
) -> ImportRun:
    """Import invented entries as one listing; return the run."""
    path = write_listing(folder, *entries)
    code, out, err = run_command("import_listing", path, "--yes", "--status", status, *options)
    assert code in (0, 1), out + err
    return ImportRun.objects.latest("id")


def undo(run: ImportRun, **options: Any) -> UndoPlan:
    """Take *run* back, and make sure that the archive is in step."""
    plan = take_back(run, UNDO, **options)
    assert list(checking.check()) == []
    run.refresh_from_db()
    return plan


def redo(run: ImportRun, **options: Any) -> UndoPlan:
    """Bring *run* back, and make sure that the archive is in step."""
    plan = take_back(run, REDO, **options)
    assert list(checking.check()) == []
    run.refresh_from_db()
    return plan


def edit(article: Article, actor: Any = None, **fields: Any) -> Article:
    """Change an article as an editor does."""
    article.refresh_from_db()
    return save_article(ArticleChange(article=article, fields=fields), actor=actor)


def archive_rows(*leave_out: str, keys: bool = True) -> dict[str, list[Any]]:
    """Return every row that readers' pages are made of, by table, without the columns named.

    With *keys*, also which article has which permanent key, and which entry leads to which.
    """
    found: dict[str, list[Any]] = {}
    for model in TABLES:
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if field.attname not in leave_out
            and f"{model._meta.model_name}.{field.attname}" not in leave_out
        ]
        rows = model._default_manager.values_list(*names)
        found[model.__name__] = sorted(repr(row) for row in rows)
    if keys:
        found["PublicKey"] = sorted(PublicKey.objects.values_list("key", "article_id"), key=repr)
        links = SourceEntry.objects.exclude(article=None)
        found["SourceEntry"] = sorted(links.values_list("pk", "article_id"))
    return found
