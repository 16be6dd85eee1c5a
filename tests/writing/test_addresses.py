"""Addresses: what was ever public leads somewhere, whoever comes after."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Article, PastAddress
from articles.writing.articles import save_article, write_articles
from articles.writing.changes import ArticleChange, Credit, InvalidChange
from articles.writing.names import save_named
from articles.writing.operations import begin
from tests.factories import make_article, make_author, make_series, make_tag

pytestmark = pytest.mark.django_db

OLD = "/articles/2020/01/01/foo/"


def change(article: Article, **fields: Any) -> Article:
    return save_article(ArticleChange(article=article, fields=fields), actor=None)


def location(path: str) -> str:
    """Return where *path* leads readers: another address, the same one, or nowhere."""
    response = Client().get(path)
    return {200: path, 404: ""}.get(response.status_code) or response.get("Location", "")


@pytest.fixture
def moved(db: None) -> Article:
    """An article that was at `OLD` and is elsewhere now."""
    article = make_article("Foo", slug="foo", published_on="2020-01-01")
    return change(article, slug="bar")


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_new_article_takes_no_address_that_leads_on(moved: Article, status: str) -> None:
    assert make_article("Foo", published_on="2020-01-01", status=status).slug == "foo-2"
    assert location(OLD) == moved.get_absolute_url()
    assert make_article("Foo", published_on="2020-01-02").slug == "foo"


def test_nor_does_one_of_many_or_one_that_moves_there(moved: Article) -> None:
    change(make_article("Foo 2", slug="foo-2", published_on="2020-01-01"), slug="baz")
    fields = {"headline": "Foo", "published_on": "2020-01-01"}
    changes = [ArticleChange(fields=dict(fields)) for _ in range(3)]
    written = write_articles(changes, begin("edit"))  # type: ignore[arg-type]
    assert [article.slug for article in written] == ["foo-3", "foo-4", "foo-5"]
    other = make_article("Foo", published_on="2020-01-07")
    assert change(other, published_on="2020-01-01").slug == "foo-6"
    assert location(OLD) == moved.get_absolute_url()


def test_an_article_goes_back_to_an_address_of_its_own(moved: Article) -> None:
    change(moved, published_on="2020-05-05", slug="foo")
    assert change(moved, published_on="2020-01-01").slug == "foo"
    assert location(OLD) == OLD


def test_a_chosen_address_leads_on_until_readers_find_the_new_article(moved: Article) -> None:
    draft = make_article("Foo", slug="foo", published_on="2020-01-01", status="draft")
    assert draft.slug == "foo"
    assert location(OLD) == moved.get_absolute_url()
    change(draft, visible_from="2099-01-01T00:00:00Z", status="published")
    assert location(OLD) == moved.get_absolute_url()
    change(draft, visible_from="2021-01-01T00:00:00Z")
    assert location(OLD) == OLD
    assert not PastAddress.objects.exists()


@pytest.mark.parametrize(
    ("make", "title", "section"),
    [
        (make_author, "name", "authors"),
        (make_series, "title", "series"),
        (make_tag, "name", "tags"),
    ],
)
def test_a_second_one_of_a_name_takes_no_address_that_leads_on(
    make: Any, title: str, section: str
) -> None:
    first = make("Jane Roe")
    setattr(first, title, "Jane Doe")
    first.slug = "jane-doe"
    save_named(first, actor=None)
    assert make("Jane Roe").slug == "jane-roe-2"
    assert PastAddress.objects.get(path=f"{section}/jane-roe/").target == first
    setattr(first, title, "Jane Roe of old")
    first.slug = ""
    assert save_named(first, actor=None).slug == "jane-roe-of-old"


@pytest.mark.parametrize("slug", [".", ".."])
def test_dots_alone_are_no_slug(slug: str) -> None:
    with pytest.raises(InvalidChange) as caught:
        make_article(slug=slug)
    assert list(caught.value.errors) == ["slug"]
    with pytest.raises(InvalidChange) as caught:
        make_author("Ana", slug=slug)
    assert list(caught.value.errors) == ["slug"]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("0999-01-05", "/articles/0999/01/05/old/"),
        ("0999-01", "/articles/0999/01/old/"),
        ("0999", "/articles/0999/old/"),
    ],
)
def test_years_before_1000_have_four_digits(written: str, address: str) -> None:
    article = make_article("Old", published_on=written)
    assert article.get_absolute_url() == address
    assert article.published_text() == written
    assert Client().get(address).status_code == 200
    change(article, slug="older")
    assert location(address) == article.__class__.objects.get().get_absolute_url()


class TestTranslations:
    """An original is another article, and no circle leads back."""

    def refused(self, article: Article | None, original: int) -> None:
        fields: dict[str, Any] = {"translation_of": original}
        if article is None:
            fields |= {"headline": "New"}
        with pytest.raises(InvalidChange) as caught:
            save_article(ArticleChange(article=article, fields=fields), actor=None)
        assert list(caught.value.errors) == ["translation_of"]

    def test_an_original_exists(self) -> None:
        self.refused(make_article(), 99_999)
        self.refused(None, 99_999)

    def test_no_article_is_its_own_original(self) -> None:
        one, two, three = make_article(), make_article(), make_article()
        self.refused(one, one.pk)
        change(two, translation_of=one.pk)
        change(three, translation_of=two.pk)
        self.refused(one, three.pk)
        self.refused(one, two.pk)
        change(two, translation_of=None)
        change(one, translation_of=three.pk)

    def test_nor_in_one_act(self) -> None:
        one, two = make_article(), make_article()
        pairs = [(one, two.pk), (two, one.pk)]
        changes = [ArticleChange(a, {"translation_of": original}) for a, original in pairs]
        with pytest.raises(InvalidChange):
            write_articles(changes, begin("edit"))  # type: ignore[arg-type]

    def test_the_direction_may_be_turned_in_one_act(self) -> None:
        one = make_article()
        two = make_article(translation_of=one.pk)
        turned = [(one, two.pk), (two, None)]
        changes = [ArticleChange(a, {"translation_of": original}) for a, original in turned]
        write_articles(changes, begin("edit"))  # type: ignore[arg-type]
        one.refresh_from_db()
        assert one.translation_of_id == two.pk


def test_a_credit_may_be_given_with_an_original() -> None:
    original = make_article()
    author = make_author("Ana")
    article = save_article(
        ArticleChange(
            fields={"headline": "New", "translation_of": original.pk}, credits=[Credit(author.pk)]
        ),
        actor=None,
    )
    assert article.translation_of_id == original.pk
