"""Table and full-text index stay one, whatever is written, undone or deleted."""

import datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from articles.models import Article, SearchDocument
from articles.models.article import sort_key_of
from articles.search.base import check, index, optimise, rebuild, remove
from articles.search.columns import document
from tests.search.helpers import document_of, found, look, make

pytestmark = pytest.mark.django_db


def break_index() -> None:
    """Write behind the back of the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO articles_searchindex (articles_searchindex) VALUES ('delete-all')"
            )
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE articles_searchdocument DISABLE TRIGGER USER")
            cursor.execute("UPDATE articles_searchdocument SET vector = NULL")
            cursor.execute("ALTER TABLE articles_searchdocument ENABLE TRIGGER USER")


def test_update_replaces() -> None:
    article = make("First version", body="Kerensky")
    article.headline, article.body = "Second version", "Kornilov"
    article.save()
    index([document_of(article)])
    assert found("first") == found("kerensky") == set()
    assert found("second kornilov") == {"Second version"}
    assert SearchDocument.objects.count() == 1
    assert check() == []


def test_a_changed_date_replaces() -> None:
    article = make("A strike")
    article.published_on = datetime.date(1999, 5, 1)
    article.sort_key = sort_key_of(article.published_on, article.pk)
    article.save()
    index([document_of(article)])
    assert look("strike").newest(10) == [article.sort_key]
    assert SearchDocument.objects.count() == 1
    assert check() == []


def test_the_last_document_of_an_article_counts() -> None:
    article = make("Old words", indexed=False)
    older = document_of(article)
    article.headline = "New words"
    article.save()
    index([older, document_of(article)])
    assert found("new") == {"New words"}
    assert found("old") == set()
    assert check() == []


def test_remove() -> None:
    article = make("Withdrawn strike")
    make("Another strike")
    assert article.sort_key is not None
    remove([article.sort_key, 12345])
    remove([])
    index([])
    assert found("strike") == {"Another strike"}
    assert look("strike", facets=[]).count() == 1
    assert check() == []


def test_many_at_once(django_assert_max_num_queries: object) -> None:
    articles = [make(f"Strike {number}", day=number, indexed=False) for number in range(600)]
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        index(document_of(article) for article in articles)
    assert look("strike", facets=[]).count() == 600
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        index(document_of(article) for article in articles)
    assert look("strike", facets=[]).count() == 600
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        remove(article.sort_key for article in articles if article.sort_key)
    assert look("strike", facets=[]).count() == 0
    assert check() == []


def test_deleting_an_article_deletes_its_words() -> None:
    make("Deleted strike").delete()
    assert look("strike", facets=[]).count() == 0
    assert check() == []


def test_any_write_of_the_table_reaches_the_index() -> None:
    make("Some strike")
    SearchDocument.objects.update(headline="lockout")
    assert look("lockout", facets=[]).count() == 1
    assert look("strike", facets=[]).count() == 0
    SearchDocument.objects.all().delete()
    assert look("lockout", facets=[]).count() == 0
    assert check() == []


def test_rollback() -> None:
    first = make("First strike")
    assert first.sort_key is not None
    with transaction.atomic():
        make("Second strike")
        first.headline = "Changed"
        index([document_of(first)])
        remove([first.sort_key])
        transaction.set_rollback(True)
    assert found("strike") == {"First strike"}
    assert look("strike", facets=[]).count() == 1
    assert look("changed", facets=[]).count() == 0
    assert check() == []


def test_check_and_rebuild() -> None:
    keys = [make(f"Strike {number}", day=number).sort_key for number in range(25)]
    break_index()
    reported = check()
    assert str(min(key for key in keys if key)) in reported[0]
    assert "5 more" in reported[-1]
    assert look("strike", facets=[]).count() == 0
    rebuild()
    assert check() == []
    assert look("strike", facets=[]).count() == 25


def test_check_sees_other_words() -> None:
    make("Strike")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER articles_searchindex_update")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "DROP TRIGGER articles_searchdocument_vectors ON articles_searchdocument"
            )
    SearchDocument.objects.update(headline="lockout")
    reported = check()
    assert "trigger" in reported[0]
    assert "other words" in reported[1]


def test_optimise_changes_no_result() -> None:
    make("Strike")
    optimise()
    assert found("strike") == {"Strike"}
    assert check() == []


@pytest.mark.slow
def test_endless_text_is_indexed_by_its_beginning() -> None:
    numbers = " ".join(f"word{number:x}" for number in range(300_000))
    long = "".join(chr(0x4E00 + number % 20_000) for number in range(400_000))
    article = make("Endless", body="beginning " + numbers, standfirst=numbers, names=[numbers])
    assert found("beginning") == {"Endless"}
    assert found("word1") == {"Endless"}
    article.body = long
    index([document_of(article)])
    assert found(long[:4]) == {"Endless"}
    article.body = "\U0001f600 " * 1_000 + "a'b-c " * 200_000
    index([document_of(article)])
    assert found("a'b-c") == {"Endless"}
    columns = document(headline="x", body_text=numbers, language="en")
    assert len(columns.body) < 1_000_000


@pytest.mark.django_db(transaction=True)
class TestWithoutTransaction:
    """Between these tests the tables are flushed, which the index must survive."""

    @pytest.mark.parametrize("turn", [1, 2])
    def test_flush_leaves_nothing(self, turn: int) -> None:
        assert look("strike", facets=[]).count() == 0
        assert check() == []
        make("Strike")
        assert look("strike", facets=[]).count() == 1

    def test_committed_and_rolled_back(self) -> None:
        with transaction.atomic():
            make("First strike")
        with transaction.atomic():
            make("Second strike")
            transaction.set_rollback(True)
        assert found("strike") == {"First strike"}
        assert look("strike", facets=[]).count() == 1
        assert check() == []

    @pytest.mark.slow
    def test_migration_goes_back_and_forth(self) -> None:
        article = make("Strike")
        call_command("migrate", "articles", "0001", verbosity=0)
        # What is written without the index is in it afterwards.
        Article.objects.filter(pk=article.pk).update(headline="Lockout")
        SearchDocument.objects.update(headline="lockout")
        call_command("migrate", "articles", verbosity=0)
        assert found("lockout") == {"Lockout"}
        assert check() == []
        call_command("migrate", "articles", "zero", verbosity=0)
        tables = connection.introspection.table_names()
        assert not [table for table in tables if table.startswith("articles_")]
        call_command("migrate", verbosity=0)
        make("Strike again")
        assert found("strike") == {"Strike again"}
