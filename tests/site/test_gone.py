"""Lists of which everything was withdrawn: their addresses answer, and name nothing."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client

from articles.choices import Status
from articles.models import Article
from articles.writing.articles import save_article, set_status
from articles.writing.changes import ArticleChange, Credit, Place
from articles.writing.name_merging import merge_named
from articles.writing.name_unmerging import unmerge
from articles.writing.names import save_named
from tests.factories import make_article, make_author, make_series, make_tag
from tests.site.conftest import text_of

pytestmark = pytest.mark.django_db

LISTS = (
    "/articles/1871/", "/articles/1871/02/", "/articles/1871/02/03/", "/authors/ada-moss/",
    "/authors/ada-moss/feed.atom", "/tags/sea/", "/tags/sea/feed.atom", "/series/tides/",
    "/series/tides/feed.atom",
)  # fmt: skip


def make(status: str = "published", published_on: str = "1871-02-03") -> Article:
    return make_article(
        "Bell", published_on=published_on, status=status, authors=[make_author("Ada Moss")],
        tags=[make_tag("Sea")], series=[make_series("Tides")],
    )  # fmt: skip


def withdraw(*articles: Article) -> None:
    set_status([one.pk for one in articles], Status.WITHDRAWN, actor=None, reason="Wrong.")


def test_a_list_that_lost_its_last_article_is_gone(client: Client) -> None:
    article = make()
    for address in LISTS:
        assert client.get(address).status_code == 200, address
    withdraw(article)
    for address in LISTS:
        response = client.get(address)
        assert response.status_code == 410, address
        text = text_of(response)
        assert "no longer shown" in text
        for word in ("Ada Moss", "Bell", "Sea<", "Tides"):
            assert word not in text, address
    for address in ("/articles/1872/", "/articles/1871/03/", "/articles/1871/02/04/",
                    "/authors/ben/", "/tags/ada-moss/", "/articles/1871/02/31/"):  # fmt: skip
        assert client.get(address).status_code == 404, address


def test_one_that_keeps_an_article_is_shown_without_the_other(client: Client) -> None:
    article = make()
    make_article("Still here", published_on="1871-02-05")
    withdraw(article)
    assert client.get("/articles/1871/02/").status_code == 200
    assert client.get("/articles/1871/02/03/").status_code == 410


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_what_was_never_public_is_not_gone(client: Client, status: str) -> None:
    withdraw(make(status))
    for address in LISTS:
        assert client.get(address).status_code == 404, address


def test_a_month_is_not_gone_for_a_year(client: Client) -> None:
    withdraw(make(published_on="1871"))
    assert client.get("/articles/1871/").status_code == 410
    assert client.get("/articles/1871/01/").status_code == 404
    assert client.get("/articles/1871/01/01/").status_code == 404


def change(article: Article, **lists: Any) -> None:
    """Change a withdrawn article: fields, or the ids of its lists."""
    names = {"tags", "credits", "parts"}
    fields = {name: value for name, value in lists.items() if name not in names}
    given = {name: value for name, value in lists.items() if name in names}
    save_article(
        ArticleChange(article=Article.objects.get(pk=article.pk), fields=fields, **given),
        actor=None,
    )


def answers(client: Client, addresses: Iterable[str]) -> set[int]:
    return {client.get(address).status_code for address in addresses}


def test_what_a_withdrawn_article_is_given_was_never_public(client: Client) -> None:
    article = make()
    withdraw(article)
    ben, secret, tales = make_author("Ben Reed"), make_tag("Secret"), make_series("Tales")
    given = (
        "/articles/1999/", "/articles/1999/05/", "/articles/1999/05/06/", "/authors/ben-reed/",
        "/tags/secret/", "/tags/secret/feed.atom", "/series/tales/",
    )  # fmt: skip
    before = {address: client.get(address).content for address in given}
    for lists in (
        {
            "published_on": "1999-05-06",
            "tags": [secret.pk],
            "credits": [Credit(ben.pk)],
            "parts": [Place(tales.pk)],
        },
        {"kicker": "Another field"},
        {"published_on": "2001", "tags": [], "credits": [], "parts": []},
    ):
        change(article, **lists)
        assert answers(client, given) == {404}
        assert {address: client.get(address).content for address in given} == before
        # What it had, readers did see.
        assert answers(client, LISTS) == {410}
    assert client.get("/articles/2001/").status_code == 404


def test_what_is_given_in_the_act_of_withdrawing_was_never_public(client: Client) -> None:
    article = make()
    secret = make_tag("Secret")
    fields = {"status": "withdrawn", "withdrawn_reason": "Wrong.", "published_on": "1999"}
    change(article, tags=[secret.pk], **fields)
    assert answers(client, ["/tags/secret/", "/articles/1999/"]) == {404}
    assert answers(client, LISTS) == {410}


def test_what_is_taken_off_and_given_back_is_still_gone(client: Client) -> None:
    article = make()
    withdraw(article)
    tag = article.tagged_articles.get().tag
    change(article, tags=[])
    change(article, tags=[tag.pk])
    assert client.get("/tags/sea/").status_code == 410


def test_an_article_that_is_shown_again_counts_anew(client: Client) -> None:
    article = make()
    withdraw(article)
    secret = make_tag("Secret")
    change(article, tags=[secret.pk])
    set_status([article.pk], Status.PUBLISHED, actor=None)
    assert client.get("/tags/secret/").status_code == 200
    withdraw(article)
    assert client.get("/tags/secret/").status_code == 410


def test_a_merge_of_names_does_not_make_what_is_gone_unknown(client: Client) -> None:
    article = make()
    withdraw(article)
    operation = merge_named(
        make_author("Ada M. Moss"), [article.contributions.get().author], actor=None
    )
    assert answers(client, ["/authors/ada-moss/", "/authors/ada-m-moss/"]) == {410}
    unmerge(operation, actor=None)
    assert client.get("/authors/ada-moss/").status_code == 410


def test_a_former_name_of_what_is_gone_is_gone(client: Client) -> None:
    article = make()
    author = article.contributions.get().author
    author.slug = "a-moss"
    save_named(author, actor=None)
    assert client.get("/authors/ada-moss/")["Location"] == "/authors/a-moss/"
    withdraw(article)
    for address in ("/authors/ada-moss/", "/authors/a-moss/", "/authors/A-Moss/"):
        assert client.get(address).status_code == 410, address
