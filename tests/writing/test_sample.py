"""The sample comes once, goes on request, and takes nothing of an editor's with it."""

import pytest

from articles.models import Article, Finding, ImportRun, Series, Source, Tag
from articles.writing import checking
from articles.writing.articles import save_article
from articles.writing.changes import ArticleChange
from authors.models import Author
from tests.factories import make_article
from tests.importing.listings import run

pytestmark = pytest.mark.django_db


def test_the_sample_comes_in_once() -> None:
    _, out, _ = run("import_sample")
    assert "100 articles imported, 95 of them public" in out
    assert ImportRun.objects.get().file_name == "fixtures/listings/history-of-russia.txt"
    _, out, _ = run("import_sample")
    assert "nothing to do" in out
    assert Article.objects.count() == 100


def test_removed_it_is_gone_and_stays_gone() -> None:
    run("import_sample")
    _, out, _ = run("remove_sample")
    assert "100 articles of the sample removed, 0 kept" in out
    for model in (Article, Author, Series, Tag, Finding):
        assert not model._default_manager.exists(), model
    run("import_sample")
    assert not Article.objects.exists()
    assert not list(checking.check())


def test_what_an_editor_touched_or_made_is_kept() -> None:
    run("import_sample")
    edited = Article.objects.published().newest_first().first()
    assert edited is not None
    save_article(ArticleChange(article=edited, fields={"kicker": "Mine"}), actor=None)
    author = Author.objects.get(name="Clara Weiss")
    mine = make_article("My own", authors=[author])
    run("remove_sample")
    assert set(Article.objects.all()) == {edited, mine}
    assert Author.objects.filter(pk=author.pk).exists()
    assert Source.objects.get().removed is not None
    assert not list(checking.check())
