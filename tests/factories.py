"""Rows for tests, made through the writers, as everything is."""

import itertools
from typing import Any

from articles.choices import OperationKind
from articles.models import Article, Operation, Series, Tag
from articles.writing import names, operations
from articles.writing.articles import save_article, write_articles
from articles.writing.changes import ArticleChange, Credit, Place
from authors.models import Author
from authors.names import sort_name

_numbers = itertools.count(1)


def make_author(
    name: str | None = None, *, aliases: list[str] | None = None, **fields: Any
) -> Author:
    """Return a stored author."""
    name = name or f"Author {next(_numbers)}"
    fields.setdefault("sort_name", sort_name(name, fields.get("kind", "person")))
    return names.save_named(Author(name=name, **fields), aliases=aliases, actor=None)


def make_series(
    title: str | None = None, *, aliases: list[str] | None = None, **fields: Any
) -> Series:
    """Return a stored series."""
    title = title or f"Series {next(_numbers)}"
    return names.save_named(Series(title=title, **fields), aliases=aliases, actor=None)


def make_tag(name: str | None = None, *, aliases: list[str] | None = None, **fields: Any) -> Tag:
    """Return a stored tag."""
    name = name or f"Tag {next(_numbers)}"
    return names.save_named(Tag(name=name, **fields), aliases=aliases, actor=None)


def make_article(headline: str | None = None, *, actor: Any = None, **said: Any) -> Article:
    """Return a stored article, published on 1 March 2020 unless what is *said* is otherwise.

    Authors may be rows, names or (row, role); tags rows or names; series rows or (row, number).
    ``published_on`` is text: YYYY, YYYY-MM or YYYY-MM-DD.
    """
    change = _made(operations.begin(OperationKind.EDIT), headline, **said)
    return save_article(change, actor=actor)


def make_articles(*several: dict[str, Any]) -> list[Article]:
    """Return stored articles, each as `make_article` would make it of what is said of it. They are
    made in one act, which takes a tenth of the time: most of it is the same for one and many."""
    operation = operations.begin(OperationKind.EDIT)
    return write_articles([_made(operation, **said) for said in several], operation)


def _made(
    operation: Operation,
    headline: str | None = None,
    *,
    authors: list[Author | str | tuple[Author, str]] | None = None,
    tags: list[Tag | str] | None = None,
    series: list[Series | tuple[Series, int | None]] | None = None,
    key: str | None = None,
    **fields: Any,
) -> ArticleChange:
    fields.setdefault("published_on", "2020-03-01")
    fields.setdefault("status", "published")
    credits = []
    for author in authors or []:
        row, role = author if isinstance(author, tuple) else (author, "aut")
        if isinstance(row, str):
            ids = names.find_spelled(Author, [row])[row]
            row = Author.objects.get(pk=ids[0]) if ids else make_author(row)
        credits.append(Credit(row.pk, role))
    places = [
        Place(item[0].pk, item[1]) if isinstance(item, tuple) else Place(item.pk)
        for item in series or []
    ]
    tag_ids = [
        tag.pk if isinstance(tag, Tag) else names.resolve_tags([tag], operation=operation)[0].pk
        for tag in tags or []
    ]
    return ArticleChange(
        fields={"headline": headline or f"Headline {next(_numbers)}", **fields},
        credits=credits,
        tags=tag_ids,
        parts=places,
        key=key,
    )
