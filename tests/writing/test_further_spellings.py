"""What else an author, a series or a tag is called leads readers to the articles."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.choices import OperationKind
from articles.models import Article, SearchDocument
from articles.search.base import search
from articles.writing import checking, index, operations
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange, Credit, Place, StaleVersion
from articles.writing.creating import Creation
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from articles.writing.names import TITLE, resolve_tags, save_named
from authors.models import Author
from tests.factories import make_article, make_author, make_series, make_tag
from tests.importing.listings import import_json, write_listing

pytestmark = pytest.mark.django_db

KINDS: dict[str, tuple[Callable[..., Any], str]] = {
    "author": (make_author, "authors"),
    "series": (make_series, "series"),
    "tag": (make_tag, "tags"),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def found(text: str) -> set[str]:
    rows = search(Article.objects.published(), text).queryset
    return set(rows.values_list("headline", flat=True))


def is_in_step() -> bool:
    return not list(checking.check())


@every_kind
def test_a_former_name_finds_after_a_rename(kind: str) -> None:
    make, argument = KINDS[kind]
    row = make("Quillon")
    make_article("Bells", **{argument: [row]})
    setattr(row, TITLE[type(row)], "Harrow")
    save_named(row, actor=None)
    assert found("quillon") == found("harrow") == {"Bells"}
    assert is_in_step()


@every_kind
def test_a_spelling_finds_as_long_as_it_leads_there(kind: str) -> None:
    make, argument = KINDS[kind]
    row = make("Quillon")
    make_article("Bells", **{argument: [row]})
    assert found("harrow") == set()
    save_named(row, aliases=["Harrow"], actor=None)
    assert found("harrow") == {"Bells"}
    assert is_in_step()
    save_named(row, aliases=[], actor=None)
    assert found("harrow") == set()
    assert is_in_step()


@every_kind
def test_within_a_larger_operation_too(kind: str) -> None:
    make, argument = KINDS[kind]
    row = make("Quillon")
    make_article("Bells", **{argument: [row]})
    operation = operations.begin(OperationKind.EDIT)
    save_named(row, aliases=["Harrow"], actor=None, operation=operation)
    assert found("harrow") == {"Bells"}
    assert is_in_step()


@every_kind
def test_a_merge_lets_either_name_find_all_and_taking_it_back_does_not(kind: str) -> None:
    make, argument = KINDS[kind]
    survivor, copy = make("Quillon"), make("Harrow", aliases=["Harrowgate"])
    make_article("Bells", **{argument: [survivor]})
    make_article("Buoys", **{argument: [copy]})
    operation = merge_named(survivor, [copy], actor=None)
    for name in ("quillon", "harrow", "harrowgate"):
        assert found(name) == {"Bells", "Buoys"}, name
    assert is_in_step()
    unmerge(operation, actor=None)
    assert (found("quillon"), found("harrow")) == ({"Bells"}, {"Buoys"})
    assert found("harrowgate") == {"Buoys"}
    assert is_in_step()


@every_kind
def test_another_case_or_accent_adds_nothing(kind: str) -> None:
    make, argument = KINDS[kind]
    row = make("Gomułka")
    make_article("Bells", **{argument: [row]})
    before = SearchDocument.objects.get().names
    setattr(row, TITLE[type(row)], "GOMULKA")
    save_named(row, actor=None)
    assert SearchDocument.objects.get().names.split() == before.split()
    assert is_in_step()


def test_new_articles_of_an_import_are_found_by_them(tmp_path: Path) -> None:
    author = make_author("Ana Brandt", aliases=["A. Quillon"])
    tag, column = make_tag("Tides", aliases=["Ebb"]), make_series("Weather", aliases=["Squalls"])
    changes = [
        ArticleChange(
            fields={"headline": name, "published_on": "2021-01-02", "status": "published"},
            credits=[Credit(author.pk), Credit(author.pk, "trl")],
            tags=[tag.pk],
            parts=[Place(column.pk)],
            from_source=True,
        )
        for name in ("Bells", "Buoys")
    ]
    creation = Creation()
    creation.create(changes)
    creation.finish()
    for name in ("quillon", "ebb", "squalls"):
        assert found(name) == {"Bells", "Buoys"}, name
    assert is_in_step()
    import_json(
        write_listing(tmp_path, ("Lamps", "By A. Quillon, 9 February 2021", "They burn all night."))
    )
    assert Article.objects.get(headline="Lamps").credit == "Ana Brandt"
    assert "Lamps" in found("quillon")
    assert is_in_step()


def test_a_spelling_added_while_an_import_writes_is_there_at_its_end() -> None:
    author = make_author("Ana Brandt")
    creation = Creation()
    creation.create(
        [
            ArticleChange(
                fields={"headline": "Bells", "published_on": "2021-01-02", "status": "published"},
                credits=[Credit(author.pk)],
            )
        ]
    )
    # As another transaction would: it does not see the new article.
    author.aliases.create(name="Quillon", key="quillon")
    creation.finish()
    assert found("quillon") == {"Bells"}
    assert is_in_step()


def test_spellings_cost_no_query_for_each_article() -> None:
    rows = [make_author(f"Author {place}", aliases=[f"Alias {place}"]) for place in range(40)]
    articles = [make_article(authors=[row], tags=["Sea"]) for row in rows]
    counts = []
    for some in (articles[:1], articles):
        with CaptureQueriesContext(connection) as queries:
            index.documents_for([article.pk for article in some])
        counts.append(len(queries))
    # Credits, tags and places; the names of authors and of tags; the articles.
    assert counts == [6, 6]


# Nothing is credited to what is gone


@pytest.mark.parametrize("name", ["credits", "tags", "parts"])
def test_what_is_gone_is_said_in_words(name: str) -> None:
    article = make_article()
    lists: dict[str, Any] = {"credits": [Credit(10**6)], "tags": [10**6], "parts": [Place(10**6)]}
    with pytest.raises(StaleVersion, match="was merged or deleted just now"):
        save_article(ArticleChange(article=article, **{name: lists[name]}), actor=None)
    fields = {"headline": "New", "published_on": "2021-01-02", "status": "published"}
    with pytest.raises(StaleVersion, match="was merged or deleted just now"):
        Creation().create([ArticleChange(fields=fields, **{name: lists[name]})])
    article.refresh_from_db()
    assert (article.version, Article.objects.count()) == (1, 1)
    assert is_in_step()


def test_tags_that_are_resolved_find_too() -> None:
    operation = operations.begin(OperationKind.EDIT)
    tag = make_tag("Tides", aliases=["Ebb and flow"])
    assert resolve_tags(["ebb AND flow"], operation=operation) == [tag]
    make_article("Bells", tags=["Ebb and flow"])
    assert found('"ebb and flow"') == {"Bells"}
    assert Author.objects.count() == 0
